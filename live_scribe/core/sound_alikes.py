"""Which names sound like words that were heard badly: what is offered to a person, and never written by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from live_scribe.core.hearing import HeardWord
from live_scribe.core.readings import ReadingReason
from live_scribe.core.sounds import VOWELS, likeness, sound_of, sound_of_phrase, weight_of
from live_scribe.core.vocabulary import Term, TermKind, Vocabulary, phrase_key
from live_scribe.core.words import Word, match_key

MOST_WORDS = 4
"""A name falls apart into so many words at most ("lie sin oh pril")."""

UNSURE = 0.5
"""Below this probability a word may be another, though it is one of everyday talk."""

ALIKE = 0.8
"""So like a name must words sound that are no words at all. Measured in benchmarks/README.md."""

ALIKE_ORDINARY = 0.9
"""And words of everyday talk that were only heard badly: they mostly are what they are."""

LITTLE = 4.0
"""A name with less to hear (`sounds.weight_of`) is like too many words: it must be met nearly exactly."""

ALIKE_LITTLE = 0.92

TAUGHT_ALIKE = 0.5
"""A correction teaches a misheard form only where it sounds somewhat like the name: else other words were meant."""

WORTH_HEARING = 0.72
"""So like a name must doubtful words sound to be heard again for it: hearing again judges better than spelling does."""

HEARD_FOR = 5
"""Names that doubtful words are heard again for: the right one is nearly always among the nearest five."""

OFFERED_KINDS = frozenset({TermKind.DRUG, TermKind.NAME, TermKind.OTHER})
"""Conditions are words of the language, and whisper spells them well."""

_ENDINGS = ("'s", "s", "es", "ed", "d", "ing", "ly", "er", "'ll", "'ve", "'re", "'d", "n't", "y", "ness", "ally")
_NUMBER = re.compile(r"\d")


GLUE = frozenset("an and at for from in is of on or the to was with".split())
"""Small words whose last sound runs into a name ("on naproxen" is heard as "on a proxon"): better left standing."""

GLUE_COST = 0.15
"""So much more like the name must a stretch sound with such a word at its edge than without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundAlike:
    """Words `first` to `last` (behind the last one) of an utterance may be `term`."""

    first: int
    last: int
    term: Term = field(repr=False)
    likeness: float
    reason: ReadingReason = ReadingReason.VOCABULARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Boost:
    """Names to hear a look again for, likeliest first, and the stretches (seconds) where they may stand."""

    terms: tuple[str, ...] = field(default=(), repr=False)
    stretches: tuple[tuple[float, float], ...] = ()


