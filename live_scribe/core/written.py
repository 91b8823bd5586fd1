"""Numbers as they are written: "one twenty over eighty" is 120/80. What is not surely a number stays as it was heard.

A form stands beside the words, never in their place: evidence, search and the note writer go by what was heard. Rather
too little is written than too much: where words can be read in two ways ("take twenty two times a day") none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from live_scribe.core.numerals import ONES, SCALES, TENS, is_number_word, read_digits, read_number
from live_scribe.core.words import Word, Written

UNITS = {
    "milligram": "mg",
    "milligramme": "mg",
    "microgram": "mcg",
    "gram": "g",
    "kilogram": "kg",
    "milliliter": "mL",
    "millilitre": "mL",
    "liter": "L",
    "litre": "L",
    "millimeter": "mm",
    "centimeter": "cm",
    "milliequivalent": "mEq",
    "millimole": "mmol",
    "percent": "%",
}
"""A unit as it is said, and as it is written. No "U" or "µg": they have been read as a zero and as "mg" (ISMP)."""

SHORT_UNITS = {unit.lower(): unit for unit in "mg mcg g kg mL mm cm mEq mmol cc units pounds degrees".split()}
"""Units that are short already, or stay words; a number before them is one all the same."""

PER = {"deciliter": "dL", "decilitre": "dL", "kilogram": "kg", "liter": "L", "litre": "L", "milliliter": "mL"}
"""What a measure is told by: "milligrams per deciliter" is mg/dL."""

COUNTED = frozenset(
    """second seconds minute minutes hour hours day days night nights week weeks month months year years time times
    people patients tablets pills capsules puffs drops doses percent points other more of or""".split()
)
"""Before these a number may begin that only seems to belong to the one before: "six point five | five years ago"."""

LEADS = frozenset("take takes taking give gives of to at is was are on about around from by".split())
"""Before a number that begins with its point ("of point five milligrams"); "at this point five" is none."""

ONE_POINT = frozenset("at that this the only any".split())
"""Behind these "one point" is a moment or an argument, not 1.something."""

SYSTOLIC = range(60, 301)
DIASTOLIC = range(20, 201)
"""Pressures (mmHg) that are measured in living people: "up by three over two days" is none."""

MONTH_DAYS = dict(
    zip(
        "january february march april may june july august september october november december".split(),
        (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
        strict=True,
    )
)
YEARS = range(1900, 2100)
"""Of births and of visits."""

_ORDINALS = dict(
    zip(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
        fifteenth sixteenth seventeenth eighteenth nineteenth""".split(),
        range(1, 20),
        strict=True,
    )
) | {"twentieth": 20, "thirtieth": 30}
_ORDINAL_DIGITS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_SHAPE = re.compile(r"^([\"'“‘(\[]*)(.*?)([.,;:?!…\"”’)\]—–-]*)$", re.DOTALL)
_SPLIT = frozenset(ONES) | frozenset(TENS) | frozenset(SCALES) | frozenset(_ORDINALS) | {"oh", "point"}


LONGEST_PHRASE = 40
"""Pieces within which all of a number lies: the work for a word stays bounded in speech without any sign."""


@dataclass(slots=True)
class _Pieces:
    """The words in pieces ("twenty-five" is two): in small letters, whose word each is, and the signs behind it."""

    low: list[str] = field(default_factory=list)
    word: list[int] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    def stop(self, at: int) -> int:
        """Return where the phrase that holds piece `at` ends: behind the next sign, or where no number reaches."""
        last = min(len(self.low), at + LONGEST_PHRASE)
        return next((i + 1 for i in range(at, last) if self.after[i]), last)

    def begins(self, at: int) -> bool:
        """Whether a number may begin here: no other one goes on here, not even behind a lone stop ("12 . 5")."""
        if at > 1 and not self.low[at - 1] and self.after[at - 1] == "." and _is_part(self.low[at - 2]):
            return False
        back = at
        while back and not self.after[back - 1] and self.low[back - 1] in {"and", "a"}:
            back -= 1
        return not back or bool(self.after[back - 1]) or not _is_part(self.low[back - 1])

    def ends(self, at: int) -> bool:
        """Whether a number that ends before `at` is over: no other number word goes on."""
        return at >= len(self.low) or bool(self.after[at - 1]) or not _is_part(self.low[at])


def _is_part(word: str) -> bool:
    """Whether a word belongs to the number beside it, even one that is not read here ("two million five hundred")."""
    return is_number_word(word) or word in {"point", "oh", "o", "half", "million", "billion", "dozen"}


_Found = tuple[str, int]
"""What is written, and the index behind the last piece of it."""


