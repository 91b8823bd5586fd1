"""Whisper's sentences with their times: read from its tokens, and told to the next look as it wrote them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from live_scribe.asr.whisper_sentences import TIME_TOKEN_S, WIDE_PROMPT_TOKENS, sentences_of, told_of
from live_scribe.core.hearing import Sentence

SAID = ["no", "pain", "at", "night"]


class FewWords:
    """A tokenizer of a handful of words: numbers below 100 are words, from 200 on times."""

    eot, sot_prev, timestamp_begin = 150, 151, 200

    def encode(self, text: str) -> list[int]:
        return [SAID.index(word) for word in text.split()]

    def decode(self, tokens: list[int]) -> str:
        return "".join(f" {SAID[token]}" for token in tokens)


TOKENS = FewWords()


def at(seconds: float) -> int:
    return TOKENS.timestamp_begin + round(seconds / TIME_TOKEN_S)


def test_a_sentence_that_the_sound_breaks_off_is_left_to_the_next_look() -> None:
    kept, sentences, complete = sentences_of([at(0), 0, 1, at(2.0), at(2.5), 2, 3, TOKENS.eot], TOKENS)
    assert sentences == (Sentence(text="no pain", start=0.0, end=2.0),)
    assert complete == 2.0 and 2 not in kept  # it begins at 2.5, but may have begun before


def test_where_the_last_sentence_has_an_end_nothing_is_left_over() -> None:
    found = [at(0), 0, at(1.0), at(1.2), 1, at(3.0), TOKENS.eot]
    kept, sentences, complete = sentences_of(found, TOKENS)
    assert [s.text for s in sentences] == ["no", "pain"] and complete is None
    assert kept == found[:-1]


def test_one_sentence_that_fills_the_look_is_kept_with_its_words() -> None:
    kept, sentences, complete = sentences_of([at(0), 0, 1, TOKENS.eot], TOKENS)
    assert kept == [at(0), 0, 1] and sentences == () and complete is None


def test_no_words_are_no_sentence() -> None:
    assert sentences_of([at(0), TOKENS.eot], TOKENS)[1:] == ((), None)
    assert sentences_of([], TOKENS) == ([], (), None)


def test_the_next_look_is_told_of_them_as_they_were_written() -> None:
    found = [at(0), 0, at(1.0), at(1.2), 1, at(3.0)]
    assert told_of(sentences_of(found, TOKENS)[1], TOKENS) == [TOKENS.sot_prev, *found]
    assert told_of((), TOKENS) == []
    many = (Sentence(text="no pain at night", start=0.0, end=1.0),) * 100
    assert len(told_of(many, TOKENS)) == 1 + WIDE_PROMPT_TOKENS


@given(st.lists(st.one_of(st.integers(0, 3), st.integers(200, 1700)), max_size=30))
def test_of_any_tokens_only_what_is_heard_again_is_left_out(found: list[int]) -> None:
    kept, sentences, complete = sentences_of(found, TOKENS)
    assert kept == found[: len(kept)]
    assert complete is not None or kept == found
    assert len(kept) == len(found) or complete == (kept[-1] - TOKENS.timestamp_begin) * TIME_TOKEN_S
    words = [token for token in kept if token < TOKENS.eot]
    told = [word for sentence in sentences for word in TOKENS.encode(sentence.text)]
    assert told == words[: len(told)]