class SoundAlikes:
    """The names of one vocabulary by their sound."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._ordinary = vocabulary.ordinary
        self._known: set[str] = set()
        self._by_start: dict[str, list[tuple[str, Term]]] = defaultdict(list)
        self._taught: dict[tuple[str, ...], Term] = {}
        for term in vocabulary.terms:
            self._known.update(phrase_key(term.text).split())
            sound = sound_of_phrase(term.text.split())
            if term.kind in OFFERED_KINDS and sound:
                self._by_start[_start(sound)].append((sound, term))
            for alias in term.aliases:
                if likeness(sound_of_phrase(alias.split()), sound) >= TAUGHT_ALIKE:
                    self._taught[tuple(phrase_key(alias).split())] = term
        self._ordinary_sounds = _by_start(vocabulary.ordinary)

    def find(self, words: Sequence[Word]) -> list[SoundAlike]:
        """Return what may be meant, best first where stretches overlap only the best of them, in the order of words."""
        keys = [match_key(w.text) for w in words]
        found = [*self._taught_in(keys), *self._alike_in(words, keys)]
        kept: list[SoundAlike] = []
        glued = {id(s): GLUE_COST * sum(keys[i] in GLUE for i in {s.first, s.last - 1}) for s in found}
        for one in sorted(found, key=lambda s: (glued[id(s)] - s.likeness, s.last - s.first)):
            if all(one.last <= k.first or one.first >= k.last for k in kept):
                kept.append(one)
        return sorted(kept, key=lambda s: s.first)

    def _taught_in(self, keys: Sequence[str]) -> Iterator[SoundAlike]:
        for first in range(len(keys)):
            for last in range(first + 1, min(len(keys), first + MOST_WORDS) + 1):
                term = self._taught.get(tuple(keys[first:last]))
                if term is not None:
                    yield SoundAlike(first=first, last=last, term=term, likeness=1.0, reason=ReadingReason.RULE)

    def _alike_in(self, words: Sequence[Word], keys: Sequence[str]) -> Iterator[SoundAlike]:
        for first, last, has_strange in self._doubtful(words, keys):
            best = self._best(keys[first:last], has_strange=has_strange)
            if best is not None:
                runs_in = last - first > 1 and keys[first] in GLUE and _runs_into(keys[first], best[1])
                yield SoundAlike(first=first + runs_in, last=last, term=best[1], likeness=best[0])

    def _doubtful(self, words: Sequence[Word | HeardWord], keys: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
        """Yield stretches of words (first, behind the last) in which one is strange, which is told, or unsure.

        A person's words, known names and numbers are no part of a name that was misheard.
        """
        strange = [self.is_strange(key) for key in keys]
        doubtful = [strange[i] or _is_unsure(word) for i, word in enumerate(words)]
        named = [key in self._known or bool(_NUMBER.search(key)) for key in keys]
        free = [not named[i] and not _is_a_persons(word) for i, word in enumerate(words)]
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + MOST_WORDS) + 1):
                if any(doubtful[first:last]) and all(free[first:last]) and not _is_cut(words[first : last - 1]):
                    yield first, last, any(strange[first:last])

    def boost(self, words: Sequence[HeardWord]) -> Boost:
        """Return the names that these words may be, and where: nothing where all of them are known or sure."""
        keys = [match_key(w.text) for w in words]
        near: dict[str, float] = {}
        stretches: list[tuple[float, float]] = []
        for first, last, _ in self._doubtful(words, keys):
            found = self.nearest(" ".join(keys[first:last]), WORTH_HEARING)[:HEARD_FOR]
            near |= {term.text: alike for alike, term in found if alike > near.get(term.text, 0.0)}
            if found:
                stretches.append((words[first].start, words[last - 1].end))
        likeliest = sorted(near, key=lambda text: -near[text])[:HEARD_FOR]
        return Boost(terms=tuple(likeliest), stretches=tuple(stretches)) if likeliest else Boost()

    def is_name(self, text: str) -> bool:
        """Whether this is a name: one that is known, or words of which one is no everyday word."""
        keys = phrase_key(text).split()
        return any(key in self._known or self.is_strange(key) for key in keys)

    def is_strange(self, key: str) -> bool:
        """Whether a word (as `match_key`) is neither an everyday word, nor a known name, nor a number."""
        if not any(c.isalpha() for c in key) or _NUMBER.search(key) or key in self._known:
            return False
        parts = [p for p in re.split(r"[-/]", key) if p]
        return not self._known.intersection(parts) and not all(self._is_ordinary(part) for part in parts)

    def _is_ordinary(self, key: str) -> bool:
        if key in self._ordinary or len(key) < 2:
            return True
        stems = {key.removesuffix(end) for end in _ENDINGS if key.endswith(end)}
        stems |= {stem + "e" for stem in stems} | {stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]}
        stems |= {stem[:-1] + "y" for stem in stems if stem.endswith("i")}
        return any(stem in self._ordinary or stem in self._known for stem in stems if len(stem) > 1)

    def nearest(self, text: str, least: float) -> list[tuple[float, Term]]:
        """Return the names that sound like `text`, at least so alike, likest first."""
        sound = sound_of_phrase(text.split())
        if not sound:
            return []
        held = (pair for start in _starts(sound) for pair in self._by_start.get(start, ()))
        alike = ((likeness(sound, other, least), term) for other, term in held)
        return sorted((pair for pair in alike if pair[0] >= least), key=lambda pair: -pair[0])

    def _best(self, keys: Sequence[str], *, has_strange: bool) -> tuple[float, Term] | None:
        least = ALIKE if has_strange else ALIKE_ORDINARY
        near = self.nearest(" ".join(keys), least)
        if not near:
            return None
        alike, term = near[0]
        little = weight_of(sound_of_phrase(term.text.split())) < LITTLE
        if (little and alike < ALIKE_LITTLE) or (len(keys) == 1 and self._is_like_ordinary(keys[0], alike)):
            return None
        return alike, term

    def _is_like_ordinary(self, key: str, alike: float) -> bool:
        """Whether an everyday word is as near as the name is: then it is that word, in a form not listed."""
        sound = sound_of(key)
        others = (other for start in _starts(sound) for other in self._ordinary_sounds.get(start, ()))
        return any(likeness(sound, other, alike) >= alike for other in others)


_KINDS = {
    **dict.fromkeys("szSCJT", "s"),
    **dict.fromkeys("kg", "k"),
    **dict.fromkeys("td", "t"),
    **dict.fromkeys("pbfv", "p"),
}


@lru_cache(maxsize=4)
def _by_start(words: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        found[_start(sound_of(word))].append(sound_of(word))
    return found


def _start(sound: str) -> str:
    """The kind of a sound's first consonant: names keep theirs, however they are misheard."""
    first = next((s for s in sound if s not in VOWELS), "")
    return _KINDS.get(first, first)


def _starts(sound: str) -> tuple[str, ...]:
    """A breath at the beginning comes and goes."""
    own = _start(sound)
    return (own, _start(sound[1:])) if sound[:1] in ("h", "y") else (own,)


def _runs_into(word: str, term: Term) -> bool:
    return sound_of(word)[-1:] == sound_of_phrase(term.text.split())[:1]


def _is_unsure(word: Word | HeardWord) -> bool:
    return word.probability is not None and word.probability < UNSURE


def _is_a_persons(word: Word | HeardWord) -> bool:
    return word.start is not None and word.probability is None


def _is_cut(words: Sequence[Word | HeardWord]) -> bool:
    """Whether a sentence ends within: no name goes on behind it."""
    return any(w.text[-1:] in ".?!" for w in words)
