"""What a microphone may do to the service: holes and why, levels, and input that is not as it should be."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from live_scribe.asr.scripted import spoken
from live_scribe.audio.pcm import from_samples
from live_scribe.commands import feeding
from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame, GapReason
from live_scribe.core.pcm import encode_message
from tests.component.running import BLOCK, SCRIPT, Running, receive_until, running

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
