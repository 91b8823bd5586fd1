"""The sections of a template, laid over those that it inherits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from live_scribe.core.note import Part, Section, Topic
from live_scribe.templates.files import Folder
from live_scribe.templates.patterns import wrong_pattern

FILE = "sections.toml"
_TOP_KEYS = {"section", "order"}
_KEYS: Mapping[str, type] = {
    "id": str, "part": str, "title": str, "required": bool, "prose": bool, "after": str, "into": str, "asked": str,
    "topic": list,
}  # fmt: skip
_TOPIC_KEYS: Mapping[str, type] = {"id": str, "title": str, "asked": str, "noted": str, "required": bool}
_PATTERNS = ("asked", "noted")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_KIND = {str: "a text", bool: "true or false", list: "written as [[section.topic]]"}


@dataclass(frozen=True, slots=True)
class Sections:
    """Sections in order. `prose`: those printed as running text. `into`: where what a section would hold goes."""

    listed: tuple[Section, ...] = ()
    prose: frozenset[str] = frozenset()
    into: Mapping[str, str] | None = None

    @property
    def ids(self) -> list[str]:
        """Return the sections' ids, in order."""
        return [s.id for s in self.listed]


def laid_over(inherited: Sections | None, folder: Folder) -> Sections:
    """Return the inherited sections with those of the folder's sections.toml laid over them.

    A known id changes what is given of that section, a new one adds a section behind the one named by `after`; `into`
    closes a section, and names the one where its statements go. `order` names those that come first.
    """
    if inherited is not None and not folder.has(FILE):
        return inherited
    tables = folder.tables(FILE)
    for key in sorted(tables.keys() - _TOP_KEYS):
        folder.wrong(FILE, folder.line_of(FILE, key), f"unknown key {key!r}; there are: order, section")
    rows = tables.get("section", [])
    if not isinstance(rows, list) or (inherited is None and not rows):
        folder.wrong(FILE, 1, "there must be at least one [[section]]")
        return inherited or Sections()
    made, seen = inherited or Sections(), set[str]()
    for nth, row in enumerate(rows, 1):
        line = folder.line_of(FILE, "[[section]]", nth)
        if isinstance(row, dict) and _checked(row, folder, line, new=row.get("id") not in made.ids):
            if row["id"] in seen:
                folder.wrong(FILE, line, f"the section id {row['id']!r} is there twice")
            seen.add(row["id"])
            made = _with(made, row, folder, line)
    return _ordered(made, tables.get("order", []), folder)


def _checked(row: Mapping[str, Any], folder: Folder, line: int, *, new: bool) -> bool:
    """Note the mistakes of a section; return whether it can be used."""
    needed = ("id", "part", "title") if new else ("id",)
    sound = _row_checked(row, folder, line, _KEYS, needed, "section")
    if isinstance(row.get("part"), str) and row["part"] not in set(Part):
        folder.wrong(FILE, _line_in(folder, line, "part"), f"part must be one of {', '.join(Part)}")
        sound = False
    topics = row.get("topic", [])
    for topic in topics if isinstance(topics, list) else []:
        at = _topic_line(folder, line, topic)
        if not isinstance(topic, dict):
            folder.wrong(FILE, line, "a section's topics are written as [[section.topic]]")
            sound = False
        else:
            sound = _row_checked(topic, folder, at, _TOPIC_KEYS, ("id", "title", "asked"), "topic") and sound
    ids = [t.get("id") for t in topics if isinstance(t, dict)] if isinstance(topics, list) else []
    for id_ in sorted({str(i) for i in ids if ids.count(i) > 1}):
        folder.wrong(
            FILE, _topic_line(folder, line, {"id": id_}), f"two topics of the section have the same id {id_!r}"
        )
        sound = False
    return sound


