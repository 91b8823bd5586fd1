"""The visit as others see it: JSON objects of docs/protocol.md, and their commands as ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from live_scribe.core import commands as c
from live_scribe.core.codec import by_name, decode, encode, is_text, type_name
from live_scribe.core.completeness import Completeness, CompletenessWatch
from live_scribe.core.events import AudioGap
from live_scribe.core.log import Entry, Struck, VisitSummary
from live_scribe.core.note import Evidence, Statement, Suggestion, SuggestionState
from live_scribe.core.notices import TEXTS, Notice, NoticesWatch
from live_scribe.core.omissions import Omission
from live_scribe.core.readings import Reading, weightiest_first
from live_scribe.core.visit import Visit
from live_scribe.core.words import Utterance
from live_scribe.errors import CommandRefused

Json = dict[str, Any]

TRANSCRIPT_VERSION = 1


def utterance_json(said: Utterance) -> Json:
    """Return an utterance with its words."""
    return {
        "id": said.id,
        "speaker": said.speaker,
        "role": encode(said.role),
        "language": said.language,
        "start": said.start,
        "end": said.end,
        "text": said.text,
        "words": [encode(w) for w in said.words],
    }


def transcript_json(visit: Visit, duration: float | None = None) -> Json:
    """Return the whole transcript as `transcribe --format json` prints it."""
    return {
        "version": TRANSCRIPT_VERSION,
        "language": visit.language,
        "duration": round(visit.clock if duration is None else duration, 3),
        "utterances": [utterance_json(u) for u in visit.utterances.values()],
    }


def statement_json(statement: Statement) -> Json:
    """Return a statement as it stands in the note."""
    order = int(statement.order) if float(statement.order).is_integer() else statement.order
    return {
        "id": statement.id,
        "section": statement.section,
        "text": statement.text,
        "author": statement.author,
        "version": statement.version,
        "assertion": str(statement.assertion),
        "confidence": statement.confidence,
        "owner": str(statement.owner),
        "order": order,
        "problem": statement.problem,
        "item": statement.item,
        "evidence": [_evidence_json(e) for e in statement.evidence],
        "flags": [encode(f) for f in statement.flags],
        "deleted": statement.deleted,
        # Only where there is one: what was signed before keeps its hash.
        **({"writer": statement.writer} if statement.writer else {}),
    }


def unconfirmed_json(visit: Visit) -> list[Json]:
    """Return what keeps the note from being signed: each flag, with the words it is about."""
    found = []
    for statement, flag_id in visit.unconfirmed():
        flag = next(f for f in statement.flags if f.id == flag_id)
        words = statement.text[flag.start : flag.end]
        told = {"code": flag.code, "kind": flag.kind, "why": flag.why, "text": words}
        found.append({"statement": statement.id, "flag": flag.id, **told})
    return found


def _evidence_json(evidence: Evidence) -> Json:
    return {
        "utterance": evidence.utterance,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "words": list(evidence.words),
    }


def note_json(
    visit: Visit,
    omitted: Sequence[Omission] = (),
    complete: Completeness | None = None,
    notices: Sequence[Notice] | None = None,
) -> Json:
    """Return the note: sections in the template's order, those with nothing said left out.

    `omitted` is what was heard and stands nowhere in it; `complete` and `notices`, where they are not known yet, are
    found here.
    """
    odd = NoticesWatch().read(visit) if notices is None else notices
    return {
        **_note_json(visit),
        **lacks_json(omitted, complete or CompletenessWatch().read(visit), odd),
        "content_hash": content_hash(visit),
    }


def lacks_json(omitted: Sequence[Omission], complete: Completeness, notices: Sequence[Notice]) -> Json:
    """Return what the note lacks: facts that were heard and stand nowhere in it, how complete it is, what was odd."""
    return {
        "notices": [notice_json(n) for n in notices],
        "omitted": [encode(o) for o in omitted],
        "completeness": {
            "score": complete.score,
            "required": complete.required,
            "noted": complete.noted,
            "topics": [encode(t) for t in complete.topics],
        },
    }


def notice_json(notice: Notice) -> Json:
    """Return what is odd about a talk, with the words that a reader is told."""
    return {"code": str(notice.code), "text": TEXTS[notice.code], "utterances": list(notice.utterances)}


def _note_json(visit: Visit) -> Json:
    sections = []
    for section in visit.sections:
        standing = visit.in_section(section.id)
        if standing:
            statements = [statement_json(s) for s in standing]
            sections.append(
                {"id": section.id, "part": str(section.part), "title": section.title, "statements": statements}
            )
    return {
        "template": visit.template,
        "visit": visit.id,
        "state": _note_state(visit),
        "sections": sections,
        "suggestions": [encode(s) for s in visit.suggestions.values() if s.state == "open"],
        "missing": visit.missing(),
        "codes": [],
        "refused": [encode(r) for r in visit.refused.values()],
        "signature": encode(visit.signature),
        "addenda": [encode(a) for a in visit.addenda],
    }


def _note_state(visit: Visit) -> str:
    return "draft" if visit.signature is None else str(visit.state)


def content_hash(visit: Visit) -> str:
    """Return the SHA-256, in hex, of what a signature stands for: the note's sections in canonical JSON."""
    signed = {"visit": visit.id, "template": visit.template, "sections": _note_json(visit)["sections"]}
    canonical = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def visit_json(visit: Visit) -> Json:
    """Return the visit itself: who, when, where it stands."""
    return {
        "id": visit.id,
        "state": str(visit.state),
        "template": visit.template,
        "sections": [encode(s) for s in visit.sections],
        "language": visit.language,
        "detected": encode(visit.detected),
        "channels": visit.channels,
        "sample": visit.sample,
        "created_at": visit.created_at,
        "created_by": visit.created_by,
        "consent": encode(visit.consent),
        "participants": list(visit.participants),
        "patient": dict(visit.patient),
        "clock": round(visit.clock, 3),
        "comment": visit.comment,
        "signature": encode(visit.signature),
        "gaps": [_gap_json(g) for g in visit.gaps],
        "struck": [{"start": a, "end": b} for a, b in visit.struck],
        "moments": list(visit.moments),
        "seq": visit.seq,
    }


