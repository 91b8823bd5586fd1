"""What the inside needs of the outside: one Protocol for each kind of adapter. `wiring` alone chooses which."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from live_scribe.core.advice import Advice, Stretch
from live_scribe.core.audio import AudioFrame
from live_scribe.core.draft import DraftChange
from live_scribe.core.hearing import Hypothesis, LookRequest
from live_scribe.core.languages import DEFAULT
from live_scribe.core.learning import Correction
from live_scribe.core.log import Entry, Verification, VisitSummary
from live_scribe.core.omissions import Omission
from live_scribe.core.rules import Rule
from live_scribe.core.term_lists import ListedTerm
from live_scribe.core.visit import Visit
from live_scribe.core.words import Utterance

T = TypeVar("T")

Samples = NDArray[np.float32]
"""Sound for a model: shape (n,), 16 kHz, mono, from -1 to 1."""


class Clock(Protocol):
    """Time for hearing. Real, or simulated: then waiting takes none, and work takes what it took."""

    def now(self) -> float:
        """Return seconds since the visit's first sample."""
        ...

    async def sleep_until(self, time_s: float) -> None:
        """Come back when `now()` is at least `time_s`."""
        ...

    async def work(self, job: Callable[[], T]) -> T:
        """Run blocking `job` off the event loop and return its result; its exceptions come through."""
        ...

    async def brief(self, job: Callable[[], T]) -> T:
        """Run a `job` of a few milliseconds off the event loop, without waiting for a turn."""
        ...

    async def hear(self, engine: SpeechEngine, samples: Samples, request: LookRequest) -> Hypothesis:
        """Let `engine` hear a stretch off the event loop, with others that wait where it can; faults come through."""
        ...

    def busy(self) -> float:
        """Return the share, from 0 to 1, of the machine that hearing used lately, this visit and all others."""
        ...


class AudioSource(Protocol):
    """A microphone, a browser or a file: frames in order, without end or until the sound ends."""

    channels: int

    def frames(self) -> AsyncIterator[AudioFrame]:
        """Yield frames as they arrive. Raises AudioError where the sound cannot be had."""
        ...


