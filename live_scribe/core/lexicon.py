"""What the checks of a note know of words, whoever wrote it: drugs, findings, and which forms of words are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DOUBTFUL = 0.6
"""Below this the recogniser is often wrong in a drug or a number; a template has its own (cues.toml, `doubtful`)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """All in small letters. `frequencies`, `routes` and `units`: what is said or written, to the form that both mean.

    `substances`: what else people are allergic to, and classes of drugs. `findings`: symptoms and conditions, each to
    the name it goes by. `ordinary`: words of everyday talk; what is none of all this may be the name of a drug.
    """

    drugs: frozenset[str] = frozenset()
    substances: frozenset[str] = frozenset()
    findings: Mapping[str, str] = field(default_factory=dict)
    frequencies: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    ordinary: frozenset[str] = field(default=frozenset(), repr=False)
    doubtful: float = DOUBTFUL


NO_LEXICON = Lexicon()
"""Knows numbers, usual units, sides and denials alone."""
