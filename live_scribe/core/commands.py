"""Commands: what people and the machine ask of a visit. Whether it happens, and as which facts, `decide` says.

People's commands come over the live socket by their names: `edit_statement` is `EditStatement` (docs/protocol.md).
`base_version` is the version of the statement that its sender saw.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from live_scribe.core.draft import DraftChange, Refusal
from live_scribe.core.note import Assertion
from live_scribe.core.readings import Concern, ReadingReason
from live_scribe.core.states import UserRole
from live_scribe.core.words import Role, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks: a signed-in user. It comes from the session, never from the message."""

    name: str
    role: UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class EditStatement:
    """Write `text` in place of what the statement says."""

    statement: str
    base_version: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStatement:
    """Write a new statement behind `after`, or at the end of the section.

    It rests on the words `words` (ids), or where none are named on all of `utterance`; on nothing without either.
    """

    section: str
    text: str = field(repr=False)
    after: str | None = None
    problem: str | None = None
    assertion: Assertion = Assertion.PRESENT
    utterance: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStatement:
    """Put a statement behind `after` in `section`; with no `after`, first."""

    statement: str
    base_version: int
    section: str
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteStatement:
    """Take a statement out of the note."""

    statement: str
    base_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreStatement:
    """Bring a statement back as it was in `version`."""

    statement: str
    version: int
    base_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitStatement:
    """Make two of one: characters before `at` keep the id, the rest becomes a new statement behind it."""

    statement: str
    base_version: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeStatements:
    """Make one of several, in this order; the first one's id stays. `base_version` is the first one's."""

    statements: tuple[str, ...]
    base_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAssertion:
    """Say what a statement claims: present, absent, possible, …"""

    statement: str
    base_version: int
    assertion: Assertion


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptSuggestion:
    """Do what the suggestion says."""

    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissSuggestion:
    """Put the suggestion aside."""

    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmFlag:
    """What is flagged is right as it stands."""

    statement: str
    flag: str
    base_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissOmission:
    """This heard fact, as the note's `omitted` names it, need not be in the note."""

    utterance: str
    fact: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOmission:
    """List this heard fact again."""

    fact: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectWords:
    """In the utterance, words `start_word` to `end_word` (from 0, end exclusive) read `text`."""

    utterance: str
    start_word: int
    end_word: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptReading:
    """The words read as the reading says."""

    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissReading:
    """The words stay as they stand; the reading does not come back."""

    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole:
    """The voice belongs to this role."""

    speaker: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapRoles:
    """Each of the two voices has the other one's role."""

    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignSpeaker:
    """The utterance was said by this voice."""

    utterance: str
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkMoment:
    """Remember this second of the visit (by default: now)."""

    moment: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeAudio:
    """Take seconds `start` to `end` off the record, for ever."""

    start: float
    end: float
    reason: str = "off the record"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLanguage:
    """What is said from now on is to be heard in this language."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Stop recording for a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Go on recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The visit is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """The note is ready for the provider."""

    attestation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """The provider wants something changed first."""

    comment: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """The provider signs the note as it stands; `content_hash` is that of the note they were shown."""

    content_hash: str
    attestation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAddendum:
    """The provider adds to a signed note."""

    text: str = field(repr=False)


DeskCommand = (
    EditStatement
    | AddStatement
    | MoveStatement
    | DeleteStatement
    | RestoreStatement
    | SplitStatement
    | MergeStatements
    | SetAssertion
    | AcceptSuggestion
    | DismissSuggestion
    | ConfirmFlag
    | DismissOmission
    | RestoreOmission
    | CorrectWords
    | AcceptReading
    | DismissReading
    | AssignRole
    | SwapRoles
    | AssignSpeaker
    | MarkMoment
    | StrikeAudio
    | SetLanguage
    | Pause
    | Resume
)
"""What the live socket takes."""

WayCommand = End | Submit | Return | Sign | AddAddendum
"""What leads a visit to its signature; these come over HTTP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitWords:
    """Hearing confirmed words; their ids are given by `decide`."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUtterance:
    """The first `count` waiting words are one utterance of this voice."""

    count: int
    speaker: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLanguage:
    """The visit seems to be spoken in this language, so probably."""

    language: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnew:
    """In the utterance, the words `words` (ids, in a row) were read as `heard` (words without ids).

    `settle`: nothing critical changes, so it may be applied where no person's statement rests on it; else, and without
    it, it is offered. `apart`: the words stay as they are, and `heard` was said beside them, an utterance of its own
    by the voice `speaker`, where that is known.
    """

    utterance: str
    words: tuple[str, ...]
    heard: tuple[Word, ...] = field(repr=False)
    reason: ReadingReason
    settle: bool = False
    concern: Concern = Concern.OTHER
    apart: bool = False
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAgain:
    """Sound up to `end` (seconds) has been heard a second time."""

    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSpeaker:
    """The machine now takes the utterance for this voice's."""

    utterance: str
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRole:
    """The machine now takes the voice for this role's."""

    speaker: str
    role: Role
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteGap:
    """Sound is missing between `start` and `end` (seconds)."""

    start: float
    end: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The note writer's changes; and what the language model `model` wrote and was not let in."""

    changes: tuple[DraftChange, ...]
    refused: tuple[Refusal, ...] = ()
    model: str = ""


MachineCommand = (
    CommitWords | CloseUtterance | NoticeLanguage | ReadAnew | LookedAgain | NameSpeaker | NameRole | NoteGap | Draft
)

Command = DeskCommand | WayCommand | MachineCommand
