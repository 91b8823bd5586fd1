"""Each specialty puts what is special to it where its readers look, and loses nothing that the general note holds."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import Proposal
from live_scribe.drafting.rules import draft
from live_scribe.render import render

TALKS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("talks/*")}
PROTOCOL = {s.id for s in templates.load("soap").sections}


def drafted(talk: dict[str, Any], template: str) -> tuple[Proposal, ...]:
    return draft(parse_dialogue(talk["dialogue"]), templates.load(template), {"sex": talk["sex"]})


def note(template: templates.Template, proposals: tuple[Proposal, ...]) -> dict[str, Any]:
    rows = [
        {
            "id": s.id,
            "part": str(s.part),
            "title": s.title,
            "statements": [
                {"text": p.text, "problem": p.problem, "item": p.item, "flags": []}
                for p in proposals
                if p.section == s.id
            ],
        }
        for s in template.sections
    ]
    return {"template": template.id, "visit": "v1", "state": "draft", "sections": rows, "missing": []}


@pytest.mark.parametrize("name", sorted(TALKS))
def test_what_is_special_lands_in_its_place(name: str) -> None:
    talk = TALKS[name]
    found = drafted(talk, talk["template"])
    for section, told in talk["lands"].items():
        texts = [p.text for p in found if p.section == section]
        assert [t for t in told if not any(t in text for text in texts)] == [], (section, texts)


@pytest.mark.parametrize("name", sorted(TALKS))
def test_a_specialty_moves_statements_and_loses_none_of_the_general_note(name: str) -> None:
    talk = TALKS[name]
    general = {p.evidence[-1].utterance for p in drafted(talk, "soap/general")}
    assert general <= {e.utterance for p in drafted(talk, talk["template"]) for e in p.evidence}


@pytest.mark.parametrize("name", sorted(TALKS))
def test_a_specialty_keeps_the_sections_of_the_general_note(name: str) -> None:
    assert {s.id for s in templates.load(TALKS[name]["template"]).sections} >= PROTOCOL


@pytest.mark.parametrize("shape", ["apso/general", "h-and-p/general", "dap/general"])
@pytest.mark.parametrize("form", ["markdown", "text", "html"])
def test_a_shape_prints_every_statement_of_a_note_once(shape: str, form: Any) -> None:
    template = templates.load(shape)
    proposals = drafted(TALKS["behavioural-health"], shape)
    text = render(template, note(template, proposals), form)
    assert [p.text for p in proposals if text.count(p.text) < 1] == []


def test_an_apso_note_begins_with_assessment_and_plan_and_ends_with_what_was_told() -> None:
    template = templates.load("apso")
    text = render(template, note(template, drafted(TALKS["cardiology"], "apso")), "markdown")
    assert text.index("## Assessment and plan") < text.index("## Chief complaint") < text.index("## Allergies")


def test_a_history_and_physical_has_systems_behind_the_histories_and_asks_for_all_of_them() -> None:
    template = templates.load("h-and-p")
    ids = [s.id for s in template.sections]
    assert ids.index("social_history") < ids.index("ros") < ids.index("vitals")
    assert set(templates.missing(template, ())) >= {"pmh", "psh", "family_history", "social_history", "ros", "exam"}


def test_a_dap_note_has_three_headings_and_the_risk_under_data() -> None:
    template = templates.load("dap")
    text = render(template, note(template, drafted(TALKS["behavioural-health"], "dap")), "markdown")
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["## Data", "## Assessment", "## Plan"]
    assert text.index("## Data") < text.index("Suicide attempts: once") < text.index("## Assessment")


def test_coffee_is_not_told_as_alcohol() -> None:
    talk = {"dialogue": "[doctor] How much coffee do you drink?\n[patient] Four cups.\n", "sex": "F"}
    (found,) = drafted(talk, "soap/behavioural-health")
    assert "Alcohol" not in found.text


def test_a_sentence_about_it_goes_along_with_what_it_is() -> None:
    said = "[doctor] And alcohol?\n[patient] I have a glass of wine most nights. It used to be just weekends.\n"
    found = drafted({"dialogue": said, "sex": "F"}, "soap/behavioural-health")
    assert {p.section for p in found} == {"substance_use"}
