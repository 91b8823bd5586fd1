"""Entries of the log to rows of the tables and back: what is chained, what is sealed, what binds them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, and_, select

from live_scribe.core.audit import (
    Content,
    Header,
    Link,
    canonical,
    chain_hash,
    entry_mac,
    header_bytes,
    strikes_text,
)
from live_scribe.core.codec import by_name, decode, encode, type_name
from live_scribe.core.events import AudioStruck, Fact
from live_scribe.core.log import Entry, Struck
from live_scribe.errors import StorageError
from live_scribe.storage.envelope import ENVELOPE_VERSION, Sealer, new_key
from live_scribe.storage.schema import entries, payloads


@dataclass(slots=True, kw_only=True)
class SealedEntry:
    """An entry as it is stored; `link` adds the hash. `payload` is its row in the table of that name."""

    header: Header
    mac: bytes
    hash: bytes = b""
    payload: dict[str, object] = field(repr=False)

    def row(self) -> dict[str, object]:
        """Return the row of the chain."""
        return {name: getattr(self.header, name) for name in Header.__slots__} | {"mac": self.mac, "hash": self.hash}


def struck_seqs(entry: Entry) -> set[int]:
    """Return the seqs whose content this entry destroys."""
    return set(entry.fact.struck) if isinstance(entry.fact, AudioStruck) else set()


def seal_entry(key: Sealer, visit: str, entry: Entry) -> SealedEntry:
    """Return the rows of `entry`, its payload under a random key of its own and sealed under the visit's."""
    if isinstance(entry.fact, Struck):
        raise StorageError(f"entry {entry.seq} of visit {visit} has no content to store")
    header = Header(
        visit=visit,
        seq=entry.seq,
        at=entry.at,
        by=entry.by,
        clock=float(entry.clock),
        type=type_name(type(entry.fact)),
        command=entry.command,
        strikes=strikes_text(struck_seqs(entry)),
    )
    entry_key, payload = new_key(), canonical(encode(entry.fact))
    return SealedEntry(
        header=header,
        mac=entry_mac(entry_key, payload),
        payload={
            "visit": visit,
            "seq": entry.seq,
            "envelope": ENVELOPE_VERSION,
            "sealed_key": key.seal(entry_key, _bound("key", ENVELOPE_VERSION, header)),
            "sealed_payload": key.seal(payload, _bound("payload", ENVELOPE_VERSION, header)),
        },
    )


def link(head: bytes, sealed: Sequence[SealedEntry]) -> bytes:
    """Chain the entries behind `head` and return the new head."""
    for entry in sealed:
        head = entry.hash = chain_hash(head, entry.header, entry.mac)
    return head


def joined(visit: str) -> Select[Any]:
    """Return the query of a visit's entries in order, each with its payload or nulls."""
    same = and_(payloads.c.visit == entries.c.visit, payloads.c.seq == entries.c.seq)
    sealed = (payloads.c.envelope, payloads.c.sealed_key, payloads.c.sealed_payload)
    both = select(entries, *sealed).join_from(entries, payloads, same, isouter=True)
    return both.where(entries.c.visit == visit).order_by(entries.c.seq)


def as_link(key: Sealer, row: Row[Any]) -> Link:
    """Return a row as the chain's verification takes it. Strange values are passed on: they are what is looked for."""
    try:
        content = _content(key, row)
    except (StorageError, TypeError, ValueError):
        content = None
    present = row.sealed_payload is not None
    return Link(header=_header(row), mac=row.mac, hash=row.hash, present=present, content=content)


def open_entry(key: Sealer, row: Row[Any]) -> Entry:
    """Return a row as an entry. Raises StorageError naming the entry where it cannot be opened."""
    fact: Fact | Struck
    where = f"entry {row.seq} of visit {row.visit}"
    try:
        content = _content(key, row)
        fact = _fact(row.type, content.payload, where) if content else Struck(type=row.type)
    except StorageError as exc:
        raise StorageError(f"{where} cannot be read: {exc}; `live-scribe verify` tells more") from None
    return Entry(seq=row.seq, at=row.at, by=row.by, clock=row.clock, fact=fact, command=row.command)


def _fact(type_: str, payload: bytes, where: str) -> Fact:
    cls = by_name(Fact).get(type_)
    if cls is None:
        raise StorageError("it was written by a newer version of live_scribe: update")
    try:
        fact: Fact = decode(cls, json.loads(payload))
    except ValueError as exc:
        # codec's messages name the field and never hold its value
        raise StorageError(f"its form is not known ({exc})") from None
    return fact


def _content(key: Sealer, row: Row[Any]) -> Content | None:
    """Return the opened content, or null where there is none. Raises StorageError where it was altered."""
    if row.sealed_payload is None:
        return None
    header = _header(row)
    opened = Content(
        key=key.open(row.sealed_key, _bound("key", row.envelope, header)),
        payload=key.open(row.sealed_payload, _bound("payload", row.envelope, header)),
    )
    return opened


def _header(row: Row[Any]) -> Header:
    return Header(**{name: getattr(row, name) for name in Header.__slots__})


def _bound(part: str, envelope: int, header: Header) -> bytes:
    """Return what a sealed part is tied to: its place in the log and everything that the chain says about it."""
    return canonical([part, envelope]) + header_bytes(header)
