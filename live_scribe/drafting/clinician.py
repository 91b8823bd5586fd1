"""What the clinician says: findings, results, diagnoses, orders and advice, put as a note puts them."""

from __future__ import annotations

import re
from dataclasses import replace

from live_scribe.drafting.tokens import Phrase, bare, made, match_span, rested, with_signs, words
from live_scribe.drafting.verbs import base_of_gerund
from live_scribe.drafting.vocabulary import Vocabulary

_REGION = re.compile(
    r"(?:and )?(?:then )?(?:on|for|in|with|looking (?:here )?at|examination of|exam of|as far as) (?:your|the|"
    r"her|his|my) (?P<region>(?:[a-z-]+ ){0,3}?[a-z-]+?)"
    r"(?: exam(?:ination)?)?(?: here)?(?: today)?,? (?=i |i'|you |you'|there|it |it's|the |your |no |"
    r"everything|he |she |that )"
)
_ON_EXAM = re.compile(r"(?:so |and )?on (?:your |the |my )?(?:physical )?exam(?:ination)?(?: here)?(?: today)?,? ")
_EXAM_WORDS = re.compile(r"^(?:physical|exam|examination|physical exam|physical examination|examination today)$")
_ADVERBIAL = re.compile(
    r"(?:(?:and|so|then|also|okay|now|well|but|again|lastly|finally) )*(?:(?:in the meantime|at this (?:time|"
    r"point)|for now|today|for that|for the pain|in addition|right now|first|"
    r"what (?:i|we) (?:want|can|will) (?:to )?do is|based on that|as we discussed)\b ?)?"
)


