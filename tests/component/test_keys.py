"""The master key: where it comes from, and what is said when it does not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from live_scribe.errors import StorageError
from live_scribe.storage.envelope import new_key
from live_scribe.storage.keys import KEY_FILE_VARIABLE, KEY_NAME, KEY_VARIABLE, MasterKey, load_master_key
from live_scribe.storage.sqlite import DATABASE_NAME


def _same(one: MasterKey, other: MasterKey) -> bool:
    return one.open(other.seal(b"x", b""), b"") == b"x"


def _text() -> str:
    return base64.b64encode(new_key()).decode()


def test_a_new_data_folder_gets_a_key_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    made = load_master_key(tmp_path / "data", {})
    path = tmp_path / "data" / KEY_NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert _same(made, load_master_key(tmp_path / "data", {}))


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    load_master_key(tmp_path, {})
    text = _text()
    given = load_master_key(tmp_path, {KEY_VARIABLE: text})
    assert _same(given, MasterKey(base64.b64decode(text)))
    (tmp_path / "elsewhere").write_text(text + "\n")
    assert _same(given, load_master_key(tmp_path, {KEY_FILE_VARIABLE: str(tmp_path / "elsewhere")}))


def test_a_key_given_otherwise_is_not_written_into_the_data_folder(tmp_path: Path) -> None:
    load_master_key(tmp_path / "data", {KEY_VARIABLE: _text()})
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "text",
    ["hunter2", "AAAA", _text()[:-2], _text() + "AAAA", "é" * 44],
    ids=["no base64", "too short", "cut", "too long", "no ASCII"],
)
def test_what_is_not_a_key_is_named_and_not_quoted(tmp_path: Path, text: str) -> None:
    with pytest.raises(StorageError, match="LIVE_SCRIBE_MASTER_KEY does not hold a key: it must be 32 bytes") as caught:
        load_master_key(tmp_path, {KEY_VARIABLE: text})
    assert text not in str(caught.value)
    (tmp_path / KEY_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(StorageError, match=r"master.key does not hold a key"):
        load_master_key(tmp_path, {})


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"the master key .*nowhere cannot be read: No such file"):
        load_master_key(tmp_path, {KEY_FILE_VARIABLE: str(tmp_path / "nowhere")})


def test_a_lost_key_is_not_replaced_where_there_is_data(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"x")
    with pytest.raises(StorageError, match=r"master.key is missing: put it back, or give the key in"):
        load_master_key(tmp_path, {})
    assert not (tmp_path / KEY_NAME).exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"the master key .* cannot be written"):
        load_master_key(tmp_path / "file" / "data", {})
