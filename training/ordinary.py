"""Write the everyday words of live_scribe/asr/data/ordinary.txt, for which no name is ever offered.

    python training/ordinary.py ACI_BENCH/train.csv MTS_DIALOG/train.csv

Words said at least twice in the dialogues (column `dialogue`), without speakers' labels and the names of
vocabulary.toml.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "live_scribe" / "asr" / "data"
LEAST_SAID = 2
_LABEL = re.compile(r"^\s*(?:\[\w+\]|\w+(?: \w+)?:)")
_WORD = re.compile(r"[a-z][a-z'-]*")


def main() -> None:
    """Count and write."""
    csv.field_size_limit(sys.maxsize)
    said: Counter[str] = Counter()
    for path in sys.argv[1:]:
        with Path(path).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for line in row["dialogue"].lower().replace("\u2019", "'").splitlines():
                    said.update(_WORD.findall(_LABEL.sub("", line)))
    tables = tomllib.loads((DATA / "vocabulary.toml").read_text(encoding="utf-8"))
    names = {word for name in tables["drugs"] + tables["brands"] for word in name.lower().split()}
    names |= {name.lower() for name in tables["conditions"]}
    words = {word.strip("-'") for word, times in said.items() if times >= LEAST_SAID}
    kept = sorted({word for word in words if len(word) > 1} - names | {"a", "i"})
    (DATA / "ordinary.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
