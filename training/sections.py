"""Trains the model of `live_scribe.drafting.scorer`: which sentences notes keep.

    python -m training.sections DATA

DATA holds `aci_bench/train.csv` (training/README.md says where it comes from). Each visit is read by the writer's own
rules with nothing held back; a sentence's worth is the share of it that the clinician's note holds. The model is a
ridge regression. In which section a sentence belongs is learnt by training/placing.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.drafting.drafts import Draft, sentence
from live_scribe.drafting.reading import WINDOW, Heard, Reader
from live_scribe.drafting.scene import Scene
from live_scribe.drafting.scorer import Scorer
from live_scribe.drafting.vocabulary import Vocabulary, vocabulary

TARGET = Path(__file__).resolve().parent.parent / "live_scribe" / "drafting" / "weights" / "sentences.json"
MIN_COUNT = 4
"""A feature of fewer sentences says more about those than about speech."""
RIDGE = 60.0
"""Strength of the penalty, in sentences; chosen on ACI-Bench valid."""
KEPT = 6000
"""Weights kept, the largest: together under 150 kB."""
STEPS = 120
"""Conjugate gradients have long settled by then."""
MIN_SHARE = 0.4
"""Share of a sentence that a section must hold to be called its section."""
STOP = frozenset(
    "a an the is was he she they his her their it to of and or in on for that this has had been i you with".split()
)

ACI_HEADINGS = (
    (r"chief complaint|^cc\b|reason for visit", "chief_complaint"),
    (r"history of present|^hpi\b", "hpi"),
    (r"review of systems|^ros\b", "ros"),
    (r"surgical", "psh"),
    (r"family history$", "family_history"),
    (r"social", "social_history"),
    (r"medical history|past history", "pmh"),
    (r"medications", "medications"),
    (r"allerg", "allergies"),
    (r"vitals", "vitals"),
    (r"exam", "exam"),
    (r"results|imaging|labs", "results"),
    (r"assessment and plan", "plan"),
    (r"assessment|impression", "assessment"),
    (r"plan|instructions", "plan"),
)
Floats = NDArray[np.float64]


class KeepAll(Scorer):
    """Holds nothing back, so that every sentence is seen."""

    def keep(self, features: Iterable[str]) -> float:
        """Return that all of the sentence is kept."""
        return 1.0


@dataclass(frozen=True)
class Example:
    """A sentence as the models see it, and what the clinician's note made of it."""

    found: tuple[str, ...]
    worth: float


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_visit(dialogue: str, reader: Reader) -> Iterator[Draft]:
    """Yield all that the rules would say of a dialogue."""
    scene = Scene()
    heard: list[Heard] = []
    for utterance in parse_dialogue(dialogue):
        heard = [*heard[-(WINDOW - 1) :], reader.hear(utterance)]
        drafts, scene = reader.read(heard, scene)
        yield from drafts


def grams(text: str) -> set[str]:
    """Return the content words of a text and its pairs of neighbours."""
    words = [_stem(w) for w in re.findall(r"[a-z0-9./%]+", text.lower())]
    return {w for w in words if w not in STOP} | {f"{a}_{b}" for a, b in pairwise(words)}


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s)$", "", word) if len(word) > 4 else word


def share(text: str, held: set[str]) -> float:
    """Return how much of the text stands in `held`: content words and pairs count alike."""
    own = grams(text)
    singles, pairs = [g for g in own if "_" not in g], [g for g in own if "_" in g]
    first = sum(g in held for g in singles) / max(1, len(singles))
    second = sum(g in held for g in pairs) / max(1, len(pairs))
    return 0.6 * first + 0.4 * second


def sections_of(note: str) -> dict[str, set[str]]:
    """Return the grams of each section of an ACI-Bench note."""
    found: dict[str, str] = {}
    current = "hpi"
    for line in note.splitlines():
        heading = line.strip().rstrip(":").lower()
        named = next((s for pattern, s in ACI_HEADINGS if re.search(pattern, heading)), None)
        if named is not None and len(heading) < 40 and (line.isupper() or line.strip().endswith(":")):
            current = named
        else:
            found[current] = found.get(current, "") + " " + line
    return {name: grams(text) for name, text in found.items()}


def aci_examples(path: Path, reader: Reader, words: Vocabulary) -> Iterator[Example]:
    """Yield the sentences of whole visits."""
    for row in rows(path):
        held = grams(row["note"])
        for draft in read_visit(row["dialogue"], reader):
            if draft.found:
                text = sentence(draft.phrase, words)[0]
                yield Example(draft.found, share(text, held))


@dataclass(frozen=True)
class Matrix:
    """Sparse rows of ones, scaled to unit length."""

    indices: NDArray[np.int64]
    rows: NDArray[np.int64]
    values: Floats
    shape: tuple[int, int]

    def dot(self, weights: Floats) -> Floats:
        """Return the product with a vector of features."""
        return np.bincount(self.rows, weights[self.indices] * self.values, minlength=self.shape[0]).astype(np.float64)

    def transposed_dot(self, values: Floats) -> Floats:
        """Return the product of the transpose with a vector of rows."""
        return np.bincount(self.indices, values[self.rows] * self.values, minlength=self.shape[1]).astype(np.float64)


def matrix(examples: Sequence[Example], names: Mapping[str, int]) -> Matrix:
    """Return the features of the examples; the last column is a constant."""
    columns = [[names[f] for f in e.found if f in names] + [len(names)] for e in examples]
    indices = np.array([c for row in columns for c in row], dtype=np.int64)
    lines = np.repeat(np.arange(len(columns)), [len(c) for c in columns])
    return Matrix(indices, lines, np.ones(len(indices)), (len(columns), len(names) + 1))


def ridge(data: Matrix, target: Floats, strength: float) -> Floats:
    """Return the weights that fit `target` with an L2 penalty, by conjugate gradients on the normal equations."""
    weights = np.zeros(data.shape[1])
    residual = data.transposed_dot(target)
    direction, norm = residual.copy(), residual @ residual
    for _ in range(STEPS):
        image = data.transposed_dot(data.dot(direction)) + strength * direction
        step = norm / (direction @ image)
        weights += step * direction
        residual -= step * image
        previous, norm = norm, residual @ residual
        direction = residual + norm / previous * direction
    return weights


def largest(weights: Floats, names: Sequence[str], count: int) -> dict[str, float]:
    """Return the `count` weights that say most, and the constant under the empty name."""
    order = np.argsort(-np.abs(weights[:-1]))[:count]
    kept = {names[i]: round(float(weights[i]), 3) for i in sorted(order, key=lambda i: names[i])}
    return {"": round(float(weights[-1]), 3), **{n: w for n, w in kept.items() if w}}


def counted(examples: Sequence[Example]) -> dict[str, int]:
    """Return a number for each feature that is common enough."""
    counts = Counter(f for e in examples for f in e.found)
    return {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= MIN_COUNT))}


def train(data: Path) -> dict[str, object]:
    """Return the weights of the model."""
    words = vocabulary(templates.load("soap"))
    visits = list(aci_examples(data / "aci_bench" / "train.csv", Reader(words, None, KeepAll(worth={})), words))
    sys.stdout.write(f"{len(visits)} sentences of visits\n")
    names = counted(visits)
    weights = ridge(matrix(visits, names), np.array([e.worth for e in visits]), RIDGE)
    return {"worth": largest(weights, list(names), KEPT)}


def main() -> int:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with aci_bench/")
    args = parser.parse_args()
    weights = train(args.data)
    TARGET.write_text(json.dumps(weights, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET.stat().st_size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
