"""The parts of phrasing: slips of the tongue, numbers, persons, drugs and vital signs."""

from __future__ import annotations

import pytest

from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.numerals import read_number
from live_scribe.core.words import Role
from live_scribe.drafting.cleaning import clean
from live_scribe.drafting.medications import allergy, medicines
from live_scribe.drafting.numbers import in_digits
from live_scribe.drafting.person import HE, SHE, THEY, Narrator, Person
from live_scribe.drafting.tokens import Phrase, tokenize, with_signs, words
from live_scribe.drafting.verbs import base_of_gerund, past, third_person
from live_scribe.drafting.vitals import vitals
from live_scribe.drafting.vocabulary import vocabulary
from tests.component.drafted import TEMPLATE

VOCABULARY = vocabulary(TEMPLATE)


def heard(text: str) -> Phrase:
    """Return the text as the readers get it."""
    (utterance,) = parse_dialogue(f"[patient] {text}")
    return in_digits(clean(tokenize(utterance), VOCABULARY), VOCABULARY.units)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("It started, um, since Monday, no, Sunday.", "it started since sunday."),
        ("Fifty, no, fifteen milligrams.", "15 mg."),
        ("Fifty milligrams, no, fifteen.", "15 mg."),
        ("Take 50, no, let's go easy, 25 milligrams.", "take 25 mg."),
        ("I've used it once. No, twice.", "i've used it twice."),
        ("About two months. No more like three.", "about three months."),
        ("I take 500 no, wait, they changed it. 1,000 milligrams.", "i take 1000 mg."),
        ("About two months. No, more like three.", "about three months."),
        ("It's the left, no, sorry, the right knee.", "it's the right knee."),
        ("I take lisinopril, sorry, losartan.", "i take losartan."),
        ("I was, uh, I was walking.", "i was walking."),
        ("If I'm ex- exerting myself.", "if i'm exerting myself."),
        ("No, no chest pain.", "no, no chest pain."),
        ("Take two point five five milligrams.", "take 2.55 mg."),
        ("Do you know what kind of pain it is?", "do you know what kind of pain it is?"),
        ("No five milligrams for me.", "no 5 mg for me."),
    ],
)
def test_slips_go_and_the_last_value_stays(said: str, left: str) -> None:
    assert with_signs(heard(said)) == left.lower().replace("mg", "mg")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("It's my left knee. I mean my right knee.", "it's my right knee."),
        ("It's the left side of my head. Sorry, the right.", "it's the right side of my head."),
        ("Blood pressure is 140 over 90. Correction, 130 over 90.", "blood pressure is 130/90."),
        ("Blood pressure is 140/90, no wait, 130/90.", "blood pressure is 130/90."),
        ("Heart rate is 88, let me recheck that, 92.", "heart rate is 92."),
        ("I had a fever of 101, uh, 102 I mean.", "i had a fever of 102."),
        ("I take 500, make that 1000, of metformin.", "i take 1000 of metformin."),
        ("I take 10 milligrams of lisinopril. No, 20.", "i take 20 mg of lisinopril."),
        ("Take it three times a day, sorry, twice.", "take it twice a day."),
        ("I take it twice a day, no, three times.", "i take it three times a day."),
        ("Start 500 once a day. Let me correct that, 500 twice a day.", "start 500 twice a day."),
        ("Take two tablets in the morning. Sorry, three tablets.", "take 3 tablets in the morning."),
        ("Follow up in two weeks. Actually, let's make it four.", "follow up in four weeks."),
        ("50 milligrams, I mean micrograms.", "50 mcg."),
        ("I can walk 15 minutes no. Let's say 20.", "i can walk 20 minutes."),
        ("Use sertraline, 50, no, we'll start at 25 milligrams.", "use sertraline, 25 mg."),
        ("Let's increase, sorry, decrease the lisinopril.", "let's decrease the lisinopril."),
        ("I'm allergic to sulfa, I mean, no, it was penicillin.", "i'm allergic to penicillin."),
        ("My mother had diabetes. No, sorry, it was my grandmother.", "my grandmother had diabetes."),
        ("It's the pinky finger, I mean the ring finger.", "it's the ring finger."),
        ("Two weeks ago. No, three weeks ago.", "three weeks ago."),
    ],
)
def test_of_what_is_taken_back_the_repair_alone_stays(said: str, left: str) -> None:
    assert with_signs(heard(said)) == left


@pytest.mark.parametrize(
    "said",
    [
        "my back hurts. no, my neck is fine.",
        "i had it on monday. no, on tuesday i was fine.",
        "are you on lisinopril? no, losartan.",
        "the pain is in my left leg, and my right leg too.",
        "i take lisinopril, sorry, losartan too.",
        "it's not in my knee, it's in my hip.",
        "i had it in 2019. no, 2020 was when i had it.",
    ],
)
def test_what_adds_answers_or_begins_anew_takes_nothing_back(said: str) -> None:
    assert with_signs(heard(said)) == said


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("fifteen", "15"),
        ("twenty-five", "25"),
        ("one hundred and five", "105"),
        ("two thousand five hundred", "2500"),
        ("ninety eight point six", "98.6"),
        ("zero point two five", "0.25"),
        ("1,000", "1000"),
    ],
)
def test_spoken_numbers_are_read(said: str, digits: str) -> None:
    assert read_number(said.split(), 0) == (digits, len(said.split()))


