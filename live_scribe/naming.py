"""The names of one visit while it goes on: what is listened for, and what is offered for words that sound like them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from live_scribe.core.commands import ReadAnew
from live_scribe.core.hearing import HeardWord
from live_scribe.core.lessons import Lessons
from live_scribe.core.sound_alikes import Boost, SoundAlike, SoundAlikes
from live_scribe.core.visit import Visit
from live_scribe.core.vocabulary import Vocabulary
from live_scribe.core.words import Utterance, Word

SPOKEN_IN = "en"
"""The language whose spelling core.sounds knows."""


class Naming:
    """Asks for the vocabulary anew each time, and learns from corrections, so that both count from the next word on."""

    def __init__(self, vocabulary: Callable[[], Vocabulary], visit: Callable[[], Visit]) -> None:
        self._ask = vocabulary
        self._visit = visit
        self._lessons = Lessons()
        self._listed = vocabulary()
        self._alike = SoundAlikes(self._listed)

    def boost(self, words: Sequence[HeardWord]) -> Boost:
        """Return the names that words of a look, which may still change, are to be heard again for."""
        return self._known().boost(words) if self._visit().language == SPOKEN_IN else Boost()

    def offers(self, said: Utterance) -> list[ReadAnew]:
        """Return other readings for words of an utterance that sound like a name: to offer, never to settle."""
        if self._visit().language != SPOKEN_IN:
            return []
        return [_reading(said, found) for found in self._known().find(said.words)]

    def _known(self) -> SoundAlikes:
        listed = self._ask()
        if listed != self._listed:
            self._listed, self._alike = listed, SoundAlikes(listed.with_terms(self._lessons.terms))
        if self._lessons.look(self._visit().utterances, self._alike):
            self._alike = SoundAlikes(listed.with_terms(self._lessons.terms))
        return self._alike


def _reading(said: Utterance, found: SoundAlike) -> ReadAnew:
    words = said.words[found.first : found.last]
    sign = words[-1].text[-1:] if words[-1].text[-1:] in ".,?!;:" else ""
    heard = in_place_of(words, found.term.text, sign)
    return ReadAnew(utterance=said.id, words=tuple(w.id for w in words), heard=heard, reason=found.reason)


def in_place_of(words: Sequence[Word], name: str, sign: str = "") -> tuple[Word, ...]:
    """Return the words of a name, sharing out the time of the words it may stand for, as unsure as they are."""
    parts = name.split()
    parts[-1] += sign
    start, end = words[0].start, words[-1].end
    sure = min((w.probability for w in words if w.probability is not None), default=None)
    plain = [Word(id="", text=part, start=start, end=end, probability=sure) for part in parts]
    if start is None or end is None:
        return tuple(plain)
    width = (end - start) / len(parts)
    return tuple(
        replace(word, start=round(start + i * width, 3), end=round(start + (i + 1) * width, 3))
        for i, word in enumerate(plain)
    )
