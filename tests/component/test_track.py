"""The sound file: what a crash, a full disk, a thief or a strike does to it."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.audio import track as track_module
from live_scribe.audio.track import Track
from live_scribe.errors import StorageError

KEY = bytes(range(32))
SOUND = os.urandom(2 * 4000)
"""4000 samples of noise: whatever is found of it in a file was not sealed."""


@contextmanager
def opened(path: Path, *, key: bytes = KEY, visit: str = "v1", channels: int = 1) -> Iterator[Track]:
    track = Track(path, key, visit, channels)
    try:
        yield track
    finally:
        track.close()


def _write(path: Path, *pieces: tuple[int, int]) -> None:
    with opened(path) as track:
        for start, end in pieces:
            track.append(start, SOUND[2 * start : 2 * end])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audio" / "v1.pcm.enc"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three records: 0 to 1000, 1000 to 2500, and after a gap 3000 to 4000."""
    path = tmp_path_factory.mktemp("written") / "v1.pcm.enc"
    _write(path, (0, 1000), (1000, 2500), (3000, 4000))
    return path


WRITTEN = SOUND[:5000] + bytes(1000) + SOUND[6000:]


def test_what_was_appended_is_read_back_and_gaps_are_zeros(written: Path) -> None:
    with opened(written) as track:
        assert track.end == 4000
        assert track.gaps() == [(2500, 3000)]
        assert track.read(0, 4000) == WRITTEN
        assert track.read(3990, 4010) == SOUND[-20:] + bytes(20)


@settings(max_examples=50)
@given(start=st.integers(0, 4200), length=st.integers(0, 4200))
def test_any_range_reads_the_same_as_the_whole(written: Path, start: int, length: int) -> None:
    with opened(written) as track:
        assert track.read(start, start + length) == (WRITTEN + bytes(20_000))[2 * start : 2 * (start + length)]


def test_a_visit_without_sound_makes_no_file(path: Path) -> None:
    with opened(path) as track:
        assert track.end == 0
        assert track.gaps() == []
        assert track.read(0, 3) == bytes(6)
    assert not path.parent.exists()


def test_what_is_stored_already_is_passed_over(path: Path) -> None:
    with opened(path) as track:
        track.append(0, SOUND[:2000])
        track.append(500, SOUND[1000:3000])
        track.append(0, bytes(100))
        assert track.end == 1500
        assert track.read(0, 1500) == SOUND[:3000]


def test_long_sound_becomes_several_records(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track_module, "MAX_RECORD_FRAMES", 300)
    _write(path, (0, 1000))
    with opened(path) as track:
        assert track.read(0, 1000) == SOUND[:2000]


def test_two_channels_are_kept_apart(path: Path) -> None:
    with opened(path, channels=2) as track:
        track.append(0, SOUND)
        assert track.end == 2000
        assert track.read(10, 20) == SOUND[40:80]
    with (
        pytest.raises(StorageError, match=r"has 2 channel\(s\), not 1: open it with as many"),
        opened(path, channels=1),
    ):
        pass


def test_no_sound_is_readable_in_the_file(written: Path) -> None:
    data = written.read_bytes()
    assert not any(SOUND[at : at + 8] in data for at in range(0, len(SOUND) - 8, 8))
    assert written.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("key", "visit"), [(bytes(32), "v1"), (KEY, "v2")])
def test_another_key_and_another_visits_file_are_one_clear_line(written: Path, key: bytes, visit: str) -> None:
    with pytest.raises(StorageError, match="was sealed under another key, or belongs to another visit"):
        Track(written, key, visit, 1)


@settings(max_examples=40)
@given(lost=st.integers(1, 2100))
def test_a_torn_last_record_is_cut_back_and_recording_goes_on(
    written: Path, tmp_path_factory: pytest.TempPathFactory, lost: int
) -> None:
    path = tmp_path_factory.mktemp("torn") / "v1.pcm.enc"
    data = written.read_bytes()
    path.write_bytes(data[: len(data) - min(lost, 2059)])
    with opened(path) as track:
        assert track.end == 2500
        track.append(2500, SOUND[5000:6000])
    with opened(path) as track:
        assert track.end == 3000
        assert track.read(0, 3000) == SOUND[:6000]


