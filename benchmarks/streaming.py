"""How well and how fast speech becomes words: each recording goes the live way on the simulated clock.

    python -m benchmarks.streaming samples/*.opus [--model base] [--lines FOLDER]

Beside NAME.opus (or .wav) stands NAME.words.json: [[word, start s, end s], …] (and see references.py). Printed for all
recordings together: word errors (lower case, without punctuation), seconds from a word's end until it was first shown
and until it stood (median, 95th percentile), shown words that were taken back per 100 words, and CPU seconds per second
of sound, loading left out.
`--lines` keeps each stream as NAME.jsonl (docs/protocol.md), for another scorer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from benchmarks.references import plain, reference_of
from live_scribe.audio.file import FileRecording
from live_scribe.commands.hearing import engine_of, hear_file, silent_session
from live_scribe.commands.lines import Lines
from live_scribe.core import commands as c
from live_scribe.core.decide import decide
from live_scribe.core.fold import evolve
from live_scribe.core.note import SuggestionState
from live_scribe.core.states import UserRole
from live_scribe.core.visit import Visit
from live_scribe.hub import Message


@dataclass
class Score:
    """Sums over all recordings."""

    errors: int = 0
    words: int = 0
    taken_back: int = 0
    cpu: float = 0.0
    audio: float = 0.0
    seen: list[float] = field(default_factory=list)
    stood: list[float] = field(default_factory=list)
    again_cpu: float = 0.0
    settled: int = 0
    accepted: int = 0
    readings: list[str] = field(default_factory=list)


def errors(reference: list[str], heard: list[str]) -> int:
    """Return the least substitutions, deletions and insertions between two texts."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


def pairs(a: list[str], b: list[str]) -> list[tuple[int, int]]:
    """Return the places of words that two texts share, in order."""
    blocks = SequenceMatcher(a=a, b=b, autojunk=False).get_matching_blocks()
    return [(m.a + k, m.b + k) for m in blocks for k in range(m.size)]


def add(score: Score, reference: list[tuple[str, float]], lines: list[dict[str, Any]]) -> None:
    """Score one stream."""
    expected = [word for word, _ in reference]
    stood: list[str] = []
    when: list[float] = []
    shown: dict[int, float] = {}
    tail: list[str] = []
    for line in lines:
        before = tail
        if line["type"] == "words":
            fresh = [w for word in line["words"] for w in plain(word["text"])]
            stood += fresh
            when += [line["clock"]] * len(fresh)
            tail = before[len(fresh) :]
            score.taken_back += len(before[: len(fresh)]) - len(pairs(before[: len(fresh)], fresh))
        else:
            tail = plain(line["text"])
            score.taken_back += len(before) - len(pairs(before, tail))
        for i, _ in pairs(expected, stood + tail):
            shown.setdefault(i, line["clock"])
    score.errors += errors(expected, stood)
    score.words += len(expected)
    for i, j in pairs(expected, stood):
        score.stood.append(when[j] - reference[i][1])
        score.seen.append(min(shown.get(i, when[j]), when[j]) - reference[i][1])


def at(values: list[float], share: float) -> str:
    """Return a percentile for printing."""
    return f"{sorted(values)[min(len(values) - 1, int(share * len(values)))]:.2f}" if values else "-"


def add_again(score: Score, reference: list[tuple[str, float]], visit: Visit) -> None:
    """Score what a second look left, and what would be if a person took all it offers."""
    expected = [word for word, _ in reference]
    score.settled += errors(expected, plain(" ".join(u.heard for u in visit.utterances.values())))
    desk = c.Actor(name="scribe", role=UserRole.SCRIBE)
    for id_ in list(visit.readings):
        if visit.readings[id_].state is SuggestionState.OPEN:
            score.readings.append(id_)
            for fact in decide(visit, c.AcceptReading(reading=id_), desk):
                visit = evolve(visit, fact, by=desk.name)
    score.accepted += errors(expected, plain(" ".join(u.heard for u in visit.utterances.values())))


async def stream(path: Path, model: str, score: Score, keep: Path | None, *, again: bool) -> None:
    """Hear one recording and score it."""
    recording = await FileRecording.load(path)
    engine, made, lines = engine_of(model), Lines(), list[dict[str, Any]]()
    begin = time.process_time()

    live = 0.0

    def observe(clock: float, message: Message) -> None:
        nonlocal live
        lines.extend(made.of(clock, message))
        if isinstance(message, dict) and message["type"] == "settled":
            live = time.process_time() - begin

    session_of = lambda clock: silent_session(engine, clock, second_look=again)  # noqa: E731
    visit, clock = await hear_file(path.name, recording, 0.0, session_of, observe)
    cpu = time.process_time() - begin
    score.cpu, score.audio = score.cpu + live, score.audio + recording.duration
    score.again_cpu += cpu - live
    if keep is not None:
        end = {"type": "end", "clock": clock, "audio": recording.duration, "cpu": cpu}
        text = "".join(json.dumps(line) + "\n" for line in [*lines, end])
        (keep / f"{path.stem}.jsonl").write_text(text, encoding="utf-8")
    add(score, reference_of(path), [line for line in lines if line["type"] in ("tail", "words")])
    add_again(score, reference_of(path), visit)


def main() -> None:
    """Print one row of the table in benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("audio", nargs="+", type=Path)
    parser.add_argument("--model", default="base")
    parser.add_argument("--lines", type=Path)
    parser.add_argument("--second-look", action="store_true")
    args = parser.parse_args()
    if args.lines is not None:
        args.lines.mkdir(parents=True, exist_ok=True)
    score = Score()
    for path in args.audio:
        asyncio.run(stream(path, args.model, score, args.lines, again=args.second_look))
    print(  # noqa: T201
        f"{args.model}: word errors {100 * score.errors / score.words:.1f} % of {score.words}; "
        f"seen {at(score.seen, 0.5)} / {at(score.seen, 0.95)} s; "
        f"stood {at(score.stood, 0.5)} / {at(score.stood, 0.95)} s; "
        f"taken back {100 * score.taken_back / score.words:.1f} per 100; {score.cpu / score.audio:.3f} CPU s a second"
    )
    if args.second_look:
        print(  # noqa: T201
            f"after a second look: word errors {100 * score.settled / score.words:.1f} %, "
            f"{100 * score.accepted / score.words:.1f} % with all {len(score.readings)} readings that are offered; "
            f"{score.again_cpu / score.audio:.3f} CPU s a second more"
        )


if __name__ == "__main__":
    main()
