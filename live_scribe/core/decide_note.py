"""What people may do to the statements of a note, and what each of it becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.decide_draft import raised
from live_scribe.core.fold_note import still_there
from live_scribe.core.note import Evidence, Owner, Statement, Suggestion, SuggestionState
from live_scribe.core.visit import Visit
from live_scribe.errors import CommandRefused

Facts = tuple[e.Fact, ...]

MOST_FACT = 500
"""Characters of a heard fact's name: an utterance's worth."""


def _statement(visit: Visit, statement_id: str, base_version: int | None) -> Statement:
    """Return the statement. Refuses one that is not there, or that a person changed since `base_version`.

    A version that only the machine has moved on is no conflict: the person's word goes over the machine's.
    """
    statement = visit.statements.get(statement_id)
    if statement is None:
        raise CommandRefused("unknown-id", "there is no such statement")
    if base_version is None or base_version == statement.version:
        return statement
    if base_version > statement.version or base_version < 1:
        raise CommandRefused("invalid", "base_version: the statement has no such version", statement.id)
    if statement.owner is Owner.HUMAN:
        raise CommandRefused("stale", "somebody else changed this statement meanwhile", statement.id)
    return statement


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise CommandRefused("invalid", "text: a statement needs words; to take it out, delete it")
    return text


def _section(visit: Visit, section: str) -> str:
    if visit.section(section) is None:
        raise CommandRefused("invalid", "section: the template has no such section")
    return section


def _order(visit: Visit, section: str, after: str | None, *, at_end: bool, moving: str | None = None) -> float:
    """Return an order behind statement `after`; with none, at the end or at the beginning of the section."""
    others = [s for s in visit.in_section(section) if s.id != moving]
    if after is None:
        if at_end:
            return others[-1].order + 1 if others else 1.0
        return others[0].order - 1 if others else 1.0
    place = next((i for i, s in enumerate(others) if s.id == after), None)
    if place is None:
        raise CommandRefused("unknown-id", "after: no such statement stands in this section")
    before = others[place].order
    behind = next((s.order for s in others[place + 1 :] if s.order > before), before + 2)
    return (before + behind) / 2


def _edit(visit: Visit, command: c.EditStatement) -> Facts:
    before = _statement(visit, command.statement, command.base_version)
    return (_edited(before, text=_text(command.text)),)


def _edited(before: Statement, *, text: str, evidence: tuple[Evidence, ...] | None = None) -> e.StatementEdited:
    return e.StatementEdited(
        statement=before.id,
        version=before.version + 1,
        text=text,
        assertion=before.assertion,
        evidence=evidence,
    )


def _add(visit: Visit, command: c.AddStatement) -> Facts:
    section = _section(visit, command.section)
    added = e.StatementAdded(
        statement=f"s{visit.counters.statement}",
        section=section,
        text=_text(command.text),
        order=_order(visit, section, command.after, at_end=True),
        problem=command.problem,
        assertion=command.assertion,
        evidence=_cited(visit, command),
    )
    return (added,)


def _cited(visit: Visit, command: c.AddStatement) -> tuple[Evidence, ...]:
    """Return what a person's statement rests on: the quote is the visit's own words, whatever was sent."""
    cited = set(command.words)
    if command.utterance is not None:
        if command.utterance not in visit.utterances:
            raise CommandRefused("unknown-id", "there is no such utterance")
        cited = cited or {w.id for w in visit.utterances[command.utterance].words}
    found: list[Evidence] = []
    for said in visit.utterances.values() if cited else ():
        words = [w for w in said.words if w.id in cited]
        cited -= {w.id for w in words}
        if words:
            quote, ids = " ".join(w.text for w in words), tuple(w.id for w in words)
            found.append(Evidence(utterance=said.id, quote=quote, start=words[0].start, end=words[-1].end, words=ids))
    if cited:
        raise CommandRefused("unknown-id", "words: not all of them are there")
    return tuple(found)


def _move(visit: Visit, command: c.MoveStatement) -> Facts:
    before = _statement(visit, command.statement, command.base_version)
    section = _section(visit, command.section)
    order = _order(visit, section, command.after, at_end=False, moving=before.id)
    return (e.StatementMoved(statement=before.id, version=before.version + 1, section=section, order=order),)


def _delete(visit: Visit, command: c.DeleteStatement) -> Facts:
    before = _statement(visit, command.statement, command.base_version)
    if before.deleted:
        raise CommandRefused("stale", "the statement has been taken out already", before.id)
    return (e.StatementDeleted(statement=before.id, version=before.version + 1),)


def _restore(visit: Visit, command: c.RestoreStatement) -> Facts:
    now = _statement(visit, command.statement, command.base_version)
    if command.version not in {s.version for s in (*visit.history.get(now.id, ()), now)}:
        raise CommandRefused("invalid", "version: the statement has no such version", now.id)
    return (e.StatementRestored(statement=now.id, version=now.version + 1, restored=command.version),)


def _split(visit: Visit, command: c.SplitStatement) -> Facts:
    before = _statement(visit, command.statement, command.base_version)
    if not 0 < command.at < len(before.text):
        raise CommandRefused("invalid", "at: not inside the statement's text", before.id)
    rest = e.StatementAdded(
        statement=f"s{visit.counters.statement}",
        section=before.section,
        text=_text(before.text[command.at :]),
        order=_order(visit, before.section, before.id, at_end=True),
        problem=before.problem,
        assertion=before.assertion,
        evidence=before.evidence,
    )
    return (_edited(before, text=_text(before.text[: command.at])), rest)


def _merge(visit: Visit, command: c.MergeStatements) -> Facts:
    if len(command.statements) < 2 or len(set(command.statements)) != len(command.statements):
        raise CommandRefused("invalid", "statements: at least two different ones are needed")
    first = _statement(visit, command.statements[0], command.base_version)
    rest = [_statement(visit, s, None) for s in command.statements[1:]]
    if any(s.deleted for s in (first, *rest)):
        raise CommandRefused("invalid", "statements: one of them has been taken out")
    evidence = tuple(dict.fromkeys(ev for s in (first, *rest) for ev in s.evidence))
    merged = _edited(first, text=" ".join(s.text for s in (first, *rest)), evidence=evidence)
    return (merged, *(e.StatementDeleted(statement=s.id, version=s.version + 1) for s in rest))


def _set_assertion(visit: Visit, command: c.SetAssertion) -> Facts:
    before = _statement(visit, command.statement, command.base_version)
    return (
        e.StatementEdited(
            statement=before.id, version=before.version + 1, text=before.text, assertion=command.assertion
        ),
    )


def _suggestion(visit: Visit, suggestion_id: str) -> Suggestion:
    suggestion = visit.suggestions.get(suggestion_id)
    if suggestion is None:
        raise CommandRefused("unknown-id", "there is no such suggestion")
    if suggestion.state is not SuggestionState.OPEN:
        raise CommandRefused("stale", f"the suggestion is {suggestion.state}", suggestion.id)
    return suggestion


def _accept(visit: Visit, command: c.AcceptSuggestion) -> Facts:
    suggestion = _suggestion(visit, command.suggestion)
    accepted = e.SuggestionAccepted(suggestion=suggestion.id)
    if suggestion.op == "add" or suggestion.statement is None:
        added = e.StatementAdded(
            statement=f"s{visit.counters.statement}",
            section=suggestion.section,
            text=suggestion.text,
            order=_order(visit, suggestion.section, None, at_end=True),
            evidence=suggestion.evidence,
        )
        return (accepted, added, *raised(visit, added.statement, suggestion.doubts))
    before = _statement(visit, suggestion.statement, suggestion.base_version)
    if suggestion.op == "delete":
        return (accepted, e.StatementDeleted(statement=before.id, version=before.version + 1))
    edited = _edited(before, text=suggestion.text, evidence=suggestion.evidence)
    kept = {(f.start, f.end) for f in still_there(before, suggestion.text)}
    new = [d for d in suggestion.doubts if (d.start, d.end) not in kept]
    return (accepted, edited, *raised(visit, before.id, new))


def _dismiss(visit: Visit, command: c.DismissSuggestion) -> Facts:
    return (e.SuggestionDismissed(suggestion=_suggestion(visit, command.suggestion).id),)


def _confirm(visit: Visit, command: c.ConfirmFlag) -> Facts:
    statement = _statement(visit, command.statement, command.base_version)
    flag = next((f for f in statement.flags if f.id == command.flag), None)
    if flag is None:
        raise CommandRefused("unknown-id", "the statement has no such flag", statement.id)
    return () if flag.confirmed_by else (e.FlagConfirmed(statement=statement.id, flag=flag.id),)


def _dismiss_omission(visit: Visit, command: c.DismissOmission) -> Facts:
    if command.utterance not in visit.utterances:
        raise CommandRefused("unknown-id", "there is no such utterance")
    if not 0 < len(command.fact) <= MOST_FACT:
        raise CommandRefused("invalid", "fact: as the note's `omitted` names it")
    known = command.fact in visit.dismissed
    return () if known else (e.OmissionDismissed(utterance=command.utterance, fact=command.fact),)


def _restore_omission(visit: Visit, command: c.RestoreOmission) -> Facts:
    utterance = visit.dismissed.get(command.fact)
    if utterance is None:
        raise CommandRefused("unknown-id", "no such fact has been dismissed")
    return (e.OmissionRestored(utterance=utterance, fact=command.fact),)


NOTE_DECISIONS: dict[type, Callable[[Visit, Any], Facts]] = {
    c.EditStatement: _edit,
    c.AddStatement: _add,
    c.MoveStatement: _move,
    c.DeleteStatement: _delete,
    c.RestoreStatement: _restore,
    c.SplitStatement: _split,
    c.MergeStatements: _merge,
    c.SetAssertion: _set_assertion,
    c.AcceptSuggestion: _accept,
    c.DismissSuggestion: _dismiss,
    c.ConfirmFlag: _confirm,
    c.DismissOmission: _dismiss_omission,
    c.RestoreOmission: _restore_omission,
}
