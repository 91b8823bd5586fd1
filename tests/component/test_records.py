"""A record's bytes: what opens, what does not, and what its head alone tells."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.audio.records import FILE_HEAD_BYTES, MAGIC, RECORD_HEAD_BYTES, RecordSealer

KEY = bytes(range(32))
SEALER = RecordSealer(KEY, "v1", 1)
PCM = bytes(range(200))


@settings(max_examples=30)
@given(offset=st.integers(0, 2**63), frames=st.integers(0, 50), channels=st.sampled_from([1, 2]))
def test_a_record_tells_its_place_and_opens_again(offset: int, frames: int, channels: int) -> None:
    sealer = RecordSealer(KEY, "v1", channels)
    pcm = PCM[: 2 * frames * channels]
    record = sealer.seal(offset, pcm)
    assert record.startswith(MAGIC)
    assert len(record) == sealer.length(frames)
    assert sealer.measure(record[:RECORD_HEAD_BYTES]) == (offset, frames)
    assert sealer.open(record) == pcm


@settings(max_examples=60)
@given(at=st.integers(0, 300), bit=st.integers(0, 7))
def test_an_altered_record_does_not_open_and_an_altered_head_tells_nothing(at: int, bit: int) -> None:
    record = bytearray(SEALER.seal(7, PCM))
    at %= len(record)
    record[at] ^= 1 << bit
    assert SEALER.open(bytes(record)) is None
    assert (SEALER.measure(bytes(record[:RECORD_HEAD_BYTES])) is None) == (at < RECORD_HEAD_BYTES)


@pytest.mark.parametrize("other", [RecordSealer(KEY, "v2", 1), RecordSealer(bytes(32), "v1", 1)])
def test_a_record_of_another_visit_or_key_is_none(other: RecordSealer) -> None:
    record = other.seal(0, PCM)
    assert SEALER.measure(record[:RECORD_HEAD_BYTES]) is None
    assert SEALER.open(record) is None


@pytest.mark.parametrize("length", [0, 4, RECORD_HEAD_BYTES - 1, RECORD_HEAD_BYTES + 27])
def test_a_torn_record_is_none(length: int) -> None:
    record = SEALER.seal(0, PCM)[:length]
    assert SEALER.open(record) is None
    assert SEALER.measure(record) is None


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (SEALER.file_head(), None),
        (bytes(FILE_HEAD_BYTES), "is not the sound of a visit: put back a backup"),
        (RecordSealer(KEY, "v1", 2).file_head(), "has 2 channel(s), not 1: open it with as many"),
        (RecordSealer(KEY, "v2", 1).file_head(), "was sealed under another key, or belongs to another visit"),
    ],
    ids=["its own", "no head", "two channels", "another visit's"],
)
def test_the_head_of_a_file_tells_whose_it_is(head: bytes, fault: str | None) -> None:
    assert len(head) == FILE_HEAD_BYTES
    assert SEALER.fault_of(head) == fault
