"""Notes are printed to Markdown, text and HTML by templates that are not trusted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from live_scribe import templates
from live_scribe.errors import TemplateError
from live_scribe.render import Format, render

FORMATS: tuple[Format, ...] = ("markdown", "text", "html")
TEMPLATE = templates.load("soap")


def statement(text: str, problem: str | None = None, kind: str | None = None) -> dict[str, Any]:
    return {"text": text, "problem": problem, "item": {"kind": kind} if kind else None, "flags": []}


def note(state: str = "draft", **sections: list[dict[str, Any]]) -> dict[str, Any]:
    listed = [
        {"id": s.id, "part": str(s.part), "title": s.title, "statements": sections.get(s.id, [])}
        for s in TEMPLATE.sections
    ]
    return {"template": "soap/general", "visit": "v1", "state": state, "sections": listed, "missing": ["allergies"]}


@pytest.mark.parametrize("form", FORMATS)
def test_sections_with_nothing_said_are_absent(form: Format) -> None:
    text = render(TEMPLATE, note(hpi=[statement("He denies fever.")]), form)
    assert "He denies fever." in text and "history of present illness" in text.lower()
    assert "family history" not in text.lower() and "assessment" not in text.lower()


@pytest.mark.parametrize("form", FORMATS)
def test_an_unsigned_note_is_marked_as_a_draft_and_tells_what_was_not_said(form: Format) -> None:
    text = render(TEMPLATE, note(hpi=[statement("It hurts.")]), form)
    assert "DRAFT" in text and "Not yet said: allergies" in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_signed_note_says_by_whom_and_when_and_carries_its_addenda(form: Format) -> None:
    text = render(
        TEMPLATE,
        note("amended", plan=[statement("Rest.")]),
        form,
        patient={"name": "Owen Brandt", "mrn": "LS-1", "birth_date": "1980-01-02", "sex": "M"},
        signature={"by": "Dr. Lee", "at": "2026-01-02T10:00:00Z"},
        addenda=[{"text": "MRI normal.", "by": "Dr. Lee", "at": "2026-01-09T10:00:00Z"}],
    )
    assert "DRAFT" not in text and "Not yet said" not in text
    for part in ("Owen Brandt", "LS-1", "1980-01-02", "Signed by Dr. Lee", "2026-01-02T10:00:00Z", "MRI normal."):
        assert part in text


def test_a_signature_does_not_count_before_the_note_is_signed() -> None:
    text = render(TEMPLATE, note("review", plan=[statement("Rest.")]), "text", signature={"by": "X", "at": "now"})
    assert "DRAFT" in text and "Signed" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_assessment_and_plan_stand_together_by_problem(form: Format) -> None:
    text = render(
        TEMPLATE,
        note(
            assessment=[statement("Gout.", "p1", "problem"), statement("Asthma.", "p2", "problem")],
            plan=[
                statement("Call if worse."),
                statement("Start albuterol.", "p2"),
                statement("Start colchicine.", "p1"),
            ],
        ),
        form,
    )
    places = [text.index(t) for t in ("Gout.", "Start colchicine.", "Asthma.", "Start albuterol.", "Call if worse.")]
    assert places == sorted(places)


def test_html_is_escaped() -> None:
    text = render(TEMPLATE, note(hpi=[statement("<script>alert(1)</script>")]), "html", patient={"name": "<b>"})
    assert "<script>" not in text and "&lt;script&gt;" in text and "<b>" not in text


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("fine\n{{ note.nothing }}", r"note.md.j2, line 2"),
        ("{{ nothing }}", r"note.md.j2, line 1"),
        ("\n\n{% if %}", r"note.md.j2, line 3"),
        ("{{ ''.__class__.__mro__ }}", r"note.md.j2, line 1"),
        ("{{ note.sections.append(1) }}", r"note.md.j2, line 1"),
    ],
)
def test_a_mistake_or_an_escape_in_a_template_is_refused_at_its_line(source: str, told: str) -> None:
    broken = replace(TEMPLATE, sources={**TEMPLATE.sources, "note.md.j2": source})
    with pytest.raises(TemplateError, match=told):
        render(broken, note(hpi=[statement("It hurts.")]), "markdown")