def written(words: Sequence[Word]) -> tuple[Written, ...]:
    """Return how the words are written where that differs from how they were heard. Words with a form keep theirs."""
    pieces = _pieces(words)
    text = {w.id: w.text for w in words}
    found: list[Written] = []
    at = 0
    while at < len(pieces.low):
        form = _form(pieces, at)
        if form is None or (group := _group(words, pieces, at, form)) is None:
            at += 1
            continue
        if group.display != " ".join(text[id_] for id_ in group.words):
            found.append(group)
        at = form[1]
    return tuple(found)


def _pieces(words: Sequence[Word]) -> _Pieces:
    pieces = _Pieces()
    for index, word in enumerate(words):
        match = _SHAPE.match(word.text)
        core, after = (match.group(2).lower(), match.group(3)) if match else (word.text.lower(), "")
        parts = core.split("-")
        whole = not all(part in _SPLIT or _unit(part) for part in parts)
        for part in [core] if whole else parts:
            pieces.low.append(part)
            pieces.word.append(index)
            pieces.after.append("")
        pieces.after[-1] = after if core else after or "."
    return pieces


def _form(pieces: _Pieces, at: int) -> _Found | None:
    if at and pieces.word[at - 1] == pieces.word[at]:
        return None
    for read in _FORMS:
        if found := read(pieces, at):
            return found
    return None


def _group(words: Sequence[Word], pieces: _Pieces, at: int, form: _Found) -> Written | None:
    """Return the form with the words it covers; null where it ends inside a word, or a word has a form of its own."""
    text, end = form
    first, last = pieces.word[at], pieces.word[end - 1]
    covered = words[first : last + 1]
    if (end < len(pieces.word) and pieces.word[end] == last) or any(w.display is not None for w in covered):
        return None
    opening, closing = _SHAPE.match(words[first].text), _SHAPE.match(words[last].text)
    before, behind = opening.group(1) if opening else "", closing.group(3) if closing else ""
    return Written(words=tuple(w.id for w in covered), display=f"{before}{text}{behind}")


def _number(pieces: _Pieces, at: int, *, pairs: bool = False) -> _Found | None:
    """Return the number that begins at `at` and fills its run of number words, as digits."""
    if not pieces.begins(at):
        return None
    low = pieces.low[at : pieces.stop(at)]
    if low[0] == "a" and low[1:2] and low[1] in SCALES:
        low[0] = "one"
    found = read_number(low, 0, spoken_pairs=pairs)
    if found is None or not pieces.ends(at + found[1]):
        return None
    digits = low[0] if found[1] == 1 and low[0][0].isdigit() else found[0]
    return digits, at + found[1]


def _follows(pieces: _Pieces, at: int, *words: str) -> bool:
    """Whether these words stand from `at` on, with no sign before or among them."""
    end = at + len(words)
    return not any(pieces.after[at - 1 : end - 1]) and pieces.low[at:end] == list(words)


def _pressure(pieces: _Pieces, at: int) -> _Found | None:
    upper = _number(pieces, at, pairs=True)
    if upper is None or not _follows(pieces, upper[1], "over") or upper[1] + 1 >= pieces.stop(at):
        return None
    lower = _number(pieces, upper[1] + 1, pairs=True)
    if lower is None or not upper[0].isdigit() or not lower[0].isdigit():
        return None
    if int(upper[0]) not in SYSTOLIC or int(lower[0]) not in DIASTOLIC or int(upper[0]) <= int(lower[0]):
        return None
    return None if _counts(pieces, lower[1]) else (f"{upper[0]}/{lower[0]}", lower[1])


def _counts(pieces: _Pieces, at: int) -> bool:
    return at < len(pieces.low) and not pieces.after[at - 1] and pieces.low[at] in COUNTED


def _unit(word: str) -> str | None:
    return UNITS.get(word) or UNITS.get(word.removesuffix("s")) or SHORT_UNITS.get(word)


def _amount(pieces: _Pieces, at: int) -> _Found | None:
    """Return a number before its unit: also "two and a half", "half a" and "point five"."""
    low = pieces.low
    if low[at] == "point" and pieces.begins(at) and (at == 0 or pieces.after[at - 1] or low[at - 1] in LEADS):
        digits, end = read_digits(low[: pieces.stop(at)], at + 1)
        return (f"0.{digits}", end) if digits and pieces.ends(end) else None
    if low[at] == "half" and pieces.begins(at) and _follows(pieces, at + 1, "a"):
        return "0.5", at + 2
    number = _number(pieces, at)
    if number and number[0].isdigit() and _follows(pieces, number[1], "and", "a", "half"):
        return f"{number[0]}.5", number[1] + 3
    return number


def _measure(pieces: _Pieces, at: int) -> _Found | None:
    number = _amount(pieces, at)
    if number is None or number[1] >= pieces.stop(at):
        return None
    digits, end = number
    if pieces.low[end] in {"to", "or"} and end + 1 < pieces.stop(at):
        further = _amount(pieces, end + 1)
        if further is not None:
            digits, end = f"{digits} {pieces.low[end]} {further[0]}", further[1]
    unit = _unit(pieces.low[end]) if end < pieces.stop(at) else None
    if unit is None:
        return None
    if end + 3 <= len(pieces.low) and _follows(pieces, end + 1, "per", pieces.low[end + 2]):
        per = PER.get(pieces.low[end + 2].removesuffix("s"))
        unit, end = (f"{unit}/{per}", end + 2) if per else (unit, end)
    return (f"{digits}{unit}" if unit == "%" else f"{digits} {unit}"), end + 1


