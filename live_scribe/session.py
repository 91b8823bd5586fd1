"""One open visit: the only writer of its log. People and the machine come in by the same door, `handle`.

Store first, publish second: what a screen shows is on the disk. `visit` always equals the fold of the stored log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from live_scribe.advising import Advising
from live_scribe.again import Attention, SecondHearing
from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.audio import AudioFrame, samples, seconds
from live_scribe.core.decide import decide
from live_scribe.core.decide_strike import restate
from live_scribe.core.fold import apply, evolve
from live_scribe.core.governor import LEVELS, Level
from live_scribe.core.hearing import TailChanged
from live_scribe.core.languages import DEFAULT
from live_scribe.core.level import LevelMeter
from live_scribe.core.lexicon import NO_LEXICON, Lexicon
from live_scribe.core.log import Entry
from live_scribe.core.note import MACHINE
from live_scribe.core.states import MACHINE_WRITES, VisitState
from live_scribe.core.vigilance import Vigilance
from live_scribe.core.visit import Visit
from live_scribe.core.wire import content_hash, summary
from live_scribe.drafting_queue import DraftingQueue
from live_scribe.errors import CommandRefused, LiveScribeError
from live_scribe.hub import Hub
from live_scribe.lacks import Lacks
from live_scribe.listening import Ears, Listener
from live_scribe.look_alikes import LookAlikes, Weighing
from live_scribe.ports import EventStore, NoteAdvisor, NoteWriter, OmissionFinder, Recording, SoundStore

log = logging.getLogger(__name__)

HEARING_RETRY_S = 2.0
"""After a fault in hearing it starts again from the recording; a lasting fault must not spin."""

LEVEL_S = 0.25
"""How often screens are told how loud it is: a bar that moves four times a second looks alive."""


BEHIND_S = 5.0
"""A second look stays so far behind the last turn that was closed: of what is not closed it would hear all as new."""

IDLE_LAG_S = 1.0
"""Whose hearing is further behind than this has no time for a second look."""


T = TypeVar("T")


async def to_its_end(job: Coroutine[Any, Any, T]) -> T:
    """Await `job` to its end; a cancellation that comes meanwhile goes on behind it.

    What is being stored is stored by another thread, cancelled or not: to leave in between would leave the visit behind
    its own log.
    """
    task = asyncio.ensure_future(job)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        task.cancelled() or task.exception()  # whoever asked has left, and is told of no fault
        raise


class MicrophoneBusy(LiveScribeError):
    """Another microphone has this visit already."""

    code = "microphone-busy"


class VisitSession:
    """A visit that is open in this process. `sound` is its recording, null where it has none (a written dialogue)."""

    def __init__(
        self,
        visit: Visit,
        *,
        store: EventStore,
        writer: NoteWriter,
        sound: SoundStore | None,
        ears: Callable[[], Ears],
        wall_clock: Callable[[], str],
        attention: Callable[[], Attention] | None = None,
        answered: dict[str, int] | None = None,
        languages: Collection[str] = (DEFAULT,),
        omissions: OmissionFinder | None = None,
        advisor: NoteAdvisor | None = None,
        lexicon: Lexicon = NO_LEXICON,
    ) -> None:
        self.visit = visit
        self.hub = Hub()
        self.sound = sound
        self.heard_all = asyncio.Event()
        self.lag = 0.0
        self.level = Level.ALL
        self._store = store
        self._ears = ears
        self._attention = attention
        self._listener: Listener | None = None
        self._news = asyncio.Event()
        self._wall_clock = wall_clock
        self._languages = languages
        self._clock = visit.clock
        self._answered = answered if answered is not None else {}
        self._door = asyncio.Lock()
        self._microphone = False
        self._level = LevelMeter(sound.channels if sound else 1)
        self._level_told = 0.0
        self._look_alikes = LookAlikes(lambda: self.visit)
        self._lacks, self._vigilance = Lacks(omissions), Vigilance(lexicon)
        self._drafting = DraftingQueue(writer)
        self._drafting.add(visit.utterances)
        self._advising = Advising(advisor, lambda: self.visit, self.handle, self.hub, whole=self.heard_all.is_set)

    async def handle(self, command: c.Command, actor: c.Actor | None = None, command_id: str | None = None) -> int:
        """Carry a command out and return the number of its last fact. Raises CommandRefused, StorageError.

        A `command_id` that was carried out before is answered as it was then, and nothing happens twice. Whoever asked
        may be gone before it is done (a screen that closes): it is carried out to its end all the same.
        """
        async with self._door:
            return await to_its_end(self._carry_out(command, actor, command_id))

    async def _carry_out(self, command: c.Command, actor: c.Actor | None, command_id: str | None) -> int:
        own = f"{actor.name if actor else MACHINE}/{command_id}"
        if command_id is not None and own in self._answered:
            return self._answered[own]
        self._allow(command)
        if isinstance(command, c.Sign) and command.content_hash != content_hash(self.visit):
            raise CommandRefused("stale", "the note has changed since it was read")
        facts = decide(self.visit, self._vigilance.over(command, self.visit), actor)
        if isinstance(command, c.StrikeAudio):
            await self._strike(facts, actor, command_id)
        else:
            await self._record(facts, actor.name if actor else MACHINE, command_id)
        if command_id is not None and facts:
            self._answered[own] = self.visit.seq
        if isinstance(command, c.End) and self.sound is not None:
            self.sound.end()
        return self.visit.seq

    def _allow(self, command: c.Command) -> None:
        """What was said last must be in the note before anybody hands it on; a language must be known to the model."""
        if isinstance(command, c.SetLanguage) and command.language not in self._languages:
            raise CommandRefused("invalid", "language: the speech model does not know it")
        if isinstance(command, c.Submit | c.Sign) and not self.settled:
            raise CommandRefused("wrong-state", "the end of the recording is still being heard: wait a moment")

    async def _record(self, facts: tuple[e.Fact, ...], by: str, command_id: str | None) -> None:
        if not facts:
            return
        at, visit, entries = self._wall_clock(), self.visit, []
        for fact in facts:
            entry = Entry(seq=visit.seq + 1, at=at, by=by, clock=self._clock, fact=fact, command=command_id)
            visit = apply(visit, entry)
            entries.append(entry)
        for fact in self._vigilance.flags(visit, facts):
            entry = Entry(seq=visit.seq + 1, at=at, by=MACHINE, clock=self._clock, fact=fact, command=None)
            visit = apply(visit, entry)
            entries.append(entry)
        await self._store.append(visit.id, entries, summary(visit))
        self.visit = visit
        self.hub.publish(entries)
        if self.hub.screens and (hint := self._lacks.changed(visit, facts)):
            self.hub.publish([hint])
        self._news.set()
        self._drafting.add(touched := _touched(visit, facts))
        self._advising.touch(touched)

    async def _strike(self, facts: tuple[e.Fact, ...], actor: c.Actor | None, command_id: str | None) -> None:
        """Strike in the log first: the store destroys what the fact names with it, and `redo_strikes` ends the rest."""
        (fact,) = facts
        if not isinstance(fact, e.AudioStruck):
            raise TypeError("a strike is one fact")
        by = actor.name if actor else MACHINE
        after = evolve(self.visit, fact, by=by)
        facts = restate(self.visit, after, await self._store.read(self.visit.id), fact)
        await self._record(facts, by, command_id)
        await self._destroy(facts[0])

    async def _destroy(self, fact: e.Fact) -> None:
        if isinstance(fact, e.AudioStruck) and self.sound is not None:
            await self.sound.strike(samples(fact.start), samples(fact.end))

    async def redo_strikes(self, entries: list[Entry]) -> None:
        """Destroy the sound that strikes of this log name, should a crash have left it behind."""
        for entry in entries:
            if isinstance(entry.fact, e.AudioStruck):
                await self._destroy(entry.fact)

    def note(self, visit: Visit | None = None) -> dict[str, Any]:
        """Return the note's JSON, with what it lacks: as it stands, or as it stood when the visit was `visit`."""
        return self._lacks.note(self.visit if visit is None else visit)

    def lacks(self) -> dict[str, Any]:
        """Return the hint that tells a screen what the note lacks as it stands."""
        return self._lacks.hint(self.visit)

    @property
    def settled(self) -> bool:
        """Whether all sound has been heard and all that was said has been drafted."""
        return (self.sound is None or self.heard_all.is_set()) and not self._drafting.waiting

    async def run(self) -> None:
        """Hear and draft until the recording has ended, then draft what people correct, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            if self.sound is not None:
                tasks.create_task(self._hear_to_the_end(self.sound))
                tasks.create_task(self._look_again_meanwhile(self.sound))
            tasks.create_task(self._draft_corrections())
            tasks.create_task(self._offer_look_alikes())
            tasks.create_task(self._advising.run())

    async def _hear_to_the_end(self, sound: SoundStore) -> None:
        """A fault in a model loses nothing: the sound is recorded, and hearing starts again where words end."""
        while not self.heard_all.is_set():
            try:
                await self.listen(sound)
            except Exception as exc:  # any fault of model or disk: tell, wait, go on
                log.error("hearing failed, starting again", extra={"visit": self.visit.id, "error": type(exc).__name__})
                self.hub.publish([{"type": "trouble", "code": getattr(exc, "code", "hearing")}])
                await asyncio.sleep(HEARING_RETRY_S)

    async def listen(self, recording: Recording) -> None:
        """Hear a recording from where the visit stands to its end."""
        ears = self._ears()
        self._look_alikes.weigh_with(
            Weighing(
                recording=recording, engine=ears.engine, clock=ears.again or ears.clock, vocabulary=ears.vocabulary
            )
        )
        self._listener = listener = Listener(recording, ears, lambda: self.visit)
        async for clock, heard in listener.listen():
            if isinstance(heard, TailChanged):
                self.hub.publish([{"type": "tail", "clock": round(clock, 3), "text": heard.text}])
            elif isinstance(heard, c.MachineCommand):
                await self.handle(heard)
                if isinstance(heard, c.CloseUtterance):
                    self._look_alikes.add(self.visit.last_said)
                    await self.draft()
            else:
                self._clock, self.lag, self.level = max(self._clock, heard.at), heard.lag, heard.level
                self._news.set()
                behind = {"seconds": round(heard.lag, 2), "level": LEVELS[heard.level].name}
                self.hub.publish([{"type": "lag", "clock": round(clock, 3), **behind}])
        await self.draft()
        self.heard_all.set()
        self._advising.wake()
        self._news.set()
        self.hub.publish([{"type": "settled"}])
        await self._weigh_look_alikes()

    async def _offer_look_alikes(self) -> None:
        while True:
            await self._look_alikes.wait()
            await self._weigh_look_alikes()

    async def _weigh_look_alikes(self) -> None:
        """What a fault in the model leaves unweighed is not offered: nothing that stands rests on it."""
        try:
            async for command in self._look_alikes.readings():
                await self.handle(command)
        except Exception as exc:  # any fault of the model: the visit goes on
            log.error("a look-alike was not weighed", extra={"visit": self.visit.id, "error": type(exc).__name__})

    async def _look_again_meanwhile(self, sound: SoundStore) -> None:
        """A second look is a gift: a fault in it must not end the visit, nor is it tried again before a restart."""
        try:
            await self.look_again(sound)
        except Exception as exc:  # any fault of model or disk
            log.error("the second look failed", extra={"visit": self.visit.id, "error": type(exc).__name__})

    async def look_again(self, recording: Recording) -> None:
        """Hear the recording a second time behind the words that stand, to its end, when nobody waits for it."""
        if self._attention is None:
            return
        second = SecondHearing(recording, self._attention(), lambda: self.visit, self._whose)
        while True:
            self._news.clear()
            whole = self.heard_all.is_set()
            edge = seconds(recording.available(self._clock)) if whole else self._closed_to() - BEHIND_S
            found = await second.next(edge, whole=whole) if self._is_idle() else None
            for command in found or ():
                await self.handle(command)
            if whole:
                left = max(0.0, edge - second.begin) if found is not None else 0.0
                self.hub.publish([{"type": "again", "clock": round(self._clock, 3), "seconds": round(left, 1)}])
            if found is None:
                if whole and self._is_idle():
                    return
                await self._news.wait()

    def _whose(self, start: float, end: float) -> str | None:
        return self._listener.voice(start, end) if self._listener else None

    def _closed_to(self) -> float:
        last = self.visit.last_said
        return (last.end or 0.0) if last else 0.0

    def _is_idle(self) -> bool:
        unhurried = self.heard_all.is_set() or (self.lag <= IDLE_LAG_S and self.level is Level.ALL)
        return self.visit.state in MACHINE_WRITES and unhurried

    async def draft(self) -> None:
        """Let the writer see every utterance that is new or reads differently now."""
        await self._advising.refresh()
        async for changes in self._drafting.changes(lambda: self.visit):
            await self._advising.written(changes)

    async def advise(self) -> bool:
        """Ask the language model, where there is one, about all that is left; return whether it answered."""
        return await self._advising.finish()

    async def _draft_corrections(self) -> None:
        while True:
            await self._drafting.wait()
            await self.draft()

    @property
    def has_microphone(self) -> bool:
        """Whether a microphone is connected."""
        return self._microphone

    @contextmanager
    def microphone(self) -> Iterator[None]:
        """Hold the visit's only microphone for the time of the `with` block. Raises MicrophoneBusy."""
        if self._microphone:
            raise MicrophoneBusy("another microphone has this visit")
        self._microphone = True
        try:
            yield
        finally:
            self._microphone = False

    async def feed(self, frame: AudioFrame) -> None:
        """Add sound to the recording; a hole becomes a fact. While the visit is paused, sound is not kept.

        It is safe on disk only after the recording's `flush`. Raises StorageError, CommandRefused (wrong-state).
        """
        if self.sound is None or self.visit.state not in (VisitState.RECORDING, VisitState.PAUSED):
            raise CommandRefused("wrong-state", "the visit is over")
        if self.visit.state is VisitState.PAUSED:
            return
        for start, end in await self.sound.append(frame):
            await self.handle(c.NoteGap(start=seconds(start), end=seconds(end), reason=str(frame.missing)))
        self._level.hear(frame)
        self._tell_level(frame.end)

    def _tell_level(self, at: int) -> None:
        """Tell screens how loud it is, by the time of the room: a backlog that is handed over is told once."""
        now = asyncio.get_running_loop().time()
        if now - self._level_told < LEVEL_S:
            return
        self._level_told = now
        channels = [{"db": ch.db, "clipped": ch.clipped, "silence": ch.silence} for ch in self._level.read()]
        self.hub.publish([{"type": "level", "clock": round(seconds(at), 2), "channels": channels}])


def _touched(visit: Visit, facts: tuple[e.Fact, ...]) -> list[str]:
    """Return the ids of utterances that read differently, or are other people's, after these facts."""
    touched: list[str] = []
    for fact in facts:
        match fact:
            case e.UtteranceClosed(utterance=utterance) | e.WordsCorrected(utterance=utterance):
                touched.append(utterance)
            case e.SpeakerAssigned(utterance=utterance):
                touched.append(utterance)
            case e.RoleAssigned(speaker=speaker):
                touched += [u.id for u in visit.utterances.values() if u.speaker == speaker]
            case e.AudioStruck(gone=gone):
                touched += gone
            case e.UtteranceRestated(utterance=said) | e.UtteranceFound(utterance=said):
                touched.append(said.id)
    return touched
