"""What the note writer has still to see: ids of utterances, in the order of the talk. Never longer than the visit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

from live_scribe.core.draft import DraftChange
from live_scribe.core.visit import Visit, number
from live_scribe.core.words import Utterance
from live_scribe.ports import NoteWriter


class DraftingQueue:
    """Feeds one visit's writer, which keeps state and is not to be called twice at a time."""

    def __init__(self, writer: NoteWriter) -> None:
        self._writer = writer
        self._waiting: set[str] = set()
        self._seen: dict[str, Utterance] = {}
        self._something = asyncio.Event()
        self._writing = asyncio.Lock()

    @property
    def waiting(self) -> bool:
        """Whether there is anything the writer has not seen, or has not finished with."""
        return bool(self._waiting) or self._writing.locked()

    def add(self, utterances: Iterable[str]) -> None:
        """These utterances are new, read differently, or are gone."""
        self._waiting.update(utterances)
        if self._waiting:
            self._something.set()

    async def wait(self) -> None:
        """Come back when something waits."""
        await self._something.wait()

    async def changes(self, visit: Callable[[], Visit]) -> AsyncIterator[tuple[DraftChange, ...]]:
        """Show the writer what waits, in order, and yield what it changes; each must be carried out before the next."""
        async with self._writing:
            while self._waiting:
                said = visit().utterances
                utterance = next((id_ for id_ in said if id_ in self._waiting), None) or min(self._waiting, key=number)
                self._waiting.discard(utterance)
                changes = await asyncio.to_thread(self._show, utterance, said)
                if changes:
                    yield changes
            self._something.clear()

    def _show(self, utterance: str, talk: Mapping[str, Utterance]) -> tuple[DraftChange, ...]:
        before, said = self._seen.get(utterance), talk.get(utterance)
        if said is None:
            return self._writer.forget([utterance]) if self._seen.pop(utterance, None) else ()
        self._seen[utterance] = said
        if before is None:
            later = list(talk)[list(talk).index(utterance) + 1 :]
            return self._found(said, [talk[id_] for id_ in later if id_ in self._seen])
        return () if before == said else self._writer.correct(said)

    def _found(self, said: Utterance, later: Sequence[Utterance]) -> tuple[DraftChange, ...]:
        """Show what is new, and what was `later` said anew behind it: an answer that was passed over changes that."""
        if not later:
            return self._writer.observe(said)
        changes = [*self._writer.forget([u.id for u in later]), *self._writer.observe(said)]
        for again in later:
            self._seen[again.id] = again
            self._waiting.discard(again.id)
            changes += self._writer.observe(again)
        last = {change.key: change for change in changes}
        return tuple(last.values())
