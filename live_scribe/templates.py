"""Loads a note template: a folder with the note's sections, the cues to write it by, and how it is printed.

A template's id is its path under `templates/`; `soap` means `soap/general`. Every mistake in a template is a
TemplateError that names the file and the line, so that whoever wrote it can mend it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from live_scribe import resources
from live_scribe.core.note import Part, Section, Topic
from live_scribe.errors import TemplateError

DEFAULT_VARIANT = "general"
NOTE_FILES = {"markdown": "note.md.j2", "text": "note.txt.j2", "html": "note.html.j2"}
"""The file that prints a note in each format."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)?")
_SECTION_KEYS = {"id", "part", "title", "required", "asked", "topic"}
_TOPIC_KEYS = {"id", "title", "asked", "noted", "required"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A folder of `templates/`, checked. `cues` are the tables of its cues.toml; `notes` the sources by format."""

    id: str
    folder: Path
    sections: tuple[Section, ...]
    cues: dict[str, Any]
    notes: dict[str, str]


def load(name: str, *, root: Path | None = None) -> Template:
    """Return the template called `name`, from `root` or from those that are installed. Raises TemplateError."""
    folder, full = _find(name, root)
    sections = _sections(folder / "sections.toml")
    cues = read_toml(folder / "cues.toml")
    notes = {form: _read(folder / file) for form, file in NOTE_FILES.items()}
    return Template(id=full, folder=folder, sections=sections, cues=cues, notes=notes)


def listed(*, root: Path | None = None) -> list[dict[str, str]]:
    """Return the ids of the templates that there are, each with the title a person would choose it by."""
    base = resources.folder("templates") if root is None else root
    ids = sorted(str(path.parent.relative_to(base)) for path in base.glob("*/*/sections.toml"))
    return [{"id": id_, "title": id_.replace("/", ", ").replace("-", " ").capitalize()} for id_ in ids]


def missing(template: Template, present: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the required sections that are not among `present`, in the note's order."""
    return tuple(s.id for s in template.sections if s.required and s.id not in present)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises TemplateError with file and line."""
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as exc:
        place = re.search(r"line (\d+)", str(exc))
        raise mistake(path, int(place.group(1)) if place else 1, str(exc).split(" (at ")[0].lower()) from exc


def mistake(path: Path, line: int, what: str) -> TemplateError:
    """Return the error for a mistake in a template's file."""
    return TemplateError(f"{path.parent.parent.name}/{path.parent.name}/{path.name}, line {line}: {what}")


def line_of(path: Path, text: str, nth: int = 1) -> int:
    """Return the number of the `nth` line that holds `text`, or 1 when no line does."""
    found = [n for n, line in enumerate(_read(path).splitlines(), 1) if text in line]
    return found[nth - 1] if len(found) >= nth else 1


def _find(name: str, root: Path | None) -> tuple[Path, str]:
    try:
        base = resources.folder("templates") if root is None else root
    except FileNotFoundError as exc:
        raise TemplateError(str(exc)) from exc
    full = name if "/" in name else f"{name}/{DEFAULT_VARIANT}"
    if not _ID.fullmatch(full) or not (base / full).is_dir():
        known = ", ".join(sorted(str(p.parent.relative_to(base)) for p in base.glob("*/*/sections.toml"))) or "none"
        raise TemplateError(f"there is no template {name[:60]!r}; there are: {known}")
    return base / full, full


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise mistake(path, 1, "the file is missing") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise mistake(path, 1, "the file cannot be read as UTF-8 text") from exc


def _sections(path: Path) -> tuple[Section, ...]:
    listed = read_toml(path).get("section")
    if not isinstance(listed, list) or not listed:
        raise mistake(path, 1, "there must be at least one [[section]]")
    made: list[Section] = []
    for nth, value in enumerate(listed, 1):
        line = line_of(path, "[[section]]", nth)
        made.append(_section(value, path, line))
        if made[-1].id in {s.id for s in made[:-1]}:
            raise mistake(path, line, f"the section id {made[-1].id!r} is there twice")
    return tuple(made)


def _section(value: Any, path: Path, line: int) -> Section:
    _check_keys(value, _SECTION_KEYS, "section", path, line)
    _check_texts(value, ("id", "part", "title"), "section", path, line)
    if value["part"] not in set(Part):
        raise mistake(path, line, f"part must be one of {', '.join(Part)}")
    topics = value.get("topic", [])
    if not isinstance(topics, list):
        raise mistake(path, line, "a section's topics are written as [[section.topic]]")
    made = tuple(_topic(topic, path, line) for topic in topics)
    if len({t.id for t in made}) < len(made):
        raise mistake(path, line, f"two topics of the section {value['id']!r} have the same id")
    return Section(
        id=value["id"],
        part=Part(value["part"]),
        title=value["title"],
        required=value.get("required", False),
        asked=_searched(value, "asked", path, line),
        topics=made,
    )


def _topic(value: Any, path: Path, line: int) -> Topic:
    """Return a topic; a mistake in it is on the line of its id, where it has one, else on its section's."""
    if not isinstance(value, dict):
        raise mistake(path, line, "a section's topics are written as [[section.topic]]")
    line = _line_behind(path, line, f'id = "{value.get("id")}"')
    _check_keys(value, _TOPIC_KEYS, "topic", path, line)
    _check_texts(value, ("id", "title", "asked"), "topic", path, line)
    asked, noted = _searched(value, "asked", path, line), _searched(value, "noted", path, line)
    return Topic(
        id=value["id"], title=value["title"], asked=asked or "", noted=noted, required=value.get("required", True)
    )


def _line_behind(path: Path, line: int, text: str) -> int:
    """Return the number of the first line from `line` on that holds `text`, or `line` when none does."""
    return next((n for n, row in enumerate(_read(path).splitlines(), 1) if n >= line and text in row), line)


def _check_keys(value: dict[str, Any], known: set[str], what: str, path: Path, line: int) -> None:
    if unknown := sorted(value.keys() - known):
        raise mistake(path, line, f"unknown key {unknown[0]!r} in a {what}")
    if not isinstance(value.get("required", False), bool):
        raise mistake(path, line, "required must be true or false")


def _check_texts(value: dict[str, Any], keys: tuple[str, ...], what: str, path: Path, line: int) -> None:
    for key in keys:
        if not isinstance(value.get(key), str) or not value[key].strip():
            raise mistake(path, line, f"the {what} needs a text {key!r}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value["id"]):
        raise mistake(path, line, f"a {what} id is made of small letters, digits and underscores")


def _searched(value: dict[str, Any], key: str, path: Path, line: int) -> str | None:
    """Return the pattern under `key`, checked."""
    pattern = value.get(key)
    if pattern is None:
        return None
    if not isinstance(pattern, str):
        raise mistake(path, line, f"{key!r} must be a text")
    try:
        re.compile(pattern)
    except re.error as exc:
        raise mistake(path, line, f"{key!r} is not a regular expression: {exc.msg}") from exc
    return pattern
