"""Rules that come of corrections: what speaks for each in stored visits, and what people decide.

Only visits that the asker may read are opened, and only their newest: their words stay in memory for the next question.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from live_scribe.core.learning import HeardWords, heard_words
from live_scribe.core.log import VisitSummary
from live_scribe.core.rules import Effect, Rule, RuleState, effect, judged, proposals, standing
from live_scribe.errors import NotFound, RuleError
from live_scribe.ports import EventStore
from live_scribe.wordbook import Wordbook

MOST_SCANNED = 100
"""Visits that are looked through for a rule's effect, the newest first: a week of a clinic, and seconds of work."""

MOST_KEPT = 200
"""Visits whose words stay in memory between two questions."""


DECIDED = frozenset({RuleState.APPROVED, RuleState.DECLINED})
"""States that a person has put a rule in. From one to the other leads undo, which judges the rule anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A rule as it stands for who asks; `effect` is null where they may not read visits."""

    id: str
    rule: Rule
    effect: Effect | None


class Rulebook:
    """The rules of a service."""

    def __init__(self, wordbook: Wordbook, visits: EventStore) -> None:
        self._wordbook = wordbook
        self._visits = visits
        self._read: OrderedDict[tuple[str, int], HeardWords] = OrderedDict()
        self._reading = asyncio.Lock()

    async def rules(self, readable: Sequence[VisitSummary] | None) -> list[Judged]:
        """Return all rules as they stand. `readable`: the visits that the asker may read, newest first; null: none are
        to be opened, and rules are judged by what people have set right alone. Raises StorageError."""
        found, decided = await self._wordbook.found(), self._wordbook.decided()
        rules = await asyncio.to_thread(lambda: standing(proposals(found), decided))
        if readable is None or not rules:
            return [Judged(id=self._wordbook.rule_id(rule), rule=rule, effect=None) for rule in rules]
        heard = [await self._heard(line) for line in readable[:MOST_SCANNED]]
        effects = await asyncio.to_thread(lambda: [effect(rule, heard) for rule in rules])
        return [
            Judged(id=self._wordbook.rule_id(rule), rule=judged(rule, told), effect=told)
            for rule, told in zip(rules, effects, strict=True)
        ]

    async def decide(
        self, id_: str, state: RuleState, by: str, readable: Sequence[VisitSummary] | None
    ) -> list[Judged]:
        """Approve or decline a rule and return all as they stand then. Raises NotFound, RuleError, StorageError."""
        rule = await self._named(id_, readable)
        if rule.state is RuleState.CONTRADICTED and state is RuleState.APPROVED:
            raise RuleError("people have set the same right in another way, or left it: this rule is not proposed")
        if rule.state in DECIDED and rule.state is not state:
            raise RuleError("this rule has been decided on: undo that first")
        if rule.state is not state:
            await self._wordbook.decide(rule, state, by)
        return await self.rules(readable)

    async def undo(self, id_: str, readable: Sequence[VisitSummary] | None) -> list[Judged]:
        """Take a decision back and return all rules as they stand then. Raises NotFound, RuleError, StorageError."""
        rule = await self._named(id_, readable)
        if rule.state not in DECIDED:
            raise RuleError("nobody has decided on this rule")
        await self._wordbook.undo(id_)
        return await self.rules(readable)

    async def _named(self, id_: str, readable: Sequence[VisitSummary] | None) -> Rule:
        for found in await self.rules(readable):
            if found.id == id_:
                return found.rule
        raise NotFound("there is no such rule")

    async def _heard(self, line: VisitSummary) -> HeardWords:
        """Return a visit's words; it is read anew only when its log has grown. One at a time: hearing goes first."""
        key = (line.visit, line.seq)
        async with self._reading:
            if key not in self._read:
                entries = await self._visits.read(line.visit)
                self._read[key] = await asyncio.to_thread(lambda: heard_words(line.visit, entries))
                while len(self._read) > MOST_KEPT:
                    self._read.popitem(last=False)
            self._read.move_to_end(key)
            return self._read[key]
