"""The fold's rules for the note: statements, suggestions, flags. Like all of the fold they never fail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from live_scribe.core import events as e
from live_scribe.core.draft import DraftRefused
from live_scribe.core.note import MACHINE, Flag, Owner, Statement, Suggestion, SuggestionState
from live_scribe.core.visit import Visit, number


def _put(visit: Visit, statement: Statement) -> Visit:
    """Return the visit with this version of the statement; the one before goes to its history."""
    before = visit.statements.get(statement.id)
    history = visit.history
    if before is not None and before.version != statement.version:
        history = {**history, before.id: (*history.get(before.id, ()), before)}
    statements = {**visit.statements, statement.id: statement}
    counters = replace(visit.counters, statement=max(visit.counters.statement, number(statement.id) + 1))
    return replace(visit, statements=statements, history=history, counters=counters)


def _by_a_person(visit: Visit, statement: Statement) -> Visit:
    """Put a version that a person made: it is theirs, and open suggestions for what stood before are stale."""
    stale = {
        k: replace(s, state=SuggestionState.STALE)
        for k, s in visit.suggestions.items()
        if s.statement == statement.id and s.state is SuggestionState.OPEN
    }
    visit = replace(visit, suggestions={**visit.suggestions, **stale}) if stale else visit
    return _put(visit, replace(statement, owner=Owner.HUMAN))


def _proposed(visit: Visit, fact: e.StatementProposed, by: str, at: str) -> Visit:
    statement = Statement(
        id=fact.statement,
        section=fact.section,
        text=fact.text,
        author=MACHINE,
        assertion=fact.assertion,
        confidence=fact.confidence,
        order=fact.order,
        problem=fact.problem,
        item=fact.item,
        evidence=fact.evidence,
        key=fact.key,
        writer=fact.writer,
        covers=fact.covers,
    )
    return _put(visit, statement)


def _revised(visit: Visit, fact: e.StatementRevised, by: str, at: str) -> Visit:
    before = visit.statements.get(fact.statement)
    if before is None:
        return visit
    statement = replace(
        before,
        version=fact.version,
        section=fact.section,
        text=fact.text,
        assertion=fact.assertion,
        confidence=fact.confidence,
        problem=fact.problem,
        item=fact.item,
        evidence=fact.evidence,
        flags=(),
        writer=fact.writer,
        covers=fact.covers,
        deleted=False,
    )
    return _put(visit, statement)


def _withdrawn(visit: Visit, fact: e.StatementWithdrawn, by: str, at: str) -> Visit:
    before = visit.statements.get(fact.statement)
    return visit if before is None else _put(visit, replace(before, version=fact.version, deleted=True))


def _refused(visit: Visit, fact: DraftRefused, by: str, at: str) -> Visit:
    counters = replace(visit.counters, refusal=max(visit.counters.refusal, number(fact.refusal) + 1))
    return replace(visit, refused={**visit.refused, fact.refusal: fact}, counters=counters)


def _edited(visit: Visit, fact: e.StatementEdited, by: str, at: str) -> Visit:
    before = visit.statements.get(fact.statement)
    if before is None:
        return visit
    rewritten = fact.text != before.text
    statement = replace(
        before,
        version=fact.version,
        text=fact.text,
        assertion=fact.assertion,
        author=by if rewritten else before.author,
        flags=still_there(before, fact.text),
        # The item was read off the machine's text and may no longer be what the text says.
        item=None if rewritten else before.item,
        writer=None if rewritten else before.writer,
        evidence=before.evidence if fact.evidence is None else fact.evidence,
        deleted=False,
    )
    return _by_a_person(visit, statement)


def still_there(before: Statement, text: str) -> tuple[Flag, ...]:
    """Return the flags whose flagged words the new text still has, where they now stand.

    Who rewrites the doubtful words answers for them; who mends a comma beside them has not looked at them.
    """
    kept = []
    for flag in before.flags:
        words = before.text[flag.start : flag.end]
        places = [m.start() for m in re.finditer(re.escape(words), text)] if words else []
        if places:
            start = min(places, key=lambda place: abs(place - flag.start))
            kept.append(replace(flag, start=start, end=start + len(words)))
    return tuple(kept)


def _added(visit: Visit, fact: e.StatementAdded, by: str, at: str) -> Visit:
    statement = Statement(
        id=fact.statement,
        section=fact.section,
        text=fact.text,
        author=by,
        owner=Owner.HUMAN,
        assertion=fact.assertion,
        order=fact.order,
        problem=fact.problem,
        evidence=fact.evidence,
    )
    return _put(visit, statement)


def _moved(visit: Visit, fact: e.StatementMoved, by: str, at: str) -> Visit:
    before = visit.statements.get(fact.statement)
    if before is None:
        return visit
    return _by_a_person(visit, replace(before, version=fact.version, section=fact.section, order=fact.order))


def _deleted(visit: Visit, fact: e.StatementDeleted, by: str, at: str) -> Visit:
    before = visit.statements.get(fact.statement)
    return visit if before is None else _by_a_person(visit, replace(before, version=fact.version, deleted=True))


def _restored(visit: Visit, fact: e.StatementRestored, by: str, at: str) -> Visit:
    now = visit.statements.get(fact.statement)
    versions = (*visit.history.get(fact.statement, ()), *((now,) if now else ()))
    old = next((s for s in versions if s.version == fact.restored), None)
    return visit if old is None else _by_a_person(visit, replace(old, version=fact.version, deleted=False))


def _suggested(visit: Visit, fact: e.SuggestionMade, by: str, at: str) -> Visit:
    suggestion = Suggestion(
        id=fact.suggestion,
        statement=fact.statement,
        base_version=fact.base_version,
        op=fact.op,
        section=fact.section,
        text=fact.text,
        evidence=fact.evidence,
        doubts=fact.doubts,
    )
    counters = replace(visit.counters, suggestion=max(visit.counters.suggestion, number(suggestion.id) + 1))
    return replace(visit, suggestions={**visit.suggestions, suggestion.id: suggestion}, counters=counters)


def _settled(state: SuggestionState) -> Callable[[Visit, Any, str, str], Visit]:
    def rule(visit: Visit, fact: Any, by: str, at: str) -> Visit:
        suggestion = visit.suggestions.get(fact.suggestion)
        if suggestion is None:
            return visit
        return replace(visit, suggestions={**visit.suggestions, suggestion.id: replace(suggestion, state=state)})

    return rule


def _flag_raised(visit: Visit, fact: e.FlagRaised, by: str, at: str) -> Visit:
    visit = replace(visit, counters=replace(visit.counters, flag=max(visit.counters.flag, number(fact.flag) + 1)))
    statement = visit.statements.get(fact.statement)
    if statement is None:
        return visit
    told = {"kind": fact.kind, "why": fact.why, "other": fact.other}
    flag = Flag(id=fact.flag, code=fact.code, start=fact.start, end=fact.end, **told)
    return _put(visit, replace(statement, flags=(*statement.flags, flag)))


def _flag_confirmed(visit: Visit, fact: e.FlagConfirmed, by: str, at: str) -> Visit:
    statement = visit.statements.get(fact.statement)
    if statement is None:
        return visit
    flags = tuple(replace(f, confirmed_by=by) if f.id == fact.flag else f for f in statement.flags)
    return _put(visit, replace(statement, flags=flags))


def _flag_withdrawn(visit: Visit, fact: e.FlagWithdrawn, by: str, at: str) -> Visit:
    statement = visit.statements.get(fact.statement)
    if statement is None:
        return visit
    return _put(visit, replace(statement, flags=tuple(f for f in statement.flags if f.id != fact.flag)))


def _omission_dismissed(visit: Visit, fact: e.OmissionDismissed, by: str, at: str) -> Visit:
    return replace(visit, dismissed={**visit.dismissed, fact.fact: fact.utterance})


def _omission_restored(visit: Visit, fact: e.OmissionRestored, by: str, at: str) -> Visit:
    return replace(visit, dismissed={k: u for k, u in visit.dismissed.items() if k != fact.fact})


NOTE_RULES: dict[type, Callable[[Visit, Any, str, str], Visit]] = {
    e.StatementProposed: _proposed,
    e.StatementRevised: _revised,
    e.StatementWithdrawn: _withdrawn,
    DraftRefused: _refused,
    e.StatementEdited: _edited,
    e.StatementAdded: _added,
    e.StatementMoved: _moved,
    e.StatementDeleted: _deleted,
    e.StatementRestored: _restored,
    e.SuggestionMade: _suggested,
    e.SuggestionAccepted: _settled(SuggestionState.ACCEPTED),
    e.SuggestionDismissed: _settled(SuggestionState.DISMISSED),
    e.FlagRaised: _flag_raised,
    e.FlagConfirmed: _flag_confirmed,
    e.FlagWithdrawn: _flag_withdrawn,
    e.OmissionDismissed: _omission_dismissed,
    e.OmissionRestored: _omission_restored,
}
