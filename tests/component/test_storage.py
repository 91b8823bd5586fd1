"""What every store of visits must do: one suite, whichever database is behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from live_scribe.core.codec import encode
from live_scribe.core.events import WordsCommitted
from live_scribe.core.log import Struck
from live_scribe.core.words import Word
from live_scribe.errors import NotFound, SequenceConflict, StorageError
from live_scribe.ports import EventStore
from live_scribe.storage import rows
from live_scribe.storage.envelope import new_key
from live_scribe.storage.keys import MasterKey
from live_scribe.storage.store import VisitStore, open_store
from tests.component.stored_visits import SPOKEN, conversation, entry, lay_out, strike, summary


@pytest.fixture(params=["sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[VisitStore]:
    """A new store of each kind that there is."""
    async with open_store(lay_out(tmp_path), MasterKey(new_key())) as opened:
        yield opened


async def test_it_is_the_port_that_sessions_know(store: VisitStore) -> None:
    port: EventStore = store
    assert await port.summaries() == []


async def test_what_was_appended_is_read_back_the_same(store: VisitStore) -> None:
    log = conversation()
    await store.append("v1", log[:2], summary())
    await store.append("v1", log[2:], summary())
    assert await store.read("v1") == log
    assert await store.read("v1", since=3) == log[3:]
    assert await store.read("v1", since=5) == []


async def test_a_visit_that_is_not_there_has_no_entries_and_no_chain(store: VisitStore) -> None:
    assert await store.read("v9") == []
    with pytest.raises(NotFound):
        await store.verify("v9")
    with pytest.raises(NotFound):
        await store.derived_key("v9", "audio")


@pytest.mark.parametrize("seqs", [[2], [5], [3, 5], [4, 3], []])
async def test_entries_that_do_not_follow_are_refused_and_nothing_is_stored(store: VisitStore, seqs: list[int]) -> None:
    if seqs:
        await store.append("v1", [entry(1), entry(2)], summary())
    with pytest.raises(SequenceConflict):
        await store.append("v1", [entry(s) for s in seqs], summary())
    assert len(await store.read("v1")) == (2 if seqs else 0)


async def test_what_has_been_destroyed_cannot_be_stored_again(store: VisitStore) -> None:
    struck = replace(entry(1), fact=Struck(type="moment_marked"))
    with pytest.raises(StorageError, match="entry 1 of visit v1 has no content"):
        await store.append("v1", [struck], summary())
    assert await store.summaries() == []


async def test_a_number_that_json_does_not_have_stores_nothing(store: VisitStore) -> None:
    bad = WordsCommitted(words=(Word(id="w1", text="x", probability=float("nan")),))
    with pytest.raises(ValueError, match="JSON"):
        await store.append("v1", [entry(1, bad)], summary())
    assert await store.read("v1") == []


async def test_half_a_character_is_stored_in_content_and_refused_in_an_id(store: VisitStore) -> None:
    said = entry(1, WordsCommitted(words=(Word(id="w1", text="\ud83d"),)))
    await store.append("v1", [said], summary())
    assert await store.read("v1") == [said]
    with pytest.raises(StorageError, match="half a character"):
        await store.append("v1", [entry(2, command="\ud83d")], summary())
    assert (await store.verify("v1")).entries == 1


async def test_a_field_of_a_newer_version_is_passed_over(store: VisitStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(rows, "encode", lambda fact: encode(fact) | {"mood": "calm"})
        await store.append("v1", conversation(), summary())
    assert await store.read("v1") == conversation()


async def test_a_fact_that_only_a_newer_version_knows_is_one_clear_line(
    store: VisitStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.append("v1", conversation(), summary())
    monkeypatch.setattr(rows, "by_name", lambda _: {})
    with pytest.raises(StorageError, match=r"entry 1 of visit v1 cannot be read: .* newer version of live_scribe"):
        await store.read("v1")


async def test_a_fact_of_another_form_is_named_without_its_words(
    store: VisitStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setattr(rows, "encode", lambda fact: encode(fact) | {"words": SPOKEN})
        await store.append("v1", [entry(1)], summary())
    with pytest.raises(StorageError, match=r"entry 1 of visit v1 .*words has the wrong type") as caught:
        await store.read("v1")
    assert SPOKEN not in str(caught.value)


async def test_the_worklist_has_the_newest_visit_first_and_its_latest_line(store: VisitStore) -> None:
    await store.append("old", [entry(1)], summary("old", created_at="2026-01-04T09:00:00Z"))
    await store.append("new", [entry(1)], summary("new", created_at="2026-01-05T09:00:00Z"))
    await store.append("old", [entry(2)], summary("old", created_at="2026-01-04T09:00:00Z", seq=2))
    lines = await store.summaries()
    assert [(line.visit, line.seq) for line in lines] == [("new", 0), ("old", 2)]
    assert lines[1].patient["name"] == f"Mr {SPOKEN.title()}"


async def test_the_worklists_line_changes_without_a_new_entry(store: VisitStore) -> None:
    await store.append("v1", [entry(1)], summary())
    await store.append("v1", [], summary(seq=1))
    assert [line.seq for line in await store.summaries()] == [1]
    assert (await store.verify("v1")).intact


async def test_a_chain_verifies(store: VisitStore) -> None:
    await store.append("v1", conversation(), summary())
    found = await store.verify("v1")
    assert found.intact
    assert (found.visit, found.entries, found.struck) == ("v1", 5, 0)


async def test_a_strike_destroys_what_it_names_and_the_chain_still_verifies(store: VisitStore) -> None:
    log = conversation()
    await store.append("v1", log, summary())
    await store.append("v1", [strike(6, 1, 3)], summary())
    kept = await store.read("v1")
    assert [e.fact for e in kept if e.seq in (1, 3)] == [Struck(type="words_committed")] * 2
    assert [e for e in kept if e.seq in (2, 4, 5)] == [log[1], log[3], log[4]]
    assert (kept[2].command, kept[2].by, kept[2].clock) == ("c7", "ana", 1.5)
    found = await store.verify("v1")
    assert found.intact
    assert found.struck == 2


async def test_striking_again_does_no_harm(store: VisitStore) -> None:
    await store.append("v1", conversation(), summary())
    await store.append("v1", [strike(6, 1)], summary())
    await store.strike("v1", [1])
    await store.strike("v1", [])
    await store.append("v1", [strike(7, 1, 2)], summary())
    found = await store.verify("v1")
    assert found.intact
    assert found.struck == 2


async def test_a_strike_leaves_other_visits_alone(store: VisitStore) -> None:
    for visit in ("v1", "v2"):
        await store.append(visit, conversation(), summary(visit))
    await store.append("v1", [strike(6, 1)], summary())
    assert await store.read("v2") == conversation()


async def test_content_that_vanished_without_a_strike_is_reported(store: VisitStore) -> None:
    await store.append("v1", conversation(), summary())
    await store.strike("v1", [4])
    found = await store.verify("v1")
    assert (found.first_bad, found.reason) == (4, "its content was removed without a strike")


async def test_each_visit_and_each_purpose_has_its_own_key(store: VisitStore) -> None:
    for visit in ("v1", "v2"):
        await store.append(visit, [entry(1)], summary(visit))
    keys = [await store.derived_key(v, p) for v in ("v1", "v2") for p in ("audio", "export")]
    assert len(set(keys)) == 4
    assert {len(k) for k in keys} == {32}
    assert await store.derived_key("v1", "audio") == keys[0]
