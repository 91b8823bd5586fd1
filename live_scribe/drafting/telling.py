"""Whether a sentence tells the fact that it names: found, ordered, tried, and not only explained or asked for."""

from __future__ import annotations

import re

from live_scribe.drafting.mentions import Mention
from live_scribe.drafting.tokens import Phrase, words
from live_scribe.drafting.vocabulary import Vocabulary

NEAR = 8
"""Words around a name in which is said that it is found, ordered, or only explained: sentences of a talk run on."""

_UNTOLD = re.compile(
    r"\b(?:can cause|could cause|may cause|might cause|side effects?|sometimes people|usually|in general|"
    r"would cause|tends? to|possible causes|they sometimes|what that is|the criteria|advantages?|you would|is called|"
    r"meaning that|that means|called a|correlation|make sure (?:it's|that|there)|worr(?:y|ied) about|looking for)\b"
)
_FOUND = re.compile(r"\b(?:clear|normal|soft|good|fine|great|intact|enlarged|unremarkable|tender|look|sound)\w*\b")
_PRESSES = re.compile(r"\b(?:does|is|tell me if) (?:it|that|this|there)\b.*\b(?:hurt|pain|tender|sore)")
_SHOWN = re.compile(
    r"\b(?:show|reveal|demonstrat|normal|elevated|high|low|fine|good|negative|positive|came back|look|abnormal|"
    r"order|check|repeat|get|had|did|done|last|no)(?:s|ed|ing)?\b"
)
_ORDERS = re.compile(r"\b(?:continue|keep|avoid|stop|limit|try to|make sure|have you|cut down|cut back|come back)\b")
_YOU = re.compile(r"\byou(?:'re|'ve| are| have| were)\b.*\b(?:trying|been|taking|using|doing|tried|had|went)\b")
_TRIED = re.compile(
    r"\b(?:tried|trying|us(?:e|ed|ing)|tak(?:e|en|ing)|took|doing|did|put|wear(?:ing)?|been|started|went)\b"
)


def tells(mention: Mention, phrase: Phrase, vocabulary: Vocabulary, *, doctor: bool) -> bool:
    """Return whether this speaker's sentence tells a fact of this kind, and does not only use its name."""
    text, before = words(phrase), words(phrase[max(0, mention.first - NEAR) : mention.first])
    behind = words(phrase[mention.first : mention.last + 1 + NEAR])
    if doctor and _UNTOLD.search(f"{before} {behind}"):
        return False
    if mention.kind == "vital" and not mention.values:
        return doctor and bool(_FOUND.search(behind))
    if mention.kind in {"finding", "organ", "term"}:
        said_how = mention.kind != "organ" or _FOUND.search(behind) or vocabulary.finding.search(behind)
        return doctor and bool(said_how) and not _orders(before, vocabulary)
    if mention.name.endswith(" pain") and doctor and _PRESSES.search(text):
        return False  # asked of a hand that examines; what comes of it is said in words of its own
    if mention.kind == "result" and not mention.values:
        return _orders(text, vocabulary) or bool(_SHOWN.search(text) or vocabulary.problem_words.search(text))
    if mention.kind == "plan":
        return _orders(text, vocabulary) or bool(_YOU.search(text)) if doctor else bool(_TRIED.search(text))
    return mention.kind != "social" or not doctor


def _orders(text: str, vocabulary: Vocabulary) -> bool:
    led = vocabulary.orders.search(text) or vocabulary.advice.search(text)
    return bool(led or _ORDERS.search(text))
