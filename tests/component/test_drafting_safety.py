"""Mistakes that would harm: a denial turned round, a dose ten times too high, a dose of another drug."""

from __future__ import annotations

import pytest

from live_scribe.core.note import Assertion
from tests.component.drafted import HISTORY, drafted, texts


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


def test_an_answer_that_goes_over_two_utterances_keeps_its_evidence() -> None:
    said = "[doctor] What medicines do you take?\n[patient] okay. lisinopril\n[patient] no"
    (only,) = drafted(said)
    assert only.text == "Lisinopril." and all(e.words for e in only.evidence)


def test_a_drug_that_was_stopped_is_not_listed_as_taken() -> None:
    asked = "[doctor] What medications are you on?\n[patient] "
    assert texts(asked + "I stopped the ibuprofen.", "medications") == []
    both = "I stopped the ibuprofen and the naproxen, but I still take lisinopril 10 milligrams daily."
    assert texts(asked + both, "medications") == ["Lisinopril 10 mg once daily."]


def test_that_a_drug_was_stopped_is_told() -> None:
    (only,) = drafted("[doctor] What medications are you on?\n[patient] I stopped the ibuprofen.")
    assert only.text == "He stopped the ibuprofen."


@pytest.mark.parametrize(
    ("said", "listed"),
    [
        ("Metformin 500 twice a day.", "Metformin 500 twice daily."),
        ("Metformin five hundred twice a day.", "Metformin 500 twice daily."),
        ("Metformin 2 times a day.", "Metformin twice daily."),
        ("I take gabapentin 300mg t.i.d. for my feet.", "Gabapentin 300 mg three times daily."),
        ("I take metformin 500mg twice-daily.", "Metformin 500 mg twice daily."),
    ],
)
def test_dose_and_frequency_stand_as_they_were_said(said: str, listed: str) -> None:
    assert texts(f"[doctor] What medications are you on?\n[patient] {said}", "medications") == [listed]


def test_a_dose_that_the_clinician_reads_back_is_not_written_twice() -> None:
    said = "[doctor] What do you take?\n[patient] Metformin 500 twice a day.\n"
    assert texts(said + "[doctor] So that's metformin 500 milligrams twice a day.") == ["Metformin 500 twice daily."]


@pytest.mark.parametrize("said", ["No known drug allergies.", "So no known allergies, okay.", "No drug allergies."])
def test_that_no_allergies_are_known_is_written(said: str) -> None:
    (only,) = drafted(f"[doctor] {said}")
    assert (only.section, only.assertion) == ("allergies", Assertion.ABSENT)


@pytest.mark.parametrize("question", ["You're not having any chest pain?", "And you haven't had any chest pain?"])
def test_a_no_to_a_question_in_the_negative_denies(question: str) -> None:
    (only,) = drafted(f"[doctor] {question}\n[patient] No.")
    assert (only.text, only.assertion) == ("He denies chest pain.", Assertion.ABSENT)
    assert texts(f"[doctor] {question}\n[patient] Yeah.") == []


def test_who_came_along_speaks_of_the_patient_where_the_clinician_does() -> None:
    said = "[doctor] What's going on with his knee?\n[patient] He cannot really bend it."
    assert texts(said) == ["He cannot really bend it."]


def test_a_list_is_denied_but_for_what_is_taken_back() -> None:
    found = drafted("[doctor] Any pain, swelling or redness?\n[patient] No, a little swelling.")
    assert {(p.text, p.assertion) for p in found} == {
        ("He denies pain or redness.", Assertion.ABSENT),
        ("He reports a little swelling.", Assertion.PRESENT),
    }


def test_a_list_with_words_for_all_of_it_is_not_denied_in_part() -> None:
    said = "[doctor] Any pain or swelling in your knee?\n[patient] No, a little swelling."
    assert [p.assertion for p in drafted(said)] == [Assertion.PRESENT]


