"""What hearing says: hypotheses go in, words that stand and a tail that may still change come out."""

from __future__ import annotations

from dataclasses import dataclass, field

from live_scribe.core.governor import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """A word as a model heard it. Times are seconds since the visit's first sample; `probability` from 0 to 1."""

    text: str = field(repr=False)
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as a model writes it with its times: seconds from the beginning of its look."""

    text: str = field(repr=False)
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRequest:
    """How a stretch of sound is to be heard. `start`: seconds of the visit at which it begins.

    `prompt`: what was said before it. `terms`: names that may be said, likeliest first; an engine takes as many as it
    has room for. `padded`: with the model's full 30 s context instead of a shortened one; then, instead of the prompt,
    `before` tells what such looks heard before it. `beam`: how many readings are followed at once.
    """

    start: float
    prompt: str = field(default="", repr=False)
    terms: tuple[str, ...] = field(default=(), repr=False)
    language: str = "en"
    padded: bool = False
    before: tuple[Sentence, ...] = field(default=(), repr=False)
    beam: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """All that a model heard between `start` and `end` (seconds), in one look.

    Of a padded look also the `sentences`, for the next to be told of, and up to where (seconds) they are `complete`:
    what comes behind is to be heard again with what follows. Null where the model does not tell.
    """

    start: float
    end: float
    words: tuple[HeardWord, ...]
    no_speech_probability: float = 0.0
    compression_ratio: float = 1.0
    sentences: tuple[Sentence, ...] = ()
    complete: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TailChanged:
    """A hint: the words behind the confirmed ones, as they look now."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsConfirmed:
    """These words, in order, will never change by themselves again."""

    words: tuple[HeardWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPaused:
    """Nobody spoke around `at` (seconds): the words confirmed so far end an utterance."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageHeard:
    """What was said first sounds like this language; `probability` from 0 to 1. Said once."""

    language: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardUpTo:
    """A hint: sound before `at` (seconds) has been heard; `lag` is how far that lies behind the sound that is there.

    `level`: what hearing goes without to keep up.
    """

    at: float
    lag: float
    level: Level = Level.ALL


HearingEvent = TailChanged | WordsConfirmed | LanguageHeard | SpeechPaused | HeardUpTo
