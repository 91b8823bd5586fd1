"""A visit in memory for the pure tests: commands go in through `decide`, entries come out as a log."""

from __future__ import annotations

from dataclasses import replace

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.codec import type_name
from live_scribe.core.decide import decide
from live_scribe.core.decide_strike import restate
from live_scribe.core.draft import DraftChange, Proposal
from live_scribe.core.fold import apply, evolve
from live_scribe.core.log import Entry, Struck
from live_scribe.core.note import Doubt, Evidence, Part, Section
from live_scribe.core.states import UserRole
from live_scribe.core.visit import Visit
from live_scribe.core.words import Word

SCRIBE = c.Actor(name="sam", role=UserRole.SCRIBE)
OTHER_SCRIBE = c.Actor(name="ada", role=UserRole.SCRIBE)
PROVIDER = c.Actor(name="dr.lee", role=UserRole.PROVIDER)
REVIEWER = c.Actor(name="rae", role=UserRole.REVIEWER)

SECTIONS = (
    Section(id="hpi", part=Part.SUBJECTIVE, title="History of present illness", required=True),
    Section(id="allergies", part=Part.SUBJECTIVE, title="Allergies", required=True),
    Section(id="plan", part=Part.PLAN, title="Plan"),
)


class Desk:
    """A visit, its log, and whoever does something to it."""

    def __init__(self) -> None:
        self.visit = Visit(id="v1")
        self.log: list[Entry] = []
        opened = e.VisitOpened(
            template="soap/general", sections=SECTIONS, consent=e.Consent(given=True, method="verbal"), patient={}
        )
        self.record((opened,), "sam")

    def record(self, facts: tuple[e.Fact, ...], by: str) -> None:
        """Append facts to the log and fold them into the visit."""
        for fact in facts:
            clock = self.visit.clock + 0.5
            entry = Entry(seq=self.visit.seq + 1, at="2026-01-01T00:00:00Z", by=by, clock=clock, fact=fact)
            self.log.append(entry)
            self.visit = apply(self.visit, entry)

    def do(self, command: c.Command, actor: c.Actor = SCRIBE) -> tuple[e.Fact, ...]:
        """Carry out a person's command."""
        facts = decide(self.visit, command, actor)
        if isinstance(command, c.StrikeAudio):
            (fact,) = facts
            assert isinstance(fact, e.AudioStruck)
            facts = restate(self.visit, evolve(self.visit, fact, by=actor.name), self.log, fact)
            self.destroy(facts[0])
        self.record(facts, actor.name)
        return facts

    def machine(self, command: c.MachineCommand) -> tuple[e.Fact, ...]:
        """Carry out a command of the machine."""
        facts = decide(self.visit, command, None)
        self.record(facts, "machine")
        return facts

    def destroy(self, fact: e.Fact) -> None:
        """Destroy what a strike names, as the store does."""
        assert isinstance(fact, e.AudioStruck)
        for i, entry in enumerate(self.log):
            if entry.seq in fact.struck and not isinstance(entry.fact, Struck):
                self.log[i] = replace(entry, fact=Struck(type=type_name(type(entry.fact))))

    def say(self, text: str, speaker: str | None = "S1") -> None:
        """Hear an utterance, half a second a word."""
        start = self.visit.counters.word * 0.5
        words = [
            Word(id="", text=t, start=start + i * 0.5, end=start + i * 0.5 + 0.4) for i, t in enumerate(text.split())
        ]
        self.machine(c.CommitWords(words=tuple(words)))
        self.machine(c.CloseUtterance(count=len(words), speaker=speaker))

    def draft(self, *changes: DraftChange) -> tuple[e.Fact, ...]:
        """Let the note writer say something."""
        return self.machine(c.Draft(changes=changes))


def proposal(
    key: str,
    text: str,
    *,
    utterance: str = "u1",
    words: tuple[str, ...] = ("w1",),
    section: str = "hpi",
    doubt: bool = False,
) -> Proposal:
    """Return a proposal resting on some words."""
    return Proposal(
        key=key,
        section=section,
        text=text,
        evidence=(Evidence(utterance=utterance, quote="said", start=0.5, end=0.9, words=words),),
        doubts=(Doubt(code="critical-token", start=0, end=min(4, len(text))),) if doubt else (),
    )
