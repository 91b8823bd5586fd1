"""Whether a statement is borne out by what was said: each drug, dose, unit, number, side, allergy and denial in it.

A check of its own, whoever wrote the statement. It reads statement and evidence in one way (core.said_terms) and says
which terms of the statement a person must confirm: those that were not heard, that were heard of something else, that
the speaker took back, and those heard unsurely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from live_scribe.core.denials import LISTS, Denial, answers, denied, denies, is_no, stem
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.note import Evidence, Item
from live_scribe.core.said_terms import DOSE_UNITS, Kind, Piece, Term, pieces_of_text, pieces_of_words
from live_scribe.core.surroundings import SILENT, Read, fit, read, same_kind, scales, taken_back
from live_scribe.core.words import Utterance, Word


class Why(StrEnum):
    """Why a term is not borne out."""

    UNHEARD = "unheard"
    ELSEWHERE = "elsewhere"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unborne:
    """Characters `start` to `end` of a statement that its evidence does not bear out, and why."""

    kind: Kind
    why: Why
    start: int
    end: int


def cited(evidence: Sequence[Evidence], utterances: Mapping[str, Utterance]) -> tuple[tuple[Word, ...], ...]:
    """Return the words that a statement rests on, utterance by utterance: the sentences that the evidence touches."""
    found = []
    for part in evidence:
        said = utterances.get(part.utterance)
        if said is not None and said.words:
            found.append(_sentences(said.words, frozenset(part.words)))
    return tuple(found)


def _sentences(words: tuple[Word, ...], named: frozenset[str]) -> tuple[Word, ...]:
    places = [i for i, w in enumerate(words) if w.id in named]
    if not places:
        return words
    first, last = places[0], places[-1] + 1
    while first > 0 and not _closes(words[first - 1]):
        first -= 1
    while last < len(words) and not _closes(words[last - 1]):
        last += 1
    return words[first:last]


def _closes(word: Word) -> bool:
    return word.text.rstrip("\"')”’")[-1:] in {".", "?", "!"}


def not_borne_out(
    text: str,
    evidence: Sequence[Sequence[Word]],
    lexicon: Lexicon,
    *,
    item: Item | None = None,
) -> tuple[Unborne, ...]:
    """Return what in `text` its evidence (words by utterance, in order: see `cited`) does not bear out.

    None where all of it was said, surely enough; a statement without evidence is not borne out in any of its terms.
    """
    return _Check(text, evidence, lexicon, item).found()


_POLAR = frozenset("negative positive normal abnormal".split())
_BETTER = 1.3
"""Surroundings must fit another value by so much more to say that the term is that one's."""
_NAME = 5
"""A word of so many letters that nobody knows may name a drug."""


