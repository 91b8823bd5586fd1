"""The one door of a visit: what is being stored is carried out, whoever leaves meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from live_scribe import scribing
from live_scribe.core import commands as c
from live_scribe.core.fold import fold
from live_scribe.core.log import Entry, VisitSummary
from live_scribe.core.states import UserRole
from live_scribe.session import VisitSession, to_its_end
from live_scribe.storage.memory import MemoryStore

SCRIBE = c.Actor(name="sam", role=UserRole.SCRIBE)


class Slow(MemoryStore):
    """A store that has written before it says so, as a database in another thread has."""

    def __init__(self) -> None:
        super().__init__()
        self.writing = asyncio.Event()
        self.done = asyncio.Event()
        self.slow = False

    async def append(self, visit: str, entries: Sequence[Entry], summary: VisitSummary) -> None:
        await super().append(visit, entries, summary)
        if self.slow:
            self.writing.set()
            await self.done.wait()


async def a_session(store: Slow) -> VisitSession:
    return await scribing.open_local(
        store, lambda _: scribing.Silent(), template="", sections=(), patient={}, at="2026-01-01T00:00:00Z"
    )


async def test_a_command_whose_sender_leaves_while_it_is_stored_leaves_the_visit_with_its_log() -> None:
    store = Slow()
    session = await a_session(store)
    store.slow = True
    leaving = asyncio.ensure_future(session.handle(c.MarkMoment(moment=0.0), SCRIBE))
    await store.writing.wait()
    leaving.cancel()
    await asyncio.sleep(0)
    leaving.cancel()
    store.done.set()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert session.visit == fold(session.visit.id, await store.read(session.visit.id))
    assert session.visit.moments == (0.0,)
    await session.handle(c.MarkMoment(moment=0.0), SCRIBE)
    assert len(session.visit.moments) == 2


async def test_a_fault_comes_through_and_a_cancelled_caller_is_told_of_none() -> None:
    async def fails(wait: asyncio.Event) -> None:
        await wait.wait()
        raise ValueError

    done = asyncio.Event()
    done.set()
    with pytest.raises(ValueError):
        await to_its_end(fails(done))
    later = asyncio.Event()
    task = asyncio.ensure_future(to_its_end(fails(later)))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    later.set()
    with pytest.raises(asyncio.CancelledError):
        await task
