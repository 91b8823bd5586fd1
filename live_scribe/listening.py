"""From sound to what the machine asks of a visit: words, turns with their voices, and who the voices belong to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from live_scribe.core.audio import samples, seconds
from live_scribe.core.commands import (
    CloseUtterance,
    CommitWords,
    MachineCommand,
    NameRole,
    NameSpeaker,
    NoticeLanguage,
)
from live_scribe.core.governor import LEVELS, Level
from live_scribe.core.handover import UNTAUGHT, HandoverWeights
from live_scribe.core.hearing import HeardUpTo, HeardWord, LanguageHeard, SpeechPaused, TailChanged, WordsConfirmed
from live_scribe.core.languages import ROLES
from live_scribe.core.roles import RoleTracker
from live_scribe.core.rules import Rule, offers
from live_scribe.core.turns import Before, split
from live_scribe.core.visit import Visit
from live_scribe.core.vocabulary import Vocabulary
from live_scribe.core.window import PAUSE_S
from live_scribe.core.words import Role, Utterance, Word
from live_scribe.hearing import Resume, hear
from live_scribe.naming import Naming
from live_scribe.ports import Clock, Diarizer, Recording, SpeechDetector, SpeechEngine

SETTLED_S = 2.0
"""A voice's label may still change for so long (docs/hearing.md): until then the last turns stay open."""

LONGEST_TURN_S = 12.0
"""A monologue is closed after so many seconds, at the end of a sentence, so that the note can follow it."""

PORTION_S = 1.5
"""A visit that is behind hears voices in portions of this length: each waits for its turn, as a look does."""

RELABELLED = 60
"""Utterances, from the last back, that are asked about anew when voices were re-clustered."""

RESUMED = 20
"""Utterances, from the last back, whose words hearing is told when it goes on after a break: enough to know them."""

