"""Prints a note: the note's JSON form through the template's Jinja2 files, to Markdown, text or HTML.

Templates may come from a clinic, so they run sandboxed (sandbox.py), and an undefined name is an error, not an empty
place. A template file may include, import from or extend the files of its own folder and of those that it builds on.

What a template file may use:

- `note`: the note's JSON form (docs/protocol.md), with `sections` in order, empty ones left out; a section has `id`,
  `part`, `title`, `prose` (whether it is printed as running text) and `statements`, a statement `text`, `assertion`,
  `problem`, `flags`, ….
- `parts`: what the note is printed from, in its order: `{"section": a section, "blocks": []}`, or, where the first of
  assessment and plan stands, `{"section": None, "blocks": blocks}`.
- `missing`: titles of the required sections that have nothing in them.
- `blocks`: assessment and plan by problem, in order of appearance: `{"problem": "p1" or None, "heading": the statement
  that names the problem or None, "assessment": [the other statements, …], "plan": [statement, …]}`; the block without a
  problem comes last.
- `patient`: `{"name", "mrn", "birth_date", "sex"}`, each a text or None.
- `draft`: whether nobody has signed; then `signature` is None, else `{"by", "at"}`.
- `addenda`: `[{"text", "by", "at"}, …]`, in order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from jinja2 import TemplateError as JinjaError
from jinja2 import TemplateSyntaxError

from live_scribe.errors import TemplateError
from live_scribe.sandbox import Sandbox
from live_scribe.templates import NOTE_FILES, Template

Format = Literal["markdown", "text", "html"]
PATIENT_FIELDS = ("name", "mrn", "birth_date", "sex")
SIGNED_STATES = frozenset({"signed", "amended"})
BY_PROBLEM = ("assessment", "plan")


def render(
    template: Template,
    note: Mapping[str, Any],
    form: Format,
    *,
    patient: Mapping[str, str | None] | None = None,
    signature: Mapping[str, str] | None = None,
    addenda: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the note as text in `form`.

    `note` is the note's JSON form; `signature` (`by`, `at`) belongs to a note whose state is signed or amended.
    Raises TemplateError naming the template's file and line when the template has a mistake.
    """
    context = note_context(template, note, patient or {}, signature, addenda)
    return print_file(template, NOTE_FILES[form], context, html=form == "html")


def print_file(template: Template, file: str, context: Mapping[str, Any], *, html: bool) -> str:
    """Return what a file of a template prints. Raises TemplateError naming file and line."""
    environment = Sandbox(template.sources, html=html)
    try:
        return environment.get_template(file).render(context).strip() + "\n"
    except Exception as exc:  # a template may fail in any way: it is its author's mistake, told to them
        name, line = place_of(exc, file, template.sources)
        raise TemplateError(f"{template.id}/{name}, line {line}: {reason(exc)}") from exc


def note_context(
    template: Template,
    note: Mapping[str, Any],
    patient: Mapping[str, str | None],
    signature: Mapping[str, str] | None,
    addenda: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what a template file may use."""
    signed = note.get("state") in SIGNED_STATES and signature is not None
    sections = [{**s, "prose": s["id"] in template.prose} for s in note["sections"] if s["statements"]]
    titles = {s.id: s.title for s in template.sections}
    blocks = _blocks(sections)
    return {
        "note": {**note, "sections": sections},
        "missing": [titles.get(m, m) for m in note.get("missing", ())],
        "blocks": blocks,
        "parts": _parts(sections, blocks),
        "patient": {name: patient.get(name) for name in PATIENT_FIELDS},
        "draft": not signed,
        "signature": dict(signature) if signed and signature is not None else None,
        "addenda": [dict(a) for a in addenda],
    }


def _parts(sections: Sequence[Mapping[str, Any]], blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for section in sections:
        if section["id"] not in BY_PROBLEM:
            parts.append({"section": section, "blocks": []})
        elif not any(p["blocks"] for p in parts):
            parts.append({"section": None, "blocks": blocks})
    return parts


def _blocks(sections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str | None, dict[str, Any]] = {}
    for section in sections:
        if section["id"] not in BY_PROBLEM:
            continue
        for statement in section["statements"]:
            problem = statement.get("problem")
            block = found.setdefault(problem, {"problem": problem, "heading": None, "assessment": [], "plan": []})
            if problem is not None and block["heading"] is None and _names_problem(statement):
                block["heading"] = statement
            else:
                block[section["id"]].append(statement)
    return sorted(found.values(), key=lambda b: b["problem"] is None)


def _names_problem(statement: Mapping[str, Any]) -> bool:
    item = statement.get("item")
    return item is not None and item["kind"] == "problem"


def place_of(exc: Exception, file: str, files: Collection[str]) -> tuple[str, int]:
    """Return which of the files failed, and its line: Jinja2 puts both on the innermost frame of a template."""
    if isinstance(exc, TemplateSyntaxError):
        return exc.name or file, exc.lineno
    line, trace = 1, exc.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return file, line


def reason(exc: Exception) -> str:
    """Return in words why a template failed, without what it was to print."""
    if isinstance(exc, JinjaError):
        return (exc.message or type(exc).__name__).splitlines()[0][:200]
    if isinstance(exc, RecursionError):
        return "includes or macros go round in a circle"
    return f"the template cannot do this with its values ({type(exc).__name__})"
