"""What the note writer's changes become: on its own statements facts, beside a person's statements suggestions."""

from __future__ import annotations

from collections.abc import Iterable

from live_scribe.core import events as e
from live_scribe.core.commands import Draft
from live_scribe.core.draft import DraftRefused, Proposal, Withdrawal
from live_scribe.core.fold_note import NOTE_RULES
from live_scribe.core.note import CONTRADICTION, MACHINE, Doubt, Evidence, Owner, Statement
from live_scribe.core.visit import Visit, number

Facts = tuple[e.Fact, ...]

MOST_REFUSED = 200
"""Refused sentences that a visit keeps: a model that makes up more than this is not to be read, but replaced."""

STEP = 1 / 1024
"""Between statements that rest on the same utterance; a power of two, so that sums stay exact."""


def decide_draft(visit: Visit, command: Draft) -> Facts:
    """Return the facts of all changes, each decided on the note as the ones before have left it."""
    facts: list[e.Fact] = []
    for change in command.changes:
        if isinstance(change, Proposal):
            made = _proposal(visit, change)
        else:
            made = _withdrawal(visit, change)
        for fact in made:
            visit = NOTE_RULES[type(fact)](visit, fact, MACHINE, "")
        facts += made
    return (*facts, *_refused(visit, command))


def _refused(visit: Visit, command: Draft) -> Facts:
    """Return what a person may look up later: each sentence once, and no more than anybody would read."""
    known = {(r.section, r.text) for r in visit.refused.values()}
    new = {(r.section, r.text): r for r in command.refused if (r.section, r.text) not in known}
    first = visit.counters.refusal
    return tuple(
        DraftRefused(
            refusal=f"x{first + i}",
            model=command.model,
            section=r.section,
            text=r.text,
            cites=r.cites,
            reasons=r.reasons,
        )
        for i, r in enumerate(list(new.values())[: max(0, MOST_REFUSED - len(visit.refused))])
    )


def _proposal(visit: Visit, proposal: Proposal) -> Facts:
    if visit.section(proposal.section) is None or not proposal.text.strip() or not proposal.evidence:
        return ()
    standing = visit.by_key(proposal.key)
    if standing is None:
        return _propose(visit, proposal)
    if standing.owner is Owner.HUMAN:
        return _suggest(visit, standing, proposal)
    return () if _same(standing, proposal) else _revise(visit, standing, proposal)


def _same(standing: Statement, proposal: Proposal) -> bool:
    ours = {(d.code, d.start, d.end) for d in proposal.doubts}
    flagged = {(f.code, f.start, f.end) for f in standing.flags if f.code != CONTRADICTION}
    return (
        not standing.deleted
        and ours == flagged
        and (
            (standing.section, standing.text, standing.assertion, standing.problem, standing.item, standing.evidence)
            == (proposal.section, proposal.text, proposal.assertion, proposal.problem, proposal.item, proposal.evidence)
        )
    )


def _propose(visit: Visit, proposal: Proposal) -> Facts:
    proposed = e.StatementProposed(
        statement=f"s{visit.counters.statement}",
        key=proposal.key,
        section=proposal.section,
        text=proposal.text,
        order=_order(visit, proposal),
        evidence=proposal.evidence,
        assertion=proposal.assertion,
        confidence=proposal.confidence,
        problem=proposal.problem,
        item=proposal.item,
        writer=proposal.writer,
        covers=proposal.covers,
    )
    return (proposed, *raised(visit, proposed.statement, proposal.doubts))


def _revise(visit: Visit, standing: Statement, proposal: Proposal) -> Facts:
    revised = e.StatementRevised(
        statement=standing.id,
        version=standing.version + 1,
        section=proposal.section,
        text=proposal.text,
        evidence=proposal.evidence,
        assertion=proposal.assertion,
        confidence=proposal.confidence,
        problem=proposal.problem,
        item=proposal.item,
        writer=proposal.writer,
        covers=proposal.covers,
    )
    return (revised, *raised(visit, standing.id, proposal.doubts))


def raised(visit: Visit, statement: str, doubts: Iterable[Doubt]) -> Facts:
    """Return the flags that doubts about a statement become."""
    first = visit.counters.flag
    return tuple(
        e.FlagRaised(
            statement=statement,
            flag=f"f{first + i}",
            code=d.code,
            start=d.start,
            end=d.end,
            kind=d.kind,
            why=d.why,
        )
        for i, d in enumerate(doubts)
    )


def _suggest(visit: Visit, standing: Statement, proposal: Proposal) -> Facts:
    """A person's statement is never changed: say beside it what the machine would say, once."""
    said = {standing.text, *(s.text for s in visit.history.get(standing.id, ()))}
    said |= {s.text for s in visit.suggestions.values() if s.statement == standing.id and s.op == "replace"}
    if not standing.deleted and standing.author == MACHINE and proposal.text == standing.text:
        # The words it rests on read differently now, and the text is still the machine's: new doubts are told.
        told = {(f.code, f.start, f.end) for f in standing.flags}
        return raised(visit, standing.id, (d for d in proposal.doubts if (d.code, d.start, d.end) not in told))
    if standing.deleted or proposal.text in said:
        return ()
    return (_suggestion(visit, standing, "replace", proposal.text, proposal.evidence, proposal.doubts),)


def _suggestion(
    visit: Visit,
    standing: Statement,
    op: str,
    text: str,
    evidence: tuple[Evidence, ...],
    doubts: tuple[Doubt, ...] = (),
) -> e.SuggestionMade:
    return e.SuggestionMade(
        suggestion=f"g{visit.counters.suggestion}",
        statement=standing.id,
        base_version=standing.version,
        op=op,
        section=standing.section,
        text=text,
        evidence=evidence,
        doubts=doubts,
    )


def _withdrawal(visit: Visit, withdrawal: Withdrawal) -> Facts:
    standing = visit.by_key(withdrawal.key)
    if standing is None or standing.deleted:
        return ()
    if standing.owner is Owner.MACHINE:
        return (e.StatementWithdrawn(statement=standing.id, version=standing.version + 1),)
    made_before = any(s.statement == standing.id and s.op == "delete" for s in visit.suggestions.values())
    return () if made_before else (_suggestion(visit, standing, "delete", standing.text, ()),)


def _order(visit: Visit, proposal: Proposal) -> float:
    """Return a place by the time it was said: late drafts of early words land among their neighbours."""
    order = float(number(proposal.evidence[0].utterance))
    taken = {s.order for s in visit.statements.values() if s.section == proposal.section}
    while order in taken:
        order += STEP
    return order
