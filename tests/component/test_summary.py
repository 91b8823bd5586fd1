"""The summary for the patient says what the note says, in plain words, and marks or leaves out what is not sure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from live_scribe import templates
from live_scribe.cli import app
from live_scribe.plain import plain_words, said_plainly
from live_scribe.summary import ASK, UNTIL_NOW, render_summary, summary_json

TEMPLATE = templates.load("soap")
PLAIN = plain_words(TEMPLATE)
PARTS = {s.id: str(s.part) for s in TEMPLATE.sections}


def statement(text: str, section: str, *, said: str = "", **more: Any) -> dict[str, Any]:
    evidence: list[dict[str, Any]] = [{"utterance": "u1", "start": None, "end": None, "quote": said, "words": []}]
    held: dict[str, Any] = {
        "id": f"s{abs(hash((text, section)))}",
        "section": section,
        "text": text,
        "item": None,
        "flags": [],
    }
    return {**held, "owner": "machine", "confidence": 0.9, "evidence": evidence, **more}


def note(*statements: dict[str, Any], state: str = "draft") -> dict[str, Any]:
    sections = [
        {"id": id_, "part": part, "title": id_, "statements": [s for s in statements if s["section"] == id_]}
        for id_, part in PARTS.items()
    ]
    return {"visit": "v1", "template": "soap/general", "state": state, "sections": sections}


def lines(*statements: dict[str, Any], roles: dict[str, str | None] | None = None) -> dict[str, list[str]]:
    told = summary_json(note(*statements), TEMPLATE, roles)
    return {s["id"]: [line["text"] for line in s["lines"]] for s in told["sections"]}


def test_clinical_terms_and_frequencies_are_said_in_plain_words() -> None:
    told = lines(
        statement("Hypertension.", "assessment"),
        statement(
            "Take metformin 500 mg BID.", "plan", item={"kind": "medication", "name": "metformin", "change": None}
        ),
    )
    assert told == {"decided": ["High blood pressure."], "medicines": ["Take metformin 500 mg twice a day."]}


@pytest.mark.parametrize(
    ("text", "said", "plain"),
    [
        ("If he gets a fever, call us.", "if you get a fever call us", "If you get a fever, call us."),
        ("He needs to rest his knee.", "you need to rest your knee", "You need to rest your knee."),
        (
            "As it made her feel flat, use sertraline.",
            "made you feel flat",
            "As it made you feel flat, use sertraline.",
        ),
        ("Her mother should call.", "your mother should call", "Your mother should call."),
        ("Keep them dry.", "keep them dry", "Keep them dry."),
        ("Refer her for physical therapy.", "refer you for physical therapy", "We will refer you to physical therapy."),
        ("Order an MRI of the knee.", "order an MRI", "We will order an MRI scan of the knee."),
        ("I think it is a URI.", "i think it is", "We think it is a cold."),
    ],
)
def test_an_order_is_said_to_the_patient_as_it_was_meant(text: str, said: str, plain: str) -> None:
    assert said_plainly(text, PLAIN, [said], to_patient=True, order=True) == plain


def test_where_a_companion_told_the_history_the_child_stays_he() -> None:
    told = lines(
        statement("He has had a cough.", "hpi"),
        statement("Bring him back if he gets worse.", "plan", said="bring him back if he gets worse"),
        roles={"u1": "companion"},
    )
    assert told == {"back": ["Bring him back if he gets worse."]} or told == {
        "todo": ["Bring him back if he gets worse."]
    }


def test_a_listed_medicine_that_the_plan_changes_is_not_told_as_what_to_take() -> None:
    told = lines(
        statement("Lisinopril 20 mg once daily.", "medications", item={"kind": "medication", "name": "lisinopril"}),
        statement("Metformin 500 mg twice daily.", "medications", item={"kind": "medication", "name": "metformin"}),
        statement("Stop the lisinopril.", "plan"),
        statement("Continue the metformin.", "plan"),
    )
    assert UNTIL_NOW + "lisinopril 20 mg once a day." in told["medicines"]
    assert "Metformin 500 mg twice a day." in told["medicines"]


def test_when_to_come_back_and_when_to_get_help_stand_by_themselves() -> None:
    told = lines(
        statement("Follow up in two weeks.", "plan"),
        statement("If the chest pain comes back, do not drive.", "plan"),
        statement("Call 911.", "plan"),
        statement("Walk every day.", "plan"),
    )
    assert told["back"] == ["Follow up in two weeks."] and told["todo"] == ["Walk every day."]
    assert told["urgent"] == ["If the chest pain comes back, do not drive.", "Call 911."]


def unconfirmed(text: str, word: str, by: str | None = None) -> list[dict[str, Any]]:
    start = text.index(word)
    return [{"id": "f1", "code": "critical-token", "start": start, "end": start + len(word), "confirmed_by": by}]


def test_a_dose_that_nobody_has_confirmed_is_asked_of_the_clinician_and_a_confirmed_one_is_told() -> None:
    text = "Start metoprolol 25 mg once daily."
    told = summary_json(note(statement(text, "plan", flags=unconfirmed(text, "25"))), TEMPLATE)
    (line,) = told["sections"][0]["lines"]
    assert line["unsure"] and ASK in line["text"] and "25" not in line["text"]
    assert lines(statement(text, "plan", flags=unconfirmed(text, "25", by="sam")))["medicines"][0].count("25") == 1


def test_words_that_lie_together_are_asked_for_once() -> None:
    text = "Lisinopril 10 mg by mouth once daily."
    flags = [f for word in ("Lisinopril", "10", "mg") for f in unconfirmed(text, word)]
    assert lines(statement(text, "medications", flags=flags))["medicines"] == [f"{ASK} by mouth once a day."]


def test_a_finding_that_is_not_sure_or_means_nothing_to_a_patient_is_left_out_and_counted() -> None:
    told = summary_json(
        note(
            statement("Lachman is negative.", "exam"),
            statement("Temperature 99.1.", "vitals", flags=unconfirmed("Temperature 99.1.", "99.1")),
            statement("Lungs are clear.", "exam"),
        ),
        TEMPLATE,
    )
    assert [line["text"] for s in told["sections"] for line in s["lines"]] == ["Lungs are clear."]
    assert sorted(left["why"] for left in told["left_out"]) == ["not sure", "words of the examination"]


def test_nothing_of_the_plan_is_left_out() -> None:
    texts = [f"Do thing number {n}." for n in range(5)] + ["Flexion exercises, for the valgus."]
    told = lines(*(statement(t, "plan") for t in texts))
    assert sum(map(len, told.values())) == len(texts)


@given(
    number=st.decimals(min_value="0.1", max_value=2000, places=1),
    unit=st.sampled_from(["mg", "mcg", "mL", "units", "%"]),
    often=st.sampled_from(["once daily", "BID", "TID", "at bedtime", "every 4 hours", "PRN", "twice daily"]),
    drug=st.sampled_from(["metoprolol", "levothyroxine", "insulin glargine", "warfarin"]),
    verb=st.sampled_from(["Start", "Stop", "Take", "Increase", "Do not take", "Continue"]),
)
@settings(max_examples=40)
def test_no_number_drug_or_denial_changes_on_its_way_into_plain_words(
    number: Any, unit: str, often: str, drug: str, verb: str
) -> None:
    text = f"{verb} {drug} {number} {unit} {often}."
    plain = said_plainly(text, PLAIN, ["take it"], to_patient=True, order=True)
    assert f"{drug} {number} {unit}" in plain and plain.startswith(verb)
    assert re.findall(r"\d[\d.]*", plain.rstrip(".")) == re.findall(r"\d[\d.]*", text.rstrip("."))


def test_each_line_names_the_statement_it_says_and_its_evidence() -> None:
    held = statement("Rest the knee.", "plan", said="rest the knee")
    (line,) = summary_json(note(held), TEMPLATE)["sections"][0]["lines"]
    assert line["statements"] == [held["id"]] and line["evidence"] == held["evidence"]


@pytest.mark.parametrize("form", ["markdown", "text", "html"])
def test_what_nobody_has_signed_says_draft_and_what_is_signed_by_whom(form: Any) -> None:
    held = statement("Rest the knee.", "plan")
    draft = render_summary(summary_json(note(held), TEMPLATE), TEMPLATE, form)
    assert "DRAFT" in draft and "Rest the knee." in draft
    signed = {"by": "Dr. Lee", "at": "2026-01-02T10:00:00Z"}
    told = render_summary(summary_json(note(held, state="signed"), TEMPLATE), TEMPLATE, form, signature=signed)
    assert "DRAFT" not in told and "Dr. Lee" in told


def test_a_visit_without_a_note_has_an_empty_summary() -> None:
    assert "nothing to sum up" in render_summary(summary_json(note(), TEMPLATE), TEMPLATE, "text")


def test_html_is_escaped_in_a_summary() -> None:
    text = render_summary(summary_json(note(statement("Rest <script>.", "plan")), TEMPLATE), TEMPLATE, "html")
    assert "<script>" not in text


def test_the_command_drafts_a_summary(tmp_path: Path) -> None:
    said = tmp_path / "said.txt"
    said.write_text(
        "[doctor] What brings you in today?\n[patient] My knee has been hurting for two weeks.\n"
        "[doctor] I think you have bursitis. Take ibuprofen, 400 milligrams, twice a day. Follow up in two weeks.\n"
    )
    told = CliRunner().invoke(app, ["draft", str(said), "--document", "summary", "--format", "text"]).stdout
    assert "DRAFT" in told and "WHEN TO COME BACK" in told and "400 mg" in told