@pytest.mark.parametrize("tail", [bytes(3000), b"\xff" * 3000, b"LSR1" + bytes(70), b"LSR1"])
def test_what_a_power_cut_left_behind_the_end_is_cut_off(written: Path, path: Path, tail: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(written.read_bytes() + tail)
    with opened(path) as track:
        assert track.end == 4000
        track.append(4000, SOUND[:20])
        assert track.read(3990, 4010) == SOUND[-20:] + SOUND[:20]
    assert path.stat().st_size == written.stat().st_size + 20 + 60


def test_a_last_record_that_never_reached_the_disk_is_cut_off(written: Path, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(written.read_bytes()[:-500] + bytes(500))
    with opened(path) as track:
        assert track.end == 2500


@pytest.mark.parametrize("kept", [0, 5, 36])
def test_a_file_whose_head_is_torn_begins_anew(written: Path, path: Path, kept: int) -> None:
    path.parent.mkdir()
    path.write_bytes(written.read_bytes()[:kept])
    with opened(path) as track:
        track.append(0, SOUND)
    with opened(path) as track:
        assert track.read(0, 4000) == SOUND


def test_opening_changes_nothing(written: Path, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(written.read_bytes()[:-1])
    before = path.read_bytes()
    with opened(path) as track:
        track.read(0, 2500)
    assert path.read_bytes() == before


@settings(max_examples=60)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_altered_sound_is_never_read_as_if_it_were_true(
    written: Path, tmp_path_factory: pytest.TempPathFactory, at: float, bit: int
) -> None:
    path = tmp_path_factory.mktemp("altered") / "v1.pcm.enc"
    data = bytearray(written.read_bytes())
    data[int(at * len(data))] ^= 1 << bit
    path.write_bytes(data)
    try:
        with opened(path) as track:
            read = track.read(0, 4000)
    except StorageError:
        return
    # A last record that cannot be opened is as if it had never reached the disk.
    assert read in (WRITTEN, WRITTEN[:5000] + bytes(3000))


@pytest.mark.parametrize("at", [37, 45, 49, 60, 900])
def test_damage_before_the_last_record_spoils_that_record_alone(written: Path, path: Path, at: int) -> None:
    path.parent.mkdir()
    data = bytearray(written.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with opened(path) as track:
        assert track.gaps() == [(2500, 3000)], "damage is no gap"
        assert track.read(1000, 4000) == WRITTEN[2000:]
        with pytest.raises(StorageError, match=r"the sound at 0\.0 s was altered or is damaged: put back a backup"):
            track.read(0, 2000)
        track.append(4000, SOUND)
        assert track.read(4000, 8000) == SOUND
    assert path.read_bytes()[: len(data)] == data, "what was acknowledged is never cut off"


def test_a_record_copied_behind_newer_ones_is_not_heard_twice(written: Path, path: Path) -> None:
    path.parent.mkdir()
    data = written.read_bytes()
    path.write_bytes(data + data[37 : 37 + 2060])
    with opened(path) as track:
        assert track.end == 4000
        assert track.read(0, 4000) == WRITTEN


def test_damage_with_nothing_whole_behind_it_is_one_clear_line_and_nothing_is_cut(
    written: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    monkeypatch.setattr(track_module, "MAX_RECORD_FRAMES", 1500)
    path.write_bytes(written.read_bytes()[:37] + bytes(5000))
    with pytest.raises(StorageError, match="is damaged at byte 37: put back a backup; nothing was changed"):
        Track(path, KEY, "v1", 1)
    assert path.stat().st_size == 5037


def test_another_programs_file_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"a letter to the editor\n" * 9)
    with pytest.raises(StorageError, match="is not the sound of a visit: put back a backup"):
        Track(path, KEY, "v1", 1)


def test_a_struck_passage_is_zeros_and_the_rest_is_as_it_was(written: Path, path: Path) -> None:
    path.parent.mkdir()
    shutil.copy(written, path)
    old = path.open("rb")
    with opened(path) as track:
        track.strike(900, 3100)
        expected = SOUND[:1800] + bytes(4400) + SOUND[6200:]
        assert track.read(0, 4000) == expected
        track.append(4000, SOUND)
    with opened(path) as track:
        assert track.read(0, 8000) == expected + SOUND
    # The old file's blocks were overwritten too, before they were given back.
    with old:
        assert old.read() == path.read_bytes()[: written.stat().st_size]


@pytest.mark.parametrize(("start", "end"), [(2500, 3000), (4000, 9000), (10, 10)])
def test_striking_where_there_is_no_sound_changes_nothing(written: Path, path: Path, start: int, end: int) -> None:
    path.parent.mkdir()
    shutil.copy(written, path)
    with opened(path) as track:
        track.strike(start, end)
    assert path.read_bytes() == written.read_bytes()


def test_striking_again_does_not_copy_the_file_again(written: Path, path: Path) -> None:
    path.parent.mkdir()
    shutil.copy(written, path)
    with opened(path) as track:
        track.strike(900, 3100)
        before = path.stat().st_ino
        track.strike(900, 3100)
        track.strike(950, 1000)
        assert path.stat().st_ino == before


def test_damaged_sound_can_still_be_struck(written: Path, path: Path) -> None:
    path.parent.mkdir()
    data = bytearray(written.read_bytes())
    data[900] ^= 1
    path.write_bytes(data)
    with opened(path) as track:
        track.strike(100, 200)
        assert track.read(0, 4000) == bytes(2000) + WRITTEN[2000:]


def test_a_strike_that_was_cut_off_leaves_the_sound_and_its_copy_is_cleared_away(written: Path, path: Path) -> None:
    path.parent.mkdir()
    shutil.copy(written, path)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(written.read_bytes()[:50])
    with opened(path) as track:
        track.append(4000, SOUND)
        assert track.read(0, 4000) == WRITTEN
    assert not beside.exists()


def test_a_disk_that_is_full_while_striking_leaves_the_sound_as_it_was(written: Path, path: Path) -> None:
    path.parent.mkdir()
    shutil.copy(written, path)
    with opened(path) as track:
        with file_size_limit(1000), pytest.raises(StorageError, match="cannot be struck from"):
            track.strike(0, 100)
        assert track.read(0, 4000) == WRITTEN
        track.strike(0, 100)
        assert track.read(0, 100) == bytes(200)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """As a full disk: the system itself refuses what would make a file longer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_one_clear_line_and_loses_nothing(path: Path) -> None:
    with opened(path) as track:
        track.append(0, SOUND[:2000])
        with file_size_limit(3000), pytest.raises(StorageError, match=r"cannot be written: .*; what was stored before"):
            track.append(1000, SOUND[2000:4000])
        assert track.end == 1000
        assert track.read(0, 1000) == SOUND[:2000]
        track.append(1000, SOUND[2000:4000])
    with opened(path) as track:
        assert track.read(0, 2000) == SOUND[:4000]


def test_a_second_recording_of_the_same_visit_is_refused_but_may_be_listened_to(written: Path, path: Path) -> None:
    path.parent.mkdir()
    shutil.copy(written, path)
    with opened(path) as track, opened(path) as other:
        track.append(4000, SOUND)
        assert other.read(0, 4000) == WRITTEN
        with pytest.raises(StorageError, match="is being recorded by another process: end that one first"):
            other.append(4000, SOUND)
    with opened(path) as track:
        track.append(8000, SOUND)
        assert track.end == 12_000


def test_a_folder_in_the_files_place_is_one_clear_line(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match=r"v1\.pcm\.enc cannot be (read|written)"), opened(path) as track:
        track.append(0, SOUND)
