"""How loud the sound is that arrives, and whether any does: for meters and warnings, never stored."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from live_scribe.core.audio import AudioFrame, seconds

FULL_SCALE = 32_768

QUIETEST = 16
"""-66 dBFS: an open microphone is never as still as this for long; a muted or unplugged one is."""

CLIPPED_AT = 32_440
"""0.1 dB below full scale: where a converter's limit was resampled, the tops are not all exactly at it."""

CLIPPED_SAMPLES = 8
"""In a tenth of a second: a single loud click touches the limit less often; a voice that is too loud, at every top."""

FLOOR_DB = -96.0
"""What is told of no sound at all: the least that 16 bits can say is -90."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLevel:
    """One channel since it was last asked about: its peak, whether it was clipped, how long it has been silent (s)."""

    db: float
    clipped: bool
    silence: float


class LevelMeter:
    """Watches the sound of a visit as it arrives."""

    def __init__(self, channels: int) -> None:
        self._peaks = [0] * channels
        self._clipped = [False] * channels
        self._silence = [0] * channels

    def hear(self, frame: AudioFrame) -> None:
        """Take a frame into account."""
        levels = array("h", frame.pcm)
        if sys.byteorder == "big":
            levels.byteswap()
        for channel in range(frame.channels):
            self._hear(channel, levels[channel :: frame.channels])

    def _hear(self, channel: int, levels: Sequence[int]) -> None:
        peak = max(max(levels, default=0), -min(levels, default=0))
        self._peaks[channel] = max(self._peaks[channel], peak)
        self._silence[channel] = self._silence[channel] + len(levels) if peak < QUIETEST else 0
        if peak >= CLIPPED_AT:
            tops = sum(abs(level) >= CLIPPED_AT for level in levels)
            self._clipped[channel] |= tops >= CLIPPED_SAMPLES

    def read(self) -> tuple[ChannelLevel, ...]:
        """Return each channel's level since this was last asked."""
        told = tuple(
            ChannelLevel(
                db=round(20 * math.log10(peak / FULL_SCALE), 1) if peak else FLOOR_DB,
                clipped=clipped,
                silence=round(seconds(silence), 1),
            )
            for peak, clipped, silence in zip(self._peaks, self._clipped, self._silence, strict=True)
        )
        self._peaks = [0] * len(self._peaks)
        self._clipped = [False] * len(self._clipped)
        return told
