"""Sound as the service handles it: 16 kHz frames of 16-bit samples, placed by their offset in the visit."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

SAMPLE_RATE_HZ = 16_000
"""Whisper hears 16 kHz (Radford et al. 2022, section 2.2); every source is brought to it at the edge."""

BYTES_PER_SAMPLE = 2
"""Signed 16-bit little-endian PCM."""


class GapReason(StrEnum):
    """Why sound is missing, as the `audio_gap` fact says it (docs/capture.md)."""

    OVERRUN = "overrun"
    """The computer was too busy to take what its microphone heard."""

    DEVICE = "device"
    """The microphone was unplugged, changed, or gave nothing."""

    NETWORK = "network"
    """What was heard did not come through: nobody said why."""

    SLEEP = "sleep"
    """The computer slept: its clock went on, its microphone did not."""

    PAUSE = "pause"
    """A pause or the end was asked for at the microphone, and did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFrame:
    """Samples of one or two interleaved channels. `offset` counts frames (samples of one channel) from the start.

    `missing` says why there is no sound before it, where the offset says that some is missing.
    """

    offset: int
    pcm: bytes = field(repr=False)
    channels: int = 1
    missing: GapReason = GapReason.NETWORK

    @property
    def length(self) -> int:
        """Samples of one channel in this frame."""
        return len(self.pcm) // (BYTES_PER_SAMPLE * self.channels)

    @property
    def end(self) -> int:
        """The offset just behind this frame."""
        return self.offset + self.length


def seconds(samples: int) -> float:
    """Return the time in seconds at which sample number `samples` lies."""
    return samples / SAMPLE_RATE_HZ


def samples(time_s: float) -> int:
    """Return the number of the sample that lies at `time_s` seconds."""
    return round(time_s * SAMPLE_RATE_HZ)
