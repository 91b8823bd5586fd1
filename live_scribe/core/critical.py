"""Words that nobody may change unasked: numbers and units, yes and no, sides, and the names that the clinic knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from live_scribe.core.readings import WEIGHT, Concern
from live_scribe.core.spelling import pieces
from live_scribe.core.words import match_key

Names = Callable[[str], Sequence[str]]
"""Returns the names (drugs, conditions, complaints, the clinic's own) in a text in small letters, in order."""


def no_names(_text: str) -> Sequence[str]:
    """Find none."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of words: the `names` among them, and which are `ordinary` talk (keys)."""

    names: Names = no_names
    ordinary: frozenset[str] = field(default=frozenset(), repr=False)


SPELT_ALIKE = 0.75
"""Of two spellings of a name so many letters (difflib's ratio) are the same: lysinopril and lysinopryl."""

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand point half quarter third "
    "once twice double single couple first second"
)
_UNITS = (
    "mg mcg g gram milligram microgram ml milliliter unit percent degree pound kilo kg puff tablet pill capsule drop "
    "second minute hour day week month year daily weekly nightly"
)
_ANSWERS = (
    "yes yeah yep yup yea uh-huh mm-hmm mhm no nope nah not none never nothing nobody nowhere neither nor without "
    "cannot deny denies denied except unless stop stopped stopping start started increase decrease more less"
)
_SIDES = "left right both bilateral bilaterally either upper lower above below inside outside"

CRITICAL = {
    **dict.fromkeys(_ANSWERS.split(), Concern.ANSWER),
    **dict.fromkeys(_SIDES.split(), Concern.SIDE),
    **dict.fromkeys(f"{_NUMBERS} {_UNITS}".split(), Concern.NUMBER),
}
"""Words that turn a finding, a dose or a side into another. Longer than need be: such a change is asked."""

_DIGIT = re.compile(r"\d")


def names_among(phrases: Iterable[str]) -> Names:
    """Return what finds these phrases, given by their keys, in a text."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for words in (tuple(phrase.split()) for phrase in phrases):
        if words:
            by_first.setdefault(words[0], []).append(words)

    def find(text: str) -> tuple[str, ...]:
        said = text.split()
        return tuple(
            " ".join(words)
            for i, first in enumerate(said)
            for words in by_first.get(first, ())
            if tuple(said[i : i + len(words)]) == words
        )

    return find


def critical_terms(words: Sequence[str], names: Names) -> list[str]:
    """Return what of a text must not change unasked, in order: closed words first, then names."""
    keys = [match_key(w) for w in words]
    return [term for key in keys if (term := _closed(key))] + list(names(" ".join(keys)))


def concern(before: Sequence[str], after: Sequence[str], names: Names) -> Concern | None:
    """Return the weightiest of what changes from one text to another that must not change unasked; null for nothing."""
    then, now = critical_terms(before, names), critical_terms(after, names)
    if then == now:
        return None
    changed = (Counter(then) - Counter(now)) + (Counter(now) - Counter(then))
    return min((_concern(term) for term in changed or now), key=WEIGHT.__getitem__)


def _concern(term: str) -> Concern:
    if _DIGIT.search(term):
        return Concern.NUMBER
    found = [CRITICAL[part] for part in (term, *term.split("-")) if part in CRITICAL]
    if found:
        return found[0]
    return Concern.ANSWER if _closed(term) else Concern.NAME


def _closed(key: str) -> str:
    if _DIGIT.search(key) or key in CRITICAL or (key.endswith("nt") and key[:-2] in _HELPING):
        return key
    parts = key.split("-")
    if len(parts) > 1 and any(p in CRITICAL for p in parts):
        return key
    return key[:-1] if key.endswith("s") and key[:-1] in CRITICAL else ""


_HELPING = frozenset("do does did is are was were have has had ca could would should wo must need".split())


def misspelt_anew(one: Sequence[str], other: Sequence[str], known: Known) -> bool:
    """Whether both texts hold strange words that are spelt alike: a name that the model does not know, twice."""
    strange = [any(_is_strange(match_key(word), known) for word in words) for words in (one, other)]
    return all(strange) and SequenceMatcher(None, _letters(one), _letters(other)).ratio() >= SPELT_ALIKE


LONG_NAME = 6
"""A word of so many letters that is not everyday talk may be the name of a drug, heard badly."""


def may_name(words: Sequence[str], known: Known) -> bool:
    """Whether one of the words may be a name that nobody has listed: then a person decides."""
    keys = [match_key(word) for word in words]
    return any(len(key) >= LONG_NAME and _is_strange(key, known) for key in keys)


def _is_strange(key: str, known: Known) -> bool:
    stems = {key, *(key.removesuffix(ending) for ending in _ENDINGS)}
    return stems.isdisjoint(known.ordinary) and not known.names(key)


_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "'s")


def same_when_joined(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two texts say the same in other words: "check up" and "checkup", "zero to ten" and "0-10"."""
    return _letters(one) == _letters(other)


def _letters(words: Sequence[str]) -> str:
    """Return the letters of a text as it is said, numbers in words."""
    return "".join(piece for word in words for piece in pieces(word))
