"""Words and utterances: what was heard, by whom, and when in the sound."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from live_scribe.core.languages import DEFAULT

_NOT_KEY = re.compile(r"[^\w.%/+-]+", re.UNICODE)
_SIGNS = ".+-/"


class Role(StrEnum):
    """Who a speaker is in the visit: a closed list (docs/protocol.md)."""

    DOCTOR = "doctor"
    PATIENT = "patient"
    COMPANION = "companion"
    OTHER = "other"
    UNKNOWN = "unknown"


def match_key(text: str) -> str:
    """Return the form by which two hearings of a word are compared: without case and outer punctuation.

    "Pain." and "pain" are the same word heard twice; "2.5" and "25" are not, nor are ".25" and "25": signs of a number
    stay.
    """
    key = _NOT_KEY.sub("", text.replace("\u2019", "'").lower()).rstrip(_SIGNS)
    bare = key.lstrip(_SIGNS)
    before = key.removesuffix(bare)
    decimal = bare[:1].isdigit() and before.endswith(".") and not before.endswith("..")
    return "." * decimal + bare or text.strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One confirmed word. Times are seconds since the visit's first sample; null in a written dialogue.

    `display`: how it is written; null as it was heard, "" where the word before it carries the form of both.
    """

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
class Written:
    """Words (ids, in a row) that are written as one: the first carries the form, the others show nothing."""

    words: tuple[str, ...]
    display: str = field(repr=False)


def with_forms(words: Iterable[Word], forms: Iterable[Written]) -> tuple[Word, ...]:
    """Return the words with these forms. A form some of whose words are not there is passed over."""
    words = tuple(words)
    there = {w.id for w in words}
    shown = {
        id_: form.display if id_ == form.words[0] else ""
        for form in forms
        if form.words and there.issuperset(form.words)
        for id_ in form.words
    }
    return tuple(replace(w, display=shown[w.id]) if w.id in shown else w for w in words)


def without_forms(words: Iterable[Word], touched: Collection[str]) -> tuple[Word, ...]:
    """Return the words, those that are written as one with a touched word (ids) as they were heard again."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and word.display == "":
            groups[-1].append(word)
        else:
            groups.append([word])
    return tuple(
        replace(word, display=None) if any(w.id in touched for w in group) else word
        for group in groups
        for word in group
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What one voice said in one go. `speaker` names a voice ("S1"); both it and `role` are null until known.

    `language`: the one it was heard in.
    """

    id: str
    words: tuple[Word, ...] = field(repr=False)
    speaker: str | None = None
    role: Role | None = None
    language: str = DEFAULT

    @property
    def text(self) -> str:
        """The words as a reader sees them, with single spaces between them."""
        return " ".join(w.surface for w in self.words if w.surface)

    @property
    def heard(self) -> str:
        """The words as they were heard: what is drafted from, and who spoke is known by."""
        return " ".join(w.text for w in self.words)

    @property
    def start(self) -> float | None:
        """Seconds where the first word begins."""
        return self.words[0].start if self.words else None

    @property
    def end(self) -> float | None:
        """Seconds where the last word ends."""
        return self.words[-1].end if self.words else None
