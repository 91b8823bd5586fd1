"""The recorded encounters that come with live_scribe (samples/README.md)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from live_scribe import resources
from live_scribe.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A packaged encounter. `duration` in seconds; the patient is invented."""

    name: str
    title: str
    summary: str
    template: str
    duration: float
    patient: dict[str, str | None] = field(repr=False)
    audio: Path


def listed() -> dict[str, Sample]:
    """Return the packaged samples by name."""
    found = (_read(path) for path in sorted(resources.folder("samples").glob("*.toml")))
    return {sample.name: sample for sample in found if sample.audio.is_file()}


def named(name: str) -> Sample:
    """Return a sample. Raises NotFound naming those that there are."""
    known = listed()
    if name not in known:
        raise NotFound(f"there is no such sample; there are: {', '.join(known) or 'none'}")
    return known[name]


def _read(path: Path) -> Sample:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    patient = told.get("patient", {})
    return Sample(
        name=path.stem,
        title=told["title"],
        summary=told["summary"],
        template=told["template"],
        duration=float(told["duration"]),
        patient={key: str(value) for key, value in patient.items()},
        audio=path.with_suffix(".opus"),
    )
