"""Prints a note: the note's JSON form through the template's Jinja2 files, to Markdown, text or HTML.

Templates may come from a clinic, so they run sandboxed, and an undefined name is an error, not an empty place.

What a template file may use:

- `note`: the note's JSON form (docs/protocol.md), with `sections` in order, empty ones left out; a section has `id`,
  `part`, `title` and `statements`, a statement `text`, `assertion`, `problem`, `flags`, ….
- `missing`: titles of the required sections that have nothing in them.
- `blocks`: assessment and plan by problem, in order of appearance: `{"problem": "p1" or None, "heading": the statement
  that names the problem or None, "assessment": [the other statements, …], "plan": [statement, …]}`; the block without a
  problem comes last.
- `patient`: `{"name", "mrn", "birth_date", "sex"}`, each a text or None.
- `draft`: whether nobody has signed; then `signature` is None, else `{"by", "at"}`.
- `addenda`: `[{"text", "by", "at"}, …]`, in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from live_scribe.errors import TemplateError
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
    file = NOTE_FILES[form]
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=form == "html", trim_blocks=True, lstrip_blocks=True
    )
    context = _context(template, note, patient or {}, signature, addenda)
    try:
        return environment.from_string(template.notes[form]).render(context).strip() + "\n"
    except JinjaError as exc:
        line = exc.lineno if isinstance(exc, TemplateSyntaxError) else _line(exc)
        raise TemplateError(f"{template.id}/{file}, line {line}: {_reason(exc)}") from exc


def _context(
    template: Template,
    note: Mapping[str, Any],
    patient: Mapping[str, str | None],
    signature: Mapping[str, str] | None,
    addenda: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    signed = note.get("state") in SIGNED_STATES and signature is not None
    sections = [s for s in note["sections"] if s["statements"]]
    titles = {s.id: s.title for s in template.sections}
    return {
        "note": {**note, "sections": sections},
        "missing": [titles.get(m, m) for m in note.get("missing", ())],
        "blocks": _blocks(sections),
        "patient": {name: patient.get(name) for name in PATIENT_FIELDS},
        "draft": not signed,
        "signature": dict(signature) if signed and signature is not None else None,
        "addenda": [dict(a) for a in addenda],
    }


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


def _line(exc: JinjaError) -> int:
    """The line of the template where rendering failed: Jinja2 puts it on the innermost frame of the template."""
    line, trace = 1, exc.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _reason(exc: JinjaError) -> str:
    return (exc.message or type(exc).__name__).splitlines()[0][:200]
