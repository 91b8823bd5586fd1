"""Sound of another rate brought to 16 kHz block by block, by PyAV (FFmpeg)."""

from __future__ import annotations

from typing import Any

import numpy as np

from live_scribe.core.audio import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from live_scribe.errors import AudioError

INSTALL = "pip install 'live-scribe[asr]'"


class Resampler:
    """Takes 16-bit interleaved PCM at `rate_hz`, gives it at 16 kHz. Raises AudioError where PyAV is missing."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        try:
            import av
        except ImportError:
            raise AudioError(f"a microphone of {rate_hz} Hz needs what reads recordings: {INSTALL}") from None
        self._frame: Any = av.AudioFrame
        self._rate_hz = rate_hz
        self._layout = "stereo" if channels == 2 else "mono"
        self._bytes = BYTES_PER_SAMPLE * channels
        self._resampler = av.AudioResampler(format="s16", layout=self._layout, rate=SAMPLE_RATE_HZ)

    def feed(self, pcm: bytes) -> bytes:
        """Return what `pcm` becomes; a few milliseconds wait for the next call."""
        frame = self._frame.from_ndarray(np.frombuffer(pcm, "<i2")[None, :], format="s16", layout=self._layout)
        frame.sample_rate = self._rate_hz
        made = self._resampler.resample(frame)
        return b"".join(bytes(piece.planes[0])[: piece.samples * self._bytes] for piece in made)
