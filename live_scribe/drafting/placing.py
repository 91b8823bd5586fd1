"""Says in which section of a note something belongs: one linear model over words and kinds of words.

The same weights place a sentence of the note and tell what a whole dialogue is about. Trained by training/placing.py;
data and licence in training/README.md.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from live_scribe.core.words import Role
from live_scribe.drafting.clinician import order
from live_scribe.drafting.kinds import ANSWERS, KINDS
from live_scribe.drafting.questions import cue_for
from live_scribe.drafting.speech import is_question
from live_scribe.drafting.tokens import Phrase, words
from live_scribe.drafting.vocabulary import Vocabulary

WEIGHTS = "sections.json"
KIND_WEIGHT = 2.0
"""How much more a kind ("a relative is named") counts than a word; chosen by cross-validation on the training split."""
ENDING = 4
"""Letters at the end of a long word that are looked at by themselves: "-itis", "-tomy"."""
LONG = 6
"""Letters above which a word's ending is looked at."""
_STEM = re.compile(r"(?:ings?|ed|es|s|ies|y)$")

Features = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placer:
    """`weights`: feature → hundredths of a weight for each of the `sections`; the constants stand under ""."""

    sections: tuple[str, ...]
    weights: Mapping[str, Sequence[int]] = field(repr=False)

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> Placer:
        """Return the placer that a file of weights holds."""
        return cls(tuple(held["sections"]), held["weights"])

    @classmethod
    def shipped(cls) -> Placer:
        """Return the placer with the weights that come with the package."""
        return _shipped()

    def scores(self, vector: Mapping[str, float]) -> dict[str, float]:
        """Return how much speaks for each section, in hundredths; only order and distances mean something."""
        rows = [(1.0, self.weights[""]), *((x, self.weights[f]) for f, x in vector.items() if f in self.weights)]
        return {s: math.fsum(x * row[i] for x, row in rows) for i, s in enumerate(self.sections)}

    def best(self, vector: Mapping[str, float], allowed: Sequence[str] = (), lead: int = 0) -> str:
        """Return the likeliest section, among the `allowed` where any are named.

        With `lead`, hundredths, the first of the allowed stands unless another is ahead of it by that much.
        """
        scores = self.scores(vector)
        choice = tuple(allowed or self.sections)
        best = max(choice, key=lambda s: scores.get(s, -math.inf))
        return best if scores[best] >= scores.get(choice[0], -math.inf) + lead else choice[0]

    def section(self, sentences: Sequence[Features], allowed: Sequence[str] = (), lead: int = 0) -> str:
        """Return the likeliest section of what is said in these sentences, as `best` does."""
        return self.best(vector_of(sentences), allowed, lead)


def vector_of(sentences: Sequence[Features]) -> dict[str, float]:
    """Return the sentences as one vector of length one: a feature counts once a sentence, and ever less."""
    counts = Counter(f for s in sentences for f in set(s))
    raw = {f: (1 + math.log(n)) * (KIND_WEIGHT if f[0] == "=" else 1.0) for f, n in sorted(counts.items())}
    length = math.sqrt(math.fsum(x * x for x in raw.values())) or 1.0
    return {f: x / length for f, x in raw.items()}


def place_features(phrase: Phrase, before: Phrase, role: Role, vocabulary: Vocabulary) -> Features:
    """Return what the model looks at: words by speaker, stems, endings, and kinds of words, in it and before it."""
    speaker = "d" if role in {Role.DOCTOR, Role.OTHER} else "p"
    text, own = words(phrase), [t.lower for t in phrase]
    found = {f"{speaker}:{_word(w)}" for w in own} | {f"~{_stem(w)}" for w in own}
    found |= {f"~{w[-ENDING:]}" for w in own if len(w) > LONG}
    found |= {f"={speaker}{k}" for k in _kinds(phrase, text, vocabulary)}
    found |= {f"={speaker}k_{name}" for name, pattern in KINDS if pattern.search(text)}
    if speaker == "p" and before:
        earlier = words(before)
        answer = next((name for name, pattern in ANSWERS if pattern.search(text)), "open")
        found |= {f"=a_{answer}_{name}" for name, pattern in KINDS if pattern.search(earlier)}
        if vocabulary.symptom.search(earlier):
            found.add(f"=a_{answer}_symptom")
    return tuple(sorted(found))


def _word(word: str) -> str:
    return "0" if any(c.isdigit() for c in word) else word


def _stem(word: str) -> str:
    return _STEM.sub("", word) if len(word) > 4 else _word(word)


def _kinds(phrase: Phrase, text: str, v: Vocabulary) -> set[str]:
    """What the template's own patterns say of a sentence."""
    patterns = {
        "drug": v.drug,
        "drug_class": v.drug_class,
        "symptom": v.symptom,
        "condition": v.condition,
        "finding": v.finding,
        "frequency": v.frequency,
        "route": v.route,
        "family_question": v.family_question,
        "problem": v.problem_words,
        "taking": v.taking,
        "change": v.change,
        "small_talk": v.small_talk,
        "telling": v.telling,
        **{f"section_{name}": pattern for name, pattern in v.sections},
        **{f"phase_{name}": pattern for name, pattern in v.phases},
    }
    found = {name for name, pattern in patterns.items() if pattern.search(text)}
    own = {t.lower for t in phrase}
    found |= {name for name, group in (("kin", v.relatives), ("spouse", v.spouse)) if own & group}
    if is_question(phrase, v):
        found.add("question")
        if cue := cue_for(phrase, v):
            found |= {f"asks_{cue.section}", f"asks_{cue.lead}"}
    if order(phrase, v) is not None:
        found.add("order")
    if any(c.pattern.search(text) for c in v.vitals):
        found.add("vital")
    return found


@cache
def _shipped() -> Placer:
    text = resources.files("live_scribe.drafting").joinpath("weights", WEIGHTS).read_text(encoding="utf-8")
    return Placer.of(json.loads(text))
