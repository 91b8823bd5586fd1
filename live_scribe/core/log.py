"""A visit is a log: entries in order, each a fact with its number, its time and who did it."""

from __future__ import annotations

from dataclasses import dataclass, field

from live_scribe.core.events import Fact
from live_scribe.core.states import VisitState


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """Stands where a fact was whose content has been destroyed."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log. `at`: ISO 8601 UTC; `by`: a user's name or "machine"; `clock`: seconds of sound heard by
    then; `command`: the sender's own id of the command that made it, by which a resend is known."""

    seq: int
    at: str
    by: str
    clock: float
    fact: Fact | Struck
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSummary:
    """One line of the worklist. `participants`: user names, empty for a visit that is anybody's."""

    visit: str
    state: VisitState
    created_at: str
    created_by: str
    template: str
    patient: dict[str, str | None] = field(repr=False)
    participants: tuple[str, ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What checking a chain found. `first_bad` is the seq of the first entry that is not as it was written, or null."""

    visit: str
    entries: int
    struck: int
    head: str
    first_bad: int | None = None
    reason: str | None = None

    @property
    def intact(self) -> bool:
        """Whether every entry is as it was written."""
        return self.first_bad is None
