"""Two clocks for hearing: the real one, and one on which waiting takes no time and work takes what it took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from live_scribe.asr.scheduler import Scheduler, Urgency
from live_scribe.core.governor import Busyness
from live_scribe.core.hearing import Hypothesis, LookRequest
from live_scribe.ports import Samples, SpeechEngine

T = TypeVar("T")


class RealClock:
    """The wall clock. What blocks is run by the `scheduler` that all visits share, as urgently as `urgency` says."""

    def __init__(self, scheduler: Scheduler, urgency: Callable[[], Urgency] = lambda: Urgency.LIVE) -> None:
        self._scheduler = scheduler
        self._urgency = urgency
        self._time = asyncio.get_running_loop().time  # the loop's own: on a simulated loop it is simulated
        self._begin = self._time()

    def now(self) -> float:
        """Return seconds since hearing began."""
        return self._time() - self._begin

    async def sleep_until(self, time_s: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0.0, time_s - self.now()))

    async def work(self, job: Callable[[], T]) -> T:
        """Run `job` when its turn has come."""
        return await self._scheduler.run(job, self._urgency())

    async def hear(self, engine: SpeechEngine, samples: Samples, request: LookRequest) -> Hypothesis:
        """Let `engine` hear a stretch when its turn has come."""
        return await self._scheduler.hear(engine, samples, request, self._urgency())

    async def brief(self, job: Callable[[], T]) -> T:
        """Run a job of a few milliseconds at once."""
        return await self._scheduler.brief(job)

    def busy(self) -> float:
        """Return the share of the machine that all visits together used lately."""
        return self._scheduler.busy


class SimulatedClock:
    """Audio time: it jumps over waiting and moves on by the time that work took, so latency is measured unhurried."""

    def __init__(self) -> None:
        self._now = 0.0
        self._busyness = Busyness()

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
        self._busyness.change(self._now, 1.0)
        try:
            return await asyncio.to_thread(job)
        finally:
            self._now += time.perf_counter() - begin
            self._busyness.change(self._now, 0.0)

    async def hear(self, engine: SpeechEngine, samples: Samples, request: LookRequest) -> Hypothesis:
        """Let `engine` hear a stretch off the event loop; the clock moves on by its duration."""
        return await self.work(lambda: engine.transcribe(samples, request))

    async def brief(self, job: Callable[[], T]) -> T:
        """Run `job` as any other."""
        return await self.work(job)

    def busy(self) -> float:
        """Return the share of the simulated time that work took lately."""
        return self._busyness.share(self._now)
