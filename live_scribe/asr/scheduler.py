"""Who is heard next where many visits share few cores: who is live before who is not, then who has waited longest.

Looks that wait at the same time are carried out together where the engine takes several in one call (a GPU does);
nobody is made to wait for others to join.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from itertools import count, islice
from types import TracebackType
from typing import Any, Self, TypeVar

from live_scribe.core.governor import Busyness
from live_scribe.core.hearing import Hypothesis, LookRequest
from live_scribe.ports import Samples, SpeechEngine

T = TypeVar("T")


class Urgency(IntEnum):
    """What a job is worth waiting for, most urgent first.

    LIVE: people speak; ENDED: nobody does any more, or it is a recording; AGAIN: it was heard before,
    and one of several threads stays free for the others.
    """

    LIVE = 0
    ENDED = 1
    AGAIN = 2


@dataclass(frozen=True, slots=True)
class _Look:
    """A stretch of sound that waits to be heard."""

    engine: SpeechEngine
    samples: Samples
    request: LookRequest

    def goes_with(self, other: object) -> bool:
        """Whether one call of the engine can hear both."""
        mine = self.request
        return (
            isinstance(other, _Look)
            and other.engine is self.engine
            and (other.request.padded, other.request.beam, other.request.language)
            == (mine.padded, mine.beam, mine.language)
        )


@dataclass(slots=True, eq=False)
class _Waiting:
    """A job, or a look, and who is to be told what came of it."""

    work: Callable[[], Any] | _Look
    done: asyncio.Future[Any]


class Scheduler:
    """Runs blocking jobs on `workers` threads. One asyncio loop alone may use it; `with` it: leaving ends the threads.

    A visit waits for each of its jobs, so no more jobs wait than there are visits, and nobody is passed over for ever:
    of equal urgency the longest wait counts. `looks`: so many of the threads at most carry out looks (a GPU hears one
    after the other, while voices are told apart on the cores). `threads` and `aside` replace the real threads, for a
    simulated machine.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        looks: int | None = None,
        threads: Executor | None = None,
        aside: Executor | None = None,
    ) -> None:
        self._threads = threads or ThreadPoolExecutor(workers, thread_name_prefix="hearing")
        self._aside = aside or ThreadPoolExecutor(1, thread_name_prefix="brief")
        self._workers = self._free = workers
        self._looks_free = workers if looks is None else looks
        self._kept_free = int(workers > 1)
        self._arrivals = count()
        self._waiting: list[tuple[Urgency, int, _Waiting]] = []
        self._busyness = Busyness()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown()
        self._aside.shutdown()

    @property
    def waiting(self) -> int:
        """How many jobs wait for a thread."""
        return sum(not waiting.done.done() for _, _, waiting in self._waiting)

    @property
    def busy(self) -> float:
        """The share of the threads' time that was used lately, from 0 to 1."""
        return self._busyness.share(asyncio.get_running_loop().time())

    async def run(self, job: Callable[[], T], urgency: Urgency = Urgency.LIVE) -> T:
        """Run `job` off the event loop when its turn has come; its exceptions come through."""
        result: T = await self._enqueue(job, urgency)
        return result

    async def hear(
        self, engine: SpeechEngine, samples: Samples, request: LookRequest, urgency: Urgency = Urgency.LIVE
    ) -> Hypothesis:
        """Let `engine` hear a stretch when its turn has come, together with others that wait; faults come through."""
        heard: Hypothesis = await self._enqueue(_Look(engine, samples, request), urgency)
        return heard

    async def brief(self, job: Callable[[], T]) -> T:
        """Run a job of a few milliseconds at once, beside the queue: it would wait there a hundred times its length."""
        return await asyncio.get_running_loop().run_in_executor(self._aside, job)

    async def _enqueue(self, work: Callable[[], Any] | _Look, urgency: Urgency) -> Any:
        waiting = _Waiting(work, asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiting, (urgency, next(self._arrivals), waiting))
        self._dispatch()
        return await waiting.done

    def _dispatch(self) -> None:
        while self._free and (together := self._next()):
            self._free -= 1
            self._looks_free -= isinstance(together[0].work, _Look)
            self._note_work()
            works = [waiting.work for waiting in together]
            running = asyncio.get_running_loop().run_in_executor(self._threads, partial(_carry_out, works))
            running.add_done_callback(partial(self._ended, together))

    def _next(self) -> list[_Waiting]:
        """Take the next job out of the queue, and what can be carried out together with it."""
        order = [entry for entry in sorted(self._waiting, key=lambda entry: entry[:2]) if not entry[2].done.done()]
        first = next((entry for entry in order if self._may_begin(*entry)), None)
        taken = [] if first is None else [first]
        if first is not None and isinstance(first[2].work, _Look):
            look = first[2].work
            others = (e for e in order if e is not first and e[0] == first[0] and look.goes_with(e[2].work))
            taken += islice(others, look.engine.batch - 1)
        self._waiting = [entry for entry in order if not any(entry is t for t in taken)]
        return [waiting for _, _, waiting in taken]

    def _may_begin(self, urgency: Urgency, _arrival: int, waiting: _Waiting) -> bool:
        """Whether a thread is free. What was heard before leaves one for what is heard now: no look can be stopped."""
        if isinstance(waiting.work, _Look) and not self._looks_free:
            return False
        return self._free > (self._kept_free if urgency is Urgency.AGAIN else 0)

    def _ended(self, together: Sequence[_Waiting], running: asyncio.Future[list[Any]]) -> None:
        self._free += 1
        self._looks_free += isinstance(together[0].work, _Look)
        self._note_work()
        outcomes = [running.exception()] * len(together) if running.exception() else running.result()
        for waiting, outcome in zip(together, outcomes, strict=True):
            if waiting.done.done():
                continue  # whoever asked went away meanwhile
            if isinstance(outcome, Exception):
                waiting.done.set_exception(outcome)
            else:
                waiting.done.set_result(outcome)
        self._dispatch()

    def _note_work(self) -> None:
        self._busyness.change(asyncio.get_running_loop().time(), 1 - self._free / self._workers)


def _carry_out(works: Sequence[Callable[[], Any] | _Look]) -> list[Any]:
    """Return what came of each: a result, or the exception that it raised. Runs in a worker."""
    looks = [work for work in works if isinstance(work, _Look)]
    if len(looks) > 1:
        try:
            return list(looks[0].engine.transcribe_batch([(look.samples, look.request) for look in looks]))
        except Exception:
            # One of them, or too many at once: whose fault it is shows one by one, and the others are heard.
            return [_outcome(work) for work in works]
    return [_outcome(work) for work in works]


def _outcome(work: Callable[[], Any] | _Look) -> Any:
    try:
        return work.engine.transcribe(work.samples, work.request) if isinstance(work, _Look) else work()
    except Exception as exc:
        return exc
