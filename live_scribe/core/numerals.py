"""Numbers said in words: what they are worth. What is not surely a number is none."""

from __future__ import annotations

import re

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
            tail, stop = read_digits(words, end + 1)
            return (f"{whole}.{tail}", stop) if tail else (whole, end)
        return whole, end
    value, end = _whole(words, at, spoken_pairs)
    if value is None:
        return None
    if end < len(words) and words[end] == "point":
        tail, stop = read_digits(words, end + 1)
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


def read_digits(words: list[str], at: int) -> tuple[str, int]:
    """Return the digits behind a decimal point and the index behind them.

    They are said one by one ("point two five") or as a number ("point twenty five").
    """
    digits, end = "", at
    while end < len(words) and (words[end].isdigit() or 0 <= ONES.get(words[end], 10) < 10):
        digits += words[end] if words[end].isdigit() else str(ONES[words[end]])
        end += 1
    if digits:
        return digits, end
    value, stop = _below_hundred(words, at)
    return (str(value), stop) if value is not None else ("", at)
