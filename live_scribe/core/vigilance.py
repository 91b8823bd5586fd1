"""What the visit's only door looks at beside the rules: is a draft borne out, and does what stands still agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.borne_out import cited, not_borne_out
from live_scribe.core.contradictions import contradictions
from live_scribe.core.decide_draft import raised
from live_scribe.core.draft import Proposal
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.note import CRITICAL_TOKEN, IMPLAUSIBLE, MACHINE, Doubt, Statement
from live_scribe.core.plausible import is_implausible
from live_scribe.core.visit import Visit
from live_scribe.core.words import Utterance

_STATEMENT_FACTS = (
    e.StatementProposed,
    e.StatementRevised,
    e.StatementWithdrawn,
    e.StatementEdited,
    e.StatementAdded,
    e.StatementMoved,
    e.StatementDeleted,
    e.StatementRestored,
)


def doubted(proposal: Proposal, utterances: Mapping[str, Utterance], lexicon: Lexicon) -> Proposal:
    """Return the proposal with a doubt for each critical term that was not said, or not surely. Twice is as once."""
    ours = list(_doubts(proposal, utterances, lexicon))
    if is_implausible(proposal.item):
        ours.append(Doubt(code=IMPLAUSIBLE, start=0, end=len(proposal.text.rstrip(".")), kind="vital"))
    theirs = [d for d in proposal.doubts if not any(d.start < o.end and o.start < d.end for o in ours)]
    return replace(proposal, doubts=tuple(sorted((*ours, *theirs), key=lambda d: (d.start, d.end))))


def _doubts(said: Proposal | Statement, utterances: Mapping[str, Utterance], lexicon: Lexicon) -> Iterator[Doubt]:
    evidence = cited(said.evidence, utterances)
    for found in not_borne_out(said.text, evidence, lexicon, item=said.item):
        yield Doubt(code=CRITICAL_TOKEN, start=found.start, end=found.end, kind=found.kind, why=found.why)


@dataclass(frozen=True, slots=True)
class Vigilance:
    """Checks by `lexicon` what comes in by the door, whichever writer sent it."""

    lexicon: Lexicon

    def over(self, command: c.Command, visit: Visit) -> c.Command:
        """Return the command, a draft with its doubts."""
        if not isinstance(command, c.Draft):
            return command
        changes = (
            doubted(change, visit.utterances, self.lexicon) if isinstance(change, Proposal) else change
            for change in command.changes
        )
        return replace(command, changes=tuple(changes))

    def flags(self, visit: Visit, facts: tuple[e.Fact, ...]) -> tuple[e.Fact, ...]:
        """Return the flags to raise and withdraw now that these facts have led to `visit`."""
        corrected = {f.utterance for f in facts if isinstance(f, e.WordsCorrected)}
        if corrected:
            return tuple(self._anew(visit, corrected))
        return contradictions(visit, {f.statement for f in facts if isinstance(f, _STATEMENT_FACTS)}, self.lexicon)

    def _anew(self, visit: Visit, corrected: set[str]) -> Iterator[e.Fact]:
        """Doubt what of the machine's own text the corrected words bear out no more, though its writer keeps silent."""
        first = visit.counters.flag
        for statement in visit.statements.values():
            if statement.deleted or statement.author != MACHINE:
                continue
            if corrected.isdisjoint(part.utterance for part in statement.evidence):
                continue
            told = {(f.code, f.start, f.end) for f in statement.flags}
            new = [
                d for d in _doubts(statement, visit.utterances, self.lexicon) if (d.code, d.start, d.end) not in told
            ]
            yield from raised(replace(visit, counters=replace(visit.counters, flag=first)), statement.id, new)
            first += len(new)
