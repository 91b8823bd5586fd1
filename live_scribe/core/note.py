"""The note: statements with their evidence, suggestions beside them, and who owns what.

A statement is the machine's until a person touches it; from then on the machine may only suggest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Part(StrEnum):
    """The four letters of SOAP (Weed, "Medical records that guide and teach", NEJM 1968)."""

    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"
    ASSESSMENT = "assessment"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a visit should speak of, within a section: "tobacco". `required`: it counts in the note's completeness.

    `asked` is a pattern of the talk about it, `noted` one of the statements that hold it; null: the same as `asked`.
    """

    id: str
    title: str
    asked: str
    noted: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading of the template. `required`: a note without it is incomplete; `asked`: a pattern of talk about it."""

    id: str
    part: Part
    title: str
    required: bool = False
    asked: str | None = None
    topics: tuple[Topic, ...] = ()


class Assertion(StrEnum):
    """What a statement claims of its fact (after the i2b2 2010 assertion classes)."""

    PRESENT = "present"
    ABSENT = "absent"
    POSSIBLE = "possible"
    HISTORICAL = "historical"
    FAMILY = "family"
    HYPOTHETICAL = "hypothetical"


class Owner(StrEnum):
    """Whose text a statement is."""

    MACHINE = "machine"
    HUMAN = "human"


class SuggestionState(StrEnum):
    """What became of a suggestion; stale: a person changed the statement under it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    STALE = "stale"


MACHINE = "machine"
"""The author, and the `by` of a fact, when nobody but the program did it."""

Item = dict[str, str | float | int | bool | None]
"""A structured clinical item: {"kind": "medication"|"allergy"|"vital"|"problem", …} with plain values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a statement rests on: words of one utterance. Times in seconds, null for a written dialogue."""

    utterance: str
    quote: str = field(repr=False)
    start: float | None = None
    end: float | None = None
    words: tuple[str, ...] = ()


CRITICAL_TOKEN, IMPLAUSIBLE, CONTRADICTION = "critical-token", "implausible", "contradiction"
"""Codes of flags: a word that the evidence does not bear out; a value that hardly can be; two statements at odds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Characters `start` to `end` of a text that a person must look at: what they are, and why."""

    code: str
    start: int
    end: int
    kind: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something a person must look at: characters `start` to `end` of the statement's text.

    `kind`: what stands there (drug, number, …); `why`: unheard, elsewhere, unsure, …; `other`: the statement that
    contradicts this one.
    """

    id: str
    code: str
    start: int
    end: int
    confirmed_by: str | None = None
    kind: str | None = None
    why: str | None = None
    other: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether the note cannot be signed until a person has confirmed it."""
        about_drugs = self.code == CONTRADICTION and self.kind in ("drug", "allergy")
        return self.confirmed_by is None and (self.code == CRITICAL_TOKEN or about_drugs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of the note. `key` is the drafter's own name for it; `id` is never used again.

    `writer` and `covers`: as in the proposal (core/draft.py) that the machine's text is.
    """

    id: str
    section: str
    text: str = field(repr=False)
    author: str = MACHINE
    version: int = 1
    assertion: Assertion = Assertion.PRESENT
    confidence: float | None = None
    owner: Owner = Owner.MACHINE
    order: float = 0.0
    problem: str | None = None
    item: Item | None = field(default=None, repr=False)
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[Flag, ...] = ()
    key: str | None = None
    deleted: bool = False
    writer: str | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the machine would now say about a statement that is a person's. `op`: replace, delete or add."""

    id: str
    statement: str | None
    base_version: int
    op: str
    section: str
    text: str = field(repr=False)
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    state: SuggestionState = SuggestionState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """Signed text behind a signed note. `at` is an ISO 8601 time."""

    id: str
    text: str = field(repr=False)
    by: str
    at: str
