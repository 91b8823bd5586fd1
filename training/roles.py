"""Makes `live_scribe/asr/weights/roles.json`: which words speak for the doctor, and which for a companion.

    python -m training.roles DATA

DATA holds `aci_bench/train.csv` and `mts_dialog/train.csv` (and `valid.csv` of both, to report on). A turn counts
whole, without its punctuation, and sentence by sentence, because that is how recognised speech arrives.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from live_scribe.core.roles import TermWeights, grams

SETS = ("aci_bench", "mts_dialog")
TARGET = Path(__file__).resolve().parent.parent / "live_scribe" / "asr" / "weights" / "roles.json"

DOCTOR_TERMS, COMPANION_TERMS = 4000, 1000
"""More terms gain under half a point; there are only some 550 companions' turns to learn from."""

STEPS, RATE, MOMENTUM, DECAY = 250, 4.0, 0.95, 1.0
"""Gradient descent on the whole set; settled by then. DECAY is L2, in turns."""

TURN = re.compile(r"\s*(?:\[(\w+)\]|([A-Za-z_ ]+?)\s*:)\s*(.*)")
_COMPANION = re.compile(r"(guest|gest)_family|patient_guest")

Turn = tuple[str, str]
Floats = NDArray[np.float32]


def turns(path: Path) -> Iterator[Turn]:
    """Yield (speaker, words) of each turn; speakers are doctor, patient, companion or what the file says."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for line in row["dialogue"].splitlines():
                if found := TURN.match(line):
                    speaker = (found[1] or found[2]).lower()
                    yield ("companion" if _COMPANION.fullmatch(speaker) else speaker), found[3]


def looks(text: str) -> list[str]:
    """Return the forms in which a turn may be heard."""
    sentences = [part for part in re.split(r"(?<=[.?!])\s+", text) if part.strip(" .")]
    return [text, re.sub(r"[.,?!]", "", text), *(sentences if len(sentences) > 1 else [])]


def features(texts: Sequence[str], terms: dict[str, int]) -> Floats:
    """Return a row for each text: 1/sqrt(n) for each of its n known terms."""
    matrix = np.zeros((len(texts), len(terms)), np.float32)
    for row, text in enumerate(texts):
        known = [terms[gram] for gram in grams(text) if gram in terms]
        if known:
            matrix[row, known] = len(known) ** -0.5
    return matrix


def fit(yes: Sequence[str], no: Sequence[str], size: int) -> TermWeights:
    """Return the logistic regression that tells `yes` from `no`, both weighing the same in all."""
    texts = [*yes, *no]
    counts = Counter(gram for text in texts for gram in grams(text))
    terms = {gram: i for i, (gram, _) in enumerate(sorted(counts.items(), key=lambda it: (-it[1], it[0]))[:size])}
    matrix = features(texts, terms)
    target = np.repeat([1.0, 0.0], [len(yes), len(no)]).astype(np.float32)
    share = np.where(target > 0, 0.5 / len(yes), 0.5 / len(no)).astype(np.float32)
    weights, bias = np.zeros(len(terms), np.float32), 0.0
    speed, bias_speed = np.zeros_like(weights), 0.0
    for _ in range(STEPS):
        error = share * (1 / (1 + np.exp(-(matrix @ weights + bias))) - target)
        speed = MOMENTUM * speed - RATE * (matrix.T @ error + DECAY * weights / len(texts))
        bias_speed = MOMENTUM * bias_speed - RATE * float(error.sum())
        weights, bias = weights + speed, bias + bias_speed
    return TermWeights(bias=round(bias, 3), terms={gram: round(float(weights[i]), 2) for gram, i in terms.items()})


def report(model: TermWeights, yes: Sequence[str], no: Sequence[str]) -> str:
    """Return which share of `yes` and of `no` the model knows."""
    found, spared = (sum((model.log_odds(t) > 0) is want for t in part) for part, want in ((yes, True), (no, False)))
    return f"{found / len(yes):.3f} of {len(yes)}, {spared / len(no):.3f} of {len(no)}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on the folder named on the command line and say how it does on the held-out turns."""
    parser = argparse.ArgumentParser(description="Train the role of a speaker by words.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    said = {
        split: [t for name in SETS for t in turns(options.data / name / f"{split}.csv")] for split in ("train", "valid")
    }
    by = {
        split: {who: [t for s, t in said[split] if s == who] for who in ("doctor", "patient", "companion")}
        for split in said
    }
    heard = {who: [look for text in texts for look in looks(text)] for who, texts in by["train"].items()}
    models = {
        "doctor": fit(heard["doctor"], heard["patient"], DOCTOR_TERMS),
        "companion": fit(heard["companion"], heard["patient"], COMPANION_TERMS),
    }
    for who, model in models.items():
        print(f"{who}: {report(model, by['valid'][who], by['valid']['patient'])}")  # noqa: T201 the result
    written = {who: {"bias": model.bias, "terms": dict(model.terms)} for who, model in models.items()}
    options.out.write_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
