"""Another way to read words that stand: what a second look heard, or a name that sounds like them."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """In `utterance`, the words `words` (ids, at least one, in a row) may have to read `heard` (at least one word)."""

    id: str
    utterance: str
    words: tuple[str, ...]
    heard: tuple[Word, ...] = field(repr=False)
    reason: ReadingReason
    state: SuggestionState = SuggestionState.OPEN

    @property
    def text(self) -> str:
        """The words as they would read."""
        return " ".join(w.text for w in self.heard)
