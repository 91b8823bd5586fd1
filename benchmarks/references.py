"""What is really said in a recording, and when: the words that hearing is measured against."""

from __future__ import annotations

import json
import re
import tomllib
from difflib import SequenceMatcher
from pathlib import Path

GOLD = Path(__file__).with_name("gold.toml")

Reference = list[tuple[str, float]]
"""Words, lower case without punctuation, each with the second at which it ends."""


def plain(text: str) -> list[str]:
    """Return the words of a text, lower case, without punctuation."""
    return re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("\u2019", "'").replace("-", " ")).split()


def reference_of(path: Path, until_s: float = float("inf")) -> Reference:
    """Return the reference of a recording: NAME.words.json beside it, set right where a person wrote the words down.

    Words that only the person has get the time of the word before them.
    """
    told = json.loads(path.with_suffix(".words.json").read_text(encoding="utf-8"))
    timed = [(word, end) for text, _, end in told if end <= until_s for word in plain(text)]
    gold = tomllib.loads(GOLD.read_text(encoding="utf-8")).get(path.stem)
    return timed if gold is None else _placed(plain(gold), timed)


def _placed(words: list[str], timed: Reference) -> Reference:
    blocks = SequenceMatcher(a=words, b=[word for word, _ in timed], autojunk=False).get_matching_blocks()
    ends = {m.a + k: timed[m.b + k][1] for m in blocks for k in range(m.size)}
    placed: Reference = []
    for i, word in enumerate(words):
        placed.append((word, ends.get(i, placed[-1][1] if placed else 0.0)))
    return placed
