"""What a microphone may do to the service: holes and why, levels, and input that is not as it should be."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from live_scribe.asr.scripted import spoken
from live_scribe.audio.pcm import from_samples
from live_scribe.commands import feeding
from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame, GapReason
from live_scribe.core.pcm import LONGEST_S, MAX_MESSAGE_BYTES, encode_message
from tests.component.running import BLOCK, SCRIPT, Running, receive_until, running, speak

LOUD = from_samples(spoken(SCRIPT, SCRIPT[-1][2]))[-2 * BLOCK :]
"""A tenth of a second in which somebody speaks."""


async def send(connection: ClientConnection, offset: int, pcm: bytes = LOUD, *, why: str | None = None) -> None:
    if why is not None:
        await connection.send(json.dumps({"type": "gap", "reason": why}))
    await connection.send(encode_message(AudioFrame(offset=offset, pcm=pcm)))


async def acknowledged(connection: ClientConnection, sample: int) -> None:
    while json.loads(await connection.recv()).get("next_sample") != sample:
        pass


async def gaps(service: Running, visit: str) -> list[dict[str, Any]]:
    told = (await service.call("scribe", "GET", f"/visits/{visit}")).json()
    found: list[dict[str, Any]] = told["visit"]["gaps"]
    return found


@pytest.mark.parametrize("why", [None, *GapReason])
async def test_a_hole_is_a_fact_with_its_times_and_the_reason_that_was_given(tmp_path: Path, why: str | None) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit()
        async with service.socket("scribe", f"/visits/{visit}/audio") as connection:
            await send(connection, 0)
            await send(connection, SAMPLE_RATE_HZ, why=why)
            await acknowledged(connection, SAMPLE_RATE_HZ + BLOCK)
        assert await gaps(service, visit) == [{"start": 0.1, "end": 1.0, "reason": why or "network"}]


async def test_a_reason_counts_for_the_next_message_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit()
        async with service.socket("scribe", f"/visits/{visit}/audio") as connection:
            await send(connection, 0, why="sleep")
            await send(connection, 2 * BLOCK)
            await acknowledged(connection, 3 * BLOCK)
        assert [gap["reason"] for gap in await gaps(service, visit)] == ["network"]


@pytest.mark.parametrize(
    "told", ['{"type":"gap"}', '{"type":"gap","reason":"moonlight"}', '{"type":"gap","reason":[]}']
)
async def test_a_reason_that_is_none_is_answered_and_the_sound_goes_on(tmp_path: Path, told: str) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit()
        async with service.socket("scribe", f"/visits/{visit}/audio") as connection:
            await connection.send(told)
            assert (await receive_until(connection, "error"))[-1]["code"] == "invalid"
            await send(connection, 0)
            await acknowledged(connection, BLOCK)


async def test_a_program_tells_the_service_why_sound_is_missing(tmp_path: Path) -> None:
    async def frames() -> Any:
        yield AudioFrame(offset=0, pcm=LOUD)
        yield AudioFrame(offset=BLOCK, pcm=LOUD, missing=GapReason.SLEEP)
        yield AudioFrame(offset=4 * BLOCK, pcm=LOUD, missing=GapReason.OVERRUN)

    async with running(tmp_path) as service:
        server = feeding.Server(address=service.address, token=await service.token("scribe"))
        visit = await asyncio.to_thread(server.open_visit, "soap", "verbal")
        await feeding.feed(server, visit, frames())
        assert await gaps(service, visit) == [{"start": 0.2, "end": 0.4, "reason": "overrun"}]


async def test_sound_that_waits_is_counted_without_its_holes() -> None:
    unsent = feeding.Unsent()
    unsent.append(AudioFrame(offset=0, pcm=LOUD))
    unsent.append(AudioFrame(offset=10 * 3600 * SAMPLE_RATE_HZ, pcm=LOUD))
    assert unsent.first == 0 and unsent.waiting_s == 0.2


async def test_a_program_sends_no_more_than_a_minute_ahead_of_what_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "MOST_ON_ITS_WAY", 3)
    unsent = feeding.Unsent()
    for number in range(5):
        unsent.append(AudioFrame(offset=number * BLOCK, pcm=LOUD))
    unsent.end()
    frames = unsent.frames()
    assert [(await anext(frames)).offset // BLOCK for _ in range(3)] == [0, 1, 2]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await anext(frames)
    frames = unsent.frames()
    unsent.acknowledge(2 * BLOCK)
    assert [frame.offset // BLOCK async for frame in until_acknowledged(unsent, frames)] == [2, 3, 4]


async def until_acknowledged(unsent: feeding.Unsent, frames: AsyncIterator[AudioFrame]) -> AsyncIterator[AudioFrame]:
    """Yield frames, each of which is safe once it was sent."""
    async for frame in frames:
        yield frame
        unsent.acknowledge(frame.end)


async def test_every_screen_is_told_how_loud_it_is(tmp_path: Path) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit(channels=2)
        async with (
            service.socket("provider", f"/visits/{visit}/live") as screen,
            service.socket("scribe", f"/visits/{visit}/audio?channels=2") as connection,
        ):
            await receive_until(screen, "snapshot")
            pcm = b"".join(bytes(LOUD[at : at + 2]) + bytes(2) for at in range(0, len(LOUD), 2))
            await connection.send(encode_message(AudioFrame(offset=0, pcm=pcm, channels=2)))
            level = (await receive_until(screen, "level"))[-1]
            assert "seq" not in level and level["clock"] == 0.1
            left, right = level["channels"]
            assert left["db"] > -40 and not left["clipped"] and left["silence"] == 0
            assert right == {"db": -96.0, "clipped": False, "silence": 0.1}


async def test_a_backlog_is_told_as_one_level_and_no_level_is_stored(tmp_path: Path) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit()
        async with (
            service.socket("scribe", f"/visits/{visit}/live") as screen,
            service.socket("scribe", f"/visits/{visit}/audio") as connection,
        ):
            await receive_until(screen, "snapshot")
            for number in range(300):
                await send(connection, number * BLOCK, bytes(2 * BLOCK))
            await acknowledged(connection, 300 * BLOCK)
            await screen.send('{"id":"1","type":"mark_moment"}')
            heard = await receive_until(screen, "accepted")
        assert 1 <= sum(told["type"] == "level" for told in heard) < 60
        audit = (await service.call("admin", "GET", f"/visits/{visit}/audit")).text
        assert "level" not in audit
        stored = await service.call("scribe", "GET", f"/visits/{visit}")
        assert "silence" not in stored.text


async def text_of(service: Running, visit: str) -> str:
    """Everything that stands in the visit's transcript."""
    told = (await service.call("scribe", "GET", f"/visits/{visit}")).json()
    return " ".join(word["text"] for said in told["transcript"] for word in said["words"])


