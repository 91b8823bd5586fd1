"""The scheduler: live before the rest, then the longest wait; no turn is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.asr.scheduler import Scheduler, Urgency
from live_scribe.asr.scripted import ScriptedEngine
from live_scribe.core.hearing import Hypothesis, LookRequest
from live_scribe.ports import Samples


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


async def test_a_job_that_begins_as_nobody_wants_it_any_more_holds_up_no_other() -> None:
    hold = threading.Event()
    done: list[str] = []
    waiting: list[asyncio.Task[None]] = []

    async def first() -> None:
        await scheduler.run(hold.wait)
        waiting[0].cancel()  # in the very step of the loop in which it was begun

    with Scheduler(1) as scheduler:
        leading = asyncio.ensure_future(first())
        await asyncio.sleep(0)
        waiting += await queued(scheduler, [("one", Urgency.LIVE), ("other", Urgency.LIVE)], done)
        hold.set()
        await asyncio.gather(leading, *waiting, return_exceptions=True)
    assert waiting[0].cancelled()
    assert done[-1] == "other"


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


class Together(ScriptedEngine):
    """Takes several looks in one call, and remembers how many came in each."""

    def __init__(self, batch: int, spoilt: float | None = None) -> None:
        super().__init__([("one", 0.0, 0.5), ("two", 2.0, 2.5), ("three", 4.0, 4.5)])
        self.batch = batch
        self.sizes: list[int] = []
        self._spoilt = spoilt

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        if request.start == self._spoilt:
            raise RuntimeError("not this one")
        self.sizes.append(1)
        return super().transcribe(samples, request)

    def transcribe_batch(self, looks: Sequence[tuple[Samples, LookRequest]]) -> list[Hypothesis]:
        self.sizes.append(len(looks))
        found = super().transcribe_batch(looks)
        self.sizes = self.sizes[: -len(looks)]
        return found


async def heard_at_once(engine: Together, requests: Sequence[LookRequest]) -> list[list[str] | BaseException]:
    """Let looks wait behind a job that holds the only thread; return the words of each, or its fault."""
    hold = threading.Event()
    second = np.zeros(16_000, np.float32)
    with Scheduler(1) as scheduler:
        first = asyncio.ensure_future(scheduler.run(hold.wait))
        await asyncio.sleep(0)
        looks = [asyncio.ensure_future(scheduler.hear(engine, second, request)) for request in requests]
        await asyncio.sleep(0)
        hold.set()
        found = await asyncio.gather(*looks, return_exceptions=True)
        await first
    return [h if isinstance(h, BaseException) else [w.text for w in h.words] for h in found]


async def test_looks_that_wait_at_the_same_time_are_heard_together() -> None:
    engine = Together(8)
    found = await heard_at_once(engine, [LookRequest(start=s) for s in (0.0, 2.0, 4.0)])
    assert found == [["one"], ["two"], ["three"]]
    assert engine.sizes == [3]


async def test_no_more_looks_are_heard_together_than_the_engine_takes() -> None:
    engine = Together(2)
    await heard_at_once(engine, [LookRequest(start=s) for s in (0.0, 2.0, 4.0)])
    assert engine.sizes == [2, 1]


async def test_looks_that_ask_for_other_things_are_not_heard_together() -> None:
    engine = Together(8)
    requests = [LookRequest(start=0.0), LookRequest(start=2.0, beam=5), LookRequest(start=4.0)]
    assert await heard_at_once(engine, requests) == [["one"], ["two"], ["three"]]
    assert engine.sizes == [2, 1]


async def test_a_look_that_is_alone_does_not_wait_for_others() -> None:
    engine = Together(8)
    with Scheduler(1) as scheduler:
        await scheduler.hear(engine, np.zeros(16_000, np.float32), LookRequest(start=0.0))
    assert engine.sizes == [1]


async def test_a_look_that_fails_takes_no_other_with_it() -> None:
    found = await heard_at_once(Together(8, spoilt=2.0), [LookRequest(start=s) for s in (0.0, 2.0, 4.0)])
    assert [found[0], found[2]] == [["one"], ["three"]]
    assert isinstance(found[1], RuntimeError)


async def test_a_gpu_hears_one_batch_at_a_time_while_other_jobs_go_on() -> None:
    hold = threading.Event()

    class Slow(Together):
        def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
            hold.wait()
            return super().transcribe(samples, request)

    engine, sound = Slow(1), np.zeros(16_000, np.float32)
    with Scheduler(2, looks=1) as scheduler:
        looks = [asyncio.ensure_future(scheduler.hear(engine, sound, LookRequest(start=0.0))) for _ in range(2)]
        await asyncio.sleep(0)
        assert await scheduler.run(lambda: "told apart") == "told apart"
        assert scheduler.waiting == 1
        hold.set()
        await asyncio.gather(*looks)


async def test_brief_jobs_pass_the_queue() -> None:
    hold = threading.Event()
    with Scheduler(1) as scheduler:
        first = asyncio.ensure_future(scheduler.run(hold.wait))
        await asyncio.sleep(0)
        assert await scheduler.brief(lambda: "there") == "there"
        hold.set()
        await first