def finding(phrase: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return an exam finding without what the clinician says around it: "I do appreciate a murmur" → "murmur"."""
    region: Phrase = ()
    if examined := _ON_EXAM.match(with_signs(phrase) + " "):
        phrase = phrase[len(examined.group().split()) :] or phrase
    signed = with_signs(phrase)
    match = _REGION.match(signed)
    if match:
        first, last = match_span(phrase, match.start("region"), match.end("region"), signs=True)
        behind = len(signed[: match.end()].split())
        if not _EXAM_WORDS.match(match.group("region")) and not match.group("region").endswith(" of"):
            region = phrase[first:last]
        phrase = phrase[behind:]
    body = _without_lead(phrase, vocabulary)
    if not region:
        return body
    head = tuple(replace(t, after=":" if i + 1 == len(region) else "") for i, t in enumerate(region))
    return (*head, *body)


def _without_lead(phrase: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Take leads off until none is left; a denying lead leaves its "no"."""
    while phrase:
        text = words(phrase) + " "
        if denial := _whole(vocabulary.exam_denials, text):
            rest = phrase[denial:]
            if words(rest[:1]) in {"there", "there's", "i", "it's", "you", "you've"}:
                phrase = rest  # "there is no, there is a little tenderness": begun anew
                continue
            no = tuple(rested(t, phrase[:denial]) for t in made("no"))
            return (*no, *rest) if rest else phrase
        lead = _whole(vocabulary.exam_leads, text)
        if not lead or lead >= len(phrase):
            break
        phrase = phrase[lead:]
    while len(phrase) > 1 and phrase[0].lower in {"your", "a", "an", "the", "some", "that"}:
        phrase = phrase[1:]
    return phrase


def _whole(pattern: re.Pattern[str], text: str) -> int:
    """How many words at the beginning of `text` the pattern takes; it must end where a word does."""
    match = pattern.match(text)
    if match is None or (match.end() < len(text) and text[match.end() - 1] != " " and text[match.end()] != " "):
        return 0
    return len(match.group().split())


def order(phrase: Phrase, vocabulary: Vocabulary) -> Phrase | None:
    """Return the order or advice in a sentence as an imperative, or None where it holds none.

    A reason or condition in front of it stays: "as that made you tired, let's use sertraline".
    """
    if found := _plain_order(phrase, vocabulary):
        return found
    if not phrase or phrase[0].lower not in _REASONS:
        return None
    comma = next((i for i, t in enumerate(phrase) if "," in t.after), None)
    behind = _plain_order(without_so(phrase[comma + 1 :]), vocabulary) if comma is not None else None
    return (*phrase[: (comma or 0) + 1], *behind) if behind else None


_REASONS = frozenset("as since because with for to if when after before until given".split())


def without_so(phrase: Phrase) -> Phrase:
    """Without "so" or "then" in front."""
    return phrase[1:] if len(phrase) > 1 and phrase[0].lower in {"so", "then"} else phrase


def _plain_order(phrase: Phrase, vocabulary: Vocabulary) -> Phrase | None:
    text = words(phrase) + " "
    start = len(_matched(_ADVERBIAL, text).split())
    rest = phrase[start:]
    if not rest:
        return None
    text = words(rest) + " "
    for pattern in (vocabulary.advice, vocabulary.orders):
        if taken := _whole(pattern, text):
            body = _imperative(without_padding(rest[taken:], vocabulary), vocabulary)
            if (
                body
                and words(body[:2]) not in _NO_ORDER
                and (body[0].lower in vocabulary.order_verbs or _is_thing(body))
            ):
                return (*_kept_adverbial(phrase[:start]), *without_article(body))
    body = without_padding(rest, vocabulary)
    if body and body[0].lower in vocabulary.order_verbs and not _is_question_like(body):
        return (*_kept_adverbial(phrase[:start]), *body)
    return None


_NO_ORDER = frozenset(
    {
        "get to",
        "check out",
        "see it",
        "have the",
        "talk about",
        "work on",
        "look at",
        "see what",
        "come back",
        "go over",
        "see if",
        "see how",
        "make sure",
        "go ahead",
    }
)
"""What a clinician will do in the talk itself is no order."""


def split_orders(phrase: Phrase, vocabulary: Vocabulary) -> list[Phrase]:
    """Return a sentence cut where an order follows by "and": "I think it's fluid, and I want to increase the Lasix"."""
    for i in range(2, len(phrase) - 2):
        if phrase[i].lower != "and":
            continue
        behind = phrase[i + 1 :]
        led = any(_whole(p, words(behind) + " ") for p in (vocabulary.advice, vocabulary.orders))
        if led and _plain_order(behind, vocabulary) is not None:
            return [bare(phrase[:i]), *split_orders(behind, vocabulary)]
    return [phrase]


def without_article(body: Phrase) -> Phrase:
    """Return "MRI of the knee" for "an MRI of the knee"."""
    return body[1:] if len(body) > 1 and body[0].lower in {"a", "an", "the", "some", "your"} else body


def _imperative(body: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return "start metoprolol" for "(I am) starting metoprolol"."""
    base = base_of_gerund(body[0].lower, vocabulary.order_verbs) if body else None
    return (replace(body[0], text=base), *body[1:]) if base else body


def _matched(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match.group() if match else ""


def _kept_adverbial(phrase: Phrase) -> Phrase:
    """The part in front of an order that says when: "in the meantime"; "so" and "and" say nothing."""
    while phrase and phrase[0].lower in {
        "and",
        "so",
        "then",
        "also",
        "okay",
        "now",
        "well",
        "but",
        "again",
        "lastly",
        "finally",
    }:
        phrase = phrase[1:]
    return phrase if words(phrase) in {"in the meantime", "for now", "today", "for the pain", "at this time"} else ()


def _is_thing(body: Phrase) -> bool:
    return body[0].lower in {"a", "an", "the", "some", "another", "your", "physical"}


def _is_question_like(body: Phrase) -> bool:
    return (
        len(body) < 2
        or body[1].lower in {"that", "like", "good", "okay", "is", "are", "you", "i"}
        or words(body[:2]) in {"have a", "let me", "see if", "see how", "see you", "do you", "have you", "come on"}
    )


def without_padding(body: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return the order without "go ahead and", "just", "definitely" in front."""
    again = True
    while again and body:
        again = False
        for padding in vocabulary.order_padding:
            if tuple(t.lower for t in body[: len(padding)]) == padding and len(body) > len(padding):
                body, again = body[len(padding) :], True
                break
    return body


_VERBS = frozenset("is isn't are aren't has hasn't looks seems was it's can".split())


def problem_named(phrase: Phrase, vocabulary: Vocabulary) -> tuple[int, int, int] | None:
    """Return the tokens that name the problem the clinician turns to, and where the sentence goes on behind.

    Where the name is the subject of the sentence ("the diabetes isn't where we want it"), it goes on from the name.
    """
    signed = with_signs(phrase)
    for cue in vocabulary.problem_cues:
        match = cue.search(signed)
        if match is None:
            continue
        first, last = match_span(phrase, match.start("name"), match.end("name"), signs=True)
        last = _name_end(phrase, first, last, vocabulary)
        if last > first and is_problem(words(phrase[first:last]), vocabulary):
            subject = last < len(phrase) and not phrase[last - 1].after and phrase[last].lower in _VERBS
            behind = max(0, first - 1) if subject else last
            return first, last, behind
    return None


def is_problem(name: str, vocabulary: Vocabulary) -> bool:
    """Whether these words name a complaint or disease."""
    patterns = (vocabulary.problem_words, vocabulary.condition, vocabulary.symptom)
    return any(p.search(name) for p in patterns)


def diagnosis_named(phrase: Phrase, vocabulary: Vocabulary) -> tuple[int, int] | None:
    """Return the tokens that name what the clinician thinks the patient has."""
    signed = with_signs(phrase)
    match = vocabulary.diagnosis.search(signed)
    if match is None:
        return None
    first, last = match_span(phrase, match.start("name"), match.end("name"), signs=True)
    while first < last and phrase[first].lower in {
        "a",
        "an",
        "the",
        "some",
        "your",
        "little",
        "bit",
        "of",
        "just",
        "probably",
        "likely",
        "possible",
    }:
        first += 1
    last = _name_end(phrase, first, last, vocabulary)
    return (first, last) if last > first and is_problem(words(phrase[first:last]), vocabulary) else None


MAX_NAME = 7
"""Words in the name of a problem; what is longer is a sentence."""


def _name_end(phrase: Phrase, first: int, last: int, vocabulary: Vocabulary) -> int:
    for i in range(first, last):
        if vocabulary.problem_stops.fullmatch(phrase[i].lower) or i - first >= MAX_NAME:
            return i
        if phrase[i].after:
            return i + 1
    return last
