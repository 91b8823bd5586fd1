"""Makes `live_scribe/asr/weights/handover.json`: between which sentences of a visit the speaker changes.

    python -m training.handover DATA

DATA holds `aci_bench/train.csv` and `mts_dialog/train.csv` (and `valid.csv` of both, to report on).
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from live_scribe.core.handover import WHOLE_WORDS, HandoverWeights, features
from training.roles import SETS, TURN

TARGET = Path(__file__).resolve().parent.parent / "live_scribe" / "asr" / "weights" / "handover.json"

FEWEST = 4
"""A feature seen less often is chance."""

STEPS, RATE, MOMENTUM, DECAY = 400, 2.0, 0.95, 2.0
"""Gradient descent on the whole set; settled by then. DECAY is L2, in pairs of sentences."""

Pair = tuple[str, str, bool]
"""Two sentences that follow each other, and whether the speaker changed between them."""


def pairs(path: Path) -> Iterator[Pair]:
    """Yield the neighbours among the sentences of each dialogue."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said = list(_sentences(row["dialogue"]))
            for (who, text), (other, following) in itertools.pairwise(said):
                yield text, following, who != other


def _sentences(dialogue: str) -> Iterator[tuple[str, str]]:
    for line in dialogue.splitlines():
        if found := TURN.match(line):
            for text in re.split(r"(?<=[.?!])\s+", found[3].strip()):
                if re.search(r"\w", text):
                    yield (found[1] or found[2]).lower(), text


def fit(known: Sequence[Pair]) -> HandoverWeights:
    """Return the logistic regression that tells a change from none."""
    said = [features(text, following) for text, following, _ in known]
    counts = Counter(feature for row in said for feature in row)
    terms = {feature: i for i, (feature, n) in enumerate(sorted(counts.items())) if n >= FEWEST}
    terms = {feature: i for i, feature in enumerate(terms)}
    rows = [(i, terms[f]) for i, row in enumerate(said) for f in row if f in terms]
    row, column = np.asarray(rows).T
    target = np.asarray([changed for _, _, changed in known], np.float64)
    weights, bias = np.zeros(len(terms)), 0.0
    speed, bias_speed = np.zeros_like(weights), 0.0
    for _ in range(STEPS):
        odds = np.bincount(row, weights[column], len(known)) + bias
        error = (1 / (1 + np.exp(-odds)) - target) / len(known)
        gradient = np.bincount(column, error[row], len(terms)) + DECAY * weights / len(known)
        speed, bias_speed = MOMENTUM * speed - RATE * gradient, MOMENTUM * bias_speed - RATE * float(error.sum())
        weights, bias = weights + speed, bias + bias_speed
    kept = {feature: round(float(weights[i]), 2) for feature, i in terms.items()}
    return HandoverWeights(bias=round(bias, 3), terms={feature: value for feature, value in kept.items() if value})


def report(model: HandoverWeights, known: Sequence[Pair]) -> str:
    """Return how many of the changes and of the rest the model knows, in all and before sentences of a word or two."""
    shares = []
    for short in (False, True):
        some = [p for p in known if not short or len(p[1].split()) <= WHOLE_WORDS]
        right = sum((model.log_odds(text, following) > 0) is changed for text, following, changed in some)
        shares.append(f"{right / len(some):.3f} of {len(some)}{' short ones' if short else ''}")
    return ", ".join(shares)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on the folder named on the command line and say how it does on the held-out dialogues."""
    parser = argparse.ArgumentParser(description="Train where the speaker changes.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    known = {
        split: [p for name in SETS for p in pairs(options.data / name / f"{split}.csv")] for split in ("train", "valid")
    }
    model = fit(known["train"])
    for split, some in known.items():
        print(f"{split}: {report(model, some)}")  # noqa: T201 the result
    written = {"bias": model.bias, "terms": dict(model.terms)}
    options.out.write_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