class Recording(Protocol):
    """The sound of a visit so far. Hearing pulls from it, so a slow model loses nothing."""

    @property
    def channels(self) -> int:
        """One, or two with one microphone each."""
        ...

    @property
    def ended(self) -> bool:
        """Whether no more sound will come."""
        ...

    def available(self, now: float) -> int:
        """Return how many samples of a channel are there at `now` (the Clock's seconds)."""
        ...

    async def read(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end`, channels mixed to one; gaps and struck passages are zeros."""
        ...

    async def read_channels(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end` of each channel, shape (channels, n)."""
        ...


class SpeechEngine(Protocol):
    """A loaded speech model, shared by all visits; it keeps nothing between calls. `parallel` calls may run at once.

    `batch`: so many looks one call of `transcribe_batch` takes at most; 1 where they are better heard one by one.
    `languages`: codes (ISO 639-1 where there is one) of those it knows.
    """

    name: str
    parallel: int
    batch: int
    languages: tuple[str, ...] = (DEFAULT,)

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        """Return what is said in `samples`, heard as `request` asks. Blocks: call it in a worker."""
        ...

    def transcribe_batch(self, looks: Sequence[tuple[Samples, LookRequest]]) -> list[Hypothesis]:
        """Return what is said in each of `looks`, in order; all ask for the same context, beam and language. Blocks."""
        return [self.transcribe(samples, request) for samples, request in looks]

    def weigh(self, samples: Samples, request: LookRequest, texts: Sequence[str]) -> tuple[float, ...]:
        """Return how well each of the texts fits all of `samples`: log probabilities. Blocks."""
        ...

    def detect_language(self, samples: Samples) -> tuple[str, float]:
        """Return the language of some seconds of speech, and how probable that is (0 to 1). Blocks."""
        return self.languages[0], 1.0


class SpeechDetector(Protocol):
    """Says where there is a voice at all. One for each visit, fed in order."""

    def observe(self, samples: Samples) -> Sequence[float]:
        """Return one speech probability for each further 32 ms (512 samples) of sound."""
        ...


class SpeakerModel(Protocol):
    """Turns a stretch of one voice into a vector that lies near others of the same voice."""

    def embed(self, samples: Samples) -> NDArray[np.float32]:
        """Return a unit vector for `samples` (about one second)."""
        ...

    def embed_windows(self, windows: Samples) -> NDArray[np.float32]:
        """Return a unit vector for each row of `windows`, shape (k, n): several at once cost less each."""
        ...


class Diarizer(Protocol):
    """Tells the voices of one visit apart while it goes on. Voices are named S1, S2, … in the order of being heard."""

    def observe(self, samples: Samples, start: float, voiced: Sequence[float]) -> None:
        """Hear further sound, from `start` seconds on, with the detector's probability for each 512 samples. Blocks.

        Shape (n,) for voices told by their sound, (2, n) for voices told by their microphones.
        """
        ...

    def label(self, start: float, end: float) -> str | None:
        """Return whose voice lies between `start` and `end` seconds; null where that is not known."""
        ...

    def postpone(self, postponed: bool) -> None:
        """Leave voices as they were found for now (the machine is overloaded), or find them anew again."""
        ...

    def relabel(self, spans: Sequence[tuple[str, float, float]]) -> dict[str, str]:
        """Return, for (id, start, end), the voices that are not what this said of the id before."""
        ...

    def finish(self) -> None:
        """Hear what still waits to be heard: no more sound will come. Blocks."""
        ...


class SoundStore(Recording, Protocol):
    """A recording that is written while it is heard; what `flush` has returned for survives a power cut."""

    @property
    def next_sample(self) -> int:
        """The first sample that is still missing."""
        ...

    async def append(self, frame: AudioFrame) -> list[tuple[int, int]]:
        """Add a frame; return the holes (first sample, sample behind) it left. What is there already is ignored."""
        ...

    async def flush(self) -> int:
        """Put all that was appended on the disk; return the sample below which everything is safe now."""
        ...

    async def read_pcm(self, start: int, end: int) -> bytes:
        """Return samples `start` to `end` as 16-bit little-endian PCM, channels interleaved."""
        ...

    async def strike(self, start: int, end: int) -> None:
        """Destroy samples `start` to `end`."""
        ...

    def end(self) -> None:
        """No more sound will come."""
        ...


class NoteWriter(Protocol):
    """Writes the note of one visit, utterance by utterance. Same utterances, same changes, always."""

    def observe(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        """Return what changes in the draft now that `utterance` was said."""
        ...

    def correct(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        """Return what changes now that the utterance of this id reads differently or has another speaker."""
        ...

    def forget(self, utterances: Sequence[str]) -> tuple[DraftChange, ...]:
        """Drop these utterances (struck from the record) and return what changes in the rest of the draft."""
        ...


class OmissionFinder(Protocol):
    """Finds what was heard in one visit and stands nowhere in its note. The same visit, the same list, always."""

    def find(self, visit: Visit) -> tuple[Omission, ...]:
        """Return what is heard and not noted as the visit stands, what harms most first; not what was dismissed."""
        ...


class NoteAdvisor(Protocol):
    """A language model beside a visit's note writer; nothing waits for it. `name` is what the log calls it."""

    name: str

    async def advise(self, stretch: Stretch) -> Advice:
        """Return what it makes of a stretch of talk, as far as that may stand. Raises WriterError."""
        ...


class EventStore(Protocol):
    """Where visits' logs are kept: encrypted, chained, append-only. Every call raises StorageError when it cannot."""

    async def append(self, visit: str, entries: Sequence[Entry], summary: VisitSummary) -> None:
        """Store `entries` and the worklist's `summary` in one transaction, on disk when this returns.

        The first entry's seq must follow the last stored one; seq 1 makes the visit. Raises SequenceConflict otherwise.
        """
        ...

    async def read(self, visit: str, *, since: int = 0) -> list[Entry]:
        """Return the entries with a seq above `since`, in order. Struck ones carry a `Struck` as their fact."""
        ...

    async def summaries(self) -> list[VisitSummary]:
        """Return the worklist: one line for each visit, newest first."""
        ...

    async def strike(self, visit: str, seqs: Sequence[int]) -> None:
        """Destroy payload and key of these entries, for ever. The chain still verifies."""
        ...

    async def verify(self, visit: str) -> Verification:
        """Check the visit's chain and name the first entry that was altered, removed, added or moved."""
        ...


class TermStore(Protocol):
    """Where lists of terms, what people have set right, and rules are kept: encrypted. Raises StorageError."""

    def term_id(self, owner: str, text: str) -> str:
        """Return the id that a term has in a list: always the same, and nobody can tell the term from it."""
        ...

    def rule_id(self, rule: Rule) -> str:
        """Return the id that a rule has, kept or not."""
        ...

    async def terms(self) -> list[ListedTerm]:
        """Return all lists, also the terms that people have taken out."""
        ...

    async def put(self, new: Sequence[ListedTerm]) -> None:
        """Keep these terms, each in place of the one with its id."""
        ...

    async def replace(self, owner: str, new: Sequence[ListedTerm]) -> None:
        """Keep these terms as the whole list of an owner."""
        ...

    async def take_out(self, ids: Sequence[str]) -> None:
        """Forget these terms."""
        ...

    async def learn(self, visit: str, found: Sequence[Correction]) -> list[Correction]:
        """Keep these as all that people have set right in a visit; return those kept: none of struck entries."""
        ...

    async def corrections(self) -> list[Correction]:
        """Return what people have set right in all visits."""
        ...

    async def rules(self) -> list[Rule]:
        """Return the rules that a person has decided on."""
        ...

    async def decide(self, rule: Rule) -> None:
        """Keep a decision on a rule, in place of an earlier one."""
        ...

    async def undo(self, rule: str) -> None:
        """Forget the decision on the rule with this id."""
        ...
