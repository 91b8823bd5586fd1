"""Measures the omission map: delete one fact from a note, is it found, and what is listed though the note holds it?

    python -m benchmarks.omissions DATA.csv --judge score_notes.py --terms medical_terms.txt [--own]

DATA.csv has the columns encounter_id, dialogue and note (as ACI-Bench has). From each note every sentence in turn is
taken out; with `--own` the notes are the built-in writer's, and every statement in turn. The judge is a scorer of
notes with clinical terms of its own (its functions load_terms and concepts), not the list that the map works with.

- A sentence counts where the judge finds a clinical term in it that the dialogue has and the rest of the note has not:
  only then is anything omitted. It is found when the list names one of those terms.
- A false alarm is a line listed on the whole note though the note holds the fact: the judge finds all of the line's
  terms in the note, or most of the line's content words stand in one sentence of it. `listed` counts all lines.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.note import Statement
from live_scribe.core.omissions import Omission
from live_scribe.core.visit import Visit
from live_scribe.core.words import Utterance
from live_scribe.drafting.omissions import RuleOmissions
from live_scribe.drafting.rules import draft

Concepts = Callable[[str], dict[str, bool]]

SECTIONS = {
    "allerg": "allergies",
    "family": "family_history",
    "medication": "medications",
    "plan": "plan",
    "assess": "assessment",
    "exam": "exam",
    "result": "results",
    "vital": "vitals",
    "review": "ros",
    "social": "social_history",
    "surgical": "psh",
    "past": "pmh",
}
"""Words of a reference note's headings, and the section that stands behind them here."""
MOST_OF = 0.8
"""Share of a line's content words in one sentence of the note by which the note is taken to hold it."""
_STOP = frozenset(
    "a an the of to in on for and or is are was were be been has have had it its their they them he she his her that "
    "this with at from as do does did i we you so just not no patient denies reports also there some any".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A sentence taken out: the judge's terms that are omitted by that, and what the list then says."""

    text: str
    terms: frozenset[str]
    found: bool


def judge_of(script: Path, terms: Path) -> Concepts:
    """Return the scorer's finder of clinical terms: each with whether it is affirmed."""
    spec = importlib.util.spec_from_file_location("judge", script)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{script}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    known, longest = module.load_terms(terms)
    return lambda text: module.concepts(text, known, longest)


def statements_of(note: str) -> list[tuple[str, str]]:
    """Return the sentences of a written note, each with the section of the heading above it."""
    section, found = "hpi", []
    for line in (row.strip() for row in note.replace("\u2019", "'").splitlines()):
        if line.isupper() and len(line) < 60:
            section = next((s for word, s in SECTIONS.items() if word in line.lower()), "hpi")
        elif line:
            found += [(section, s) for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", line)]
    return found


def visit_of(said: Sequence[Utterance], statements: Sequence[tuple[str, str]]) -> Visit:
    """Return a visit in which this was said and these statements stand."""
    standing = {f"s{n}": Statement(id=f"s{n}", section=s, text=text) for n, (s, text) in enumerate(statements, 1)}
    return Visit(id="measured", utterances={u.id: u for u in said}, statements=standing)


def deletions(
    said: Sequence[Utterance], statements: Sequence[tuple[str, str]], finder: RuleOmissions, judge: Concepts
) -> Iterator[Deleted]:
    """Take each sentence out in turn, and ask whether what is omitted by that is listed."""
    heard = judge("\n".join(u.heard for u in said)).keys()
    visit = visit_of(said, statements)
    for at, (_, text) in enumerate(statements):
        rest = judge("\n".join(t for n, (_, t) in enumerate(statements) if n != at)).keys()
        terms = frozenset(judge(text).keys() & heard - rest)
        if terms:
            left = {k: s for k, s in visit.statements.items() if k != f"s{at + 1}"}
            listed = finder.find(Visit(id="measured", utterances=visit.utterances, statements=left))
            named = {term for line in listed for term in judge(line.text)}
            yield Deleted(text=text, terms=terms, found=bool(terms & named))


def holds(note: Sequence[tuple[str, str]], line: Omission, judge: Concepts) -> bool:
    """Return whether the note holds what a line says, as far as terms and words can tell."""
    terms = judge(line.text)
    noted = judge("\n".join(t for _, t in note))
    if terms and all(noted.get(term) is affirmed for term, affirmed in terms.items()):
        return True
    content = _content(line.text)
    return bool(content) and any(len(content & _content(t)) >= MOST_OF * len(content) for _, t in note)


def _content(text: str) -> set[str]:
    return {w[:6] for w in re.findall(r"[a-z0-9]+", text.lower())} - _STOP


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--judge", type=Path, required=True, help="score_notes.py")
    parser.add_argument("--terms", type=Path, required=True, help="the judge's list of terms")
    parser.add_argument("--own", action="store_true", help="the built-in writer's notes in place of the references")
    parser.add_argument("--show", action="store_true", help="print what is listed on whole notes, and what is missed")
    parser.add_argument("--notes", type=int, default=None, help="so many notes at most")
    args = parser.parse_args()
    judge, template = judge_of(args.judge, args.terms), templates.load("soap")
    csv.field_size_limit(10**9)
    with args.data.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))[: args.notes]
    taken_out: list[Deleted] = []
    listed = false = utterances = 0
    cpu = 0.0
    for row in rows:
        said = parse_dialogue(row["dialogue"])
        own = [(p.section, p.text) for p in draft(said, template, {})] if args.own else None
        note = own if own is not None else statements_of(row["note"])
        finder = RuleOmissions(template, None)
        began = time.process_time()
        lines = finder.find(visit_of(said, note))
        cpu += time.process_time() - began
        utterances += len(said)
        alarms = [line for line in lines if holds(note, line, judge)]
        listed, false = listed + len(lines), false + len(alarms)
        gone = list(deletions(said, note, finder, judge))
        taken_out += gone
        if args.show:
            _show(row["encounter_id"], lines, alarms, gone)
    found = sum(d.found for d in taken_out)
    sys.stdout.write(
        f"notes {len(rows)}; deleted {len(taken_out)}, found {found} ({100 * found / max(1, len(taken_out)):.1f} %); "
        f"listed a note {listed / len(rows):.2f}, false alarms a note {false / len(rows):.2f}; "
        f"CPU {1000 * cpu / utterances:.2f} ms an utterance\n"
    )
    return 0


def _show(name: str, lines: Sequence[Omission], alarms: Sequence[Omission], gone: Sequence[Deleted]) -> None:
    sys.stdout.write(f"## {name}\n")
    for line in lines:
        mark = "!" if line in alarms else " "
        sys.stdout.write(f"  {mark} {line.kind} {line.assertion}: {line.text}  [{line.fact}]\n")
    for deleted in gone:
        if not deleted.found:
            sys.stdout.write(f"  - missed {sorted(deleted.terms)}: {deleted.text}\n")


if __name__ == "__main__":
    sys.exit(main())
