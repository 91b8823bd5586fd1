"""Facts of words that may have to read otherwise, and of what was passed over; see core/events.py."""

from __future__ import annotations

from dataclasses import dataclass, field

from live_scribe.core.readings import Concern, ReadingReason
from live_scribe.core.words import Utterance, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOffered:
    """In the utterance, the words `words` (ids) may have to read `heard`: for a person to accept or dismiss.

    `apart`: those words stay, and `heard` was passed over beside them, said by `speaker` where that is known.
    """

    reading: str
    utterance: str
    words: tuple[str, ...]
    heard: tuple[Word, ...] = field(repr=False)
    reason: ReadingReason
    concern: Concern = Concern.OTHER
    apart: bool = False
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingAccepted:
    """A person took the reading; the words follow in the fact behind this one."""

    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingDismissed:
    """A person does not want the reading."""

    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UtteranceFound:
    """What hearing had passed over is an utterance of its own, `behind` the one of this id ("": before the first)."""

    utterance: Utterance
    behind: str
