"""One spelling for all hearings of the same words: "0-10." and "zero to ten", "25 mg" and "twenty five milligrams".

Whisper writes a number in digits in one look and in letters in the next. Compared as written they would be other words,
and the second hearing would stand beside the first.
"""

from __future__ import annotations

import re

from live_scribe.core.numerals import ONES, TENS
from live_scribe.core.words import match_key

_PIECES = re.compile(r"(?<=\.)\d+|\d+|[^\W\d_]+|%|(?<=\d)[-/](?=\d)|\.(?=\d)")
_SIGNS = {
    "-": "to",
    ".": "point",
    "/": "over",
    "%": "percent",
    "milligrams": "mg",
    "milligram": "mg",
    "micrograms": "mcg",
    "microgram": "mcg",
    "okay": "ok",
}
_WORDS = {n: word for word, n in (*ONES.items(), *TENS.items())}
_CENTURIES = range(1900, 2100)
"""Four digits that are most likely a year, and said as one: nineteen ninety eight."""
_LONGEST = 6
"""Longer numbers, those that begin with a zero, and what stands behind a point are read out digit by digit."""


def pieces(word: str) -> tuple[str, ...]:
    """Return what is said for a word, number by number and sign by sign; of a word without them its match key."""
    key = match_key(word)
    if key.isalpha() and key not in _SIGNS:
        return (key,)
    found = _PIECES.finditer(key)
    return tuple(said for piece in found for said in _said(piece.group(), key[: piece.start()])) or (key,)


def _said(piece: str, before: str) -> list[str]:
    if not piece.isdecimal() or not piece.isascii():
        return [_SIGNS.get(piece, piece)]
    if before.endswith(".") or len(piece) > _LONGEST or (piece[0] == "0" and len(piece) > 1):
        return [_WORDS[int(digit)] for digit in piece]
    return _number(int(piece)) or [_WORDS[0]]


def _number(value: int) -> list[str]:
    """Return a number below a million in words; of zero none."""
    if value in _CENTURIES:
        return [*_number(value // 100), *_number(value % 100)]
    for scale, name in ((1000, "thousand"), (100, "hundred")):
        if value >= scale:
            return [*_number(value // scale), name, *_number(value % scale)]
    if value == 0 or value in _WORDS:
        return [_WORDS[value]] if value else []
    return [_WORDS[value - value % 10], _WORDS[value % 10]]
