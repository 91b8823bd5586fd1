"""PCM on the wire: messages of the audio websocket (docs/protocol.md) and the head of a WAV file."""

from __future__ import annotations

import struct

from live_scribe.core.audio import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioFrame
from live_scribe.errors import AudioError

MAX_MESSAGE_BYTES = 64 * 1024
"""docs/protocol.md closes the socket above this: two seconds of sound, where a browser sends a tenth of one."""

LONGEST_S = 12 * 3600
"""Longest sound of one visit. An offset beyond it is a mistake or an attack, not a visit."""

WAV_HEADER_BYTES = 44
_OFFSET = struct.Struct("<Q")
_PCM_TAG = 1


def decode_message(message: bytes, channels: int = 1) -> AudioFrame:
    """Return the frame of a binary message: 8 bytes little-endian offset, then 16-bit interleaved PCM.

    Raises AudioError for one that is too long, cut off, or placed beyond the longest visit.
    """
    if len(message) > MAX_MESSAGE_BYTES:
        raise AudioError(f"a message of {len(message)} bytes is too long: send at most {MAX_MESSAGE_BYTES}")
    if len(message) < _OFFSET.size:
        raise AudioError(f"a message of {len(message)} bytes has no offset: send {_OFFSET.size} bytes of it, then PCM")
    (offset,) = _OFFSET.unpack_from(message)
    pcm = message[_OFFSET.size :]
    if len(pcm) % (BYTES_PER_SAMPLE * channels):
        raise AudioError(f"a message ends inside a sample: send 16-bit PCM of {channels} channel(s)")
    frame = AudioFrame(offset=offset, pcm=pcm, channels=channels)
    if frame.end > LONGEST_S * SAMPLE_RATE_HZ:
        raise AudioError(f"sound at sample {offset} lies behind the longest visit of {LONGEST_S // 3600} hours")
    return frame


def encode_message(frame: AudioFrame) -> bytes:
    """Return the binary message of a frame."""
    return _OFFSET.pack(frame.offset) + frame.pcm


def wav_header(length: int, channels: int = 1) -> bytes:
    """Return the 44 bytes before `length` samples of each channel in a WAV file (RIFF, WAVE_FORMAT_PCM)."""
    frame_bytes = BYTES_PER_SAMPLE * channels
    size = length * frame_bytes
    form = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, _PCM_TAG, channels, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ * frame_bytes, frame_bytes, 16
    )
    riff = struct.pack("<4sI4s", b"RIFF", WAV_HEADER_BYTES - 8 + size, b"WAVE")
    return riff + form + struct.pack("<4sI", b"data", size)
