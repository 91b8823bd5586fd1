"""All visits of the service: opens them, keeps the open ones running, and goes on with them after a restart."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from live_scribe.again import Attention
from live_scribe.core import events as e
from live_scribe.core.fold import apply, fold
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.log import Entry, VisitSummary
from live_scribe.core.states import VisitState
from live_scribe.core.visit import Visit
from live_scribe.core.wire import summary
from live_scribe.errors import NotFound
from live_scribe.listening import Ears
from live_scribe.ports import AudioSource, EventStore, NoteAdvisor, NoteWriter, OmissionFinder, SoundStore
from live_scribe.session import VisitSession

log = logging.getLogger(__name__)

MOST_OPEN = 64
"""Visits that are kept open though nobody looks at them: opening one again takes milliseconds."""

IDLE_S = 600.0
"""A visit is closed only after nobody asked for it for so long, so that no request is still at work on it."""

UNFINISHED = frozenset({VisitState.RECORDING, VisitState.PAUSED, VisitState.REVIEW})
"""Visits in these states may have sound that nobody has heard yet."""


class Workshop(Protocol):
    """Makes what a visit needs; `wiring` implements it. `languages`: those that visits can be heard in."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the speech model knows."""
        ...

    def ears(self, visit: Callable[[], Visit]) -> Ears:
        """Return fresh ears for a visit, which may be asked for again whenever its state matters."""
        ...

    def attention(self, visit: Visit) -> Attention:
        """Return what a visit is heard a second time with."""
        ...

    def writer(self, visit: Visit) -> NoteWriter:
        """Return a fresh note writer for a visit's template and patient."""
        ...

    def lexicon(self, visit: Visit) -> Lexicon:
        """Return what is known of words in a visit's note."""
        ...

    def finder(self, visit: Visit) -> OmissionFinder:
        """Return what finds facts that were heard and not noted in a visit."""
        ...

    def advisor(self, visit: Visit) -> NoteAdvisor | None:
        """Return the language model beside a visit's writer, null where there is none."""
        ...

    async def begun(self, session: VisitSession) -> None:
        """Be told that a visit is open now, before anything is heard in it."""
        ...

    @property
    def waiting(self) -> int:
        """How many looks and other jobs of all visits wait for a thread."""
        ...

    async def sound(self, visit: Visit, opened: AsyncExitStack) -> SoundStore:
        """Open the visit's recording until `opened` closes."""
        ...


@dataclass(slots=True)
class _Open:
    """An open visit: what it holds, its background work, and when it was last asked for (the loop's seconds)."""

    session: VisitSession
    resources: AsyncExitStack
    task: asyncio.Task[None] | None
    used: float


