"""Cues of a template laid over those that it inherits: a folder holds only what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from live_scribe.templates.files import Folder, Tables
from live_scribe.templates.patterns import wrong_pattern

FILE = "cues.toml"
PLAIN = "plain.toml"
WIDENED = {
    ("history", "telling"),
    ("history", "family_question"),
    ("problems", "words"),
    ("problems", "stop_words"),
    ("exam", "finding"),
    ("medications", "taking"),
}
"""Single patterns that a template widens by its own: either is looked for. Other single values are replaced."""
OPTIONAL: Mapping[str, Any] = {"place": []}
"""Tables that a template may do without."""
NAMED = ("vitals", "words")
"""Tables of things with a name, each of which is replaced whole."""


def laid_over(inherited: Mapping[str, Any], folder: Folder, file: str = FILE) -> Tables:
    """Return the inherited tables with those of the folder's file (cues.toml) laid over them.

    Lists get longer; rules go before the inherited ones, as the first that matches counts; names are added or replaced.
    A table or key that is not among the inherited ones is a mistake.
    """
    own = folder.tables(file) if folder.has(file) else {}
    inherited = {**(OPTIONAL if file == FILE else {}), **inherited}
    merged = dict(inherited)
    for table, value in own.items():
        if table not in inherited:
            folder.wrong(
                file, _table_line(folder, table, file), f"unknown table {table!r}; there are: {_few(inherited)}"
            )
        elif type(value) is not type(inherited[table]):
            form = f"[[{table}]]" if isinstance(inherited[table], list) else f"[{table}]"
            folder.wrong(file, _table_line(folder, table, file), f"{table!r} must be written as {form}")
        elif isinstance(value, list):
            merged[table] = [*value, *inherited[table]]
        else:
            merged[table] = _table(inherited[table], value, table, folder, file)
    return merged


def _table(inherited: Mapping[str, Any], own: Mapping[str, Any], table: str, folder: Folder, file: str) -> Tables:
    merged = dict(inherited)
    open_names = table in NAMED or (all(isinstance(v, list) for v in inherited.values()) and table == "symptoms")
    for key, value in own.items():
        line = folder.line_of(file, f"{key} =") if folder.line_of(file, f"{key} =") > 1 else folder.line_of(file, key)
        if key in inherited and type(value) is not type(inherited[key]):
            folder.wrong(file, line, f"{key!r} in [{table}] is of the wrong kind")
        elif key not in inherited and not open_names:
            folder.wrong(file, line, f"unknown key {key!r} in [{table}]; there are: {_few(inherited)}")
        elif isinstance(value, list) and key in inherited:
            merged[key] = [*inherited[key], *value]
        elif isinstance(value, dict) and table not in NAMED:
            merged[key] = _names(inherited[key], value)
        elif (table, key) in WIDENED:
            if wrong := wrong_pattern(value):
                folder.wrong(file, line, wrong)
            else:
                merged[key] = f"(?:{inherited[key]})|(?:{value})"
        else:
            merged[key] = value
    return merged


def _names(inherited: Mapping[str, Any], own: Mapping[str, Any]) -> Tables:
    merged = dict(inherited)
    for key, value in own.items():
        both = isinstance(value, list) and isinstance(inherited.get(key), list)
        merged[key] = [*inherited[key], *value] if both else value
    return merged


def _table_line(folder: Folder, table: str, file: str) -> int:
    return folder.line_of(file, f"[{table}") if folder.line_of(file, f"[{table}") > 1 else folder.line_of(file, table)


def _few(tables: Mapping[str, Any]) -> str:
    return ", ".join(sorted(tables))
