"""Where things are put: a dialogue's section by the model that places statements, and the sentences of whole notes.

    python -m benchmarks.placement DATA [--split valid] [--wrong]

DATA holds `mts_dialog/` and `aci_bench/`. A dialogue of MTS-Dialog is right when the section of its sentences is ours
for its class (the map: training/README.md). A sentence of a drafted note is looked for in the reference note by its
words; where a section of the reference holds it, it should stand in one that holds it as well as any. `--wrong` prints
the sentences that do not.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.drafting.placing import Placer
from live_scribe.drafting.reading import Reader
from live_scribe.drafting.rules import draft
from live_scribe.drafting.vocabulary import vocabulary
from training.placing import SECTIONS, read_dialogue, right
from training.sections import MIN_SHARE, rows, sections_of, share

AS_WELL = 0.85
"""Share of the best section's share from which on another section of the reference holds a sentence as well."""
SAME = {
    "chief_complaint": {"chief_complaint", "hpi"},
    "hpi": {"hpi", "chief_complaint", "ros"},
    "ros": {"ros", "hpi"},
    "vitals": {"vitals", "exam"},
    "exam": {"exam", "vitals"},
    "assessment": {"assessment", "plan"},
    "plan": {"plan", "assessment"},
}
"""Sections of a reference note in which a statement of ours may stand: references put complaints that were asked for
under the history or the review of systems as they like, vital signs under the examination, and head assessment and
plan together."""

Pairs = Counter[tuple[str, str]]


def dialogues(path: Path) -> tuple[int, int, Pairs]:
    """Return how many dialogues are told right, how many there are, and class against section of the wrong ones."""
    vocab = vocabulary(templates.load("soap"))
    reader, placer = Reader(vocab, None), Placer.shipped()
    told = [
        (row["section_header"], placer.section([f for f, _ in read_dialogue(row["dialogue"], reader, vocab)]))
        for row in rows(path)
    ]
    return sum(right(h, s) for h, s in told), len(told), Counter((h, s) for h, s in told if not right(h, s))


def sentences(path: Path, show: bool) -> tuple[int, int, Pairs]:
    """Return how many sentences of drafted notes stand right, how many are looked at, and ours against theirs."""
    template = templates.load("soap")
    good = seen = 0
    wrong: Pairs = Counter()
    for row in rows(path):
        held = sections_of(row["note"])
        for proposal in draft(parse_dialogue(row["dialogue"]), template, {}):
            shares = {s: share(proposal.text, g) for s, g in held.items()}
            best = max(shares, key=lambda s: shares[s])
            if shares[best] < MIN_SHARE:
                continue
            seen += 1
            allowed = SAME.get(proposal.section, {proposal.section})
            if any(shares[s] >= AS_WELL * shares[best] for s in allowed & shares.keys()):
                good += 1
                continue
            wrong[(proposal.section, best)] += 1
            if show:
                sys.stdout.write(f"{row['encounter_id']} {proposal.section} → {best}: {proposal.text}\n")
    return good, seen, wrong


def _told(name: str, figures: tuple[int, int, Pairs], of: Sequence[str]) -> str:
    good, seen, wrong = figures
    lines = [f"{name}: {good} of {seen} right, {100 * good / max(1, seen):.1f} %"]
    lines += [f"  {of[0]} {a} {of[1]} {b}: {n}" for (a, b), n in sorted(wrong.items(), key=lambda p: (-p[1], p[0]))]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with aci_bench/ and mts_dialog/")
    parser.add_argument("--split", default="valid")
    parser.add_argument("--wrong", action="store_true")
    args = parser.parse_args()
    told = dialogues(args.data / "mts_dialog" / f"{args.split}.csv")
    sys.stdout.write(_told(f"dialogues of {len(SECTIONS)} classes", told, ("class", "put under")))
    placed = sentences(args.data / "aci_bench" / f"{args.split}.csv", args.wrong)
    sys.stdout.write(_told("sentences of notes", placed, ("ours under", "theirs under")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
