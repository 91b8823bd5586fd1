"""What a long visit costs at its end: the samples over and over, heard and drafted on one clock, without waiting.

    python -m benchmarks.long [--hours 3] [--model tiny.en | --model scripted] [--window 5] [--without-voices]

A row for each of six stretches of `--window` minutes, the first behind five minutes of warming up, the last at the
end: seconds from a word's end until it stood (median, 95th percentile), CPU seconds per second of sound, resident
memory at its end. The rows must not differ: then a visit costs at its end what it cost at its beginning.

With `scripted` nothing is decoded: what is left is everything around the model, where growth would hide behind it. The
clock moves on by the CPU time that work took, so that other programs on the machine do not count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.references import plain
from benchmarks.streaming import at, pairs
from benchmarks.visits import beginning
from live_scribe import samples, scribing, wiring
from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.scripted import ScriptedEngine, ScriptLine
from live_scribe.commands.hearing import engine_of
from live_scribe.commands.lines import Lines
from live_scribe.core.audio import SAMPLE_RATE_HZ, seconds
from live_scribe.hub import Message
from live_scribe.listening import Ears
from live_scribe.ports import Samples
from live_scribe.storage.memory import MemoryStore

T = TypeVar("T")

WARM_S = 300.0
"""Models load their kernels, voices and roles are found: what comes before is no visit's steady state."""

ROWS = 6

STEP_S = 60.0
"""How often the meters are read."""


class CpuClock(SimulatedClock):
    """Simulated time that moves on by the CPU seconds of the work."""

    async def work(self, job: Callable[[], T]) -> T:
        """Run `job` in this thread."""
        begin = time.process_time()
        try:
            return job()
        finally:
            self._now += time.process_time() - begin


class Loop:
    """ports.Recording: all samples, one after the other, over and over, without a copy of them in memory."""

    channels = 1

    def __init__(self, paths: list[Path], length_s: float) -> None:
        once = asyncio.run(_joined(paths))
        self._once = (once * 32_767).astype(np.int16)
        self.once_s = seconds(len(once))
        self._length = int(length_s * SAMPLE_RATE_HZ)
        self._there = 0

    @property
    def ended(self) -> bool:
        """Whether all of it was said."""
        return self._there >= self._length

    def available(self, now: float) -> int:
        """Return the samples said by `now`."""
        self._there = min(self._length, int(now * SAMPLE_RATE_HZ))
        return self._there

    async def read(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end`."""
        cut = self._once[np.arange(start, end) % len(self._once)]
        return np.asarray(cut / np.float32(32_768), np.float32)

    async def read_channels(self, start: int, end: int) -> Samples:
        """Return them as one channel."""
        return (await self.read(start, end))[np.newaxis]


async def _joined(paths: list[Path]) -> Samples:
    found = [beginning(path, 60.0) for path in paths]
    return np.concatenate([await recording.read(0, recording.length) for recording in found])


def script_of(paths: list[Path], length_s: float) -> list[ScriptLine]:
    """Return what is said in the loop, up to `length_s`."""
    once: list[ScriptLine] = []
    begin = 0.0
    for path in paths:
        words = json.loads(path.with_suffix(".words.json").read_text(encoding="utf-8"))
        once += [(text, begin + start, begin + end) for text, start, end in words]
        begin += beginning(path, 60.0).duration
    rounds = int(length_s / begin) + 1
    said = [(text, k * begin + start, k * begin + end) for k in range(rounds) for text, start, end in once]
    return [line for line in said if line[2] <= length_s]


@dataclass
class Meter:
    """Reads the meters each minute of sound, keeps when each word stood, and prints a row when its stretch is over."""

    script: list[ScriptLine]
    stretches: list[tuple[float, float]]
    stood: list[tuple[str, float, float]] = field(default_factory=list)
    readings: list[tuple[float, float, float]] = field(default_factory=list)

    def read(self, at_s: float) -> None:
        """Note CPU and memory once the next step has passed."""
        if at_s < len(self.readings) * STEP_S:
            return
        self.readings.append((at_s, time.process_time(), resident_mb()))
        while self.stretches and at_s > self.stretches[0][1] + STEP_S / 2:
            print(self.row(*self.stretches.pop(0)), flush=True)  # noqa: T201

    def row(self, begin: float, end: float) -> str:
        """Return the row of a stretch of the visit."""
        said = [(key, stop) for text, _, stop in self.script if begin <= stop < end for key in plain(text)]
        heard = [(key, clock) for text, stop, clock in self.stood if begin <= stop < end for key in plain(text)]
        delays = [heard[j][1] - said[i][1] for i, j in pairs([k for k, _ in said], [k for k, _ in heard])]
        first = min(self.readings, key=lambda r: abs(r[0] - begin))
        last = min(self.readings, key=lambda r: abs(r[0] - end))
        return (
            f"{begin / 60:.0f} to {end / 60:.0f} min: stood {at(delays, 0.5)} / {at(delays, 0.95)} s; "
            f"{(last[1] - first[1]) / (last[0] - first[0]):.3f} CPU s a second; {last[2]:.0f} MB"
        )


def resident_mb() -> float:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


async def listen(loop: Loop, model: str, script: list[ScriptLine], meter: Meter, *, voices: bool) -> None:
    """Hear and draft the loop to its end."""
    clock, made = CpuClock(), Lines(tails=False)
    engine = ScriptedEngine(script) if model == "scripted" else engine_of(model)

    def observe(message: Message) -> None:
        meter.read(clock.now())
        for line in made.of(clock.now(), message):
            if line["type"] == "words":
                meter.stood += [_heard(word, line["clock"]) for word in line["words"]]

    def ears() -> Ears:
        made = wiring.make_ears(engine, clock)
        return made if voices else replace(made, voices=None, voice_detector=None)

    full, sections = wiring.find_template("soap")
    session = await scribing.open_local(
        MemoryStore(),
        wiring.make_writer,
        template=full,
        sections=sections,
        patient={},
        at=wiring.wall_clock(),
        ears=ears,
    )
    await scribing.hear_recording(session, loop, observe)


def _heard(word: dict[str, Any], clock: float) -> tuple[str, float, float]:
    return word["text"], word["end"], clock


def main() -> None:
    """Print the rows of the table in benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--window", type=float, default=5.0)
    parser.add_argument("--without-voices", action="store_true", help="do not tell voices apart")
    args = parser.parse_args()
    length, window = args.hours * 3600, args.window * 60
    paths = [sample.audio for sample in samples.listed().values()]
    begins = [WARM_S + (length - STEP_S - window - WARM_S) * k / (ROWS - 1) for k in range(ROWS)]
    script = script_of(paths, length)
    meter = Meter(script, [(begin, begin + window) for begin in begins])
    asyncio.run(listen(Loop(paths, length), args.model, script, meter, voices=not args.without_voices))


if __name__ == "__main__":
    main()
