"""Drafts the note of each dialogue of a table, for scoring: `python benchmarks/notes.py DATA.csv OUT`.

DATA.csv has the columns `encounter_id` and `dialogue` (as ACI-Bench has); OUT gets one ENCOUNTER.md each. With
`--scorer PATH/score_notes.py` it is called on the result and its figures are printed.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import Proposal
from live_scribe.drafting.rules import draft
from live_scribe.render import render
from live_scribe.wiring import read_right


def note_json(template: templates.Template, proposals: Sequence[Proposal]) -> dict[str, Any]:
    """Return the proposals in the note's JSON form, as far as printing needs it."""
    sections: list[Mapping[str, Any]] = []
    for section in template.sections:
        told = [
            {"text": p.text, "problem": p.problem, "item": p.item, "assertion": str(p.assertion)}
            for p in proposals
            if p.section == section.id
        ]
        sections.append({"id": section.id, "part": section.part, "title": section.title, "statements": told})
    return {"template": template.id, "state": "review", "sections": sections, "missing": []}


def write_notes(data: Path, out: Path, template: templates.Template) -> tuple[int, float]:
    """Draft each dialogue of `data` into `out`; return how many, and the seconds it took."""
    out.mkdir(parents=True, exist_ok=True)
    csv.field_size_limit(10**9)
    with data.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    began = time.perf_counter()
    for row in rows:
        said, _ = read_right(parse_dialogue(row["dialogue"]))
        proposals = draft(said, template, {})
        text = render(template, note_json(template, proposals), "markdown")
        # The draft's mark and banner are the program's words, not the note's.
        body = "\n".join(line for line in text.splitlines() if not line.startswith(">"))
        (out / f"{row['encounter_id']}.md").write_text(body.lstrip() + "\n", encoding="utf-8")
    return len(rows), time.perf_counter() - began


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--template", default="soap")
    parser.add_argument("--scorer", type=Path, help="score_notes.py")
    parser.add_argument("--python", default=sys.executable, help="the Python that has the scorer's packages")
    args = parser.parse_args()
    count, took = write_notes(args.data, args.out, templates.load(args.template))
    sys.stdout.write(f"{count} notes in {took:.1f} s\n")
    sys.stdout.flush()
    if args.scorer is None:
        return 0
    command = [args.python, str(args.scorer), str(args.out), str(args.data), "--dialogues", str(args.data)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
