"""The store of visits' logs: encrypted payloads beside a hash chain, one transaction for each append."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from live_scribe.core.audit import GENESIS, Head, Link, canonical, verify_chain
from live_scribe.core.codec import decode, encode
from live_scribe.core.log import Entry, Verification, VisitSummary
from live_scribe.errors import NotFound, SequenceConflict, StorageError
from live_scribe.storage import rows
from live_scribe.storage.envelope import Sealer, new_key
from live_scribe.storage.keys import MasterKey
from live_scribe.storage.schema import corrections, keyring, payloads, visits
from live_scribe.storage.schema import entries as entries_table
from live_scribe.storage.sqlite import Database, open_database

_log = logging.getLogger(__name__)

_PROOF = b"live_scribe master key"
_CHUNK_ROWS = 500
"""Entries fetched at once where a whole log is walked: bounds memory, whatever the visit's length."""


class VisitStore:
    """ports.EventStore over SQLAlchemy Core. `prepare` must have run once; `open_store` does it."""

    def __init__(self, database: Database, master: MasterKey) -> None:
        self._database = database
        self._master = master

    async def prepare(self) -> None:
        """Hold the master key against the one that the data was sealed under. Raises StorageError for another."""
        await self._database.write(self._prove)

    async def append(self, visit: str, entries: Sequence[Entry], summary: VisitSummary) -> None:
        """Store `entries` and `summary` in one transaction, on disk when this returns; see ports.EventStore.

        The content of what an `AudioStruck` among them strikes is destroyed in the same transaction, so that no crash
        can come between the word and the deed.
        """
        await self._database.write(lambda c: self._append(c, visit, entries, summary))
        if any(rows.struck_seqs(e) for e in entries):
            await self._database.purge()

    async def read(self, visit: str, *, since: int = 0) -> list[Entry]:
        """Return the entries with a seq above `since`, in order; none for a visit that is not there."""
        return await self._database.read(lambda c: self._read(c, visit, since))

    async def summaries(self) -> list[VisitSummary]:
        """Return the worklist, newest first. A line that cannot be opened is left out, and logged."""
        return await self._database.read(self._summaries)

    async def strike(self, visit: str, seqs: Sequence[int]) -> None:
        """Destroy payload and key of these entries, on disk too. Once more does no harm."""
        await self._database.write(lambda c: _destroy(c, visit, seqs))
        await self._database.purge()

    async def verify(self, visit: str) -> Verification:
        """Check the visit's chain. Raises NotFound where there is no such visit."""
        return await self._database.read(lambda c: self._verify(c, visit))

    async def derived_key(self, visit: str, purpose: str) -> bytes:
        """Return the visit's key for one purpose ("audio"). Raises NotFound."""
        return await self._database.read(lambda c: self._visit_key(c, visit).derive(purpose))

    def _prove(self, connection: Connection) -> None:
        proof = connection.execute(select(keyring.c.proof)).scalar()
        if proof is None:
            connection.execute(insert(keyring).values(id=1, proof=self._master.seal(_PROOF, _PROOF)))
            return
        try:
            self._master.open(proof, _PROOF)
        except StorageError:
            raise StorageError(
                f"the master key is not the one that {self._database.path} was written with: give that one"
            ) from None

    def _append(self, connection: Connection, visit: str, entries: Sequence[Entry], summary: VisitSummary) -> None:
        row = connection.execute(select(visits).where(visits.c.id == visit)).first()
        seq, head = (row.seq, row.head) if row else (0, GENESIS)
        if [e.seq for e in entries] != list(range(seq + 1, seq + 1 + len(entries))) or not (row or entries):
            raise SequenceConflict(f"visit {visit} stands at entry {seq}: read what is new and try again")
        wrapped = row.wrapped_key if row else self._master.seal(new_key(), _wrapping(visit))
        key = self._open_key(visit, wrapped)
        sealed = [rows.seal_entry(key, visit, e) for e in entries]
        head = rows.link(head, sealed)
        values = self._visit_row(key, visit, seq + len(entries), head, summary)
        if row:
            connection.execute(update(visits).where(visits.c.id == visit).values(values))
        else:
            connection.execute(insert(visits).values(id=visit, wrapped_key=wrapped, **values))
        if sealed:
            connection.execute(insert(entries_table), [s.row() for s in sealed])
            connection.execute(insert(payloads), [s.payload for s in sealed])
        for struck in filter(None, map(rows.struck_seqs, entries)):
            _destroy(connection, visit, sorted(struck))

    def _visit_row(self, key: Sealer, visit: str, seq: int, head: bytes, summary: VisitSummary) -> dict[str, object]:
        return {
            "created_at": summary.created_at,
            "state": str(summary.state),
            "seq": seq,
            "head": head,
            "seal": _seal(key, visit, seq, head),
            "summary": key.seal(canonical(encode(summary)), _summary_of(visit)),
        }

    def _read(self, connection: Connection, visit: str, since: int) -> list[Entry]:
        wrapped = connection.execute(select(visits.c.wrapped_key).where(visits.c.id == visit)).scalar()
        if wrapped is None:
            return []
        key = self._open_key(visit, wrapped)
        found = connection.execute(rows.joined(visit).where(entries_table.c.seq > since))
        return [rows.open_entry(key, row) for row in found]

    def _summaries(self, connection: Connection) -> list[VisitSummary]:
        newest_first = select(visits).order_by(visits.c.created_at.desc(), visits.c.id)
        lines = []
        for row in connection.execute(newest_first):
            try:
                key = self._open_key(row.id, row.wrapped_key)
                lines.append(decode(VisitSummary, json.loads(key.open(row.summary, _summary_of(row.id)))))
            except (StorageError, ValueError) as exc:
                # One damaged line must not take the worklist from everybody; `verify` tells what happened to it.
                _log.error(
                    "a visit's line in the worklist cannot be read",
                    extra={"visit": row.id, "error": type(exc).__name__},
                )
        return lines

    def _verify(self, connection: Connection, visit: str) -> Verification:
        row = connection.execute(select(visits).where(visits.c.id == visit)).first()
        if row is None:
            raise NotFound(f"there is no visit {visit}")
        key = self._open_key(visit, row.wrapped_key)
        sealed = hmac.compare_digest(_seal(key, visit, row.seq, row.head), row.seal)
        return verify_chain(visit, _links(connection, key, visit), Head(seq=row.seq, hash=row.head, sealed=sealed))

    def _visit_key(self, connection: Connection, visit: str) -> Sealer:
        wrapped = connection.execute(select(visits.c.wrapped_key).where(visits.c.id == visit)).scalar()
        if wrapped is None:
            raise NotFound(f"there is no visit {visit}")
        return self._open_key(visit, wrapped)

    def _open_key(self, visit: str, wrapped: bytes) -> Sealer:
        try:
            return Sealer(self._master.open(wrapped, _wrapping(visit)))
        except StorageError:
            raise StorageError(f"the key of visit {visit} was altered: put back a backup of the database") from None


