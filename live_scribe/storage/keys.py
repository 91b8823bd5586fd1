"""The master key: from the environment, from a file, or made in the data folder when that is new."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

from live_scribe.errors import StorageError
from live_scribe.storage.envelope import KEY_BYTES, Sealer, new_key
from live_scribe.storage.sqlite import DATABASE_NAME

KEY_VARIABLE = "LIVE_SCRIBE_MASTER_KEY"
KEY_FILE_VARIABLE = "LIVE_SCRIBE_MASTER_KEY_FILE"
KEY_NAME = "master.key"
_FORM = f"{KEY_BYTES} bytes in base64 (make one with: head -c {KEY_BYTES} /dev/urandom | base64)"


class MasterKey(Sealer):
    """Wraps the keys of visits. Whoever has it and the data folder can read everything: keep them apart."""


def load_master_key(data_dir: Path, environ: Mapping[str, str]) -> MasterKey:
    """Return the master key of a data folder, making `master.key` (readable by its owner alone) in a new one.

    Raises StorageError naming the variable or file where the key is missing, unreadable or not of the right form.
    """
    if text := environ.get(KEY_VARIABLE):
        return _decoded(text, KEY_VARIABLE)
    if name := environ.get(KEY_FILE_VARIABLE):
        return _from_file(Path(name))
    path = data_dir / KEY_NAME
    if path.exists():
        return _from_file(path)
    if (data_dir / DATABASE_NAME).exists():
        raise StorageError(f"{path} is missing: put it back, or give the key in {KEY_VARIABLE} or {KEY_FILE_VARIABLE}")
    return _created(path)


def _decoded(text: str, where: str) -> MasterKey:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise StorageError(f"{where} does not hold a key: it must be {_FORM}")
    return MasterKey(key)


def _from_file(path: Path) -> MasterKey:
    try:
        return _decoded(path.read_text(encoding="ascii"), str(path))
    except UnicodeDecodeError:
        raise StorageError(f"{path} does not hold a key: it must be {_FORM}") from None
    except OSError as exc:
        raise StorageError(f"the master key {path} cannot be read: {exc.strerror}") from exc


def _created(path: Path) -> MasterKey:
    key = new_key()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            # A key that is lost in a power cut takes with it all that was sealed under it.
            os.fsync(file.fileno())
    except FileExistsError:
        return _from_file(path)
    except OSError as exc:
        raise StorageError(f"the master key {path} cannot be written: {exc.strerror}") from exc
    return MasterKey(key)
