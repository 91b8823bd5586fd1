"""Some hundred short exchanges: the built-in writer's note of each is right, or the exchange is known to go wrong."""

from __future__ import annotations

import pytest

from live_scribe.core.draft import Proposal
from live_scribe.core.note import Evidence
from tests import exchanges as e

CATEGORIES = sorted({x.category for x in e.exchanges("tuned")})
EVIDENCE = (Evidence(utterance="u1", quote="…"),)


def wrong_ids(half: str, category: str) -> dict[str, list[str]]:
    """The exchanges of a category whose note is wrong, and what is wrong."""
    judged = {x.id: e.faults(x, e.note_of(x)) for x in e.exchanges(half) if x.category == category}
    return {id_: wrong for id_, wrong in judged.items() if wrong}


@pytest.mark.parametrize("category", CATEGORIES)
def test_no_exchange_goes_wrong_that_is_not_known(category: str) -> None:
    wrong = wrong_ids("tuned", category)
    ours = {x.id for x in e.exchanges("tuned") if x.category == category}
    assert {id_: told for id_, told in wrong.items() if id_ not in e.known("tuned")} == {}
    assert sorted(e.known("tuned") & ours - set(wrong)) == [], "these are right now: take them off known.toml"


@pytest.mark.parametrize("category", CATEGORIES)
def test_no_exchange_kept_aside_goes_wrong_that_is_not_known(category: str) -> None:
    ours = {x.id for x in e.exchanges("kept") if x.category == category}
    # By id alone: who writes rules is not to see what is asked here.
    wrong = set(wrong_ids("kept", category))
    assert sorted(wrong - e.known("kept")) == [], "newly wrong"
    assert sorted(e.known("kept") & ours - wrong) == [], "these are right now: take them off known.toml"


@pytest.mark.parametrize("half", e.HALVES)
def test_what_is_known_to_go_wrong_are_exchanges_that_exist_once(half: str) -> None:
    ids = [x.id for x in e.exchanges(half)]
    assert len(ids) == len(set(ids)) >= 160
    assert e.known(half) <= set(ids)


def test_the_two_halves_have_the_same_kinds_and_no_exchange_in_common() -> None:
    tuned, kept = e.exchanges("tuned"), e.exchanges("kept")
    assert {x.category for x in kept} == set(CATEGORIES)
    assert not {x.say for x in tuned} & {x.say for x in kept}


def statement(text: str, section: str = "hpi", assertion: str = "present") -> Proposal:
    from live_scribe.core.note import Assertion

    return Proposal(key="k", section=section, text=text, evidence=EVIDENCE, assertion=Assertion(assertion))


def asking(**asked: object) -> e.Exchange:
    return e.Exchange(id="x", category="x", say="", asked=asked)


DENIED = asking(expect=[{"in": "hpi|ros", "is": "absent", "has": ["chest pain|angina"]}])


@pytest.mark.parametrize(
    ("note", "right"),
    [
        ([statement("Denies chest pain.", assertion="absent")], True),
        ([statement("No angina.", "ros", assertion="absent")], True),
        ([statement("No angina.", "exam", assertion="absent")], False),
        ([statement("Chest pain.", assertion="absent")], False),
        ([statement("No chest pain.")], False),
        ([statement("No chest pain.", assertion="absent"), statement("Has chest pain.")], False),
        ([], False),
    ],
)
def test_the_judge_tells_a_denial_from_what_only_looks_like_one(note: list[Proposal], right: bool) -> None:
    assert (e.faults(DENIED, note) == []) is right


def test_the_judge_reads_numbers_units_and_beginnings_of_words() -> None:
    assert e.plain("Twenty-five milligrams, 10mg and 2,000 units.") == "25 mg 10 mg and 2000 units"
    dose = asking(expect=[{"in": "plan", "has": ["15 mg", "start*"]}], nowhere=["50"])
    assert e.faults(dose, [statement("Started fifteen milligrams.", "plan")]) == []
    assert e.faults(dose, [statement("Starts 15.5 mg.", "plan")])
    assert e.faults(dose, [statement("Starts 15 mg, not 50.", "plan")])


def test_the_judge_reads_items() -> None:
    item: dict[str, str | float | int | bool | None] = {"kind": "medication", "name": "lisinopril", "dose": "10"}
    told = Proposal(key="k", section="medications", text="Lisinopril.", evidence=EVIDENCE, item=item)
    assert e.faults(asking(items=[{"kind": "medication", "has": ["lisinopril", "10"]}]), [told]) == []
    assert e.faults(asking(items=[{"kind": "medication", "has": ["lisinopril", "1"]}]), [told])
    assert e.faults(asking(never_items=[{"kind": "medication", "has": ["lisinopril"]}]), [told])
