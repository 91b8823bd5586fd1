"""Whether a statement is borne out by what was said: number by number, side by side, no by no."""

from __future__ import annotations

import pytest

from live_scribe.core.borne_out import Why, cited, not_borne_out
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.note import Evidence, Item
from live_scribe.core.said_terms import Kind
from live_scribe.core.words import Utterance, Word

LEXICON = Lexicon(
    drugs=frozenset({"lisinopril", "metformin", "metoprolol", "ibuprofen", "levothyroxine", "penicillin"}),
    substances=frozenset({"latex"}),
    frequencies={
        "twice a day": "twice daily",
        "b i d": "twice daily",
        "bid": "twice daily",
        "once a day": "once daily",
    },
    ordinary=frozenset("patient takes reports denies tablet knee pain chest hives".split()),
)


def heard(*turns: str, sure: float | None = None) -> tuple[tuple[Word, ...], ...]:
    return tuple(
        tuple(Word(id=f"w{t}.{n}", text=w, probability=sure) for n, w in enumerate(turn.split()))
        for t, turn in enumerate(turns)
    )


def doubts(text: str, *turns: str, sure: float | None = None) -> list[tuple[str, str]]:
    found = not_borne_out(text, heard(*turns, sure=sure), LEXICON)
    return [(text[f.start : f.end], str(f.why)) for f in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lisinopril 15 mg once daily.", "lisinopril fifteen milligrams once a day"),
        ("Lisinopril 2.5 mg.", "lisinopril two point five milligrams"),
        ("Lisinopril 2.5 mg.", "two and a half milligrams of lisinopril"),
        ("Metformin 1000 mg twice daily.", "metformin 1 ,000 milligrams b i d"),
        ("Metformin 0.5 g.", "metformin, point five grams"),
        ("Blood pressure 128/72 mmHg.", "blood pressure is one twenty eight over seventy two"),
        ("Temperature 98.4°.", "temperature 98 . 4"),
        ("Pain in the left knee.", "My left knee hurts, pain all night, the right one is fine."),
        ("Since March 3rd for twenty-five days.", "since March third, 25 days"),
    ],
)
def test_the_same_said_in_another_form_is_borne_out(text: str, said: str) -> None:
    assert doubts(text, said) == []


@pytest.mark.parametrize(
    ("text", "said", "wrong", "why"),
    [
        ("Lisinopril 50 mg.", "lisinopril fifteen milligrams", "50", Why.UNHEARD),
        ("Lisinopril 15 mcg.", "lisinopril fifteen milligrams", "mcg", Why.UNHEARD),
        ("Metoprolol 15 mg.", "lisinopril fifteen milligrams", "Metoprolol", Why.UNHEARD),
        ("Glyburide 15 mg.", "lisinopril fifteen milligrams", "Glyburide", Why.UNHEARD),
        ("Lisinopril 15 mg.", "lisinopril fifteen", "mg", Why.UNHEARD),
        ("Lisinopril 500 mg.", "lisinopril 10 milligrams and metformin 500 milligrams", "500", Why.ELSEWHERE),
        ("Lisinopril 500 mg.", "10 milligrams of lisinopril and 500 milligrams of metformin", "500", Why.ELSEWHERE),
        ("Right knee pain.", "left knee pain for two days, and the right hip is fine", "Right", Why.ELSEWHERE),
        ("Lisinopril 50 mg.", "lisinopril fifty, no, fifteen milligrams", "50", Why.UNHEARD),
        ("Stop metformin.", "stop the metformin, sorry, the metoprolol", "metformin", Why.UNHEARD),
    ],
)
def test_a_wrong_term_is_named(text: str, said: str, wrong: str, why: Why) -> None:
    assert (wrong, str(why)) in doubts(text, said)


def test_the_last_value_of_one_who_corrects_themselves_stands() -> None:
    assert doubts("Lisinopril 15 mg.", "lisinopril fifty, no, fifteen milligrams") == []
    assert doubts("Lisinopril 15 mg.", "lisinopril, fifty milligrams?", "No, fifteen milligrams.") == []
    assert doubts("Lisinopril 50 mg.", "lisinopril, fifty milligrams?", "No, fifteen milligrams.") != []


def test_a_dose_that_can_be_read_as_two_numbers_asks_for_a_person() -> None:
    said = "levothyroxine one twenty five micrograms"
    assert doubts("Levothyroxine 25 mcg.", said) == [("25", "unheard")]
    assert doubts("Levothyroxine 125 mcg.", said) == [("125", "unheard")]


@pytest.mark.parametrize(
    ("right", "wrong", "turns"),
    [
        ("Denies chest pain.", "Reports chest pain.", ("Any chest pain?", "No.")),
        ("Reports chest pain.", "Denies chest pain.", ("Any chest pain?", "Yes, a lot.")),
        ("No chest pain.", "Chest pain.", ("I have no chest pain.",)),
        ("He has chest pain.", "He has no chest pain.", ("No fever, but I have chest pain.",)),
        ("No bruising, no redness.", "No bruising, redness.", ("No bruising, no redness.",)),
        ("His knee does not hurt.", "His knee does hurt.", ("Does your knee hurt?", "Nope.")),
        ("The test is negative.", "The test is not negative.", ("The test is negative.",)),
        ("His mother has it, but he does not.", "His mother has it, but he does.", ("My mother has it, but I don't.",)),
    ],
)
def test_a_no_is_neither_lost_nor_made_up(right: str, wrong: str, turns: tuple[str, ...]) -> None:
    assert doubts(right, *turns) == []
    found = not_borne_out(wrong, heard(*turns), LEXICON)
    assert [f.kind for f in found] == [Kind.NEGATION]


def test_what_was_heard_unsurely_is_named_and_what_was_heard_once_more_surely_is_not() -> None:
    assert doubts("Lisinopril 10 mg.", "lisinopril 10 milligrams", sure=0.4) == [
        ("Lisinopril", "unsure"),
        ("10", "unsure"),
        ("mg", "unsure"),
    ]
    assert doubts("He walks to work.", "I walk to work.", sure=0.1) == []
    twice = heard("lisinopril", sure=0.2) + heard("lisinopril", sure=0.9)
    assert not_borne_out("Lisinopril.", twice, LEXICON) == ()


def test_an_allergy_that_was_not_said_is_named_as_one() -> None:
    item: Item = {"kind": "allergy", "substance": "latex", "reaction": None}
    (found,) = not_borne_out("Latex: hives.", heard("Penicillin gives me hives."), LEXICON, item=item)
    assert (found.kind, found.why) == (Kind.ALLERGY, Why.UNHEARD)


def test_nothing_bears_out_a_statement_without_evidence() -> None:
    assert doubts("Denies lisinopril 10 mg left.") != []
    assert doubts("") == []


def test_evidence_is_read_with_the_whole_sentences_that_it_touches() -> None:
    words = tuple(Word(id=f"w{n}", text=t) for n, t in enumerate("I am fine. I have no chest pain. Bye.".split()))
    said = Utterance(id="u1", words=words)
    (found,) = cited((Evidence(utterance="u1", quote="", words=("w6", "w7")),), {"u1": said})
    assert " ".join(w.text for w in found) == "I have no chest pain."
    assert cited((Evidence(utterance="u9", quote=""),), {"u1": said}) == ()