Hint = TailChanged | HeardUpTo


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What one visit is heard with. The engine serves all visits; the rest is this visit's own.

    `by_channel`: each voice has a microphone of its own, and `voices` tells them apart by that. `vocabulary`
    and `rules` (approved ones: they offer readings) are asked anew whenever they matter, so that a list that is edited
    during the visit counts. `smaller`: a model that hears while nothing else helps the visit to keep up. `again`: a
    clock for work that nobody waits for, where that is another one.
    """

    engine: SpeechEngine
    clock: Clock
    detector: SpeechDetector
    roles: RoleTracker
    voices: Diarizer | None = None
    voice_detector: SpeechDetector | None = None
    by_channel: bool = False
    smaller: SpeechEngine | None = None
    vocabulary: Callable[[], Vocabulary] = Vocabulary
    rules: Callable[[], Sequence[Rule]] = tuple
    handover: HandoverWeights = UNTAUGHT
    again: Clock | None = None


class Listener:
    """Hears one recording from where the visit stands, and tells what the machine asks of it.

    The commands it yields must have been carried out before the next is asked for: it looks at the visit again.
    """

    def __init__(self, recording: Recording, ears: Ears, visit: Callable[[], Visit]) -> None:
        self._recording = recording
        self._ears = ears
        self._visit = visit
        self._voiced_to = 0
        self._postponed = False
        self._names: dict[str, str] = {}
        self._remembers = not visit().utterances
        self._naming = Naming(ears.vocabulary, visit)

    async def listen(self) -> AsyncIterator[tuple[float, MachineCommand | Hint]]:
        """Yield (clock, command or hint) until the recording has ended and all of it was heard."""
        hearing = hear(
            self._recording,
            self._ears.engine,
            self._ears.detector,
            self._ears.clock,
            resume=_resume(self._visit()),
            smaller=self._ears.smaller,
            names=self._naming.boost,
            language=lambda: self._visit().language,
        )
        async for clock, event in hearing:
            match event:
                case TailChanged():
                    yield clock, event
                case LanguageHeard(language=language, probability=probability):
                    yield clock, NoticeLanguage(language=language, probability=probability)
                case HeardUpTo():
                    await self._hear_voices_as(event)
                    yield clock, event
                case WordsConfirmed(words=words):
                    await self._remember()
                    yield clock, CommitWords(words=tuple(_word(w) for w in words))
                    async for command in self._close(words[-1].end - SETTLED_S):
                        yield clock, command
                case SpeechPaused(at=at):
                    await self._hear_voices(samples(at + PAUSE_S))
                    async for command in self._close(None):
                        yield clock, command
        if self._ears.voices is not None:
            await self._ears.clock.work(self._ears.voices.finish)
        async for command in self._close(None):
            yield self._ears.clock.now(), command
        for command in self._rename():
            yield self._ears.clock.now(), command

    async def _remember(self) -> None:
        """Hear the voices of a visit that goes on after a break again, and name them as they were named.

        Only when somebody speaks: most visits that are opened again have nothing more to hear.
        """
        if self._remembers:
            return
        self._remembers = True
        visit = self._visit()
        for said in visit.utterances.values():
            self._weigh(said, said.speaker)
        heard = list(visit.utterances.values())[-RELABELLED:]
        if self._ears.voices is None or not heard or heard[0].start is None or heard[-1].end is None:
            return
        self._voiced_to = samples(heard[0].start)
        await self._hear_voices(samples(heard[-1].end))
        now = self._ears.voices.relabel(_spans(heard))
        votes: dict[tuple[str, str], float] = {}
        for said in heard:
            if said.speaker and said.id in now:
                pair = (now[said.id], said.speaker)
                votes[pair] = votes.get(pair, 0.0) + len(said.words)
        for (label, speaker), _ in sorted(votes.items(), key=lambda vote: -vote[1]):
            if label not in self._names and speaker not in self._names.values():
                self._names[label] = speaker

    async def _hear_voices_as(self, event: HeardUpTo) -> None:
        """Hear voices up to where words were heard, as far as the visit's level allows."""
        postponed = not LEVELS[event.level].clusters
        if self._ears.voices is not None and postponed != self._postponed:
            self._ears.voices.postpone(postponed)
            self._postponed = postponed
        if event.level is Level.ALL or samples(event.at) - self._voiced_to >= samples(PORTION_S):
            await self._hear_voices(samples(event.at))

    async def _hear_voices(self, upto: int) -> None:
        voices, detector = self._ears.voices, self._ears.voice_detector
        upto = min(upto, self._recording.available(self._ears.clock.now()))
        if voices is None or detector is None or upto <= self._voiced_to or not self._remembers:
            return
        apart = await self._recording.read_channels(self._voiced_to, upto)
        mixed = apart.mean(axis=0)
        start = seconds(self._voiced_to)
        self._voiced_to = upto
        heard = apart if len(apart) > 1 and self._ears.by_channel else mixed
        await self._ears.clock.work(lambda: voices.observe(heard, start, detector.observe(mixed)))

    async def _close(self, settled: float | None) -> AsyncIterator[MachineCommand]:
        """Close the turns that ended before `settled` seconds; with null, speech has paused and all of them end."""
        visit = self._visit()
        if visit.open_words:
            await self._remember()
        last = visit.last_said
        before = Before(speaker=last.speaker, text=last.heard) if last else None
        turns = split(visit.open_words, self._label, self._ears.handover, before=before, voices=tuple(visit.speakers))
        if settled is not None:
            turns = _finished(turns, settled)
        for speaker, words in turns:
            known = speaker is None and visit.language in ROLES
            role = self._ears.roles.turn_role(" ".join(w.text for w in words))[0] if known else None
            yield CloseUtterance(count=len(words), speaker=speaker, role=role)
            said = self._visit().last_said
            if said is not None:
                for command in (*self._name(said), *self._readings(said)):
                    yield command
        if turns:
            for command in self._rename():
                yield command

    def _readings(self, said: Utterance) -> list[MachineCommand]:
        """Offer what approved rules say, and names that sound like what was heard where no rule speaks."""
        ruled = list(offers(self._ears.rules(), said))
        taken = {word for command in ruled for word in command.words}
        return [*ruled, *(named for named in self._naming.offers(said) if taken.isdisjoint(named.words))]

    def _label(self, start: float, end: float) -> str | None:
        label = self._ears.voices.label(start, end) if self._ears.voices else None
        return None if label is None else self._speaker(label)

    def voice(self, start: float, end: float) -> str | None:
        """Return the visit's name for the voice between two times (seconds); null where none was told apart there."""
        label = self._ears.voices.label(start, end) if self._ears.voices else None
        return None if label is None else self._names.get(label)

    def _speaker(self, label: str) -> str:
        """Return the visit's name for a voice; a new one gets the next that is free."""
        if label not in self._names:
            taken = {*self._names.values(), *(u.speaker for u in self._visit().utterances.values())}
            free = (f"S{i}" for i in range(1, len(taken) + 2))
            self._names[label] = label if label not in taken else next(name for name in free if name not in taken)
        return self._names[label]

    def _name(self, said: Utterance) -> list[MachineCommand]:
        for speaker, known in self._visit().speakers.items():
            if known.final:
                self._ears.roles.assign(speaker, known.role)
        roles = self._weigh(said, said.speaker)
        return [
            NameRole(speaker=speaker, role=role, confidence=confidence)
            for speaker, (role, confidence) in roles.items()
            if role is not Role.UNKNOWN or speaker not in self._visit().speakers
        ]

    def _rename(self) -> list[MachineCommand]:
        """Tell of utterances that, now that more was heard, are another voice's."""
        if self._ears.voices is None:
            return []
        visit = self._visit()
        recent = list(visit.utterances.values())[-RELABELLED:]
        commands: list[MachineCommand] = []
        for utterance, label in self._ears.voices.relabel(_spans(recent)).items():
            said, speaker = visit.utterances[utterance], self._speaker(label)
            if said.speaker != speaker and said.id not in visit.placed:
                commands.append(NameSpeaker(utterance=utterance, speaker=speaker))
                self._weigh(said, speaker)
        return commands

    def _weigh(self, said: Utterance, speaker: str | None) -> dict[str, tuple[Role, float]]:
        """Let the words tell whose voice this is, in a language whose words do; return what is known of the voices."""
        return self._ears.roles.observe(said.id, speaker, said.heard) if said.language in ROLES else {}


