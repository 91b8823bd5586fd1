"""Two clocks for hearing: the real one, and one on which waiting takes no time and work takes what it took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")


class RealClock:
    """The wall clock. `worker` runs what blocks: one worker that all visits share serves who has waited longest."""

    def __init__(self, worker: Executor) -> None:
        self._worker = worker
        self._begin = time.monotonic()

    def now(self) -> float:
        """Return seconds since hearing began."""
        return time.monotonic() - self._begin

    async def sleep_until(self, time_s: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0.0, time_s - self.now()))

    async def work(self, job: Callable[[], T]) -> T:
        """Run `job` in the worker."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, job)


class SimulatedClock:
    """Audio time: it jumps over waiting and moves on by the time that work took, so latency is measured unhurried."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Return simulated seconds since the first sample."""
        return self._now

    async def sleep_until(self, time_s: float) -> None:
        """Jump."""
        self._now = max(self._now, time_s)
        await asyncio.sleep(0)

    async def work(self, job: Callable[[], T]) -> T:
        """Run `job` off the event loop; the clock moves on by its duration."""
        begin = time.perf_counter()
        try:
            return await asyncio.to_thread(job)
        finally:
            self._now += time.perf_counter() - begin
