"""The files of a template's folder, read safely, and what is wrong in them, with file and line."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from live_scribe.errors import TemplateError

LARGEST_FILE = 1024 * 1024
"""Bytes of one file: the cues of the general note are a tenth of this."""
MOST_FILES = 64
"""Files in a folder that are looked at: a template has nine."""

Tables = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong in a template, and where: `file` is its path under `templates/`."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}"


def refusal(mistakes: list[Mistake]) -> TemplateError:
    """Return the error for a template with mistakes: the first of them, and how to see the others."""
    more = f" (and {len(mistakes) - 1} more: live-scribe templates check)" if len(mistakes) > 1 else ""
    return TemplateError(f"{mistakes[0]}{more}")


class Folder:
    """A template's folder. What cannot be read is a mistake, and so is what lies outside of the folder."""

    def __init__(self, root: Path, id_: str, mistakes: list[Mistake]) -> None:
        """Read `root`/`id_`; mistakes are added to the list."""
        self.root = root
        self.id = id_
        self.path = root / id_
        self._mistakes = mistakes
        self._texts: dict[str, str] = {}

    def wrong(self, file: str, line: int, what: str) -> None:
        """Note a mistake."""
        found = Mistake(file=f"{self.id}/{file}", line=line, what=what)
        if found not in self._mistakes:
            self._mistakes.append(found)

    def names(self, ending: str) -> list[str]:
        """Return the names of the folder's files with this ending, sorted."""
        return sorted(p.name for p in self.path.iterdir() if p.name.endswith(ending))[:MOST_FILES]

    def has(self, file: str) -> bool:
        """Return whether the folder has a file of this name."""
        return os.path.lexists(self.path / file)

    def text(self, file: str) -> str:
        """Return a file's text, empty where it cannot be had."""
        if file not in self._texts:
            self._texts[file] = self._read(file)
        return self._texts[file]

    def _read(self, file: str) -> str:
        path = self.path / file
        try:
            if path.resolve() != self.root.resolve() / self.id / file:
                self.wrong(file, 1, "a link that leads elsewhere is not followed: put the file itself here")
                return ""
            if path.stat().st_size > LARGEST_FILE:
                self.wrong(file, 1, f"the file is larger than {LARGEST_FILE // 1024} kB")
                return ""
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self.wrong(file, 1, "the file is missing")
        except (OSError, UnicodeDecodeError, RuntimeError):
            self.wrong(file, 1, "the file cannot be read as UTF-8 text")
        return ""

    def tables(self, file: str) -> Tables:
        """Return the tables of a TOML file, empty where it has a mistake."""
        text = self.text(file)
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as exc:
            place = re.search(r"line (\d+)", str(exc))
            line = int(place.group(1)) if place else max(1, len(text.splitlines()))
            self.wrong(file, line, str(exc).split(" (at ")[0].lower())
        except RecursionError:
            self.wrong(file, 1, "tables or lists lie too deep in each other")
        return {}

    def line_of(self, file: str, held: str, nth: int = 1) -> int:
        """Return the number of the `nth` line that holds this text, or 1 when no line does."""
        return line_of(self.text(file), held, nth)


def line_of(text: str, held: str, nth: int = 1) -> int:
    """Return the number of the `nth` line of `text` that holds `held`, or 1 when no line does."""
    found = [n for n, line in enumerate(text.splitlines(), 1) if held in line]
    return found[nth - 1] if len(found) >= nth else 1
