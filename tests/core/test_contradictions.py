"""Statements that cannot both be right: flagged on both, and free again when one goes."""

from __future__ import annotations

import pytest

from live_scribe.core import events as e
from live_scribe.core.contradictions import contradictions
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.note import Assertion, Item
from live_scribe.core.plausible import is_implausible
from tests.core.visits import Desk

LEXICON = Lexicon(
    drugs=frozenset({"penicillin", "metformin", "sulfa"}),
    findings={"chest pain": "chest pain", "shortness of breath": "dyspnea", "trouble breathing": "dyspnea"},
)


def note(*statements: tuple[str, str]) -> Desk:
    desk = Desk()
    for n, (section, text) in enumerate(statements, 1):
        add(desk, f"s{n}", section, text)
    return desk


def add(desk: Desk, id_: str, section: str, text: str, item: Item | None = None) -> None:
    proposed = e.StatementProposed(
        statement=id_, key=id_, section=section, text=text, order=1.0, evidence=(), confidence=1.0, item=item
    )
    settle(desk, proposed)


def settle(desk: Desk, fact: e.StatementProposed | e.StatementDeleted | e.StatementEdited) -> None:
    desk.record((fact,), "machine")
    desk.record(contradictions(desk.visit, {fact.statement}, LEXICON), "machine")


def flags(desk: Desk) -> dict[str, list[str | None]]:
    return {s.id: [f.other for f in s.flags] for s in desk.visit.statements.values() if s.flags}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("allergies", "No known allergies."), ("allergies", "Penicillin gives him hives.")),
        (("allergies", "Denies penicillin allergy."), ("allergies", "Penicillin: hives.")),
        (("ros", "Denies chest pain."), ("hpi", "Chest pain since Monday.")),
        (("ros", "Denies shortness of breath."), ("hpi", "He has trouble breathing.")),
        (("medications", "Metformin 500 mg."), ("hpi", "He stopped taking metformin.")),
        (("assessment", "Left knee osteoarthritis."), ("chief_complaint", "Right knee pain.")),
    ],
)
def test_both_statements_name_each_other_and_are_free_when_one_goes(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    desk = note(one, other)
    assert flags(desk) == {"s1": ["s2"], "s2": ["s1"]}
    settle(desk, e.StatementDeleted(statement="s2", version=2))
    assert "s1" not in flags(desk)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ros", "Denies chest pain at rest."), ("hpi", "Chest pain when he walks.")),
        (("allergies", "No known allergies except penicillin."), ("allergies", "Penicillin: hives.")),
        (("allergies", "Penicillin: hives."), ("allergies", "Sulfa: rash.")),
        (("plan", "Stop the metformin."), ("medications", "Metformin 500 mg.")),
        (("psh", "Left knee scoped in 2015."), ("chief_complaint", "Right knee pain.")),
        (("ros", "Denies chest pain."), ("hpi", "She thought she was going to have chest pain.")),
        (("ros", "Denies chest pain."), ("family_history", "His father had chest pain.")),
    ],
)
def test_what_goes_together_is_not_flagged(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert flags(note(one, other)) == {}


def test_an_edit_that_ends_the_contradiction_frees_the_other_statement() -> None:
    desk = note(("ros", "Denies chest pain."), ("hpi", "Chest pain since Monday."))
    settle(desk, e.StatementEdited(statement="s2", version=2, text="Back pain.", assertion=Assertion.PRESENT))
    assert flags(desk) == {}


def test_only_what_is_about_an_allergy_or_a_drug_keeps_a_note_from_being_signed() -> None:
    assert not list(note(("ros", "Denies chest pain."), ("hpi", "Chest pain since Monday.")).visit.unconfirmed())
    allergies = note(("allergies", "No known allergies."), ("allergies", "Penicillin: hives."))
    assert {s.id for s, _ in allergies.visit.unconfirmed()} == {"s1", "s2"}


def test_two_values_of_one_vital_sign_are_at_odds_and_two_pressures_are_not() -> None:
    desk = Desk()
    signs: list[tuple[str, str | int]] = [("Heart rate", 72), ("Heart rate", 92), ("Blood pressure", "128/72")]
    for n, (name, value) in enumerate(signs, 1):
        item: Item = {"kind": "vital", "name": name, "value": value, "unit": None}
        add(desk, f"s{n}", "vitals", f"{name} {value}.", item)
    add(desk, "s4", "vitals", "Blood pressure 130/80.", {"kind": "vital", "name": "Blood pressure", "value": "130/80"})
    assert flags(desk) == {"s1": ["s2"], "s2": ["s1"]}


@pytest.mark.parametrize(
    ("name", "value", "unit", "odd"),
    [
        ("Blood pressure", "12/80", "mmHg", True),
        ("Blood pressure", "140/130", "mmHg", True),
        ("Blood pressure", "80/120", "mmHg", True),
        ("Blood pressure", "138/84", "mmHg", False),
        ("Heart rate", 7, "bpm", True),
        ("Heart rate", 72, "bpm", False),
        ("Temperature", 98.4, "°", False),
        ("Temperature", 37, "°", False),
        ("Temperature", 60, "°", True),
        ("Oxygen saturation", 9, "%", True),
        ("Weight", 180, "pounds", False),
        ("Weight", 900, "kg", True),
        ("Height", 5, "inches", True),
        ("Pain", 7, None, False),
    ],
)
def test_a_vital_sign_that_hardly_can_be_is_implausible(
    name: str, value: str | float, unit: str | None, odd: bool
) -> None:
    assert is_implausible({"kind": "vital", "name": name, "value": value, "unit": unit}) is odd


def test_other_items_are_never_implausible() -> None:
    assert not is_implausible(None)
    assert not is_implausible({"kind": "medication", "name": "metformin", "dose": 5000})
