"""Trains the model of `live_scribe.drafting.placing`: in which section of a note something belongs.

    python -m training.placing DATA [--folds 5]

DATA holds `mts_dialog/train.csv` and `aci_bench/train.csv` (training/README.md says where they come from). A dialogue
that was written for one section is one example; of whole visits, up to four sentences whose words stand in the same
section of the clinician's note are one. The model is a multinomial logistic regression, fitted in its dual form.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.words import Role
from live_scribe.drafting.placing import Features, Placer, place_features, vector_of
from live_scribe.drafting.reading import Reader
from live_scribe.drafting.tokens import Phrase, words
from live_scribe.drafting.vocabulary import Vocabulary, vocabulary
from training.sections import rows, sections_of, share

TARGET = Path(__file__).resolve().parent.parent / "live_scribe" / "drafting" / "weights" / "sections.json"
SECTIONS = {
    "FAM/SOCHX": "social_history",
    "GENHX": "hpi",
    "CC": "hpi",
    "EDCOURSE": "hpi",
    "ROS": "ros",
    "PASTMEDICALHX": "pmh",
    "GYNHX": "pmh",
    "IMMUNIZATIONS": "pmh",
    "OTHER_HISTORY": "pmh",
    "PASTSURGICAL": "psh",
    "PROCEDURES": "psh",
    "MEDICATIONS": "medications",
    "ALLERGY": "allergies",
    "EXAM": "exam",
    "LABS": "results",
    "IMAGING": "results",
    "ASSESSMENT": "assessment",
    "DIAGNOSIS": "assessment",
    "PLAN": "plan",
    "DISPOSITION": "plan",
}
"""Our section for each of the 20 classes of MTS-Dialog. FAM/SOCHX is also family history: `right` takes both."""
FAMILY, SOCIAL = "family_history", "social_history"
MIN_COUNT = 5
"""Examples below which a feature says more of them than of speech."""
PENALTY = 0.05
"""Strength of the L2 penalty; chosen by cross-validation on the training split."""
STEPS = 150
"""Accelerated gradient steps: the weights have long settled by then."""
PRECISION = 100
"""Weights are shipped as whole hundredths."""
MIN_SHARE, SHORTEST, TOGETHER = 0.45, 4, 4
"""Of whole visits: the share of a sentence that a section must hold, the words it must have, sentences an example."""
_KIN = re.compile(r"\b(?:mother|father|brother|sister|aunt|uncle|grand\w+|family|parents|siblings)\b")
_SOCIAL = re.compile(r"\b(?:smok\w*|tobacco|alcohol|drink\w*|drugs?|lives?|married|works?|retired|single|divorced)\b")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """What was said, and the section that it was written for."""

    section: str
    vector: Mapping[str, float]


def right(header: str, section: str) -> bool:
    """Whether `section` is ours for this class of MTS-Dialog."""
    return section == SECTIONS[header] or (header == "FAM/SOCHX" and section == FAMILY)


def read_dialogue(dialogue: str, reader: Reader, vocab: Vocabulary) -> Iterator[tuple[Features, Phrase]]:
    """Yield each sentence of a dialogue as the model sees it."""
    before: Phrase = ()
    for utterance in parse_dialogue(dialogue):
        heard = reader.hear(utterance)
        for phrase in heard.sentences:
            yield place_features(phrase, before, heard.role or Role.UNKNOWN, vocab), phrase
            before = phrase


def section_examples(path: Path, reader: Reader, vocab: Vocabulary) -> Iterator[Example]:
    """Yield the dialogues that were written for one section each."""
    for row in rows(path):
        section, told = SECTIONS[row["section_header"]], row["section_text"].lower()
        if section == SOCIAL and _KIN.search(told) and not _SOCIAL.search(told):
            section = FAMILY
        yield Example(section, vector_of([f for f, _ in read_dialogue(row["dialogue"], reader, vocab)]))


def visit_examples(path: Path, reader: Reader, vocab: Vocabulary) -> Iterator[Example]:
    """Yield sentences of whole visits, together where the same section of the note holds them."""
    known = {*SECTIONS.values(), FAMILY}
    for row in rows(path):
        held = sections_of(row["note"])
        by_section: dict[str, list[Features]] = defaultdict(list)
        for features, phrase in read_dialogue(row["dialogue"], reader, vocab):
            if len(phrase) >= SHORTEST:
                name, most = max(((s, share(words(phrase), g)) for s, g in held.items()), key=lambda pair: pair[1])
                if most >= MIN_SHARE and name in known:
                    by_section[name].append(features)
        for name, sentences in by_section.items():
            for start in range(0, len(sentences), TOGETHER):
                yield Example(name, vector_of(sentences[start : start + TOGETHER]))


def matrix(examples: Sequence[Example], names: Mapping[str, int]) -> Floats:
    """Return one row for each example."""
    data = np.zeros((len(examples), len(names)))
    for row, example in zip(data, examples, strict=True):
        for feature, value in example.vector.items():
            if feature in names:
                row[names[feature]] = value
    return data


def fit(data: Floats, labels: NDArray[np.int64], count: int) -> tuple[Floats, Floats]:
    """Return weights (feature by section) and constants of a multinomial logistic regression."""
    target = np.eye(count)[labels]
    gram = data @ data.T
    constants = np.log(target.mean(0) + 1e-9)
    rate = 1 / (0.5 * float(np.abs(gram).sum(1).max()) + PENALTY)
    dual = ahead = np.zeros_like(target)
    momentum = 1.0
    for _ in range(STEPS):
        scores = gram @ ahead + constants
        chances = np.exp(scores - scores.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        new = ahead - rate * (chances - target + PENALTY * ahead)
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / following * (new - dual)
        dual, momentum = new, following
    return data.T @ dual, constants


def counted(examples: Sequence[Example]) -> dict[str, int]:
    """Return a number for each feature that is common enough."""
    counts = Counter(f for e in examples for f in e.vector)
    return {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= MIN_COUNT))}


def trained(examples: Sequence[Example]) -> dict[str, object]:
    """Return the names of the sections and feature → hundredths of a weight for each of them (constants: "")."""
    names, labels = counted(examples), sorted({e.section for e in examples})
    weights, constants = fit(
        matrix(examples, names), np.array([labels.index(e.section) for e in examples]), len(labels)
    )
    whole = np.rint(weights * PRECISION).astype(int)
    found = {"": np.rint(constants * PRECISION).astype(int).tolist()}
    found |= {name: row.tolist() for name, row in zip(names, whole, strict=True) if row.any()}
    return {"sections": labels, "weights": found}


def main() -> int:
    """Train and write the weights; with --folds, first tell how much of what was held out is told right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with aci_bench/ and mts_dialog/")
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    vocab = vocabulary(templates.load("soap"))
    reader = Reader(vocab, None)
    parts = list(section_examples(args.data / "mts_dialog" / "train.csv", reader, vocab))
    visits = list(visit_examples(args.data / "aci_bench" / "train.csv", reader, vocab))
    sys.stdout.write(f"{len(parts)} dialogues, {len(visits)} groups of sentences\n")
    if args.folds:
        hits = sum(_held_out(parts, visits, k, args.folds) for k in range(args.folds))
        sys.stdout.write(f"held out: {100 * hits / len(parts):.1f} % right\n")
    text = json.dumps(trained([*parts, *visits]), separators=(",", ":"), ensure_ascii=False)
    TARGET.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET.stat().st_size // 1000} kB\n")
    return 0


def _held_out(parts: Sequence[Example], visits: Sequence[Example], fold: int, folds: int) -> int:
    placer = Placer.of(trained([*(e for n, e in enumerate(parts) if n % folds != fold), *visits]))
    family = {FAMILY, SOCIAL}
    told = ((placer.best(e.vector), e.section) for e in parts[fold::folds])
    return sum(said == section or {said, section} <= family for said, section in told)


if __name__ == "__main__":
    sys.exit(main())
