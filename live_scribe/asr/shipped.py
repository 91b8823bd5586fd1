"""Reads what ships with the package: weights and lists of names (where they come from stands in NOTICE)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from live_scribe.core.handover import HandoverWeights, read_handover
from live_scribe.core.roles import RoleWeights, read_weights
from live_scribe.core.vocabulary import Vocabulary, read_vocabulary
from live_scribe.errors import ModelError

_WEIGHTS = files("live_scribe.asr") / "weights"
_DATA = files("live_scribe.asr") / "data"


def voice_weights() -> Mapping[str, NDArray[np.generic]]:
    """Return the voice encoder's arrays by name. Raises ModelError where the installation is incomplete."""
    try:
        with (_WEIGHTS / "voices.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, ValueError) as exc:
        raise ModelError("the voice weights are missing or damaged: install live_scribe again") from exc


@cache
def role_weights() -> RoleWeights:
    """Return the weights for `core.roles`. Raises ModelError where the installation is incomplete."""
    try:
        return read_weights((_WEIGHTS / "roles.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError("the role weights are missing or damaged: install live_scribe again") from exc


@cache
def packaged_vocabulary() -> Vocabulary:
    """Return the names that come with the package (docs/vocabulary.md). Raises ModelError where they are damaged."""
    try:
        ordinary = (_DATA / "ordinary.txt").read_text(encoding="utf-8").split()
        return read_vocabulary(tomllib.loads((_DATA / "vocabulary.toml").read_text(encoding="utf-8")), ordinary)
    except (OSError, ValueError) as exc:
        raise ModelError("the list of names is missing or damaged: install live_scribe again") from exc


@cache
def handover_weights() -> HandoverWeights:
    """Return the weights for `core.turns`. Raises ModelError where the installation is incomplete."""
    try:
        return read_handover((_WEIGHTS / "handover.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError("the handover weights are missing or damaged: install live_scribe again") from exc
