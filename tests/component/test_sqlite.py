"""The database as a file: tampering, leaks, damage, a full disk, other versions and other keys."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from live_scribe.core.log import Entry, Verification
from live_scribe.errors import NotFound, SchemaTooNew, StorageError
from live_scribe.storage import migrate
from live_scribe.storage.envelope import new_key
from live_scribe.storage.keys import MasterKey
from live_scribe.storage.schema import REVISION, metadata
from live_scribe.storage.sqlite import DATABASE_NAME, Database, open_database
from live_scribe.storage.store import VisitStore, open_store
from tests.component.stored_visits import SPOKEN, bytes_on_disk, conversation, entry, strike, summary

KEY = MasterKey(new_key())
ENTRIES = 6
CHAINED = ("visit", "seq", "at", "by", "clock", "type", "command", "strikes", "mac", "hash")
SEALED = ("visit", "seq", "envelope", "sealed_key", "sealed_payload")
HEAD = ("seq", "head", "seal")


def _log() -> list[Entry]:
    return [*conversation(), strike(ENTRIES, 1)]


async def _fill(folder: Path) -> None:
    async with open_store(folder, KEY) as store:
        await store.append("v1", _log(), summary())


async def _look(folder: Path) -> tuple[Verification, list[Entry]]:
    async with open_store(folder, KEY) as store:
        return await store.verify("v1"), await store.read("v1")


async def _verify(folder: Path) -> Verification:
    async with open_store(folder, KEY) as store:
        return await store.verify("v1")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one visit of six entries, the first of them struck by the last. A store has it open."""
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(_fill(folder))
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with everything in the one file, for those who copy it."""
    folder = tmp_path_factory.mktemp("written")
    asyncio.run(_fill(folder))
    return folder


@pytest.fixture(scope="module")
def verified(filled: Path) -> Iterator[Callable[[], Verification]]:
    """Checks the chain of `filled` through a store that stays open."""
    with asyncio.Runner() as runner:
        context = open_store(filled, KEY)
        store = runner.run(context.__aenter__())
        yield lambda: runner.run(store.verify("v1"))
        runner.run(context.__aexit__(None, None, None))


class Thief:
    """Somebody who has the file and keeps to none of our rules."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)
        self._db.text_factory = bytes

    def close(self) -> None:
        self._db.close()

    def row(self, table: str, seq: int) -> int:
        found = self._db.execute(f"SELECT rowid FROM {table} WHERE seq = {seq}").fetchone()
        return int(found[0]) if found else 0

    def get(self, table: str, column: str, row: int) -> tuple[object, str]:
        found = self._db.execute(f"SELECT {column}, typeof({column}) FROM {table} WHERE rowid = {row}").fetchone()
        return (found[0], found[1].decode()) if found else (None, "null")

    def put(self, table: str, column: str, row: int, value: object, kind: str) -> None:
        given_ = "CAST(? AS TEXT)" if kind == "text" else "?"
        self._db.execute(f"UPDATE {table} SET {column} = {given_} WHERE rowid = {row}", [value])

    def run(self, sql: str) -> None:
        self._db.execute(sql)


def _altered(value: object, at: int, bit: int) -> object:
    """`value` with one bit of one of its bytes on disk turned over."""
    if isinstance(value, int):
        return value ^ (1 << bit)
    if isinstance(value, float):
        return struct.unpack(">d", _flip(struct.pack(">d", value), at, bit))[0]
    assert isinstance(value, bytes)
    return _flip(value, at, bit)


