"""The summary of a visit for the patient: the note's own statements in plain words, each line with what it rests on.

Nothing stands in it that is not in the note. What is not yet sure is marked or left out, and a note that nobody has
signed gives a summary that says DRAFT.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from live_scribe.plain import PARTS, Plain, plain_words, said_plainly
from live_scribe.render import SIGNED_STATES, Format, print_file
from live_scribe.templates import SUMMARY_FILES, Template

Json = dict[str, Any]

ASK = "[ask your clinician]"
"""What stands for a word that was heard unsurely and that nobody has confirmed."""
UNTIL_NOW = "Until now: "
"""Before a medicine of the list that the plan changes: nobody should read it as what to take from now on."""
STRANGE = re.compile(
    r"\b(?:\w+(?:itis|osis|emia|uria|algia|pathy|ectomy|oscopy|plasty|rrhea|megaly)|lachman\w*|mcmurray\w*|valgus|varus|"
    r"flexion|extension|s[34]|gallop|rhonchi|rales|crackles|stridor|bruits?|murmurs?|rubs?|jvp|jvd|nodes?|pmi|laxity|"
    r"crepitus|antalgic|proximal|distal|anterior|posterior|abduction|adduction|monofilament|dorsiflexion|neurovascular\w*|"
    r"psychomotor|thought process|linear|affect|insight|carotids?|st changes|sinus rhythm|gad-7|phq-9)\b",
    re.IGNORECASE,
)
"""Words of an examination that mean nothing to most patients: such a finding is left out; the plan is left whole."""


def summary_json(note: Mapping[str, Any], template: Template, roles: Mapping[str, str | None] | None = None) -> Json:
    """Return the summary of a note (its JSON form). `roles`: who said each utterance, by its id.

    Where a companion spoke for the patient, a child, it speaks of the patient as the note does. Raises TemplateError.
    """
    plain = plain_words(template)
    writer = _Writer(plain, to_patient=not _is_of_child(note, roles or {}))
    parts: dict[str, list[Json]] = {part: [] for part in PARTS}
    for part, statement in writer.placed(note):
        if line := writer.line(part, statement):
            if line["text"] not in [other["text"] for other in parts[part]]:
                parts[part].append(line)
    return {
        "visit": note.get("visit"),
        "template": note.get("template"),
        "state": note.get("state"),
        "draft": note.get("state") not in SIGNED_STATES,
        "sections": [{"id": p, "title": plain.titles[p], "lines": parts[p]} for p in PARTS if parts[p]],
        "left_out": writer.left_out,
    }


def render_summary(
    summary: Mapping[str, Any],
    template: Template,
    form: Format,
    *,
    patient: Mapping[str, str | None] | None = None,
    signature: Mapping[str, str] | None = None,
) -> str:
    """Return a summary (its JSON form) as text in `form`. Raises TemplateError naming file and line."""
    context = summary_context(summary, patient or {}, signature)
    return print_file(template, SUMMARY_FILES[form], context, html=form == "html")


def summary_context(
    summary: Mapping[str, Any], patient: Mapping[str, str | None], signature: Mapping[str, str] | None
) -> Json:
    """Return what a summary's template file may use."""
    signed = not summary["draft"] and signature is not None
    return {
        "sections": summary["sections"],
        "left_out": summary["left_out"],
        "draft": not signed,
        "patient": {"name": patient.get("name")},
        "signature": dict(signature) if signed and signature else None,
    }


def summary_probe(template: Template) -> Iterator[Json]:
    """Yield contexts by which a summary's template files are tried: a full one, a signed one, an empty one."""
    line = {"text": "A line.", "statements": ["s1"], "evidence": [], "unsure": True}
    sections = [{"id": part, "title": part.title(), "lines": [line, {**line, "unsure": False}]} for part in PARTS]
    left = [{"statement": "s2", "why": "words"}]
    signed = {"by": "probe", "at": "2026-01-01T00:00:00Z"}
    yield summary_context({"sections": sections, "left_out": left, "draft": True}, {"name": "Probe"}, None)
    yield summary_context({"sections": sections, "left_out": [], "draft": False}, {"name": None}, signed)
    yield summary_context({"sections": [], "left_out": [], "draft": True}, {}, None)


def _is_of_child(note: Mapping[str, Any], roles: Mapping[str, str | None]) -> bool:
    """Whether a companion told the history: then the summary is read by them."""
    told = (
        str(roles.get(e["utterance"]))
        for section in note["sections"]
        if section["part"] == "subjective"
        for statement in section["statements"]
        for e in statement["evidence"]
    )
    count = Counter(told)
    return count["companion"] > count["patient"]


