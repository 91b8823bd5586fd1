"""Hears a recording as it grows: reads what is there, looks when a look is due, says what stands and what may change.

Hearing pulls from the recording, so nothing is ever dropped: a slow model is behind, and says by how much.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import numpy as np

from live_scribe.core.audio import samples as to_samples
from live_scribe.core.audio import seconds
from live_scribe.core.commit import CommitPolicy, Events
from live_scribe.core.governor import Governor, Level
from live_scribe.core.guards import joined, unheard_from, with_boosted
from live_scribe.core.hearing import (
    HeardUpTo,
    HeardWord,
    HearingEvent,
    Hypothesis,
    LookRequest,
    SpeechPaused,
    WordsConfirmed,
)
from live_scribe.core.languages import DEFAULT
from live_scribe.core.sound_alikes import Boost
from live_scribe.core.window import BREATH_S, KEEP_S, AudioWindow, Look
from live_scribe.core.words import Word
from live_scribe.language_watch import LanguageWatch
from live_scribe.ports import Clock, Recording, Samples, SpeechDetector, SpeechEngine

READ_S = 0.1
"""Sound is taken in by pieces of this length: neither a breath nor a pause inside a backlog is passed over."""

TICK_S = 0.05
"""How often a quiet line is asked for more."""

STALLED_S = 1.5
"""When no sound has come for so long, what was said is settled without waiting for a pause."""

BEAM = 1
"""Readings that a look on the way follows at once: it is a hint, and the next look hears it again."""

REST_BEAM = 2
"""Readings that a look follows at once which ends in a breath or a pause: its words stand (benchmarks/README.md)."""

NEWS_S = 0.5
"""How often it is said how far hearing has come."""


BOOSTED_LAG_S = 2.0
"""A visit that is further behind hears nothing again for names: they are offered all the same."""

OPEN_S = 0.8
"""Words so near the end of a look are not all there yet: they are heard again anyway."""

Names = Callable[[Sequence[HeardWord]], Boost]
"""Says what names words in doubt may be (`naming.Naming.boost`)."""


def no_names(words: Sequence[HeardWord]) -> Boost:
    """Return nothing: there is no vocabulary."""
    return Boost()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Where hearing goes on after a break: the last words that were confirmed, with their times."""

    words: tuple[Word, ...]

    def heard(self) -> list[HeardWord]:
        """Return the words as hearing knows them."""
        return [
            HeardWord(text=w.text, start=w.start, end=w.end, probability=1.0)
            for w in self.words
            if w.start is not None and w.end is not None
        ]


async def hear(
    recording: Recording,
    engine: SpeechEngine,
    detector: SpeechDetector,
    clock: Clock,
    *,
    resume: Resume | None = None,
    smaller: SpeechEngine | None = None,
    names: Names = no_names,
    language: Callable[[], str] = lambda: DEFAULT,
) -> AsyncIterator[tuple[float, HearingEvent]]:
    """Yield (clock, event) until the recording has ended and all of it was heard. Engine faults come through.

    `smaller`: a model that hears while nothing else helps a visit to keep up. `names`: where words are in doubt, the
    names that they may be, for which the look is heard once more. `language` is asked before each look.
    """
    told = resume.heard() if resume else []
    hearing = _Hearing(recording, engine, detector, clock, told, smaller, names, language)
    while True:
        more = await hearing.read()
        for event in await hearing.look(stalled=not more and hearing.is_stalled()):
            yield clock.now(), event
        if not more:
            if hearing.is_over():
                break
            await clock.sleep_until(clock.now() + TICK_S)
    for event in await hearing.finish():
        yield clock.now(), event


