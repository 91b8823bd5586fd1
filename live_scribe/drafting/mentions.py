"""Which clinical facts a sentence names: the concept, whether it is denied, of whom, and with which values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from live_scribe.core.numerals import read_number
from live_scribe.drafting.lexicon import Found, Lexicon, plain

NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:/\d+)?%?")
VALUE_WITHIN = 8
"""Words behind a vital sign or a test in which its value is looked for."""
PART_WITHIN = 6
"""Words between a pain and the part of the body that hurts: "pain on the inside of my knee"."""
NOT_WITHIN = 6
"""Words that a "not" reaches over; a "no" or "denies" goes for the rest of its clause."""

_UNITS = frozenset("mg mcg g ml units unit iu % meq milligram microgram gram".split())
_TO_THE_END = frozenset("no denies denied deny denying without negative neither nor absent none".split())
_NEAR = frozenset(
    "not never don't doesn't didn't haven't hasn't hadn't isn't aren't wasn't weren't can't cannot couldn't "
    "won't".split()
)
_AFTER_NO = frozenset("your you i my the it we that just he she his her".split())
_TURNS = frozenset("but however except although though just reports endorses has positive".split())
_BEHIND = re.compile(r"^(?:is |are |was |were |: )?(?:negative|absent|denied|none|not present)\b")
_RELATIVES = frozenset(
    "mother father mom dad mum brother sister grandmother grandfather grandma grandpa aunt uncle cousin parent sibling "
    "grandparent family maternal paternal".split()
)
_OF_A_FAMILY = frozenset({"condition", "symptom"})
_WHOSE = frozenset("my your his her their the low lower upper mid middle".split())
_YEAR = re.compile(r"(?:19|20)\d\d")
_TIMES = [["day"], ["week"], ["month"], ["year"], ["hour"], ["minute"], ["time"]]
_LESSER = frozenset({"body", "pain"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact named at words `first` to `last` of a sentence. `values` are its numbers; `family`: of a relative."""

    name: str
    kind: str
    absent: bool
    first: int
    last: int
    values: tuple[str, ...] = ()
    family: bool = False

    @property
    def key(self) -> str:
        """The fact, in one form for all its wordings."""
        of = " family" if self.family else ""
        return f"{self.kind}{of} {'absent' if self.absent else 'present'} {' '.join((self.name, *self.values))}"


def mentions(said: Sequence[str], after: Sequence[str], lexicon: Lexicon) -> list[Mention]:
    """Return the facts named in a sentence: words in small letters, and the signs behind each."""
    words = [plain(w) for w in said]
    found = lexicon.find(words)
    clauses = _clauses(words, after)
    named = [f for f in found if f.concept.kind not in _LESSER]
    made = [_mention(f, found, words, clauses) for f in named]
    taken = {i for m in named for i in range(m.first, m.last + 1)}
    made += _pains([f for f in found if not taken & set(range(f.first, f.last + 1))], words, clauses)
    return sorted((m for m in made if m is not None), key=lambda m: m.first)


def _mention(found: Found, others: Sequence[Found], words: Sequence[str], clauses: Sequence[int]) -> Mention | None:
    kind = found.concept.kind
    values: tuple[str, ...] = ()
    if kind in {"vital", "result", "medication"}:
        rivals = [o.first for o in others if o.first > found.last and o.concept.kind == kind]
        until = min([*rivals, len(words)])
        values = _doses(words, found.last + 1, until) if kind == "medication" else _value(words, found.last + 1, until)
    if kind == "medication" and any(w.startswith("allerg") for w in words):
        kind = "allergy"
    family = kind in _OF_A_FAMILY and not _RELATIVES.isdisjoint(words)
    absent = denied(words, clauses, found.first, found.last)
    return Mention(found.concept.name, kind, absent, found.first, found.last, values, family)


def _pains(found: Sequence[Found], words: Sequence[str], clauses: Sequence[int]) -> list[Mention]:
    """Return "knee pain" for each word of pain and the part that is nearest to it in the same clause."""
    made = []
    for pain in (f for f in found if f.concept.kind == "pain"):
        parts = [
            f
            for f in found
            if _is_part(f, words)
            and clauses[f.first] == clauses[pain.first]
            and min(abs(f.first - pain.last), abs(pain.first - f.last)) <= PART_WITHIN
        ]
        if parts:
            part = min(parts, key=lambda f: abs(f.first - pain.first))
            first, last = min(part.first, pain.first), max(part.last, pain.last)
            absent = denied(words, clauses, pain.first, last)
            family = not _RELATIVES.isdisjoint(words)
            made.append(Mention(f"{part.concept.name} pain", "symptom", absent, first, last, (), family))
    return made


def _is_part(found: Found, words: Sequence[str]) -> bool:
    """Whether a part of the body is meant: "my back", not "back and forth"; a hand, not "the right hand side"."""
    if found.concept.kind != "body":
        return False
    word, behind = words[found.first], words[found.last + 1 : found.last + 2]
    if word == "back":
        return found.first > 0 and words[found.first - 1] in _WHOSE and behind not in (["of"], ["and"])
    return behind != ["side"]


def _clauses(words: Sequence[str], after: Sequence[str]) -> list[int]:
    """Return the number of the clause of each word; lists stay whole."""
    found, clause = [], 0
    for i, word in enumerate(words):
        if word in _TURNS or (i and after[i - 1] and word in {"i", "he", "she", "it", "they", "so"}):
            clause += 1
        found.append(clause)
        if ";" in after[i] or ":" in after[i]:
            clause += 1
    return found


def denied(words: Sequence[str], clauses: Sequence[int], first: int, last: int) -> bool:
    """Return whether what stands at `first` to `last` is denied in its clause."""
    for at in range(first - 1, -1, -1):
        if clauses[at] != clauses[first]:
            break
        if words[at] == "no" and at <= 1 and words[at + 1] in _AFTER_NO:
            break  # "no, your neck surgery": it answers something else
        if words[at] in _TO_THE_END or (words[at] in _NEAR and first - at <= NOT_WITHIN):
            return True
    return bool(_BEHIND.match(" ".join(words[last + 1 : last + 5])))


def _doses(words: Sequence[str], start: int, until: int) -> tuple[str, ...]:
    """Return the numbers of a drug that have a unit of dose behind them."""
    return tuple(
        number_of(words[i])
        for i in range(start, min(until, len(words) - 1))
        if NUMBER.fullmatch(words[i]) and words[i + 1] in _UNITS
    )


def _value(words: Sequence[str], start: int, until: int) -> tuple[str, ...]:
    """Return the first number behind a vital sign or a test."""
    end = min(until, start + VALUE_WITHIN)
    for i in range(start, end):
        value, behind = _number(words, i)
        if value and not _YEAR.fullmatch(value) and words[behind : behind + 1] not in _TIMES:
            return (value,)
    return ()


def _number(words: Sequence[str], at: int) -> tuple[str, int]:
    """Return the number that begins here, and the word behind it: in digits, or in words of two digits and more."""
    if NUMBER.fullmatch(words[at]):
        return number_of(words[at]), at + 1
    read = read_number(list(words), at, spoken_pairs=True)
    if read is None or len(read[0]) < 2:
        return "", at + 1
    if words[read[1] : read[1] + 1] == ["over"] and (under := read_number(list(words), read[1] + 1)):
        return f"{read[0]}/{under[0]}", under[1]
    return read


def number_of(word: str) -> str:
    """Return a number without sign of percent or thousands: "1,000" and "1000" are the same."""
    return word.rstrip("%").replace(",", "")
