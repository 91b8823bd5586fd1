"""Finds all that is wrong in a template: in its files, its cues and patterns, and in what it prints."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from jinja2 import ChainableUndefined, Environment, TemplateSyntaxError, Undefined

from live_scribe.drafting.vocabulary import mistakes_in
from live_scribe.plain import FILE as PLAIN_FILE
from live_scribe.plain import plain_mistakes
from live_scribe.render import note_context, place_of, reason
from live_scribe.sandbox import Sandbox, refused
from live_scribe.summary import summary_probe
from live_scribe.templates import NOTE_FILES, SUMMARY_FILES, Shelf, Template, cues, sections
from live_scribe.templates.files import Mistake, line_of
from live_scribe.templates.patterns import cost_of

PATTERN_CPU_S = 1.0
"""CPU seconds for a pattern and all strings made to try it; the slowest shipped one takes a tenth."""
PATTERNS_S = 120
"""Seconds for all patterns of a template, where the machine is busy."""


def check(shelf: Shelf, id_: str, *, costs: bool = True) -> list[Mistake]:
    """Return everything that is wrong in a template, file by file. Raises TemplateError where there is none.

    `costs`: patterns are also tried for their cost, in a process of its own.
    """
    template, found = shelf.read(id_)
    if template is None:
        return _sorted(found)
    found += mistakes_in(template)
    found += plain_mistakes(template)
    found += _syntax(template)
    if not found:
        found += _prints(template)
    if costs and not found:
        found += _costs(template)
    return _sorted(found)


def survey(shelf: Shelf) -> dict[str, list[Mistake]]:
    """Return the templates of a shelf that have mistakes, and what they are."""
    checked = {id_: check(shelf, id_) for id_ in shelf.ids()}
    return {id_: found for id_, found in checked.items() if found}


def _sorted(found: Iterable[Mistake]) -> list[Mistake]:
    return sorted(set(found), key=lambda m: (m.file, m.line, m.what))


def _label(template: Template, file: str) -> str:
    """Return a file's path under `templates/`: of the nearest folder that has it."""
    folder = next((Path(f) for f in template.folders if (Path(f) / file).exists()), Path(template.folders[0]))
    return f"{folder.parent.name}/{folder.name}/{file}"


def _syntax(template: Template) -> Iterator[Mistake]:
    plain = Environment(autoescape=True)
    for file, source in template.sources.items():
        try:
            told = list(refused(plain.parse(source, file)))
        except TemplateSyntaxError as exc:
            told = [(exc.lineno, exc.message or "not a template")]
        except RecursionError:
            told = [(1, "expressions or blocks lie too deep in each other")]
        for line, what in told:
            yield Mistake(file=_label(template, file), line=line, what=what)


def _prints(template: Template) -> Iterator[Mistake]:
    """Print notes of all kinds; yield what is undefined, what fails, and the sections that never come out."""
    for form, file in NOTE_FILES.items():
        printed = ""
        for note, signature, addenda in _probes(template):
            context = note_context(template, note, _PATIENT, signature, addenda)
            text, mistakes = _print(template, file, context, html=form == "html")
            printed += text
            yield from mistakes
        for section in template.sections:
            if _word(section.id) not in printed and section.id not in printed:
                what = f"the section {section.id!r} is never printed: what it holds would be lost"
                yield Mistake(file=_label(template, file), line=1, what=what)
    for form, file in SUMMARY_FILES.items():
        for context in summary_probe(template):
            _, mistakes = _print(template, file, context, html=form == "html")
            yield from mistakes


def _print(template: Template, file: str, context: dict[str, Any], *, html: bool) -> tuple[str, list[Mistake]]:
    found: list[Mistake] = []

    def undefined(name: str, line: int, what: str) -> None:
        found.append(Mistake(file=_label(template, name), line=line, what=what))

    environment = Sandbox(template.sources, html=html, undefined=_recording(undefined))
    text = ""
    try:
        text = environment.get_template(file).render(context)
    except Exception as exc:  # however a template fails, its author is told
        name, line = place_of(exc, file, template.sources)
        undefined(name, line, reason(exc))
    return text, found


