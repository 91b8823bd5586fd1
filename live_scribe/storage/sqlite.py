"""SQLite: one file, one writer, many readers. All that is SQLite's own stands here; the SQL beside it is portable."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from live_scribe.errors import StorageError
from live_scribe.storage import migrate

T = TypeVar("T")

DATABASE_NAME = "live_scribe.db"
READERS = 4
"""Threads that read: more would only wait for the disk."""

BUSY_TIMEOUT_S = 10.0
"""How long a write waits for another process (a backup, `live-scribe users add`) before it gives up."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers never wait for the writer
    "PRAGMA synchronous = FULL",  # in WAL mode, NORMAL may lose the last commits in a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is struck is overwritten, not just unlinked
)

_SAYINGS = {
    "SQLITE_FULL": "the disk is full: make room and try again; what was stored before is safe",
    "SQLITE_READONLY": "it cannot be written to: check the permissions of the data folder",
    "SQLITE_CANTOPEN": "it cannot be opened: check that the data folder exists and may be written to",
    "SQLITE_NOTADB": "it is not a database: move it away, or put back a backup",
    "SQLITE_CORRUPT": "it is damaged: put back a backup",
    "SQLITE_BUSY": "another program keeps it locked: end that program and try again",
    "SQLITE_IOERR": "the disk could not be read or written: check that it has room and is in order",
}


class Database:
    """The database of a data folder. Use `open_database`; jobs get a connection inside a transaction."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / DATABASE_NAME
        self._make_folder(folder)
        with self._errors():
            self._check_form()
            # Made by us and not by SQLite, which would let everybody read it, and the log beside it.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        self._writer, self._reader = _engine(self.path, "IMMEDIATE"), _engine(self.path, "DEFERRED")
        try:
            self._run(self._writer, self._upgrade)
        except BaseException:
            self._writer.dispose()
            raise
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")

    async def write(self, job: Callable[[Connection], T]) -> T:
        """Run `job` in a transaction in the writer's thread; it is on disk when this returns. Raises StorageError."""
        return await asyncio.get_running_loop().run_in_executor(self._write_thread, self._run, self._writer, job)

    async def read(self, job: Callable[[Connection], T]) -> T:
        """Run `job` on one unchanging view of the database, in a reader's thread. Raises StorageError."""
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, self._run, self._reader, job)

    async def purge(self) -> None:
        """Make deleted rows vanish from the write-ahead log too. Raises StorageError while a reader holds it up."""
        await asyncio.get_running_loop().run_in_executor(self._write_thread, self._purge)

    def close(self) -> None:
        """Finish what is under way and close."""
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        self._reader.dispose()
        self._writer.dispose()

    def _run(self, engine: Engine, job: Callable[[Connection], T]) -> T:
        with self._errors(), engine.begin() as connection:
            return job(connection)

    def _upgrade(self, connection: Connection) -> None:
        if migrate.check(migrate.revision(connection), self.path):
            migrate.upgrade(connection)

    def _purge(self) -> None:
        with self._errors():
            raw = self._writer.raw_connection()
            try:
                busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                raw.close()
        if busy:
            raise StorageError(f"{self.path}: what was struck is still in its log: end other programs and strike again")

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as exc:
            raise StorageError(f"the data folder {folder} cannot be made: {exc.strerror}") from exc

    def _check_form(self) -> None:
        """Look at an existing database without setting anything: one that is not ours must stay as it is."""
        if self.path.is_dir():
            raise StorageError(f"{self.path} is a folder where the database should be: move it away")
        if not self.path.exists() or not self.path.stat().st_size:
            return
        engine = create_engine(URL.create("sqlite"), creator=lambda: _existing(self.path))
        try:
            with engine.connect() as connection:
                migrate.check(migrate.revision(connection), self.path)
        finally:
            engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as exc:
            # The cause's text is left out of the line: it may quote what was being stored.
            name = str(getattr(getattr(exc, "orig", None), "sqlite_errorname", type(exc).__name__))
            said = next((s for code, s in _SAYINGS.items() if name.startswith(code)), f"it failed with {name}")
            raise StorageError(f"{self.path}: {said}") from exc
        except sqlite3.Error as exc:
            raise StorageError(f"{self.path}: it failed with {exc.sqlite_errorname}") from exc
        except UnicodeDecodeError:
            # sqlite3 fails so where SQLite's complaint about a damaged file quotes the damage.
            raise StorageError(f"{self.path}: {_SAYINGS['SQLITE_CORRUPT']}") from None
        except UnicodeEncodeError:
            raise StorageError(f"{self.path}: a name or an id has half a character in it: send whole ones") from None
        except OSError as exc:
            raise StorageError(f"{self.path}: {exc.strerror}") from exc


@asynccontextmanager
async def open_database(folder: Path) -> AsyncIterator[Database]:
    """Open the database of a data folder, made and migrated as needed. Raises StorageError, SchemaTooNew."""
    database = await asyncio.to_thread(Database, folder)
    try:
        yield database
    finally:
        await asyncio.to_thread(database.close)


def _existing(path: Path) -> sqlite3.Connection:
    # Not mode=ro: a reader that may not write would leave the log's index files behind.
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_S)
    connection.text_factory = _lenient
    return connection


def _engine(path: Path, begin: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,  # or a failing statement's values would stand in the exception
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where sqlite3 guesses
        connection.text_factory = _lenient
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine


def _lenient(raw: bytes) -> str:
    """Return text even where a byte was altered: the chain must be able to name the entry instead of failing."""
    return raw.decode("utf-8", "surrogateescape")
