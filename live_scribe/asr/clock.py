"""Two clocks for hearing: the real one, and one on which waiting takes no time and work takes what it took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from live_scribe.asr.scheduler import Scheduler, Urgency

T = TypeVar("T")


class RealClock:
    """The wall clock. What blocks is run by the `scheduler` that all visits share, as urgently as `urgency` says."""

    def __init__(self, scheduler: Scheduler, urgency: Callable[[], Urgency] = lambda: Urgency.LIVE) -> None:
        self._scheduler = scheduler
        self._urgency = urgency
        self._begin = time.monotonic()

    def now(self) -> float:
        """Return seconds since hearing began."""
        return time.monotonic() - self._begin

    async def sleep_until(self, time_s: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0.0, time_s - self.now()))

    async def work(self, job: Callable[[], T]) -> T:
        """Run `job` when its turn has come."""
        return await self._scheduler.run(job, self._urgency())


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
