"""What is on record and confirmed: drugs and problems by name."""

from __future__ import annotations

import re
from dataclasses import replace

from live_scribe.core.note import Assertion, Item
from live_scribe.drafting.drafts import Draft, from_text
from live_scribe.drafting.medication_list import medicine_fact
from live_scribe.drafting.medications import is_taking, medicines
from live_scribe.drafting.questions import is_clause
from live_scribe.drafting.tokens import Phrase, bare, match_span, words
from live_scribe.drafting.vocabulary import Vocabulary

_ON_RECORD = re.compile(
    r"(?:and |so |okay )*(?:i see|you have|you've (?:got|had)|it says|it looks like you have)\b(?! you)"
)


def confirmed_medicine(question: Phrase, behind: list[Phrase], vocabulary: Vocabulary) -> list[Draft]:
    """The drug is in one turn, its dose may be in the other: "Still on it?" "Yes, 1000 mg twice a day." """
    named = medicines(bare(question), vocabulary)
    if len(named) != 1 or not is_taking(question, vocabulary):
        return []
    drug = question[named[0].start : named[0].end]
    dose = bare(behind[0]) if behind and not is_clause(behind[0], vocabulary) else ()
    whole = medicines((*question[:-1], replace(question[-1], after=""), *dose), vocabulary)[0]
    source = question[named[0].start :] if not dose else drug
    phrase = (*from_text(whole.text, source),)
    if dose:
        del behind[0]
    return [
        Draft(
            section="medications",
            phrase=phrase,
            support=(*question, *dose),
            item=whole.item,
            fact=medicine_fact(whole),
        )
    ]


def confirmed_problems(question: Phrase, given: Phrase, vocabulary: Vocabulary) -> list[Draft]:
    """ "I see high cholesterol and high blood pressure here, is that right?" "Right." """
    text = words(question)
    if not _ON_RECORD.match(text):
        return []
    drafts = []
    for match in vocabulary.condition.finditer(text):
        name = bare(question[slice(*match_span(question, match.start(), match.end()))])
        item: Item = {"kind": "problem", "name": match.group()}
        drafts.append(
            Draft(
                section="pmh",
                phrase=name,
                support=given,
                item=item,
                assertion=Assertion.HISTORICAL,
                fact=f"pmh:{match.group()}",
            )
        )
    return drafts
