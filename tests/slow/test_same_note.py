"""The same dialogue gives the same note, byte for byte, in whichever process and whatever order its sets have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from live_scribe import samples

pytestmark = pytest.mark.slow

SEEDS = ("0", "1", "424242")


def notes_with(seed: str, folder: Path) -> dict[str, bytes]:
    """The notes of the samples and of a talk in pieces, drafted in a process of its own with this hash seed."""
    dialogues = [str(s.audio.with_suffix(".txt")) for s in samples.listed().values()]
    command = [sys.executable, "-m", "live_scribe", "draft", *dialogues, "--format", "json", "--out", str(folder)]
    subprocess.run(command, check=True, timeout=50, env={**os.environ, "PYTHONHASHSEED": seed})
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_note_does_not_depend_on_the_process_or_its_hash_seed(tmp_path: Path) -> None:
    first, *others = (notes_with(seed, tmp_path / seed) for seed in SEEDS)
    assert len(first) == len(samples.listed()) and all(first.values())
    for other in others:
        assert other == first
