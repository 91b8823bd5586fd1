"""Says how much of a sentence clinicians keep in their notes: a small linear model; where it goes says the placer.

Trained by training/sections.py and training/placing.py; data and licence in training/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import pairwise

from live_scribe.core.words import Role
from live_scribe.drafting.placing import Placer, place_features
from live_scribe.drafting.scene import Phase
from live_scribe.drafting.tokens import Phrase
from live_scribe.drafting.vocabulary import Vocabulary

WEIGHTS = "sentences.json"


@dataclass(frozen=True, slots=True)
class Scorer:
    """`worth`: feature → weight."""

    worth: Mapping[str, float] = field(repr=False)
    placer: Placer = field(default_factory=Placer.shipped, repr=False)

    @classmethod
    def shipped(cls) -> Scorer:
        """Return the scorer with the weights that come with the package."""
        return _shipped()

    def keep(self, features: Iterable[str]) -> float:
        """Return how much of the sentence a note is expected to hold, about 0 to 1."""
        return self.worth.get("", 0.0) + sum(self.worth.get(f, 0.0) for f in features)

    def section(
        self, phrase: Phrase, before: Phrase, role: Role, vocabulary: Vocabulary, allowed: Sequence[str], lead: int = 0
    ) -> str:
        """Return the likeliest of the allowed sections, the first unless another is ahead by `lead`."""
        return self.placer.section([place_features(phrase, before, role, vocabulary)], allowed, lead)


@cache
def _shipped() -> Scorer:
    text = resources.files("live_scribe.drafting").joinpath("weights", WEIGHTS).read_text(encoding="utf-8")
    held = json.loads(text)
    return Scorer(worth=held["worth"])


def features(phrase: Phrase, before: Phrase, role: Role, phase: Phase) -> tuple[str, ...]:
    """Return what the models look at: the words of a sentence, those before it, who says it, and when in the visit.

    The words are those that were said, in small letters; digits are one word, as a value should not decide.
    """
    speaker = "d" if role in {Role.DOCTOR, Role.OTHER} else "p"
    own = [_word(t.lower) for t in phrase]
    pairs = [f"{a}_{b}" for a, b in pairwise(own)]
    found = {f"{speaker}:{w}" for w in own} | set(own) | {f"{w}" for w in pairs}
    found |= {f"<{_word(t.lower)}" for t in before[-12:]}
    found |= {f"@{phase}{speaker}", f"#{min(len(own), 24) // 4}{speaker}"}
    return tuple(sorted(found))


def _word(word: str) -> str:
    return "0" if any(c.isdigit() for c in word) else word
