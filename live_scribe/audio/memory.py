"""The sound of a visit that is heard and not kept: in memory until the program ends."""

from __future__ import annotations

from live_scribe.audio.pcm import to_channels, to_samples
from live_scribe.core.audio import BYTES_PER_SAMPLE, AudioFrame
from live_scribe.ports import Samples


class MemoryRecording:
    """ports.Recording that grows while a microphone is heard; a hole is filled with silence."""

    def __init__(self, channels: int = 1) -> None:
        self._channels = channels
        self._pcm = bytearray()
        self._ended = False

    @property
    def channels(self) -> int:
        """One or two."""
        return self._channels

    @property
    def ended(self) -> bool:
        """Whether no more sound will come."""
        return self._ended

    def available(self, now: float) -> int:
        """Return the samples that are there."""
        return len(self._pcm) // self._frame

    def append(self, frame: AudioFrame) -> list[tuple[int, int]]:
        """Add a frame at its offset; return the holes (first sample, sample behind) it left."""
        begin, there = frame.offset * self._frame, len(self._pcm)
        self._pcm.extend(bytes(max(0, begin - there)))
        self._pcm[begin : begin + len(frame.pcm)] = frame.pcm
        return [(there // self._frame, frame.offset)] if begin > there else []

    def end(self) -> None:
        """No more sound will come."""
        self._ended = True

    async def read(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end`, mixed to one channel."""
        return to_samples(bytes(self._pcm[start * self._frame : end * self._frame]), self._channels)

    async def read_channels(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end` of each channel."""
        return to_channels(bytes(self._pcm[start * self._frame : end * self._frame]), self._channels)

    @property
    def _frame(self) -> int:
        return BYTES_PER_SAMPLE * self._channels
