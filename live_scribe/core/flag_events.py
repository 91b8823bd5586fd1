"""Facts about what a person must look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRaised:
    """A person must look at characters `start` to `end` of the statement.

    `kind`: what stands there; `why` it must be looked at; `other`: the statement that contradicts this one.
    """

    statement: str
    flag: str
    code: str
    start: int
    end: int
    kind: str | None = None
    why: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagWithdrawn:
    """What was flagged is so no more: what it was at odds with is gone."""

    statement: str
    flag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagConfirmed:
    """A person looked, and it is right."""

    statement: str
    flag: str
