"""What is missing on a computer is named, with what to do about it."""

from __future__ import annotations

import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from live_scribe import doctor
from live_scribe.doctor import Finding, examine
from live_scribe.errors import ModelError

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def models_that_are_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading and hashing the real ones takes a second each time; test_cli.py does it once."""
    monkeypatch.setattr(doctor, "read_packaged", lambda _name: {})


def found(data: Path, what: str) -> Finding:
    (finding,) = [finding for finding in examine(data) if finding.what == what]
    return finding


def test_a_folder_that_is_not_there_yet_can_be_made(tmp_path: Path) -> None:
    assert found(tmp_path / "new" / "data", "data folder").well
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.touch()
    finding = found(place, "data folder")
    assert not finding.well and finding.needed and str(place) in finding.advice and "--data" in finding.advice


def test_a_disk_that_is_nearly_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(10, 9, 1e9))
    assert not found(tmp_path, "disk").well


def test_what_is_not_installed_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _name: None)
    assert not found(tmp_path, "speech recognition").well
    assert "pip install" in found(tmp_path, "reading recordings").advice
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    microphone = found(tmp_path, "microphone")
    assert not microphone.well and not microphone.needed and "libportaudio2" in microphone.advice


def test_a_model_that_is_not_the_pinned_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(name: str) -> dict[str, bytes]:
        if name == "base":
            raise ModelError("model.bin of the packaged model base is not the pinned one: install it again")
        return {}

    monkeypatch.setattr(doctor, "read_packaged", read)
    base, tiny = found(tmp_path, "model base"), found(tmp_path, "model tiny.en")
    assert not base.well and base.needed and "install it again" in base.advice
    assert tiny.well and not tiny.needed
