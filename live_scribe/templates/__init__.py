"""Note templates: folders with the note's sections, the cues to write it by, and how it is printed.

A template's id is its path under `templates/`; `soap` means `soap/general`. A folder may build on another one, and then
holds only what differs. The clinic's own stand in a folder of its own, and go before those that come with live_scribe.
Every mistake in a template names its file and line, so that whoever wrote it can mend it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from live_scribe import resources
from live_scribe.core.note import Section
from live_scribe.errors import TemplateError
from live_scribe.templates import cues, sections
from live_scribe.templates.files import Folder, Mistake, line_of, refusal

DEFAULT_VARIANT = "general"
ABOUT_FILE = "template.toml"
NOTE_FILES = {"markdown": "note.md.j2", "text": "note.txt.j2", "html": "note.html.j2"}
"""The file that prints a note in each format."""
SUMMARY_FILES = {"markdown": "summary.md.j2", "text": "summary.txt.j2", "html": "summary.html.j2"}
"""The file that prints the summary for the patient in each format."""
LONGEST_CHAIN = 8
"""Templates that build on one another."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)?")
_ABOUT_KEYS = {"title", "about", "extends"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template, checked. `cues` are the tables of its cues, inherited ones too; `sources` what it prints by.

    `prose`: sections printed as running text; `into`: where statements of closed sections go; `cue_files`: name
    and text of the files with its cues, its own first.
    """

    id: str
    title: str
    about: str
    sections: tuple[Section, ...]
    prose: frozenset[str]
    into: Mapping[str, str]
    cues: dict[str, Any] = field(repr=False)
    plain: dict[str, Any] = field(repr=False)
    sources: dict[str, str] = field(repr=False)
    cue_files: tuple[tuple[str, str], ...] = field(repr=False)
    plain_files: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    folders: tuple[str, ...] = ()
    digest: str = ""

    def cue_place(self, near: str) -> tuple[str, int]:
        """Return the file with cues, and the line in it, where this text stands."""
        for file, text in self.cue_files:
            if near in text:
                return file, line_of(text, near)
        return (self.cue_files[0][0] if self.cue_files else f"{self.id}/{cues.FILE}"), 1


class Shelf:
    """Where templates are looked for: the clinic's own folder, if it has one, then those that are installed."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        """Look in these folders, the first before the others."""
        self.roots = roots
        self.left_out: frozenset[str] = frozenset()

    def ids(self) -> list[str]:
        """Return the ids of all folders that are meant as templates, sound or not."""
        found = {
            f"{path.parent.name}/{path.name}"
            for root in self.roots
            for path in root.glob("*/*")
            if path.is_dir() and any((path / f).exists() for f in (ABOUT_FILE, sections.FILE))
        }
        return sorted(i for i in found if _ID.fullmatch(i))

    def read(self, name: str) -> tuple[Template | None, list[Mistake]]:
        """Return a template as far as it can be made, and what is wrong in its files.

        Raises TemplateError where there is none of this name.
        """
        full = name if "/" in name else f"{name}/{DEFAULT_VARIANT}"
        at = self._place(full) if _ID.fullmatch(full) else None
        if at is None:
            known = ", ".join(i for i in self.ids() if i not in self.left_out) or "none"
            raise TemplateError(f"there is no template {name[:60]!r}; there are: {known}")
        mistakes: list[Mistake] = []
        return _Builder(self, mistakes).build(full, at), mistakes

    def load(self, name: str) -> Template:
        """Return the template called `name`. Raises TemplateError, also where it was left out."""
        template, mistakes = self.read(name)
        if template is not None and template.id in self.left_out:
            raise TemplateError(f"the template {template.id!r} has mistakes: live-scribe templates check")
        if template is None or mistakes:
            raise refusal(mistakes)
        return template

    def listed(self) -> list[dict[str, str]]:
        """Return the templates there are: id, the title a person chooses it by, and a line about it."""
        found: list[dict[str, str]] = []
        for id_ in self.ids():
            if id_ in self.left_out:
                continue
            template, mistakes = self.read(id_)
            if template is not None and not mistakes:
                found.append({"id": template.id, "title": template.title, "about": template.about})
        return sorted(found, key=lambda t: (not t["id"].startswith("soap/"), t["id"] != "soap/general", t["title"]))

    def _place(self, id_: str, behind: int = 0) -> int | None:
        return next((n for n, root in enumerate(self.roots) if n >= behind and (root / id_).is_dir()), None)

    def place_of_base(self, id_: str, base: str, at: int) -> int | None:
        """Return the root of the template that one builds on: a template of the same name is that of a later root."""
        return self._place(base, at + 1 if base == id_ else 0) if _ID.fullmatch(base) else None


class _Builder:
    """Lays a template's folders over one another, from the one that builds on nothing."""

    def __init__(self, shelf: Shelf, mistakes: list[Mistake]) -> None:
        self._shelf = shelf
        self._mistakes = mistakes

    def build(self, id_: str, at: int) -> Template | None:
        chain = self._chain(id_, at)
        made: sections.Sections | None = None
        held: dict[str, Any] = {}
        plain: dict[str, Any] = {}
        sources: dict[str, str] = {}
        for nth, (folder, _) in enumerate(reversed(chain)):
            made = sections.laid_over(made, folder)
            held = cues.laid_over(held, folder) if nth else folder.tables(cues.FILE)
            plain = cues.laid_over(plain, folder, cues.PLAIN) if nth else folder.tables(cues.PLAIN)
            sources |= {file: folder.text(file) for file in folder.names(".j2")}
        needed = (*NOTE_FILES.values(), *SUMMARY_FILES.values())
        for file in needed:
            if file not in sources:
                chain[-1][0].wrong(file, 1, "the file is missing")
        if made is None or not made.listed or not all(file in sources for file in needed):
            return None
        return self._template(chain, made, {cues.FILE: held, cues.PLAIN: plain}, sources)

    def _template(
        self,
        chain: list[tuple[Folder, dict[str, str]]],
        made: sections.Sections,
        held: dict[str, dict[str, Any]],
        sources: dict[str, str],
    ) -> Template:
        folder, about = chain[0]
        files = {name: tuple((f"{f.id}/{name}", f.text(name)) for f, _ in chain if f.has(name)) for name in held}
        digest = hashlib.sha256()
        for text in (folder.id, *(t for listed in files.values() for _, t in listed), repr(made), *sources.values()):
            digest.update(text.encode() + b"\0")
        return Template(
            id=folder.id,
            title=about.get("title", folder.id),
            about=about.get("about", ""),
            sections=made.listed,
            prose=made.prose,
            into=dict(made.into or {}),
            cues=held[cues.FILE],
            plain=held[cues.PLAIN],
            sources=sources,
            cue_files=files[cues.FILE],
            plain_files=files[cues.PLAIN],
            folders=tuple(str(f.path) for f, _ in chain),
            digest=digest.hexdigest(),
        )

    def _chain(self, id_: str, at: int | None) -> list[tuple[Folder, dict[str, str]]]:
        """Return the template's folder and those that it builds on, nearest first, each with what it says of itself."""
        chain: list[tuple[Folder, dict[str, str]]] = []
        seen: set[tuple[str, int]] = set()
        while at is not None:
            folder = Folder(self._shelf.roots[at], id_, self._mistakes)
            about = self._about(folder)
            chain.append((folder, about))
            seen.add((id_, at))
            base = about.get("extends")
            if base is None:
                break
            line = folder.line_of(ABOUT_FILE, "extends")
            base = base if "/" in base else f"{base}/{DEFAULT_VARIANT}"
            at, id_ = self._shelf.place_of_base(id_, base, at), base
            if at is None:
                folder.wrong(ABOUT_FILE, line, f"extends: there is no template {base[:60]!r}")
            elif (id_, at) in seen or len(chain) >= LONGEST_CHAIN:
                folder.wrong(ABOUT_FILE, line, f"extends: {base!r} builds on this template itself: a circle")
                break
        return chain

    def _about(self, folder: Folder) -> dict[str, str]:
        tables = folder.tables(ABOUT_FILE) if folder.has(ABOUT_FILE) else {}
        for key, value in tables.items():
            line = folder.line_of(ABOUT_FILE, key)
            if key not in _ABOUT_KEYS:
                folder.wrong(ABOUT_FILE, line, f"unknown key {key!r}; there are: {', '.join(sorted(_ABOUT_KEYS))}")
            elif not isinstance(value, str) or not value.strip():
                folder.wrong(ABOUT_FILE, line, f"{key} must be a text")
        return {key: value for key, value in tables.items() if isinstance(value, str) and value.strip()}


def installed() -> Shelf:
    """Return the shelf with the templates that come with live_scribe. Raises TemplateError where they are missing."""
    try:
        return Shelf((resources.folder("templates"),))
    except FileNotFoundError as exc:
        raise TemplateError(str(exc)) from exc


def with_own(own: Path | None) -> Shelf:
    """Return the shelf with the clinic's own folder, where there is one, before what is installed."""
    shelf = installed()
    return Shelf((own, *shelf.roots)) if own is not None and own.is_dir() else shelf


def load(name: str, *, root: Path | None = None) -> Template:
    """Return the template called `name`, from `root` or from those that are installed. Raises TemplateError."""
    return (installed() if root is None else Shelf((root,))).load(name)


def listed(*, root: Path | None = None) -> list[dict[str, str]]:
    """Return the templates there are, in `root` or installed."""
    return (installed() if root is None else Shelf((root,))).listed()


def missing(template: Template, present: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the required sections that are not among `present`, in the note's order."""
    return tuple(s.id for s in template.sections if s.required and s.id not in present)


Loader = Callable[[str], Template]
