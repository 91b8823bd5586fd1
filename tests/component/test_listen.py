"""`listen`: a microphone that is made up, heard here or sent to a service that comes and goes."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from live_scribe.asr.scripted import LoudnessDetector, ScriptedEngine, spoken
from live_scribe.audio.pcm import from_samples
from live_scribe.commands import feeding, microphone
from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame, GapReason
from live_scribe.core.pcm import decode_message
from live_scribe.errors import AudioError, ConfigError, NotSignedIn
from tests.component.running import BLOCK, SCRIPT, Running, running


def sound_of_the_script() -> bytes:
    return from_samples(spoken(SCRIPT, SCRIPT[-1][2] + 1.5))


async def said(pcm: bytes, *, unplugged: bool = False) -> AsyncIterator[AudioFrame]:
    for begin in range(0, len(pcm) // 2, BLOCK):
        yield AudioFrame(offset=begin, pcm=pcm[2 * begin : 2 * (begin + BLOCK)])
        await asyncio.sleep(0)
    if unplugged:
        raise AudioError("the default microphone stopped: was it unplugged?")


class Said:
    """Stands in for MicrophoneSource."""

    def __init__(self, *, unplugged: bool) -> None:
        self._unplugged = unplugged

    def frames(self) -> Any:
        return said(sound_of_the_script(), unplugged=self._unplugged)


async def test_a_microphone_is_heard_and_its_note_printed_even_where_it_was_unplugged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("live_scribe.wiring.SileroDetector", LoudnessDetector)
    source: Any = Said(unplugged=True)
    with pytest.raises(AudioError, match="unplugged"):
        await microphone.listen_here(ScriptedEngine(SCRIPT), source, "soap")
    out, _ = capsys.readouterr()
    assert "fever" in out and "Lisinopril" in out


async def test_a_hole_that_the_microphone_left_is_shown_at_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Slept:
        async def frames(self) -> AsyncIterator[AudioFrame]:
            yield AudioFrame(offset=0, pcm=bytes(2 * BLOCK))
            yield AudioFrame(offset=5 * BLOCK, pcm=bytes(2 * BLOCK), missing=GapReason.SLEEP)
            raise AudioError("the default microphone stopped: was it unplugged?")

    monkeypatch.setattr("live_scribe.wiring.SileroDetector", LoudnessDetector)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    source: Any = Slept()
    with pytest.raises(AudioError, match="unplugged"):
        await microphone.listen_here(ScriptedEngine([]), source, "soap")
    assert "no sound from 0.1 to 0.5 s (sleep)" in capsys.readouterr().err


async def test_ctrl_c_closes_the_microphone() -> None:
    stop = asyncio.Event()
    source: Any = Said(unplugged=True)
    taken = 0
    async for _frame in microphone.until(stop, source):
        taken += 1
        stop.set()
    assert taken == 1


async def feed(service: Running, pcm: bytes) -> str:
    server = feeding.Server(address=service.address, token=await service.token("scribe"))
    visit = await asyncio.to_thread(server.open_visit, "soap", "verbal")
    await feeding.feed(server, visit, said(pcm))
    return visit


async def test_a_service_hears_the_visit_to_its_end(tmp_path: Path) -> None:
    async with running(tmp_path) as service:
        visit = await feed(service, sound_of_the_script())
        told = (await service.call("scribe", "GET", f"/visits/{visit}")).json()
        assert told["visit"]["state"] == "review" and told["visit"]["consent"]["method"] == "verbal"
        wav = (await service.call("scribe", "GET", f"/visits/{visit}/audio.wav")).content
        assert wav.endswith(sound_of_the_script())


class Fitful:
    """A service that goes away after some frames, `breaks` times, keeping only what it acknowledged."""

    def __init__(self, breaks: int, code: int = 1011) -> None:
        self._breaks = breaks
        self._code = code
        self.pcm = b""
        self.ended = False

    async def take(self, connection: ServerConnection) -> None:
        await connection.send(json.dumps({"type": "ready", "next_sample": len(self.pcm) // 2}))
        frames = 0
        async for message in connection:
            if isinstance(message, str):
                self.ended = json.loads(message) == {"type": "end"}
                return
            frames += 1
            if frames > 4 and self._breaks:
                self._breaks -= 1
                await connection.close(self._code)
                return
            frame = decode_message(message)
            assert frame.offset * 2 == len(self.pcm)
            if frames <= 3:  # the fourth is not kept: it was not acknowledged
                self.pcm += frame.pcm
                await connection.send(json.dumps({"type": "ack", "next_sample": len(self.pcm) // 2}))


async def feed_fitful(fitful: Fitful, pcm: bytes) -> None:
    async with serve(fitful.take, "127.0.0.1", 0) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        await feeding.feed(feeding.Server(address=f"http://127.0.0.1:{port}", token="t"), "v", said(pcm))


@pytest.mark.parametrize("breaks", [0, 1, 3])
async def test_what_was_not_acknowledged_is_sent_again(breaks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "AGAIN_S", 0.0)
    pcm = sound_of_the_script()[: 2 * BLOCK * (3 + 3 * breaks)]
    fitful = Fitful(breaks)
    await feed_fitful(fitful, pcm)
    assert fitful.pcm == pcm and fitful.ended


async def test_a_service_that_refuses_says_why() -> None:
    with pytest.raises(AudioError, match="sign in again"):
        await feed_fitful(Fitful(1, code=4401), sound_of_the_script())


async def test_a_visit_that_was_ended_elsewhere_ends_the_feeding() -> None:
    fitful = Fitful(1, code=1000)
    await feed_fitful(fitful, sound_of_the_script())
    assert fitful.pcm and not fitful.ended  # nothing more is sent, not even that it ends


async def test_sound_that_cannot_be_handed_over_in_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "LAST_TRY_S", 0.05)
    nowhere = feeding.Server(address="http://127.0.0.1:9", token="t")
    with pytest.raises(AudioError, match="1 s of sound could not be handed over"):
        await feeding.feed(nowhere, "v", said(bytes(2 * SAMPLE_RATE_HZ)))


async def test_more_than_an_hour_of_unsent_sound_loses_its_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "MOST_KEPT_S", 0.3)
    unsent = feeding.Unsent()
    async for frame in said(bytes(2 * SAMPLE_RATE_HZ)):
        unsent.append(frame)
    unsent.end()
    assert [frame.offset // BLOCK async for frame in unsent.frames()] == [7, 8, 9]


def test_a_server_needs_a_token_and_an_address_that_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotSignedIn, match="LIVE_SCRIBE_TOKEN"):
        feeding.Server.at("http://127.0.0.1:8765")
    monkeypatch.setenv("LIVE_SCRIBE_TOKEN", "t")
    assert feeding.Server.at("http://127.0.0.1:8765/").address == "http://127.0.0.1:8765"
    with pytest.raises(ConfigError, match="https"):
        feeding.Server.at("http://scribe.example.org")
    with pytest.raises(ConfigError, match="begins with"):
        feeding.Server.at("scribe.example.org")
    with pytest.raises(ConfigError, match="no live_scribe answers"):
        feeding.Server.at("http://127.0.0.1:9").open_visit("soap", "verbal")


async def test_a_token_that_is_not_valid_is_told(tmp_path: Path) -> None:
    async with running(tmp_path) as service:
        server = feeding.Server(address=service.address, token="wrong")
        with pytest.raises(NotSignedIn, match="LIVE_SCRIBE_TOKEN"):
            await asyncio.to_thread(server.open_visit, "soap", "verbal")


def test_without_consent_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(ConfigError, match="--consent"):
        microphone.ask_consent()

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("no\n"))
    with pytest.raises(ConfigError, match="nothing is recorded"):
        microphone.ask_consent()
    monkeypatch.setattr(sys, "stdin", Terminal("Yes\n"))
    assert microphone.ask_consent() == "verbal, said at the terminal"
