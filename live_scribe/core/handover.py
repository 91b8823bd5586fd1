"""How likely somebody else speaks next: what was said last, and what is said now, tell much of it.

Nobody answers their own question, and "Okay." behind a statement is a listener's in nine of ten dialogues. Such shares
are not for guessing: a linear model learned them from written dialogues (`training/handover.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_TOKEN = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")

_LISTENING = re.compile(r"\b(?:mm+[- ]?hm+|mhm+|u[hm]-?huh|hmm+)\b")
"""One sound, written in many ways."""

_HUMMED = re.compile(r"(?:\w+[' ]?\w* )?\w*hum(?:m|med)?[.,!]*")
"""The same sound as models mishear it, alone in its sentence: "And hum.", "I'm hum.", "Inhummed."."""

WHOLE_WORDS = 2
"""A sentence of so many words is known as a whole ("Got it."), a longer one by how it begins."""

LENGTHS = (1, 2, 4, 8)
"""Up to how many words a sentence is of one length; longer ones are all alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverWeights:
    """A logistic regression: the log-odds of a change of speaker between two sentences."""

    bias: float
    terms: Mapping[str, float] = field(repr=False)

    def log_odds(self, said: str, following: str) -> float:
        """Return the log-odds that `following` is said by somebody else than the sentence before it."""
        return self.bias + sum(self.terms.get(feature, 0.0) for feature in features(said, following))


UNTAUGHT = HandoverWeights(bias=-0.9, terms={})
"""Without weights: whoever speaks goes on, in seven of ten cases."""


def read_handover(text: str) -> HandoverWeights:
    """Return the weights that `training/handover.py` wrote. Raises ValueError where `text` is not such a file."""
    try:
        return HandoverWeights(**json.loads(text))
    except TypeError as exc:
        raise ValueError("not a file of handover weights") from exc


@lru_cache(maxsize=512)
def features(said: str, following: str) -> frozenset[str]:
    """Return what is told of two sentences: questions, lengths, first and last words, and short ones whole."""
    said = _SENTENCE.split(said.strip())[-1]
    before, after = _TOKEN.findall(_plain(said)), _TOKEN.findall(_plain(following))
    asked, asks = said.rstrip().endswith("?"), following.rstrip().endswith("?")
    first, head = " ".join(after[:1]), _head(after)
    return frozenset(
        (
            f"asked {asked}",
            f"asks {asks}",
            f"lengths {_length(before)} {_length(after)} {asked}",
            f"before {_head(before)}",
            f"opening {' '.join(before[:1])}",
            f"ending {' '.join(before[-1:])}",
            f"first {first} {asked}",
            f"after {head} {asked}",
            f"after {head} {asks}",
            f"pair {' '.join(after[:2])}",
            f"short {_head(before)} {asks}" if len(before) <= WHOLE_WORDS else f"long {asks} {first}",
        )
    )


def _plain(text: str) -> str:
    lower = text.lower().replace("\u2019", "'").strip()
    return "mm-hm" if _HUMMED.fullmatch(lower) else _LISTENING.sub("mm-hm", lower)


def _head(tokens: list[str]) -> str:
    """Return a short sentence whole, closed by a stop; of a longer one the first word."""
    return " ".join((*tokens, ".")) if len(tokens) <= WHOLE_WORDS else tokens[0]


def _length(tokens: list[str]) -> int:
    return sum(len(tokens) > limit for limit in LENGTHS)
