"""The terms of a text that must not be wrong, each in one form for all its spellings: "fifteen" is 15.

Read in the same way from a statement and from what was said, so that the two can be held against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from live_scribe.core.lexicon import Lexicon
from live_scribe.core.numerals import is_number_word, read_digits, read_number
from live_scribe.core.written import UNITS


class Kind(StrEnum):
    """What kind of term it is."""

    DRUG = "drug"
    ALLERGY = "allergy"
    NUMBER = "number"
    UNIT = "unit"
    FREQUENCY = "frequency"
    ROUTE = "route"
    SIDE = "side"
    DAY = "day"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of one, in small letters, and where it stands. `after`: the signs behind it."""

    low: str
    start: int
    end: int
    after: str = ""
    probability: float | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """What pieces `first` to `last` (exclusive) say. `sure`: not where it may be another number as well."""

    kind: Kind
    value: str
    first: int
    last: int
    sure: bool = True


SIDES = {"left": "left", "right": "right", "both": "both", "bilateral": "both", "bilaterally": "both"}
"""Sides, each to the form that all its words mean."""

_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday january february april june july august september "
    "october november december"
).split()
"""Days and months; not those that are everyday words, march and may."""

_MORE_UNITS = {
    **{u: u for u in ("mg", "mcg", "g", "kg", "mm", "cm", "meq", "mmol", "cc", "iu", "degree", "foot", "inch")},
    **{u: u for u in ("second", "minute", "hour", "day", "week", "month", "year", "tablet", "pill", "capsule")},
    **{u: u for u in ("puff", "drop", "unit", "time", "pack", "cup")},
    **{"feet": "foot", "inches": "inch", "lb": "pound", "lbs": "pound", "pound": "pound", "kilo": "kg", "ml": "ml"},
    **{"mgs": "mg", "%": "%", "percent": "%", "point": "point"},
}
DOSE_UNITS = frozenset("mg mcg g ml meq iu unit % tablet pill capsule puff drop cc mmol".split())
"""Units that medicines are given in."""

_SHAPE = re.compile(r"^([\"'“‘(\[]*)(.*?)([.,;:?!…\"”’)\]—–-]*)$", re.DOTALL)
_GLUED = re.compile(r"(\d+(?:[.,]\d+)*)(mg|mcg|g|kg|ml|mm|cm|%|lbs?|mmhg|bpm|°[cf]?)")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
_FRACTION = re.compile(r"\d+/\d+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_ORDINALS = dict(
    zip(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        map(str, range(3, 13)),
        strict=True,
    )
)
_NO_NUMBER = frozenset("no any every this that the each which left right other another some".split())
"""Behind these "one" is no number: "no one", "the left one"."""
_CENTURIES = {"nineteen": 1900, "twenty": 2000}


def pieces_of_text(text: str) -> tuple[Piece, ...]:
    """Return the pieces of a text, with the characters they stand at."""
    return tuple(_pieces((m.group(), m.start(), None, 0) for m in re.finditer(r"\S+", text)))


def pieces_of_words(words: Iterable[tuple[str, float | None, int]]) -> tuple[Piece, ...]:
    """Return the pieces of heard words, each with its probability and the number of its turn."""
    return tuple(_pieces((text, n, probability, turn) for n, (text, probability, turn) in enumerate(words)))


def _pieces(items: Iterable[tuple[str, int, float | None, int]]) -> list[Piece]:
    found: list[Piece] = []
    apart = False
    for text, at, probability, turn in items:
        match = _SHAPE.match(text.replace("\u2019", "'"))
        before, core, after = match.groups() if match else ("", text, "")
        if not core:
            if found and found[-1].turn == turn:
                apart = after == "." and not found[-1].after and found[-1].low.isdecimal()
                found[-1] = _with(found[-1], after=found[-1].after + (after or before))
            continue
        start, low = at + len(before), core.lower()
        if apart and low.isdecimal() and found[-1].turn == turn:
            found[-1], low = _with(found[-1], after=""), f".{low}"  # "98 . 4": a point that was written apart
        apart = False
        last = found[-1] if found else None
        if last and last.turn == turn and not last.after and last.low[-1:].isdigit() and re.match(r"[.,]\d", low):
            found[-1] = _with(last, low=last.low + low, end=start + len(core), after=after)
            continue
        found += _parts(Piece(low, start, start + len(core), after, probability, turn))
    return found


def _with(piece: Piece, *, low: str | None = None, end: int | None = None, after: str) -> Piece:
    return Piece(low or piece.low, piece.start, end or piece.end, after, piece.probability, piece.turn)


def _parts(whole: Piece) -> list[Piece]:
    """Take "10mg", "twenty-five", "3-4" and "left-sided" apart; other words stay whole."""
    if glued := _GLUED.fullmatch(whole.low):
        cuts = [glued.group(1), glued.group(2)]
    elif "-" in whole.low and any(_counts(part) for part in whole.low.split("-")):
        cuts = whole.low.split("-")
    else:
        return [whole]
    found, at = [], whole.start
    for cut in cuts:
        at = whole.start + whole.low.index(cut, at - whole.start)
        if cut:
            found.append(Piece(cut, at, at + len(cut), "", whole.probability, whole.turn))
        at += len(cut)
    found[-1] = _with(found[-1], after=whole.after)
    return found


def _counts(part: str) -> bool:
    return bool(part) and (is_number_word(part) or part in SIDES or part in _ORDINALS)


_Table = Mapping[str, Sequence[tuple[tuple[str, ...], Kind, str]]]


