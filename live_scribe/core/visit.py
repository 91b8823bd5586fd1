"""A visit as it stands: what the fold of its log (fold.py) makes, and everything else reads. Never changed in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from live_scribe.core.draft import DraftRefused
from live_scribe.core.events import AudioGap, Consent, LanguageDetected
from live_scribe.core.languages import DEFAULT
from live_scribe.core.note import Addendum, Owner, Section, Statement, Suggestion
from live_scribe.core.readings import Reading
from live_scribe.core.states import VisitState
from live_scribe.core.words import Role, Utterance, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One voice: whose it is, how sure that is, and whether a person said so (then the machine leaves it alone)."""

    role: Role
    confidence: float
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed what, when: `content_hash` is the SHA-256 of the note's JSON as it was signed."""

    by: str
    at: str
    content_hash: str
    attestation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """The numbers that the next ids get. An id is never used twice, not even after what it named is gone."""

    word: int = 1
    utterance: int = 1
    statement: int = 1
    suggestion: int = 1
    flag: int = 1
    reading: int = 1
    refusal: int = 1
    addendum: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """All that is known of a visit at entry `seq`. `clock`: seconds of sound heard; `utterances` in order of time.

    `history` holds each statement's earlier versions, oldest first; `placed` the utterances whose voice a person named;
    `dismissed`: heard facts that a person does not want in the note, each with its utterance;
    `found`: utterances that a second look found, each with the one it stands behind; `looked_to`: seconds up to which
    the sound was heard a second time.
    """

    id: str
    seq: int = 0
    clock: float = 0.0
    state: VisitState = VisitState.RECORDING
    template: str = ""
    language: str = DEFAULT
    detected: LanguageDetected | None = None
    channels: int = 1
    sample: str | None = None
    created_at: str = ""
    created_by: str = ""
    consent: Consent | None = None
    participants: tuple[str, ...] = ()
    comment: str | None = field(default=None, repr=False)
    signature: Signature | None = None
    counters: Counters = Counters()
    patient: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    sections: tuple[Section, ...] = ()
    open_words: tuple[Word, ...] = ()
    utterances: dict[str, Utterance] = field(default_factory=dict, repr=False)
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()
    statements: Mapping[str, Statement] = field(default_factory=dict, repr=False)
    history: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict, repr=False)
    suggestions: Mapping[str, Suggestion] = field(default_factory=dict, repr=False)
    readings: Mapping[str, Reading] = field(default_factory=dict, repr=False)
    dismissed: Mapping[str, str] = field(default_factory=dict, repr=False)
    refused: Mapping[str, DraftRefused] = field(default_factory=dict, repr=False)
    addenda: tuple[Addendum, ...] = ()
    gaps: tuple[AudioGap, ...] = ()
    struck: tuple[tuple[float, float], ...] = ()
    moments: tuple[float, ...] = ()
    looked_to: float = 0.0
    found: Mapping[str, str] = field(default_factory=dict)

    @property
    def last_said(self) -> Utterance | None:
        """The latest utterance."""
        return next(reversed(self.utterances.values()), None)

    def section(self, section_id: str) -> Section | None:
        """Return the template's section of this id."""
        return next((s for s in self.sections if s.id == section_id), None)

    def in_section(self, section_id: str) -> list[Statement]:
        """Return the statements that stand in a section, in their order."""
        standing = [s for s in self.statements.values() if s.section == section_id and not s.deleted]
        return sorted(standing, key=lambda s: (s.order, number(s.id)))

    def by_key(self, key: str) -> Statement | None:
        """Return the statement that the note writer calls `key`."""
        return next((s for s in self.statements.values() if s.key == key), None)

    def unconfirmed(self) -> Iterator[tuple[Statement, str]]:
        """Yield what keeps the note from being signed: statements, each with the id of an unconfirmed flag."""
        for statement in self.statements.values():
            if not statement.deleted:
                for flag in statement.flags:
                    if flag.blocks:
                        yield statement, flag.id

    def missing(self) -> list[str]:
        """Return the ids of required sections in which nothing stands."""
        filled = {s.section for s in self.statements.values() if not s.deleted}
        return [s.id for s in self.sections if s.required and s.id not in filled]

    def touched_by_people(self, statement_id: str) -> bool:
        """Return whether a person has ever changed the statement."""
        return self.statements[statement_id].owner is Owner.HUMAN


def with_utterance(visit: Visit, said: Utterance, behind: str | None) -> Visit:
    """Return the visit with the utterance in its place: by its number, or `behind` another where it was found later."""
    found = visit.found if behind is None else {**visit.found, said.id: behind}
    utterances = {**visit.utterances, said.id: said}
    in_order = dict(sorted(utterances.items(), key=lambda pair: _place(found, pair[0])))
    return replace(visit, utterances=in_order, found=found)


def _place(found: Mapping[str, str], id_: str) -> tuple[int, ...]:
    """Return what utterances are ordered by. What is found stands behind one that was there before it."""
    behind = found.get(id_)
    if behind is None or number(behind) >= number(id_):
        return (number(id_),)
    return (*_place(found, behind), number(id_))


def number(id_: str) -> int:
    """Return the number in an id ("s12" is 12), 0 where there is none."""
    return int(id_[1:]) if id_[1:].isdigit() else 0
