"""Words of utterances as tokens that remember where they were said, and sentences made of them.

Every rewriting of a sentence (fillers out, "my" to "his") works on tokens, so the finished sentence still knows the
words it rests on and how sure the recogniser was of each.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from live_scribe.core.words import Utterance

SENTENCE_ENDS = frozenset(".?!…")
_ABBREVIATIONS = frozenset(
    {"dr", "mr", "mrs", "ms", "st", "vs", "approx", "b.i.d", "t.i.d", "q.i.d", "q.d", "q.h.s", "p.r.n"}
)
_DATES = frozenset(
    "january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
"""Names of months and days; "may" is not among them."""
_SHAPE = re.compile(r"^([\"'“‘(\[]*)(.*?)([.,;:?!…\"”’)\]—–-]*)$", re.DOTALL)
_JOINED = {("gon", "na"), ("wan", "na"), ("got", "ta"), ("can", "not"), ("lem", "me"), ("gim", "me")}


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it will stand in the note. `source` is the utterance and `first`..`last` its words (inclusive).

    `after` is the punctuation that follows; `source` is None for a word that the writer put in itself.
    """

    text: str = field(repr=False)
    after: str = ""
    source: str | None = None
    first: int = 0
    last: int = 0
    probability: float | None = None

    @property
    def lower(self) -> str:
        """The word in small letters, with a straight apostrophe."""
        return self.text.replace("\u2019", "'").lower()


Phrase = tuple[Token, ...]


def rested(token: Token, source: Phrase) -> Token:
    """Return the token as resting on the words of `source`: of one that goes over two utterances, on the first's."""
    first = source[0]
    last = max(t.last for t in source if t.source == first.source)
    return replace(token, source=first.source, first=first.first, last=last)


def made(text: str) -> Phrase:
    """Return tokens of the writer's own words ("He denies")."""
    return tuple(Token(t.rstrip(",:"), t[len(t.rstrip(",:")) :]) for t in text.split())


def tokenize(utterance: Utterance) -> Phrase:
    """Return the utterance's words as tokens; punctuation that stands alone goes on the word before it."""
    tokens: list[Token] = []
    for index, word in enumerate(utterance.words):
        match = _SHAPE.match(word.text.replace("\u2019", "'"))
        core, after = (match.group(2), match.group(3)) if match else (word.text, "")
        after = after.replace("...", "…").strip("\"”')]")
        if not core:
            if tokens and after:
                tokens[-1] = replace(tokens[-1], after=tokens[-1].after + after, last=index)
            continue
        joined = tokens and not tokens[-1].after and _belongs(tokens[-1].lower, core.lower())
        joined = joined or (tokens and not tokens[-1].after and _goes_on(tokens[-1].lower, core))
        if joined:
            low = [p for p in (tokens[-1].probability, word.probability) if p is not None]
            tokens[-1] = replace(
                tokens[-1], text=tokens[-1].text + core, after=after, last=index, probability=min(low, default=None)
            )
        else:
            tokens.append(Token(core, after, utterance.id, index, index, word.probability))
    return tuple(tokens)


def _goes_on(before: str, core: str) -> bool:
    """Whether a recogniser has cut one word in two: "98" + ".4", "1" + ",000", "X" + "-ray"."""
    number = before[-1:].isdigit() and re.fullmatch(r"[.,]\d+%?", core)
    return bool(number) or bool(re.fullmatch(r"-[A-Za-z]+", core))


def _belongs(before: str, core: str) -> bool:
    """Whether two written tokens are one word: "do" + "n't", "it" + "'s", "gon" + "na" (Penn Treebank spelling)."""
    return (
        core == "n't" or (core.startswith("'") and len(core) <= 3 and core[1:].isalpha()) or (before, core) in _JOINED
    )


def without_capitals(phrase: Phrase) -> Phrase:
    """Return the sentence with a small first letter, unless its first word is a name, "I" or an abbreviation."""
    if not phrase or not phrase[0].text[:1].isupper():
        return phrase
    first, second = phrase[0], phrase[min(1, len(phrase) - 1)]
    keeps = not first.text[1:].islower() or (
        len(phrase) > 1 and second.text[:1].isupper() and second.lower not in {"i", "i'm", "i've", "i'd"}
    )
    if keeps or first.lower in _ABBREVIATIONS | _DATES:
        return phrase
    return (replace(first, text=first.text[0].lower() + first.text[1:]), *phrase[1:])


def split_sentences(tokens: Phrase) -> list[Phrase]:
    """Return the sentences of an utterance, each with its closing sign."""
    found: list[Phrase] = []
    begin = 0
    for i, token in enumerate(tokens):
        ends = bool(set(token.after) & SENTENCE_ENDS)
        if ends and token.lower in _ABBREVIATIONS and "?" not in token.after and i + 1 < len(tokens):
            continue
        if ends or i + 1 == len(tokens):
            found.append(tokens[begin : i + 1])
            begin = i + 1
    return found


def words(phrase: Iterable[Token]) -> str:
    """Return the phrase in small letters with single spaces and no punctuation: what patterns are matched against."""
    return " ".join(t.lower for t in phrase)


def with_signs(phrase: Iterable[Token]) -> str:
    """Return the phrase in small letters with its commas and stops."""
    return " ".join(t.lower + t.after for t in phrase)


def match_span(phrase: Sequence[Token], start: int, end: int, *, signs: bool = False) -> tuple[int, int]:
    """Return the tokens (end exclusive) that characters `start` to `end` of `words(phrase)` lie in."""
    offsets: list[int] = []
    at = 0
    for token in phrase:
        offsets.append(at)
        at += len(token.lower) + (len(token.after) if signs else 0) + 1
    return bisect_right(offsets, start) - 1, bisect_right(offsets, max(start, end - 1))


def bare(phrase: Phrase) -> Phrase:
    """Return the phrase without the punctuation at its end."""
    return (*phrase[:-1], replace(phrase[-1], after="")) if phrase else phrase
