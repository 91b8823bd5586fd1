"""Where results and progress go: results to standard output or a file, progress to standard error on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from live_scribe.errors import ConfigError, StorageError


def say(text: str) -> None:
    """Print a result; what the terminal's encoding does not have comes as an escape, so that no word is lost."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """Say something beside the results."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def check_place(path: Path | None) -> None:
    """Find out whether a result could be written there, before an hour's work for it. Raises ConfigError."""
    if path is not None and path.is_dir():
        raise ConfigError(f"--out: {path} is a folder; give a file")
    if path is not None and not path.absolute().parent.is_dir():
        raise ConfigError(f"--out: there is no folder {path.parent}; make it first")


def write(path: Path, text: str) -> None:
    """Write a result to a file, whole or not at all. Raises ConfigError, StorageError."""
    check_place(path)
    try:
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)  # half a note is no note, and nobody would find it to delete it
                raise
    except OSError as exc:
        raise StorageError(f"{path}: {exc.strerror}; nothing was written") from exc


class Bar:
    """How much of a recording has been heard, and about how long the rest will take."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def reach(self, seconds: float) -> None:
        """Move on to `seconds` of the recording."""
        self._progress.update(self._task, completed=seconds)


@contextmanager
def progress(title: str, total: float) -> Iterator[Bar]:
    """Show a bar on standard error while the block runs; nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        yield Bar(shown, shown.add_task(title, total=total))
