"""Drugs that are taken for each other: where one was heard, its sound is weighed for the other, in spare time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from live_scribe.core.audio import samples
from live_scribe.core.commands import ReadAnew
from live_scribe.core.hearing import LookRequest
from live_scribe.core.readings import ReadingReason
from live_scribe.core.visit import Visit
from live_scribe.core.vocabulary import Vocabulary
from live_scribe.core.words import Utterance, Word, match_key
from live_scribe.naming import SPOKEN_IN, in_place_of
from live_scribe.ports import Clock, Recording, SpeechEngine

AROUND_S = 4.0
"""Words so far before and behind a name are weighed with it: a model judges a name by its sentence."""

EDGE_S = 0.2
"""Sound before the first and behind the last word."""

NEARLY = 3.0
"""Where the other name is less likely by no more than this (natural logarithm), it may have been said.

Of 28 names that were said, weighed against the ones they are taken for, all were likelier, 27 by more than this."""


MOST_WAITING = 256
"""Names that wait to be weighed: more than an hour of talk about nothing else. Beyond it the oldest goes unweighed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What look-alikes of a visit are weighed with. `clock` lets everything go first that somebody waits for."""

    recording: Recording
    engine: SpeechEngine
    clock: Clock
    vocabulary: Callable[[], Vocabulary]


class LookAlikes:
    """Takes note of names that were heard, and weighs them one after the other."""

    def __init__(self, visit: Callable[[], Visit]) -> None:
        self._visit = visit
        self._waiting: deque[tuple[str, str, tuple[str, ...]]] = deque(maxlen=MOST_WAITING)
        self._news = asyncio.Event()
        self._weighing: Weighing | None = None

    def weigh_with(self, weighing: Weighing) -> None:
        """Use this from now on."""
        self._weighing = weighing

    def add(self, said: Utterance | None) -> None:
        """Take note of the names that were heard in an utterance."""
        if said is None or self._weighing is None or self._visit().language != SPOKEN_IN:
            return
        for word in said.words:
            others = others_of(match_key(word.text), self._weighing.vocabulary())
            if others and word.start is not None and word.probability is not None:
                self._waiting.append((said.id, word.id, others))
                self._news.set()

    async def wait(self) -> None:
        """Come back when there is something to weigh."""
        await self._news.wait()
        self._news.clear()

    async def readings(self) -> AsyncIterator[ReadAnew]:
        """Yield what may have been said instead, until nothing waits. Each must be carried out before the next."""
        while self._waiting:
            for command in await self._weigh(*self._waiting.popleft()):
                yield command

    async def _weigh(self, utterance: str, word: str, others: tuple[str, ...]) -> list[ReadAnew]:
        said, weighing = self._visit().utterances.get(utterance), self._weighing
        place = next((i for i, w in enumerate(said.words) if w.id == word), None) if said else None
        if said is None or place is None or weighing is None:
            return []
        first, last = around(said, place)
        near = said.words[first:last]
        start, end = near[0].start, near[-1].end
        if start is None or end is None:
            return []
        begin = max(0, samples(start - EDGE_S))
        upto = min(samples(end + EDGE_S), weighing.recording.available(weighing.clock.now()))
        sound = await weighing.recording.read(begin, upto)
        texts = [" ".join(w.text for w in _with(near, place - first, name)) for name in (None, *others)]
        request = LookRequest(start=start, padded=True)
        own, *theirs = await weighing.clock.work(lambda: weighing.engine.weigh(sound, request, texts))
        name = said.words[place]
        return [
            ReadAnew(
                utterance=said.id,
                words=(name.id,),
                heard=in_place_of((name,), other, sign_of(name)),
                reason=ReadingReason.LOOK_ALIKE,
            )
            for other, score in zip(others, theirs, strict=True)
            if score >= own - NEARLY
        ]


def others_of(key: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names that this one (as a key) is taken for."""
    return tuple(o for names in vocabulary.look_alikes if key in names for o in names if o != key)


def around(said: Utterance, place: int) -> tuple[int, int]:
    """Return the words (first, behind the last) that are near enough to the one at `place` to be weighed with it."""
    name = said.words[place]
    near = [
        i
        for i, w in enumerate(said.words)
        if w.start is not None
        and w.end is not None
        and w.start >= (name.start or 0.0) - AROUND_S
        and w.end <= (name.end or 0.0) + AROUND_S
    ]
    return near[0], near[-1] + 1


def _with(words: Sequence[Word], place: int, name: str | None) -> list[Word]:
    if name is None:
        return list(words)
    text = name + sign_of(words[place])
    return [*words[:place], replace(words[place], text=text), *words[place + 1 :]]


def sign_of(word: Word) -> str:
    """Return the sign that ends a sentence or a clause, where the word has one."""
    return word.text[-1:] if word.text[-1:] in ".,?!;:" else ""