def _gap_json(gap: AudioGap) -> Json:
    return {"start": gap.start, "end": gap.end, "reason": gap.reason}


def snapshot_json(visit: Visit, note: Json | None = None) -> Json:
    """Return all of a visit as it stands at `seq`: what a live screen starts from. `note`: where it is made already."""
    return {
        "type": "snapshot",
        "seq": visit.seq,
        "visit": visit_json(visit),
        "transcript": [utterance_json(u) for u in visit.utterances.values()],
        "open_words": [encode(w) for w in visit.open_words],
        "readings": [
            encode(r) for r in weightiest_first(r for r in visit.readings.values() if r.state is SuggestionState.OPEN)
        ],
        "note": note_json(visit) if note is None else note,
        "speakers": {k: {"role": str(s.role), "confidence": s.confidence} for k, s in visit.speakers.items()},
    }


def entry_json(entry: Entry) -> Json:
    """Return a fact as the live socket sends it. A struck one keeps its number and its name alone."""
    head = {"seq": entry.seq, "at": entry.at, "by": entry.by, "clock": round(entry.clock, 3)}
    if isinstance(entry.fact, Struck):
        return {**head, "type": entry.fact.type, "struck_out": True}
    return {**encode(entry.fact), **head, "type": type_name(type(entry.fact))}


def summary(visit: Visit) -> VisitSummary:
    """Return the visit's line of the worklist."""
    return VisitSummary(
        visit=visit.id,
        state=visit.state,
        created_at=visit.created_at,
        created_by=visit.created_by,
        template=visit.template,
        patient=dict(visit.patient),
        participants=visit.participants,
        seq=visit.seq,
    )


def decode_command(message: Json) -> c.Command:
    """Return the desk command that a live message asks for.

    Raises CommandRefused("invalid"), naming the field and never its value.
    """
    kind = by_name(c.DeskCommand).get(str(message.get("type")))
    if kind is None:
        raise CommandRefused("invalid", "type: no such command")
    fields = {k: v for k, v in message.items() if k not in ("id", "type")}
    if not is_text(json.dumps(fields, ensure_ascii=False)):
        raise CommandRefused("invalid", "text: half a character, which no screen could show")
    try:
        command: c.Command = decode(kind, fields, strict=True)
    except ValueError as exc:
        raise CommandRefused("invalid", str(exc)) from None
    return command


def current_json(visit: Visit, subject: str | None) -> Json | None:
    """Return the object that a refused command was about, as it stands; null where there is none."""
    if subject is None:
        return None
    if subject in visit.statements:
        return statement_json(visit.statements[subject])
    if subject in visit.utterances:
        return utterance_json(visit.utterances[subject])
    offered: Suggestion | Reading | None = visit.suggestions.get(subject) or visit.readings.get(subject)
    current: Json | None = encode(offered)
    return current