SAID = " ".join(text for text, _, _ in SCRIPT)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (bytes(8) + b"odd", "ends inside a sample"),
        (bytes(7), "has no offset"),
        (bytes(MAX_MESSAGE_BYTES + 2), "too long"),
        (encode_message(AudioFrame(offset=LONGEST_S * SAMPLE_RATE_HZ, pcm=LOUD)), "longest visit"),
        (encode_message(AudioFrame(offset=2**64 - 1, pcm=LOUD)), "longest visit"),
    ],
)
async def test_a_message_that_is_no_sound_is_answered_by_4413_and_what_is_wrong(
    tmp_path: Path, message: bytes, why: str
) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit()
        async with service.socket("scribe", f"/visits/{visit}/audio") as connection:
            await send(connection, 0)
            await connection.send(message)
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    await connection.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4413
        assert why in closed.value.rcvd.reason
        async with service.socket("scribe", f"/visits/{visit}/audio") as connection:
            ready = json.loads(await connection.recv())
            assert ready["next_sample"] == BLOCK, "what came before it is kept, and the next microphone goes on"


async def test_half_a_sample_of_two_channels_is_no_sound_either(tmp_path: Path) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit(channels=2)
        async with service.socket("scribe", f"/visits/{visit}/audio?channels=2") as connection:
            await connection.send(bytes(8) + bytes(6))
            with pytest.raises(ConnectionClosed, match="4413"):
                while True:
                    await connection.recv()


