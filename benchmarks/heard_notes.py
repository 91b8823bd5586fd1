"""What hearing costs the note: the samples' notes drafted of what was heard live, beside those of the written dialogue.

    python -m benchmarks.heard_notes FOLDER [--model tiny.en] --scorer score_notes.py [--python PYTHON]

FOLDER gets NAME.json of each sample, streamed on the simulated clock as `transcribe --format json` prints it (what is
there already is not heard again), and the notes: FOLDER/heard, FOLDER/written, FOLDER/reference. The scorer is called
on both; the bar is a loss of 15 % of the concepts' F1 at most.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.notes import note_json
from live_scribe import samples, templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import Proposal
from live_scribe.drafting.rules import draft
from live_scribe.render import render
from live_scribe.wiring import read_right

MOST_LOST = 0.15
"""The share of the written dialogue's concept F1 that may be lost."""

FIGURES = ("concepts", "polarity", "rouge1", "rouge2", "unsupported", "words")


def heard(sample: samples.Sample, folder: Path, model: str) -> Path:
    """Return the sample's transcript, streamed if it is not in `folder` yet."""
    path = folder / f"{sample.name}.json"
    if not path.exists():
        command = [sys.executable, "-m", "live_scribe", "transcribe", str(sample.audio)]
        command += ["--speed", "0", "--format", "json", "--model", model]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        path.write_text(printed, encoding="utf-8")
    return path


def note_of(sample: samples.Sample, dialogue: Path) -> tuple[Proposal, ...]:
    """Return the built-in writer's note of a dialogue, or of a transcript, of this sample."""
    said, _ = read_right(parse_dialogue(dialogue.read_text(encoding="utf-8")))
    return draft(said, templates.load("soap"), {"sex": sample.patient.get("sex")})


def write(folder: Path, name: str, text: str) -> None:
    """Write one note where the scorer finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")


def printed(proposals: tuple[Proposal, ...]) -> str:
    """Return a note as text, without the mark of a draft: that is the program's."""
    template = templates.load("soap")
    text = render(template, note_json(template, proposals), "markdown")
    return "\n".join(line for line in text.splitlines() if not line.startswith(">")).lstrip() + "\n"


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--scorer", type=Path, required=True, help="score_notes.py")
    parser.add_argument("--python", default=sys.executable, help="the Python that has the scorer's packages")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    table = args.folder / "dialogues"
    for sample in samples.listed().values():
        written = sample.audio.with_suffix(".txt")
        write(args.folder / "heard", sample.name, printed(note_of(sample, heard(sample, args.folder, args.model))))
        write(args.folder / "written", sample.name, printed(note_of(sample, written)))
        write(args.folder / "reference", sample.name, sample.audio.with_suffix(".note.md").read_text(encoding="utf-8"))
        write(table, sample.name, written.read_text(encoding="utf-8"))
    found = {}
    for kind in ("written", "heard"):
        command = [args.python, str(args.scorer), str(args.folder / kind), str(args.folder / "reference")]
        scored = subprocess.run(
            [*command, "--dialogues", str(table), "--json"], check=True, capture_output=True, text=True
        )
        found[kind] = json.loads(scored.stdout)
        sys.stdout.write(f"{kind:8} " + "  ".join(f"{k} {found[kind][k]}" for k in FIGURES) + "\n")
    lost = 1 - found["heard"]["concepts"] / found["written"]["concepts"]
    sys.stdout.write(f"concepts lost by hearing: {lost:.1%} (at most {MOST_LOST:.0%})\n")
    return 0 if lost <= MOST_LOST else 1


if __name__ == "__main__":
    sys.exit(main())
