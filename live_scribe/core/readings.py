"""Another way to read words that stand: what a second look heard, or a name that sounds like them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from live_scribe.core.note import SuggestionState
from live_scribe.core.words import Word


class ReadingReason(StrEnum):
    """Why the words are read in another way: a closed list (docs/protocol.md).

    SECOND_LOOK: the sound was heard again with more context; VOCABULARY: a known name sounds like what was heard;
    LOOK_ALIKE: two drugs sound alike, and the sound was heard for each; RULE: a correction that people made before.
    """

    SECOND_LOOK = "second-look"
    VOCABULARY = "vocabulary"
    LOOK_ALIKE = "look-alike"
    RULE = "rule"


class Concern(StrEnum):
    """What it is that would read differently, what a person should look at first before the rest: a closed list.

    NAME: a drug, a condition, a person; NUMBER: a dose, a measure, a time; ANSWER: yes, no, a denial, more or less;
    SIDE: left, right, above, below.
    """

    NAME = "name"
    NUMBER = "number"
    ANSWER = "answer"
    SIDE = "side"
    OTHER = "other"


WEIGHT = {concern: weight for weight, concern in enumerate(Concern)}
"""The lower, the sooner it is looked at: a wrong drug or dose does the most harm, and is the hardest to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """In `utterance`, the words `words` (ids, at least one, in a row) may have to read `heard` (at least one word).

    `apart`: they stay, and `heard` was passed over beside them, an utterance of its own by `speaker` where known.
    """

    id: str
    utterance: str
    words: tuple[str, ...]
    heard: tuple[Word, ...] = field(repr=False)
    reason: ReadingReason
    concern: Concern = Concern.OTHER
    apart: bool = False
    speaker: str | None = None
    state: SuggestionState = SuggestionState.OPEN

    @property
    def text(self) -> str:
        """The words as they would read."""
        return " ".join(w.text for w in self.heard)

    @property
    def start(self) -> float:
        """Seconds where the sound in question begins."""
        return next((w.start for w in self.heard if w.start is not None), 0.0)


def weightiest_first(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings of a visit as a person should go through them: names and numbers first, each in time."""
    return sorted(readings, key=lambda r: (WEIGHT[r.concern], r.start, r.id))