Turn = tuple[str | None, tuple[Word, ...]]


def _finished(turns: list[Turn], settled: float) -> list[Turn]:
    """Return the turns that are over: all but the last, once settled, and a long one up to a sentence's end."""
    over: list[Turn] = []
    for speaker, words in turns[:-1]:
        if (words[-1].end or 0.0) > settled:
            return over
        over.append((speaker, words))
    if turns and len(over) == len(turns) - 1:
        speaker, words = turns[-1]
        ends = [i for i, w in enumerate(words) if w.text[-1:] in ".?!" and (w.end or 0.0) <= settled]
        if ends and (words[-1].end or 0.0) - (words[0].start or 0.0) > LONGEST_TURN_S:
            over.append((speaker, words[: ends[-1] + 1]))
    return over


def _spans(utterances: list[Utterance]) -> list[tuple[str, float, float]]:
    return [(u.id, u.start, u.end) for u in utterances if u.start is not None and u.end is not None]


def _word(heard: HeardWord) -> Word:
    return Word(
        id="",
        text=heard.text,
        start=round(heard.start, 3),
        end=round(heard.end, 3),
        probability=round(heard.probability, 3),
    )


def _resume(visit: Visit) -> Resume | None:
    """Return where hearing goes on: behind the last word that was confirmed before the break."""
    recent = list(visit.utterances.values())[-RESUMED:]
    words = (*(w for said in recent for w in said.words), *visit.open_words)
    return Resume(words=words) if words else None
