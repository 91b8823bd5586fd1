"""Mistakes that would harm: a denial turned round, a dose ten times too high, a dose of another drug."""

from __future__ import annotations

import pytest

from live_scribe.core.note import Assertion
from tests.component.drafted import drafted, texts


@pytest.mark.parametrize("answer", ["Right.", "Correct."])
def test_agreeing_with_a_negative_question_denies(answer: str) -> None:
    (only,) = drafted(f"[doctor] No cough?\n[patient] {answer}")
    assert (only.text, only.assertion) == ("He denies cough.", Assertion.ABSENT)


def test_a_bare_yes_to_a_negative_question_says_neither() -> None:
    assert texts("[doctor] No cough?\n[patient] Yes.") == []


def test_a_point_before_a_dose_is_never_lost() -> None:
    assert texts("[patient] I take lorazepam point five milligrams at night.") == ["Lorazepam 0.5 mg at bedtime."]


def test_a_drug_without_a_dose_is_given_none_of_the_drug_before() -> None:
    said = "[doctor] What medications are you on?\n[patient] Lipitor 40 milligrams at bedtime, and a baby aspirin."
    assert texts(said, "medications") == ["Lipitor 40 mg at bedtime.", "Aspirin."]


@pytest.mark.parametrize("said", ["I can't sleep.", "My son cannot really push the pedal of his bike."])
def test_inability_is_a_finding(said: str) -> None:
    assert [p.assertion for p in drafted(f"[patient] {said}")] == [Assertion.PRESENT]


@pytest.mark.parametrize("answer", ["No. Well, a little dizziness.", "No, a little dizziness."])
def test_what_is_taken_back_is_not_denied(answer: str) -> None:
    (only,) = drafted(f"[doctor] Any dizziness?\n[patient] {answer}")
    assert (only.text, only.assertion) == ("He reports a little dizziness.", Assertion.PRESENT)


def test_drugs_listed_behind_a_yes_are_kept() -> None:
    said = "[doctor] Do you take anything?\n[patient] Yes, metformin 500 milligrams twice a day and lisinopril."
    assert texts(said) == ["Metformin 500 mg twice daily.", "Lisinopril."]


@pytest.mark.parametrize("answer", ["I don't think so.", "I haven't noticed any."])
def test_a_denial_in_a_sentence_denies_what_was_asked(answer: str) -> None:
    assert texts(f"[doctor] Any fever?\n[patient] {answer}") == ["He denies fever."]
