"""Files that survive: written whole, on the disk and not only in a cache, by one process at a time."""

from __future__ import annotations

import os
import sys
from io import FileIO
from pathlib import Path

from live_scribe.errors import StorageError


def write_all(file: FileIO, data: bytes) -> None:
    """Write all of `data`; an unbuffered file may take it in pieces."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def read_all(file: FileIO, count: int) -> bytes:
    """Read `count` bytes, or fewer where the file ends."""
    parts = []
    while count > 0 and (part := file.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def to_disk(file: FileIO) -> None:
    """Come back when what was written would survive a power cut."""
    if sys.platform == "darwin":
        import fcntl

        # On macOS fsync hands the data to the drive, which may keep it in its own cache (man 2 fsync).
        fcntl.fcntl(file.fileno(), fcntl.F_FULLFSYNC)
    else:
        os.fsync(file.fileno())


def folder_to_disk(folder: Path) -> None:
    """Make a new or replaced name in `folder` survive a power cut, where the system can (Windows needs it not)."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock_file(file: FileIO, path: Path) -> None:
    """Keep other processes from writing; given up when the file is closed, or its process ends."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StorageError(f"{path} is being recorded by another process: end that one first") from None
