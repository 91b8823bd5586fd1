"""What a note writer may say: it proposes statements, or takes them back. Whether they stand is not its business.

A writer names each proposal by a `key` that is the same whenever the same words are drafted again, so that a proposal
made twice changes nothing and one made anew revises the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from live_scribe.core.note import Assertion, Doubt, Evidence, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A sentence for the note and what it rests on; `evidence` is never empty.

    `writer`: the language model whose words these are, null for the built-in writer's. It may say in one sentence what
    several proposals of the built-in writer say: `covers` are their keys, its own the first.
    """

    key: str
    section: str
    text: str = field(repr=False)
    evidence: tuple[Evidence, ...]
    assertion: Assertion = Assertion.PRESENT
    confidence: float = 1.0
    problem: str | None = None
    item: Item | None = field(default=None, repr=False)
    doubts: tuple[Doubt, ...] = ()
    writer: str | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The proposal named `key` is no longer what the writer would say."""

    key: str


DraftChange = Proposal | Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a sentence was refused: a `code` (docs/protocol.md), and the words that it is about."""

    code: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A sentence that a language model wrote and that was not let into the note. `cites`: ids of utterances."""

    section: str
    text: str = field(repr=False)
    cites: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRefused:
    """The language model `model` wrote this sentence, and it was not let in: the words it cites do not say it.

    A fact of the log (core/events.py).
    """

    refusal: str
    model: str
    section: str
    text: str = field(repr=False)
    cites: tuple[str, ...]
    reasons: tuple[Reason, ...]
