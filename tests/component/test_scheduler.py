"""The scheduler: live before the rest, then the longest wait; no turn is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.asr.scheduler import Scheduler, Urgency


async def queued(scheduler: Scheduler, jobs: list[tuple[str, Urgency]], done: list[str]) -> list[asyncio.Task[None]]:
    """Let `jobs` wait behind one that holds the only thread; return their tasks, in order of arrival."""

    def noting(name: str) -> Callable[[], None]:
        return lambda: done.append(name)

    async def run(name: str, urgency: Urgency) -> None:
        await scheduler.run(noting(name), urgency)

    tasks = []
    for name, urgency in jobs:
        tasks.append(asyncio.ensure_future(run(name, urgency)))
        await asyncio.sleep(0)
    return tasks


@given(st.lists(st.sampled_from(Urgency), max_size=8), st.sets(st.integers(0, 7)))
async def test_turns_go_by_urgency_then_by_arrival_and_none_is_lost(urgencies: list[Urgency], gone: set[int]) -> None:
    done: list[str] = []
    hold = threading.Event()
    with Scheduler(1) as scheduler:
        first = asyncio.ensure_future(scheduler.run(hold.wait))
        await asyncio.sleep(0)
        tasks = await queued(scheduler, [(str(i), u) for i, u in enumerate(urgencies)], done)
        assert scheduler.waiting == len(tasks)
        for i in gone & set(range(len(tasks))):
            tasks[i].cancel()
        hold.set()
        await asyncio.gather(first, *tasks, return_exceptions=True)
        kept = [i for i in range(len(tasks)) if i not in gone]
        assert done == [str(i) for i in sorted(kept, key=lambda i: (urgencies[i], i))]
        assert await scheduler.run(lambda: "still at work") == "still at work"


async def test_a_turn_that_comes_as_its_job_is_cancelled_goes_to_the_next() -> None:
    hold = threading.Event()
    done: list[str] = []
    waiting: list[asyncio.Task[None]] = []

    async def first() -> None:
        await scheduler.run(hold.wait)
        waiting[0].cancel()  # in the very step of the loop in which it was given its turn

    with Scheduler(1) as scheduler:
        leading = asyncio.ensure_future(first())
        await asyncio.sleep(0)
        waiting += await queued(scheduler, [("one", Urgency.LIVE), ("other", Urgency.LIVE)], done)
        hold.set()
        await asyncio.gather(leading, *waiting, return_exceptions=True)
    assert waiting[0].cancelled()
    assert done == ["other"]


async def test_as_many_jobs_run_at_once_as_there_are_workers() -> None:
    both = threading.Barrier(2, timeout=10)
    with Scheduler(2) as scheduler:
        met = await asyncio.gather(scheduler.run(both.wait), scheduler.run(both.wait))
    assert sorted(met) == [0, 1]


async def test_a_fault_comes_through_and_frees_the_thread() -> None:
    def fault() -> None:
        raise ValueError("no")

    with Scheduler(1) as scheduler:
        with pytest.raises(ValueError, match="no"):
            await scheduler.run(fault)
        assert await scheduler.run(lambda: 1) == 1
