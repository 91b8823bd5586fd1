"""Hearing with a scripted engine: every word, once, whatever the pace, the load and the breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.scripted import LoudnessDetector, ScriptedEngine, ScriptLine, script_of, spoken
from live_scribe.core.hearing import (
    HeardUpTo,
    HearingEvent,
    Hypothesis,
    LookRequest,
    SpeechPaused,
    TailChanged,
    WordsConfirmed,
)
from live_scribe.core.words import Word, match_key
from live_scribe.hearing import BEAM, REST_BEAM, Resume, hear
from live_scribe.ports import Samples

T = TypeVar("T")
TEXT = (
    "my knee has been hurting since Monday no Sunday\nno fever no chills no no chest pain\ntake two point five five mg"
)


class Tape:
    """A recording that arrives in blocks of `block` samples."""

    channels = 1

    def __init__(self, sound: Samples, block: int = 160) -> None:
        self.sound = sound
        self.block = block
        self.there = 0

    @property
    def ended(self) -> bool:
        return self.there >= len(self.sound)

    def available(self, now: float) -> int:
        whole = int(now * 16_000) // self.block * self.block
        self.there = len(self.sound) if now * 16_000 >= len(self.sound) else min(len(self.sound), whole)
        return self.there

    async def read(self, start: int, end: int) -> Samples:
        return self.sound[start:end]

    async def read_channels(self, start: int, end: int) -> Samples:
        return self.sound[None, start:end]


class Busy(SimulatedClock):
    """A clock on which each piece of work takes `cost` seconds."""

    def __init__(self, cost: float) -> None:
        super().__init__()
        self._cost = cost

    async def work(self, job: Callable[[], T]) -> T:
        result = job()
        self._now += self._cost
        return result


async def heard(
    script: list[ScriptLine],
    *,
    block: int = 160,
    cost: float = 0.0,
    restless: bool = False,
    resume: Resume | None = None,
) -> tuple[list[HearingEvent], ScriptedEngine]:
    sound = spoken(script, (script[-1][2] if script else 3.0) + 2.0)
    engine = ScriptedEngine(script, restless=restless)
    events = hear(Tape(sound, block), engine, LoudnessDetector(), Busy(cost), resume=resume)
    return [event async for _, event in events], engine


def words(events: list[HearingEvent]) -> list[str]:
    return [match_key(w.text) for e in events if isinstance(e, WordsConfirmed) for w in e.words]


def said(text: str) -> list[str]:
    return [match_key(w) for w in text.split()]


async def test_every_word_is_heard_once_in_order() -> None:
    events, _ = await heard(script_of(TEXT))
    assert words(events) == said(TEXT)
    assert sum(isinstance(e, SpeechPaused) for e in events) == 3


@given(
    st.lists(st.sampled_from("no five mg pain the\nyes knee".split(" ")), min_size=1, max_size=30),
    st.sampled_from([160, 512, 1600, 4000, 16000, 48000]),
    st.sampled_from([0.0, 0.02, 0.3]),
    st.booleans(),
)
@settings(max_examples=25)
async def test_the_words_do_not_depend_on_blocks_load_or_restless_case(
    text: list[str], block: int, cost: float, restless: bool
) -> None:
    script = script_of(" ".join(text))
    events, _ = await heard(script, block=block, cost=cost, restless=restless)
    assert words(events) == said(" ".join(text))


async def test_a_pause_behind_a_breath_that_was_looked_at_costs_no_second_look() -> None:
    events, engine = await heard(script_of("any chest pain\nno\nany fever at all"))
    assert words(events) == said("any chest pain no any fever at all")
    assert engine.looks <= 5


async def test_silence_yields_no_words_and_costs_no_look() -> None:
    sound = np.zeros(16_000 * 30, np.float32)
    engine = ScriptedEngine([("phantom", 5.0, 5.5)])
    events = [e async for _, e in hear(Tape(sound), engine, LoudnessDetector(), Busy(0.0))]
    assert words(events) == [] and engine.looks == 0


async def test_a_monologue_without_a_pause_is_confirmed_on_the_way() -> None:
    script = script_of(" ".join(f"word{i}" for i in range(300)))
    events, _ = await heard(script)
    assert words(events) == [f"word{i}" for i in range(300)]
    first = next(i for i, e in enumerate(events) if isinstance(e, WordsConfirmed))
    assert sum(isinstance(e, HeardUpTo) for e in events[:first]) < 10


async def test_an_overloaded_visit_says_how_far_it_is_behind_and_loses_nothing() -> None:
    text = " ".join(f"word{i}" for i in range(200))
    events, engine = await heard(script_of(text), cost=0.6)
    assert words(events) == said(text)
    assert max(e.lag for e in events if isinstance(e, HeardUpTo)) > 1.0
    assert [e.at for e in events if isinstance(e, HeardUpTo)][-1] >= 60
    assert engine.looks < 60


async def test_voices_without_words_do_not_hold_up_what_is_said_behind_them() -> None:
    class Longest(ScriptedEngine):
        seconds = 0.0

        def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
            self.seconds = max(self.seconds, len(samples) / 16_000)
            return super().transcribe(samples, request)

    script = script_of(TEXT.splitlines()[0], start=90.0)
    engine = Longest(script)
    music = np.full(16_000 * 100, 0.1, np.float32)
    events = [e async for _, e in hear(Tape(music), engine, LoudnessDetector(), Busy(0.1))]
    assert words(events) == said(TEXT.splitlines()[0])
    assert engine.seconds < 28


async def test_an_answer_that_a_look_skips_is_heard_on_its_own() -> None:
    class Skips(ScriptedEngine):
        def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
            look = super().transcribe(samples, request)
            ends = [i for i, w in enumerate(look.words, 1) if w.text.endswith("?")]
            return replace(look, words=look.words[: ends[0]]) if ends else look

    text = "what have you been doing for it? ice and a brace and ibuprofen six hundred milligrams three times a day"
    script = script_of(text)
    events = hear(Tape(spoken(script, 10.0)), Skips(script), LoudnessDetector(), Busy(0.0))
    assert words([e async for _, e in events]) == said(text)


async def test_a_line_that_breaks_off_in_the_middle_of_a_word_doubles_and_loses_nothing() -> None:
    script = script_of("I take metformin twice a day")
    for block in range(25_000, 37_000, 800):
        events, _ = await heard(script, block=block)
        assert words(events) == said("I take metformin twice a day")


async def test_a_look_whose_words_stand_follows_more_readings_than_one_on_the_way() -> None:
    asked: list[tuple[float, int]] = []

    class Asked(ScriptedEngine):
        def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
            asked.append((request.start + len(samples) / 16_000, request.beam))
            return super().transcribe(samples, request)

    script = script_of("it hurts when I walk and when I sit\nno")
    async for _ in hear(Tape(spoken(script, script[-1][2] + 2)), Asked(script), LoudnessDetector(), Busy(0.0)):
        pass
    ends = [script[-2][2], script[-1][2]]  # where the two sentences end
    assert {beam for at, beam in asked if any(end + 0.25 < at < end + 0.7 for end in ends)} == {REST_BEAM}
    assert {beam for at, beam in asked if at < ends[0]} == {BEAM}


async def test_a_look_is_told_what_was_said_before_it_and_not_what_is_said_in_it() -> None:
    told: list[tuple[float, str]] = []

    class Told(ScriptedEngine):
        def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
            told.append((request.start, request.prompt))
            return super().transcribe(samples, request)

    script = script_of(" ".join(f"word{i}" for i in range(60)))
    sound = spoken(script, script[-1][2] + 2)
    async for _ in hear(Tape(sound), Told(script), LoudnessDetector(), Busy(0.0)):
        pass
    assert told[0][1] == "" and told[-1][1] != ""
    for start, prompt in told:
        before = [text for text, _, end in script if end <= start]
        assert prompt == " ".join(before)


@given(
    st.lists(st.sampled_from("no five mg pain the\nyes knee".split(" ")), min_size=2, max_size=20),
    st.integers(1, 20),
    st.booleans(),
)
@example(["the\nyes", "no"], 3, True)
@settings(max_examples=40)
async def test_hearing_goes_on_after_a_break_without_losing_or_doubling_a_word(
    text: list[str], cut: int, last_line: bool
) -> None:
    script = script_of(" ".join(text), pause_s=0.8)
    cut = min(cut, len(script))
    known = [Word(id=f"w{i}", text=word, start=start, end=end) for i, (word, start, end) in enumerate(script[:cut])]
    if last_line:
        known = [w for w in known if (w.start or 0.0) >= _line_start(known)]
    events, _ = await heard(script, resume=Resume(words=tuple(known)))
    assert words(events) == [match_key(word) for word, _, _ in script[cut:]]


def _line_start(known: list[Word]) -> float:
    """Return where the last line of a script begins: behind its last pause."""
    starts = [b.start for a, b in pairwise(known) if b.start and a.end and b.start > a.end + 0.1]
    return starts[-1] if starts else 0.0


async def test_the_tail_is_shown_before_its_words_stand() -> None:
    events, _ = await heard(script_of("one two three four five six seven eight nine ten"))
    tail = next(i for i, e in enumerate(events) if isinstance(e, TailChanged) and e.text)
    stands = next(i for i, e in enumerate(events) if isinstance(e, WordsConfirmed))
    assert tail < stands


async def test_a_fault_of_the_model_comes_through() -> None:
    class Broken(ScriptedEngine):
        def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
            raise RuntimeError("out of memory")

    sound = spoken(script_of("hello there you"), 4.0)
    with pytest.raises(RuntimeError):
        [e async for _, e in hear(Tape(sound), Broken([]), LoudnessDetector(), Busy(0.0))]
