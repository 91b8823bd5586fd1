"""The clinic's words: lists that people keep, and what their corrections teach. In memory, and on the disk.

Who may change a list is for the caller to ask (`core.term_lists.may_edit`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from live_scribe.core import events as e
from live_scribe.core.critical import Names, names_among
from live_scribe.core.learning import Correction, corrections, heard_words
from live_scribe.core.log import Entry
from live_scribe.core.note import MACHINE
from live_scribe.core.rules import Rule, RuleState
from live_scribe.core.taught import Taught, taught
from live_scribe.core.term_lists import CLINIC, ListedTerm, checked, may_hold, print_terms, read_terms
from live_scribe.core.vocabulary import Term, TermKind, TermSource, Vocabulary
from live_scribe.errors import DoubleTerm, NotFound
from live_scribe.hub import Message
from live_scribe.ports import EventStore, TermStore
from live_scribe.session import VisitSession

log = logging.getLogger(__name__)

OWN_WEIGHT = 2.0
"""A name that somebody cared to write down is said more often than one of a general list."""

LEARNT_WEIGHT = 3.0
"""A name that was said here, and heard wrongly, is likely to be said again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A term as its list shows it: written by a person, learnt from corrections, or both."""

    term: ListedTerm
    learnt: Taught | None = None


class Wordbook:
    """All lists of a service. `open_wordbook` loads it and lets it learn while it is open."""

    def __init__(self, store: TermStore, visits: EventStore, wall_clock: Callable[[], str], base: Vocabulary) -> None:
        self._store = store
        self._visits = visits
        self._wall_clock = wall_clock
        self._base = base
        self._terms: list[ListedTerm] = []
        self._kinds = {t.key: t.kind for t in base.terms}
        self._corrections: dict[str, list[Correction]] = {}
        self._decided: list[Rule] = []
        self._taught: list[Taught] = []
        self._made: dict[frozenset[str], Vocabulary] = {}
        self._names: dict[frozenset[str], Names] = {}
        self._to_learn: dict[str, None] = {}
        self._news = asyncio.Event()
        self._changing = asyncio.Lock()
        self._learning = asyncio.Lock()
        self._loading = asyncio.Lock()

    async def load(self) -> None:
        """Read everything anew: another process may have changed the lists. Raises StorageError."""
        async with self._loading:
            await self._load_lists()
            found: dict[str, list[Correction]] = {}
            for correction in await self._store.corrections():
                found.setdefault(correction.visit, []).append(correction)
            self._corrections = found
            await self._settle()

    async def _load_lists(self) -> None:
        self._terms = await self._store.terms()
        self._decided = await self._store.rules()

    async def _settle(self) -> None:
        found, ordinary = self._all_corrections(), self._base.ordinary
        self._taught = await asyncio.to_thread(taught, found, ordinary, self._kinds)
        self._made, self._names = {}, {}

    def _all_corrections(self) -> list[Correction]:
        return [correction for visit in self._corrections.values() for correction in visit]

    # What visits are heard with.

    def vocabulary(self, people: Sequence[str]) -> Vocabulary:
        """Return what a visit of these users is heard with: packaged names, the clinic's, theirs, learnt ones."""
        whose = frozenset(people)
        if whose not in self._made:
            removed = {t.id for t in self._terms if t.removed}
            learnt = [t for t in self._taught if self._store.term_id(CLINIC, t.text) not in removed]
            terms = [_of_the_taught(t) for t in learnt]
            for term in sorted(self._terms, key=lambda t: (t.owner != CLINIC, t.owner, t.text)):
                if not term.removed and (term.owner == CLINIC or term.owner in whose):
                    source = TermSource.CLINIC if term.owner == CLINIC else TermSource.PROVIDER
                    terms.append(Term(text=term.text, kind=term.kind, source=source, weight=OWN_WEIGHT))
            self._made[whose] = self._base.with_terms(terms)
        return self._made[whose]

    def names(self, people: Sequence[str]) -> Names:
        """Return what finds the terms of the clinic and of these users, and learnt ones, in a text."""
        whose = frozenset(people)
        if whose not in self._names:
            own = (t.key for t in self.vocabulary(people).terms if t.source is not TermSource.PACKAGED)
            self._names[whose] = names_among(own)
        return self._names[whose]

    def approved(self) -> list[Rule]:
        """Return the rules that offer readings."""
        return [rule for rule in self._decided if rule.state is RuleState.APPROVED]

    # Lists.

    async def lines(self, *owners: str) -> list[Line]:
        """Return these owners' lists as they stand, by alphabet; the clinic's with all that was taught until now."""
        await self.learn_asked()
        await self.load()
        return [line for owner in owners for line in self._lines(owner)]

    def _lines(self, owner: str) -> list[Line]:
        learnt = {self._store.term_id(CLINIC, t.text): t for t in self._taught} if owner == CLINIC else {}
        lines = {t.id: Line(term=t, learnt=learnt.get(t.id)) for t in self._terms if t.owner == owner}
        for id_, found in learnt.items():
            lines.setdefault(id_, Line(term=ListedTerm(id=id_, text=found.text, kind=found.kind), learnt=found))
        shown = [line for line in lines.values() if not line.term.removed]
        return sorted(shown, key=lambda line: (line.term.text.casefold(), line.term.id))

    async def add(self, owner: str, text: str, kind: TermKind, by: str) -> Line:
        """Write a term into a list. Raises TermError, DoubleTerm where the list has it."""
        async with self._changing:
            shown = await self.lines(owner)
            term = self._written(ListedTerm(id="", text=checked(text), kind=kind, owner=owner), by)
            if any(line.term.id == term.id and line.term.added_by for line in shown):
                raise DoubleTerm("text: the list has this term already")
            may_hold((line.term for line in shown if line.term.added_by), [term])
            await self._store.put([term])
            return next(line for line in await self.lines(owner) if line.term.id == term.id)

    async def remove(self, owners: Sequence[str], id_: str) -> None:
        """Take a term out of whichever of these owners' lists has it; a learnt one does not come back by itself.

        Raises NotFound.
        """
        async with self._changing:
            line = next((line for line in await self.lines(*owners) if line.term.id == id_), None)
            if line is None:
                raise NotFound("there is no such term in your lists")
            if line.learnt is not None:
                await self._changed(self._store.put([replace(line.term, removed=True)]))
            else:
                await self._changed(self._store.take_out([id_]))

    async def read_file(self, owner: str, text: str, by: str, *, instead: bool = False) -> int:
        """Add the terms of a file to a list, or put them in its place; return how many are new. Raises TermError."""
        async with self._changing:
            written = [line.term for line in await self.lines(owner) if line.term.added_by]
            there = {term.id: term for term in written}
            read = [self._written(replace(term, owner=owner), by) for term in read_terms(text)]
            new = [term for term in read if term.id not in there]
            if not instead:
                may_hold(written, new)
                await self._changed(self._store.put(new))
                return len(new)
            kept = [replace(there[t.id], text=t.text, kind=t.kind) if t.id in there else t for t in read]
            aside = [t for t in self._terms if t.owner == owner and t.removed and t.id not in {k.id for k in kept}]
            await self._changed(self._store.replace(owner, [*kept, *aside]))
            return len(new)

    async def file(self, owner: str) -> str:
        """Return a list as a file: what people wrote, and what was learnt."""
        return print_terms(line.term for line in await self.lines(owner))

    def _written(self, term: ListedTerm, by: str) -> ListedTerm:
        id_ = self._store.term_id(term.owner, term.text)
        return replace(term, id=id_, added_by=by, added_at=self._wall_clock())

    async def _changed(self, writing: Awaitable[None]) -> None:
        await writing
        await self.load()

    # Learning.

    async def follow(self, session: VisitSession) -> None:
        """Learn from what people set right in a visit from now on, and hear it with the lists as they stand now."""
        async with self._loading:  # what was taught changes here alone; people may have changed the rest elsewhere
            await self._load_lists()
            self._made, self._names = {}, {}
        visit = session.visit.id

        def observe(message: Message) -> None:
            if isinstance(message, Entry) and _teaches(message):
                self.ask_to_learn(visit)

        session.hub.observe(observe)

    def ask_to_learn(self, visit: str) -> None:
        """Read a visit's log again in a while: the answer to whoever has changed it does not wait for that."""
        self._to_learn[visit] = None
        self._news.set()

    async def learn_asked(self) -> None:
        """Learn from every visit that was asked for. A visit that cannot be read is logged and left."""
        async with self._learning:
            while self._to_learn:
                visit = next(iter(self._to_learn))
                del self._to_learn[visit]
                try:
                    await self.learn(visit)
                except Exception as exc:  # a fault of one visit must not keep the others from teaching
                    log.error("nothing was learnt from a visit", extra={"visit": visit, "error": type(exc).__name__})
                except asyncio.CancelledError:
                    self._to_learn[visit] = None
                    raise

    async def learn(self, visit: str) -> None:
        """Keep what people have set right in a visit, by its log as it stands. Raises StorageError."""
        entries = await self._visits.read(visit)
        found = await asyncio.to_thread(lambda: corrections(heard_words(visit, entries)))
        async with self._loading:
            self._corrections[visit] = await self._store.learn(visit, found)
            await self._settle()

    async def learn_all(self) -> int:
        """Read all stored visits again; return how many. Raises StorageError."""
        visits = [line.visit for line in await self._visits.summaries()]
        for visit in visits:
            self.ask_to_learn(visit)
        await self.learn_asked()
        return len(visits)

    async def keep_learning(self) -> None:
        """Learn whatever is asked for, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self.learn_asked()

    # Rules: `rulebook` judges them; what stands is kept here.

    async def found(self) -> list[Correction]:
        """Return what people have set right in all visits until now. Raises StorageError."""
        await self.learn_asked()
        await self.load()
        return self._all_corrections()

    def decided(self) -> list[Rule]:
        """Return the rules that a person has decided on."""
        return list(self._decided)

    def rule_id(self, rule: Rule) -> str:
        """Return a rule's id."""
        return self._store.rule_id(rule)

    async def decide(self, rule: Rule, state: RuleState, by: str) -> None:
        """Keep what a person has decided on a rule."""
        made = replace(rule, state=state, decided_by=by, decided_at=self._wall_clock())
        await self._changed(self._store.decide(made))

    async def undo(self, rule: str) -> None:
        """Forget the decision on a rule: all is as it was before it."""
        await self._changed(self._store.undo(rule))


def _of_the_taught(found: Taught) -> Term:
    """What was heard for the name is no alias here: to offer the name for it in other visits is for a rule to do."""
    return Term(text=found.text, kind=found.kind, source=TermSource.LEARNT, weight=LEARNT_WEIGHT)


def _teaches(entry: Entry) -> bool:
    """Whether an entry changes what a visit teaches."""
    if isinstance(entry.fact, e.WordsCorrected):
        return entry.by != MACHINE
    return isinstance(entry.fact, e.ReadingDismissed | e.AudioStruck)


@asynccontextmanager
async def open_wordbook(
    store: TermStore, visits: EventStore, wall_clock: Callable[[], str], base: Vocabulary
) -> AsyncIterator[Wordbook]:
    """Load the lists and learn in the background; on leaving, what was asked for is learnt. Raises StorageError."""
    wordbook = Wordbook(store, visits, wall_clock, base)
    await wordbook.load()
    learning = asyncio.create_task(wordbook.keep_learning())
    try:
        yield wordbook
    finally:
        learning.cancel()
        await asyncio.gather(learning, return_exceptions=True)
        await wordbook.learn_asked()
