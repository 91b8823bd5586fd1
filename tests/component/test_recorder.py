"""The recorder: frames in, acknowledged sound on disk, any stretch of it out again."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.audio import recorder as recorder_module
from live_scribe.audio.recorder import RECENT_S, UNFLUSHED_S, Recorder
from live_scribe.audio.track import Track
from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame
from live_scribe.errors import AudioError, StorageError
from live_scribe.ports import Recording
from tests.component.stored_visits import bytes_on_disk

KEY = os.urandom(32)
SOUND = os.urandom(2 * 8000)


def frame(start: int, end: int) -> AudioFrame:
    """The frame of SOUND from sample `start` to `end`."""
    return AudioFrame(offset=start, pcm=SOUND[2 * start : 2 * end])


def on_disk(path: Path) -> bytes:
    """All the sound that is safe, as another process would find it now."""
    track = Track(path, KEY, "v1", 1)
    try:
        return track.read(0, track.end)
    finally:
        track.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audio" / "v1.pcm.enc"


@pytest.fixture
async def recorder(path: Path) -> AsyncIterator[Recorder]:
    async with Recorder.open(path, KEY, "v1") as opened:
        yield opened


async def test_it_is_the_port_that_hearing_pulls_from(recorder: Recorder) -> None:
    port: Recording = recorder
    assert (port.channels, port.ended, port.available(0.0)) == (1, False, 0)
    await recorder.append(frame(0, 100))
    assert port.available(0.0) == recorder.next_sample == 100
    recorder.end()
    assert port.ended


async def test_sound_can_be_heard_before_it_is_flushed_and_is_safe_after(recorder: Recorder, path: Path) -> None:
    assert await recorder.append(frame(0, 1000)) == []
    assert recorder.safe == 0
    assert await recorder.read_pcm(10, 20) == SOUND[20:40]
    assert await recorder.flush() == recorder.safe == 1000
    assert on_disk(path) == SOUND[:2000]


async def test_what_was_sent_already_is_passed_over(recorder: Recorder) -> None:
    await recorder.append(frame(0, 1000))
    assert await recorder.append(frame(0, 1000)) == []
    assert await recorder.append(frame(500, 500)) == []
    assert await recorder.append(AudioFrame(offset=900, pcm=bytes(200) + SOUND[2000:2400])) == []
    assert recorder.next_sample == 1200
    assert await recorder.read_pcm(0, 1200) == SOUND[:2400]


async def test_a_hole_is_a_gap_and_reads_as_zeros(recorder: Recorder) -> None:
    assert await recorder.append(frame(100, 200)) == [(0, 100)]
    assert await recorder.append(frame(300, 400)) == [(200, 300)]
    await recorder.flush()
    assert recorder.gaps() == [(0, 100), (200, 300)]
    assert await recorder.read_pcm(0, 400) == bytes(200) + SOUND[200:400] + bytes(200) + SOUND[600:800]


async def test_sound_that_comes_late_into_a_gap_is_passed_over(recorder: Recorder) -> None:
    await recorder.append(frame(300, 400))
    assert await recorder.append(frame(0, 300)) == []
    assert await recorder.read_pcm(0, 300) == bytes(600)


async def test_a_gap_of_hours_costs_no_memory(recorder: Recorder) -> None:
    far = 4 * 3600 * SAMPLE_RATE_HZ
    await recorder.append(frame(0, 1000))
    assert await recorder.append(AudioFrame(offset=far, pcm=SOUND)) == [(1000, far)]
    await recorder.flush()
    assert await recorder.read_pcm(far - 2, far + 8000) == bytes(4) + SOUND
    assert await recorder.read_pcm(990, 1002) == SOUND[1980:2000] + bytes(4)


async def test_recording_goes_on_after_a_restart(path: Path) -> None:
    async with Recorder.open(path, KEY, "v1") as recorder:
        await recorder.append(frame(0, 1000))
    async with Recorder.open(path, KEY, "v1") as recorder:
        assert recorder.next_sample == recorder.safe == 1000
        assert await recorder.append(frame(900, 2000)) == []
        assert await recorder.read_pcm(0, 9000) == SOUND[:4000]


async def test_it_is_flushed_when_its_task_is_cancelled(path: Path) -> None:
    started = asyncio.Event()

    async def record() -> None:
        async with Recorder.open(path, KEY, "v1") as recorder:
            await recorder.append(frame(0, 1000))
            started.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(record())
        await started.wait()
        task.cancel()
    assert on_disk(path) == SOUND[:2000]


async def test_a_flush_that_was_cancelled_doubles_nothing(recorder: Recorder) -> None:
    await recorder.append(frame(0, 1000))
    flush = asyncio.ensure_future(recorder.flush())
    await asyncio.sleep(0)
    flush.cancel()
    await asyncio.gather(flush, return_exceptions=True)
    await recorder.append(frame(1000, 2000))
    assert await recorder.flush() == 2000
    assert await recorder.read_pcm(0, 2000) == SOUND[:4000]


async def test_flushes_at_once_write_everything_once(recorder: Recorder, path: Path) -> None:
    await recorder.append(frame(0, 1000))
    assert set(await asyncio.gather(*(recorder.flush() for _ in range(5)))) == {1000}
    once = len(bytes_on_disk(path.parent))
    await recorder.flush()
    assert len(bytes_on_disk(path.parent)) == once < 2000 + 200


async def test_a_caller_that_never_flushes_is_flushed(recorder: Recorder) -> None:
    second = bytes(2 * SAMPLE_RATE_HZ)
    for n in range(UNFLUSHED_S + 2):
        await recorder.append(AudioFrame(offset=n * SAMPLE_RATE_HZ, pcm=second))
    assert recorder.next_sample - recorder.safe <= (UNFLUSHED_S + 1) * SAMPLE_RATE_HZ


async def test_old_sound_leaves_memory_and_is_read_from_disk(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "RECENT_S", 0)
    for start in range(0, 8000, 500):
        await recorder.append(frame(start, start + 500))
        await recorder.flush()
    assert len(recorder._recent) == 0
    assert await recorder.read_pcm(0, 8000) == SOUND
    assert RECENT_S >= 30, "whisper looks at up to 30 s"


async def test_samples_are_floats_and_channels_are_mixed(path: Path) -> None:
    async with Recorder.open(path, KEY, "v1", channels=2) as recorder:
        pcm = struct.pack("<6h", 16384, 0, -32768, -32768, 1, 3)
        await recorder.append(AudioFrame(offset=0, pcm=pcm, channels=2))
        samples = await recorder.read(0, 3)
        assert samples.dtype == np.float32
        assert samples.tolist() == [0.25, -1.0, 2 / 32768]
        assert await recorder.read_pcm(1, 2) == pcm[4:8]
        assert recorder.next_sample == 3


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (-5, 0), (1000, 2000)])
async def test_where_there_is_no_sound_there_are_no_samples(recorder: Recorder, start: int, end: int) -> None:
    await recorder.append(frame(0, 1000))
    assert (await recorder.read(start, end)).shape == (0,)


@pytest.mark.parametrize(
    "wrong", [AudioFrame(offset=0, pcm=bytes(8), channels=2), AudioFrame(offset=0, pcm=bytes(7), channels=1)]
)
async def test_a_frame_of_another_form_is_refused(recorder: Recorder, wrong: AudioFrame) -> None:
    with pytest.raises(AudioError, match=r"recorded in 1 channel\(s\) of 16-bit samples: send that"):
        await recorder.append(wrong)


async def test_nothing_is_recorded_after_the_end(recorder: Recorder) -> None:
    recorder.end()
    with pytest.raises(AudioError, match="the recording has ended"):
        await recorder.append(frame(0, 10))


async def test_a_struck_passage_is_zeros_in_memory_and_on_disk(path: Path) -> None:
    expected = SOUND[:1000] + bytes(1000) + SOUND[2000:8000]
    async with Recorder.open(path, KEY, "v1") as recorder:
        await recorder.append(frame(0, 3000))
        await recorder.flush()
        await recorder.append(frame(3000, 4000))
        await recorder.strike(500, 1000)
        assert await recorder.read_pcm(0, 4000) == expected
    async with Recorder.open(path, KEY, "v1") as recorder:
        assert await recorder.read_pcm(0, 4000) == expected


async def test_a_full_disk_is_one_clear_line_and_nothing_acknowledged_or_waiting_is_lost(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorder.append(frame(0, 1000))
    await recorder.flush()

    def full(_file: object, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("live_scribe.audio.track.write_all", full)
        await recorder.append(frame(1000, 2000))
        with pytest.raises(StorageError, match="No space left on device; what was stored before is safe"):
            await recorder.flush()
        assert recorder.safe == 1000
        with pytest.raises(StorageError):
            await recorder.append(frame(2500, 3000))
        assert recorder.next_sample == 2000, "a frame that was refused was not taken"
        assert await recorder.read_pcm(0, 2000) == SOUND[:4000]
    assert await recorder.flush() == 2000


async def test_no_sound_is_readable_on_disk(recorder: Recorder, path: Path) -> None:
    await recorder.append(frame(0, 8000))
    await recorder.flush()
    data = bytes_on_disk(path.parent)
    assert len(data) > len(SOUND)
    assert not any(SOUND[at : at + 8] in data for at in range(0, len(SOUND) - 8, 8))


@settings(max_examples=25)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("frame"), st.integers(0, 600), st.integers(0, 300)),
            st.tuples(st.just("flush"), st.just(0), st.just(0)),
            st.tuples(st.just("reopen"), st.just(0), st.just(0)),
            st.tuples(st.just("strike"), st.integers(0, 600), st.integers(0, 200)),
        ),
        max_size=12,
    )
)
def test_it_reads_as_a_plain_array_would(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path_factory.mktemp("model") / "v1.pcm.enc"
    model = bytearray()

    async def play() -> None:
        opened = Recorder.open(path, KEY, "v1")
        recorder = await opened.__aenter__()
        try:
            for kind, at, length in steps:
                if kind == "frame":
                    gaps = await recorder.append(frame(at, at + length))
                    heard, end = len(model) // 2, at + length if length else 0
                    assert gaps == ([(heard, at)] if heard < at < end else [])
                    if end > heard:
                        model.extend(bytes(2 * max(at - heard, 0)) + SOUND[2 * max(heard, at) : 2 * end])
                elif kind == "flush":
                    await recorder.flush()
                elif kind == "strike":
                    await recorder.strike(at, at + length)
                    last = min(2 * (at + length), len(model))
                    model[2 * at : last] = bytes(max(last - 2 * at, 0))
                else:
                    await opened.__aexit__(None, None, None)
                    opened = Recorder.open(path, KEY, "v1")
                    recorder = await opened.__aenter__()
                assert recorder.next_sample == len(model) // 2
                assert await recorder.read_pcm(0, 10_000) == model
        finally:
            await opened.__aexit__(None, None, None)

    asyncio.run(play())
