"""The note writer's work as a visit grows: processor milliseconds per utterance, in stretches of a very long talk.

    python -m benchmarks.work [--hours 4] [--data DATA.csv]

The samples' dialogues follow each other, round by round, each round with other numbers, so that its facts are new;
with `--data` (a column `dialogue`) those dialogues instead. What is measured is what the live way asks of the writer
for each utterance, and what a corrected one costs. The bar: 20 ms at any length.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from live_scribe import samples, templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import Proposal
from live_scribe.core.words import Utterance, Word
from live_scribe.drafting.rules import RuleWriter

MOST_MS = 20.0
"""Milliseconds of one core that an utterance may take, at any length."""

WORDS_A_MINUTE = 170
"""As fast as the samples are spoken."""

STRETCHES = 6


def dialogues(data: Path | None) -> list[str]:
    """Return the dialogues that the talk is made of."""
    if data is None:
        found = (sample.audio.with_suffix(".txt") for sample in samples.listed().values())
        return [path.read_text(encoding="utf-8") for path in found]
    csv.field_size_limit(10**9)
    with data.open(encoding="utf-8", newline="") as handle:
        return [row["dialogue"] for row in csv.DictReader(handle)]


def raised(text: str, by: int) -> str:
    """Return a text with other numbers."""
    return re.sub(r"\d+", lambda found: str(int(found.group()) + by), text)


def talk(texts: list[str]) -> Iterator[Utterance]:
    """Yield the utterances of a talk without end."""
    number = count(1)
    for round_ in count():
        for text in texts:
            for utterance in parse_dialogue(raised(text, round_)):
                n = next(number)
                words = tuple(Word(id=f"w{n}.{i}", text=w.text) for i, w in enumerate(utterance.words))
                yield Utterance(id=f"u{n}", words=words, role=utterance.role)


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=4.0)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    limit = int(args.hours * 60 * WORDS_A_MINUTE)
    writer = RuleWriter(templates.load("soap"), {"sex": "F"})
    told: list[tuple[int, float, float]] = []
    words, standing = 0, set[str]()
    for utterance in talk(dialogues(args.data)):
        began = time.process_time()
        changes = writer.observe(utterance)
        heard = time.process_time()
        writer.correct(utterance)
        told.append((words, 1000 * (heard - began), 1000 * (time.process_time() - heard)))
        for change in changes:
            (standing.add if isinstance(change, Proposal) else standing.discard)(change.key)
        words += len(utterance.words)
        if words >= limit:
            break
    worst = 0.0
    for n in range(STRETCHES):
        part = [t for t in told if n * limit <= STRETCHES * t[0] < (n + 1) * limit]
        seen = sorted(t[1] for t in part)
        mean, again = sum(seen) / len(seen), sum(t[2] for t in part) / len(part)
        worst = max(worst, mean)
        sys.stdout.write(
            f"{n * args.hours / STRETCHES:4.1f} h: {len(part)} utterances, {mean:.2f} ms each "
            f"(99 % {seen[int(0.99 * len(seen))]:.1f}, most {seen[-1]:.1f}), corrected {again:.2f} ms\n"
        )
    sys.stdout.write(
        f"{len(told)} utterances, {words} words, {len(standing)} statements stand (bar {MOST_MS:.0f} ms)\n"
    )
    return 0 if worst <= MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
