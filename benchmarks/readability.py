"""How hard the summaries for patients are to read: the Flesch-Kincaid grade of those of written dialogues.

`python -m benchmarks.readability samples/*.txt`. Grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid,
1975). Syllables are counted by vowels, as the formula is commonly reckoned; a line is at least one sentence.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import Iterable
from pathlib import Path

from live_scribe import scribing, wiring
from live_scribe.commands.notes import local_session
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.visit import Visit
from live_scribe.printing import summary_of
from live_scribe.templates import installed


def syllables(word: str) -> int:
    """Return about how many syllables a word has; a number is one."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    plain = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", lambda m: m.group()[0], plain)
    return max(1, len(re.findall(r"[aeiouy]+", plain)))


def grade(lines: Iterable[str]) -> float:
    """Return the Flesch-Kincaid grade of a text."""
    sentences = [s for line in lines for s in re.split(r"[.!?;:](?:\s|$)", line) if re.search(r"\w", s)]
    words = [w for s in sentences for w in re.findall(r"[\w'./-]+", s)]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


async def drafted(dialogue: str) -> Visit:
    """Return the visit that a written dialogue makes."""
    said, _ = wiring.read_right(parse_dialogue(dialogue))
    return await scribing.draft_dialogue(await local_session("soap", {}), said)


def main() -> None:
    """Print the grade of each dialogue's note and summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dialogue", type=Path, nargs="+")
    for path in parser.parse_args().dialogue:
        visit = asyncio.run(drafted(path.read_text(encoding="utf-8")))
        summary = [line["text"] for s in summary_of(visit, installed())["sections"] for line in s["lines"]]
        note = [s.text for section in visit.sections for s in visit.in_section(section.id)]
        print(f"{path.stem}: summary {grade(summary):.1f} ({len(summary)} lines), note {grade(note):.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
