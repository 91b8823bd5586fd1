"""One spelling for all hearings of the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.numerals import read_number
from live_scribe.core.spelling import pieces
from live_scribe.core.words import match_key


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0-10.", "zero to ten"),
        ("25", "twenty five"),
        ("2.5", "two point five"),
        ("0.25", "zero point two five"),
        (".25", "point two five"),
        ("120/80", "one hundred twenty over eighty"),
        ("50%", "fifty percent"),
        ("1,500", "one thousand five hundred"),
        ("1998", "nineteen ninety eight"),
        ("007", "zero zero seven"),
        ("20mg", "twenty mg"),
        ("B12", "b twelve"),
        ("x-ray", "x ray"),
        ("Pain.", "pain"),
        ("don't", "dont"),
        ("…", "…"),
    ],
)
def test_a_word_is_spelt_as_it_is_said(written: str, said: str) -> None:
    assert pieces(written) == tuple(said.split())


@given(st.integers(0, 999_999).filter(lambda n: not 1900 <= n < 2100))
def test_a_number_in_words_is_worth_what_its_digits_are(number: int) -> None:
    said = list(pieces(str(number)))
    assert read_number(said, 0) == (str(number), len(said))


@given(st.text(min_size=1, max_size=12).filter(lambda word: word[-1:].isalnum()))
def test_every_word_has_a_spelling_and_it_does_not_hang_on_case_or_outer_marks(word: str) -> None:
    assert all(pieces(word))
    assert pieces(f"{word},") == pieces(word)


@pytest.mark.parametrize(("one", "other"), [(".25", "25"), ("2.5", "25"), ("0.5", "5"), ("15", "50")])
def test_other_numbers_have_other_keys_and_spellings(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)
    assert pieces(one) != pieces(other)


def test_an_ellipsis_before_a_number_is_no_decimal_point() -> None:
    assert match_key("...25") == match_key("25.") == "25"