@lru_cache(maxsize=8)
def _table_of(listed: Lexicon) -> _Table:
    found: dict[str, list[tuple[tuple[str, ...], Kind, str]]] = {}
    phrases: list[tuple[str, Kind, str]] = [
        *((p, Kind.DRUG, p) for p in listed.drugs),
        *((p, Kind.ALLERGY, p) for p in listed.substances),
        *((p, Kind.FREQUENCY, to.lower()) for p, to in listed.frequencies.items()),
        *((to.lower(), Kind.FREQUENCY, to.lower()) for to in listed.frequencies.values()),
        *((p, Kind.ROUTE, to.lower()) for p, to in listed.routes.items()),
        *((to.lower(), Kind.ROUTE, to.lower()) for to in listed.routes.values()),
        *((p, Kind.SIDE, to) for p, to in SIDES.items()),
        *((p, Kind.DAY, p) for p in _DAYS),
        *((p, Kind.FREQUENCY, p) for p in ("once", "twice")),
    ]
    for phrase, kind, value in phrases:
        words = tuple(phrase.split())
        if words:
            found.setdefault(words[0], []).append((words, kind, value))
    return {first: sorted(rows, key=lambda row: -len(row[0])) for first, rows in found.items()}


def terms(pieces: Sequence[Piece], lexicon: Lexicon) -> list[Term]:
    """Return the terms in these pieces, in order; of those that overlap the one that begins first, the longest."""
    table = _table_of(lexicon)
    found: list[Term] = []
    at = 0
    while at < len(pieces):
        term = _phrase(pieces, at, table) or _number(pieces, at, lexicon) or _unit(pieces, at, lexicon)
        if term is not None:
            found.append(term)
        at = term.last if term is not None else at + 1
    return found


def _phrase(pieces: Sequence[Piece], at: int, table: _Table) -> Term | None:
    for words, kind, value in table.get(pieces[at].low, ()):
        end = at + len(words)
        if tuple(p.low for p in pieces[at:end]) == words:
            return Term(kind, value, at, end)
    return None


def unit_of(word: str, lexicon: Lexicon) -> str | None:
    """Return the one form of a unit; none where the word is no unit."""
    for form in (word, word.removesuffix("s")):
        unit = lexicon.units.get(form) or UNITS.get(form) or _MORE_UNITS.get(form)
        if unit:
            low = unit.lower()
            return _MORE_UNITS.get(low) or _MORE_UNITS.get(low.removesuffix("s")) or low
    return None


def _unit(pieces: Sequence[Piece], at: int, lexicon: Lexicon) -> Term | None:
    unit = unit_of(pieces[at].low, lexicon)
    return Term(Kind.UNIT, unit, at, at + 1) if unit and unit != "point" else None


def _number(pieces: Sequence[Piece], at: int, lexicon: Lexicon) -> Term | None:
    low = pieces[at].low
    if low == "one" and at and not pieces[at - 1].after and pieces[at - 1].low in _NO_NUMBER:
        return None
    if _FRACTION.fullmatch(low):
        return Term(Kind.NUMBER, low, at, at + 1)
    if match := _ORDINAL.fullmatch(low):
        return Term(Kind.NUMBER, match.group(1), at, at + 1)
    if low in _ORDINALS:
        return Term(Kind.NUMBER, _ORDINALS[low], at, at + 1)
    if low == "half":
        return Term(Kind.NUMBER, "0.5", at, at + 1)
    if any(c.isdecimal() for c in low) and not _NUMBER.fullmatch(low):
        return Term(Kind.NUMBER, re.sub(r"[\W_]", "", low), at, at + 1)
    return _counted(_run(pieces, at), pieces, at, lexicon)


def _run(pieces: Sequence[Piece], at: int) -> list[str]:
    """Return the words from `at` on as far as a number may go: to a sign, or the end of the turn."""
    low: list[str] = []
    for piece in pieces[at : at + 12]:
        if piece.turn != pieces[at].turn:
            break
        low.append(piece.low)
        if piece.after:
            break
    return low


def _counted(low: list[str], pieces: Sequence[Piece], at: int, lexicon: Lexicon) -> Term | None:
    if low[0] == "point" and len(low) > 1:
        digits, end = read_digits(low, 1)
        return Term(Kind.NUMBER, _plain(f"0.{digits}"), at, at + end) if digits else None
    if low[0].startswith(".") and _NUMBER.fullmatch(low[0]):
        return Term(Kind.NUMBER, _plain(f"0{low[0]}"), at, at + 1)
    plain, pair = read_number(low, 0), read_number(low, 0, spoken_pairs=True)
    if plain is None or pair is None:
        return None
    value, end = pair
    sure = pair == plain or unit_of(low[end] if end < len(low) else "", lexicon) not in DOSE_UNITS
    if low[0] in _CENTURIES and plain[1] == 1 and len(low) > 1 and (rest := read_number(low, 1)):
        if rest[0].isdigit() and 10 <= int(rest[0]) <= 99:
            value, end = str(_CENTURIES[low[0]] + int(rest[0])), rest[1]
    if (over := _over(low, end)) and (second := read_number(low, over, spoken_pairs=True)):
        return Term(Kind.NUMBER, f"{value}/{second[0]}", at, at + second[1])
    if low[end : end + 3] == ["and", "a", "half"] and value.isdigit():
        return Term(Kind.NUMBER, f"{value}.5", at, at + end + 3)
    return Term(Kind.NUMBER, _plain(value), at, at + end, sure)


def _over(low: list[str], end: int) -> int | None:
    """Return the index behind "over" or "out of"; of a ratio that is told, and of none else."""
    if low[end : end + 1] == ["over"]:
        return end + 1
    return end + 2 if low[end : end + 2] == ["out", "of"] else None


def _plain(value: str) -> str:
    """Return a number without what does not count: "98.0" is 98."""
    value = value.replace(",", "")
    return value.rstrip("0").rstrip(".") if "." in value else value
