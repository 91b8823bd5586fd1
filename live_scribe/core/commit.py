"""Which heard words stand: those that two looks in a row agree on, by key and time (LocalAgreement-2, Liu et al. 2020).

Unlike the well-known implementation (Macháček et al., "Turning Whisper into Real-Time Transcription System", 2023)
words are compared by `match_key`, so that case and punctuation cannot block; a look's beginning is aligned to the words
confirmed before by edits and times, so that a word said twice stays two words, and one re-heard does not double.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from live_scribe.core.alignment import aligned
from live_scribe.core.guards import (
    Voiced,
    without_cut_word,
    without_echo,
    without_loop,
    without_phantoms,
    without_timeless,
    without_unlikely,
)
from live_scribe.core.hearing import HeardWord, Hypothesis, TailChanged, WordsConfirmed
from live_scribe.core.words import match_key

HELD_BACK = 2
"""Words at the end of a look that agreement alone does not confirm: their sound may not be all there yet."""

EDGE_S = 0.3
"""A word this near to the end of a look may be half a word."""

UNSEEN_S = 0.15
"""And one still nearer is not even shown: it would flicker."""

SAME_TIME_S = 1.5
"""Two looks mean the same word only where its times lie no further apart."""

FORCED_S = 5.0
"""When a window is full, words this far from its end are confirmed though two looks never agreed on them."""

WORTH_TELLING = 0.5
"""Words less sure than this are not told to later looks: what was misheard once ("speedjust decay", at 0.06) would be
heard so for the rest of the visit, and surely (0.98)."""

REMEMBERED = 120
"""Confirmed words that are kept for alignment: more than the longest window holds."""

Events = tuple[WordsConfirmed | TailChanged, ...]


def everywhere(_start: float, _end: float) -> float:
    """Take all sound for voiced: where no detector says otherwise."""
    return 1.0


class CommitPolicy:
    """Turns looks into words that never change, and a tail that may. Feed it looks in order; it never raises.

    `confirmed`: words that stood before a break, so that what is heard again is not confirmed again.
    """

    def __init__(self, confirmed: Sequence[HeardWord] = ()) -> None:
        self._confirmed = list(confirmed)[-REMEMBERED:]
        self._previous: tuple[HeardWord, ...] = ()
        self._tail = ""

    @property
    def confirmed_to(self) -> float:
        """Seconds up to which words stand."""
        return self._confirmed[-1].end if self._confirmed else 0.0

    @property
    def waiting(self) -> bool:
        """Whether there are words in the tail."""
        return bool(self._previous)

    def said_before(self, start: float) -> str:
        """Return the confirmed words that ended before `start` seconds, for a look that begins there: the sure ones."""
        return " ".join(w.text for w in self._confirmed if w.end <= start and w.probability >= WORTH_TELLING)

    def boundary(self, earliest: float) -> float | None:
        """Return where a window may begin: at the first confirmed word from `earliest` on, best behind a sentence."""
        inside = [i for i, w in enumerate(self._confirmed) if w.start >= earliest]
        if not inside:
            return None
        fresh = (i for i in inside if i > 0 and self._confirmed[i - 1].text[-1:] in ".?!")
        return self._confirmed[next(fresh, inside[0])].start

    def observe(self, look: Hypothesis, voiced: Voiced = everywhere, *, full: bool = False) -> Events:
        """Confirm what this look and the one before agree on. `full`: the window is full, settle what is old."""
        fresh = self._fresh(look, voiced)
        count = self._agreed(fresh, look.end)
        if full:
            count = max(count, sum(1 for w in fresh if w.end < look.end - FORCED_S))
        return self._settle(fresh, count, look.end - UNSEEN_S)

    def pause(self, look: Hypothesis, voiced: Voiced = everywhere, *, cut: bool = False) -> Events:
        """Confirm all of this look: nobody speaks at its end. `cut`: somebody does, a word there may be half a word."""
        fresh = self._fresh(look, voiced)
        return self._settle(fresh, self._whole(fresh, look.end) if cut else len(fresh))

    def finish(self) -> Events:
        """Confirm what the last look left in the tail: there will be no other."""
        return self._settle(self._previous, len(self._previous))

    def _fresh(self, look: Hypothesis, voiced: Voiced) -> tuple[HeardWord, ...]:
        """Return the look's words behind those that are confirmed, without what was made up."""
        if look.end <= self.confirmed_to:
            return ()  # after a break: sound that is heard once more for what comes behind it
        look = replace(look, words=without_phantoms(look, voiced))
        words = without_unlikely(without_loop(without_timeless(without_cut_word(look, self._confirmed))))
        known = [w for w in self._confirmed if w.start + w.end > 2 * look.start]
        fresh = words[aligned(words, known) :]
        return _in_order(without_echo(fresh, self._confirmed), self.confirmed_to)

    def _agreed(self, fresh: tuple[HeardWord, ...], end: float) -> int:
        count = 0
        for now, before in zip(fresh, self._previous, strict=False):
            if match_key(now.text) != match_key(before.text) or abs(now.start - before.start) > SAME_TIME_S:
                break
            count += 1
        return max(0, min(count, self._whole(fresh, end), len(fresh) - HELD_BACK))

    @staticmethod
    def _whole(fresh: tuple[HeardWord, ...], end: float) -> int:
        return sum(1 for w in fresh if w.end <= end - EDGE_S)

    def _settle(self, fresh: tuple[HeardWord, ...], count: int, seen: float = math.inf) -> Events:
        confirmed, self._previous = fresh[:count], fresh[count:]
        self._confirmed = [*self._confirmed, *confirmed][-REMEMBERED:]
        events: list[WordsConfirmed | TailChanged] = [WordsConfirmed(words=confirmed)] if confirmed else []
        tail = " ".join(w.text for w in self._previous if w.end <= seen)
        if tail != self._tail:
            self._tail = tail
            events.append(TailChanged(text=tail))
        return tuple(events)


def _in_order(words: Sequence[HeardWord], begin: float) -> tuple[HeardWord, ...]:
    """Return the words with times that never go back, from `begin` on."""
    ordered = []
    for word in words:
        start = max(word.start, begin)
        begin = max(word.end, start)
        ordered.append(word if (start, begin) == (word.start, word.end) else replace(word, start=start, end=begin))
    return tuple(ordered)
