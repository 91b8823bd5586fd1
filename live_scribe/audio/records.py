"""How a visit's sound lies in its file, in bytes: a head, then sealed records (docs/storage.md). No files in here.

    head      "LSTRACK1", channels, nonce, seal                      proves the key at once
    record    "LSR1", offset, frames, MAC of these, nonce, PCM sealed

A record is sealed together with its visit and place: it cannot be altered, moved or put in another file unseen. Its
head has a MAC of its own, so that opening a file of hours need not read all of it to know what lies where.
"""

from __future__ import annotations

import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from live_scribe.core.audio import BYTES_PER_SAMPLE

MAGIC = b"LSR1"
_FILE_MAGIC = b"LSTRACK1"
_FILE_HEAD = struct.Struct("<8sB")
_RECORD_HEAD = struct.Struct("<4sQI")
_NONCE_BYTES, _TAG_BYTES, _MAC_BYTES = 12, 16, 16
_SEAL_BYTES = _NONCE_BYTES + _TAG_BYTES

FILE_HEAD_BYTES = _FILE_HEAD.size + _SEAL_BYTES
RECORD_HEAD_BYTES = _RECORD_HEAD.size + _MAC_BYTES


class RecordSealer:
    """Seals and opens the records of one visit. `key`: 32 bytes."""

    def __init__(self, key: bytes, visit: str, channels: int) -> None:
        self.frame_bytes = BYTES_PER_SAMPLE * channels
        self._channels = channels
        self._visit = visit.encode()
        self._cipher = AESGCM(key)
        self._mac_key = hmac.digest(key, b"record head", "sha256")

    def file_head(self) -> bytes:
        """Return what a new file begins with."""
        head = _FILE_HEAD.pack(_FILE_MAGIC, self._channels)
        return head + self._sealed(b"", head)

    def fault_of(self, file_head: bytes) -> str | None:
        """Return what is wrong with a file that begins so, in words to put behind its name, or null."""
        head, seal = file_head[: _FILE_HEAD.size], file_head[_FILE_HEAD.size :]
        magic, channels = _FILE_HEAD.unpack(head)
        if magic != _FILE_MAGIC:
            return "is not the sound of a visit: put back a backup"
        if channels != self._channels:
            return f"has {channels} channel(s), not {self._channels}: open it with as many"
        if self._opened(seal, head) is None:
            return "was sealed under another key, or belongs to another visit"
        return None

    def seal(self, offset: int, pcm: bytes) -> bytes:
        """Return the record of sound that begins at sample `offset`."""
        head = _RECORD_HEAD.pack(MAGIC, offset, len(pcm) // self.frame_bytes)
        head += self._mac(head)
        return head + self._sealed(pcm, head)

    def measure(self, record_head: bytes) -> tuple[int, int] | None:
        """Return (offset, frames) of a record that begins so, or null where none of this visit's does."""
        head, mac = record_head[: _RECORD_HEAD.size], record_head[_RECORD_HEAD.size :]
        if len(record_head) != RECORD_HEAD_BYTES or not hmac.compare_digest(mac, self._mac(head)):
            return None
        _, offset, frames = _RECORD_HEAD.unpack(head)
        return offset, frames

    def open(self, record: bytes) -> bytes | None:
        """Return a record's PCM, or null where it was altered or is not whole."""
        return self._opened(record[RECORD_HEAD_BYTES:], record[:RECORD_HEAD_BYTES])

    def length(self, frames: int) -> int:
        """Return how many bytes a record of `frames` samples of each channel takes."""
        return RECORD_HEAD_BYTES + _SEAL_BYTES + frames * self.frame_bytes

    def _sealed(self, plain: bytes, head: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, head + self._visit)

    def _opened(self, sealed: bytes, head: bytes) -> bytes | None:
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], head + self._visit)
        except (InvalidTag, ValueError):
            return None

    def _mac(self, head: bytes) -> bytes:
        return hmac.digest(self._mac_key, head + self._visit, "sha256")[:_MAC_BYTES]