class _Writer:
    """Chooses the statements, says them plainly, and keeps count of what it leaves out."""

    def __init__(self, plain: Plain, *, to_patient: bool) -> None:
        self._plain = plain
        self._to_patient = to_patient
        self._planned: list[Json] = []
        self.left_out: list[Json] = []

    def placed(self, note: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
        """Yield the statements that the summary tells, each with its part."""
        rows = [s for section in note["sections"] for s in section["statements"]]
        plan = [s for s in rows if s["section"] in self._plain.sections.get("todo", ())]
        self._planned = plan
        urgent = self._urgent(plan)
        for statement in rows:
            for part, sections in self._plain.sections.items():
                if statement["section"] in sections:
                    yield self._part_of_plan(statement, urgent) if part == "todo" else part, statement

    def _urgent(self, plan: Sequence[Mapping[str, Any]]) -> set[str]:
        """Return the statements about when to get help at once, each with the "if" that was said before it."""
        found = {s["id"] for s in plan if self._plain.urgent.search(s["text"])}
        for earlier, later in pairwise(plan):
            same = {e["utterance"] for e in earlier["evidence"]} & {e["utterance"] for e in later["evidence"]}
            if later["id"] in found and same and _IF.match(earlier["text"]) and not _IF.search(later["text"]):
                found.add(earlier["id"])
        return found

    def _part_of_plan(self, statement: Mapping[str, Any], urgent: set[str]) -> str:
        text = statement["text"]
        if statement["id"] in urgent:
            return "urgent"
        if self._plain.back.search(text):
            return "back"
        medicine = (statement.get("item") or {}).get("kind") == "medication" or self._plain.medicine.search(text)
        return "medicines" if medicine else "todo"

    def _changed(self, listed: Mapping[str, Any]) -> bool:
        """Whether the plan speaks of a listed drug otherwise than to go on with it."""
        name = str((listed.get("item") or {}).get("name") or listed["text"].split(" ")[0]).lower().strip(".,")
        spoken = [s for s in self._planned if re.search(rf"\b{re.escape(name)}\b", s["text"].lower())]
        if any(_STOPS.match(s["text"]) or _change(s) == "stop" for s in spoken):
            return True
        changed = [s for s in spoken if self._plain.changes.search(s["text"]) or _ITEM_CHANGES & {_change(s)}]
        return bool(changed) and not any(self._plain.continues.search(s["text"]) for s in spoken)

    def _leave(self, statement: Mapping[str, Any], why: str) -> None:
        self.left_out.append({"statement": statement["id"], "why": why})

    def line(self, part: str, statement: Mapping[str, Any]) -> Json | None:
        """Return a statement as a line of the summary, or None where it is left out."""
        flags = [f for f in statement.get("flags", ()) if f.get("confirmed_by") is None]
        quotes = [e["quote"] for e in statement["evidence"]]
        planned = statement["section"] in self._plain.sections.get("todo", ())
        text = _masked(statement["text"], flags)
        plain = said_plainly(text, self._plain, quotes, to_patient=self._to_patient, order=planned)
        if part == "found" and (flags or STRANGE.search(plain)):
            self._leave(statement, "not sure" if flags else "words of the examination")
            return None
        if part == "medicines" and not planned and self._changed(statement):
            plain = UNTIL_NOW + plain[:1].lower() + plain[1:]
        return {
            "text": plain,
            "statements": [statement["id"]],
            "evidence": [dict(e) for e in statement["evidence"]],
            "unsure": bool(flags),
        }


_IF = re.compile(r"\bif\b", re.IGNORECASE)
_STOPS = re.compile(r"(?:\w+ ){0,3}stop\b", re.IGNORECASE)
_ITEM_CHANGES = frozenset({"start", "stop", "increase", "decrease", "change", "switch"})


def _change(statement: Mapping[str, Any]) -> str:
    return str((statement.get("item") or {}).get("change"))


def _masked(text: str, flags: Sequence[Mapping[str, Any]]) -> str:
    """Return the text with the words that nobody has confirmed taken out."""
    for flag in sorted(flags, key=lambda f: -int(f["start"])):
        text = text[: flag["start"]] + ASK + text[flag["end"] :]
    return re.sub(rf"{re.escape(ASK)}(?:,? {re.escape(ASK)})+", ASK, text)
