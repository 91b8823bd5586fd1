"""Recordings of every kind come in as 16 kHz PCM; what is none gets one plain line."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from typing import Any
from unittest.mock import Mock

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.audio import decode
from live_scribe.audio.decode import Decoder
from live_scribe.audio.file import FileRecording, FileSource
from live_scribe.audio.memory import MemoryRecording
from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame
from live_scribe.errors import AudioError

SECONDS = 2.0
FORMATS = [
    ("wav", "pcm_s16le", 44_100, 1),
    ("wav", "pcm_s16le", 8_000, 2),
    ("wav", "pcm_s24le", 192_000, 1),
    ("wav", "pcm_s16le", 16_000, 6),
    ("flac", "flac", 48_000, 2),
    ("mp3", "libmp3lame", 44_100, 1),
    ("m4a", "aac", 48_000, 1),
    ("ogg", "libopus", 48_000, 1),
    ("webm", "libopus", 48_000, 2),
]


def record(
    path: Path, codec: str, rate: int, channels: int, seconds: float = SECONDS, bit_rate: int = 128_000, **options: str
) -> Path:
    """Write a tone of 440 Hz; `options` are those of FFmpeg's writer."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    time = np.arange(int(rate * seconds)) / rate
    tone = (np.sin(2 * math.pi * 440 * time) * 8_000).astype(np.int16)
    with av.open(str(path), "w", options=options) as out:
        stream: Any = out.add_stream(codec, rate=rate, layout=layout)
        stream.bit_rate = bit_rate
        packed = np.repeat(tone, channels).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        context = stream.codec_context
        resampler = av.AudioResampler(context.format, layout, rate, context.frame_size or None)
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("ending", "codec", "rate", "channels"), FORMATS)
async def test_every_format_rate_and_channel_count_is_heard(
    tmp_path: Path, ending: str, codec: str, rate: int, channels: int
) -> None:
    recording = await FileRecording.load(record(tmp_path / f"a.{ending}", codec, rate, channels))
    assert recording.channels == (2 if channels == 2 else 1)
    assert abs(recording.duration - SECONDS) < 0.1
    sound = await recording.read(8_000, 24_000)
    spectrum = np.abs(np.fft.rfft(sound))
    assert abs(int(spectrum.argmax()) - 440) <= 2


async def test_a_paced_source_and_a_fast_one_give_the_same_sound_without_holes(tmp_path: Path) -> None:
    path = record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1, 0.35)
    paced = [frame async for frame in FileSource(path, speed=1.0).frames()]
    fast = [frame async for frame in FileSource(path.read_bytes(), speed=0.0).frames()]
    assert b"".join(f.pcm for f in paced) == b"".join(f.pcm for f in fast)
    assert len(paced) > len(fast)
    for before, after in pairwise(paced):
        assert after.offset == before.end


async def test_a_source_that_is_cancelled_while_it_decodes_closes_its_file_only_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    decoding, go_on = Event(), Event()

    def pieces(_decoder: Decoder) -> Iterator[bytes]:
        decoding.set()
        go_on.wait(10)
        order.append("decoded")
        yield bytes(2)

    def close(_decoder: Decoder, *_exc: object) -> None:
        order.append("closed")

    monkeypatch.setattr(Decoder, "pieces", pieces)
    monkeypatch.setattr(Decoder, "__exit__", close)
    source = FileSource(record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1), speed=0.0)
    playing = asyncio.ensure_future(anext(aiter(source.frames())))
    await asyncio.to_thread(decoding.wait, 10)
    playing.cancel()
    Timer(0.05, go_on.set).start()
    with pytest.raises(asyncio.CancelledError):
        await playing
    go_on.set()
    assert order == ["decoded", "closed"]