def _decimal(pieces: _Pieces, at: int) -> _Found | None:
    number = _number(pieces, at)
    if number is None or "." not in number[0] or number[1] == at + 1:
        return None
    behind = number[1] - pieces.low.index("point", at) - 1
    moment = pieces.low[at] == "one" and at > 0 and pieces.low[at - 1] in ONE_POINT
    return None if moment or (behind > 1 and _counts(pieces, number[1])) else number


def _ordinal(pieces: _Pieces, at: int) -> tuple[int, int] | None:
    """Return a day of a month that was said as one, and the index behind it."""
    low = pieces.low[at : pieces.stop(at)] if at < len(pieces.low) else []
    if not low:
        return None
    if match := _ORDINAL_DIGITS.fullmatch(low[0]):
        return int(match.group(1)), at + 1
    if low[0] in _ORDINALS:
        return _ORDINALS[low[0]], at + 1
    if low[0] in TENS and len(low) > 1 and _ORDINALS.get(low[1], 10) < 10:
        return TENS[low[0]] + _ORDINALS[low[1]], at + 2
    return None


def _year(pieces: _Pieces, at: int) -> tuple[int, int] | None:
    """Return a year ("twenty twenty four", "nineteen eighty five", "two thousand nineteen"), and where it ends."""
    if at >= len(pieces.low):
        return None
    low = pieces.low[at : pieces.stop(at)]
    if low[0] in {"nineteen", "twenty"} and len(low) > 1:
        century = 1900 if low[0] == "nineteen" else 2000
        oh = low[1] in {"oh", "o"}
        rest = read_number(low, 2 if oh else 1)
        if rest and rest[0].isdigit() and (1 if oh else 10) <= int(rest[0]) <= (9 if oh else 99):
            return century + int(rest[0]), at + rest[1]
        return None
    if low[:3] == ["two", "thousand", "and"]:
        del low[2]
        whole = read_number(low, 0)
        return (int(whole[0]), at + whole[1] + 1) if whole and whole[1] > 2 and whole[0].isdigit() else None
    whole = read_number(low, 0)
    return (int(whole[0]), at + whole[1]) if whole and whole[0].isdigit() and int(whole[0]) in YEARS else None


def _date(pieces: _Pieces, at: int) -> _Found | None:
    most = MONTH_DAYS.get(pieces.low[at])
    if most is None or pieces.after[at]:
        return None
    day = _ordinal(pieces, at + 1)
    if day is None or not 1 <= day[0] <= most:
        return None
    month, end = pieces.low[at].capitalize(), day[1]
    year = _year(pieces, end) if pieces.after[end - 1] in ("", ",") else None
    if year is not None and pieces.ends(year[1]):
        return f"{month} {day[0]}, {year[0]}", year[1]
    said = not pieces.low[at + 1][0].isdigit()
    return (f"{month} {day[0]}", end) if said and month != "May" and pieces.ends(end) else None


PHONE = {7: (3,), 10: (3, 6), 11: (1, 4, 7)}
"""Digits of a phone number in North America, and behind which of them it pauses."""


def _phone(pieces: _Pieces, at: int) -> _Found | None:
    end = at
    while end < len(pieces.low) and _digit(pieces.low[end]):
        end += 1
        if pieces.after[end - 1]:
            pauses = [pause for count in PHONE.values() for pause in count]
            if pieces.after[end - 1] not in (",", "-") or end - at not in pauses:
                break
    digits = "".join(filter(None, map(_digit, pieces.low[at:end])))
    cuts = PHONE.get(len(digits))
    inner = [i + 1 for i in range(len(digits) - 1) if pieces.after[at + i]]
    if cuts is None or not set(inner) <= set(cuts) or _counted_up(digits) or (len(digits) == 11 and digits[0] != "1"):
        return None
    if not pieces.begins(at) or not pieces.ends(end):
        return None
    places = [0, *cuts, len(digits)]
    return "-".join(digits[a:b] for a, b in pairwise(places)), end


def _digit(word: str) -> str | None:
    """Return the single digit that a word is."""
    if word in {"oh", "o"}:
        return "0"
    value = word if word.isdecimal() else str(ONES.get(word, ""))
    return value if len(value) == 1 else None


def _counted_up(digits: str) -> bool:
    """Whether somebody only counts."""
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    return steps in ({1}, {-1})


_FORMS: tuple[Callable[[_Pieces, int], _Found | None], ...] = (_date, _phone, _pressure, _measure, _decimal)
