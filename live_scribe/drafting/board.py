"""What stands in the draft: of drafts that say the same, the first; the others wait in case it goes."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass

from live_scribe.core.draft import DraftChange, Proposal, Withdrawal


@dataclass(frozen=True, slots=True)
class Fact:
    """A proposal, and what it says in a form by which repetitions are known."""

    name: str
    proposal: Proposal


class Board:
    """Keeps the facts of each utterance (by its number) and tells what changes for the reader of the note."""

    def __init__(self) -> None:
        self._facts: dict[int, list[Fact]] = {}
        self._claims: dict[str, list[tuple[int, int]]] = {}
        self._shown: dict[str, Proposal] = {}

    def replace(self, at: int, facts: list[Fact]) -> list[DraftChange]:
        """Put `facts` in the place of those that utterance number `at` had, and return what changes."""
        old = self._facts.pop(at, [])
        for fact in old:
            self._claims[fact.name] = [c for c in self._claims[fact.name] if c[0] != at]
        if facts:
            self._facts[at] = facts
        for n, fact in enumerate(facts):
            insort(self._claims.setdefault(fact.name, []), (at, n))
        touched = dict.fromkeys(f.name for f in (*old, *facts))
        return self._settle([f.proposal.key for f in old], list(touched))

    def _settle(self, keys: list[str], names: list[str]) -> list[DraftChange]:
        """Bring what is shown in line with the claims of `names`; `keys` may have lost theirs."""
        wanted: dict[str, Proposal] = {}
        rivals: set[str] = set(keys)
        for name in names:
            claims = self._claims.get(name, [])
            for rank, (at, n) in enumerate(claims):
                shown = self._facts[at][n].proposal
                rivals.add(shown.key)
                if rank == 0:
                    wanted[shown.key] = shown
            if not claims:
                self._claims.pop(name, None)
        gone: list[DraftChange] = [Withdrawal(key=k) for k in sorted(rivals - wanted.keys()) if k in self._shown]
        for change in gone:
            del self._shown[change.key]
        new = [p for k, p in wanted.items() if self._shown.get(k) != p]
        self._shown.update({p.key: p for p in new})
        return [*gone, *new]

    def renumber(self, numbers: dict[int, int]) -> None:
        """Give utterances new numbers, in the same order; those that are not among them must have no facts."""
        self._facts = {numbers[at]: facts for at, facts in self._facts.items()}
        self._claims = {name: [(numbers[at], n) for at, n in claims] for name, claims in self._claims.items() if claims}
