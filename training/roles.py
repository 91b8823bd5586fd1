"""Makes `live_scribe/asr/weights/roles.json`: which words speak for the doctor, and which for a companion, be it that a
companion says them or that a doctor says them to one.

    python -m training.roles DATA

DATA holds `aci_bench/train.csv` and `mts_dialog/train.csv` (and `valid.csv` of both, to report on). A turn counts
whole, without its punctuation, and sentence by sentence, because that is how recognised speech arrives.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from live_scribe.core.roles import TermWeights, grams

SETS = ("aci_bench", "mts_dialog")
TARGET = Path(__file__).resolve().parent.parent / "live_scribe" / "asr" / "weights" / "roles.json"

CONTRASTS = {
    "doctor": ("doctor", "patient"),
    "companion": ("companion", "patient"),
    "about": ("to companion", "to patient"),
}
"""What each model tells from what (core.roles.RoleWeights)."""

TERMS = {"doctor": 4000, "companion": 1000, "about": 1500}
"""More terms gain under half a point; there are only some 550 companions' turns to learn from."""

STEPS, RATE, MOMENTUM, DECAY = 250, 4.0, 0.95, 1.0
"""Gradient descent on the whole set; settled by then. DECAY is L2, in turns."""

TURN = re.compile(r"\s*(?:\[(\w+)\]|([A-Za-z_ ]+?)\s*:)\s*(.*)")
_COMPANION = re.compile(r"(guest|gest)_family|patient_guest")

Turn = tuple[str, str]
Floats = NDArray[np.float32]


def dialogues(path: Path) -> Iterator[list[Turn]]:
    """Yield the (speaker, words) of each turn; speakers are doctor, patient, companion or what the file says."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = filter(None, map(TURN.match, row["dialogue"].splitlines()))
            yield [(_who((line[1] or line[2]).lower()), line[3]) for line in found]


def _who(speaker: str) -> str:
    return "companion" if _COMPANION.fullmatch(speaker) else speaker


def by_speaker(known: Sequence[Sequence[Turn]]) -> dict[str, list[str]]:
    """Return what each speaker says, and what doctors say just before another ("to patient", "to companion")."""
    said: dict[str, list[str]] = defaultdict(list)
    for dialogue in known:
        for speaker, text in dialogue:
            said[speaker].append(text)
        for (speaker, text), (answers, _) in pairwise(dialogue):
            if speaker == "doctor":
                said[f"to {answers}"].append(text)
    return said


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
    by = {
        split: by_speaker([d for name in SETS for d in dialogues(options.data / name / f"{split}.csv")])
        for split in ("train", "valid")
    }
    heard = {who: [look for text in texts for look in looks(text)] for who, texts in by["train"].items()}
    models = {who: fit(heard[yes], heard[no], TERMS[who]) for who, (yes, no) in CONTRASTS.items()}
    held = by["valid"]
    for who, (yes, no) in CONTRASTS.items():
        print(f"{who}: {report(models[who], held[yes], held[no])}")  # noqa: T201 the result
    written = {who: {"bias": model.bias, "terms": dict(model.terms)} for who, model in models.items()}
    options.out.write_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
