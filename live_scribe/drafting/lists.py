"""Lists in questions and answers: their items, and what of a denied list is taken back in the same breath."""

from __future__ import annotations

from dataclasses import replace

from live_scribe.drafting.drafts import Draft
from live_scribe.drafting.tokens import Phrase, bare, made


def without_taken_back(denial: Draft, said: Phrase) -> Draft | None:
    """Return a denial without what the same breath affirms: of "pain, swelling or redness" but "a little swelling".

    None where nothing is left, or where words behind the list ("in his knee") may go for all of it.
    """
    back = {t.lower for t in said}
    if not back & {t.lower for t in denial.phrase}:
        return denial
    begin = next((i for i, t in enumerate(denial.phrase, 1) if t.lower == "denies"), 0)
    items = parts_of(denial.phrase[begin:], "or")
    left = [item for item in items if not back & {t.lower for t in item}]
    gone = [item for item in items if item not in left]
    if not left or any(t.lower not in back for t in gone[-1]):
        return None
    told = [t for item in left[:-1] for t in (*item[:-1], replace(item[-1], after=","))]
    if len(left) > 1:
        told = [*told[:-1], replace(told[-1], after=""), *made("or")]
    return replace(denial, phrase=(*denial.phrase[:begin], *told, *left[-1]))


def parts_of(phrase: Phrase, joint: str) -> list[Phrase]:
    """Return the items of a list said with commas and `joint`: "pain, swelling or redness"."""
    found: list[Phrase] = []
    begin = 0
    for i, token in enumerate(phrase):
        if token.lower == joint:
            found.append(phrase[begin:i])
            begin = i + 1
        elif token.after or i + 1 == len(phrase):
            found.append(phrase[begin : i + 1])
            begin = i + 1
    return [bare(item) for item in found if item]


def items_of(phrase: Phrase) -> list[Phrase]:
    """Return the items of an answer that were told one after the other, apart by semicolons."""
    found: list[Phrase] = []
    begin = 0
    for i, token in enumerate(phrase, 1):
        if ";" in token.after or i == len(phrase):
            found.append(bare(phrase[begin:i]))
            begin = i
    return found


def without_just(phrase: Phrase) -> Phrase:
    """Without "just" or "only" before a list."""
    return phrase[1:] if len(phrase) > 1 and phrase[0].lower in {"just", "only"} else phrase


_SMALL = frozenset(
    "does do is are was it the a an his her hers he she they that this to in on at of my me i you and or so".split()
)


def kin_of(phrase: Phrase) -> set[str]:
    """The words of a phrase that say something, with and without the plural's "s"."""
    telling = [t.lower for t in phrase if t.lower not in _SMALL]
    return {form for word in telling for form in (word, f"{word}s", word.removesuffix("s"))}


def says_nothing(part: Phrase) -> bool:
    """Whether a fragment is but small words: what is left of a sentence that was cut or misheard."""
    return all(t.lower in _SMALL for t in part)
