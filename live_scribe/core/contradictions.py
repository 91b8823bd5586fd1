"""Statements of one note that cannot both be right: each names the other, and both lose the flag when one goes.

What a statement claims is read off its text, whoever wrote it. A change is held against what stands, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from live_scribe.core import events as e
from live_scribe.core.denials import Denial, denied, denies
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.note import CONTRADICTION, Assertion, Statement
from live_scribe.core.said_terms import SIDES, Kind, Piece, pieces_of_text, terms
from live_scribe.core.visit import Visit, number


@dataclass(frozen=True, slots=True)
class Claim:
    """Of `subject` a statement says `says`, in characters `start` to `end`; another claim of it must say the same."""

    kind: str
    subject: str
    says: str
    start: int
    end: int


_SUBJECTIVE = frozenset({"chief_complaint", "hpi", "ros"})
_NOT_NOW = frozenset({Assertion.FAMILY, Assertion.HYPOTHETICAL, Assertion.HISTORICAL, Assertion.POSSIBLE})
_VAGUE = frozenset(
    "pain swelling numbness weakness tenderness redness bleeding tingling stiffness rash itching".split()
)
"""Findings that are nothing without their place: no swelling of the legs is no word on the knee."""
_NEARLY = frozenset("thought going almost nearly like worried afraid used if".split())
"""Behind these a finding was feared, or is told of another time: "she thought she was going to faint"."""
_LONGEST = 4
"""Words in a finding's name."""
_QUALIFIES = frozenset("in at on with when during while after before over around to from of now then right yet".split())
"""Behind a denied finding these narrow what is denied: "no chest pain at rest"."""
_NOT_TAKEN = re.compile(
    r"\b(?:stopped|quit|no longer|not (?:taking|take|on|currently taking)|never (?:took|taken)|denies taking|off)\b"
)


@lru_cache(maxsize=4096)
def claims(text: str, section: str, assertion: Assertion, lexicon: Lexicon) -> tuple[Claim, ...]:
    """Return what a statement claims that another one can contradict."""
    pieces = pieces_of_text(text)
    no = denied(pieces)
    found = [*_of_allergies(text, section, pieces, no, lexicon), *_of_drugs(text, section, pieces, no, lexicon)]
    if section in _SUBJECTIVE and assertion not in _NOT_NOW:
        found += _of_findings(pieces, no, lexicon)
    if section in {"chief_complaint", "assessment"} and assertion not in _NOT_NOW:
        found += _of_sides(pieces)
    return tuple(found)


def _of_allergies(
    text: str, section: str, pieces: tuple[Piece, ...], no: list[Denial], lexicon: Lexicon
) -> Iterable[Claim]:
    low = text.lower()
    if section != "allergies" and "allerg" not in low:
        return
    whole = (0, len(text.rstrip(".")))
    if re.search(r"\b(?:no|denies)\b(?:[\w ]* )?allerg", low) or "nkda" in low:
        if not re.search(r"\b(?:except|but|besides|other than)\b", low):
            yield Claim("allergy", "allergies", "none", *whole)
        return
    named = [t for t in terms(pieces, lexicon) if t.kind in (Kind.DRUG, Kind.ALLERGY)]
    for term in named:
        says = "no" if no[term.first] is not Denial.NOT else "yes"
        span = (pieces[term.first].start, pieces[term.last - 1].end)
        yield Claim("allergy", f"allergy:{term.value}", says, *span)
        if says == "yes":
            yield Claim("allergy", "allergies", "some", *span)
    if section == "allergies" and not named and not any(denies(p.low) for p in pieces):
        yield Claim("allergy", "allergies", "some", *whole)


def _of_drugs(
    text: str, section: str, pieces: tuple[Piece, ...], no: list[Denial], lexicon: Lexicon
) -> Iterable[Claim]:
    if section not in {"medications", "hpi", "pmh", "social_history"} or "allerg" in text.lower():
        return
    for term in terms(pieces, lexicon):
        if term.kind is not Kind.DRUG:
            continue
        start, end = pieces[term.first].start, pieces[term.last - 1].end
        stopped = _NOT_TAKEN.search(text.lower()[:start])
        if stopped or (section == "medications" and no[term.first] is not Denial.NOT):
            yield Claim("drug", f"drug:{term.value}", "not taken", start, end)
        elif section == "medications":
            yield Claim("drug", f"drug:{term.value}", "taken", start, end)


