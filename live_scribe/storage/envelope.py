"""AES-256-GCM envelopes (NIST SP 800-38D): each visit has a key of its own, wrapped by the master key."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from live_scribe.errors import StorageError

KEY_BYTES = 32
NONCE_BYTES = 12
"""96 random bits: SP 800-38D allows 2^32 messages under one key, and a visit has thousands."""

ENVELOPE_VERSION = 1
"""Written beside each payload and bound into it, so that another cipher can come beside this one."""


class Sealer:
    """Seals and opens under one key. What is sealed: nonce, then ciphertext with its tag."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise StorageError(f"a key has {KEY_BYTES} bytes, this one has {len(key)}")
        self._key = key
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """Return `plain` sealed; it opens only together with the same `bound` (where it belongs)."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """Return what was sealed. Raises StorageError where it was altered, moved, or sealed under another key."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            raise StorageError("what is stored here was altered, or belongs to another key") from None

    def derive(self, purpose: str) -> bytes:
        """Return a key for one purpose (RFC 5869): knowing it tells nothing about this key or its other purposes."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(self._key)


def new_key() -> bytes:
    """Return a new random key."""
    return os.urandom(KEY_BYTES)
