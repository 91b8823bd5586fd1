"""What corrections teach for the rest of a visit: the name that was meant, and what was heard instead of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from live_scribe.core.decide_readings import is_a_persons
from live_scribe.core.sound_alikes import MOST_WORDS, SoundAlikes
from live_scribe.core.vocabulary import Term, TermKind, TermSource, phrase_key
from live_scribe.core.words import Utterance, Word, match_key

LEARNT_WEIGHT = 4.0
"""What was said and set right in this visit is said again."""


class Lessons:
    """Follows the utterances of one visit and keeps what people wrote instead of what was heard."""

    def __init__(self) -> None:
        self._before: dict[str, Utterance] = {}
        self._terms: dict[str, Term] = {}

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that was taught so far."""
        return tuple(self._terms.values())

    def look(self, utterances: Mapping[str, Utterance], known: SoundAlikes) -> bool:
        """Take in the utterances as they read now; return whether something was learnt."""
        learnt = False
        for id_, said in utterances.items():
            before = self._before.get(id_)
            if before is said:
                continue
            self._before[id_] = said
            if any(is_a_persons(w) for w in said.words):
                learnt = self._learn(before.words if before else (), said.words, known) or learnt
        for id_ in self._before.keys() - utterances.keys():
            del self._before[id_]
        return learnt

    def _learn(self, before: Sequence[Word], now: Sequence[Word], known: SoundAlikes) -> bool:
        if before:
            heard, meant = differing(before, now)
            return self._keep(heard, meant, known)
        # Of a visit that goes on after a break it is known what people wrote, not what stood there before.
        learnt = [self._keep((), (w,), known) for w in now if is_a_persons(w)]
        return any(learnt)

    def _keep(self, heard: Sequence[Word], meant: Sequence[Word], known: SoundAlikes) -> bool:
        text = " ".join(w.text.strip(".,?!;:") for w in meant)
        if not 0 < len(meant) <= MOST_WORDS or not all(is_a_persons(w) for w in meant) or not known.is_name(text):
            return False
        alias = phrase_key(" ".join(w.text for w in heard)) if len(heard) <= MOST_WORDS else ""
        key = phrase_key(text)
        held = self._terms.get(key)
        aliases = dict.fromkeys((*(held.aliases if held else ()), *([alias] if alias and alias != key else ())))
        term = Term(
            text=text, kind=TermKind.NAME, source=TermSource.LEARNT, weight=LEARNT_WEIGHT, aliases=tuple(aliases)
        )
        self._terms[key] = term
        return term != held


def differing(before: Sequence[Word], now: Sequence[Word]) -> tuple[Sequence[Word], Sequence[Word]]:
    """Return the words of either that are left when what both begin and end with is taken away."""
    a, b = [match_key(w.text) for w in before], [match_key(w.text) for w in now]
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return before[head : len(a) - tail], now[head : len(b) - tail]
