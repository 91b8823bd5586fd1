"""Overload on a simulated machine: nothing is skipped, the backlog is bounded, and it is gone soon after relief."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from live_scribe.asr.clock import RealClock
from live_scribe.asr.scheduler import Scheduler
from live_scribe.asr.scripted import LoudnessDetector, ScriptedEngine, ScriptLine, script_of, spoken
from live_scribe.asr.simulated import SimulatedCores, SimulatedLoop
from live_scribe.audio.file import FileRecording
from live_scribe.audio.pcm import from_samples
from live_scribe.core.governor import Level
from live_scribe.core.hearing import HeardUpTo, Hypothesis, LookRequest, WordsConfirmed
from live_scribe.core.words import match_key
from live_scribe.hearing import hear
from live_scribe.ports import Samples

LOOK_S, LOOK_PER_S = 0.12, 0.065
"""What a look of base costs on one core of the machine that it was measured on, whatever its length, and a second."""

LINES = "my knee has been hurting since monday no sunday\nno fever no chills no no chest pain\nten mg a day i think\n"


@dataclass
class Costs:
    """What the work that was done would have cost."""

    spent: float = 0.0

    def asked(self) -> float:
        """Return it."""
        return self.spent


class Costly(ScriptedEngine):
    """A scripted model whose looks cost what a real one's do; it remembers which sound it was given."""

    def __init__(self, script: list[ScriptLine], costs: Costs, share: float = 1.0) -> None:
        super().__init__(script)
        self._costs = costs
        self._share = share
        self.given: list[tuple[float, float]] = []

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        length = len(samples) / 16_000
        self.given.append((request.start, request.start + length))
        self._costs.spent += self._share * (LOOK_S + LOOK_PER_S * length)
        return super().transcribe(samples, request)


@dataclass
class Heard:
    """What came of one visit: each word with the clock at which it stood, and how far behind it was at which level."""

    words: list[tuple[str, float]] = field(default_factory=list)
    behind: list[tuple[float, float, Level]] = field(default_factory=list)
    given: list[tuple[float, float]] = field(default_factory=list)

    def lag_after(self, time_s: float) -> float:
        """Return how far it was behind at most from a time on."""
        return max((lag for clock, lag, _ in self.behind if clock >= time_s), default=0.0)


def on_machine(
    costs: Costs, stretch: Callable[[float], float], job: Callable[[Scheduler], Coroutine[Any, Any, Any]], cores: int
) -> Any:
    """Run a job on a simulated machine."""

    async def work() -> Any:
        simulated = SimulatedCores(costs.asked, stretch)
        with Scheduler(cores, threads=simulated.workers, aside=simulated.aside) as scheduler:
            return await job(scheduler)

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(work())


async def visit(
    scheduler: Scheduler, script: list[ScriptLine], costs: Costs, smaller: Costly | None = None, wait_s: float = 0.0
) -> Heard:
    """Hear one visit as it happens."""
    await asyncio.sleep(wait_s)
    sound = FileRecording(from_samples(spoken(script, script[-1][2] + 2.0)), 1)
    engine, clock, heard = Costly(script, costs), RealClock(scheduler), Heard()
    async for at, event in hear(sound, engine, LoudnessDetector(), clock, smaller=smaller):
        if isinstance(event, WordsConfirmed):
            heard.words += [(match_key(word.text), at) for word in event.words]
        elif isinstance(event, HeardUpTo):
            heard.behind.append((at, event.lag, event.level))
    heard.given = sorted(engine.given + (smaller.given if smaller else []))
    return heard


def busy_for_a_minute(times: float) -> Callable[[float], float]:
    """Let work take so many times as long from second 30 to second 90."""
    return lambda now: times if 30 <= now < 90 else 1.0


def unheard(script: list[ScriptLine], given: list[tuple[float, float]]) -> list[ScriptLine]:
    """Return the words whose sound no look was given whole."""
    return [line for line in script if not any(start <= line[1] and line[2] <= end for start, end in given)]


@pytest.mark.parametrize(("times", "most"), [(3.0, 6.0), (4.0, 12.0), (6.0, 20.0)])
def test_a_minute_of_overload_loses_nothing_and_is_made_up_for_within_a_minute(times: float, most: float) -> None:
    script, costs = script_of(LINES * 18), Costs()
    heard: Heard = on_machine(costs, busy_for_a_minute(times), lambda cores: visit(cores, script, costs), cores=1)
    assert script[-1][2] > 160
    assert [word for word, _ in heard.words] == [match_key(text) for text, _, _ in script]
    assert unheard(script, heard.given) == []
    assert heard.lag_after(0) < most
    assert heard.lag_after(150) < 3
    levels = [level for _, _, level in heard.behind]
    assert max(levels) >= Level.THIN_TAIL and levels[-1] is Level.ALL
    assert sum(a != b for a, b in pairwise(levels)) < 12


def test_the_smaller_model_hears_where_nothing_else_helps_and_no_longer() -> None:
    script, costs = script_of(LINES * 18), Costs()
    smaller = Costly(script, costs, share=0.4)
    heard: Heard = on_machine(costs, busy_for_a_minute(9.0), lambda cores: visit(cores, script, costs, smaller), 1)
    assert [word for word, _ in heard.words] == [match_key(text) for text, _, _ in script]
    assert unheard(script, heard.given) == []
    levels = [level for _, _, level in heard.behind]
    assert Level.SMALL_MODEL in levels and levels[-1] is Level.ALL
    assert 0 < smaller.looks < len(heard.given) / 2
    assert heard.lag_after(150) < 3


def test_what_does_not_fit_at_all_is_heard_later_and_whole() -> None:
    script, costs = script_of(LINES * 6), Costs()
    heard: Heard = on_machine(costs, lambda _: 12.0, lambda scheduler: visit(scheduler, script, costs), cores=1)
    assert [word for word, _ in heard.words] == [match_key(text) for text, _, _ in script]
    assert max(level for _, _, level in heard.behind) is Level.LATE_VOICES


def test_four_visits_of_base_share_two_cores_fairly_and_soon_enough() -> None:
    script, costs = script_of(LINES * 8), Costs()

    async def four(scheduler: Scheduler) -> list[Heard]:
        return await asyncio.gather(*(visit(scheduler, script, costs, wait_s=i / 3) for i in range(4)))

    visits: list[Heard] = on_machine(costs, lambda _: 1.3, four, cores=2)
    late = []
    for heard in visits:
        assert [word for word, _ in heard.words] == [match_key(text) for text, _, _ in script]
        delays = [at - end for (_, at), (_, _, end) in zip(heard.words, script, strict=True)]
        late.append(float(np.quantile(delays, 0.95)))
    assert max(late) < 6
    assert max(late) < 1.6 * min(late)