class _Recorded(ChainableUndefined):
    """What stands for an undefined name while a template is tried: it is empty, and tells where it was used."""

    tell: Callable[[str, int, str], None]

    def _use(self) -> None:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and "debug_info" not in frame.f_globals:
            frame = frame.f_back
        if frame is not None:
            numbers = [pair.split("=") for pair in frame.f_globals["debug_info"].split("&") if pair]
            before = [int(line) for line, code in numbers if int(code) <= frame.f_lineno]
            self.tell(frame.f_globals["name"], before[-1] if before else 1, self._undefined_message)

    def __str__(self) -> str:
        self._use()
        return ""

    def __iter__(self) -> Iterator[Any]:
        self._use()
        return iter(())

    def __len__(self) -> int:
        self._use()
        return 0

    def __bool__(self) -> bool:
        self._use()
        return False

    def __eq__(self, other: object) -> bool:
        self._use()
        return False

    def __hash__(self) -> int:
        return 0


def _recording(tell: Callable[[str, int, str], None]) -> type[Undefined]:
    return type("Recorded", (_Recorded,), {"tell": staticmethod(tell)})


_PATIENT = {"name": "Probe", "mrn": "1", "birth_date": "2000-01-01", "sex": "female"}


def _word(section: str) -> str:
    return f"zq{section.replace('_', 'zq')}qz"


def _probes(template: Template) -> Iterator[tuple[dict[str, Any], dict[str, str] | None, list[dict[str, str]]]]:
    """Notes that are full, signed with an addendum, and empty, each statement with a word of its own."""
    full = [
        {"id": s.id, "part": str(s.part), "title": s.title, "statements": _statements(s.id)} for s in template.sections
    ]
    note = {"template": template.id, "visit": "v1", "sections": full, "suggestions": [], "missing": [], "codes": []}
    rest: dict[str, Any] = {"omitted": [], "signature": None, "addenda": []}
    yield {**note, **rest, "state": "draft", "missing": [template.sections[0].id]}, None, []
    signed = {"by": "probe", "at": "2026-01-01T00:00:00Z"}
    yield {**note, **rest, "state": "amended"}, signed, [{"text": "probe", **signed}]
    yield {**note, **rest, "state": "draft", "sections": []}, None, []


def _statements(section: str) -> list[dict[str, Any]]:
    base = {
        "section": section, "author": "machine", "version": 1, "assertion": "present", "confidence": 1.0,
        "owner": "machine", "order": 1, "evidence": [], "flags": [], "deleted": False,
    }  # fmt: skip
    kinds: Sequence[tuple[str | None, dict[str, str] | None]] = ((None, None), ("p1", {"kind": "problem", "name": "x"}))
    return [
        {**base, "id": f"s{n}", "text": f"{_word(section)}{n or ''}", "problem": problem, "item": item}
        for n, (problem, item) in enumerate(kinds)
    ]


def _costs(template: Template) -> list[Mistake]:
    """Try the patterns of the template's own files in a process of its own, which can be stopped."""
    paths = [Path(template.folders[0]) / file for file in (cues.FILE, sections.FILE, PLAIN_FILE)]
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()}
    found: list[Mistake] = []
    for slow in _slow(sorted({p for text in texts.values() for p in _patterns(tomllib.loads(text))})):
        for file, text in texts.items():
            near = next((n for n in (slow.replace("\\", "\\\\")[:60], slow[:60]) if n in text), None)
            if near is not None:
                what = "the pattern takes too long on some texts: a part that is repeated holds another one that is"
                found.append(Mistake(file=f"{template.id}/{file}", line=line_of(text, near), what=what))
    return found


def _patterns(value: Any) -> Iterator[str]:
    """Yield the texts of a file that may be patterns: those with a sign that repeats."""
    if isinstance(value, str):
        if any(c in value for c in "*+{"):
            yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _patterns(inner)


def _slow(patterns: list[str]) -> list[str]:
    """Return the patterns that are not done in time."""
    slow: list[str] = []
    rest = patterns
    while rest:
        done = cost_of(rest, PATTERN_CPU_S, PATTERNS_S)
        if done >= len(rest):
            break
        slow.append(rest[done])
        rest = rest[done + 1 :]
    return slow
