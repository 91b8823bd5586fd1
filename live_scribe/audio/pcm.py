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


def from_samples(samples: Samples) -> bytes:
    """Return float sound as 16-bit PCM; what is louder than full scale is clipped."""
    levels = np.clip(np.rint(samples * np.float32(_FULL_SCALE)), -_FULL_SCALE, _FULL_SCALE - 1)
    pcm: bytes = levels.astype("<i2").tobytes()
    return pcm
