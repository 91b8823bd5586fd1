"""Questions and their answers, from two turns, become statements with the right polarity."""

from __future__ import annotations

import pytest

from live_scribe.core.note import Assertion
from tests.component.drafted import HISTORY, drafted, texts


@pytest.mark.parametrize(
    ("dialogue", "told"),
    [
        ("[doctor] Any fevers?\n[patient] No.", "He denies fevers."),
        ("[doctor] Any fevers or chills?\n[patient] Nope.", "He denies fevers or chills."),
        ("[doctor] Do you have any nausea and vomiting?\n[patient] No, not at all.", "He denies nausea or vomiting."),
        ("[doctor] Have you had any chest pain?\n[patient] Yes.", "He reports chest pain."),
        ("[doctor] Does it ever lock?\n[patient] No.", "It does not lock."),
        ("[doctor] Do you feel short of breath?\n[patient] No.", "He does not feel short of breath."),
        ("[doctor] How long has your knee hurt?\n[patient] About two weeks.", "Duration: about two weeks."),
        ("[doctor] Do you smoke?\n[patient] No, I don't.", "He does not smoke."),
        ("[doctor] Do you smoke?\n[patient] I did.", "He smoked."),
        ("[doctor] Does anyone smoke at home?\n[patient] No.", "No one smokes at home."),
    ],
)
def test_an_answer_is_told_with_its_question(dialogue: str, told: str) -> None:
    assert told in texts(dialogue)


def test_one_no_denies_all_that_was_asked_and_what_is_excepted_is_reported() -> None:
    notes = drafted("[doctor] Any chest pain, shortness of breath, or swelling?\n[patient] No, just the cough.")
    told = {p.text: p.assertion for p in notes}
    assert told["He denies chest pain, shortness of breath, or swelling."] is Assertion.ABSENT
    assert told["He reports just the cough."] is Assertion.PRESENT


def test_a_listening_sound_between_question_and_answer_changes_nothing() -> None:
    assert "He denies fever." in texts("[doctor] Any fever?\n[patient] Um.\n[doctor] Mm-hmm.\n[patient] No.")


def test_an_answer_given_a_turn_later_is_found() -> None:
    said = "[doctor] Any numbness in the foot?\n[patient] Let's see.\n[doctor] Okay.\n[patient] No, nothing like that."
    assert "He denies numbness in the foot." in texts(said)


def test_a_plain_yes_to_a_choice_says_neither() -> None:
    assert texts("[doctor] Does it lock or give way?\n[patient] Yes.") == []


def test_the_evidence_of_an_answer_is_question_and_answer() -> None:
    (only,) = drafted("[doctor] Okay. Any fevers?\n[patient] No.")
    assert [(e.utterance, e.quote) for e in only.evidence] == [("u1", "fevers?"), ("u2", "No.")]


def test_the_pronoun_is_the_patients_or_none() -> None:
    said = "[doctor] Any fevers?\n[patient] No."
    assert texts(said, sex="female") == ["She denies fevers."]
    assert texts(said, sex=None) == ["The patient denies fevers."]


def test_the_companion_speaks_for_the_patient() -> None:
    said = (
        "[doctor] And are you Mom?\n[companion] Yes, I'm his mom.\n[doctor] Any rash?\n[companion] No.\n"
        "[doctor] Is he pulling at his ears?\n[companion] No."
    )
    assert {"His mother denies rash.", "He is not pulling at his ears."} <= set(texts(said))


def test_what_is_said_of_a_relative_is_not_said_of_the_patient() -> None:
    said = "[doctor] Anything in the family?\n[patient] My brother has diabetes. And he had a stroke in March."
    notes = drafted(said)
    assert {p.text for p in notes if p.section == "family_history"} == {
        "His brother has diabetes.",
        "His brother: he had a stroke in March.",
    }
    assert all(p.assertion is Assertion.FAMILY for p in notes)


def test_small_talk_and_words_to_a_machine_are_left_out() -> None:
    said = (
        "[doctor] Good morning, how are you today?\n[patient] Good, thank you. Nice weather.\n"
        "[doctor] Hey Dragon, show me the vital signs.\n[patient] Okay."
    )
    assert texts(said) == []


@pytest.mark.parametrize("tags", [("", ""), ("[S1] ", "[S2] "), ("[unknown] ", "[unknown] ")])
def test_without_roles_the_form_tells_who_asks(tags: tuple[str, str]) -> None:
    asks, answers = tags
    told = texts(f"{asks}Have you had any fevers?\n{answers}No.")
    assert told == ["He denies fevers."]


def test_lower_case_speech_with_signs_apart_is_read_the_same() -> None:
    said = (
        "[doctor] okay . do you have any chest pain ?\n[patient] no , i do n't .\n[doctor] and how long has it hurt ?"
    )
    assert texts(said) == ["He denies chest pain."]


def test_first_person_becomes_third_with_its_verbs() -> None:
    assert "His knee has been hurting for two weeks." in texts(HISTORY)
    assert "Her knee has been hurting for two weeks." in texts(HISTORY, sex="F")
