"""What stands around a term: the drug that a dose is told of, the knee that is the left one, the value taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from live_scribe.core.denials import stem
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.said_terms import Kind, Piece, Term, terms

SILENT = frozenset(
    "a an the is was were are be been being he she it they we you i his her their your my our him them me of to and or "
    "in on for that this these those has have had do does did with at as by from so there any some its it's just about "
    "would could should can will may might must patient reports report denies denied states also now then what which "
    "who around maybe like well".split()
)
"""Words that say nothing of what a term belongs to."""

_TAKES_BACK = frozenset("no sorry wait actually rather scratch correction oops make mean recheck".split())
_NEAR_AGAIN = 9
"""Pieces between a value and the one that takes its place: "50, no, we'll start her at 25"."""
_WIDE = 6
"""Words to either side that are looked at."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text in pieces, with its terms, and what each piece comes to: a term's value, a stem, or nothing."""

    pieces: tuple[Piece, ...]
    terms: tuple[Term, ...]
    norms: tuple[str, ...]

    def beside(self, term: Term, step: int) -> str:
        """Return the first piece before or behind a term that says something."""
        at = term.last if step > 0 else term.first - 1
        while 0 <= at < len(self.norms):
            if self.norms[at]:
                return self.norms[at]
            at += step
        return ""

    def around(self, term: Term) -> dict[tuple[str, int], float]:
        """Return what stands around a term, by side: the nearer, the more it counts; past another of its kind, half."""
        found: dict[tuple[str, int], float] = {}
        rivals = {i for t in self.terms if t.kind is term.kind and t is not term for i in range(t.first, t.last)}
        for step in (1, -1):
            at, far, past = (term.last if step > 0 else term.first - 1), 0, 1.0
            while 0 <= at < len(self.norms) and far < _WIDE:
                if self.norms[at]:
                    far += 1
                    found.setdefault((self.norms[at], step), past / far)
                past = 0.5 if at in rivals else past
                at += step
        return found

    def drug_of(self, term: Term) -> str | None:
        """Return the drug that a dose or frequency is told of: the next one in "10 mg of X", else the one before."""
        drugs = [t for t in self.terms if t.kind is Kind.DRUG]
        end = term.last
        if end < len(self.pieces) and any(t.kind is Kind.UNIT and t.first == end for t in self.terms):
            end += 1
        for drug in drugs:
            between = self.pieces[end : drug.first]
            if 0 <= drug.first - end <= 2 and not any(p.after for p in self.pieces[end - 1 : drug.first]):
                if all(p.low in {"of", "the", "tablet", "tablets"} for p in between):
                    return drug.value
        turn = self.pieces[term.first].turn
        before = [t for t in drugs if t.last <= term.first and self.pieces[t.first].turn == turn]
        return before[-1].value if before else None


def read(pieces: tuple[Piece, ...], lexicon: Lexicon) -> Read:
    """Return the pieces with their terms."""
    found = tuple(terms(pieces, lexicon))
    norms = ["" if p.low in SILENT else stem(p.low) for p in pieces]
    for term in found:
        norms[term.first : term.last] = [term.value, *("" for _ in range(term.first + 1, term.last))]
    return Read(pieces, found, tuple(norms))


def fit(one: Mapping[tuple[str, int], float], other: Mapping[tuple[str, int], float]) -> float:
    """Return how well the surroundings of two terms agree; what stands on the other side counts a quarter."""
    return sum(
        min(near, max(other.get((norm, side), 0.0), other.get((norm, -side), 0.0) / 4))
        for (norm, side), near in one.items()
    )


def taken_back(read: Read) -> list[Term]:
    """Return the terms that their speaker, or who was asked, put another in the place of: "fifty, no, fifteen"."""
    found = []
    for term in read.terms:
        again = next((t for t in read.terms if t.first >= term.last and same_kind(t.kind, term.kind)), None)
        if again is not None and again.first - term.last <= _NEAR_AGAIN and _takes_back(read, term, again):
            found.append(term)
    return found


def scales(heard: Read, said: Read) -> list[Term]:
    """Return the ends of scales ("0 to 10"), where the statement names none: they are no value."""
    numbers = [t for t in heard.terms if t.kind is Kind.NUMBER]
    if any(t.value in {"0", "1"} for t in said.terms):
        return []
    return [
        top
        for low, top in pairwise(numbers)
        if low.value in {"0", "1"} and top.value in {"5", "10", "100"} and top.first - low.last <= 1
    ]


def _takes_back(read: Read, term: Term, again: Term) -> bool:
    pieces = read.pieces
    units = [
        next((t.value for t in read.terms if t.kind is Kind.UNIT and t.first == x.last), None) for x in (term, again)
    ]
    if term.kind is Kind.NUMBER and None not in units and units[0] != units[1]:
        return False
    for i in range(term.last, again.first):
        if pieces[i].low not in _TAKES_BACK or pieces[i].turn != pieces[again.first].turn:
            continue
        if pieces[i].low != "no":
            return True
        begins = pieces[i].turn != pieces[term.first].turn or bool(pieces[i - 1].after)
        if begins and (pieces[i].after or i + 1 == again.first):
            asked = pieces[i].turn == pieces[term.first].turn or "?" in pieces[i - 1].after
            return asked
    # "101, uh, 102 I mean."
    return [p.low for p in pieces[again.last : again.last + 2]] == ["i", "mean"]


def same_kind(one: Kind, other: Kind) -> bool:
    """Whether two kinds of term can stand for each other: what one takes and what one does not bear are substances."""
    names = {Kind.DRUG, Kind.ALLERGY}
    return one is other or (one in names and other in names)
