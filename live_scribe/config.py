"""Settings from the environment, `LIVE_SCRIBE_…`, checked where they are read. Options of the command line win."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from live_scribe.errors import ConfigError

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8765

SETTINGS: Mapping[str, str] = {
    "LIVE_SCRIBE_DATA": "the data folder; default: live_scribe in the user's data folder",
    "LIVE_SCRIBE_TEMPLATES": "the folder with the clinic's own note templates; default: templates in the data folder",
    "LIVE_SCRIBE_MODEL": "the speech model: base, tiny.en, a folder, or a size that the hub has; default: base",
    "LIVE_SCRIBE_DEVICE": "where the model runs: cpu or cuda; default: cpu",
    "LIVE_SCRIBE_FALLBACK_MODEL": "a smaller model that hears while the machine cannot keep up; default: none",
    "LIVE_SCRIBE_COMPUTE_TYPE": "its number format: int8, float16, float32, …; default: int8, on cuda float16",
    "LIVE_SCRIBE_BATCH": "looks of several visits that the model hears in one call, 1 to 64; default: 1, on cuda 16",
    "LIVE_SCRIBE_THREADS": "threads of the model, 0 to 64; default: 0, one fewer than there are cores, 1 to 4",
    "LIVE_SCRIBE_LOG": "what is logged: DEBUG, INFO, WARNING or ERROR; default: INFO",
    "LIVE_SCRIBE_LOG_FORMAT": "json, console, or auto (console on a terminal, else json); default: auto",
    "LIVE_SCRIBE_MASTER_KEY": "the master key, 32 bytes in base64; default: master.key in the data folder",
    "LIVE_SCRIBE_MASTER_KEY_FILE": "a file with the master key in base64",
    "LIVE_SCRIBE_WRITER": "who drafts: built-in, or llm for a language model beside it; default: built-in",
    "LIVE_SCRIBE_LLM_URL": "the language model's OpenAI-compatible server, like http://127.0.0.1:8080/v1",
    "LIVE_SCRIBE_LLM_MODEL": "what that server calls the model",
    "LIVE_SCRIBE_LLM_KEY": "the key that server wants; default: none",
    "LIVE_SCRIBE_LLM_LOCAL_ONLY": "1: no server but on this computer or in a private network; 0: any; default: 1",
    "LIVE_SCRIBE_TOKEN": "the session token that `listen --server` signs in with",
}
"""Every variable there is, and what it means: docs/cli.md shows this table."""

DEVICES = ("cpu", "cuda")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("auto", "json", "console")
MOST_THREADS = 64
MOST_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says."""

    data: Path
    templates: Path | None
    model: str
    device: str
    compute_type: str | None
    fallback_model: str | None
    batch: int | None
    threads: int
    log_level: str
    log_format: str


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings. Raises ConfigError naming the variable and what it may be."""
    env = os.environ if environ is None else environ
    known = [name for name in env if name.startswith("LIVE_SCRIBE_") and name not in SETTINGS]
    if known:
        raise ConfigError(f"{known[0]} is not a setting; there are: {', '.join(SETTINGS)}")
    return Settings(
        data=Path(env.get("LIVE_SCRIBE_DATA") or _data_home(env) / "live_scribe"),
        templates=Path(env["LIVE_SCRIBE_TEMPLATES"]) if env.get("LIVE_SCRIBE_TEMPLATES") else None,
        model=env.get("LIVE_SCRIBE_MODEL") or "base",
        device=_one_of(DEVICES, "LIVE_SCRIBE_DEVICE", (env.get("LIVE_SCRIBE_DEVICE") or "cpu").lower()),
        compute_type=env.get("LIVE_SCRIBE_COMPUTE_TYPE") or None,
        fallback_model=env.get("LIVE_SCRIBE_FALLBACK_MODEL") or None,
        batch=_batch(env.get("LIVE_SCRIBE_BATCH") or ""),
        threads=_threads(env.get("LIVE_SCRIBE_THREADS") or "0"),
        log_level=_one_of(LOG_LEVELS, "LIVE_SCRIBE_LOG", (env.get("LIVE_SCRIBE_LOG") or "INFO").upper()),
        log_format=_one_of(
            LOG_FORMATS, "LIVE_SCRIBE_LOG_FORMAT", (env.get("LIVE_SCRIBE_LOG_FORMAT") or "auto").lower()
        ),
    )


WRITERS = ("built-in", "llm")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterSettings:
    """What the environment says of the note writer."""

    writer: str
    url: str | None
    model: str | None
    key: str | None = field(repr=False)
    local_only: bool


def read_writer(env: Mapping[str, str]) -> WriterSettings:
    """Return the settings of the note writer. Raises ConfigError naming the variable and what it may be."""
    near = _one_of(("1", "0"), "LIVE_SCRIBE_LLM_LOCAL_ONLY", env.get("LIVE_SCRIBE_LLM_LOCAL_ONLY") or "1")
    return WriterSettings(
        writer=_one_of(WRITERS, "LIVE_SCRIBE_WRITER", env.get("LIVE_SCRIBE_WRITER") or "built-in"),
        url=env.get("LIVE_SCRIBE_LLM_URL") or None,
        model=env.get("LIVE_SCRIBE_LLM_MODEL") or None,
        key=env.get("LIVE_SCRIBE_LLM_KEY") or None,
        local_only=near == "1",
    )


def _one_of(known: tuple[str, ...], name: str, value: str) -> str:
    if value not in known:
        raise ConfigError(f"{name}: one of {', '.join(known)}")
    return value


def _threads(text: str) -> int:
    if not text.isdecimal() or len(text) > len(str(MOST_THREADS)) or int(text) > MOST_THREADS:
        raise ConfigError(f"LIVE_SCRIBE_THREADS: a number from 0 to {MOST_THREADS}")
    # The last core is for the rest of the service. Of two cores one is enough for base, and costs a quarter less.
    return int(text) or max(1, min(4, cores() - 1))


def _batch(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > len(str(MOST_BATCH)) or not 1 <= int(text) <= MOST_BATCH:
        raise ConfigError(f"LIVE_SCRIBE_BATCH: a number from 1 to {MOST_BATCH}")
    return int(text)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _data_home(env: Mapping[str, str]) -> Path:
    return Path(env.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def check_address(host: str, port: int, *, behind_proxy: bool) -> None:
    """Refuse an address that would send patients' words over a network unencrypted. Raises ConfigError."""
    if not 0 <= port <= 65535:
        raise ConfigError("--port: a number from 0 to 65535")
    if not behind_proxy and not is_loopback(host):
        raise ConfigError(
            f"--host {host}: other computers would reach this without encryption; put a TLS proxy before it and give "
            "--behind-proxy, or serve on 127.0.0.1"
        )


def is_loopback(host: str) -> bool:
    """Return whether only this computer can reach an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
