"""A visit is heard in its own language; another one is noticed and offered, and of it no note is drafted."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.scripted import LoudnessDetector, ScriptedEngine, script_of, spoken
from live_scribe.audio.file import FileRecording
from live_scribe.commands.hearing import known_language, language_of
from live_scribe.core.hearing import HearingEvent, LanguageHeard
from live_scribe.core.words import Role, Utterance, Word
from live_scribe.drafting.rules import RuleWriter
from live_scribe.errors import ModelError
from live_scribe.hearing import Resume, hear
from tests.component.drafted import TEMPLATE
from tests.component.running import CONSENT, Running, receive_until, running, speak

SPANISH = """Me duele la cabeza desde hace tres días.
No tengo fiebre ni tos.
Tomo dos pastillas al día, por la mañana.
"""
SCRIPT = script_of(SPANISH, word_s=0.4)
LENGTH_S = SCRIPT[-1][2] + 2.0


def recording() -> FileRecording:
    sound = (spoken(SCRIPT, LENGTH_S) * 32767).astype("<i2")
    return FileRecording(sound.tobytes(), 1)


async def events(engine: ScriptedEngine, language: str = "en", resume: Resume | None = None) -> list[HearingEvent]:
    heard = hear(recording(), engine, LoudnessDetector(), SimulatedClock(), resume=resume, language=lambda: language)
    return [event async for _, event in heard]


async def test_each_look_is_asked_for_in_the_language_of_the_visit() -> None:
    engine = ScriptedEngine(SCRIPT, languages=("en", "es"))
    await events(engine, "es")
    assert set(engine.asked) == {"es"}


async def test_the_language_spoken_is_told_once() -> None:
    engine = ScriptedEngine(SCRIPT, languages=("en", "es"), spoken="es")
    told = [event for event in await events(engine) if isinstance(event, LanguageHeard)]
    assert told == [LanguageHeard(language="es", probability=0.97)]


async def test_a_model_of_one_language_is_not_asked_which_is_spoken() -> None:
    assert not any(isinstance(event, LanguageHeard) for event in await events(ScriptedEngine(SCRIPT, spoken="es")))


async def test_hearing_that_goes_on_after_a_break_does_not_ask_again() -> None:
    engine = ScriptedEngine(SCRIPT, languages=("en", "es"), spoken="es")
    before = Resume(words=(Word(id="w1", text="Me", start=0.1, end=0.4),))
    assert not any(isinstance(event, LanguageHeard) for event in await events(engine, resume=before))


async def test_the_language_of_a_recording_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live_scribe.commands.hearing.SileroDetector", LoudnessDetector)
    engine = ScriptedEngine(SCRIPT, languages=("en", "es"), spoken="es")
    assert await language_of("auto", recording(), engine) == "es"
    assert await language_of("en", recording(), engine) == "en"
    assert await language_of("auto", FileRecording(bytes(64000), 1), engine) == "en"


def test_a_language_that_the_model_does_not_know_is_refused_before_anything_is_heard() -> None:
    with pytest.raises(ModelError, match="scripted does not know 'es'; it knows en"):
        known_language("es", ScriptedEngine(SCRIPT))


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, SCRIPT) as started:
        yield started


async def snapshot(service: Running, visit: str) -> Any:
    return (await service.call("scribe", "GET", f"/visits/{visit}")).json()


async def test_a_visit_is_opened_in_a_language_that_the_model_knows_and_in_no_other(service: Running) -> None:
    listed = (await service.call("scribe", "GET", "/languages")).json()
    assert listed == [{"id": "en", "drafted": True}, {"id": "es", "drafted": False}]
    visit = await service.open_visit(language="es")
    assert (await snapshot(service, visit))["visit"]["language"] == "es"
    form = {"template": "soap", "consent": CONSENT, "language": "de"}
    refused = await service.call("scribe", "POST", "/visits", json=form)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert "language" in refused.json()["detail"]


async def test_another_language_is_noticed_once_and_heard_from_the_click_on(service: Running) -> None:
    visit = await service.open_visit()
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        await receive_until(live, "snapshot")
        async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
            await speak(audio, SCRIPT, end=False)
            found = (await receive_until(live, "language_detected"))[-1]
            assert (found["language"], found["probability"], found["by"]) == ("es", 0.97, "machine")
            await live.send(json.dumps({"id": "a", "type": "set_language", "language": "es"}))
            await receive_until(live, "accepted")
            await live.send(json.dumps({"id": "b", "type": "set_language", "language": "xx"}))
            assert (await receive_until(live, "refused"))[-1]["code"] == "invalid"
    told = (await snapshot(service, visit))["visit"]
    assert (told["language"], told["detected"]) == ("es", {"language": "es", "probability": 0.97})


async def test_of_another_language_there_is_a_transcript_and_no_note_and_no_role(service: Running) -> None:
    visit = await service.open_visit(language="es")
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
            await speak(audio, SCRIPT)
        messages = await receive_until(live, "settled")
    assert not any(m["type"] in ("language_detected", "statement_proposed") for m in messages)
    view = await snapshot(service, visit)
    assert [w["text"] for u in view["transcript"] for w in u["words"]] == SPANISH.split()
    assert {u["language"] for u in view["transcript"]} == {"es"}
    assert {u["role"] for u in view["transcript"]} == {None}


def test_a_transcript_in_another_language_is_not_drafted() -> None:
    utterance = Utterance(id="u1", words=words_of("no fever no cough"), role=Role.PATIENT, language="es")
    writer = RuleWriter(TEMPLATE, {})
    assert writer.observe(utterance) == ()
    assert writer.correct(utterance) == ()


def words_of(text: str) -> tuple[Word, ...]:
    return tuple(Word(id=f"w{i}", text=t) for i, t in enumerate(text.split(), 1))
