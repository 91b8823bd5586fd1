"""Facts: what has happened in a visit. Each is stored for ever, audited, and sent to every screen.

The names on the wire are those of the classes in snake case (docs/protocol.md). Facts never change their meaning: a new
meaning is a new class, or a new field with a default, so that old logs fold to the same note for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from live_scribe.core.draft import DraftRefused
from live_scribe.core.events_readings import ReadingAccepted as ReadingAccepted
from live_scribe.core.events_readings import ReadingDismissed as ReadingDismissed
from live_scribe.core.events_readings import ReadingOffered as ReadingOffered
from live_scribe.core.events_readings import UtteranceFound as UtteranceFound
from live_scribe.core.flag_events import FlagConfirmed as FlagConfirmed
from live_scribe.core.flag_events import FlagRaised as FlagRaised
from live_scribe.core.flag_events import FlagWithdrawn as FlagWithdrawn
from live_scribe.core.note import Assertion, Doubt, Evidence, Item, Section
from live_scribe.core.states import VisitState
from live_scribe.core.words import Role, Utterance, Word, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The patient's leave to record: how it was given ("verbal", "written")."""

    given: bool
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOpened:
    """The first fact of every log. `sections` are the template's as they were then: old visits keep their shape."""

    template: str
    sections: tuple[Section, ...]
    consent: Consent
    patient: dict[str, str | None] = field(repr=False)
    participants: tuple[str, ...] = ()
    language: str = "en"
    channels: int = 1
    sample: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageDetected:
    """The visit is surely spoken in another language than it is heard in; `probability` from 0 to 1. Said once."""

    language: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet:
    """What is said from now on is heard in this language."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsCommitted:
    """Words that will not change by themselves again. They wait for the end of their utterance."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UtteranceClosed:
    """The waiting words `words` (ids) are one utterance of one voice; `written`: how its numbers are written."""

    utterance: str
    words: tuple[str, ...]
    speaker: str | None = None
    role: Role | None = None
    written: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerAssigned:
    """The utterance was said by this voice; from a person this is final."""

    utterance: str
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned:
    """The voice belongs to this role, `confidence` from 0 to 1; from a person this is final."""

    speaker: str
    role: Role
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsCorrected:
    """In the utterance, the words `removed` (ids) gave way to `words`; what was written as one with them is no more.

    `reason`: scribe, or that of the reading (core.readings) that a person accepted or the machine settled. `written`:
    how numbers are written that came of it.
    """

    utterance: str
    removed: tuple[str, ...]
    words: tuple[Word, ...]
    reason: str = "scribe"
    written: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundHeardAgain:
    """Sound up to `end` (seconds) has been heard a second time, with wide context: it need not be done again."""

    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioGap:
    """Between `start` and `end` (seconds) there is no sound. `reason`: overrun, device, network, sleep, pause."""

    start: float
    end: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStruck:
    """Sound from `start` to `end` (seconds) is off the record: destroyed with its words and what was drafted from them.

    `words`, `gone` (utterances), `statements`, `suggestions` and `readings` are the ids that are gone;
    `struck` the numbers of the log's entries whose payload is destroyed. What else those entries held is said again in
    the facts behind this one.
    """

    start: float
    end: float
    reason: str
    words: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    struck: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UtteranceRestated:
    """The utterance as it stands: the entries that told of it before have been destroyed with a struck passage.

    `behind`: its place, where it is one that was found.
    """

    utterance: Utterance
    behind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWordsRestated:
    """The words that wait for the end of their utterance, as they stand after a passage was struck."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentMarked:
    """Somebody wants to come back to this second of the visit."""

    moment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementProposed:
    """The machine drafted a statement."""

    statement: str
    key: str
    section: str
    text: str = field(repr=False)
    order: float
    evidence: tuple[Evidence, ...]
    assertion: Assertion = Assertion.PRESENT
    confidence: float | None = None
    problem: str | None = None
    item: Item | None = field(default=None, repr=False)
    writer: str | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRevised:
    """The machine drafted its own statement anew; its flags fall, new ones follow as facts of their own."""

    statement: str
    version: int
    section: str
    text: str = field(repr=False)
    evidence: tuple[Evidence, ...]
    assertion: Assertion = Assertion.PRESENT
    confidence: float | None = None
    problem: str | None = None
    item: Item | None = field(default=None, repr=False)
    writer: str | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementWithdrawn:
    """The machine took back its own statement."""

    statement: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEdited:
    """A person changed a statement's text or assertion; it is theirs from now on."""

    statement: str
    version: int
    text: str = field(repr=False)
    assertion: Assertion
    evidence: tuple[Evidence, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementAdded:
    """A person wrote a new statement (or split one off: then it has evidence)."""

    statement: str
    section: str
    text: str = field(repr=False)
    order: float
    problem: str | None = None
    assertion: Assertion = Assertion.PRESENT
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementMoved:
    """A person put a statement elsewhere."""

    statement: str
    version: int
    section: str
    order: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDeleted:
    """A person took a statement out; it can be restored."""

    statement: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRestored:
    """A person brought a statement back as it was in version `restored`."""

    statement: str
    version: int
    restored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionMade:
    """What the machine would now say about a statement that is a person's."""

    suggestion: str
    statement: str | None
    base_version: int
    op: str
    section: str
    text: str = field(repr=False)
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionAccepted:
    """A person took the suggestion; what follows from it is in the facts behind this one."""

    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionDismissed:
    """A person does not want the suggestion."""

    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OmissionDismissed:
    """A person does not want this heard fact in the note: it is not listed again, whoever says it."""

    utterance: str
    fact: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OmissionRestored:
    """A person took back that the heard fact was put aside."""

    utterance: str
    fact: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged:
    """The visit went on its way. A signature carries what was attested and the SHA-256 of the note as signed."""

    state: VisitState
    comment: str | None = field(default=None, repr=False)
    attestation: str | None = None
    content_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumAdded:
    """Signed text behind the signed note."""

    addendum: str
    text: str = field(repr=False)


Fact = (
    VisitOpened
    | LanguageDetected
    | LanguageSet
    | WordsCommitted
    | UtteranceClosed
    | SpeakerAssigned
    | RoleAssigned
    | WordsCorrected
    | ReadingOffered
    | ReadingAccepted
    | ReadingDismissed
    | UtteranceFound
    | SoundHeardAgain
    | AudioGap
    | AudioStruck
    | UtteranceRestated
    | OpenWordsRestated
    | MomentMarked
    | StatementProposed
    | StatementRevised
    | StatementWithdrawn
    | DraftRefused
    | StatementEdited
    | StatementAdded
    | StatementMoved
    | StatementDeleted
    | StatementRestored
    | SuggestionMade
    | SuggestionAccepted
    | SuggestionDismissed
    | FlagRaised
    | FlagConfirmed
    | FlagWithdrawn
    | OmissionDismissed
    | OmissionRestored
    | StateChanged
    | AddendumAdded
)
