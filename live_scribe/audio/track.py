"""One visit's sound as a file: sealed records, appended, each on disk before it is acknowledged. Blocks; no threads.

Writes go through one record at a time, so that a crash can spoil the last one alone; it is cut off before the next
write. How a record looks is in `records`.
"""

from __future__ import annotations

import os
import shutil
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from itertools import islice
from pathlib import Path

from live_scribe.audio.disk import folder_to_disk, lock_file, read_all, to_disk, write_all
from live_scribe.audio.records import FILE_HEAD_BYTES, MAGIC, RECORD_HEAD_BYTES, RecordSealer
from live_scribe.core.audio import SAMPLE_RATE_HZ, seconds
from live_scribe.errors import StorageError

MAX_RECORD_FRAMES = 30 * SAMPLE_RATE_HZ
"""Longer sound becomes several records; also tells a spoilt length from a real one."""

_COPY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Record:
    """Where a record lies: its samples in the visit, its bytes in the file."""

    offset: int
    frames: int
    place: int

    @property
    def end(self) -> int:
        return self.offset + self.frames


class Track:
    """The file of one visit's sound. Opening reads only; the first write takes the file for this process alone."""

    def __init__(self, path: Path, key: bytes, visit: str, channels: int) -> None:
        self.path = path
        self._sealer = RecordSealer(key, visit, channels)
        self._frame_bytes = self._sealer.frame_bytes
        self._file: FileIO | None = None
        self._writing = False
        self._records: list[_Record] = []
        self._damaged: list[tuple[int, int]] = []
        self._size = 0
        with self._errors("read"):
            if path.exists() and path.stat().st_size >= FILE_HEAD_BYTES:
                self._file = FileIO(path, "rb")
                try:
                    self._scan()
                    # What a killed process wrote, and did not live to bring to the disk, counts as safe from now on.
                    with suppress(OSError):  # Windows refuses this to readers
                        to_disk(self._file)
                except BaseException:
                    self.close()
                    raise

    @property
    def end(self) -> int:
        """The sample behind the last one that is safe on disk."""
        return self._records[-1].end if self._records else 0

    def gaps(self) -> list[tuple[int, int]]:
        """Return where sound is missing between the first sample and the last: (start, end) in samples."""
        ends = [0, *(r.end for r in self._records)]
        missing = [(end, r.offset) for end, r in zip(ends, self._records, strict=False) if r.offset > end]
        return [gap for gap in missing if gap not in self._damaged]

    def append(self, offset: int, pcm: bytes) -> None:
        """Store sound that begins at sample `offset`, on disk when this returns. What is stored already is passed over.

        Raises StorageError where the disk refuses; everything that was stored before stays readable.
        """
        with self._errors("written"):
            self._take()
            skip = max(self.end - offset, 0)
            step = MAX_RECORD_FRAMES * self._frame_bytes
            for at in range(skip * self._frame_bytes, len(pcm), step):
                self._write_record(offset + at // self._frame_bytes, pcm[at : at + step])

    def read(self, start: int, end: int) -> bytes:
        """Return the PCM of samples `start` to `end`, zeros where there is none. Raises StorageError if it was altered.

        Takes time for what is asked, not for the length of the visit.
        """
        for first, last in self._damaged:
            if first < end and start < last:
                raise self._damage(first)
        out = bytearray((end - start) * self._frame_bytes)
        with self._errors("read"):
            for record in self._overlapping(start, end):
                pcm = self._open(record)
                first, last = max(start, record.offset), min(end, record.end)
                piece = pcm[(first - record.offset) * self._frame_bytes : (last - record.offset) * self._frame_bytes]
                out[(first - start) * self._frame_bytes : (last - start) * self._frame_bytes] = piece
        return bytes(out)

    def strike(self, start: int, end: int) -> None:
        """Put zeros in place of samples `start` to `end`: all of it or, after a crash, nothing.

        A copy with the passage zeroed takes the file's place; then the passage is overwritten in the old file's blocks.
        """
        with self._errors("struck from"):
            passage = self._overlapping(start, end)
            touched = [r for r in passage if self._sealer.open(self._raw(r)) != self._silenced(r, start, end)]
            if not touched:  # struck before: a file of hours is not copied for nothing
                return
            old = self._take()
            new = self._silent_copy(touched, start, end)
            self._file = new
            try:
                _overwrite(old, ((r, self._raw(r)) for r in touched))
            finally:
                old.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()
        self._file, self._writing = None, False

    def _scan(self) -> None:
        """Index the whole records. What a crash left of the last one is not indexed, and cut before the next write."""
        file = self._opened()
        self._check_head(file)
        size, place = os.fstat(file.fileno()).st_size, FILE_HEAD_BYTES
        records, damaged = list[_Record](), list[tuple[int, int]]()
        while place < size:
            earliest = records[-1].end if records else 0
            record = self._record_at(file, place, earliest, size)
            if record is None:
                record = self._behind_damage(file, place, earliest, size)
                if record is None:
                    break
                damaged.append((earliest, record.offset))
            records.append(record)
            place = record.place + self._sealer.length(record.frames)
        if records and self._sealer.open(self._raw(records[-1])) is None:
            place = records.pop().place
        self._records, self._damaged, self._size = records, damaged, place

    def _behind_damage(self, file: FileIO, place: int, earliest: int, size: int) -> _Record | None:
        """Return the next record behind bytes that are none, or null if they are the end.

        A crash can spoil the last record alone. Where another follows, what lies before it was acknowledged and has
        been damaged or altered since: it must be neither cut off nor taken for a gap.
        """
        largest = self._sealer.length(MAX_RECORD_FRAMES)
        file.seek(place)
        window = read_all(file, largest + len(MAGIC))
        at = window.find(MAGIC, 1)
        while at > 0:
            record = self._record_at(file, place + at, earliest, size)
            if record:
                return record
            at = window.find(MAGIC, at + 1)
        if size - place > largest:
            raise StorageError(f"{self.path} is damaged at byte {place}: put back a backup; nothing was changed")
        return None

    def _record_at(self, file: FileIO, place: int, earliest: int, size: int) -> _Record | None:
        file.seek(place)
        measure = self._sealer.measure(file.read(RECORD_HEAD_BYTES))
        if measure is None:
            return None
        offset, frames = measure
        if offset < earliest:  # an older record, copied behind newer ones
            return None
        return _Record(offset, frames, place) if place + self._sealer.length(frames) <= size else None

    def _check_head(self, file: FileIO) -> None:
        file.seek(0)
        if fault := self._sealer.fault_of(read_all(file, FILE_HEAD_BYTES)):
            raise StorageError(f"{self.path} {fault}")

    def _raw(self, record: _Record) -> bytes:
        file = self._opened()
        file.seek(record.place)
        return read_all(file, self._sealer.length(record.frames))

    def _open(self, record: _Record) -> bytes:
        pcm = self._sealer.open(self._raw(record))
        if pcm is None:
            raise self._damage(record.offset)
        return pcm

    def _damage(self, sample: int) -> StorageError:
        where = f"{seconds(sample):.1f} s"
        return StorageError(f"{self.path}: the sound at {where} was altered or is damaged: put back a backup")

    def _silenced(self, record: _Record, start: int, end: int) -> bytes:
        # A record that is damaged cannot be parted: it goes as a whole.
        pcm = bytearray(self._sealer.open(self._raw(record)) or record.frames * self._frame_bytes)
        first, last = max(start, record.offset) - record.offset, min(end, record.end) - record.offset
        pcm[first * self._frame_bytes : last * self._frame_bytes] = bytes((last - first) * self._frame_bytes)
        return bytes(pcm)

    def _write_record(self, offset: int, pcm: bytes) -> None:
        file = self._opened()
        raw = self._sealer.seal(offset, pcm)
        try:
            file.seek(self._size)
            write_all(file, raw)
            to_disk(file)
        except OSError:
            with suppress(OSError):  # if this fails too, the rest is cut off before the next write
                file.truncate(self._size)
            self._writing = False
            raise
        self._records.append(_Record(offset, len(pcm) // self._frame_bytes, self._size))
        self._size += len(raw)

    def _take(self) -> FileIO:
        """Return the file, open for writing by this process alone, without what a crash left behind its end."""
        if self._file and self._writing:
            return self._file
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._file:
            self._file.close()
        self._file = FileIO(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        lock_file(self._file, self.path)
        self._beside().unlink(missing_ok=True)
        if os.fstat(self._file.fileno()).st_size < FILE_HEAD_BYTES:
            self._write_head(self._file)
        # Scanned again, now that nobody else can write: another process may have since this one looked.
        self._scan()
        self._file.truncate(self._size)
        to_disk(self._file)
        self._writing = True
        return self._file

    def _write_head(self, file: FileIO) -> None:
        file.seek(0)
        write_all(file, self._sealer.file_head())
        to_disk(file)
        folder_to_disk(self.path.parent)

    def _silent_copy(self, touched: list[_Record], start: int, end: int) -> FileIO:
        """Put a copy in the file's place in which the passage is silent; a record keeps its length and place."""
        beside = self._beside()
        new = FileIO(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b")
        try:
            lock_file(new, self.path)
            with self.path.open("rb") as old:
                shutil.copyfileobj(old, new, _COPY_BYTES)
            _overwrite(new, ((r, self._sealer.seal(r.offset, self._silenced(r, start, end))) for r in touched))
            os.replace(beside, self.path)
        except BaseException:
            new.close()
            beside.unlink(missing_ok=True)
            raise
        folder_to_disk(self.path.parent)
        return new

    def _beside(self) -> Path:
        return self.path.with_name(self.path.name + ".new")

    def _overlapping(self, start: int, end: int) -> Iterator[_Record]:
        first = bisect_right(self._records, start, key=lambda r: r.end)
        for record in islice(self._records, first, None):
            if record.offset >= end or start >= end:
                return
            yield record

    def _opened(self) -> FileIO:
        if self._file is None:
            raise StorageError(f"{self.path} is closed")
        return self._file

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            raise StorageError(
                f"{self.path} cannot be {doing}: {exc.strerror}; what was stored before is safe"
            ) from exc


def _overwrite(file: FileIO, changed: Iterable[tuple[_Record, bytes]]) -> None:
    for record, raw in changed:
        file.seek(record.place)
        write_all(file, raw)
    to_disk(file)
