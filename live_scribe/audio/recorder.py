"""The sound of one visit, as it is recorded and heard: what was flushed survives a crash and a power cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from live_scribe.audio.pcm import to_channels, to_samples
from live_scribe.audio.track import Track
from live_scribe.core.audio import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, AudioFrame
from live_scribe.errors import AudioError
from live_scribe.ports import Samples

T = TypeVar("T")

RECENT_S = 32
"""Sound kept in memory: whisper looks at up to 30 s at a time, and looks at nearly the same sound each time."""

UNFLUSHED_S = 2
"""Sound that may wait for a flush. A caller that forgets to flush is slowed down, and never loses more than this."""


class Recorder:
    """ports.Recording, and the way sound gets into it. One task appends; any may read."""

    def __init__(self, track: Track, channels: int) -> None:
        self._track = track
        self._channels = channels
        self._frame_bytes = BYTES_PER_SAMPLE * channels
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recorder")
        self._flushing = asyncio.Lock()
        # Samples `_recent_start` to `_next` (gaps as zeros); from `_pending_start` on they wait for a flush.
        self._recent = bytearray()
        self._recent_start = self._pending_start = self._next = track.end
        self._ended = False

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, key: bytes, visit: str, channels: int = 1) -> AsyncIterator[Recorder]:
        """Open a visit's sound, which need not be there yet; flush and close it at the end.

        `key`: 32 bytes. Raises StorageError: another key, damaged, other channels, no permission.
        """
        recorder = cls(await asyncio.to_thread(Track, path, key, visit, channels), channels)
        try:
            yield recorder
        finally:
            try:
                await recorder.flush()
            finally:
                await recorder._close()

    @property
    def channels(self) -> int:
        """One, or two with one microphone each."""
        return self._channels

    @property
    def next_sample(self) -> int:
        """The sample that should come next: what lies below is there, or is a gap."""
        return self._next

    @property
    def safe(self) -> int:
        """The sample below which everything is safe on disk."""
        return self._track.end

    @property
    def ended(self) -> bool:
        """Whether `end` was called."""
        return self._ended

    def end(self) -> None:
        """Say that no more sound will come."""
        self._ended = True

    def available(self, now: float) -> int:
        """Return how many samples there are. The clock does not matter: sound is here when it is here."""
        return self._next

    def gaps(self) -> list[tuple[int, int]]:
        """Return the gaps before the last flushed sample: (start, end) in samples."""
        return self._track.gaps()

    async def append(self, frame: AudioFrame) -> list[tuple[int, int]]:
        """Take a frame and return the gaps that it showed: (start, end) in samples.

        What lies below `next_sample` is passed over. Raises AudioError for a frame of another form, and StorageError
        where the disk refuses; the frame was not taken then.
        """
        self._check(frame)
        skip = max(self._next - frame.offset, 0)
        if skip >= frame.length:
            return []
        gap_start = self._next
        if frame.offset > gap_start or self._next - self._pending_start > UNFLUSHED_S * SAMPLE_RATE_HZ:
            # A record has no holes: what is before the gap is written first.
            await self.flush()
        if frame.offset > gap_start:
            self._skip_to(frame.offset)
        self._recent += frame.pcm[skip * self._frame_bytes :]
        self._next = frame.end
        return [(gap_start, frame.offset)] if frame.offset > gap_start else []

    async def flush(self) -> int:
        """Bring everything appended to disk and return the sample below which all is safe. Raises StorageError.

        Then the sound stays in memory, and the next flush tries again.
        """
        async with self._flushing:
            start, end = self._pending_start, self._next
            if start < end:
                pcm = self._slice(start, end)
                await self._run(lambda: self._track.append(start, pcm))
                self._pending_start = end
                self._forget()
        return self._track.end

    async def read(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end` (at most to `next_sample`), channels mixed; gaps and struck ones are 0."""
        return to_samples(await self.read_pcm(start, end), self._channels)

    async def read_channels(self, start: int, end: int) -> Samples:
        """Return samples `start` to `end` (at most to `next_sample`) of each channel, shape (channels, n)."""
        return to_channels(await self.read_pcm(start, end), self._channels)

    async def read_pcm(self, start: int, end: int) -> bytes:
        """Return samples `start` to `end` (at most to `next_sample`) as 16-bit PCM, channels interleaved."""
        start, end = max(start, 0), min(end, self._next)
        if start >= end:
            return b""
        cut = min(max(start, self._recent_start), end)
        recent = self._slice(cut, end)
        old = await self._run(lambda: self._track.read(start, cut)) if start < cut else b""
        return old + recent

    async def strike(self, start: int, end: int) -> None:
        """Destroy samples `start` to `end`, in memory and on disk; they read as zeros from now on."""
        await self.flush()
        await self._run(lambda: self._track.strike(start, end))
        first, last = max(start, self._recent_start), min(end, self._next)
        if first < last:
            at = (first - self._recent_start) * self._frame_bytes
            length = (last - first) * self._frame_bytes
            self._recent[at : at + length] = bytes(length)

    def _check(self, frame: AudioFrame) -> None:
        if self._ended:
            raise AudioError("the recording has ended: open a new visit")
        if frame.channels != self._channels or len(frame.pcm) % self._frame_bytes:
            raise AudioError(f"this visit is recorded in {self._channels} channel(s) of 16-bit samples: send that")

    def _skip_to(self, offset: int) -> None:
        missing = offset - self._next
        if missing <= RECENT_S * SAMPLE_RATE_HZ:
            self._recent += bytes(missing * self._frame_bytes)
        else:
            self._recent.clear()
            self._recent_start = offset
        self._pending_start = self._next = offset

    def _forget(self) -> None:
        """Drop from memory what is on disk and not recent."""
        keep_from = min(self._next - RECENT_S * SAMPLE_RATE_HZ, self._pending_start)
        if keep_from > self._recent_start:
            del self._recent[: (keep_from - self._recent_start) * self._frame_bytes]
            self._recent_start = keep_from

    def _slice(self, start: int, end: int) -> bytes:
        first, last = start - self._recent_start, end - self._recent_start
        return bytes(self._recent[first * self._frame_bytes : last * self._frame_bytes])

    async def _run(self, job: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    async def _close(self) -> None:
        await self._run(self._track.close)
        self._thread.shutdown()