class _Check:
    """One statement against its evidence."""

    def __init__(self, text: str, evidence: Sequence[Sequence[Word]], lexicon: Lexicon, item: Item | None) -> None:
        self._lexicon = lexicon
        self._item = item or {}
        self._said = read(pieces_of_text(text), lexicon)
        words = [(w.text, w.probability, n) for n, part in enumerate(evidence) for w in part]
        heard = read(pieces_of_words(words), lexicon)
        void = {*taken_back(heard), *scales(heard, self._said)}
        self._taken_back = [t for t in heard.terms if t in void]
        self._heard = Read(heard.pieces, tuple(t for t in heard.terms if t not in void), heard.norms)
        self._stems = {stem(p.low) for p in heard.pieces} | {p.low for p in heard.pieces}
        self._allergic = self._item.get("kind") == "allergy" or "allerg" in text.lower()

    def found(self) -> tuple[Unborne, ...]:
        """Return what is not borne out, in order."""
        found = [f for term in self._said.terms if (f := self._of_term(term))]
        found += self._names()
        found += self._denials()
        return tuple(sorted(found, key=lambda f: (f.start, f.end)))

    def _unborne(self, kind: Kind, why: Why, first: int, last: int) -> Unborne:
        pieces = self._said.pieces
        return Unborne(kind=kind, why=why, start=pieces[first].start, end=pieces[last - 1].end)

    def _of_term(self, term: Term) -> Unborne | None:
        if self._goes_without_saying(term):
            return None
        kind = Kind.ALLERGY if term.kind is Kind.DRUG and self._allergic else term.kind
        rivals = [t for t in self._heard.terms if same_kind(t.kind, term.kind)]
        same = [t for t in rivals if t.value == term.value and t.sure]
        if not same and denied(self._said.pieces)[term.first]:
            same = [t for t in self._taken_back if same_kind(t.kind, term.kind) and t.value == term.value]
        if not same:
            return self._unborne(kind, Why.UNHEARD, term.first, term.last)
        if self._lacks_its_unit(term, same):
            return self._unborne(kind, Why.ELSEWHERE, term.first, term.last)
        others = [t for t in rivals if t.value != term.value]
        if others and self._is_of_another(term, same, others):
            return self._unborne(kind, Why.ELSEWHERE, term.first, term.last)
        if self._sureness(same) < self._lexicon.doubtful:
            return self._unborne(kind, Why.UNSURE, term.first, term.last)
        return None

    def _goes_without_saying(self, term: Term) -> bool:
        """A vital sign has its unit even if nobody says it; "98.6°" and "97%" can be nothing else."""
        return term.kind is Kind.UNIT and term.value == "%" and self._item.get("kind") == "vital"

    def _sureness(self, same: Sequence[Term]) -> float:
        """Return how surely the best of these was heard: as surely as its least sure word. Written words are sure."""
        pieces = self._heard.pieces
        return max(
            min((p for x in pieces[t.first : t.last] if (p := x.probability) is not None), default=1.0) for t in same
        )

    def _is_of_another(self, term: Term, same: Sequence[Term], others: Sequence[Term]) -> bool:
        said, heard = self._said, self._heard
        if self._is_dose(said, term) or term.kind is Kind.FREQUENCY:
            drug = said.drug_of(term)
            if drug and all((of := heard.drug_of(t)) and of != drug for t in same):
                return True
        # A pressure that was taken twice stands behind its name once: only what follows tells the two apart.
        next_to = ("" if "/" in term.value else said.beside(term, -1), said.beside(term, 1))

        def near(other: Term) -> int:
            return sum(
                a == b != "" for a, b in zip(next_to, (heard.beside(other, -1), heard.beside(other, 1)), strict=True)
            )

        ours, theirs = max(map(near, same)), max(map(near, others))
        if ours != theirs:
            return theirs > ours
        around = {k: v for k, v in said.around(term).items() if "/" not in term.value or k[1] > 0}
        return (
            max(fit(around, heard.around(t)) for t in others)
            >= _BETTER * max(fit(around, heard.around(t)) for t in same)
            > 0
        )

    def _is_dose(self, read: Read, term: Term) -> bool:
        units = (t for t in read.terms if t.kind is Kind.UNIT and t.first == term.last)
        return term.kind is Kind.NUMBER and any(t.value in DOSE_UNITS for t in units)

    def _lacks_its_unit(self, term: Term, same: Sequence[Term]) -> bool:
        """Whether a number was said of a dose alone, and counts something else here."""
        said = any(t.kind is Kind.UNIT and t.first == term.last for t in self._said.terms)
        return term.kind is Kind.NUMBER and not said and all(self._is_dose(self._heard, t) for t in same)

    def _names(self) -> list[Unborne]:
        """Words that were not said and that nobody knows: they can name a drug that nobody has listed."""
        covered = {i for t in self._said.terms for i in range(t.first, t.last)}
        kind = Kind.ALLERGY if self._allergic else Kind.DRUG
        return [
            self._unborne(kind, Why.UNHEARD, i, i + 1)
            for i, piece in enumerate(self._said.pieces)
            if i not in covered and self._is_strange(piece.low)
        ]

    def _is_strange(self, word: str) -> bool:
        if not word.isalpha() or word in self._stems or stem(word) in self._stems or word in _WRITERS:
            return False
        if self._item.get("kind") == "allergy" and len(word) > 2 and word not in SILENT and not denies(word):
            return True
        known = {word, stem(word), word.removesuffix("s"), word.removesuffix("ed"), word.removesuffix("d")}
        ordinary = self._lexicon.ordinary
        return bool(ordinary) and len(word) >= _NAME and known.isdisjoint(ordinary) and word not in self._findings()

    def _findings(self) -> frozenset[str]:
        return _words_of(self._lexicon)

    def _denials(self) -> list[Unborne]:
        said, heard = self._said.pieces, self._heard.pieces
        ours, theirs = denied(said), denied(heard)
        wrong = [i for i, piece in enumerate(said) if self._is_turned(i, piece, ours, theirs)]
        cues = [i for i, piece in enumerate(said) if denies(piece.low)]
        if cues and not any(denies(p.low) for p in heard):
            wrong += cues
        wrong += [i for i, p in enumerate(said) if p.low in _POLAR and p.low not in self._stems]
        if not wrong and self._denies_otherwise(len(cues)):
            wrong = cues or [0, len(said) - 1]
        if not wrong:
            return []
        first = max((c for c in cues if c <= min(wrong)), default=min(wrong))
        return [self._unborne(Kind.NEGATION, Why.UNHEARD, min(first, min(wrong)), max(wrong) + 1)]

    def _denies_otherwise(self, cues: int) -> bool:
        """Whether the turn that says all that the statement says denies more or fewer times than it."""
        said, heard = self._said, self._heard
        if any(p.low in LISTS for p in said.pieces):
            return False
        content = {n for n in said.norms if n and not denies(n)}
        if not content:
            return bool(cues) != any(denies(p.low) for p in heard.pieces)
        for turn in sorted({p.turn for p in heard.pieces}, reverse=True):
            places = [i for i, p in enumerate(heard.pieces) if p.turn == turn and heard.norms[i] in content]
            if {heard.norms[i] for i in places} == content:
                return self._times_denied(places[0], places[-1]) != cues
        return False

    def _times_denied(self, first: int, last: int) -> int:
        """Return how often it is denied between two pieces, with the small words around them and the answer."""
        pieces, norms = self._heard.pieces, self._heard.norms
        turn = pieces[first].turn

        def small(i: int) -> bool:
            return 0 <= i < len(pieces) and pieces[i].turn == turn and (not norms[i] or denies(pieces[i].low))

        while small(first - 1):
            first -= 1
        # "His mother has it, but he does not": what a statement says last has no words but small ones.
        said = self._said.norms
        for _ in range(next((n for n, norm in enumerate(reversed(said)) if norm and not denies(norm)), 0) + 1):
            last += said[-1:] in (("",), ("not",)) and small(last + 1)
        behind = next((i for i in range(last, len(pieces)) if pieces[i].turn != turn), len(pieces))
        answered = "?" in pieces[behind - 1].after and is_no(pieces[behind:])
        return answered + sum(denies(pieces[i].low) and not answers(pieces, i) for i in range(first, last + 1))

    def _is_turned(self, at: int, piece: Piece, ours: Sequence[Denial], theirs: Sequence[Denial]) -> bool:
        """Whether a word is denied here and not there, or there and not here."""
        norm = self._said.norms[at]
        lead = next((i for i, p in enumerate(self._said.pieces) if ":" in p.after), -1)
        if not norm or len(piece.low) < 3 or at <= lead:
            return False
        places = [j for j, n in enumerate(self._heard.norms) if n == norm]
        if not places:
            return False

        def near(j: int) -> int:
            mine, its = _neighbours(self._said.norms, at), _neighbours(self._heard.norms, j)
            return sum(a == b != "" for a, b in zip(mine, its, strict=True))

        best = max(map(near, places))
        return not any(self._agree(at, ours[at], theirs[j]) for j in places if near(j) == best)

    def _agree(self, at: int, ours: Denial, theirs: Denial) -> bool:
        """Whether a word says the same. What a question asks about may stand before the denial: "His knee does not"."""
        if theirs is Denial.OPEN or (ours is Denial.NOT) == (theirs is Denial.NOT):
            return True
        return theirs is Denial.ANSWERED and any(denies(p.low) for p in self._said.pieces[at : at + _SUBJECT])


_SUBJECT = 4
"""So near behind what a question asked for the denial stands: "his left knee does not hurt"."""
_WRITERS = frozenset("denies reports allergies allergic known patient companion".split())
"""Words that note writers put in of their own."""


def _neighbours(norms: Sequence[str], at: int) -> tuple[str, str]:
    before = next((n for n in reversed(norms[:at]) if n), "")
    return before, next((n for n in norms[at + 1 :] if n), "")


@lru_cache(maxsize=8)
def _words_of(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(w for said, name in lexicon.findings.items() for w in (*said.split(), *name.lower().split()))
