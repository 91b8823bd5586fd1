"""Hears a visit's sound a second time, when nobody waits for it, and tells what words it would change.

It goes behind the words that stand, in wide windows from pause to pause (core/again.py). How far it came is a fact, so
that a restart does not do it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from live_scribe.core.again import WIDEST_S, best_end, covered_to, onset
from live_scribe.core.audio import samples, seconds
from live_scribe.core.commands import LookedAgain, MachineCommand, ReadAnew
from live_scribe.core.critical import Known
from live_scribe.core.hearing import HeardWord, Hypothesis, LookRequest, Sentence
from live_scribe.core.readings import Concern, ReadingReason
from live_scribe.core.second_look import Difference, believed, differences
from live_scribe.core.visit import Visit
from live_scribe.core.window import AudioWindow
from live_scribe.core.words import Utterance, Word
from live_scribe.ports import Clock, Recording, Samples, SpeechDetector, SpeechEngine

BEAM = 5
"""Whisper's own choice (Radford et al. 2022, section 4.5), and that of the comparison in benchmarks/README.md."""

TOLD = 40
"""So many sentences that were heard again before a window are told with it: more than the model has room for."""

MIN_S = 0.3
"""A rest shorter than this holds no word."""

LEAST_SILENCE_S = 1.0
"""A window that begins with more silence begins behind it instead: its room is for speech."""

NEAR_S = 5.0
"""An utterance that ends so long before a window has nothing to do with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """What a visit is heard again with. `clock` lets all else go first; no name that is `known` is changed unasked."""

    engine: SpeechEngine
    clock: Clock
    detector: Callable[[], SpeechDetector]
    known: Known


@dataclass(frozen=True, slots=True)
class _Heard:
    """A second look, where there was a voice around it, and where its last pause is (seconds)."""

    look: Hypothesis
    window: AudioWindow
    pause: float


Voice = Callable[[float, float], str | None]
"""Returns whose voice lies between two times (seconds), null where that is not known."""


def nobody(_start: float, _end: float) -> str | None:
    """Know no voice."""
    return None


class SecondHearing:
    """Goes through one recording behind the words that stand. Commands must have been carried out before the next."""

    def __init__(
        self, recording: Recording, attention: Attention, visit: Callable[[], Visit], voice: Voice = nobody
    ) -> None:
        self._recording = recording
        self._voice = voice
        self._attention = attention
        self._visit = visit
        self._begin = visit().looked_to
        self._before: tuple[Sentence, ...] = ()
        self._told_of = (visit().language, visit().struck)

    @property
    def begin(self) -> float:
        """Seconds up to which the sound has been heard again."""
        return self._begin

    async def next(self, edge: float, *, whole: bool) -> tuple[MachineCommand, ...] | None:
        """Hear the next window and return what comes of it; null where there is none yet.

        `edge`: seconds up to which words stand. `whole`: no more will come, so that the last window may be a short one.
        """
        end = min(self._begin + WIDEST_S, edge)
        if end - self._begin < (MIN_S if whole else WIDEST_S):
            return None
        struck = self._visit().struck
        sound = await self._recording.read(samples(self._begin), samples(end))
        last = whole and end == edge
        heard = await self._hear(sound, last=last)
        if self._visit().struck != struck:
            return ()  # what was taken off the record meanwhile must not come back: the window is heard anew
        if isinstance(heard, float):
            self._begin += heard
            return () if not last or heard < seconds(len(sound)) else (LookedAgain(end=end),)
        self._begin = covered_to(heard.look, heard.window.voiced, heard.pause)
        self._before = (*self._before, *heard.look.sentences)[-TOLD:]
        return (*self._readings(heard, self._begin), LookedAgain(end=round(self._begin, 3)))

    async def _hear(self, sound: Samples, *, last: bool) -> _Heard | float:
        """Look at the sound; where it begins with silence, return the seconds of that instead."""
        clock, engine = self._attention.clock, self._attention.engine
        probabilities = await clock.work(lambda: self._attention.detector().observe(sound))
        begins = onset(probabilities)
        if begins is None:
            return seconds(len(sound))
        if begins > LEAST_SILENCE_S:
            return begins
        pause = self._begin + (seconds(len(sound)) if last else best_end(probabilities))
        window = AudioWindow(self._begin)
        window.hear(self._begin + seconds(len(sound)), probabilities)
        request = LookRequest(
            start=self._begin, language=self._visit().language, padded=True, before=self._told(), beam=BEAM
        )
        return _Heard(await clock.hear(engine, sound, request), window, pause)

    def _readings(self, heard: _Heard, end: float) -> list[ReadAnew]:
        visit, look = self._visit(), heard.look
        near = _near(visit, look.start, end)
        before = [_heard(w) for u in near for w in u.words if w.end is not None and w.end <= look.start]
        words = [w for w in believed(look, heard.window.voiced, before) if w.start < end and not _is_struck(visit, w)]
        if not words:
            return []
        return [self._anew(d) for d in differences(near, words, look.start, end, self._attention.known)]

    def _anew(self, found: Difference) -> ReadAnew:
        words = tuple(
            Word(id="", text=w.text, start=round(w.start, 3), end=round(w.end, 3), probability=round(w.probability, 3))
            for w in found.heard
        )
        return ReadAnew(
            utterance=found.utterance,
            words=tuple(w.id for w in found.words),
            heard=words,
            reason=ReadingReason.SECOND_LOOK,
            settle=not found.critical,
            concern=found.concern or Concern.OTHER,
            apart=found.apart,
            speaker=self._voice(words[0].start or 0.0, words[-1].end or 0.0) if found.apart else None,
        )

    def _told(self) -> tuple[Sentence, ...]:
        """Return what was heard again before, as it was heard; nothing of before a change of language or a strike."""
        now = (self._visit().language, self._visit().struck)
        if now != self._told_of:
            self._before, self._told_of = (), now
        return self._before


def _near(visit: Visit, start: float, end: float) -> list[Utterance]:
    return [
        u
        for u in visit.utterances.values()
        if u.start is not None and u.end is not None and u.end > start - NEAR_S and u.start < end + NEAR_S
    ]


def _is_struck(visit: Visit, word: HeardWord) -> bool:
    return any(start < word.end and word.start < end for start, end in visit.struck)


def _heard(word: Word) -> HeardWord:
    return HeardWord(text=word.text, start=word.start or 0.0, end=word.end or 0.0, probability=word.probability or 1.0)
