"""A language model beside the built-in writer: what it is shown, what it says, and which of the two stands.

The built-in writer's proposals always stand at once. What the model says takes the place of those that it covers, as
long as they and the words it cites stay as they were; then the built-in writer's stand again. Pure: no clock, no wire.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from live_scribe.core.draft import DraftChange, Proposal, Refusal, Withdrawal
from live_scribe.core.note import Owner, Statement
from live_scribe.core.visit import Visit
from live_scribe.core.words import Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of the talk, in order, with what the built-in writer made of it.

    The first `context` utterances have been shown before. `drafted` are proposals that rest on these utterances alone.
    """

    utterances: tuple[Utterance, ...]
    context: int
    drafted: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What became of a model's answer: `proposals` may stand, `refused` may not."""

    proposals: tuple[Proposal, ...] = ()
    refused: tuple[Refusal, ...] = ()


class AdvisedDraft:
    """Keeps, for one visit, what both writers say, and tells what changes in the note."""

    def __init__(self, visit: Visit) -> None:
        """Begin with what stands in the visit's note, as after a restart."""
        self._base: dict[str, Proposal] = {}
        self._advised: dict[str, Proposal] = {}
        self._heard: dict[str, Mapping[str, Utterance | None]] = {}
        for standing in visit.statements.values():
            if standing.writer is not None and not standing.deleted and standing.owner is Owner.MACHINE:
                self._take_up(visit, standing)

    def _take_up(self, visit: Visit, standing: Statement) -> None:
        advised = _as_proposal(standing)
        base = [_last_of_rules(visit, key) for key in advised.covers]
        self._base.update({p.key: p for p in base if p is not None})
        self._put(advised, visit.utterances)

    def _put(self, proposal: Proposal, utterances: Mapping[str, Utterance]) -> None:
        self._advised[proposal.key] = proposal
        self._heard[proposal.key] = {ev.utterance: utterances.get(ev.utterance) for ev in proposal.evidence}

    def drafted(self, utterances: Iterable[str]) -> tuple[Proposal, ...]:
        """Return the built-in writer's proposals that rest on these utterances alone."""
        among = set(utterances)
        return tuple(p for p in self._base.values() if among.issuperset(ev.utterance for ev in p.evidence))

    def written(self, changes: Sequence[DraftChange]) -> tuple[DraftChange, ...]:
        """Return what changes in the note when these are the built-in writer's changes."""
        out: list[DraftChange] = []
        for change in changes:
            before = self._base.get(change.key)
            if isinstance(change, Proposal):
                self._base[change.key] = change
            else:
                self._base.pop(change.key, None)
            covering = next((a for a in self._advised.values() if change.key in a.covers), None)
            if covering is None:
                out.append(change)
            elif not isinstance(change, Proposal) or before is None or not _alike(before, change):
                out += self._drop(covering)
        return tuple(out)

    def outdated(self, touched: Iterable[str], utterances: Mapping[str, Utterance]) -> tuple[DraftChange, ...]:
        """Return what changes in the note now that some of these utterances may read otherwise."""
        among = set(touched)
        gone = [
            self._advised[key]
            for key, heard in self._heard.items()
            if any(utterances.get(u) != said for u, said in heard.items() if u in among)
        ]
        return tuple(change for advised in gone for change in self._drop(advised))

    def _drop(self, advised: Proposal) -> list[DraftChange]:
        del self._advised[advised.key], self._heard[advised.key]
        keys = advised.covers or (advised.key,)
        return [self._base.get(key) or Withdrawal(key=key) for key in keys]

    def advised(self, visit: Visit, proposals: Sequence[Proposal]) -> tuple[DraftChange, ...]:
        """Return what changes in the note with these proposals of a model; what a person has touched is left alone."""
        out: list[DraftChange] = []
        for proposal in proposals:
            taken = {key for a in self._advised.values() for key in (a.key, *a.covers)}
            keys = {proposal.key, *proposal.covers}
            owned = any((s := visit.by_key(key)) is not None and s.owner is Owner.HUMAN for key in keys)
            if owned or taken & keys or not self._base.keys() >= set(proposal.covers):
                continue
            self._put(proposal, visit.utterances)
            out += [proposal, *(Withdrawal(key=key) for key in proposal.covers if key != proposal.key)]
        return tuple(out)


def _alike(one: Proposal, other: Proposal) -> bool:
    """Whether two proposals say the same; what is unsure in them may differ."""
    return replace(one, confidence=0.0, doubts=()) == replace(other, confidence=0.0, doubts=())


def _as_proposal(statement: Statement) -> Proposal:
    return Proposal(
        key=statement.key or "",
        section=statement.section,
        text=statement.text,
        evidence=statement.evidence,
        assertion=statement.assertion,
        problem=statement.problem,
        item=statement.item,
        writer=statement.writer,
        covers=statement.covers,
    )


def _last_of_rules(visit: Visit, key: str) -> Proposal | None:
    """Return what the built-in writer last said under a key."""
    standing = visit.by_key(key)
    if standing is None:
        return None
    versions = (*visit.history.get(standing.id, ()), standing)
    return next((_as_proposal(s) for s in reversed(versions) if s.writer is None and s.author == "machine"), None)
