"""Who is heard next where many visits share few cores: who is live before who is not, then who has waited longest."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum
from itertools import count
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")


class Urgency(IntEnum):
    """What a job is worth waiting for, most urgent first.

    LIVE: people speak; ENDED: nobody does any more, or it is a recording; AGAIN: it was heard before,
    and one of several threads stays free for the others.
    """

    LIVE = 0
    ENDED = 1
    AGAIN = 2


class Scheduler:
    """Runs blocking jobs on `workers` threads. One asyncio loop alone may use it; `with` it: leaving ends the threads.

    A visit waits for each of its jobs, so no more jobs wait than there are visits, and nobody is passed over for ever:
    of equal urgency the longest wait counts.
    """

    def __init__(self, workers: int = 1) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="hearing")
        self._free = workers
        self._kept_free = int(workers > 1)
        self._arrivals = count()
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown()

    @property
    def waiting(self) -> int:
        """How many jobs wait for a thread."""
        return sum(not turn.done() for _, _, turn in self._waiting)

    async def run(self, job: Callable[[], T], urgency: Urgency = Urgency.LIVE) -> T:
        """Run `job` off the event loop when its turn has come; its exceptions come through."""
        await self._turn(urgency)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job)
        finally:
            self._pass_on()

    def _may_begin(self, urgency: Urgency) -> bool:
        """Whether a thread is free. What was heard before leaves one for what is heard now: a look cannot be stopped."""
        return self._free > (self._kept_free if urgency is Urgency.AGAIN else 0)

    async def _turn(self, urgency: Urgency) -> None:
        if self._may_begin(urgency):
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._arrivals), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # the turn had come in the same moment
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        self._free += 1
        while self._waiting and self._may_begin(self._waiting[0][0]):
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():
                self._free -= 1
                turn.set_result(None)
                return