async def test_offsets_that_repeat_or_go_back_double_nothing(tmp_path: Path) -> None:
    numbered = [bytes([number, 1]) * BLOCK for number in range(6)]
    async with running(tmp_path) as service:
        visit = await service.open_visit()
        async with service.socket("scribe", f"/visits/{visit}/audio") as connection:
            for number in (0, 1, 1, 0, 2, 2, 3, 1, 0, 4):
                await send(connection, number * BLOCK, numbered[number])
            await connection.send(bytes(8))  # an offset without sound
            await send(connection, 4 * BLOCK + 800, numbered[4][:1600] + numbered[5])
            await acknowledged(connection, 6 * BLOCK)
        wav = (await service.call("scribe", "GET", f"/visits/{visit}/audio.wav")).content
        assert wav[44:] == b"".join(numbered)
        assert await gaps(service, visit) == []


async def test_sound_of_every_loudness_is_heard_and_what_is_clipped_is_told(tmp_path: Path) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit()
        async with (
            service.socket("scribe", f"/visits/{visit}/live") as screen,
            service.socket("scribe", f"/visits/{visit}/audio") as connection,
        ):
            await send(connection, 0, b"\xff\x7f\x00\x80" * (BLOCK // 2))
            level = (await receive_until(screen, "level"))[-1]
            assert level["channels"] == [{"db": 0.0, "clipped": True, "silence": 0.0}]
            await speak(connection, SCRIPT)
            await receive_until(screen, "settled")
        assert await text_of(service, visit) == SAID


@pytest.mark.parametrize("dead", [0, 1])
async def test_a_dead_channel_leaves_the_words_of_the_other(tmp_path: Path, dead: int) -> None:
    alive = np.frombuffer(from_samples(2 * spoken(SCRIPT, SCRIPT[-1][2] + 1.5)), "<i2")
    both = np.zeros((len(alive), 2), "<i2")
    both[:, 1 - dead] = alive
    async with running(tmp_path) as service:
        visit = await service.open_visit(channels=2)
        async with (
            service.socket("scribe", f"/visits/{visit}/live") as screen,
            service.socket("scribe", f"/visits/{visit}/audio?channels=2") as connection,
        ):
            for begin in range(0, len(both), BLOCK):
                pcm = both[begin : begin + BLOCK].tobytes()
                await connection.send(encode_message(AudioFrame(offset=begin, pcm=pcm, channels=2)))
            await connection.send('{"type":"end"}')
            told = await receive_until(screen, "settled")
        levels = [message["channels"] for message in told if message["type"] == "level"]
        assert all(channels[dead]["silence"] > 0 for channels in levels) and levels
        assert await text_of(service, visit) == SAID


async def test_a_client_that_sends_faster_than_real_time_is_taken_and_harms_no_other_visit(tmp_path: Path) -> None:
    enough, sent = asyncio.Event(), 0

    async def flood(service: Running, visit: str) -> None:
        """Send until the other visit is over, an hour of sound at most, and read acknowledgements alone."""
        nonlocal sent
        async with service.socket("scribe", f"/visits/{visit}/audio") as connection:
            while not enough.is_set() and sent < 3600 * SAMPLE_RATE_HZ:
                await send(connection, sent, os.urandom(2 * BLOCK))  # nothing that the line could make shorter
                sent += BLOCK
            await acknowledged(connection, sent)

    async with running(tmp_path) as service:
        greedy, beside = await service.open_visit(), await service.open_visit()
        async with asyncio.TaskGroup() as tasks:
            flooding = tasks.create_task(flood(service, greedy))
            async with service.socket("scribe", f"/visits/{beside}/live") as screen:
                async with service.socket("scribe", f"/visits/{beside}/audio") as connection:
                    await speak(connection, SCRIPT)
                await receive_until(screen, "settled")
            assert not flooding.done()
            enough.set()
        assert await text_of(service, beside) == SAID
        assert await gaps(service, greedy) == [] and sent > 10 * SAMPLE_RATE_HZ
