"""What live_scribe needs of a computer, looked at one by one, each with what to do about it."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile

from live_scribe.asr.models import INSTALL, PACKAGED, found_models, read_packaged
from live_scribe.audio.microphone import devices
from live_scribe.errors import AudioError, ModelError

LEAST_DISK_GB = 2
"""Room for ten hours of sound, and the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `advice` says what was found, or how to mend it; not everything is `needed`."""

    what: str
    well: bool
    advice: str
    needed: bool = True


def examine(data: Path) -> list[Finding]:
    """Return what was found on this computer, for a service with this data folder."""
    return [_python(), _package("faster_whisper", "speech recognition"), _package("av", "reading recordings"),
            *_models(), _folder(data), _disk(data), _microphone()]  # fmt: skip


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(what="Python", well=sys.version_info >= (3, 11), advice=f"{version}; 3.11 or newer is needed")


def _package(module: str, what: str) -> Finding:
    there = find_spec(module) is not None
    return Finding(what=what, well=there, advice="installed" if there else INSTALL)


def _models() -> list[Finding]:
    findings = []
    for model in (m for m in found_models() if m.name in PACKAGED):
        try:
            read_packaged(model.name)
            advice, well = "packaged, its files are the pinned ones", True
        except ModelError as exc:
            advice, well = str(exc), False
        findings.append(Finding(what=f"model {model.name}", well=well, advice=advice, needed=model.name == "base"))
    return findings


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _folder(data: Path) -> Finding:
    place = _existing(data)
    try:
        with TemporaryFile(dir=place) as file:  # rights alone do not tell of read-only disks
            file.write(b"\0")
    except OSError as exc:
        advice = f"{place} cannot be written to ({exc.strerror}): name another with --data"
        return Finding(what="data folder", well=False, advice=advice)
    return Finding(what="data folder", well=True, advice=str(data))


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(_existing(data)).free / 1e9
    return Finding(what="disk", well=free >= LEAST_DISK_GB, advice=f"{free:.0f} GB free, {LEAST_DISK_GB} GB are needed")


def _microphone() -> Finding:
    try:
        found = devices()
    except AudioError as exc:
        return Finding(what="microphone", well=False, advice=str(exc), needed=False)
    advice = f"{len(found)} found" if found else "none found; browsers' microphones and recordings work without"
    return Finding(what="microphone", well=bool(found), advice=advice, needed=False)
