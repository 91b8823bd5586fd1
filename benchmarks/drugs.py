"""How many drug names are heard: sentences with a drug each go the live way, with the packaged vocabulary and without.

    python -m benchmarks.drugs CACHE [--part tune] [--model base] [--other samples/*.opus]

CACHE is made by `benchmarks.drug_voices`. Printed for each voice: names that stand in the words as heard, those
and names that are offered as another reading of their words, names that were never said (heard, and offered), and
CPU seconds per second of sound. `--other`: recordings with NAME.words.json; drugs in what was heard of them that are
not in their words are false, and so are offers of such. Work takes the time that it took the processor, so that a
busy machine counts as an idle one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from live_scribe import scribing, wiring
from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.shipped import packaged_vocabulary
from live_scribe.audio.file import FileRecording
from live_scribe.commands.hearing import engine_of
from live_scribe.core.visit import Visit
from live_scribe.core.vocabulary import TermKind, Vocabulary
from live_scribe.core.words import match_key
from live_scribe.ports import SpeechEngine
from live_scribe.storage.memory import MemoryStore

T = TypeVar("T")

NEAR_S = 0.3
"""How far a sentence's words may lie outside of it."""


class ProcessorClock(SimulatedClock):
    """Audio time that work moves on by its processor seconds: what else the machine does is left out."""

    async def work(self, job: Callable[[], T]) -> T:
        """Run `job` here and now: it costs what the processor worked for it."""
        begin = time.process_time()
        try:
            return job()
        finally:
            self._now += time.process_time() - begin


@dataclass(slots=True)
class Count:
    """Sums over the sentences of one voice."""

    said: int = 0
    heard: int = 0
    offered: int = 0
    false_heard: list[str] = field(default_factory=list)
    false_offered: list[str] = field(default_factory=list)


async def hear(
    recording: FileRecording, engine: SpeechEngine, vocabulary: Callable[[], Vocabulary]
) -> tuple[Visit, float]:
    """Return the visit of a recording heard the live way, and the CPU seconds per second of it."""
    clock = ProcessorClock()
    session = await scribing.open_local(
        MemoryStore(),
        lambda _visit: scribing.Silent(),
        template="",
        sections=(),
        patient={},
        at=wiring.wall_clock(),
        ears=lambda: wiring.make_ears(engine, clock, vocabulary=vocabulary),
    )
    begin = time.process_time()
    visit = await scribing.hear_recording(session, recording)
    return visit, (time.process_time() - begin) / recording.duration


def readings(visit: Visit) -> list[tuple[float, float, str]]:
    """Return what is offered: where it begins and ends, and its key."""
    return [
        (r.heard[0].start or 0.0, r.heard[-1].end or 0.0, " ".join(match_key(w.text) for w in r.heard))
        for r in visit.readings.values()
    ]


def count(visit: Visit, rows: list[dict[str, Any]], drugs: set[str], *, show: bool) -> Count:
    """Compare what was heard with what was said, sentence by sentence."""
    sums = Count()
    words = [w for said in visit.utterances.values() for w in said.words]
    for row in rows:
        begin, end = row["start"] - NEAR_S, row["end"] + NEAR_S
        here = [w for w in words if (w.start or 0.0) < end and (w.end or 0.0) > begin]
        keys = [match_key(w.text) for w in here]
        offers = [name for start, stop, name in readings(visit) if start < end and stop > begin]
        told = {match_key(w) for w in row["text"].split()}
        sums.said += 1
        sums.heard += row["drug"] in keys
        sums.offered += row["drug"] in keys or row["drug"] in offers
        sums.false_heard += [k for k in keys if k in drugs and k not in told]
        sums.false_offered += [f"{name} for {row['drug']}" for name in offers if name not in told]
        if show and row["drug"] not in keys:
            sys.stdout.write(f"   {row['drug']}: {' '.join(w.text for w in here)} {offers}\n")
    return sums


async def voices(options: argparse.Namespace, engine: SpeechEngine, vocabulary: Callable[[], Vocabulary]) -> None:
    """Print a line for each voice of the part."""
    drugs = {t.key for t in packaged_vocabulary().terms if t.kind is TermKind.DRUG}
    for path in sorted(options.cache.glob(f"{options.part}-*.wav")):
        visit, cpu = await hear(await FileRecording.load(path), engine, vocabulary)
        rows = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        sums = count(visit, rows, drugs, show=options.show)
        sys.stdout.write(
            f"{path.stem}: heard {sums.heard} of {sums.said}, with offers {sums.offered}; never said: heard "
            f"{sums.false_heard}, offered {sums.false_offered}; {cpu:.2f} CPU s a second\n"
        )
        sys.stdout.flush()


async def other(paths: list[Path], engine: SpeechEngine, vocabulary: Callable[[], Vocabulary]) -> None:
    """Print what is heard and offered in recordings, beside what is said in them."""
    drugs = {t.key for t in packaged_vocabulary().terms if t.kind is TermKind.DRUG}
    total, heard, offered, right = 0, list[str](), list[str](), 0
    for path in paths:
        visit, cpu = await hear(await FileRecording.load(path), engine, vocabulary)
        rows = json.loads(path.with_suffix(".words.json").read_text(encoding="utf-8"))
        told = {match_key(word) for word, _, _ in rows}
        words = [w for said in visit.utterances.values() for w in said.words]
        total += len(words)
        heard += [k for k in (match_key(w.text) for w in words) if k in drugs and k not in told]
        names = [name for _, _, name in readings(visit)]
        right += sum(name in told for name in names)
        offered += [name for name in names if name not in told]
        sys.stdout.write(f"   {path.stem}: {cpu:.2f} CPU s a second\n")
        sys.stdout.flush()
    sys.stdout.write(
        f"other speech, {total} words: drugs never said {heard}; offered rightly {right}, falsely {offered}\n"
    )


def main() -> None:
    """Print the rows of the table in benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--part", default="report", choices=("tune", "report"))
    parser.add_argument("--model", default="base")
    parser.add_argument("--without", action="store_true", help="without a vocabulary")
    parser.add_argument("--show", action="store_true", help="print the sentences in which the name was not heard")
    parser.add_argument("--other", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    engine = engine_of(options.model)
    vocabulary = Vocabulary if options.without else packaged_vocabulary
    sys.stdout.write(f"{options.model} {'without' if options.without else 'with'} vocabulary\n")
    if options.other:
        asyncio.run(other(options.other, engine, vocabulary))
    else:
        asyncio.run(voices(options, engine, vocabulary))


if __name__ == "__main__":
    main()
