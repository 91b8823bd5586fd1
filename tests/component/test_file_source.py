"""Recordings of every kind come in as 16 kHz PCM; what is none gets one plain line."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

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


def record(path: Path, codec: str, rate: int, channels: int, seconds: float = SECONDS) -> Path:
    """Write a tone of 440 Hz."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    time = np.arange(int(rate * seconds)) / rate
    tone = (np.sin(2 * math.pi * 440 * time) * 8_000).astype(np.int16)
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=rate, layout=layout)
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


async def test_a_recording_becomes_available_at_the_pace_of_its_clock(tmp_path: Path) -> None:
    recording = await FileRecording.load(record(tmp_path / "a.wav", "pcm_s16le", 16_000, 1))
    assert recording.available(0.5) == SAMPLE_RATE_HZ // 2 and not recording.ended
    assert recording.available(99.0) == recording.length and recording.ended


async def test_a_recording_that_breaks_off_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = record(tmp_path / "a.flac", "flac", 48_000, 1, 4.0).read_bytes()
    broken = tmp_path / "broken.flac"
    broken.write_bytes(whole[: len(whole) // 2])
    recording = await FileRecording.load(broken)
    assert 0.5 < recording.duration < 3.5


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