def _flip(data: bytes, at: int, bit: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def _first_bad(table: str, column: str, seq: int, forged: object) -> int:
    """The first entry that is not as written: one with another number is missing here and too many there."""
    if column != "seq" or not isinstance(forged, int):
        return seq
    return min(seq, forged) if table == "entries" or 1 <= forged <= ENTRIES else seq


@settings(max_examples=150)
@given(
    place=st.sampled_from([*(("entries", c) for c in CHAINED), *(("payloads", c) for c in SEALED)]),
    seq=st.integers(1, ENTRIES),
    at=st.integers(0, 300),
    bit=st.integers(0, 7),
)
def test_altering_any_stored_byte_is_detected_and_its_entry_named(
    filled: Path, verified: Callable[[], Verification], place: tuple[str, str], seq: int, at: int, bit: int
) -> None:
    table, column = place
    thief = Thief(filled)
    row = thief.row(table, seq)
    value, kind = thief.get(table, column, row)
    try:
        if value is None or value == b"":
            return  # a struck payload, no command, no strikes: there is no byte to alter
        forged = _altered(value, at, bit)
        try:
            thief.put(table, column, row, forged, kind)
        except sqlite3.IntegrityError:
            return  # there is an entry of that number: the database itself refuses
        try:
            assert verified().first_bad == _first_bad(table, column, seq, forged)
        finally:
            thief.put(table, column, row, value, kind)
    finally:
        thief.close()


@settings(max_examples=20)
@given(column=st.sampled_from(HEAD), at=st.integers(0, 300), bit=st.integers(0, 7))
def test_altering_the_sealed_end_of_the_chain_is_detected(
    filled: Path, verified: Callable[[], Verification], column: str, at: int, bit: int
) -> None:
    thief = Thief(filled)
    value, kind = thief.get("visits", column, 1)
    thief.put("visits", column, 1, _altered(value, at, bit), kind)
    try:
        assert not verified().intact
    finally:
        thief.put("visits", column, 1, value, kind)
        thief.close()


@settings(max_examples=25)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_byte_of_the_file_can_change_what_is_read_unseen(
    written: Path, tmp_path_factory: pytest.TempPathFactory, at: float, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    file = folder / DATABASE_NAME
    data = (written / DATABASE_NAME).read_bytes()
    file.write_bytes(_flip(data, int(at * len(data)), bit))
    try:
        verification, read = asyncio.run(_look(folder))
    except (StorageError, NotFound):
        return
    finally:
        shutil.rmtree(folder)
    assert read[1:] == _log()[1:] or not verification.intact


@pytest.mark.parametrize(
    ("sql", "first_bad"),
    [
        ("DELETE FROM entries WHERE seq = 3", 3),
        ("DELETE FROM entries WHERE seq >= 4", 4),
        ("DELETE FROM entries", 1),
        ("DELETE FROM payloads WHERE seq = 3", 3),
        ("UPDATE entries SET seq = seq + 1 WHERE seq = 6", 6),
        ("UPDATE entries SET seq = 9 WHERE seq = 2; UPDATE entries SET seq = 2 WHERE seq = 3", 2),
        ("INSERT INTO entries SELECT visit, 7, at, by, clock, type, '', '', mac, hash FROM entries LIMIT 1", 7),
    ],
)
def test_removed_added_and_moved_entries_are_named(written: Path, tmp_path: Path, sql: str, first_bad: int) -> None:
    shutil.copy(written / DATABASE_NAME, tmp_path)
    thief = Thief(tmp_path)
    for statement in sql.split(";"):
        thief.run(statement)
    thief.close()
    assert asyncio.run(_verify(tmp_path)).first_bad == first_bad


async def test_an_altered_entry_is_not_read_as_if_it_were_true(written: Path, tmp_path: Path) -> None:
    shutil.copy(written / DATABASE_NAME, tmp_path)
    thief = Thief(tmp_path)
    thief.run("UPDATE entries SET by = 'bob' WHERE seq = 3")
    thief.close()
    async with open_store(tmp_path, KEY) as store:
        with pytest.raises(StorageError, match=r"entry 3 of visit v1 cannot be read: .* `live-scribe verify`"):
            await store.read("v1")


async def test_an_altered_visit_key_is_one_clear_line(written: Path, tmp_path: Path) -> None:
    shutil.copy(written / DATABASE_NAME, tmp_path)
    thief = Thief(tmp_path)
    thief.run("UPDATE visits SET wrapped_key = zeroblob(60)")
    thief.close()
    async with open_store(tmp_path, KEY) as store:
        with pytest.raises(StorageError, match="the key of visit v1 was altered: put back a backup"):
            await store.verify("v1")


async def test_one_damaged_line_does_not_take_the_worklist_from_everybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(tmp_path, KEY) as store:
        await store.append("v1", [entry(1)], summary("v1"))
        await store.append("v2", [entry(1)], summary("v2"))
        thief = Thief(tmp_path)
        thief.run("UPDATE visits SET summary = zeroblob(99) WHERE id = 'v1'")
        thief.close()
        assert [line.visit for line in await store.summaries()] == ["v2"]
    assert "cannot be read" in caplog.text
    assert SPOKEN not in caplog.text.lower()


async def test_no_spoken_word_is_readable_in_any_file(tmp_path: Path) -> None:
    async with open_store(tmp_path, KEY) as store:
        await store.append("v1", conversation(), summary())
        while_open = bytes_on_disk(tmp_path)
    for data in (while_open, bytes_on_disk(tmp_path)):
        assert b"words_committed" in data, "the chain itself is plain"
        assert SPOKEN.encode() not in data.lower()
        assert SPOKEN.encode("utf-16-le") not in data.lower()


async def test_what_was_struck_is_gone_from_every_file(tmp_path: Path) -> None:
    async with open_store(tmp_path, KEY) as store:
        await store.append("v1", conversation(), summary())
        thief = Thief(tmp_path)
        row = thief.row("payloads", 3)
        sealed = [thief.get("payloads", column, row)[0] for column in ("sealed_key", "sealed_payload")]
        thief.close()
        assert all(isinstance(s, bytes) and s in bytes_on_disk(tmp_path) for s in sealed)
        await store.append("v1", [strike(ENTRIES, 3)], summary())
        left = bytes_on_disk(tmp_path)
    assert not any(isinstance(s, bytes) and s[:16] in left for s in sealed)


async def test_a_reader_that_holds_up_the_erasing_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live_scribe.storage.sqlite.BUSY_TIMEOUT_S", 0.05)
    async with open_store(tmp_path, KEY) as store:
        await store.append("v1", conversation(), summary())
        thief = Thief(tmp_path)
        thief.run("BEGIN")
        thief.row("entries", 1)
        with pytest.raises(StorageError, match="what was struck is still in its log"):
            await store.append("v1", [strike(ENTRIES, 3)], summary())
        thief.close()
        await store.strike("v1", [3])
        assert (await store.verify("v1")).intact


async def test_another_master_key_is_one_clear_line_and_changes_nothing(written: Path, tmp_path: Path) -> None:
    shutil.copy(written / DATABASE_NAME, tmp_path)
    with pytest.raises(StorageError, match=r"the master key is not the one that .* was written with"):
        async with open_store(tmp_path, MasterKey(new_key())):
            pass
    assert (await _verify(tmp_path)).intact


async def test_a_database_of_a_newer_version_is_refused_and_not_touched(written: Path, tmp_path: Path) -> None:
    shutil.copy(written / DATABASE_NAME, tmp_path)
    thief = Thief(tmp_path)
    thief.run("UPDATE alembic_version SET version_num = '0999'")
    thief.close()
    before = bytes_on_disk(tmp_path)
    with pytest.raises(SchemaTooNew, match=r"newer version of live_scribe \(form 0999.*update live_scribe"):
        async with open_database(tmp_path):
            pass
    assert bytes_on_disk(tmp_path) == before


async def test_a_database_of_an_older_version_is_brought_up_to_date(written: Path, tmp_path: Path) -> None:
    shutil.copy(written / DATABASE_NAME, tmp_path)
    thief = Thief(tmp_path)
    newer = ("sessions", "users", "terms", "corrections", "rules")
    for sql in (*(f"DROP TABLE {name}" for name in newer), "UPDATE alembic_version SET version_num = '0001'"):
        thief.run(sql)
    thief.close()
    assert (await _verify(tmp_path)).intact
    async with open_database(tmp_path) as database:
        assert await database.read(migrate.revision) == REVISION


async def test_the_migrations_make_just_the_tables_of_the_schema(tmp_path: Path) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with open_database(tmp_path) as database:
        assert await database.read(differences) == []


def test_the_schema_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


async def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / DATABASE_NAME) as other:
        other.execute("CREATE TABLE recipes (cake TEXT)")
    other.close()
    before = bytes_on_disk(tmp_path)
    with pytest.raises(StorageError, match="belongs to another program: choose another data folder"):
        async with open_database(tmp_path):
            pass
    assert bytes_on_disk(tmp_path) == before


async def test_what_is_not_a_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"a letter to the editor\n" * 400)
    with pytest.raises(StorageError, match="is not a database: move it away, or put back a backup"):
        async with open_database(tmp_path):
            pass


