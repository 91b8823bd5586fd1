"""What the checks of a note know of words, from the note writer's vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable

from live_scribe.core.lexicon import Lexicon
from live_scribe.drafting.vocabulary import Vocabulary

_MADE: dict[int, tuple[Vocabulary, Lexicon]] = {}
_MOST_MADE = 32
"""More templates than a clinic has; each is made once, for the checks keep tables by it."""


def lexicon(vocabulary: Vocabulary, ordinary: frozenset[str] = frozenset()) -> Lexicon:
    """Return what the checks of a note know of words: this vocabulary's, and those of everyday talk."""
    kept = _MADE.get(id(vocabulary))
    if kept is not None and kept[0] is vocabulary and ordinary <= kept[1].ordinary:
        return kept[1]
    if len(_MADE) >= _MOST_MADE:
        _MADE.clear()
    _MADE[id(vocabulary)] = (vocabulary, made := _lexicon(vocabulary, ordinary))
    return made


def _lexicon(vocabulary: Vocabulary, ordinary: frozenset[str]) -> Lexicon:
    leads = frozenset(w for q in vocabulary.questions for w in re.findall(r"[a-z]+", q.lead.lower()))
    return Lexicon(
        drugs=vocabulary.drugs,
        substances=vocabulary.substances,
        findings={**vocabulary.symptoms, **{name: name for name in vocabulary.conditions}},
        frequencies=vocabulary.frequencies,
        routes=vocabulary.routes,
        units=vocabulary.units,
        ordinary=ordinary | leads if ordinary else ordinary,
        doubtful=vocabulary.doubtful,
    )


def named(vocabulary: Vocabulary) -> Callable[[str], tuple[str, ...]]:
    """Return what finds names in a text in small letters: drugs, how they are taken, conditions, findings."""
    found = (
        vocabulary.drug,
        vocabulary.drug_class,
        vocabulary.condition,
        vocabulary.symptom,
        vocabulary.route,
        vocabulary.frequency,
        vocabulary.finding,
    )
    return lambda text: tuple(name for pattern in found for name in pattern.findall(text))
