"""Recordings as sources: paced like a microphone for the service, or whole in memory for the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from threading import Lock

from live_scribe.audio.decode import Decoder
from live_scribe.audio.pcm import to_channels, to_samples
from live_scribe.core.audio import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioFrame, seconds
from live_scribe.ports import Samples

FRAME_S = 0.1
"""Sound in one frame at the pace of speech: what a browser's microphone sends too."""

FAST_FRAME_S = 1.0
"""And as fast as it can be read."""


class FileSource:
    """ports.AudioSource: a recording played in, at the pace of speech (`speed` 1) or without waiting (0).

    With `mixed`, two channels become one. Raises AudioError where it cannot be opened.
    """

    def __init__(self, source: Path | bytes, *, speed: float = 1.0, mixed: bool = False) -> None:
        self._decoder = Decoder(source, mixed=mixed)
        self._speed = speed
        self.channels = self._decoder.channels

    async def frames(self) -> AsyncIterator[AudioFrame]:
        """Yield the recording's frames; decoding runs in a thread, no further ahead than one frame."""
        size = int((FRAME_S if self._speed else FAST_FRAME_S) * SAMPLE_RATE_HZ) * BYTES_PER_SAMPLE * self.channels
        loop = asyncio.get_running_loop()
        begin, offset = loop.time(), 0
        with closing(_Reading(self._decoder, size)) as reading:
            while pcm := await asyncio.to_thread(reading.next):
                frame = AudioFrame(offset=offset, pcm=pcm, channels=self.channels)
                offset = frame.end
                if self._speed:
                    await asyncio.sleep(begin + seconds(offset) / self._speed - loop.time())
                yield frame


class _Reading:
    """Reads pieces in threads. Closing waits for the one that reads: FFmpeg dies of a file that is closed under it."""

    def __init__(self, decoder: Decoder, size: int) -> None:
        self._decoder = decoder
        self._pieces = _of_size(decoder.pieces(), size)
        self._lock = Lock()
        self._closed = False

    def next(self) -> bytes:
        """Return the next piece; nothing at the end, and after closing."""
        with self._lock:
            return b"" if self._closed else next(self._pieces, b"")

    def close(self) -> None:
        """Close the file; blocks for as long as one piece takes to decode, milliseconds."""
        with self._lock, self._decoder:
            self._closed = True


class FileRecording:
    """ports.Recording: a whole file in memory, 16-bit, that becomes available at the pace of its clock.

    The longest, 12 hours of one channel, takes 1.4 GB. `damaged`: parts of the file could not be read.
    """

    def __init__(self, pcm: bytes | bytearray, channels: int, *, damaged: bool = False) -> None:
        self._pcm = memoryview(pcm)
        self._channels = channels
        self._there = 0
        self.damaged = damaged
        self.length = len(pcm) // (BYTES_PER_SAMPLE * channels)

    @classmethod
    async def load(cls, path: Path) -> FileRecording:
        """Return the recording of a file, decoded in a thread. Raises AudioError."""
        return await asyncio.to_thread(cls.decode, path)

    @classmethod
    def decode(cls, path: Path) -> FileRecording:
        """Return the recording of a file. Blocks; raises AudioError."""
        pcm = bytearray()
        with Decoder(path) as decoder:
            for piece in decoder.pieces():
                pcm += piece
            return cls(pcm, decoder.channels, damaged=decoder.damaged)

    @property
    def channels(self) -> int:
        """One or two."""
        return self._channels

    @property
    def duration(self) -> float:
        """Seconds."""
        return seconds(self.length)

    @property
    def ended(self) -> bool:
        """Whether all of it has become available."""
        return self._there >= self.length

    def available(self, now: float) -> int:
        """Return the samples that have been spoken by `now`."""
        self._there = min(self.length, int(now * SAMPLE_RATE_HZ))
        return self._there

    async def read(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end`, mixed to one channel."""
        return to_samples(self._cut(start, end), self._channels)

    async def read_channels(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end` of each channel."""
        return to_channels(self._cut(start, end), self._channels)

    def _cut(self, start: int, end: int) -> bytes:
        frame = BYTES_PER_SAMPLE * self._channels
        return bytes(self._pcm[start * frame : end * frame])


def _of_size(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield the same bytes in pieces of `size`, the last one shorter."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    if waiting:
        yield bytes(waiting)
