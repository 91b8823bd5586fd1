"""The names that may be said in a visit: drugs, conditions, people, and what this visit has taught."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from live_scribe.core.words import match_key


class TermKind(StrEnum):
    """What a term names."""

    DRUG = "drug"
    CONDITION = "condition"
    NAME = "name"
    OTHER = "other"


class TermSource(StrEnum):
    """Where a term comes from. The nearer to the visit, the likelier it is said."""

    PACKAGED = "packaged"
    CLINIC = "clinic"
    PROVIDER = "provider"
    LEARNT = "learnt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A name as it is written. `weight`: how likely it is said, against 1 for a common one. `aliases`: what was heard
    instead of it, word for word, where a person has set it right."""

    text: str = field(repr=False)
    kind: TermKind = TermKind.OTHER
    source: TermSource = TermSource.PACKAGED
    weight: float = 1.0
    aliases: tuple[str, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        """The form by which terms are compared."""
        return phrase_key(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All terms of a visit, and what keeps them in their place.

    `look_alikes`: drugs that are taken for each other, each once, as keys. `ordinary`: words of everyday talk, for
    which no name is ever offered.
    """

    terms: tuple[Term, ...] = field(default=(), repr=False)
    look_alikes: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    ordinary: frozenset[str] = field(default=frozenset(), repr=False)

    def with_terms(self, terms: Iterable[Term]) -> Vocabulary:
        """Return the vocabulary with further terms.

        Of two for one name the later counts, with the aliases of both, and of the kind that was known first.
        """
        held = {t.key: t for t in self.terms}
        for term in terms:
            before = held.get(term.key, replace(term, aliases=()))
            aliases = tuple(dict.fromkeys((*before.aliases, *term.aliases)))
            held[term.key] = replace(term, kind=before.kind, aliases=aliases)
        return replace(self, terms=tuple(held.values()))


def phrase_key(text: str) -> str:
    """Return the key of a name of one or more words."""
    return " ".join(match_key(word) for word in text.split())


def named(texts: Iterable[str], source: TermSource, kind: TermKind = TermKind.NAME) -> tuple[Term, ...]:
    """Return the terms of a plain list, as a clinic or a provider keeps it; what holds no letter is left out."""
    texts = (" ".join(text.split()) for text in texts)
    return tuple(
        Term(text=text, kind=kind, source=source, weight=2.0) for text in texts if any(c.isalpha() for c in text)
    )


def read_vocabulary(tables: Mapping[str, Any], ordinary: Iterable[str] = ()) -> Vocabulary:
    """Return the vocabulary of a data file (asr/data/vocabulary.toml). Raises ValueError saying what is wrong."""
    lists = {kind: _texts(tables, kind) for kind in ("drugs", "brands", "conditions")}
    kinds = {"drugs": TermKind.DRUG, "brands": TermKind.DRUG, "conditions": TermKind.CONDITION}
    terms = [Term(text=text, kind=kinds[name]) for name, texts in lists.items() for text in texts]
    keys = [t.key for t in terms]
    twice = sorted({k for k in keys if keys.count(k) > 1})
    if twice:
        raise ValueError(f"listed twice: {', '.join(twice)}")
    pairs = tables.get("look_alikes")
    if not isinstance(pairs, list) or not all(isinstance(p, list) and len(p) > 1 for p in pairs):
        raise ValueError("look_alikes: lists of two names or more are needed")
    groups = tuple(tuple(phrase_key(str(name)) for name in pair) for pair in pairs)
    strange = sorted({name for group in groups for name in group} - set(keys))
    if strange:
        raise ValueError(f"look_alikes that are not listed: {', '.join(strange)}")
    return Vocabulary(terms=tuple(terms), look_alikes=groups, ordinary=frozenset(match_key(w) for w in ordinary))


def _texts(tables: Mapping[str, Any], name: str) -> list[str]:
    held = tables.get(name)
    if not isinstance(held, list) or not all(isinstance(t, str) and t.strip() == t and t for t in held):
        raise ValueError(f"{name}: a list of texts is needed")
    return [str(t) for t in held]