def _of_findings(pieces: tuple[Piece, ...], no: list[Denial], lexicon: Lexicon) -> Iterable[Claim]:
    low = [p.low for p in pieces]
    at = 0
    while at < len(low):
        lengths = range(min(_LONGEST, len(low) - at), 0, -1)
        length = next((n for n in lengths if " ".join(low[at : at + n]) in lexicon.findings), 0)
        if not length:
            at += 1
            continue
        name = lexicon.findings[" ".join(low[at : at + length])]
        last = at + length
        qualified = last < len(low) and not pieces[last - 1].after and low[last] in _QUALIFIES
        is_denied = no[at] is not Denial.NOT
        if _NEARLY.isdisjoint(low[:at]) and name not in _VAGUE and not (is_denied and qualified):
            span = (pieces[at].start, pieces[last - 1].end)
            yield Claim("finding", f"finding:{name}", "absent" if is_denied else "present", *span)
        at = last


def _of_sides(pieces: tuple[Piece, ...]) -> Iterable[Claim]:
    for i, piece in enumerate(pieces[:-1]):
        side = SIDES.get(piece.low)
        if side in {"left", "right"} and not piece.after:
            part = pieces[i + 1]
            yield Claim("side", f"side:{part.low}", side, piece.start, part.end)


def _of_vital(statement: Statement) -> Iterable[Claim]:
    """A pressure is often taken twice in a visit; of the other signs two values at one place are one too many."""
    item = statement.item
    if item and item.get("kind") == "vital" and item.get("name") != "Blood pressure":
        subject = f"vital:{item.get('name')}:{item.get('unit')}:{item.get('where')}"
        yield Claim("vital", subject, str(item.get("value")), 0, len(statement.text.rstrip(".")))


def _claims(statement: Statement, lexicon: Lexicon) -> tuple[Claim, ...]:
    if statement.deleted:
        return ()
    told = claims(statement.text, statement.section, statement.assertion, lexicon)
    return (*told, *_of_vital(statement))


def contradictions(visit: Visit, touched: Collection[str], lexicon: Lexicon) -> tuple[e.Fact, ...]:
    """Return the flags to raise and to withdraw now that these statements have changed."""
    wanted: dict[tuple[str, str], Claim] = {}
    for id_ in touched:
        if id_ in visit.statements:
            for other in visit.statements.values():
                if other.id != id_ and (pair := _at_odds(visit.statements[id_], other, lexicon)):
                    wanted[id_, other.id], wanted[other.id, id_] = pair
    facts: list[e.Fact] = []
    for statement in visit.statements.values():
        for flag in statement.flags:
            if flag.code == CONTRADICTION and flag.other and not {statement.id, flag.other}.isdisjoint(touched):
                claim = wanted.pop((statement.id, flag.other), None)
                if claim is None or (claim.start, claim.end) != (flag.start, flag.end):
                    facts.append(e.FlagWithdrawn(statement=statement.id, flag=flag.id))
                if claim is not None and (claim.start, claim.end) != (flag.start, flag.end):
                    wanted[statement.id, flag.other] = claim
    order = sorted(wanted.items(), key=lambda pair: (number(pair[0][0]), number(pair[0][1])))
    for n, ((id_, against), claim) in enumerate(order, visit.counters.flag):
        facts.append(
            e.FlagRaised(
                statement=id_,
                flag=f"f{n}",
                code=CONTRADICTION,
                start=claim.start,
                end=claim.end,
                kind=claim.kind,
                why=claim.says,
                other=against,
            )
        )
    return tuple(facts)


def _at_odds(one: Statement, other: Statement, lexicon: Lexicon) -> tuple[Claim, Claim] | None:
    theirs = _claims(other, lexicon)
    for mine in _claims(one, lexicon) if theirs else ():
        for its in theirs:
            if mine.subject == its.subject and mine.says != its.says:
                return mine, its
    return None