async def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"the data folder .* cannot be made"):
        async with open_database(tmp_path / "file" / "data"):
            pass


async def test_a_folder_in_the_databases_place_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).mkdir()
    with pytest.raises(StorageError, match="is a folder where the database should be: move it away"):
        async with open_database(tmp_path):
            pass


async def test_the_database_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    async with open_store(tmp_path / "data", KEY) as store:
        await store.append("v1", conversation(), summary())
        assert _modes(tmp_path / "data") == {0o700, 0o600}
    assert _modes(tmp_path / "data") == {0o700, 0o600}


def _modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}


async def _limit(database: Database, pages: int) -> None:
    await database.write(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {pages}").fetchall())


async def test_a_full_disk_is_one_clear_line_and_loses_nothing(tmp_path: Path) -> None:
    async with open_database(tmp_path) as database:
        store = VisitStore(database, KEY)
        await store.prepare()
        await store.append("v1", conversation(), summary())
        await _limit(database, 1)  # SQLite then has no room for one page more, as on a full disk
        more = [entry(n) for n in range(6, 200)]
        with pytest.raises(StorageError, match="the disk is full: make room"):
            await store.append("v1", more, summary())
        assert await store.read("v1") == conversation()
        await _limit(database, 1 << 20)
        await store.append("v1", more, summary())
        assert (await store.verify("v1")).entries == 199


async def test_a_database_locked_by_another_program_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live_scribe.storage.sqlite.BUSY_TIMEOUT_S", 0.05)
    async with open_store(tmp_path, KEY) as store:
        await store.append("v1", conversation(), summary())
        thief = Thief(tmp_path)
        thief.run("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="another program keeps it locked"):
            await store.append("v1", [entry(6)], summary())
        thief.close()
        await store.append("v1", [entry(6)], summary())


async def test_two_processes_cannot_write_the_same_entry(tmp_path: Path) -> None:
    async with open_store(tmp_path, KEY) as one, open_store(tmp_path, KEY) as other:
        await one.append("v1", [entry(1)], summary())
        results = await asyncio.gather(
            *(s.append("v1", [entry(2)], summary()) for s in (one, other)), return_exceptions=True
        )
        assert sorted(type(r).__name__ for r in results) == ["NoneType", "SequenceConflict"]
        assert (await other.verify("v1")).entries == 2


async def test_an_error_of_the_database_never_quotes_what_was_stored(tmp_path: Path) -> None:
    async with open_database(tmp_path) as database:
        secret = SPOKEN

        def fail(connection: Connection) -> None:
            connection.exec_driver_sql("INSERT INTO keyring VALUES (?, ?, ?)", (1, secret, secret))

        with pytest.raises(StorageError) as caught:
            await database.write(fail)
    assert secret not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__cause__}"