@pytest.mark.parametrize("said", ["a", "hundred", "point five", "oh"])
def test_what_is_not_surely_a_number_is_none(said: str) -> None:
    assert read_number(said.split(), 0) is None


def test_numbers_side_by_side_are_not_drawn_together() -> None:
    assert read_number(["two", "three"], 0) == ("2", 1)
    assert read_number(["one", "twenty", "eight"], 0, spoken_pairs=True) == ("128", 3)


@pytest.mark.parametrize(
    ("said", "person", "told"),
    [
        ("I take it and I don't sleep.", HE, "he takes it and he does not sleep."),
        ("I've been tired and I'm weak.", SHE, "she has been tired and she is weak."),
        ("My wife helps me with my shoes.", HE, "his wife helps him with his shoes."),
        ("I go home and take a pill.", HE, "he goes home and takes a pill."),
        ("I just feel tired.", THEY, "the patient just feels tired."),
        ("It started after you put me on it.", SHE, "it started after the doctor put her on it."),
    ],
)
def test_a_patient_is_told_in_the_third_person(said: str, person: Person, told: str) -> None:
    assert with_signs(Narrator(person, VOCABULARY).tell(heard(said), Role.PATIENT)) == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("I think you have a sprain.", "i think he has a sprain."),
        ("I'll give you a brace for your knee.", "i will give him a brace for his knee."),
        ("If you get a fever, call us.", "if he gets a fever, call us."),
        ("We did it when you came in.", "we did it when he came in."),
        ("It made you feel flat.", "it made him feel flat."),
    ],
)
def test_a_clinicians_you_is_the_patient(said: str, told: str) -> None:
    assert with_signs(Narrator(HE, VOCABULARY).tell(heard(said), Role.DOCTOR)) == told


def test_verbs_are_inflected() -> None:
    assert [third_person(v) for v in ("take", "go", "carry", "have", "watch", "play")] == [
        "takes", "goes", "carries", "has", "watches", "plays",
    ]  # fmt: skip
    assert [past(v) for v in ("take", "smoke", "carry", "work")] == ["took", "smoked", "carried", "worked"]
    assert base_of_gerund("stopping", frozenset({"stop"})) == "stop"
    assert base_of_gerund("evening", frozenset({"stop"})) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "Lisinopril, 10 milligrams, by mouth, once a day.",
            {"name": "lisinopril", "dose": 10, "unit": "mg", "route": "by mouth", "frequency": "once daily"},
        ),
        (
            "Ibuprofen, four hundred, no, six hundred milligrams three times a day",
            {"name": "ibuprofen", "dose": 600, "unit": "mg", "frequency": "three times daily"},
        ),
        ("increase the lisinopril from 10 milligrams to 20 milligrams", {"dose": 20, "change": "increase"}),
        ("acetaminophen every six hours as needed", {"frequency": "every six hours", "as_needed": True, "dose": None}),
        ("tylenol, but not more than five doses in a day", {"frequency": None}),
        ("a baby aspirin, 81", {"dose": 81, "unit": None}),
        ("we'll add a B12 level, because metformin can lower it", {"name": "metformin", "change": None}),
        ("keep the metformin and add empigliflozen, 10 milligrams by mouth", {"dose": None, "route": None}),
        ("metformin morning and night", {"frequency": "twice daily"}),
        ("hydrocortisone cream, 1 percent, as needed", {"dose": 1, "unit": "%"}),
    ],
)
def test_a_drug_is_read_with_what_belongs_to_it(said: str, expected: dict[str, object]) -> None:
    (medicine,) = medicines(heard(said), VOCABULARY)
    assert {k: medicine.item[k] for k in expected} == expected


def test_each_drug_has_its_own_dose() -> None:
    both = medicines(
        heard("metformin 1000 milligrams twice a day and atorvastatin 40 milligrams at bedtime"), VOCABULARY
    )
    assert [(m.item["name"], m.item["dose"], m.item["frequency"]) for m in both] == [
        ("metformin", 1000, "twice daily"),
        ("atorvastatin", 40, "at bedtime"),
    ]


def test_an_allergy_has_its_reaction() -> None:
    item = allergy(heard("Penicillin. I broke out in hives as a kid."), VOCABULARY)
    assert item == {"kind": "allergy", "substance": "penicillin", "reaction": "hives"}
    assert allergy(heard("I like the sea."), VOCABULARY) is None


def test_vital_signs_are_read_with_their_values() -> None:
    found = vitals(
        heard("blood pressure was one twenty eight over seventy two, pulse 72, and oxygen is 97 percent"), VOCABULARY
    )
    assert [v.text for v in found] == ["Blood pressure 128/72 mmHg", "Heart rate 72 bpm", "Oxygen saturation 97%"]


def test_a_pressure_taken_twice_is_two() -> None:
    found = vitals(heard("blood pressure is 152 over 90 in the right arm, and 150 over 88 in the left"), VOCABULARY)
    assert [v.item["value"] for v in found] == ["152/90", "150/88"]
    assert [v.item["where"] for v in found] == ["in the right arm", "in the left"]


def test_a_value_that_no_vital_sign_can_have_is_none() -> None:
    assert vitals(heard("your pulse is 7 today"), VOCABULARY) == []


def test_tokens_remember_their_words() -> None:
    phrase = heard("I take fifty, no, fifteen milligrams.")
    assert [(t.text, t.first, t.last) for t in phrase] == [("I", 0, 0), ("take", 1, 1), ("15", 4, 4), ("mg", 5, 5)]
    assert words(phrase) == "i take 15 mg"
