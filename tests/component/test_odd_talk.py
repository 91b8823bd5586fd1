"""Talk that the note writer was not made for: no crash, and nothing in the note that nobody said."""

from __future__ import annotations

import re

import pytest

from live_scribe import samples, wiring
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import Proposal
from live_scribe.core.words import Utterance
from live_scribe.drafting.rules import draft
from tests.component.drafted import TEMPLATE
from tests.exchanges import plain

SAMPLES = sorted(samples.listed())


def dialogue(name: str) -> str:
    return samples.listed()[name].audio.with_suffix(".txt").read_text(encoding="utf-8")


def note(text: str) -> tuple[tuple[Utterance, ...], tuple[Proposal, ...]]:
    said, _ = wiring.read_right(parse_dialogue(text))
    return said, draft(said, TEMPLATE, {"sex": "F"})


def stems(text: str) -> set[str]:
    """Words without their ending, and numbers."""
    return {
        re.sub(r"(?:'\w+|ing|ies|es|ed|s|y|e)$", "", word.strip("°./"))
        for word in plain(text).replace("/", " ").split()
    } - {""}


HOUSE = stems(
    "she her herself the patient doctor denies reports has have will would am not cannot mmHg bpm min g oxygen heart"
    " saturation rate respiratory weight daily monthly bedtime home readings treatment tried tobacco caffeine alcohol"
    " radiation duration location severity quality onset frequency timing follow up"
)
"""What the writer says in its own words: pronouns, short forms, units, names of vitals and of what was asked."""


def retagged(text: str, tags: dict[str, str]) -> str:
    return re.sub(r"^\[(\w+)\]", lambda m: f"[{tags.get(m.group(1), m.group(1))}]", text, flags=re.MULTILINE)


def written(statements: tuple[Proposal, ...]) -> list[tuple[str, str]]:
    return [(p.section, p.text) for p in statements]


@pytest.mark.parametrize("name", [name for name in SAMPLES if "[companion]" not in dialogue(name)])
def test_swapped_tags_give_the_note_of_the_right_ones(name: str) -> None:
    turned = retagged(dialogue(name), {"doctor": "patient", "patient": "doctor"})
    assert written(note(turned)[1]) == written(note(dialogue(name))[1])


def made_up(text: str) -> list[str]:
    """Words and numbers of a note that neither the talk holds nor a note writer uses to say it."""
    said, statements = note(text)
    heard = stems(" ".join(u.text for u in said)) | HOUSE
    assert all(e.utterance in {u.id for u in said} for p in statements for e in p.evidence)
    return [f"{word}: {p.text}" for p in statements for word in sorted(stems(p.text) - heard)]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("role", ["doctor", "patient"])
def test_of_one_side_of_a_talk_nothing_is_written_that_it_did_not_say(name: str, role: str) -> None:
    assert made_up("\n".join(line for line in dialogue(name).splitlines() if line.startswith(f"[{role}]"))) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_of_a_talk_with_tags_that_nobody_knows_nothing_is_written_that_was_not_said(name: str) -> None:
    assert made_up(retagged(dialogue(name), {"doctor": "klingon", "patient": "vulcan", "companion": "borg"})) == []


FOREIGN = [
    "[doctor] ¿Qué le trae por aquí y desde cuándo está así?\n[patient] Me duele la rodilla desde el sábado, no tengo "
    "fiebre.\n[doctor] ¿Toma algún medicamento para el dolor?\n[patient] Tomo lisinopril 10 mg al día. No.\n",
    "[doctor] Was führt Sie zu mir, und seit wann ist das so?\n[patient] Mein Knie ist seit Samstag nicht gut.\n"
    "[doctor] Nehmen Sie Medikamente?\n[patient] Ja, Metformin 500 mg.\n",
    "[doctor] Qu'est-ce qui vous amène, et depuis quand?\n[patient] J'ai mal au genou depuis samedi.\n",
    "[doctor] どうしましたか\n[patient] 膝が痛いです\n",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_of_a_talk_in_another_language_nothing_is_drafted(text: str) -> None:
    assert note(text)[1] == ()


def test_what_the_interpreter_says_is_drafted_and_what_is_interpreted_is_not() -> None:
    text = "[doctor] What brings you in today?\n[patient] Me duele la rodilla desde el sábado, no tengo fiebre.\n"
    _, statements = note(text + "[companion] Her knee has been hurting since Saturday.\n")
    assert [p.text for p in statements] and all("rodilla" not in p.text for p in statements)


@pytest.mark.parametrize("text", ["[doctor] ...\n[patient] ?!", "[patient] …", "[doctor] 1 2 3\n[patient] 4 5 6"])
def test_talk_without_a_word_makes_no_note(text: str) -> None:
    assert note(text)[1] == ()
