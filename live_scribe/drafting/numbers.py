"""Numbers that were said in words, as the digits a note has. What is not surely a number stays as it was said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from live_scribe.drafting.tokens import Phrase, Token

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
ONES = {word: n for n, word in enumerate(_ONES.split())}
TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {"hundred": 100, "thousand": 1000}
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def is_number_word(word: str) -> bool:
    """Whether `word` is part of a number, in digits or letters."""
    word = word.lower()
    parts = word.split("-")
    return bool(_DIGITS.fullmatch(word)) or all(p in ONES or p in TENS or p in SCALES for p in parts)


def read_number(words: list[str], at: int, *, spoken_pairs: bool = False) -> tuple[str, int] | None:
    """Return the number that begins at `words[at]` as digits, and the index behind it; None where there is none.

    With `spoken_pairs`, "one twenty eight" is 128, as blood pressures are read out. Two numbers that merely stand side
    by side ("two three") are never drawn together otherwise.
    """
    if at < len(words) and (match := _DIGITS.fullmatch(words[at])):
        whole, end = match.group().replace(",", ""), at + 1
        if "." not in whole and end + 1 < len(words) and words[end] == "point":
            tail, stop = _point(words, end + 1)
            return (f"{whole}.{tail}", stop) if tail else (whole, end)
        return whole, end
    value, end = _whole(words, at, spoken_pairs)
    if value is None:
        return None
    if end < len(words) and words[end] == "point":
        tail, stop = _point(words, end + 1)
        if tail:
            return f"{value}.{tail}", stop
    return str(value), end


def _split(word: str) -> list[str]:
    """The parts of "twenty-five"; a word that is no number is one part."""
    parts = word.split("-")
    return parts if all(p in ONES or p in TENS for p in parts) else [word]


def _whole(words: list[str], at: int, spoken_pairs: bool) -> tuple[int | None, int]:
    group, end = _below_hundred(words, at)
    if group is None:
        return None, at
    if end < len(words) and words[end] == "hundred":
        group, end = group * 100, end + 1
        rest, stop = _below_hundred(words, end + (end < len(words) and words[end] == "and"))
        if rest is not None:
            group, end = group + rest, stop
    elif spoken_pairs and 1 <= group <= 9 and end < len(words):
        rest, stop = _below_hundred(words, end)
        if rest is not None and rest >= 10:
            return group * 100 + rest, stop
        if words[end] in {"oh", "o"} and end + 1 < len(words) and words[end + 1] in ONES:
            return group * 100 + ONES[words[end + 1]], end + 2
    if end < len(words) and words[end] == "thousand":
        group, end = group * 1000, end + 1
        rest, stop = _whole(words, end, False)
        if rest is not None and rest < 1000:
            group, end = group + rest, stop
    return group, end


def _below_hundred(words: list[str], at: int) -> tuple[int | None, int]:
    if at >= len(words):
        return None, at
    parts = _split(words[at])
    if len(parts) == 2 and parts[0] in TENS and 0 < ONES.get(parts[1], 0) < 10:
        return TENS[parts[0]] + ONES[parts[1]], at + 1
    if words[at] in ONES:
        return ONES[words[at]], at + 1
    if words[at] in TENS:
        tail = ONES.get(words[at + 1], 0) if at + 1 < len(words) else 0
        return (TENS[words[at]] + tail, at + 2) if 0 < tail < 10 else (TENS[words[at]], at + 1)
    return None, at


def _point(words: list[str], at: int) -> tuple[str, int]:
    """Digits behind a decimal point, said one by one ("point two five") or as a number ("point twenty five")."""
    digits, end = "", at
    while end < len(words) and (words[end].isdigit() or 0 <= ONES.get(words[end], 10) < 10):
        digits += words[end] if words[end].isdigit() else str(ONES[words[end]])
        end += 1
    if digits:
        return digits, end
    value, stop = _below_hundred(words, at)
    return (str(value), stop) if value is not None else ("", at)


def _with_points(phrase: Phrase) -> Phrase:
    """Return the phrase in which a point written apart between two numbers is the word: "98 . 2"."""
    out: list[Token] = []
    for i, token in enumerate(phrase):
        apart = token.after == "." and token.last > token.first and i + 1 < len(phrase)
        if apart and is_number_word(token.lower) and is_number_word(phrase[i + 1].lower):
            out += [replace(token, after=""), replace(token, text="point", after="")]
        else:
            out.append(token)
    return tuple(out)


_OVER = {"over", "out"}


def in_digits(phrase: Phrase, units: Mapping[str, str]) -> Phrase:
    """Return the phrase with doses, percentages, pressures and grades in digits: "15 mg", "55%", "128/72", "2/6".

    Other numbers stay as they were said.
    """
    out: list[Token] = []
    phrase = _with_points(phrase)
    lower = [t.lower for t in phrase]
    i = 0
    while i < len(phrase):
        step = _fraction(phrase, lower, i) or _measure(phrase, lower, i, units) or _decimal(phrase, lower, i)
        if step:
            out.extend(step[0])
            i = step[1]
        else:
            out.append(phrase[i])
            i += 1
    return tuple(out)


def merge(phrase: Phrase, start: int, end: int, text: str) -> Token:
    """Return one token `text` that rests on all words of `phrase[start:end]`."""
    low = [t.probability for t in phrase[start:end] if t.probability is not None]
    last = phrase[end - 1]
    return replace(phrase[start], text=text, after=last.after, last=last.last, probability=min(low, default=None))


def _unbroken(phrase: Phrase, start: int, end: int) -> bool:
    return all(not t.after or t.after == "-" for t in phrase[start : end - 1])


def _fraction(phrase: Phrase, lower: list[str], i: int) -> tuple[list[Token], int] | None:
    first = read_number(lower, i, spoken_pairs=True)
    if first is None or first[1] >= len(lower) or lower[first[1]] not in _OVER:
        return None
    behind = first[1] + 1 + (lower[first[1]] == "out" and first[1] + 1 < len(lower) and lower[first[1] + 1] == "of")
    if lower[first[1]] == "out" and behind == first[1] + 1:
        return None
    second = read_number(lower, behind, spoken_pairs=True)
    if second is None or not _unbroken(phrase, i, second[1]):
        return None
    return [merge(phrase, i, second[1], f"{first[0]}/{second[0]}")], second[1]


def _below_one(words: list[str], at: int) -> tuple[str, int] | None:
    """Return "0.5" for "point five": before a unit a point that was said must not be lost."""
    tail, end = _point(words, at + 1) if words[at] == "point" else ("", at)
    return (f"0.{tail}", end) if tail else None


def _measure(phrase: Phrase, lower: list[str], i: int, units: Mapping[str, str]) -> tuple[list[Token], int] | None:
    number = _below_one(lower, i) or read_number(lower, i)
    if number is None or number[1] >= len(lower) or not _unbroken(phrase, i, number[1]):
        return None
    unit = units.get(lower[number[1]])
    if unit is None or phrase[number[1] - 1].after:
        return None
    end = number[1] + 1
    if unit == "%":
        return [merge(phrase, i, end, f"{number[0]}%")], end
    return [merge(phrase, i, number[1], number[0]), replace(phrase[number[1]], text=unit)], end


def _decimal(phrase: Phrase, lower: list[str], i: int) -> tuple[list[Token], int] | None:
    number = read_number(lower, i)
    if number is None or "." not in number[0] or number[1] == i + 1 or not _unbroken(phrase, i, number[1]):
        return None
    return [merge(phrase, i, number[1], number[0])], number[1]
