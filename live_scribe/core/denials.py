"""Which words of a text are denied: by "no", "denies", "n't" before them, or by the answer to their question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from live_scribe.core.numerals import is_number_word
from live_scribe.core.said_terms import Piece

DENIES = frozenset(
    "no not never none nor neither without denies denied deny denying cannot nothing nobody nope nah negative".split()
)
"""Words that deny what stands behind them; so do words that end in "n't"."""

_ENDS = frozenset("but except however though although because which who when if unless until while since".split())
"""Words that a denial does not reach over."""

_OPENS = frozenset(
    "i he she it we they you there that this my his her their your our the just so and but patient only maybe wait "
    "sorry".split()
)
"""A "no" before one of these, or before a sign, answers what was said before and denies nothing behind it."""

_YES = frozenset("yes yeah yep yup yea sure correct right definitely absolutely exactly uh-huh mm-hmm mhm".split())
_STOPS = ".?!;:…"


def denies(word: str) -> bool:
    """Whether a word denies."""
    return word in DENIES or word.endswith("n't")


class Denial(IntEnum):
    """Whether a word is denied. ANSWERED: by the answer to its question. OPEN: it may be read in both ways."""

    NOT = 0
    DENIED = 1
    ANSWERED = 2
    OPEN = 3


def denied(pieces: Sequence[Piece]) -> list[Denial]:
    """Return of each piece whether it is denied where it stands."""
    found = [Denial.NOT] * len(pieces)
    reach, cue = False, ""
    for i, piece in enumerate(pieces):
        if i and (pieces[i - 1].turn != piece.turn or set(pieces[i - 1].after) & set(_STOPS)):
            reach = False
        if piece.low in _ENDS or (i and "," in pieces[i - 1].after and _begins_anew(pieces, i)):
            reach = False
        elif reach and i and "," in pieces[i - 1].after and cue not in LISTS and not _goes_on(pieces, i):
            reach = False
        found[i] = Denial.DENIED if reach else Denial.NOT
        if denies(piece.low):
            reach, cue = not answers(pieces, i), piece.low
    _by_answers(pieces, found)
    return found


def _begins_anew(pieces: Sequence[Piece], at: int) -> bool:
    """Whether behind a comma another clause begins: "no edema, and the pulses are strong"."""
    low = [p.low.split("'")[0] for p in pieces[at : at + 2]]
    return low[0] in _OPENS - {"and", "my", "his", "her", "the"} or (low[0] == "and" and low[-1] in _OPENS - {"and"})


LISTS = frozenset("denies denied deny denying".split())
"""Behind these a list goes on over its commas."""


def _goes_on(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a list that is denied goes on at `at`: it is closed by "or", "and", "nor" before another denial comes."""
    for piece in pieces[at:]:
        if piece.low in {"or", "nor", "and"}:
            return True
        if piece.turn != pieces[at].turn or denies(piece.low) or set(piece.after) & set(_STOPS):
            return False
    return False


def answers(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a "no" answers what was said before, and denies nothing behind it."""
    if pieces[at].low not in {"no", "nope", "nah", "never", "none", "nothing", "not"}:
        return False
    last = at + 1 == len(pieces) or pieces[at + 1].turn != pieces[at].turn
    return last or bool(pieces[at].after) or (pieces[at].low == "no" and pieces[at + 1].low in _OPENS)


def _by_answers(pieces: Sequence[Piece], found: list[Denial]) -> None:
    """A question that is answered with "no" denies what it asked for; of what it tells besides nothing is known."""
    for i in range(1, len(pieces)):
        if pieces[i].turn == pieces[i - 1].turn or "?" not in pieces[i - 1].after:
            continue
        if not is_no(pieces[i:]):
            continue
        # "Fifty milligrams?" "No, fifteen." puts a number right and denies nothing.
        asked = [p for p in pieces[:i] if p.turn == pieces[i - 1].turn]
        mark = Denial.OPEN if _tells_number(asked) and _tells_number(pieces[i : i + 5]) else Denial.ANSWERED
        j = i - 1
        while (
            j >= 0 and pieces[j].turn == pieces[i - 1].turn and not (j < i - 1 and set(pieces[j].after) & set(_STOPS))
        ):
            found[j] = mark
            j -= 1
        beside = next((k for k in range(j + 2, i) if pieces[k].low in _ENDS), i)
        found[beside:i] = [Denial.OPEN] * (i - beside)


def _tells_number(pieces: Sequence[Piece]) -> bool:
    return any(is_number_word(p.low) for p in pieces)


def is_no(answer: Sequence[Piece]) -> bool:
    """Whether an answer begins with a no: "nope", "not really", "I don't"."""
    for piece in answer[:4]:
        if piece.low in _YES or is_number_word(piece.low):
            return False
        if denies(piece.low):
            return True
    return False


_ENDINGS = re.compile(r"(?:'s|ing|edly|ed|es|ly|s|e|y|ies)$")


def stem(word: str) -> str:
    """Return a word without its ending: "hurts" and "hurting" are the same word."""
    if len(word) <= 3 or not word.replace("'", "").isalpha():
        return word
    cut = _ENDINGS.sub("", word)
    return cut if len(cut) > 2 else word
