"""Medicines and allergies as structured items: name, dose, unit, route, frequency, and what is to change."""

from __future__ import annotations

import re
from dataclasses import dataclass

from live_scribe.core.codes import UCUM
from live_scribe.core.note import Item
from live_scribe.core.numerals import is_number_word, read_number
from live_scribe.drafting.tokens import Phrase, bare, match_span, words
from live_scribe.drafting.vocabulary import Vocabulary

_DOSE = re.compile(
    r"(?<![\w./])(\d+(?:\.\d+)?(?:/\d+)?) ?(mg|mcg|g|mL|units|IU|%|tablets|pills|capsules|puffs|drops|mEq)(?![\w/])"
)
_AS_NEEDED = re.compile(r"\bas needed\b|\bprn\b|\bp\.r\.n\b|\bas-needed\b|\bwhen (?:i|you|he|she) needs?\b")
_NOT_TAKEN = re.compile(
    r"\b(?:stopped|(?<!on and )off(?! and on)|quit|used to|no longer|\w*n't (?:take|taking|on)|not (?:take|taking|on)|"
    r"never(?! (?:miss|forget|skip))|allerg\w+|ran out of|discontinued|was (?:on|taking)|"
    r"(?:it|that) was(?! (?:start|prescrib|giv|add|order)\w*))\b"
)
_NOW = re.compile(r"\b(?:now|these days|currently)\b")
_STOPPED = re.compile(r"(?:(?:but|which|and then) )?(?:i |was |were |got |has been )*(?:stopped|discontinued|quit)\b")
_REASON = re.compile(r"\b(?:because|since|as|so that|due to|given|while|until|with|for)\b")
_AND_OTHER = re.compile(r"\b(?:and|plus) (?!(?:at )?night\b|evening\b|(?:once|twice|one|two|three|\d)\b)")
"""Behind "and" something else begins: in "keep the metformin and add …, 10 mg" the dose is that of a drug misheard."""
_NEAR_CHANGE = 5
"""Words before a drug's name in which what is to change is looked for, back to a reason: "because metformin can …"."""
_LEAST_IN_WORDS = 5
_MORE = re.compile(r"\b(?:and|then|to|or) \d")
"""Where another number follows ("20 in the morning and 30 at night") one dose is not the dose."""
_TOO_FAR = 14
"""Words behind a drug's name in which its dose is looked for, if no other drug comes first."""


@dataclass(frozen=True, slots=True)
class Medicine:
    """A drug named in `phrase[start:end]`, and what was said about it."""

    item: Item
    start: int
    end: int

    @property
    def text(self) -> str:
        """The drug as a line of a medication list."""
        parts = (self.item["name"], _dose(self.item), self.item["route"], self.item["frequency"])
        line = " ".join(str(p) for p in parts if p)
        return f"{line} as needed" if self.item["as_needed"] else line


def _dose(item: Item) -> str:
    if item["dose"] is None:
        return ""
    return f"{item['dose']}{'' if item['unit'] == '%' else ' '}{item['unit'] or ''}".strip()


def medicines(phrase: Phrase, vocabulary: Vocabulary) -> list[Medicine]:
    """Return the drugs in a sentence whose doses are already in digits, each with what belongs to it."""
    text = words(phrase)
    found = list(vocabulary.drug.finditer(text))
    made_: list[Medicine] = []
    for nth, match in enumerate(found):
        stop = found[nth + 1].start() if nth + 1 < len(found) else len(text)
        if other := _AND_OTHER.search(text, match.end(), stop):
            stop = other.start()
        begin = found[nth - 1].end() if nth else 0
        earlier = made_[-1].item if made_ else None
        made_.append(_medicine(phrase, text, match.start(), match.end(), begin, stop, vocabulary, earlier))
    return made_


def _medicine(
    phrase: Phrase, text: str, start: int, end: int, begin: int, stop: int, vocabulary: Vocabulary, earlier: Item | None
) -> Medicine:
    """Read one drug. What the `earlier` one has of dose and frequency is not this one's."""
    behind = " ".join(text[end:stop].split()[:_TOO_FAR])
    before = "" if earlier and earlier["frequency"] else " ".join(text[begin:start].split()[-4:])
    tokens = match_span(phrase, start, end)
    dose = (
        _said_dose(phrase, end, stop)
        or _said_dose(phrase, start if earlier and earlier["dose"] is not None else max(begin, start - 30), start)
        or _bare_dose(phrase, tokens[1], vocabulary)
    )
    change = None
    near = " ".join(text[begin:start].split()[-_NEAR_CHANGE:])
    for match in vocabulary.change.finditer(_REASON.split(near)[-1]):
        change = vocabulary.changes[match.group()]
    if change is None and (match2 := vocabulary.change.match(behind.strip())):
        change = vocabulary.changes[match2.group()]
    item: Item = {
        "kind": "medication",
        "name": text[start:end],
        "dose": dose[0] if dose else None,
        "unit": dose[1] if dose else None,
        "unit_code": UCUM.get(dose[1] or "") if dose else None,
        "route": _first(vocabulary.route, behind, vocabulary.routes),
        "frequency": _frequency(behind, vocabulary) or _frequency(before, vocabulary),
        "as_needed": bool(_AS_NEEDED.search(behind)),
        "change": change,
    }
    return Medicine(item, *tokens)


