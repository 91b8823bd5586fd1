"""Sentences with their times, as whisper writes them: told of those before, and where the last breaks off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from live_scribe.core.hearing import Sentence

WIDE_PROMPT_TOKENS = 223
"""A look in the whole context is told as much as whisper takes, with the times of its sentences, as in the recordings
whisper was trained by: told without times, or the style, it leaves out what people say by the way (on knee-injury,
base, 31 word errors became 46 and 62)."""

TIME_TOKEN_S = 0.02
"""Whisper's times go in steps of this."""


class Tokens(Protocol):
    """What is needed of whisper's tokenizer."""

    eot: int
    sot_prev: int
    timestamp_begin: int

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        ...

    def decode(self, tokens: list[int]) -> str:
        """Return the text of tokens."""
        ...


def sentences_of(found: Sequence[int], tokenizer: Tokens) -> tuple[list[int], tuple[Sentence, ...], float | None]:
    """Return the tokens of the sentences that whisper has finished, these, and the seconds up to which they go.

    Its tokens are <begin> words <end> <begin> words <end>; the last sentence has no end where the sound breaks it off.
    The seconds are null where nothing is left over.
    """
    first = tokenizer.timestamp_begin
    tokens = [token for token in found if token != tokenizer.eot]
    ends = [i for i in range(1, len(tokens)) if tokens[i] >= first and tokens[i - 1] >= first]
    ended = len(tokens) > 1 and tokens[-2] < first <= tokens[-1]
    complete = None
    if ends and not ended:
        tokens = tokens[: ends[-1]]
        complete = (tokens[-1] - first) * TIME_TOKEN_S
    sentences, words, begin = list[Sentence](), list[int](), 0.0
    for token in tokens:
        if token < first:
            words.append(token)
            continue
        at = (token - first) * TIME_TOKEN_S
        if words:
            sentences.append(Sentence(text=tokenizer.decode(words).strip(), start=begin, end=at))
        words, begin = [], at
    return tokens, tuple(sentences), complete


def told_of(before: Sequence[Sentence], tokenizer: Tokens) -> list[int]:
    """Return the prompt that tells of what was heard before, its end where whisper has not room for all of it."""
    told = [token for sentence in before for token in _as_written(sentence, tokenizer)]
    return [tokenizer.sot_prev, *told[-WIDE_PROMPT_TOKENS:]] if told else []


def _as_written(sentence: Sentence, tokenizer: Tokens) -> list[int]:
    """Return the tokens of a sentence as whisper writes it, with its times."""
    begin, end = (tokenizer.timestamp_begin + round(at / TIME_TOKEN_S) for at in (sentence.start, sentence.end))
    return [begin, *tokenizer.encode(" " + sentence.text), end]
