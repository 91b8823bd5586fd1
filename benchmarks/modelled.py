"""How well many visits share a machine, with a model whose looks cost what was measured: seconds to run, not minutes.

    python -m benchmarks.modelled 4 8 12 [--model tiny.en] [--minutes 2] [--dearer 1.35]

What benchmarks/visits.py prints, for the governor and the scheduler alone: on a simulated machine of two cores a
scripted engine hears the samples' own words (so there are no word errors to tell of), and each look, each second of
voices and of speech detection has a fixed price. One visit then costs 0.31 (tiny.en) and 0.61 CPU seconds a second
(base), on an idle machine it was 0.31 and 0.51. `--dearer`: so many times as much.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.streaming import Score, at
from benchmarks.visits import APART_S, Playing, beginning
from live_scribe import samples, scribing, wiring
from live_scribe.asr.clock import RealClock
from live_scribe.asr.scheduler import Scheduler
from live_scribe.asr.scripted import ScriptedEngine
from live_scribe.asr.shipped import role_weights
from live_scribe.asr.simulated import SimulatedCores, SimulatedLoop
from live_scribe.asr.voice import SileroDetector
from live_scribe.core.hearing import Hypothesis, LookRequest
from live_scribe.core.roles import RoleTracker
from live_scribe.listening import Ears
from live_scribe.ports import Samples
from live_scribe.session import VisitSession
from live_scribe.storage.memory import MemoryStore

CORES = 2
LOOK_S = {"tiny.en": (0.070, 0.026), "base": (0.120, 0.065)}
"""CPU seconds of a look: for itself, and for each second that it looks at (looks of 2 to 14 s of a sample)."""

AGAIN = 12
"""One look in so many is in doubt, and heard twice."""

VOICES_S, DETECTOR_S = 0.070, 0.0027
"""CPU seconds for each second of sound."""


@dataclass
class Bill:
    """What has been spent so far."""

    dearer: float
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Spend."""
        self.seconds += self.dearer * seconds

    def total(self) -> float:
        """Return what was spent."""
        return self.seconds


class CostlyEngine(ScriptedEngine):
    """Hears the script."""

    def __init__(self, audio: Path, model: str, bill: Bill) -> None:
        words = json.loads(audio.with_suffix(".words.json").read_text(encoding="utf-8"))
        super().__init__([(word, start, end) for word, start, end in words])
        self._cost, self._bill = LOOK_S[model], bill

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        """Return the words, and spend."""
        once, a_second = self._cost
        times = 2 if self.looks % AGAIN == AGAIN - 1 else 1
        self._bill.add(times * (once + a_second * len(samples) / 16_000))
        return super().transcribe(samples, request)


class CostlyVoices:
    """One voice."""

    def __init__(self, bill: Bill) -> None:
        self._bill = bill

    def observe(self, samples: Samples, start: float, voiced: Sequence[float]) -> None:
        """Spend."""
        self._bill.add(VOICES_S * len(samples) / 16_000)

    def postpone(self, postponed: bool) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""

    def label(self, start: float, end: float) -> str | None:
        """Return the only voice."""
        return "S1"

    def relabel(self, spans: Sequence[tuple[str, float, float]]) -> dict[str, str]:
        """Return nothing."""
        return {}


class CostlyDetector(SileroDetector):
    """The real detector, and its price."""

    def __init__(self, bill: Bill) -> None:
        super().__init__()
        self._bill = bill

    def observe(self, samples: Samples) -> Sequence[float]:
        """Return the probabilities, and spend."""
        self._bill.add(DETECTOR_S * len(samples) / 16_000)
        return super().observe(samples)


class Modelled(Playing):
    """A visit that is heard by the script."""

    async def hear_at(self, model: str, bill: Bill, scheduler: Scheduler, wait_s: float) -> None:
        """Hear it to its end."""
        await asyncio.sleep(wait_s)
        clock = RealClock(scheduler)
        ears = Ears(
            engine=CostlyEngine(self.audio, model, bill),
            clock=clock,
            detector=CostlyDetector(bill),
            roles=RoleTracker(role_weights()),
            voices=CostlyVoices(bill),
            voice_detector=CostlyDetector(bill),
        )
        session: VisitSession = await scribing.open_local(
            MemoryStore(),
            lambda _visit: scribing.Silent(),
            template="",
            sections=(),
            patient={},
            at=wiring.wall_clock(),
            ears=lambda: ears,
        )
        await self.follow(session, clock)


async def at_once(count: int, model: str, minutes: float, dearer: float) -> str:
    """Hear so many visits at once; return the row."""
    bill = Bill(dearer)
    cores, now = SimulatedCores(bill.total), asyncio.get_running_loop().time
    paths = [sample.audio for sample in samples.listed().values()]
    visits = [Modelled(path := paths[i % len(paths)], beginning(path, minutes)) for i in range(count)]
    with Scheduler(CORES, threads=cores.workers, aside=cores.aside) as scheduler:
        async with asyncio.TaskGroup() as tasks:
            for i, visit in enumerate(visits):
                tasks.create_task(visit.hear_at(model, bill, scheduler, i * APART_S))
    score = Score()
    for visit in visits:
        visit.add_to(score)
    return (
        f"{model}, {count} at once: seen {at(score.seen, 0.5)} / {at(score.seen, 0.95)} s; "
        f"stood {at(score.stood, 0.5)} / {at(score.stood, 0.95)} s; "
        f"behind {max(max(visit.lags) for visit in visits):.1f} s at most; {bill.total() / now():.2f} CPU s a second"
    )


def main() -> None:
    """Print a row for each number of visits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("visits", nargs="+", type=int)
    parser.add_argument("--model", default="tiny.en", choices=LOOK_S)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--dearer", type=float, default=1.0)
    args = parser.parse_args()
    row = partial(at_once, model=args.model, minutes=args.minutes, dearer=args.dearer)
    for count in args.visits:
        with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
            print(runner.run(row(count)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