async def test_a_recording_becomes_available_at_the_pace_of_its_clock(tmp_path: Path) -> None:
    recording = await FileRecording.load(record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1))
    assert recording.available(0.5) == SAMPLE_RATE_HZ // 2 and not recording.ended
    assert recording.available(99.0) == recording.length and recording.ended


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "webm"])
async def test_a_recording_that_breaks_off_is_heard_as_far_as_it_goes_and_says_so(tmp_path: Path, ending: str) -> None:
    codec = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "webm": "libopus"}[ending]
    whole = record(tmp_path / f"whole.{ending}", codec, 48_000, 1, 6.0)
    broken = tmp_path / f"broken.{ending}"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    recording = await FileRecording.load(broken)
    assert 1.5 < recording.duration < 4.5 and recording.damaged
    assert not (await FileRecording.load(whole)).damaged


@pytest.mark.parametrize(("ending", "codec"), [("mp3", "libmp3lame"), ("m4a", "aac")])
async def test_damage_in_the_middle_costs_its_own_sound_alone(tmp_path: Path, ending: str, codec: str) -> None:
    path = record(tmp_path / f"a.{ending}", codec, 48_000, 1, 6.0)
    content = bytearray(path.read_bytes())
    for place in range(len(content) // 3, len(content) * 2 // 3, 2_000):
        content[place : place + 40] = bytes(range(100, 140))
    path.write_bytes(content)
    recording = await FileRecording.load(path)
    assert recording.duration > 5.0 and recording.damaged


async def test_a_recording_whose_rate_and_channels_change_on_the_way_is_heard_to_its_end(tmp_path: Path) -> None:
    first = record(tmp_path / "a.mp3", "libmp3lame", 44_100, 1).read_bytes()
    then = record(tmp_path / "b.mp3", "libmp3lame", 32_000, 2).read_bytes()
    (tmp_path / "joined.mp3").write_bytes(first + then)
    recording = await FileRecording.load(tmp_path / "joined.mp3")
    assert recording.duration == pytest.approx(2 * SECONDS, abs=0.3)


async def refusal(source: Path | bytes) -> str:
    with pytest.raises(AudioError) as refused:
        [frame async for frame in FileSource(source, speed=0.0).frames()]
    line = str(refused.value)
    assert "\n" not in line
    return line


async def test_what_is_no_recording_gets_one_line_that_names_it(tmp_path: Path) -> None:
    text, empty, silent = tmp_path / "notes.txt", tmp_path / "empty.wav", tmp_path / "head.wav"
    text.write_text("no sound in here")
    empty.touch()
    silent.write_bytes(record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1).read_bytes()[:44])
    assert "notes.txt: not a recording" in await refusal(text)
    assert "empty.wav: it is empty" in await refusal(empty)
    assert "head.wav: not a recording" in await refusal(silent)
    assert "is a folder" in await refusal(tmp_path)
    assert "there is no such file" in await refusal(tmp_path / "none.wav")
    assert "the uploaded file: it is empty" in await refusal(b"")
    assert "the uploaded file: not a recording" in await refusal(b"garbage" * 99)


async def test_what_cannot_be_opened_gets_one_line_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    assert "pipe.wav: is a pipe or a device" in await refusal(pipe)
    locked = record(tmp_path / "locked.wav", "pcm_s16le", 16_000, 1)
    monkeypatch.setattr(Path, "open", Mock(side_effect=PermissionError(13, "Permission denied")))
    assert "locked.wav: cannot be read: Permission denied" in await refusal(locked)


async def test_a_recording_of_no_channels_is_none(tmp_path: Path) -> None:
    path = record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1)
    content = bytearray(path.read_bytes())
    place = content.index(b"fmt ") + 10
    content[place : place + 2] = b"\0\0"
    path.write_bytes(content)
    assert "a.wav: " in await refusal(path)


async def test_sound_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    content = bytearray(record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1).read_bytes())
    place = content.index(b"fmt ") + 8
    content[place : place + 2] = b"\x99\x99"
    assert "written in a way that cannot be read" in await refusal(bytes(content))