def _said_dose(phrase: Phrase, start: int, stop: int) -> tuple[float | str | int, str | None] | None:
    """The last of the doses between two places: "from 10 to 20 mg" means 20."""
    first, last = match_span(phrase, start, max(start + 1, stop))
    surface = " ".join(t.text for t in phrase[first:last])
    found = list(_DOSE.finditer(surface))
    if not found:
        return None
    chosen = (
        found[-1] if len(found) > 1 and re.search(r"\bto\b", surface[found[0].end() : found[-1].start()]) else found[0]
    )
    number = chosen.group(1)
    return (number if "/" in number else float(number) if "." in number else int(number)), chosen.group(2)


def _bare_dose(phrase: Phrase, at: int, vocabulary: Vocabulary) -> tuple[float | int, None] | None:
    """A number right behind the drug, at the phrase's end or before how often it is taken: "metformin 500 twice a day".

    Its unit was not said and is not added. A small number in words counts tablets, or begins "two times a day".
    """
    at += at < len(phrase) and phrase[at].lower == "the"
    lower = [t.lower for t in phrase]
    number = read_number(lower, at) if at < len(phrase) else None
    if number is None or vocabulary.frequency.match(" ".join(lower[at:])):
        return None
    told, end = number
    if _MORE.search(" ".join(lower[end:])):
        return None
    often = vocabulary.frequency.match(" ".join(lower[end:])) or vocabulary.route.match(" ".join(lower[end:]))
    if not (phrase[end - 1].after or end == len(phrase) or often):
        return None
    value = float(told) if "." in told else int(told)
    return (value, None) if lower[at][0].isdigit() or value >= _LEAST_IN_WORDS else None


def _first(pattern: re.Pattern[str], text: str, names: object) -> str | None:
    match = pattern.search(text)
    assert isinstance(names, dict)
    return names[match.group()] if match else None


_LIMIT = re.compile(r"\b(?:no more than|not more than|up to|maximum(?: of)?|at most)\b.*")
_RATE = frozenset({"a day", "per day", "each day"})


def _frequency(text: str, vocabulary: Vocabulary) -> str | None:
    """How often; a daily limit ("no more than 3 grams a day") is not how often."""
    text = _LIMIT.sub("", text)
    if match := re.search(r"\bevery (?:\w+(?:-\w+)?|\w+ (?:to|or) \w+) hours?\b", text):
        return match.group()
    for match in vocabulary.frequency.finditer(text):
        before = text[: match.start()].split()
        if (
            match.group() not in _RATE
            or not before
            or before[-1] in vocabulary.units.values()
            or is_number_word(before[-1])
        ):
            return vocabulary.frequencies[match.group()]
    return None


def taken(phrase: Phrase, vocabulary: Vocabulary) -> list[Medicine]:
    """Return the drugs of a sentence without those that it says are not taken: "I stopped the ibuprofen".

    What is said before one drug goes for those that are named behind it, until something else is said.
    """
    kept: list[Medicine] = []
    named = medicines(phrase, vocabulary)
    going, last = True, 0
    for n, medicine in enumerate(named):
        before, last = words(phrase[last : medicine.start]), medicine.end
        behind = words(phrase[last : named[n + 1].start if n + 1 < len(named) else len(phrase)])
        going = not _NOT_TAKEN.search(before) and (
            going or bool(vocabulary.taking.search(before) or _NOW.search(before))
        )
        if going and not _STOPPED.match(behind):
            kept.append(medicine)
    return kept


def is_taking(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether the sentence says that its drugs are taken now."""
    text = words(phrase)
    return bool(vocabulary.taking.search(text)) and not _NOT_TAKEN.search(text)


def allergy(phrase: Phrase, vocabulary: Vocabulary) -> Item | None:
    """Return the allergy that a sentence tells of, with its reaction where one is said."""
    text = words(phrase)
    match = vocabulary.drug.search(text) or vocabulary.drug_class.search(text)
    named = re.search(r"\ballergic to (?:the )?(\w+)", text)
    if match is None and named is None:
        return None
    reaction = re.search(
        r"\b(hives|rash|anaphylaxis|swelling|itching|throat (?:closes|swells|swelling)|vomiting|nausea|trouble "
        r"breathing|shortness of breath|stomach upset|upset stomach|throw(?:s|ing)? up|itchy|itch)\b",
        text,
    )
    substance = match.group() if match else named.group(1) if named else ""
    return {"kind": "allergy", "substance": substance, "reaction": reaction.group() if reaction else None}


_NO_ALLERGIES = re.compile(
    r"\b(?:no|denies(?: any)?) (?:known )?(?:(?:drug|medication|medicine|food|environmental|or|and) )*"
    r"allerg(?:y|ies)\b|\bnkda\b"
)


_EXCEPT = re.compile(r"\b(?:except|besides|but|aside|apart|other than|only|just|though)\b")


def allergic_but(phrase: Phrase) -> bool:
    """Whether the sentence denies all allergies but one: "no allergies except penicillin"."""
    text = words(phrase)
    return bool(_NO_ALLERGIES.search(text) and _EXCEPT.search(text))


def no_allergies(phrase: Phrase) -> Phrase:
    """Return the words that say that no allergies are known; none where they do not, or not of all."""
    match = None if allergic_but(phrase) else _NO_ALLERGIES.search(words(phrase))
    return bare(phrase[slice(*match_span(phrase, match.start(), match.end()))]) if match else ()
