"""A second look in a session: it finds what the first misheard, once, when nobody waits, and people go first."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

from live_scribe import scribing
from live_scribe.again import Attention, SecondHearing
from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.scheduler import Scheduler, Urgency
from live_scribe.asr.scripted import LoudnessDetector, ScriptedEngine, ScriptLine, script_of, spoken
from live_scribe.asr.shipped import role_weights
from live_scribe.core import commands as c
from live_scribe.core.critical import Known
from live_scribe.core.hearing import Hypothesis, LookRequest, Sentence
from live_scribe.core.log import Entry
from live_scribe.core.roles import RoleTracker
from live_scribe.core.states import UserRole
from live_scribe.hub import Message
from live_scribe.listening import Ears
from live_scribe.ports import Samples
from live_scribe.session import VisitSession
from live_scribe.storage.memory import MemoryStore
from tests.component.test_hearing import Tape

FIRST = script_of("So what happened\nmy lee hurts since monday\ntake 15 pills")
SECOND = [(t.replace("lee", "knee").replace("15", "50"), a, b) for t, a, b in FIRST]
SCRIBE = c.Actor(name="sam", role=UserRole.SCRIBE)


class TwoEngines(ScriptedEngine):
    """Hears one script at first, another with its whole context."""

    def __init__(self, first: list[ScriptLine], second: list[ScriptLine]) -> None:
        super().__init__(first)
        self.again: list[LookRequest] = []
        self._wide = ScriptedEngine(second)

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        """Return the words of either script."""
        if not request.padded:
            return super().transcribe(samples, request)
        self.again.append(request)
        return self._wide.transcribe(samples, request)


async def open_session(engine: TwoEngines, store: MemoryStore | None = None) -> VisitSession:
    clock = SimulatedClock()
    return await scribing.open_local(
        store or MemoryStore(),
        lambda _visit: scribing.Silent(),
        template="soap/general",
        sections=(),
        patient={},
        at="2026-01-01T00:00:00Z",
        ears=lambda: Ears(engine=engine, clock=clock, detector=LoudnessDetector(), roles=RoleTracker(role_weights())),
        attention=lambda: Attention(engine=engine, clock=clock, detector=LoudnessDetector, known=Known()),
    )


def tape(script: list[ScriptLine]) -> Tape:
    return Tape(spoken(script, script[-1][2] + 1.0))


def facts(messages: list[Message], kind: type) -> list[Message]:
    return [m for m in messages if isinstance(m, Entry) and isinstance(m.fact, kind)]


async def test_what_is_heard_better_is_set_right_and_what_is_critical_is_offered() -> None:
    engine, seen = TwoEngines(FIRST, SECOND), list[Message]()
    session = await open_session(engine)
    visit = await scribing.hear_recording(session, tape(FIRST), seen.append)
    assert " ".join(u.heard for u in visit.utterances.values()) == " ".join(
        "knee" if t == "lee" else t for t, _, _ in FIRST
    )
    (offered,) = visit.readings.values()
    assert offered.text == "50" and offered.reason == "second-look"
    assert [r.beam for r in engine.again] == [5]
    left = [m["seconds"] for m in seen if isinstance(m, dict) and m["type"] == "again"]
    assert left[-1] == 0.0
    assert session.settled


async def test_what_was_heard_again_is_not_heard_again_after_a_restart() -> None:
    engine = TwoEngines(FIRST, SECOND)
    session = await open_session(engine)
    recording = tape(FIRST)
    await scribing.hear_recording(session, recording)
    seq = session.visit.seq
    engine.again.clear()
    await session.look_again(recording)
    assert engine.again == [] and session.visit.seq == seq
    assert session.visit.looked_to > FIRST[-1][2]


async def test_a_long_visit_is_heard_again_from_pause_to_pause_without_a_word_lost_or_doubled() -> None:
    first = script_of("\n".join(f"word{i} lee so it goes on and on" for i in range(40)))
    second = [(t.replace("lee", "knee"), a, b) for t, a, b in first]
    engine = TwoEngines(first, second)
    session = await open_session(engine)
    visit = await scribing.hear_recording(session, tape(first))
    assert " ".join(u.heard for u in visit.utterances.values()).split() == [t for t, _, _ in second]
    assert len(engine.again) < 10


async def test_an_answer_that_was_passed_over_is_offered_as_an_utterance_of_its_own() -> None:
    second = script_of("Any pain?\nNo.\nAnd at night?\nOkay.\nThen let me look.")
    engine = TwoEngines([line for line in second if line[0] not in ("No.", "Okay.")], second)
    session = await open_session(engine)
    visit = await scribing.hear_recording(session, tape(second))
    assert [u.heard for u in visit.utterances.values()] == ["Any pain?", "And at night?", "Okay.", "Then let me look."]
    (offered,) = visit.readings.values()
    assert offered.apart and offered.text == "No."
    await session.handle(c.AcceptReading(reading=offered.id), SCRIBE)
    assert [u.heard for u in session.visit.utterances.values()][1] == "No."


class Telling(TwoEngines):
    """Tells with its wide looks, as whisper does, the sentences that it heard."""

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        """Return the words, and a sentence of them."""
        look = super().transcribe(samples, request)
        text = " ".join(w.text for w in look.words)
        return replace(look, sentences=(Sentence(text=text, start=0.0, end=1.0),)) if request.padded else look


def told_with(request: LookRequest) -> list[str]:
    return " ".join(s.text for s in request.before).split()


async def test_a_wide_look_is_told_what_those_before_it_heard_but_nothing_of_before_a_strike() -> None:
    first = script_of("\n".join(f"word{i} lee so it goes on and on" for i in range(40)))
    engine = Telling(first, [(t.replace("lee", "knee"), a, b) for t, a, b in first])
    session = await open_session(engine)
    recording = tape(first)
    await session.listen(recording)
    second = SecondHearing(recording, session._attention(), lambda: session.visit)  # type: ignore[misc]
    for _ in range(3):
        await second.next(100.0, whole=False)
    assert told_with(engine.again[0]) == []
    assert "knee" in told_with(engine.again[1]) and "word0" in told_with(engine.again[2])
    await session.handle(c.StrikeAudio(start=first[0][1], end=first[0][2]), SCRIBE)
    await second.next(200.0, whole=False)
    assert told_with(engine.again[3]) == []


async def test_a_submitted_visit_is_left_alone() -> None:
    engine = TwoEngines(FIRST, SECOND)
    session = await open_session(engine)
    recording = tape(FIRST)
    await session.listen(recording)
    await session.handle(c.End(), SCRIBE)
    await session.draft()
    await session.handle(c.Submit(), SCRIBE)
    looking = asyncio.ensure_future(session.look_again(recording))
    for _ in range(20):
        await asyncio.sleep(0)
    assert engine.again == []
    looking.cancel()


async def test_a_passage_that_is_struck_while_it_is_heard_again_does_not_come_back() -> None:
    engine = TwoEngines(FIRST, SECOND)
    session = await open_session(engine)
    recording = tape(FIRST)
    await session.listen(recording)
    start, end = next((a, b) for t, a, b in FIRST if t == "lee")

    class Striking(TwoEngines):
        def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
            if request.padded and not session.visit.struck:
                asyncio.run_coroutine_threadsafe(
                    session.handle(c.StrikeAudio(start=start, end=end), SCRIBE), loop
                ).result(10)
                recording.sound[int(start * 16_000) : int(end * 16_000)] = 0.0
            return super().transcribe(samples, request)

    loop = asyncio.get_running_loop()
    session._attention = lambda: Attention(
        engine=Striking(FIRST, SECOND), clock=SimulatedClock(), detector=LoudnessDetector, known=Known()
    )
    await session.look_again(recording)
    words = " ".join(u.heard for u in session.visit.utterances.values()).split()
    assert "knee" not in words and "lee" not in words


async def test_a_second_look_leaves_a_thread_for_those_who_speak() -> None:
    hold, done = threading.Event(), list[str]()
    with Scheduler(2) as scheduler:
        live = asyncio.ensure_future(scheduler.run(hold.wait))
        await asyncio.sleep(0)
        again = asyncio.ensure_future(scheduler.run(lambda: done.append("again"), Urgency.AGAIN))
        await asyncio.sleep(0)
        await scheduler.run(lambda: done.append("live"))
        assert done == ["live"]
        hold.set()
        await asyncio.gather(live, again)
        assert done == ["live", "again"]
