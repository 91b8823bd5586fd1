"""Clinical facts by all their names: what people say for them, and what clinicians write."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from live_scribe.drafting.vocabulary import Vocabulary

CONCEPTS = Path(__file__).with_name("concepts.toml")

_KEPT = frozenset("mass this his was has yes gas pus plus us bus diabetes".split())
_ALSO_A_SEASON = frozenset({"falls"})
_UNCOUNTED = ("ss", "us", "is", "as", "os")


@lru_cache(maxsize=20_000)
def plain(word: str) -> str:
    """Return a word in the form names are compared in: small, without possessive and plural."""
    word = word.lower().removesuffix("'s").strip("'")
    if len(word) <= 3 or word in _KEPT or word.endswith(_UNCOUNTED):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


@dataclass(frozen=True, slots=True)
class Concept:
    """A clinical fact's name, and what it is about: a table of concepts.toml ("symptom", "body", …)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """A concept at words `first` to `last` (inclusive) of what was looked through."""

    concept: Concept
    first: int
    last: int


class Lexicon:
    """Finds concepts in words, the longest name first."""

    def __init__(self, tables: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._names: dict[str, list[tuple[tuple[str, ...], Concept]]] = {}
        known: set[tuple[str, ...]] = set()
        for kind, concepts in tables.items():
            for name, others in concepts.items():
                for said in (name, *others):
                    key = tuple(plain(w) for w in said.split())
                    if key and key not in known:
                        known.add(key)
                        self._names.setdefault(key[0], []).append((key, Concept(name, kind)))
        for listed in self._names.values():
            listed.sort(key=lambda pair: -len(pair[0]))

    def find(self, words: Sequence[str]) -> list[Found]:
        """Return the concepts named by these plain words, in order; none overlaps another."""
        found: list[Found] = []
        at = 0
        while at < len(words):
            for key, concept in self._names.get(words[at], ()):
                if tuple(words[at : at + len(key)]) == key:
                    found.append(Found(concept, at, at + len(key) - 1))
                    at += len(key) - 1
                    break
            at += 1
        return found


@lru_cache(maxsize=1)
def _concepts() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(CONCEPTS.read_text(encoding="utf-8"))


def lexicon(vocabulary: Vocabulary) -> Lexicon:
    """Return the names of the list, with what the template adds: symptoms and drugs."""
    tables = {kind: {name: list(said) for name, said in listed.items()} for kind, listed in _concepts().items()}
    names = {said: name for listed in tables.values() for name, others in listed.items() for said in (name, *others)}
    for said, name in vocabulary.symptoms.items():
        if said not in names and said not in _ALSO_A_SEASON:
            tables["symptom"].setdefault(names.get(name, name), []).append(said)
    for drug in sorted(vocabulary.drugs - names.keys()):
        tables["medication"].setdefault(drug, [])
    return Lexicon({"pain": tables.pop("pain"), **tables})  # "sore" is a pain before it is a sore
