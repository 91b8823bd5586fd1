"""Lists of terms, corrections and rules in the database: sealed, because a name is sooner typed than thought about."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, delete, insert, select

from live_scribe.core.audit import canonical
from live_scribe.core.learning import Correction
from live_scribe.core.rules import Rule, RuleState
from live_scribe.core.term_lists import ListedTerm
from live_scribe.core.vocabulary import TermKind, phrase_key
from live_scribe.errors import StorageError
from live_scribe.storage.envelope import Sealer
from live_scribe.storage.keys import MasterKey
from live_scribe.storage.schema import corrections, payloads, rules, terms
from live_scribe.storage.sqlite import Database

T = TypeVar("T")

_log = logging.getLogger(__name__)

ID_BYTES = 12
"""Of an HMAC, kept as an id: two of a clinic's terms share one once in 2^96."""


class ListStore:
    """ports.TermStore over SQLAlchemy Core."""

    def __init__(self, database: Database, master: MasterKey) -> None:
        self._database = database
        self._sealer = Sealer(master.derive("terms"))
        self._marks = master.derive("marks of terms")

    def term_id(self, owner: str, text: str) -> str:
        """Return the id of a term in a list; see ports.TermStore."""
        return self._mark("term", owner, phrase_key(text))

    def rule_id(self, rule: Rule) -> str:
        """Return the id of a rule; see ports.TermStore."""
        return self._mark("rule", *map(" ".join, rule.key))

    async def terms(self) -> list[ListedTerm]:
        """Return all lists, also the terms that people have taken out."""
        return await self._database.read(lambda c: _whole(self._term, c.execute(select(terms))))

    async def put(self, new: Sequence[ListedTerm]) -> None:
        """Keep these terms, each in place of the one with its id."""
        rows = [self._term_row(term) for term in new]
        await self._database.write(lambda c: _replace(c, terms, rows))

    async def replace(self, owner: str, new: Sequence[ListedTerm]) -> None:
        """Keep these terms as the whole list of an owner."""
        rows = [self._term_row(term) for term in new]

        def write(connection: Connection) -> None:
            connection.execute(delete(terms).where(terms.c.owner == owner))
            _replace(connection, terms, rows)

        await self._database.write(write)

    async def take_out(self, ids: Sequence[str]) -> None:
        """Forget these terms."""
        await self._database.write(lambda c: c.execute(delete(terms).where(terms.c.id.in_(list(ids)))))

    async def learn(self, visit: str, found: Sequence[Correction]) -> list[Correction]:
        """Keep these as all that people have set right in a visit; return those kept.

        A strike may have come between reading the log and this: what entries without a payload taught is not kept.
        """
        rows = {correction: self._correction_row(correction) for correction in found}

        def write(connection: Connection) -> list[Correction]:
            there = set(connection.execute(select(payloads.c.seq).where(payloads.c.visit == visit)).scalars())
            connection.execute(delete(corrections).where(corrections.c.visit == visit))
            kept = [correction for correction in rows if correction.seq in there]
            if kept:
                connection.execute(insert(corrections), [rows[correction] for correction in kept])
            return kept

        return await self._database.write(write)

    async def corrections(self) -> list[Correction]:
        """Return what people have set right in all visits, in the order of each visit's log."""
        ordered = select(corrections).order_by(corrections.c.visit, corrections.c.seq)
        return await self._database.read(lambda c: _whole(self._correction, c.execute(ordered)))

    async def rules(self) -> list[Rule]:
        """Return the rules that a person has decided on."""
        return await self._database.read(lambda c: _whole(self._rule, c.execute(select(rules))))

    async def decide(self, rule: Rule) -> None:
        """Keep a decision on a rule, in place of an earlier one."""
        id_ = self.rule_id(rule)
        row: dict[str, object] = {
            "id": id_,
            "state": str(rule.state),
            "decided_by": rule.decided_by or "",
            "decided_at": rule.decided_at or "",
            "sealed": self._seal(rules, id_, {"heard": rule.heard, "text": rule.text}),
        }
        await self._database.write(lambda c: _replace(c, rules, [row]))

    async def undo(self, rule: str) -> None:
        """Forget the decision on the rule with this id."""
        await self._database.write(lambda c: c.execute(delete(rules).where(rules.c.id == rule)))

    def _term_row(self, term: ListedTerm) -> dict[str, object]:
        id_ = self.term_id(term.owner, term.text)
        content = {"text": term.text, "kind": str(term.kind), "removed": term.removed}
        return {
            "id": id_,
            "owner": term.owner,
            "added_by": term.added_by,
            "added_at": term.added_at,
            "sealed": self._seal(terms, id_, content),
        }

    def _term(self, row: Row[Any]) -> ListedTerm:
        held = self._open(terms, row.id, row.sealed)
        return ListedTerm(
            id=row.id,
            text=held["text"],
            kind=TermKind(held["kind"]),
            owner=row.owner,
            added_by=row.added_by,
            added_at=row.added_at,
            removed=held["removed"],
        )

    def _correction_row(self, correction: Correction) -> dict[str, object]:
        where = f"{correction.visit}/{correction.seq}"
        sealed = self._seal(corrections, where, {"heard": correction.heard, "text": correction.text})
        return {"visit": correction.visit, "seq": correction.seq, "sealed": sealed}

    def _correction(self, row: Row[Any]) -> Correction:
        held = self._open(corrections, f"{row.visit}/{row.seq}", row.sealed)
        return Correction(visit=row.visit, seq=row.seq, heard=held["heard"], text=held["text"])

    def _rule(self, row: Row[Any]) -> Rule:
        held = self._open(rules, row.id, row.sealed)
        return Rule(
            heard=held["heard"],
            text=held["text"],
            state=RuleState(row.state),
            decided_by=row.decided_by,
            decided_at=row.decided_at,
        )

    def _mark(self, *parts: str) -> str:
        return hmac.digest(self._marks, canonical(list(parts)), "sha256")[:ID_BYTES].hex()

    def _seal(self, table: Table, where: str, content: dict[str, object]) -> bytes:
        return self._sealer.seal(canonical(content), canonical([table.name, where]))

    def _open(self, table: Table, where: str, sealed: bytes) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(self._sealer.open(sealed, canonical([table.name, where])))
        return held


def _whole(made: Callable[[Row[Any]], T], rows: Iterable[Row[Any]]) -> list[T]:
    """Return what can be read. One damaged row must take neither the lists nor the visits from everybody."""
    found = []
    for row in rows:
        try:
            found.append(made(row))
        except (StorageError, KeyError, ValueError) as exc:
            _log.error("a row of the lists cannot be read", extra={"error": type(exc).__name__})
    return found


def _replace(connection: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        ids = [row["id"] for row in rows]
        connection.execute(delete(table).where(table.c.id.in_(ids)))
        connection.execute(insert(table), list(rows))
