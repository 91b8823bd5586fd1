"""Words in one form each, so that a sentence of the note can be held against what was said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from live_scribe.core.numerals import read_number
from live_scribe.core.words import Utterance, Word
from live_scribe.drafting.numbers import in_digits
from live_scribe.drafting.tokens import Phrase, Token, split_sentences, tokenize
from live_scribe.drafting.vocabulary import Vocabulary

_SHORTEST_STEM = 4
"""A word keeps at least so many letters: "early" is not "ear"."""

_AS_THEY_ARE = frozenset("family july belly only early diabetes herpes rabies this his was has does is".split())
_IRREGULAR = {
    form: base
    for base, forms in {
        "go": "goes went gone going",
        "fall": "fell fallen falls falling",
        "break": "broke broken breaks breaking",
        "come": "came comes coming",
        "give": "gave given gives giving",
        "see": "saw seen sees seeing",
        "wake": "woke woken wakes waking",
        "sleep": "slept sleeps sleeping",
        "lose": "lost loses losing",
        "run": "ran runs running",
        "eat": "ate eaten eats eating",
        "bleed": "bled bleeds bleeding",
        "lie": "lay lies lying",
        "foot": "feet",
        "tooth": "teeth",
        "child": "children",
        "woman": "women",
        "man": "men",
    }.items()
    for form in forms.split()
}


@dataclass(frozen=True, slots=True)
class Plain:
    """One word in its plain form, and the token it is of. `after` is the punctuation behind it."""

    word: str = field(repr=False)
    after: str
    token: Token = field(repr=False)

    @property
    def is_number(self) -> bool:
        """Whether it holds a digit."""
        return any(c.isdigit() for c in self.word)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLists:
    """The tables of grounding.toml, ready to look words up in: words and phrases in their plain forms."""

    frame: frozenset[str]
    light: frozenset[str]
    same: Mapping[tuple[str, ...], str] = field(repr=False)
    longest: int


@lru_cache(maxsize=1)
def word_lists() -> WordLists:
    """Return the tables that the package carries."""
    tables = tomllib.loads(Path(__file__).with_name("grounding.toml").read_text(encoding="utf-8"))
    same = {tuple(said.replace("-", " ").split()): f"={group[0]}" for group in tables["same"] for said in group}
    frame, light = (frozenset(tables[name].split()) for name in ("frame", "light"))
    return WordLists(
        frame=frame | {stem(w) for w in frame},
        light=light | {stem(w) for w in light} | {same.get((w,), w) for w in light},
        same=same,
        longest=max(len(key) for key in same),
    )


def stem(word: str) -> str:
    """Return a word without its ending: "wheezes" and "wheezing" are one. What stands before the stem is never cut."""
    if word in _AS_THEY_ARE or not word.isalpha():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", "")):
        cut = word.removesuffix(ending)
        if cut != word and not (ending == "s" and word.endswith("ss")) and len(cut + instead) >= _SHORTEST_STEM:
            word = cut + instead
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


def sentences_of(text: str) -> list[Phrase]:
    """Return a written text's sentences as tokens, as those of an utterance."""
    words = tuple(Word(id="", text=w) for w in text.split())
    return split_sentences(tokenize(Utterance(id="", words=words)))


_DOSE = re.compile(r"(\d+(?:\.\d+)?)([a-z%]+)")
_POSSESSIVE = re.compile(r"'s$|'$")


def plain(phrase: Phrase, vocabulary: Vocabulary) -> list[Plain]:
    """Return the words of a sentence in their plain forms: numbers in digits, one word for what means the same."""
    parts: list[Plain] = []
    for token in in_digits(phrase, vocabulary.units):
        pieces = _pieces(token.lower, vocabulary)
        parts += [Plain(piece, token.after if n == len(pieces) else "", token) for n, piece in enumerate(pieces, 1)]
    return _named(_counted(parts), vocabulary)


def _pieces(word: str, vocabulary: Vocabulary) -> list[str]:
    word = _POSSESSIVE.sub("", word) if not word.endswith("n't") else word
    found: list[str] = []
    for piece in re.split(r"[-–—]+", word):
        if dose := _DOSE.fullmatch(piece):
            unit = dose.group(2)
            known = unit in vocabulary.units or unit in vocabulary.units.values() or unit == "%"
            found += [dose.group(1), unit] if known else [piece]
        elif piece:
            found.append(piece)
    return found


def _counted(parts: Sequence[Plain]) -> list[Plain]:
    """Return the words with numbers in digits; "5.0" is 5."""
    lower = [p.word for p in parts]
    out: list[Plain] = []
    at = 0
    while at < len(parts):
        number = read_number(lower, at)
        if number is None:
            out.append(parts[at])
            at += 1
            continue
        digits, end = number
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
        out.append(Plain(digits, parts[end - 1].after, parts[at].token))
        at = end
    return out


def _named(parts: Sequence[Plain], vocabulary: Vocabulary) -> list[Plain]:
    """Return the words with one name for what means the same, and without endings."""
    lists = word_lists()
    out: list[Plain] = []
    at = 0
    while at < len(parts):
        for length in range(min(lists.longest, len(parts) - at), 0, -1):
            run = parts[at : at + length]
            key = tuple(p.word for p in run)
            name = lists.same.get(key) or _taken(" ".join(key), vocabulary)
            if name is not None and not any(p.after for p in run[:-1]):
                out.append(Plain(name, run[-1].after, run[0].token))
                at += length
                break
        else:
            out.append(Plain(stem(parts[at].word), parts[at].after, parts[at].token))
            at += 1
    return out


_ALSO_UNITS = frozenset({"puff", "puffs"})


def _taken(said: str, vocabulary: Vocabulary) -> str | None:
    """Return the one name of a unit, a frequency or a route."""
    if (unit := vocabulary.units.get(said)) is not None:
        return f"={unit}"
    if (often := vocabulary.frequencies.get(said)) is not None:
        return f"={often}"
    if said not in _ALSO_UNITS and (route := vocabulary.routes.get(said)) is not None:
        return f"={route}"
    return None
