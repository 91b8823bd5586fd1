"""Words and utterances: what was heard, by whom, and when in the sound."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

_NOT_KEY = re.compile(r"[^\w.%/+-]+", re.UNICODE)


class Role(StrEnum):
    """Who a speaker is in the visit: a closed list (docs/protocol.md)."""

    DOCTOR = "doctor"
    PATIENT = "patient"
    COMPANION = "companion"
    OTHER = "other"
    UNKNOWN = "unknown"


def match_key(text: str) -> str:
    """Return the form by which two hearings of a word are compared: without case and outer punctuation.

    "Pain." and "pain" are the same word heard twice; "2.5" and "25" are not, so signs inside a number stay.
    """
    return _NOT_KEY.sub("", text.replace("\u2019", "'").lower()).strip(".+-/") or text.strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One confirmed word. Times are seconds since the visit's first sample; null in a written dialogue."""

    id: str
    text: str = field(repr=False)
    start: float | None = None
    end: float | None = None
    probability: float | None = None
    display: str | None = field(default=None, repr=False)

    @property
    def surface(self) -> str:
        """The word as a reader sees it."""
        return self.text if self.display is None else self.display


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What one voice said in one go. `speaker` names a voice ("S1"); both it and `role` are null until known."""

    id: str
    words: tuple[Word, ...] = field(repr=False)
    speaker: str | None = None
    role: Role | None = None

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(w.surface for w in self.words)

    @property
    def start(self) -> float | None:
        """Seconds where the first word begins."""
        return self.words[0].start if self.words else None

    @property
    def end(self) -> float | None:
        """Seconds where the last word ends."""
        return self.words[-1].end if self.words else None
