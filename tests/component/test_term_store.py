"""Lists, corrections and rules on the disk: what comes back, what is destroyed with a strike, and that it is sealed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from live_scribe.core.learning import Correction
from live_scribe.core.rules import Rule, RuleState
from live_scribe.core.term_lists import CLINIC, ListedTerm
from live_scribe.core.vocabulary import TermKind
from live_scribe.ports import TermStore
from live_scribe.storage.envelope import new_key
from live_scribe.storage.keys import MasterKey
from live_scribe.storage.sqlite import DATABASE_NAME, Database, open_database
from live_scribe.storage.store import VisitStore
from live_scribe.storage.terms import ListStore
from tests.component.stored_visits import SPOKEN, bytes_on_disk, conversation, lay_out, strike, summary

MASTER = MasterKey(new_key())


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(lay_out(tmp_path)) as opened:
        yield opened


@pytest.fixture
async def lists(database: Database) -> ListStore:
    return ListStore(database, MASTER)


@pytest.fixture
async def visits(database: Database) -> VisitStore:
    store = VisitStore(database, MASTER)
    for visit in ("v1", "v2"):
        await store.append(visit, conversation(), summary(visit))
    return store


def term(lists: ListStore, text: str, owner: str = CLINIC, kind: TermKind = TermKind.DRUG) -> ListedTerm:
    id_ = lists.term_id(owner, text)
    return ListedTerm(id=id_, text=text, kind=kind, owner=owner, added_by="ana", added_at="2026-01-05T09:00:00Z")


def learnt(visit: str, seq: int, text: str = SPOKEN) -> Correction:
    return Correction(visit=visit, seq=seq, heard="zebra fish", text=text)


async def test_it_is_the_port_that_the_wordbook_knows(lists: ListStore) -> None:
    port: TermStore = lists
    assert (await port.terms(), await port.corrections(), await port.rules()) == ([], [], [])


async def test_terms_are_read_back_the_same_and_a_newer_one_takes_the_place_of_its_like(lists: ListStore) -> None:
    clinics, own = term(lists, "Zepbound"), term(lists, "Zepbound", owner="ana", kind=TermKind.OTHER)
    await lists.put([clinics, own])
    assert sorted(await lists.terms(), key=lambda t: t.owner) == [clinics, own]
    newer = term(lists, "ZEPBOUND.")
    assert newer.id == clinics.id
    await lists.put([newer])
    assert {t.text for t in await lists.terms() if t.owner == CLINIC} == {"ZEPBOUND."}
    await lists.take_out([newer.id])
    assert await lists.terms() == [own]


async def test_a_list_is_replaced_whole_and_others_lists_are_left(lists: ListStore) -> None:
    await lists.put([term(lists, "Zepbound"), term(lists, "Wegovy"), term(lists, "Zepbound", owner="ana")])
    await lists.replace(CLINIC, [term(lists, "Ozempic")])
    assert sorted((t.owner, t.text) for t in await lists.terms()) == [("", "Ozempic"), ("ana", "Zepbound")]
    await lists.replace(CLINIC, [])
    assert [t.owner for t in await lists.terms()] == ["ana"]


async def test_what_a_visit_teaches_is_all_that_it_teaches(lists: ListStore, visits: VisitStore) -> None:
    await lists.learn("v1", [learnt("v1", 2), learnt("v1", 3)])
    await lists.learn("v2", [learnt("v2", 5)])
    await lists.learn("v1", [learnt("v1", 3, "tetra")])
    assert await lists.corrections() == [learnt("v1", 3, "tetra"), learnt("v2", 5)]


async def test_a_strike_destroys_what_was_learnt_from_the_entries_it_names(
    lists: ListStore, visits: VisitStore
) -> None:
    await lists.learn("v1", [learnt("v1", 2), learnt("v1", 5)])
    await lists.learn("v2", [learnt("v2", 2)])
    await visits.append("v1", [strike(6, 2)], summary("v1", seq=6))
    assert await lists.corrections() == [learnt("v1", 5), learnt("v2", 2)]


async def test_what_was_read_before_a_strike_is_not_learnt_after_it(lists: ListStore, visits: VisitStore) -> None:
    await visits.append("v1", [strike(6, 2)], summary("v1", seq=6))
    await lists.learn("v1", [learnt("v1", 2), learnt("v1", 5)])
    assert await lists.corrections() == [learnt("v1", 5)]


async def test_a_decision_is_kept_changed_and_forgotten(lists: ListStore) -> None:
    rule = Rule(heard="zebra fish", text=SPOKEN, state=RuleState.APPROVED, decided_by="pat", decided_at="now")
    await lists.decide(rule)
    assert await lists.rules() == [rule]
    declined = Rule(heard="Zebra fish", text=SPOKEN, state=RuleState.DECLINED, decided_by="lee", decided_at="later")
    await lists.decide(declined)
    assert await lists.rules() == [declined]
    await lists.undo(lists.rule_id(rule))
    assert await lists.rules() == []


async def test_nobody_without_the_key_reads_a_term_a_correction_or_a_rule(
    lists: ListStore, visits: VisitStore, tmp_path: Path
) -> None:
    await lists.put([term(lists, f"{SPOKEN} term")])
    await lists.learn("v1", [learnt("v1", 2)])
    await lists.decide(Rule(heard="zebra fish", text=SPOKEN, state=RuleState.APPROVED))
    held = bytes_on_disk(tmp_path)
    assert DATABASE_NAME and b"terms_by_owner" in held
    assert SPOKEN.encode() not in held and b"zebra fish" not in held
    assert lists.term_id(CLINIC, "x") != ListStore(lists._database, MasterKey(new_key())).term_id(CLINIC, "x")


async def test_a_row_that_was_altered_or_moved_is_left_out_and_logged_without_its_words(
    lists: ListStore, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    kept = term(lists, "Wegovy")
    await lists.put([term(lists, SPOKEN), kept])
    moved = f"UPDATE terms SET id = 'elsewhere' WHERE id != '{kept.id}'"
    await database.write(lambda c: c.exec_driver_sql(moved))
    assert await lists.terms() == [kept]
    (record,) = caplog.records
    assert record.getMessage() == "a row of the lists cannot be read" and SPOKEN not in str(vars(record))
