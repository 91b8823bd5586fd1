"""A log in memory, for a recording that is not kept: the same path as live, with nothing on the disk."""

from __future__ import annotations

from collections.abc import Sequence

from live_scribe.core.audit import GENESIS
from live_scribe.core.log import Entry, Verification, VisitSummary
from live_scribe.errors import NotFound, SequenceConflict


class MemoryStore:
    """ports.EventStore that forgets. There is nothing to tamper with, so `verify` finds every log intact."""

    def __init__(self) -> None:
        self._logs: dict[str, list[Entry]] = {}
        self._summaries: dict[str, VisitSummary] = {}

    async def append(self, visit: str, entries: Sequence[Entry], summary: VisitSummary) -> None:
        """Add entries. Raises SequenceConflict where they do not follow the last."""
        log = self._logs.setdefault(visit, [])
        if [e.seq for e in entries] != list(range(len(log) + 1, len(log) + 1 + len(entries))):
            raise SequenceConflict("the entries do not follow the last one")
        log.extend(entries)
        self._summaries[visit] = summary

    async def read(self, visit: str, *, since: int = 0) -> list[Entry]:
        """Return the entries with a seq above `since`."""
        return self._logs.get(visit, [])[since:]

    async def summaries(self) -> list[VisitSummary]:
        """Return one line for each visit, newest first."""
        return list(reversed(self._summaries.values()))

    async def strike(self, visit: str, seqs: Sequence[int]) -> None:
        """Do nothing: the log goes when the process does."""

    async def verify(self, visit: str) -> Verification:
        """Return that the log is as it was written. Raises NotFound."""
        if visit not in self._logs:
            raise NotFound("there is no such visit")
        return Verification(visit=visit, entries=len(self._logs[visit]), struck=0, head=GENESIS.hex())
