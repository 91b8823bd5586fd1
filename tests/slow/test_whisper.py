"""The real model: what it hears, that it makes nothing up, and that it looks again where it is in doubt."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from live_scribe import samples
from live_scribe.asr import voice
from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.models import load_engine
from live_scribe.asr.voice import SileroDetector
from live_scribe.asr.whisper import STYLE, Doubt, WhisperEngine, leaks
from live_scribe.audio.file import FileRecording
from live_scribe.core.hearing import HeardWord, LookRequest, WordsConfirmed
from live_scribe.core.window import VOICED
from live_scribe.core.words import Word, match_key
from live_scribe.hearing import Resume, hear
from live_scribe.ports import Recording, Samples

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
RATE = 16_000


class Tape:
    """Sound that was recorded before."""

    channels = 1

    def __init__(self, sound: Samples) -> None:
        self._sound = sound
        self._there = 0

    @property
    def ended(self) -> bool:
        return self._there >= len(self._sound)

    def available(self, now: float) -> int:
        self._there = min(len(self._sound), int(now * RATE))
        return self._there

    async def read(self, start: int, end: int) -> Samples:
        return self._sound[start:end]

    async def read_channels(self, start: int, end: int) -> Samples:
        return self._sound[None, start:end]


@pytest.fixture(scope="module")
def engine() -> WhisperEngine:
    return load_engine("tiny.en", threads=2)


@pytest.fixture
async def visit() -> Samples:
    recording = await FileRecording.load(samples.named("knee-injury").audio)
    return await recording.read(0, 40 * RATE)


def said(upto: float) -> list[str]:
    path = samples.named("knee-injury").audio.with_suffix(".words.json")
    return [match_key(word) for word, _, end in json.loads(path.read_text(encoding="utf-8")) if end <= upto]


async def words_of(sound: Recording, engine: WhisperEngine, resume: Resume | None = None) -> list[Word]:
    events = hear(sound, engine, SileroDetector(), SimulatedClock(), resume=resume)
    found = [w for _, e in [item async for item in events] if isinstance(e, WordsConfirmed) for w in e.words]
    return [Word(id=f"w{i}", text=w.text, start=w.start, end=w.end) for i, w in enumerate(found)]


def errors(reference: list[str], words: list[Word]) -> int:
    row = list(range(len(words) + 1))
    for i, key in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, word in enumerate(words, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (match_key(word.text) != key))
    return row[-1]


@pytest.mark.parametrize(
    ("heard", "probability", "leaked"),
    [("I'm fine.", 0.1, True), ("I'm fine.", 0.9, False), ("It was fine, I'm", 0.1, False), ("", 0.1, False)],
)
def test_the_style_leaks_where_its_words_are_heard_badly(heard: str, probability: float, leaked: bool) -> None:
    words = [
        HeardWord(text=text, start=float(i), end=i + 0.5, probability=probability)
        for i, text in enumerate(heard.split())
    ]
    assert leaks(words, STYLE["en"]) is leaked


async def test_a_visit_is_heard_by_the_live_path_with_few_errors_and_times_in_order(
    engine: WhisperEngine, visit: Samples
) -> None:
    words = await words_of(Tape(visit), engine)
    assert errors(said(40.0), words) <= 0.15 * len(said(40.0))
    times = [time for w in words for time in (w.start, w.end)]
    assert times == sorted(times, key=lambda time: time or 0.0)


async def test_hearing_goes_on_after_a_break_with_the_same_words(engine: WhisperEngine, visit: Samples) -> None:
    whole = await words_of(Tape(visit), engine)
    cut = len(whole) // 2
    again = await words_of(Tape(visit), engine, Resume(words=tuple(whole[:cut])))
    assert errors([match_key(w.text) for w in whole[cut:]], again) <= 0.1 * len(whole)


@pytest.mark.parametrize("loudness", [0.0, 0.003, 0.1])
async def test_silence_and_noise_are_nothing(engine: WhisperEngine, loudness: float) -> None:
    noise = (np.random.default_rng(1).standard_normal(20 * RATE) * loudness).astype(np.float32)
    assert await words_of(Tape(noise), engine) == []


def test_a_look_at_hardly_any_sound_is_no_error(engine: WhisperEngine) -> None:
    for count in (0, 1, 160, 511):
        assert engine.transcribe(np.zeros(count, np.float32), LookRequest(start=3.0)).start == 3.0


def test_a_look_is_at_most_as_long_as_whisper_hears(engine: WhisperEngine, visit: Samples) -> None:
    look = engine.transcribe(visit[: 29 * RATE], LookRequest(start=100.0))
    assert look.end == 129.0
    assert all(100.0 <= w.start <= w.end <= 129.1 for w in look.words)


@pytest.mark.parametrize("padded", [False, True])
def test_a_wider_beam_hears_what_a_single_reading_hears_or_better(
    engine: WhisperEngine, visit: Samples, padded: bool
) -> None:
    look = engine.transcribe(visit[: 12 * RATE], LookRequest(start=0.0, beam=5, padded=padded))
    words = [Word(id="", text=w.text, start=w.start, end=w.end) for w in look.words]
    assert errors(said(12.0), words) <= 0.15 * len(said(12.0))
    assert all(0.0 <= w.start <= w.end <= 12.1 for w in look.words)


def test_a_replay_is_cut_off_and_not_decoded_again(
    engine: WhisperEngine, visit: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = engine._decode
    decoded: list[str] = []

    def noted(*args: Any) -> Any:
        found = decode(*args)
        decoded.append(found.text)
        return found

    monkeypatch.setattr(engine, "_decode", noted)
    look = engine.transcribe(visit[: int(3.4 * RATE)], LookRequest(start=0.0))
    assert decoded[0].count("Come on in") > 1
    assert [match_key(w.text) for w in look.words] == "good morning owen come on in im dr whitcomb".split()
    assert len(decoded) == 1


@pytest.mark.parametrize(
    ("made_up", "doubt"),
    [("So it hurts. " * 9, Doubt.LOOPED), (" ".join(STYLE["en"].split()[:4]), Doubt.LEAKED)],
)
def test_what_is_made_up_is_looked_at_again_without_the_prompt(
    engine: WhisperEngine, visit: Samples, monkeypatch: pytest.MonkeyPatch, made_up: str, doubt: Doubt
) -> None:
    decode, judge = engine._decode, engine._doubt
    doubts: list[Doubt] = []

    tokenizer = engine._tongue("en").tokenizer

    def decoded(encoded: Any, prompt: list[int], length: float, asked: LookRequest) -> Any:
        found = decode(encoded, prompt, length, asked)
        return replace(found, tokens=tokenizer.encode(" " + made_up), text=made_up) if prompt else found

    def judged(*args: Any, **kwargs: Any) -> Doubt:
        doubts.append(judge(*args, **kwargs))
        return doubts[-1]

    monkeypatch.setattr(engine, "_decode", decoded)
    monkeypatch.setattr(engine, "_doubt", judged)
    look = engine.transcribe(visit[: 5 * RATE], LookRequest(start=0.0))
    assert doubts[0] is doubt and doubts[1] is not doubt
    assert "morning" in " ".join(w.text.lower() for w in look.words)


@pytest.mark.parametrize(
    ("spans", "differ"),
    [([(0.4, 3.3), (13.2, 16.1), (26.3, 29.2), (36.3, 39.2)], 0), ([(0.5, 3.3), (15.5, 19.1), (6.6, 13.3)], 1)],
    ids=["of one length", "of several lengths: the shorter have more silence behind them"],
)
def test_looks_heard_together_say_what_they_say_alone(
    engine: WhisperEngine, visit: Samples, spans: list[tuple[float, float]], differ: int
) -> None:
    looks = [
        (visit[round(a * RATE) : round(b * RATE)], LookRequest(start=a, prompt="It hurts." if a > 6 else ""))
        for a, b in spans
    ]
    alone = [engine.transcribe(sound, request) for sound, request in looks]
    together = engine.transcribe_batch(looks)
    assert [(one.start, one.end) for one in alone] == [(other.start, other.end) for other in together]
    words = [[match_key(w.text) for look in found for w in look.words] for found in (alone, together)]
    assert len(words[0]) == len(words[1]) > 15
    assert sum(a != b for a, b in zip(*words, strict=True)) <= differ


def speech_in(sound: Samples) -> list[float]:
    """Ask a fresh detector about sound that comes in pieces of a quarter of a second."""
    detector = SileroDetector()
    return [p for begin in range(0, len(sound), RATE // 4) for p in detector.observe(sound[begin : begin + RATE // 4])]


def test_a_long_hole_costs_the_detector_no_thought_and_hides_no_voice_behind_it(
    visit: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = np.concatenate([visit[: 8 * RATE], np.zeros(20 * RATE, np.float32), visit[: 8 * RATE]])
    quick = speech_in(sound)
    monkeypatch.setattr(voice, "STILL_FRAMES", len(sound))
    thought = speech_in(sound)
    assert quick.count(0.0) > 400 and thought.count(0.0) == 0
    assert len(quick) == len(thought)
    # What the model keeps of a silence goes on changing a little: a decision at a voice's edge may fall otherwise.
    assert sum((a >= VOICED) != (b >= VOICED) for a, b in zip(quick, thought, strict=True)) <= 3


def test_a_visit_in_a_language_that_the_model_does_not_know_is_heard_all_the_same(
    engine: WhisperEngine, visit: Samples
) -> None:
    """The service may have been started again with a smaller model."""
    heard = [engine.transcribe(visit[:96_000], LookRequest(start=0.0, language=code)) for code in ("en", "es", "xx")]
    assert heard[0] == heard[1] == heard[2]
    assert engine.detect_language(visit[:96_000]) == ("en", 1.0)
