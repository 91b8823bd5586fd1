"""From a phrase of tokens to a proposal: its text, the words it rests on, and what in it a person must confirm."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from live_scribe.core.draft import Proposal
from live_scribe.core.note import Assertion, Doubt, Evidence, Item
from live_scribe.core.numerals import is_number_word
from live_scribe.core.words import Utterance
from live_scribe.drafting.tokens import Phrase, Token, rested
from live_scribe.drafting.vocabulary import Vocabulary

ALWAYS = float("-inf")
"""The bar of what is never left out, whatever the models think of it."""
CRITICAL = "critical-token"
"""The doubt about a drug, dose or number (docs/protocol.md)."""
QUOTE_WORDS = 24
"""A quote is to recognise the place by; the sound is one click away."""
_STOP = frozenset("a an the is was he she they his her their it to of and or in on for that this has had been".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sentence for the note before it has a name. `support` are further tokens that it rests on.

    `found` is what the models look at, and `bar` how much of the sentence must be worth keeping for it to stand.

    `fact` is the same for two drafts that say the same thing; only the first of them stands in the note.
    """

    section: str
    phrase: Phrase
    support: Phrase = ()
    assertion: Assertion = Assertion.PRESENT
    confidence: float = 1.0
    problem: str | None = None
    item: Item | None = field(default=None, repr=False)
    fact: str | None = None
    found: tuple[str, ...] = field(default=(), repr=False)
    bar: float = 0.0


def proposal(draft: Draft, key: str, utterances: Mapping[str, Utterance], vocabulary: Vocabulary) -> Proposal:
    """Return the draft as a proposal named `key`."""
    text, places = sentence(draft.phrase, vocabulary)
    unknown = draft.section == "medications" and draft.item is None
    return Proposal(
        key=key,
        section=draft.section,
        text=text,
        evidence=evidence((*draft.phrase, *draft.support), utterances),
        assertion=draft.assertion,
        confidence=round(draft.confidence, 2),
        problem=draft.problem,
        item=draft.item,
        doubts=_of_first(draft.phrase) if unknown else doubts(draft.phrase, places, vocabulary),
    )


def _of_first(phrase: Phrase) -> tuple[Doubt, ...]:
    """What stands in the medication list and is no drug of the vocabulary was perhaps misheard."""
    return (Doubt(code=CRITICAL, start=0, end=len(phrase[0].text)),)


def fact_of(draft: Draft) -> str:
    """Return what the draft says, in a form in which two wordings that differ in little are the same."""
    said = " ".join(sorted({w for t in draft.phrase for w in re.findall(r"[\w./%]+", t.lower)} - _STOP))
    return f"{draft.section}:{draft.problem or ''}:{said}" if draft.fact is None else draft.fact


def sentence(phrase: Phrase, vocabulary: Vocabulary) -> tuple[str, list[int]]:
    """Return the text of a phrase, capitalised and closed, and where in it each token begins."""
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for i, token in enumerate(phrase):
        spelled = len(token.text) > 1 and token.text.isupper()
        text = token.text if spelled else vocabulary.acronyms.get(token.lower, token.text)
        if i == 0 and text.islower():
            text = text[0].upper() + text[1:]
        elif i and text.istitle() and token.lower in _LOWER and token.lower not in vocabulary.acronyms:
            text = token.lower
        after = "." if i + 1 == len(phrase) else token.after if token.after in {",", ":", ";"} else ""
        places.append(at)
        parts.append(text + after)
        at += len(text) + len(after) + 1
    return " ".join(parts), places


_LOWER = frozenset(
    "a about after all also an and any are around as at because been before but by can could did do does "
    "during for from had"
    " has have he her his how if in is it its just like maybe more most my never no not of on only or over she "
    "since so some"
    " started take taking that the their then there they this to today under until was we were when where "
    "which while who"
    " with without yesterday you your it's i'm".split()
)
"""Words that are written small inside a sentence even if the recogniser began one with them."""


def evidence(phrase: Phrase, utterances: Mapping[str, Utterance]) -> tuple[Evidence, ...]:
    """Return the words that the phrase rests on, one piece of evidence for each utterance, in order of the visit."""
    spans: dict[str, tuple[int, int]] = {}
    for token in phrase:
        if token.source is not None:
            low, high = spans.get(token.source, (token.first, token.last))
            spans[token.source] = min(low, token.first), max(high, token.last)
    order = {name: n for n, name in enumerate(utterances)} if len(spans) > 1 else {}
    return tuple(_evidence(utterances[name], *spans[name]) for name in sorted(spans, key=lambda n: order.get(n, 0)))


def _evidence(utterance: Utterance, first: int, last: int) -> Evidence:
    words = utterance.words[first : last + 1]
    quote = " ".join(w.text for w in words[:QUOTE_WORDS]) + (" …" if len(words) > QUOTE_WORDS else "")
    return Evidence(
        utterance=utterance.id,
        quote=quote,
        start=words[0].start,
        end=words[-1].end,
        words=tuple(w.id for w in words),
    )


def doubts(phrase: Phrase, places: list[int], vocabulary: Vocabulary) -> tuple[Doubt, ...]:
    """Return a doubt for each drug, dose or number that the recogniser was not sure of."""
    critical = _critical(phrase, vocabulary)
    return tuple(
        Doubt(code=CRITICAL, start=place, end=place + len(token.text))
        for token, place in zip(phrase, places, strict=True)
        if token.probability is not None and token.probability < vocabulary.doubtful and critical(token)
    )


def _critical(phrase: Phrase, vocabulary: Vocabulary) -> Callable[[Token], bool]:
    drug_words = {w for m in vocabulary.drug.finditer(" ".join(t.lower for t in phrase)) for w in m.group().split()}
    units = set(vocabulary.units.values()) | set(vocabulary.units)

    def critical(token: Token) -> bool:
        return (
            token.lower in drug_words
            or token.text in units
            or is_number_word(token.lower)
            or bool(re.search(r"\d", token.text))
        )

    return critical


def from_text(text: str, source: Phrase) -> Phrase:
    """Return the writer's own wording of what `source` says, resting on all of its words."""
    low = min((t.probability for t in source if t.probability is not None), default=None)
    return tuple(
        replace(rested(Token(t.rstrip(","), "," if t.endswith(",") else ""), source), probability=low)
        for t in text.split()
    )


def resting_on(phrase: Phrase, source: Phrase) -> Phrase:
    """Return words of the writer's own as resting on all of `source`."""
    if not source or source[0].source is None:
        return phrase
    return tuple(rested(t, source) for t in phrase)
