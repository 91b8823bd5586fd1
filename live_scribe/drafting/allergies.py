"""Allergies: what is answered to a question about them, and what is told of them unasked."""

from __future__ import annotations

import re
from dataclasses import replace

from live_scribe.core.note import Assertion, Item
from live_scribe.core.words import Role
from live_scribe.drafting.drafts import Draft, from_text
from live_scribe.drafting.lists import parts_of, without_just
from live_scribe.drafting.medications import allergic_but, allergy, no_allergies
from live_scribe.drafting.person import Narrator
from live_scribe.drafting.questions import Answer, is_clause
from live_scribe.drafting.speech import is_back_channel, is_question, without_openers
from live_scribe.drafting.tokens import Phrase, bare, words

LONGEST_LIST = 6
"""Words of an answer that names what somebody is allergic to, and nothing else: "just cats and pollen"."""
_REACTS = re.compile(
    r"\bwhat (?:happens|happened|does it do|kind of (?:a )?reaction|(?:was|is) (?:the|your) reaction)\b"
)
_REACTION = re.compile(r"\breaction to\b")
_DENIES = re.compile(r"\b(?:no|not|never|n't|none|without|don't|doesn't|didn't|isn't|wasn't)\b")


def asks_for_reaction(question: Phrase, narrator: Narrator) -> bool:
    """Whether a question asks what a substance does to somebody: "what happens when you take sulfa?"."""
    return bool(_REACTS.search(words(question))) and allergy(question, narrator.vocabulary) is not None


def allergies_told(
    sentences: list[Phrase], question: Phrase, narrator: Narrator, role: Role, kind: Answer = Answer.OPEN
) -> tuple[list[Draft], list[Phrase]]:
    """Each substance that the answer names, or the question where it is affirmed, with the reaction it tells of."""
    drafts: list[Draft] = []
    for n, phrase in enumerate(sentences):
        item = allergy(phrase, narrator.vocabulary)
        if item is None:
            continue
        body = bare(without_openers(phrase, narrator.vocabulary))
        told = narrator.tell(body[1:] if words(body[:1]) == "to" else body, role)
        following = sentences[n + 1] if n + 1 < len(sentences) else ()
        if item["reaction"] is None and following and allergy(following, narrator.vocabulary) is None:
            item = allergy((*phrase, *following), narrator.vocabulary) or item
            behind = narrator.tell(bare(without_openers(following, narrator.vocabulary)), role)
            told = (*told[:-1], replace(told[-1], after=":"), *behind)
        drafts.append(_draft(told, item, question))
    if drafts:
        return drafts, []
    if (named := allergy(question, narrator.vocabulary)) and (
        kind is Answer.YES or asks_for_reaction(question, narrator)
    ):
        return _affirmed(named, sentences, question, narrator, role, kind)
    return _listed(sentences, question, narrator, role) if sentences else ([], [])


def _draft(told: Phrase, item: Item, question: Phrase) -> Draft:
    return Draft(section="allergies", phrase=told, support=question, item=item, fact=f"allergy:{item['substance']}")


def _affirmed(
    named: Item, sentences: list[Phrase], question: Phrase, narrator: Narrator, role: Role, kind: Answer
) -> tuple[list[Draft], list[Phrase]]:
    """The substance is in the question, the reaction in the answer: "Still allergic to it?" "Yes, I get a rash." """
    behind = [without_openers(s, narrator.vocabulary) for s in sentences]
    behind = [s for s in behind if s and not is_back_channel(s, narrator.vocabulary)][:1]
    as_said = {t.lower: t.text for t in question}
    substance = " ".join(as_said.get(word, word) for word in str(named["substance"]).split())
    told = from_text(f"Allergic to {substance}", bare(question))
    if not behind:
        return [_draft(told, named, question)], []
    item = allergy((*question, *behind[0]), narrator.vocabulary) or named
    if kind is not Answer.YES and item["reaction"] is None:
        return [], sentences  # "What happens when you take it?" "It works fine."
    told = (*told[:-1], replace(told[-1], after=":"), *narrator.tell(bare(behind[0]), role))
    return [_draft(told, item, question)], []


def _listed(
    sentences: list[Phrase], question: Phrase, narrator: Narrator, role: Role
) -> tuple[list[Draft], list[Phrase]]:
    """Substances that no list has: "just cats and pollen"."""
    body = bare(without_just(without_openers(sentences[0], narrator.vocabulary)))
    if not body or len(body) > LONGEST_LIST or is_clause(body, narrator.vocabulary) or _DENIES.search(words(body)):
        return [], sentences
    asks = is_question(sentences[0], narrator.vocabulary)
    if asks or is_back_channel(body, narrator.vocabulary) or is_back_channel(sentences[0], narrator.vocabulary):
        return [], sentences
    drafts = []
    for part in parts_of(body, "and"):
        item: Item = {"kind": "allergy", "substance": words(part), "reaction": None}
        drafts.append(_draft(narrator.tell(part, role), item, question))
    return drafts, sentences[1:]


def allergies_unasked(phrase: Phrase, narrator: Narrator, role: Role) -> list[Draft]:
    """Return an allergy that a sentence tells of by itself, or that there is none."""
    text = words(phrase)
    if none := no_allergies(phrase):
        return [Draft(section="allergies", phrase=none, assertion=Assertion.ABSENT, fact="allergies:none")]
    but = allergic_but(phrase)
    told_of = but or "allergic" in text or bool(_REACTION.search(text))
    item = allergy(phrase, narrator.vocabulary) if told_of else None
    if item is None:
        return []
    told, fact = narrator.tell(phrase, role), f"allergy:{item['substance']}"
    if _DENIES.search(text) and not but:
        return [Draft(section="allergies", phrase=told, assertion=Assertion.ABSENT, fact=fact)]
    return [Draft(section="allergies", phrase=told, item=item, fact=fact)]
