"""Visits to store, for the tests of everything that stores."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from live_scribe.core.events import AudioStruck, Fact, MomentMarked, UtteranceClosed, WordsCommitted
from live_scribe.core.log import Entry, VisitSummary
from live_scribe.core.states import VisitState
from live_scribe.core.words import Role, Word
from live_scribe.storage.sqlite import DATABASE_NAME, Database

SPOKEN = "zebrafish"
"""A word that is in no code, no header and no file format: wherever it is found, somebody's words have leaked."""


def summary(visit: str = "v1", *, created_at: str = "2026-01-05T09:00:00Z", seq: int = 0) -> VisitSummary:
    """A worklist line whose patient has a telling name."""
    return VisitSummary(
        visit=visit,
        state=VisitState.RECORDING,
        created_at=created_at,
        created_by="ana",
        template="soap/general",
        patient={"name": f"Mr {SPOKEN.title()}", "mrn": "771"},
        participants=("ana",),
        seq=seq,
    )


def entry(seq: int, fact: Fact | None = None, *, command: str | None = None) -> Entry:
    """One entry; without a fact somebody said a word."""
    words = WordsCommitted(words=(Word(id=f"w{seq}", text=f"{SPOKEN} {seq}", start=seq / 2, end=seq / 2 + 0.25),))
    return Entry(seq=seq, at="2026-01-05T09:00:07Z", by="ana", clock=seq * 0.5, fact=fact or words, command=command)


def conversation() -> list[Entry]:
    """Five entries of different kinds."""
    return [
        entry(1),
        entry(2, UtteranceClosed(utterance="u1", words=("w1",), speaker="S1", role=Role.PATIENT)),
        entry(3, command="c7"),
        entry(4, MomentMarked(moment=1.5), command="c8"),
        entry(5),
    ]


def strike(seq: int, *struck: int) -> Entry:
    """The entry that strikes the content of others."""
    return entry(seq, AudioStruck(start=0.0, end=1.0, reason="off the record", struck=struck), command="c9")


def bytes_on_disk(folder: Path) -> bytes:
    """All that is in the folder's files, one after another."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def lay_out(folder: Path) -> Path:
    """Put a new database there, copied: migrating one takes longer than most tests. Return the folder."""
    folder.mkdir(exist_ok=True)
    (folder / DATABASE_NAME).write_bytes(_empty_database())
    return folder


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as name:
        Database(Path(name)).close()
        return (Path(name) / DATABASE_NAME).read_bytes()
