"""How many visits one machine hears at once: the samples, in real time, on one loaded model, heard and drafted.

    python -m benchmarks.visits 1 2 4 8 [--model tiny.en] [--minutes 2] [--simulated]

A row for each number of visits, over all of them: word errors, seconds from a word's end until it was first shown and
until it stood (median, 95th percentile), how far hearing was behind at most and at the end, and CPU seconds a second
(of two cores, 2.0 is all there is). The visits play the five samples in turn; each begins a third of a second after the
one before. `--simulated`: not in real time but on a simulated machine of as many cores as the model has workers, where
each job takes the CPU seconds that it used: slow, but nearly the same whatever else the computer does (two jobs at once
share caches and memory on a real machine, and here do not).
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.references import reference_of
from benchmarks.streaming import Score, add, at
from live_scribe import samples, scribing
from live_scribe.asr.clock import RealClock
from live_scribe.asr.scheduler import Scheduler
from live_scribe.asr.simulated import SimulatedCores, SimulatedLoop
from live_scribe.audio.decode import Decoder
from live_scribe.audio.file import FileRecording
from live_scribe.commands.hearing import engine_of
from live_scribe.commands.lines import Lines
from live_scribe.commands.notes import local_session
from live_scribe.hub import Message
from live_scribe.ports import Clock, SpeechEngine
from live_scribe.session import VisitSession

APART_S = 1 / 3
"""Between two beginnings: nobody presses the button in the same moment."""


@dataclass
class Playing:
    """One visit: what it plays, and what came of it."""

    audio: Path
    recording: FileRecording
    lines: list[dict[str, Any]] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    heard_to: float = 0.0

    async def hear(self, engine: SpeechEngine, scheduler: Scheduler, wait_s: float) -> None:
        """Hear it to its end."""
        await asyncio.sleep(wait_s)
        clock = RealClock(scheduler)
        await self.follow(await local_session("soap", {}, engine, clock), clock)

    async def follow(self, session: VisitSession, clock: Clock) -> None:
        """Let a session hear it, and keep what it says."""
        made = Lines()

        def observe(message: Message) -> None:
            if isinstance(message, dict) and message.get("type") == "lag":
                self.note(message)
            self.lines.extend(line for line in made.of(clock.now(), message) if line["type"] in ("tail", "words"))

        await scribing.hear_recording(session, self.recording, observe)
        self.heard_to = session.visit.clock

    def note(self, hint: dict[str, Any]) -> None:
        """Take in how far behind it is."""
        self.lags.append(hint["seconds"])

    def add_to(self, score: Score) -> None:
        """Score it against the words of the sample."""
        add(score, reference_of(self.audio, self.recording.duration), self.lines)


def beginning(path: Path, minutes: float) -> FileRecording:
    """Return so much of a recording, as one channel."""
    with Decoder(path, mixed=True) as decoder:
        pcm = b"".join(decoder.pieces())
    return FileRecording(pcm[: int(minutes * 60) * 32_000], 1)


async def at_once(count: int, model: str, minutes: float, cores: SimulatedCores | None = None) -> str:
    """Hear so many visits at once; return the row. On a simulated loop the work is done by `cores`."""
    engine = engine_of(model, visits=count)
    paths = [sample.audio for sample in samples.listed().values()]
    visits = [Playing(path := paths[i % len(paths)], beginning(path, minutes)) for i in range(count)]
    now = asyncio.get_running_loop().time
    threads, aside = (cores.workers, cores.aside) if cores else (None, None)
    wall, cpu, score = now(), time.process_time(), Score()
    with Scheduler(engine.parallel, threads=threads, aside=aside) as scheduler:
        async with asyncio.TaskGroup() as tasks:
            for i, visit in enumerate(visits):
                tasks.create_task(visit.hear(engine, scheduler, i * APART_S))
    wall, cpu = now() - wall, time.process_time() - cpu
    for visit in visits:
        visit.add_to(score)
    late = [visit.lags[-2] if len(visit.lags) > 1 else 0.0 for visit in visits]
    return (
        f"{model}, {count} at once: word errors {100 * score.errors / score.words:.1f} % of {score.words}; "
        f"seen {at(score.seen, 0.5)} / {at(score.seen, 0.95)} s; "
        f"stood {at(score.stood, 0.5)} / {at(score.stood, 0.95)} s; "
        f"behind {max(max(visit.lags) for visit in visits):.1f} s at most, {max(late):.1f} s at the end; "
        f"{cpu / wall:.2f} CPU s a second"
    )


def main() -> None:
    """Print the rows of the table in benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("visits", nargs="+", type=int)
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--simulated", action="store_true")
    args = parser.parse_args()
    for count in args.visits:
        with asyncio.Runner(loop_factory=SimulatedLoop if args.simulated else None) as runner:
            cores = SimulatedCores() if args.simulated else None
            print(runner.run(at_once(count, args.model, args.minutes, cores)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
