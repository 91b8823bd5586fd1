"""A simulated machine: an event loop on which waiting takes no time, and cores on which work takes what it cost.

The scheduler, the clock and the visits on it are the real ones. What is measured on it does not depend on who else uses
the computer: a job takes the CPU seconds that this process spent on it, however long that took on the wall.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Jump(selectors.DefaultSelector):
    """Waits for nothing: where everybody waits for a time, it has come."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0 if timeout is not None else None)
        if not ready and timeout is not None:
            self.now += max(0.0, timeout)
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to whatever is waited for next. `asyncio.Runner(loop_factory=SimulatedLoop)`.

    Real threads and sockets are not waited for while somebody waits for a time: let `SimulatedCores` run the work.
    """

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        """Return simulated seconds."""
        return self._jump.now


def cpu_seconds() -> float:
    """Return what this process, with all its threads, has used of the cores."""
    return time.process_time()


class SimulatedCores:
    """Executors for `Scheduler(threads=…, aside=…)` on a SimulatedLoop: jobs are run one by one, and end later.

    `workers` are the threads that looks and voices wait for; what is run `aside` takes no thread, and what it and the
    event loop used is added to the next job of a worker: so no CPU second is left out. `cost` is asked before and after
    each job, and the difference is what it took; `stretch` makes a job that begins at a time last longer, as on a
    machine that is busy with something else.
    """

    def __init__(
        self, cost: Callable[[], float] = cpu_seconds, stretch: Callable[[float], float] = lambda _now: 1.0
    ) -> None:
        self._cost = cost
        self._stretch = stretch
        self._spent = cost()
        self.used = 0.0
        self.workers: Executor = _Run(self._after)
        self.aside: Executor = _Run(lambda: 0.0)

    def _after(self) -> float:
        spent = self._cost()
        took = spent - self._spent
        self._spent = spent
        self.used += took
        return took * self._stretch(asyncio.get_running_loop().time())


class _Run(Executor):
    """Runs a job in the caller's own thread; its future ends when it would have ended."""

    def __init__(self, took: Callable[[], float]) -> None:
        self._took = took

    def submit(self, job: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            result = job(*args, **kwargs)
        except Exception as exc:
            asyncio.get_running_loop().call_later(self._took(), done.set_exception, exc)
        else:
            asyncio.get_running_loop().call_later(self._took(), done.set_result, result)
        return done
