"""Statements of the sample visits, as they are and with one word wrong: what of them must be confirmed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from live_scribe.asr.shipped import packaged_vocabulary
from live_scribe.core.borne_out import cited, not_borne_out
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import Proposal
from live_scribe.core.words import Word
from live_scribe.drafting.known_words import lexicon
from live_scribe.drafting.rules import draft
from live_scribe.drafting.vocabulary import vocabulary
from tests.component.drafted import TEMPLATE

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.txt"))
LEXICON = lexicon(vocabulary(TEMPLATE), packaged_vocabulary().ordinary)
DRUGS = sorted(LEXICON.drugs)
SUBSTANCES = "latex sulfa peanuts codeine shellfish penicillin eggs aspirin bees".split()
DOSES, TIMES = "mg mcg g mL".split(), "minutes hours days weeks months years".split()
NUMBERS = "two three four five six seven eight nine ten twelve twenty thirty".split()

NEEDLESS = 0.01
"""Of the samples' statements, which say what was said, so few may ask for a person."""


@lru_cache(maxsize=1)
def statements() -> tuple[tuple[Proposal, tuple[tuple[Word, ...], ...]], ...]:
    found = []
    for path in SAMPLES:
        said = parse_dialogue(path.read_text(encoding="utf-8"))
        by_id = {u.id: u for u in said}
        found += [(p, cited(p.evidence, by_id)) for p in draft(said, TEMPLATE, {"sex": "F"})]
    return tuple(found)


def stands(proposal: Proposal, text: str, evidence: Sequence[Sequence[Word]]) -> bool:
    return not not_borne_out(text, evidence, LEXICON, item=proposal.item)


def swapped(text: str, pattern: str, others: Sequence[str], rng: random.Random) -> Iterator[str]:
    for match in re.finditer(pattern, text, re.IGNORECASE):
        other = rng.choice([o for o in others if o.lower() != match.group().lower()])
        yield text[: match.start()] + other + text[match.end() :]


def rewritten(text: str, rules: Sequence[tuple[str, str]]) -> Iterator[str]:
    for pattern, other in rules:
        for match in re.finditer(pattern, text):
            yield text[: match.start()] + other + text[match.end() :]


DROPPED = [
    (r"\bdenies\b", "reports"),
    (r"^No ", ""),
    (r"\bno (?!more|longer)", ""),
    (r"\b(does|did|is|has|are|was|do) not\b", r"does"),
    (r"\bnot ", ""),
    (r"\bnever ", ""),
]
ADDED = [
    (r"\breports\b", "denies"),
    (r"\bhas\b(?! not| never| been)", "does not have"),
    (r"\bis\b(?! not| no\b)", "is not"),
    (r"\bwas\b(?! not)", "was not"),
    (r"\bpositive\b", "negative"),
    (r"\bnegative\b", "positive"),
    (r"\bnormal\b", "abnormal"),
]


def mutations(proposal: Proposal, rng: random.Random) -> Iterator[str]:
    """Yield the statement with one word wrong, for each word that must not be."""
    text = proposal.text
    for name in DRUGS:
        yield from swapped(text, rf"(?<![\w-]){re.escape(name)}(?![\w-])", DRUGS, rng)
    if proposal.item and proposal.item["kind"] == "allergy":
        yield from swapped(text, re.escape(str(proposal.item["substance"])), SUBSTANCES, rng)
    for match in re.finditer(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)", text):
        number = match.group()
        wrong = {number + "7", number[::-1], str(int(float(number)) + rng.randint(1, 9)), number[:-1]} - {number}
        for other in sorted(w for w in wrong if re.fullmatch(r"\d+(\.\d+)?", w)):
            yield text[: match.start()] + other + text[match.end() :]
    for units in (DOSES, TIMES):
        yield from swapped(text, rf"\b(?:{'|'.join(units)})\b", units, rng)
    yield from swapped(text, rf"\b(?:{'|'.join(NUMBERS)}|once|twice)\b", NUMBERS, rng)
    yield from swapped(text, r"\b(?:left|right)\b(?! (?:along|now|here|away))", ["left", "right"], rng)
    yield from rewritten(text, DROPPED)
    yield from rewritten(text, ADDED)


def test_no_wrong_word_of_five_hundred_is_let_through() -> None:
    rng = random.Random(15)
    made = [(p, text, said) for p, said in statements() for text in mutations(p, rng) if text != p.text]
    assert len(made) >= 500
    assert [text for p, text, said in made if stands(p, text, said)] == []


def test_hardly_a_statement_that_says_what_was_said_asks_for_a_person() -> None:
    needless = [p.text for p, said in statements() if not stands(p, p.text, said)]
    assert len(needless) <= NEEDLESS * len(statements())
