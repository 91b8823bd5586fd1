"""PCM and a model's samples: 16-bit integers on the wire and on disk, floats from -1 to 1 for models."""

from __future__ import annotations

import numpy as np

from live_scribe.ports import Samples

_FULL_SCALE = 32_768.0


def to_samples(pcm: bytes, channels: int = 1) -> Samples:
    """Return 16-bit PCM as float32 from -1 to 1, shape (n,), channels mixed to one."""
    levels = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(_FULL_SCALE)
    if channels == 1:
        return levels
    mixed: Samples = levels.reshape(-1, channels).mean(axis=1, dtype=np.float32)
    return mixed


def to_channels(pcm: bytes, channels: int) -> Samples:
    """Return 16-bit interleaved PCM as float32 from -1 to 1, shape (channels, n)."""
    apart: Samples = to_samples(pcm).reshape(-1, channels).T
    return apart


def stretched(pcm: bytes, channels: int, length: int) -> bytes:
    """Return 16-bit interleaved PCM made `length` samples long, by straight lines between its own."""
    levels = np.frombuffer(pcm, dtype="<i2").reshape(-1, channels)
    if len(levels) == length:
        return pcm
    at = np.linspace(0, len(levels) - 1, length)
    apart = [np.interp(at, np.arange(len(levels)), levels[:, channel]) for channel in range(channels)]
    made: bytes = np.rint(np.stack(apart, axis=1)).astype("<i2").tobytes()
    return made


def from_samples(samples: Samples) -> bytes:
    """Return float sound as 16-bit PCM; what is louder than full scale is clipped."""
    levels = np.clip(np.rint(samples * np.float32(_FULL_SCALE)), -_FULL_SCALE, _FULL_SCALE - 1)
    pcm: bytes = levels.astype("<i2").tobytes()
    return pcm
