"""Between which sentences somebody else begins to speak, by the weights that ship."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.asr.shipped import handover_weights
from live_scribe.core.handover import read_handover

WEIGHTS = handover_weights()


@pytest.mark.parametrize(
    ("said", "following"),
    [
        ("Any chest pain?", "No."),
        ("Any chest pain.", "No."),
        ("No.", "Any fevers or chills?"),
        ("The lungs are clear.", "Okay."),
        ("It started on Monday.", "Mm-hm."),
        ("It started on Monday.", "Uh-huh."),
        ("It started on Monday.", "I'm hum."),
        ("I take one at night. Does that help?", "Yes, it does."),
    ],
)
def test_an_answer_and_a_listeners_word_are_somebody_elses(said: str, following: str) -> None:
    assert WEIGHTS.log_odds(said, following) > 1.0


@pytest.mark.parametrize(
    ("said", "following"),
    [
        ("No.", "It is only stiff in the morning."),
        ("It hurts when I walk.", "And it is worse in the morning."),
        ("Heart sounds regular.", "So I think this is asthma."),
    ],
)
def test_who_answers_or_tells_goes_on(said: str, following: str) -> None:
    assert WEIGHTS.log_odds(said, following) < -1.0


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_sentences_have_odds(said: str, following: str) -> None:
    assert abs(WEIGHTS.log_odds(said, following)) < 50


@pytest.mark.parametrize("text", ["[]", "{}", '{"bias": 1}', '{"bias": 1, "terms": {}, "more": 2}'])
def test_other_files_are_no_weights(text: str) -> None:
    with pytest.raises(ValueError, match="handover"):
        read_handover(text)
