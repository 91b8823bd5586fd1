"""PCM at the edges: messages of the audio socket, samples, WAV."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.audio.pcm import from_samples, to_samples
from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame
from live_scribe.core.pcm import (
    LONGEST_S,
    MAX_MESSAGE_BYTES,
    WAV_HEADER_BYTES,
    decode_message,
    encode_message,
    wav_header,
)
from live_scribe.errors import AudioError


@settings(max_examples=40)
@given(
    offset=st.integers(0, 2**29),
    levels=st.lists(st.integers(-32768, 32767), max_size=60),
    channels=st.sampled_from([1, 2]),
)
def test_a_message_comes_out_as_it_went_in(offset: int, levels: list[int], channels: int) -> None:
    levels = levels[: len(levels) // channels * channels]
    frame = AudioFrame(offset=offset, pcm=struct.pack(f"<{len(levels)}h", *levels), channels=channels)
    message = encode_message(frame)
    assert message[:8] == offset.to_bytes(8, "little")
    assert decode_message(message, channels) == frame


@settings(max_examples=100)
@given(message=st.binary(max_size=40), channels=st.sampled_from([1, 2]))
def test_any_bytes_are_a_frame_or_an_audio_error(message: bytes, channels: int) -> None:
    try:
        frame = decode_message(message, channels)
    except AudioError:
        return
    assert frame.length * 2 * channels == len(message) - 8


@pytest.mark.parametrize(
    ("message", "channels", "said"),
    [
        (b"", 1, "has no offset"),
        (bytes(7), 1, "has no offset"),
        (bytes(8 + 3), 1, "ends inside a sample"),
        (bytes(8 + 6), 2, r"ends inside a sample: send 16-bit PCM of 2 channel\(s\)"),
        (bytes(MAX_MESSAGE_BYTES + 1), 1, "is too long: send at most 65536"),
        (b"\xff" * 10, 1, "lies behind the longest visit"),
        ((LONGEST_S * SAMPLE_RATE_HZ).to_bytes(8, "little") + bytes(2), 1, "lies behind the longest visit"),
    ],
)
def test_a_wrong_message_is_one_clear_line(message: bytes, channels: int, said: str) -> None:
    with pytest.raises(AudioError, match=said):
        decode_message(message, channels)


def test_the_longest_message_and_an_empty_one_are_fine() -> None:
    assert decode_message(bytes(MAX_MESSAGE_BYTES)).length == (MAX_MESSAGE_BYTES - 8) // 2
    assert decode_message(bytes(8)).length == 0


def test_samples_lie_between_minus_one_and_one() -> None:
    samples = to_samples(struct.pack("<4h", -32768, 0, 16384, 32767))
    assert samples.dtype == np.float32
    assert samples.tolist() == [-1.0, 0.0, 0.5, 32767 / 32768]


def test_two_channels_are_mixed_to_one() -> None:
    samples = to_samples(struct.pack("<4h", 16384, -16384, 32767, 32767), channels=2)
    assert samples.dtype == np.float32
    assert samples.tolist() == pytest.approx([0.0, 32767 / 32768])


@settings(max_examples=30)
@given(levels=st.lists(st.integers(-32768, 32767), max_size=50))
def test_pcm_survives_being_samples(levels: list[int]) -> None:
    pcm = struct.pack(f"<{len(levels)}h", *levels)
    assert from_samples(to_samples(pcm)) == pcm


def test_what_is_too_loud_is_clipped() -> None:
    assert struct.unpack("<2h", from_samples(np.array([2.0, -2.0], dtype=np.float32))) == (32767, -32768)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_wav_file_is_read_by_others(channels: int) -> None:
    pcm = bytes(range(200)) * 2 * channels
    header = wav_header(200, channels)
    assert len(header) == WAV_HEADER_BYTES
    with wave.open(io.BytesIO(header + pcm)) as file:
        form = (file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes())
        assert form == (channels, 2, SAMPLE_RATE_HZ, 200)
        assert file.readframes(200) == pcm