@pytest.mark.parametrize("comma", [",", ""])
def test_what_is_affirmed_and_what_is_denied_are_two_statements(comma: str) -> None:
    said = f"[doctor] Does it lock or give way?\n[patient] It catches at times{comma} yeah, it doesn't fully lock."
    assert [(p.text, p.assertion) for p in drafted(said)] == [
        ("It catches at times.", Assertion.PRESENT),
        ("It does not fully lock.", Assertion.ABSENT),
    ]


def test_a_finding_is_not_absent_for_what_its_sentence_denies_behind_it() -> None:
    (only,) = drafted("[doctor] Does it lock?\n[patient] It catches, yeah, it doesn't fully lock.")
    assert (only.text, only.assertion) == ("It catches, yeah, it does not fully lock.", Assertion.PRESENT)


def test_no_change_is_told() -> None:
    (only,) = drafted("[doctor] Any changes in your weight?\n[patient] No change in weight.")
    assert (only.text, only.assertion) == ("No change in weight.", Assertion.ABSENT)


def test_a_filler_is_no_word_of_the_note() -> None:
    assert texts("[doctor] What brings you in?\n[patient] Err, my knee hurts.") == ["His knee hurts."]


def test_who_is_allergic_to_nothing_has_no_allergy() -> None:
    (only,) = drafted("[patient] I'm not allergic to anything.")
    assert (only.section, only.assertion, only.item) == ("allergies", Assertion.ABSENT, None)


def test_the_dose_of_before_is_not_listed_as_taken() -> None:
    said = "It was warfarin 5 milligrams at bedtime, but now it's warfarin 2.5 milligrams at bedtime."
    assert texts(f"[doctor] What medications are you on?\n[patient] {said}", "medications") == [
        "Warfarin 2.5 mg at bedtime."
    ]


def test_a_parent_speaks_of_the_child_whom_the_clinician_asked_about() -> None:
    said = "[doctor] What brings your son in today?\n[patient] He's had a fever since Saturday."
    assert [(p.section, p.text) for p in drafted(said)] == [("chief_complaint", "He has had a fever since Saturday.")]


def test_a_child_that_drinks_drinks_no_alcohol() -> None:
    said = "[doctor] Is he drinking okay?\n[patient] He's drinking, but he's not eating much."
    assert [p.section for p in drafted(said) if "drinking" in p.text] == ["hpi"]


def test_a_denial_in_the_words_of_the_question_is_kept() -> None:
    said = "[doctor] Any hearing loss or ringing?\n[patient] It's muffled. No ringing."
    assert [p.text for p in drafted(said) if p.assertion is Assertion.ABSENT] == ["He denies ringing."]


def test_a_finding_that_is_limited_is_told_with_its_limit() -> None:
    assert texts("[doctor] Any chest pain?\n[patient] Only when I cough.") == ["Chest pain: only when he coughs."]


def test_an_order_for_a_drug_is_never_left_out() -> None:
    said = HISTORY + "[doctor] Let's restart metoprolol at twelve point five milligrams twice a day."
    assert texts(said, "plan") == ["Restart metoprolol at 12.5 mg twice a day."]


def test_the_last_period_is_told() -> None:
    said = "[doctor] When was your last period?\n[patient] March third."
    assert texts(said, sex="F") == ["Last menstrual period: March third."]


def test_a_limit_denies_nothing() -> None:
    found = drafted(HISTORY + "[doctor] Let's start ibuprofen. And no more than three grams a day.")
    assert [(p.text, p.assertion) for p in found if "3 g" in p.text] == [("No more than 3 g a day.", Assertion.PRESENT)]


@pytest.mark.parametrize(
    "said",
    [
        "[patient] I have no allergies except penicillin.",
        "[doctor] Any drug allergies?\n[patient] No, just penicillin.",
        "[doctor] Any drug allergies?\n[patient] No allergies other than penicillin.",
    ],
)
def test_an_exception_is_never_lost_in_a_denial_of_allergies(said: str) -> None:
    (only,) = drafted(said)
    assert only.section == "allergies" and only.assertion is Assertion.PRESENT
    assert only.item is not None and only.item["substance"] == "penicillin"