def _row_checked(
    row: Mapping[str, Any], folder: Folder, line: int, keys: Mapping[str, type], needed: Sequence[str], what: str
) -> bool:
    wrong: list[tuple[str, str]] = []
    for key, value in row.items():
        if key not in keys:
            wrong.append((key, f"unknown key {key!r} in a {what}; there are: {', '.join(keys)}"))
        elif not isinstance(value, keys[key]) or value == "":
            wrong.append((key, f"{key} must be {_KIND[keys[key]]}"))
        elif key in _PATTERNS and isinstance(value, str) and (told := wrong_pattern(value)):
            wrong.append((key, f"{key!r} is {told}"))
    lacking = [key for key in needed if not isinstance(row.get(key), str) or not row[key].strip()]
    wrong += [("", f"the {what} needs a text {key!r}") for key in lacking]
    if isinstance(row.get("id"), str) and not _ID.fullmatch(row["id"]):
        wrong.append(("id", f"a {what} id is made of small letters, digits and underscores"))
    for key, told in wrong:
        folder.wrong(FILE, _line_in(folder, line, key) if key else line, told)
    return not wrong


def _topic_line(folder: Folder, line: int, topic: Any) -> int:
    """Return the line where a topic of the section at `line` begins."""
    named = f'id = "{topic.get("id")}"' if isinstance(topic, dict) else ""
    rows = folder.text(FILE).splitlines()
    found = next((n for n in range(line, len(rows)) if named and named in rows[n]), None)
    return line if found is None else next((n + 1 for n in range(found, line, -1) if rows[n].startswith("[[")), line)


def _line_in(folder: Folder, line: int, key: str) -> int:
    """Return the line of a key in the section that begins at `line`."""
    rows = folder.text(FILE).splitlines()
    for number in range(line, len(rows)):
        if re.match(rf"\s*{re.escape(key)}\s*=", rows[number]):
            return number + 1
        if rows[number].startswith("[["):
            break
    return line


def _with(made: Sections, row: Mapping[str, Any], folder: Folder, line: int) -> Sections:
    id_, listed = row["id"], list(made.listed)
    if "into" in row:
        if row["into"] not in made.ids or row["into"] == id_:
            folder.wrong(FILE, _line_in(folder, line, "into"), f"into: there is no other section {row['into']!r}")
            return made
        moved = {old: row["into"] if to == id_ else to for old, to in (made.into or {}).items()}
        listed = [s for s in listed if s.id != id_]
        return replace(made, listed=tuple(listed), into={**moved, id_: row["into"]})
    known = next((s for s in listed if s.id == id_), None)
    section = _section(known, row)
    if "after" in row:
        if row["after"] not in made.ids or row["after"] == id_:
            folder.wrong(FILE, _line_in(folder, line, "after"), f"after: there is no other section {row['after']!r}")
            return made
        listed = [s for s in listed if s.id != id_]
        listed.insert([s.id for s in listed].index(row["after"]) + 1, section)
    elif known is not None:
        listed[listed.index(known)] = section
    else:
        listed.append(section)
    prose = made.prose | {id_} if row.get("prose", id_ in made.prose) else made.prose - {id_}
    into = {old: to for old, to in (made.into or {}).items() if old != id_}
    return Sections(tuple(listed), prose, into)


def _section(known: Section | None, row: Mapping[str, Any]) -> Section:
    given: dict[str, Any] = {key: row[key] for key in ("title", "required") if key in row}
    if "part" in row:
        given["part"] = Part(row["part"])
    if "asked" in row:
        given["asked"] = row["asked"]
    topics = {t.id: t for t in known.topics} if known is not None else {}
    given["topics"] = tuple({**topics, **{t["id"]: _topic(t) for t in row.get("topic", ())}}.values())
    return replace(known, **given) if known is not None else Section(id=row["id"], **given)


def _topic(row: Mapping[str, Any]) -> Topic:
    required = row.get("required", True)
    return Topic(id=row["id"], title=row["title"], asked=row["asked"], noted=row.get("noted"), required=required)


def _ordered(made: Sections, order: object, folder: Folder) -> Sections:
    line = folder.line_of(FILE, "order")
    if not isinstance(order, list) or not all(isinstance(o, str) for o in order):
        folder.wrong(FILE, line, "order must be a list of section ids")
        return made
    for id_ in order:
        if id_ not in made.ids:
            folder.wrong(FILE, line, f"order: there is no section {id_!r}")
    first: Sequence[str] = [o for o in order if o in made.ids]
    rank = {id_: n for n, id_ in enumerate(first)}
    listed = sorted(made.listed, key=lambda s: rank.get(s.id, len(rank)))
    return replace(made, listed=tuple(listed))