class _Hearing:
    """One pass through a recording: the window, the policy, and the sound between them."""

    def __init__(
        self,
        recording: Recording,
        engine: SpeechEngine,
        detector: SpeechDetector,
        clock: Clock,
        before: Sequence[HeardWord],
        smaller: SpeechEngine | None,
        names: Names,
        language: Callable[[], str],
    ) -> None:
        self._recording = recording
        self._engine = engine
        self._detector = detector
        self._clock = clock
        self._names = names
        self._language = language
        self._watch = LanguageWatch(engine, over=bool(before))
        begin = max(0.0, before[-1].end - KEEP_S) if before else 0.0
        self._window = AudioWindow(begin)
        self._policy = CommitPolicy(before)
        self._smaller = smaller
        self._governor = Governor(Level.SMALL_MODEL if smaller else Level.LATE_VOICES)
        self._sound: Samples = np.zeros(0, np.float32)
        self._sound_from = to_samples(begin)
        self._read_to = self._sound_from
        self._there = 0
        self._arrived = clock.now()
        self._told = begin

    def _available(self) -> int:
        return self._recording.available(self._clock.now())

    @property
    def _lag(self) -> float:
        return seconds(max(0, self._available() - self._read_to))

    def is_over(self) -> bool:
        """Whether the recording has ended and all of it was read."""
        return self._recording.ended and self._read_to >= self._available()

    def is_stalled(self) -> bool:
        """Whether no sound has come for a while."""
        return self._clock.now() - self._arrived >= STALLED_S

    def _note_arrivals(self) -> None:
        there = self._available()
        if there > self._there:
            self._there, self._arrived = there, self._clock.now()

    async def read(self) -> bool:
        """Take in the next piece of sound. Returns whether there was a whole one, or the last."""
        self._note_arrivals()
        there = self._available() - self._read_to
        size = to_samples(READ_S)
        if there <= 0 or (there < size and not self._recording.ended and not self.is_stalled()):
            return False
        end = self._read_to + min(there, size)
        sound = await self._recording.read(self._read_to, end)
        self._sound = np.concatenate([self._sound, sound])
        self._read_to = end
        probabilities = await self._clock.brief(lambda: self._detector.observe(sound))
        self._window.hear(seconds(end), probabilities)
        self._watch.hear(sound, probabilities)
        return True

    async def look(self, *, stalled: bool) -> list[HearingEvent]:
        """Look if a look is due; return what came of it."""
        clock, live = self._clock, not self._recording.ended
        self._governor.observe(clock.now(), self._window.heard, self._lag, clock.busy(), live=live)
        look = self._window.due(self._lag, step=self._governor.step_s, stalled=stalled)
        events = await self._look(look) if look else []
        self._drop_sound()
        if self._watch.ready and (found := await self._clock.work(self._watch.judge)):
            events.append(found)
        if look or self._window.heard - self._told >= NEWS_S:
            self._told = self._window.heard
            events.append(HeardUpTo(at=self._window.heard, lag=round(self._lag, 3), level=self._governor.level))
        return events

    async def finish(self) -> list[HearingEvent]:
        """Settle what is left at the end of the recording."""
        events: list[HearingEvent] = []
        if self._window.speaking:
            look = Look(start=self._window.start, end=self._window.heard, final=True)
            events += await self._look(look)
        events += self._policy.finish()
        events.append(HeardUpTo(at=self._window.heard, lag=0.0))
        return events

    async def _look(self, look: Look) -> list[HearingEvent]:
        events: list[HearingEvent] = list(await self._words(look))
        self._window.looked(look)
        if look.final or look.full or any(isinstance(e, WordsConfirmed) for e in events):
            earliest = max(self._window.start, self._policy.confirmed_to - KEEP_S)
            self._window.begin(look, earliest, self._policy.boundary(earliest))
        if look.final:
            events.append(SpeechPaused(at=self._window.last_voiced))
        return events

    async def _words(self, look: Look) -> Events:
        if look.known:
            return self._policy.finish()
        hypothesis = await self._transcribe(look)
        if look.final:
            return self._policy.pause(hypothesis, self._window.voiced, cut=look.cut)
        return self._policy.observe(hypothesis, self._window.voiced, full=look.full)

    async def _transcribe(self, look: Look) -> Hypothesis:
        """Hear a look; what it passed over is heard on its own, so that no answer is skipped."""
        heard = await self._hear_names(look, await self._engine_hears(look.start, look.end))
        begin = unheard_from(heard, self._window.voiced)
        if begin is None or begin <= look.start:
            return heard
        return joined(heard, await self._engine_hears(begin, look.end))

    async def _hear_names(self, look: Look, heard: Hypothesis) -> Hypothesis:
        """Hear a look again whose words, not confirmed yet, may be names."""
        edge = look.end if look.final else look.end - OPEN_S
        fresh = [w for w in heard.words if self._policy.confirmed_to < w.end <= edge]
        boost = self._names(fresh) if fresh and self._lag < BOOSTED_LAG_S else Boost()
        if not boost.terms:
            return heard
        told = await self._engine_hears(look.start, look.end, boost.terms)
        return with_boosted(heard, told, boost.terms, boost.stretches, self._window.voiced)

    async def _engine_hears(self, start: float, end: float, terms: tuple[str, ...] = ()) -> Hypothesis:
        first = to_samples(start) - self._sound_from
        sound = self._sound[max(0, first) : to_samples(end) - self._sound_from]
        rests = end - self._window.last_voiced >= BREATH_S
        request = LookRequest(
            start=start,
            prompt=self._policy.said_before(start),
            terms=terms,
            language=self._language(),
            beam=min(REST_BEAM if rests else BEAM, self._governor.shed.widest_beam),
        )
        return await self._clock.hear(self._engine_for(request.language), sound, request)

    def _engine_for(self, language: str) -> SpeechEngine:
        """Return the smaller model while it has to help, if it knows the language."""
        small = self._smaller
        return small if small and self._governor.shed.small and language in small.languages else self._engine

    def _drop_sound(self) -> None:
        """Keep the window's sound alone: memory does not grow with the visit."""
        begin = to_samples(self._window.start)
        if begin > self._sound_from:
            self._sound = self._sound[begin - self._sound_from :].copy()
            self._sound_from = begin
