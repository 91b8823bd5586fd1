"""Asks a language model about what was said, a stretch at a time; the built-in writer never waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from live_scribe.core import commands as c
from live_scribe.core.advice import AdvisedDraft, Stretch
from live_scribe.core.draft import DraftChange
from live_scribe.core.languages import DRAFTED
from live_scribe.core.states import MACHINE_WRITES, VisitState
from live_scribe.core.visit import Visit, number
from live_scribe.core.words import Utterance
from live_scribe.errors import WriterError
from live_scribe.hub import Hub
from live_scribe.ports import NoteAdvisor

log = logging.getLogger(__name__)

STRETCH = 12
"""Utterances that are asked about at once: some questions with their answers, one to two minutes of talk."""
CONTEXT = 4
"""Utterances before them that are shown too, so that "it" and "the other one" have their meaning."""
MOST_STRETCH_CHARS = 4500
"""Of a stretch's new utterances, so that they and their context go into one prompt."""
MOST_FAILURES = 2
"""A stretch that was asked about in vain so often stays as the built-in writer wrote it."""
MOST_STALE = 20
"""Answers of a visit that came too late: its words change faster than the model answers, so it is left alone."""
REST_S = 5.0
"""After a fault the model is asked no earlier than this."""


class Advising:
    """One visit's model: one question at a time, and no queue but the ids of what was not asked about yet."""

    def __init__(
        self,
        advisor: NoteAdvisor | None,
        visit: Callable[[], Visit],
        handle: Callable[[c.Draft], Awaitable[object]],
        hub: Hub,
        *,
        whole: Callable[[], bool],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """With no `advisor` all is the built-in writer's. `whole`: whether no more will be said."""
        self._advisor = advisor
        self._visit = visit
        self._handle = handle
        self._hub = hub
        self._whole = whole
        self._sleep = sleep
        self._draft = AdvisedDraft(visit())
        self._turn = asyncio.Lock()
        self._news = asyncio.Event()
        self._touched: set[str] = set()
        self._failed: dict[str, int] = {}
        self._stale = 0
        self._waiting = _unasked(visit()) if advisor is not None else set()

    def touch(self, utterances: Iterable[str]) -> None:
        """These utterances are new, read differently, or are gone."""
        if self._advisor is not None:
            changed = set(utterances)
            self._touched |= changed
            self._waiting |= changed
            self._news.set()

    def wake(self) -> None:
        """All has been said: what is left of the talk is asked about, however little."""
        self._news.set()

    async def refresh(self) -> None:
        """Take back what the model said of words that read otherwise now."""
        async with self._turn:
            touched, self._touched = self._touched, set()
            changes = self._draft.outdated(touched, self._visit().utterances) if touched else ()
            if changes:
                await self._handle(c.Draft(changes=changes))

    async def written(self, changes: Sequence[DraftChange]) -> None:
        """Carry out the built-in writer's changes."""
        async with self._turn:
            if shown := self._draft.written(changes):
                await self._handle(c.Draft(changes=shown))

    async def run(self) -> None:
        """Ask whenever a stretch of talk is complete, until cancelled."""
        while self._advisor is not None:
            await self._news.wait()
            self._news.clear()
            while (stretch := self._next(whole=self._whole())) is not None:
                try:
                    await self._ask(self._advisor, stretch)
                except WriterError as exc:
                    self._hub.publish([{"type": "trouble", "code": exc.code}])
                    await self._sleep(max(REST_S, exc.wait_s))

    async def finish(self) -> bool:
        """Ask about all that is left, and return whether all was answered: it is given up at the first fault."""
        while self._advisor is not None and (stretch := self._next(whole=True)) is not None:
            try:
                await self._ask(self._advisor, stretch)
            except WriterError:
                return False
        return True

    def _next(self, *, whole: bool) -> Stretch | None:
        """Return what to ask about next, null where too little was said since. It no longer waits then."""
        visit = self._visit()
        talk = [u for u in visit.utterances.values() if u.language in DRAFTED]
        self._waiting.intersection_update(u.id for u in talk)
        if not self._waiting or self._stale >= MOST_STALE or visit.state not in MACHINE_WRITES:
            return None
        start = next(i for i, u in enumerate(talk) if u.id in self._waiting)
        end = _end(talk, start)
        if end - start < STRETCH and end == len(talk) and not whole:
            return None
        begin = max(0, start - CONTEXT)
        asked = tuple(talk[begin:end])
        self._waiting.difference_update(u.id for u in talk[start:end])
        return Stretch(utterances=asked, context=start - begin, drafted=self._draft.drafted(u.id for u in asked))

    async def _ask(self, advisor: NoteAdvisor, stretch: Stretch) -> None:
        """Ask, and carry out what comes of it, unless the talk has changed meanwhile. Raises WriterError."""
        new = [u.id for u in stretch.utterances[stretch.context :]]
        try:
            advice = await advisor.advise(stretch)
        except WriterError as exc:
            log.warning("no advice", extra={"visit": self._visit().id, "error": type(exc).__name__})
            self._failed[new[0]] = self._failed.get(new[0], 0) + 1
            if self._failed[new[0]] < MOST_FAILURES:
                self._waiting.update(new)
                self._news.set()
            raise
        async with self._turn:
            visit = self._visit()
            if any(visit.utterances.get(u.id) != u for u in stretch.utterances):
                self._stale += 1
                self._waiting.update(new)
                return
            changes = self._draft.advised(visit, advice.proposals)
            if changes or advice.refused:
                await self._handle(c.Draft(changes=changes, refused=advice.refused, model=advisor.name))


def _end(talk: Sequence[Utterance], start: int) -> int:
    """Return the index behind the last utterance of the stretch that begins at `start`."""
    length = 0
    for at in range(start, min(len(talk), start + STRETCH)):
        length += len(talk[at].heard)
        if length > MOST_STRETCH_CHARS and at > start:
            return at
    return min(len(talk), start + STRETCH)


def _unasked(visit: Visit) -> set[str]:
    """Return what waits when a visit is opened: of one that is over nothing, of one that goes on what came last."""
    if visit.state not in (VisitState.RECORDING, VisitState.PAUSED):
        return set()
    cited = {ev.utterance for s in visit.statements.values() if s.writer for ev in s.evidence}
    cited |= {u for r in visit.refused.values() for u in r.cites}
    last = max((number(u) for u in cited), default=0)
    return {u for u in visit.utterances if number(u) > last}
