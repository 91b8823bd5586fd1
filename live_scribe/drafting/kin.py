"""What an answer says of the patient's family: "No, but both of my parents do"; "That's my brother"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from live_scribe.core.note import Assertion
from live_scribe.core.words import Role
from live_scribe.drafting.drafts import Draft
from live_scribe.drafting.person import Narrator
from live_scribe.drafting.speech import without_openers
from live_scribe.drafting.tokens import Phrase, bare, match_span, words
from live_scribe.drafting.vocabulary import Vocabulary

_POINTS = re.compile(
    r"(?:(?:but|and|just|only|that's|that is|that was|it's|it was|yes|no) )*"
    r"(?:both (?:of )?)?(?:my|his|her|our) (?:\w+ )?(?P<kin>\w+)(?P<rest>(?: .*)?)$"
)
_HAS_IT = re.compile(
    r" ?(?:(?:do|does|did|is|are|was|has|have|had)(?: it| that| them| one| some)?(?: too| as well| also)?|too|as well|"
    r".*\b(?:from|of|with|had|has|have) (?:it|that|them))?$"
)
LONGEST = 12
"""Words of a sentence that only says who has what was asked about."""


def of_family(phrase: Phrase, before: Sequence[Phrase], narrator: Narrator, role: Role) -> Draft | None:
    """Return that a relative has what was named `before`, where the sentence says no more than that."""
    vocabulary = narrator.vocabulary
    body = bare(without_openers(phrase, vocabulary))
    match = _POINTS.match(words(body)) if body and len(body) <= LONGEST else None
    if match is None or match.group("kin") not in vocabulary.relatives or not _HAS_IT.match(match.group("rest")):
        return None
    topic = topic_of(before, vocabulary)
    if not topic:
        return None
    at = len(words(body)[: match.start("kin")].split()) - 1
    while at and body[at].lower not in {"my", "his", "her", "our"}:
        at -= 1
    begin = next((i for i, t in enumerate(body[:at]) if t.lower == "both"), at)
    told = narrator.tell(body[begin:], role)
    return Draft(
        section="family_history", phrase=(*topic, *told), support=topic, assertion=Assertion.FAMILY, confidence=0.9
    )


def topic_of(before: Sequence[Phrase], vocabulary: Vocabulary) -> Phrase:
    """The disease or complaint last named in these sentences, as a lead: "asthma:"."""
    for phrase in reversed(before):
        text = words(phrase)
        for pattern in (vocabulary.condition, vocabulary.symptom, vocabulary.problem_words):
            found = list(pattern.finditer(text))
            if found:
                first, last = match_span(phrase, found[-1].start(), found[-1].end())
                return (*phrase[first : last - 1], replace(phrase[last - 1], after=":"))
    return ()
