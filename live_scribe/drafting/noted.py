"""What a note holds, made ready to be asked whether it holds a fact: by name, by the words of a name, by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from live_scribe.drafting.lexicon import Lexicon, plain
from live_scribe.drafting.mentions import NUMBER, Mention, mentions, number_of

_TOKEN = re.compile(r"[a-z0-9][\w'./+-]*%?|%|[.;:?!,\n•]")
_END = frozenset(".?!\n•")
_SAID = frozenset({"ros", "pmh", "psh", "family_history"})
"""Sections of what the patient answers: "denies trouble with her heart" is no finding of the heart."""
_KIN = frozenset("mother father mom dad brother sister grandmother grandfather aunt uncle cousin parent family".split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the note: its words, its numbers, and the facts it names."""

    words: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    parts: frozenset[str]
    named: tuple[Mention, ...]
    section: str


def read_note(text: str, section: str, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """Return the sentences of a statement."""
    found: list[Sentence] = []
    words: list[str] = []
    after: list[str] = []
    for token in [*_TOKEN.findall(text.replace("\u2019", "'").lower()), "."]:
        if token in _END:
            if words:
                found.append(_sentence(words, after, section, lexicon))
            words, after = [], []
        elif token in ",;:":
            after[-1:] = [after[-1] + token] if after else []
        else:
            words.append(token.rstrip("."))
            after.append("")
    return tuple(found)


def _sentence(words: list[str], after: list[str], section: str, lexicon: Lexicon) -> Sentence:
    bare = [plain(w) for w in words]
    named = tuple(mentions(words, after, lexicon))
    concepts = lexicon.find(bare)
    parts = {f.concept.name for f in concepts if f.concept.kind == "body"}
    if any(f.concept.kind == "pain" for f in concepts):
        parts |= {f"{part} pain" for part in parts}
    heading = len(words) == 1  # "Respiratory" names a part of an examination, and finds nothing
    names = {f.concept.name for f in concepts if not (heading and f.concept.kind == "organ")} | {m.name for m in named}
    numbers = frozenset(number_of(w) for w in bare if NUMBER.fullmatch(w))
    return Sentence(frozenset(bare), numbers, frozenset(names), frozenset(parts), named, section)


class Noted:
    """All sentences of a note together."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._names: dict[str, list[Sentence]] = {}
        for sentence in sentences:
            for name in sentence.names | sentence.parts:
                self._names.setdefault(name, []).append(sentence)
        self._numbers = frozenset(n for s in sentences for n in s.numbers)
        self._places: dict[str, set[int]] = {}
        for at, sentence in enumerate(sentences):
            for word in sentence.words:
                self._places.setdefault(word, set()).add(at)
        self._known: dict[str, bool] = {}

    def holds(self, mention: Mention) -> bool:
        """Return whether the fact stands in the note, in whatever words."""
        known = self._known.get(mention.key)
        if known is None:
            known = self._known[mention.key] = self._holds(mention)
        return known

    def _holds(self, mention: Mention) -> bool:
        there = self._names.get(mention.name, [])
        if mention.family:
            there = [s for s in there if s.section == "family_history" or not _KIN.isdisjoint(s.words)]
        if mention.kind == "organ":
            there = [s for s in there if s.section not in _SAID]
        if mention.kind == "medication" and there:
            return set(mention.values) <= {n for s in there for n in s.numbers}
        if any("/" in value for value in mention.values):
            return set(mention.values) <= self._numbers  # a pressure is known by itself
        if mention.values:
            return bool(there) and set(mention.values) <= self._numbers
        return bool(there) or self._in_other_words(mention)

    def opposes(self, mention: Mention) -> bool:
        """Return whether all that the note says of it is the opposite: affirmed where it was denied, or denied."""
        sides = {
            m.absent
            for s in self._names.get(mention.name, [])
            for m in s.named
            if m.name == mention.name and m.family is mention.family
        }
        return sides == {not mention.absent}

    def _in_other_words(self, mention: Mention) -> bool:
        """Whether one sentence has all the words of a name that is more than one word: "swelling in both legs"."""
        words = _words_of(mention.name)
        if len(words) < 2 or mention.family:
            return False
        return bool(set.intersection(*(self._places.get(w, set()) for w in words)))


@lru_cache(maxsize=2000)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(plain(w) for w in name.split()) - {"of", "in", "the"}