def test_a_clinician_who_names_an_exception_denies_no_allergies() -> None:
    (only,) = drafted("[doctor] So no allergies except penicillin.")
    assert (only.text, only.assertion) == ("No allergies except penicillin.", Assertion.PRESENT)
    assert only.item is not None and only.item["substance"] == "penicillin"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "[doctor] You're allergic to sulfa, correct?\n[patient] Yes, I get a rash.",
            ["Allergic to sulfa: he gets a rash."],
        ),
        ("[doctor] What happens when you take sulfa?\n[patient] Hives.", ["Allergic to sulfa: hives."]),
        ("[doctor] No known allergies?\n[patient] Just cats and pollen.", ["Cats.", "Pollen."]),
        ("[doctor] Any allergies?\n[patient] What do you mean?", []),
        ("[doctor] Any allergies?\n[patient] Yes.", []),
    ],
)
def test_an_allergy_that_the_question_names_is_the_answers(said: str, told: list[str]) -> None:
    assert texts(said, "allergies") == told


def test_what_somebody_else_takes_is_not_the_patients() -> None:
    assert texts("[patient] My wife takes lisinopril, and she told me to ask.", "medications") == []
    assert texts("[patient] My wife says I take lisinopril 10 milligrams.", "medications") == ["Lisinopril 10 mg."]


def test_what_else_the_sentence_tells_is_kept_beside_no_allergies() -> None:
    said = "[doctor] No known drug allergies, and your blood pressure today is 150 over 90."
    assert {p.section for p in drafted(said)} == {"allergies", "vitals"}


def test_a_relative_asked_about_as_he_is_not_the_patient() -> None:
    said = "[patient] My brother had heart trouble.\n[doctor] Did he have a heart attack?\n[patient] He had a stroke."
    assert {p.section for p in drafted(said)} == {"family_history"}


def test_a_child_that_was_brought_is_the_patient_all_visit_long() -> None:
    said = (
        "[doctor] What brings your son in today?\n[patient] He has a fever.\n[doctor] Since when?\n[patient] He has it"
    )
    assert "family_history" not in {p.section for p in drafted(said + " since Monday. He has a cough too.")}


def test_a_no_that_is_turned_round_affirms() -> None:
    assert texts("[doctor] You're not having any chest pain?\n[patient] No, I am.") == ["He reports chest pain."]
    answered = texts("[doctor] You don't have any numbness?\n[patient] No, I do, in my toes.")
    assert answered == ["He reports numbness: in his toes."]


@pytest.mark.parametrize("no", ["Thankfully no.", "Mm-mm.", "Uh-uh.", "I don't believe so.", "Not that I've seen."])
def test_a_no_in_other_words_denies(no: str) -> None:
    assert texts(f"[doctor] Any chest pain?\n[patient] {no}") == ["He denies chest pain."]


def test_what_is_denied_and_affirmed_in_one_breath_is_both() -> None:
    assert texts("[doctor] Any fevers?\n[patient] Yes. No chills though.") == [
        "He reports fevers.",
        "He denies chills though.",
    ]
    assert texts("[doctor] Any cough or wheezing?\n[patient] No cough, some wheezing at night.") == [
        "He denies cough.",
        "He reports some wheezing at night.",
    ]


def test_what_is_no_finding_is_not_denied() -> None:
    assert texts("[doctor] You don't feel like your pain is any better?\n[patient] No.") == []
    assert texts("[doctor] Any questions?\n[patient] No questions.") == []


def test_one_of_two_doses_is_not_the_dose() -> None:
    said = "[doctor] What do you take?\n[patient] Insulin 20 in the morning and 30 at night."
    assert [p.item["dose"] for p in drafted(said) if p.item] == [None]


def test_denials_that_a_clinician_says_back_are_the_patients_once_confirmed() -> None:
    said = "[doctor] So no chest pain, no palpitations.\n[patient] No."
    assert texts(said, "ros") == ["He denies chest pain, palpitations."]


def test_what_may_be_is_kept_and_is_possible() -> None:
    (only,) = drafted("[doctor] It could be a rotator cuff tear.")
    assert only.assertion is Assertion.POSSIBLE
