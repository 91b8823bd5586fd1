"""Sealing: what is sealed opens only with its key, in its place, unaltered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.errors import StorageError
from live_scribe.storage.envelope import KEY_BYTES, NONCE_BYTES, Sealer, new_key

SEALER = Sealer(new_key())


@settings(max_examples=30)
@given(plain=st.binary(max_size=200), bound=st.binary(max_size=20))
def test_what_is_sealed_opens_again(plain: bytes, bound: bytes) -> None:
    assert SEALER.open(SEALER.seal(plain, bound), bound) == plain


@settings(max_examples=50)
@given(plain=st.binary(max_size=40), at=st.integers(0, 100), bit=st.integers(0, 7))
def test_no_byte_of_it_can_be_altered(plain: bytes, at: int, bit: int) -> None:
    sealed = bytearray(SEALER.seal(plain, b"place"))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(StorageError, match="was altered, or belongs to another key"):
        SEALER.open(bytes(sealed), b"place")


def test_it_opens_in_its_own_place_alone() -> None:
    with pytest.raises(StorageError):
        SEALER.open(SEALER.seal(b"x", b"here"), b"there")


def test_it_opens_with_its_own_key_alone() -> None:
    with pytest.raises(StorageError):
        Sealer(new_key()).open(SEALER.seal(b"x", b""), b"")


@pytest.mark.parametrize("sealed", [b"", b"x", bytes(NONCE_BYTES), bytes(NONCE_BYTES + 15)])
def test_what_is_too_short_was_altered(sealed: bytes) -> None:
    with pytest.raises(StorageError):
        SEALER.open(sealed, b"")


def test_the_same_is_never_sealed_the_same_way_twice() -> None:
    assert len({SEALER.seal(b"No.", b"")[:NONCE_BYTES] for _ in range(100)}) == 100


@pytest.mark.parametrize("length", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(StorageError, match=f"a key has 32 bytes, this one has {length}"):
        Sealer(bytes(length))


def test_derived_keys_differ_by_purpose_and_are_the_same_each_time() -> None:
    key = new_key()
    assert Sealer(key).derive("audio") == Sealer(key).derive("audio")
    assert len({Sealer(key).derive("audio"), Sealer(key).derive("head"), key}) == 3


def test_the_key_is_not_in_what_is_printed() -> None:
    key = new_key()
    assert repr(Sealer(key)) == "Sealer(…)"
