"""Numbers that were said in words, as the digits a note has. What is not surely a number stays as it was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from live_scribe.core.numerals import is_number_word, read_digits, read_number
from live_scribe.drafting.tokens import Phrase, Token, rested


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
    whole = rested(phrase[start], phrase[start:end])
    return replace(whole, text=text, after=phrase[end - 1].after, probability=min(low, default=None))


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
    tail, end = read_digits(words, at + 1) if words[at] == "point" else ("", at)
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
