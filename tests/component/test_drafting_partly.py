"""Answers that are neither yes nor no, and a clinician's sentences that tell by themselves what they are."""

from __future__ import annotations

import pytest

from tests.component.drafted import drafted


def lines(dialogue: str) -> list[tuple[str, str]]:
    """Return the sections and sentences of the note."""
    return [(p.section, p.text) for p in drafted(dialogue)]


@pytest.mark.parametrize(
    ("asked", "said", "noted"),
    [
        ("Does it itch?", "Like crazy.", ("hpi", "It itches like crazy.")),
        (
            "Do you get short of breath?",
            "Only when I climb the stairs.",
            ("hpi", "He gets short of breath only when he climbs the stairs."),
        ),
        ("Which ear is it?", "The left one.", ("hpi", "The left ear.")),
        ("Which knee hurts?", "Both.", ("hpi", "Both knees.")),
        ("Any cough?", "Just a dry cough in the morning.", ("ros", "He reports a dry cough in the morning.")),
        ("You're still having headaches?", "No.", ("hpi", "He is no longer having headaches.")),
        ("You're watching your blood sugars at home?", "Mm-hmm.", ("hpi", "He is watching his blood sugars at home.")),
    ],
)
def test_an_answer_that_says_how_or_in_part_is_told_with_its_question(
    asked: str, said: str, noted: tuple[str, str]
) -> None:
    assert noted in lines(f"[doctor] {asked}\n[patient] {said}\n")


def test_an_answer_may_report_one_complaint_and_deny_another() -> None:
    dialogue = "[doctor] Any numbness or tingling?\n[patient] A little numbness, but no tingling in my feet.\n"
    assert lines(dialogue) == [
        ("ros", "He reports a little numbness."),
        ("ros", "He denies tingling in his feet."),
    ]


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ("Lungs are clear bilaterally.", "exam"),
        ("Pupils are equal and reactive.", "exam"),
        ("You've got some wheezing on both sides.", "exam"),
        ("The flu swab came back negative.", "results"),
        ("Your cholesterol was 240, and the LDL was 160.", "results"),
        ("If the MRI shows a tear, we'd talk about surgery.", "plan"),
        ("I don't think this is a heart attack.", "assessment"),
        ("I know you've had swelling in your legs since March.", "hpi"),
    ],
)
def test_a_clinicians_sentence_finds_its_section_without_any_before_it(said: str, section: str) -> None:
    assert [s for s, _ in lines(f"[doctor] {said}\n")] == [section]


def test_a_finding_and_a_denial_in_one_sentence_are_two_statements() -> None:
    assert lines("[doctor] Heart is regular rate and rhythm, no murmurs, rubs or gallops.\n") == [
        ("exam", "Heart is regular rate and rhythm."),
        ("exam", "No murmurs, rubs or gallops."),
    ]


def test_a_finding_bears_the_name_of_the_study_that_is_looked_at() -> None:
    dialogue = "[doctor] Hey Dragon, show me the EKG.\n[doctor] This looks stable compared to last year.\n"
    assert lines(dialogue) == [("results", "EKG: this looks stable compared to last year.")]


def test_a_denial_that_was_begun_and_given_up_denies_nothing() -> None:
    dialogue = "[doctor] On your knee exam there is no, uh, there is a little bit of tenderness.\n"
    assert [t for s, t in lines(dialogue) if s == "exam"] == ["Knee: little bit of tenderness."]


def test_what_is_said_of_another_patient_is_left_out() -> None:
    assert lines("[doctor] I have to take this call. Hello? Give Mr. Jones 10 milligrams of morphine.\n") == []
    assert lines("[doctor] Give Mr. Jones 10 milligrams of morphine.\n") == []


def test_a_no_takes_back_what_the_clinician_had_said_of_the_patient() -> None:
    dialogue = "[doctor] I see you have a history of kidney stones.\n[patient] No, that's my brother.\n"
    assert lines(dialogue) == [("family_history", "Kidney stones: his brother.")]


@pytest.mark.parametrize(
    ("asked", "said", "noted"),
    [
        ("You don't have any numbness?", "No, I do, in my toes.", ["He reports numbness: in his toes."]),
        ("You're not having any pain?", "No, I'm not.", ["He denies pain."]),
        ("Any fevers?", "Yes. No chills though.", ["He reports fevers.", "He denies chills though."]),
        ("Any cough or wheezing?", "No cough, some wheezing.", ["He denies cough.", "He reports some wheezing."]),
        ("Any nausea, fever or cough?", "Just a cough.", ["He denies nausea or fever.", "He reports a cough."]),
        ("Any rash?", "Thankfully no.", ["He denies rash."]),
    ],
)
def test_each_complaint_of_an_answer_keeps_its_own_yes_or_no(asked: str, said: str, noted: list[str]) -> None:
    assert [text for _, text in lines(f"[doctor] {asked}\n[patient] {said}\n")] == noted


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("I'd switch you from simvastatin to rosuvastatin 10.", "Switch him from simvastatin to rosuvastatin 10."),
        ("We'll double the furosemide to 80.", "Double the furosemide to 80."),
        ("I would rather hold the metformin.", "Hold the metformin."),
    ],
)
def test_no_change_of_a_medicine_is_lost(said: str, noted: str) -> None:
    assert ("plan", noted) in lines(f"[doctor] {said}\n")
