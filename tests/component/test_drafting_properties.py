"""Rules of the note writer that must never break, on dialogues made up by Hypothesis."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.note import Assertion
from live_scribe.core.numerals import read_number
from tests.component.drafted import HISTORY, drafted

SYMPTOMS = ("fever", "chills", "nausea", "vomiting", "dizziness", "headache", "rash", "chest pain", "numbness")
QUESTIONS = (
    "Any {}?",
    "Have you had any {}?",
    "Do you have {}?",
    "Are you having any {}?",
    "And what about {}?",
    "You're not having any {}?",
    "You haven't had any {}?",
    "So no {}?",
)
DENIALS = (
    "No.",
    "Nope.",
    "None.",
    "No, none of that.",
    "Not really.",
    "I don't think so.",
    "No, I haven't.",
    "Not at all.",
)

DRUGS = ("metformin", "lisinopril", "gabapentin", "warfarin", "levothyroxine")
DOSES = (
    "5",
    "10",
    "2.5",
    "500",
    "point five",
    "five hundred",
    "twenty five",
    "two point five",
    "one hundred and twelve",
)
UNITS = ("milligrams", "mg", "micrograms", "")
OFTEN = ("twice a day", "2 times a day", "every 6 hours", "b.i.d.", "at bedtime", "")
SAYINGS = ("I take {}.", "I'm on {}.", "I stopped {}.", "It was {}, but now it's {}.", "{}.")


def listed(items: list[str]) -> str:
    return " or ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


@given(st.lists(st.sampled_from(SYMPTOMS), min_size=1, max_size=4, unique=True), st.sampled_from(QUESTIONS),
       st.sampled_from(DENIALS), st.booleans())  # fmt: skip
def test_what_was_only_denied_is_never_present(asked: list[str], question: str, denial: str, opened: bool) -> None:
    dialogue = f"{HISTORY if opened else ''}[doctor] {question.format(listed(asked))}\n[patient] {denial}"
    told = drafted(dialogue)
    named = [p for p in told if any(symptom in p.text.lower() for symptom in asked)]
    assert all(p.assertion is Assertion.ABSENT for p in named), [p.text for p in named]
    assert all(any(symptom in p.text.lower() for p in named) for symptom in asked), "a denial was lost"


def numbers_in(quotes: str) -> set[float]:
    """Every number that these words may be read as."""
    words = [word.strip(",.?!;:").lower() for word in quotes.split()]
    read = [read_number(words, i) for i in range(len(words))]
    below_one = [read_number(["zero", *words[i:]], 0) for i, word in enumerate(words) if word == "point"]
    return {float(number[0]) for number in (*read, *below_one) if number}


@given(st.data())
def test_every_number_of_a_statement_was_said_in_its_evidence(data: st.DataObject) -> None:
    def medicine() -> str:
        return (
            " ".join(data.draw(st.sampled_from(part)) for part in (DRUGS, DOSES, UNITS, OFTEN))
            .replace("  ", " ")
            .strip()
        )

    saying = data.draw(st.sampled_from(SAYINGS))
    said = saying.format(medicine(), medicine())
    for statement in drafted(f"[doctor] What medications are you on?\n[patient] {said}"):
        evidence = " ".join(piece.quote for piece in statement.evidence)
        for number in re.findall(r"\d+(?:\.\d+)?", statement.text):
            assert float(number) in numbers_in(evidence), (said, statement.text, evidence)
