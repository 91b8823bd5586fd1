"""Facts that were heard and stand nowhere in the note: what they are, and how one is put aside for good."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from live_scribe.core.note import Assertion


class FactKind(StrEnum):
    """What a heard fact is about. The order is that of the list: what harms most when it is lost comes first."""

    ALLERGY = "allergy"
    MEDICATION = "medication"
    VITAL = "vital"
    RESULT = "result"
    FAMILY = "family"
    CONDITION = "condition"
    SYMPTOM = "symptom"
    FINDING = "finding"
    PLAN = "plan"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """A fact that was heard and stands nowhere in the note.

    `id` is the same for the same words; `fact` names it in one form for all wordings, and dismissing goes by it. `text`
    is how the list says it, `statement` what would be added to `section`; `words` are the ids it rests on.
    """

    id: str
    fact: str = field(repr=False)
    text: str = field(repr=False)
    utterance: str
    kind: FactKind
    assertion: Assertion
    section: str
    statement: str = field(repr=False)
    words: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None