class Visits:
    """The open visits. `async with` it: leaving stops them all, losing nothing."""

    def __init__(self, store: EventStore, workshop: Workshop, wall_clock: Callable[[], str]) -> None:
        self.store = store
        self.languages = workshop.languages
        self._workshop = workshop
        self._wall_clock = wall_clock
        self._open: dict[str, _Open] = {}
        self._opening = asyncio.Lock()
        self._tasks = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self._resources = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._resources.__aenter__()
        await self._tasks.__aenter__()
        for line in await self.store.summaries():
            if line.state in UNFINISHED:
                await self.session(line.visit)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._running:
            task.cancel()
        await self._tasks.__aexit__(kind, exc, trace)
        await self._resources.__aexit__(kind, exc, trace)

    def start(self, visit: str, job: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Run a job of a visit in the background. A fault of one visit is logged and leaves the others alone."""

        async def guarded() -> None:
            try:
                await job()
            except Exception as exc:  # a fault of one visit must not end the others
                log.error("visit task failed", extra={"visit": visit, "error": type(exc).__name__})

        task = self._tasks.create_task(guarded())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def create(self, opened: e.VisitOpened, by: str) -> VisitSession:
        """Begin a visit: its first entry is stored when this returns. Raises StorageError."""
        visit = Visit(id=secrets.token_hex(8))
        entry = Entry(seq=1, at=self._wall_clock(), by=by, clock=0.0, fact=opened)
        visit = apply(visit, entry)
        await self.store.append(visit.id, [entry], summary(visit))
        return await self._begin(visit, [entry])

    async def session(self, visit_id: str) -> VisitSession:
        """Return the open visit, opening it from its log where it is not open. Raises NotFound, StorageError."""
        async with self._opening:
            if visit_id in self._open:
                self._open[visit_id].used = asyncio.get_running_loop().time()
                return self._open[visit_id].session
            await self._close_idle()
            entries = await self.store.read(visit_id)
            if not entries:
                raise NotFound("there is no such visit")
            return await self._begin(fold(visit_id, entries), entries)

    async def _begin(self, visit: Visit, entries: Sequence[Entry]) -> VisitSession:
        resources = AsyncExitStack()
        sound = await self._workshop.sound(visit, resources)
        session = VisitSession(
            visit,
            store=self.store,
            writer=self._workshop.writer(visit),
            omissions=self._workshop.finder(visit),
            advisor=self._workshop.advisor(visit),
            lexicon=self._workshop.lexicon(visit),
            sound=sound,
            ears=lambda: self._workshop.ears(lambda: session.visit),
            attention=lambda: self._workshop.attention(session.visit),
            wall_clock=self._wall_clock,
            languages=self.languages,
            answered={f"{entry.by}/{entry.command}": entry.seq for entry in entries if entry.command},
        )
        await session.redo_strikes(list(entries))
        await self._workshop.begun(session)
        if visit.state not in (VisitState.RECORDING, VisitState.PAUSED):
            sound.end()
        task = self.start(visit.id, session.run) if visit.state in UNFINISHED else None
        if task is None:
            session.heard_all.set()
        now = asyncio.get_running_loop().time()
        self._open[visit.id] = _Open(session, resources, task, now)
        self._resources.push_async_callback(resources.aclose)
        return session

    async def _close_idle(self) -> None:
        """Close visits that nobody has asked for lately, the longest ago first, until few enough are open."""
        now = asyncio.get_running_loop().time()
        idle = [k for k, o in self._open.items() if now - o.used > IDLE_S and _is_at_rest(o.session)]
        for visit in sorted(idle, key=lambda k: self._open[k].used)[: max(0, len(self._open) - MOST_OPEN)]:
            closing = self._open.pop(visit)
            if closing.task is not None:
                closing.task.cancel()
            await closing.resources.aclose()

    async def summaries(self) -> list[VisitSummary]:
        """Return the worklist, newest first."""
        return await self.store.summaries()

    def figures(self) -> dict[str, float]:
        """Return what there is to watch: counts and seconds, nobody's words."""
        sessions = [opened.session for opened in self._open.values()]
        live = [s for s in sessions if s.visit.state is VisitState.RECORDING]
        return {
            "visits_open": len(sessions),
            "visits_recording": len(live),
            "screens": sum(s.hub.screens for s in sessions),
            "lag_seconds": max((s.lag for s in live), default=0.0),
            "level": max((s.level for s in live), default=0),
            "jobs_waiting": self._workshop.waiting,
        }

    async def at(self, visit_id: str, second: float) -> Visit:
        """Return the visit as it stood when `second` seconds of sound had been heard. Raises NotFound."""
        entries = await self.store.read(visit_id)
        if not entries:
            raise NotFound("there is no such visit")
        return fold(visit_id, [entry for entry in entries if entry.clock <= second])

    async def play(self, session: VisitSession, source: AudioSource) -> None:
        """Feed a source into a visit as a microphone would, and stop where it or the visit ends."""
        if session.sound is None:
            return
        with session.microphone():
            async for frame in source.frames():
                if session.visit.state not in (VisitState.RECORDING, VisitState.PAUSED):
                    break
                await session.feed(frame)
                await session.sound.flush()


def _is_at_rest(session: VisitSession) -> bool:
    recording = session.visit.state in (VisitState.RECORDING, VisitState.PAUSED)
    return session.settled and not session.hub.screens and not recording