@asynccontextmanager
async def open_store(data_dir: Path, master: MasterKey) -> AsyncIterator[VisitStore]:
    """Open the store of a data folder. Raises StorageError (wrong key, damaged, full), SchemaTooNew."""
    async with open_database(data_dir) as database:
        store = VisitStore(database, master)
        await store.prepare()
        yield store


def _destroy(connection: Connection, visit: str, seqs: Sequence[int]) -> None:
    """Delete what these entries held, and what was learnt from them."""
    for table in (payloads, corrections):
        connection.execute(delete(table).where(table.c.visit == visit, table.c.seq.in_(list(seqs))))


def _links(connection: Connection, key: Sealer, visit: str) -> Iterator[Link]:
    found = connection.execution_options(yield_per=_CHUNK_ROWS).execute(rows.joined(visit))
    return (rows.as_link(key, row) for row in found)


def _wrapping(visit: str) -> bytes:
    return canonical(["visit key", visit])


def _summary_of(visit: str) -> bytes:
    return canonical(["summary", visit])


def _seal(key: Sealer, visit: str, seq: int, head: bytes) -> bytes:
    """Return the seal over the end of a chain: without the visit's key nobody can move it."""
    return hmac.digest(key.derive("chain head"), canonical([visit, seq, head.hex()]), "sha256")