async def test_a_rate_that_nobody_records_at_is_refused(tmp_path: Path) -> None:
    content = bytearray(record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1).read_bytes())
    place = content.index(b"fmt ") + 12
    content[place : place + 4] = (872_431_232).to_bytes(4, "little")
    assert "says 872431232 Hz" in await refusal(bytes(content))


async def test_a_list_of_other_files_is_no_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # FFmpeg would open what the list names: another visit's sound, or an address.
    monkeypatch.chdir(tmp_path)
    record(tmp_path / "other.wav", "pcm_s16le", 16_000, 1)
    concat = b"ffconcat version 1.0\nfile other.wav\n"
    assert "not a recording" in await refusal(concat)
    (tmp_path / "list.ffconcat").write_bytes(concat)
    assert "not a recording" in await refusal(tmp_path / "list.ffconcat")
    assert "not a recording" in await refusal(b"v=0\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n")


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_file_is_heard_in_part_or_refused_in_one_line(data: st.DataObject) -> None:
    whole = small_files()[data.draw(st.sampled_from(["wav", "flac", "mp3", "m4a", "ogg", "webm"]))]
    content = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=20)):
        content[place] ^= data.draw(st.integers(1, 255))
    try:
        with Decoder(bytes(content)) as decoder:
            assert sum(map(len, decoder.pieces())) > 0
    except AudioError as refused:
        assert "\n" not in str(refused)


@cache
def small_files() -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        wanted = {ending: (codec, rate, channels) for ending, codec, rate, channels in FORMATS if rate != 192_000}
        return {
            ending: record(Path(folder) / f"a.{ending}", codec, rate, channels, 0.5).read_bytes()
            for ending, (codec, rate, channels) in wanted.items()
        }


async def test_a_film_without_sound_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert "there is no sound in it" in await refusal(path)


async def test_a_guessed_length_makes_no_recording_damaged_or_too_long(tmp_path: Path) -> None:
    parts = [
        record(
            tmp_path / f"{rate}.mp3", "libmp3lame", 44_100, 1, seconds, bit_rate=rate, write_xing="0", id3v2_version="0"
        )
        for rate, seconds in ((32_000, 1.0), (320_000, 5.0))
    ]
    path = tmp_path / "varying.mp3"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    recording = await FileRecording.load(path)
    assert recording.duration == pytest.approx(6.0, abs=0.2)
    assert not recording.damaged


async def test_a_film_whose_picture_goes_on_has_lost_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as out:
        picture: Any = out.add_stream("mpeg4", rate=10)
        picture.width = picture.height = 16
        picture.pix_fmt = "yuv420p"
        sound: Any = out.add_stream("libopus", rate=48_000, layout="mono")
        for number in range(50):
            image = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
            image.pts = number
            out.mux(picture.encode(image))
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.int16), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
        for stream, last in ((sound, frame), (sound, None), (picture, None)):
            out.mux(stream.encode(last))
    recording = await FileRecording.load(path)
    assert recording.duration == pytest.approx(1.0, abs=0.1)
    assert not recording.damaged


async def test_a_recording_beyond_the_longest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1)
    monkeypatch.setattr(decode, "LONGEST_S", 1)
    assert "longer than" in await refusal(path)


def test_a_decoder_says_how_long_and_how_many_channels(tmp_path: Path) -> None:
    with Decoder(record(tmp_path / "a.flac", "flac", 16_000, 2)) as decoder:
        assert decoder.channels == 2 and decoder.duration == pytest.approx(SECONDS, abs=0.1)


async def test_sound_in_memory_grows_and_holes_are_silence() -> None:
    recording = MemoryRecording()
    recording.append(AudioFrame(offset=0, pcm=b"\x01\x00" * 10))
    recording.append(AudioFrame(offset=20, pcm=b"\x01\x00" * 10))
    assert recording.available(0.0) == 30 and not recording.ended
    assert list(await recording.read(10, 20)) == [0.0] * 10
    recording.end()
    assert recording.ended
