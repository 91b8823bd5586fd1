"""One visit while other programs take the cores: nothing is skipped, and it has caught up soon after they end.

    python -m benchmarks.overload [--model base] [--minutes 4] [--burners 6 | --times 4] [--from 30] [--for 60]

Hears one sample in real time twice: undisturbed, and while so many processes burn the cores for a while. Printed: word
errors of both, how far hearing was behind at most and how long after relief it was under 3 s for good, which levels it
went through (docs/hearing.md, "Under load"), and how much of the sound was heard. With `--times` no core is burnt: on a
simulated machine (benchmarks/visits.py) work takes so many times as long for that while.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.streaming import Score
from benchmarks.visits import Playing, beginning
from live_scribe import samples
from live_scribe.asr.scheduler import Scheduler
from live_scribe.asr.simulated import SimulatedCores, SimulatedLoop
from live_scribe.commands.hearing import engine_of
from live_scribe.ports import SpeechEngine

BURN = "import sys, time\nend = time.monotonic() + float(sys.argv[1])\nwhile time.monotonic() < end: sum(range(10000))"
"""A burner ends by itself, should nobody end it."""

CAUGHT_UP_S = 3.0


@dataclass
class Watched(Playing):
    """A visit whose hints are kept with their times."""

    begun: float = 0.0
    behind: list[tuple[float, float, str]] = field(default_factory=list)

    def note(self, hint: dict[str, Any]) -> None:
        """Keep how far behind it is."""
        super().note(hint)
        now = asyncio.get_running_loop().time()
        self.behind.append((now - self.begun, hint["seconds"], hint["level"]))


@contextmanager
def burning(count: int, seconds: float) -> Iterator[None]:
    """Let so many processes take all the CPU they can get, for so long at most."""
    burners = [subprocess.Popen([sys.executable, "-c", BURN, str(seconds)]) for _ in range(count)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


async def burn(count: int, begin_s: float, length_s: float) -> None:
    """Burn the cores from `begin_s` on."""
    await asyncio.sleep(begin_s)
    with burning(count, length_s + 5):
        await asyncio.sleep(length_s)


async def heard(
    visit: Watched, engine: SpeechEngine, burners: int, span: tuple[float, float], cores: SimulatedCores | None
) -> None:
    """Hear the sample once, burning or not."""
    threads, aside = (cores.workers, cores.aside) if cores else (None, None)
    with Scheduler(engine.parallel, threads=threads, aside=aside) as scheduler:
        visit.begun = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(visit.hear(engine, scheduler, 0.0))
            if burners:
                tasks.create_task(burn(burners, *span))


def told(name: str, visit: Watched, relief_s: float) -> str:
    """Return what came of a visit, as a line."""
    score = Score()
    visit.add_to(score)
    late = [at for at, lag, _ in visit.behind if lag >= CAUGHT_UP_S and at >= relief_s]
    levels = dict.fromkeys(level for _, _, level in visit.behind)
    return (
        f"{name}: word errors {100 * score.errors / score.words:.1f} % of {score.words}; "
        f"behind {max(visit.lags):.1f} s at most; under {CAUGHT_UP_S:.0f} s for good "
        f"{max(late, default=relief_s) - relief_s:.1f} s after relief; levels {', '.join(levels)}; "
        f"heard {visit.heard_to:.1f} of {visit.recording.duration:.1f} s"
    )


def main() -> None:
    """Print two lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="base")
    parser.add_argument("--sample", default="knee-injury")
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--burners", type=int, default=3 * (os.cpu_count() or 1))
    parser.add_argument("--times", type=float, default=0.0)
    parser.add_argument("--from", type=float, default=30.0, dest="begin_s")
    parser.add_argument("--for", type=float, default=60.0, dest="length_s")
    args = parser.parse_args()
    engine, audio = engine_of(args.model), samples.named(args.sample).audio
    span, relief_s = (args.begin_s, args.length_s), args.begin_s + args.length_s
    name = f"work {args.times:g} times as long" if args.times else f"{args.burners} burners"
    for disturbed in (False, True):
        times = args.times if disturbed else 1.0
        visit = Watched(audio, beginning(audio, args.minutes))
        with asyncio.Runner(loop_factory=SimulatedLoop if args.times else None) as runner:
            stretch = lambda now, times=times: times if args.begin_s <= now < relief_s else 1.0  # noqa: E731
            cores = SimulatedCores(stretch=stretch) if args.times else None
            burners = 0 if args.times or not disturbed else args.burners
            runner.run(heard(visit, engine, burners, span, cores))
        print(told(f"{args.model}, {name if disturbed else 'undisturbed'}", visit, relief_s), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
