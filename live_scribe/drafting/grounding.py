"""The grounding check: may a sentence stand in the note, given the utterances that it cites?

Each word of it must have been said, or be one that says nothing by itself; it must have been meant as it is claimed
(denied or not, sure or not, still so or over, of the patient or of a relative); and numbers, sides and changes of
treatment must belong to what they belonged to. What is in doubt is refused: the built-in writer's sentence stands.
Pure: the same sentence with the same words gets the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from live_scribe.core.draft import Reason
from live_scribe.core.note import Doubt, Part, Section
from live_scribe.core.words import Role, Utterance
from live_scribe.drafting.binding import Binding, is_side
from live_scribe.drafting.claims import DENIED, IF, KIN, OVER, UNSURE, allows
from live_scribe.drafting.drafts import CRITICAL
from live_scribe.drafting.plain_words import word_lists
from live_scribe.drafting.said import ASKED, Mention, asks_last, claims, is_muddled, mentions
from live_scribe.drafting.vocabulary import Vocabulary

LONGEST = 400
"""Characters in a sentence of the note: the longest that clinicians write are half of this."""
MOST_CITES = 8
"""Utterances that one sentence may cite: who cites everything has cited nothing."""
STRUCTURED = frozenset({"medications", "allergies", "vitals"})
"""Sections whose statements carry values of their own (dose, reaction, unit): only the built-in writer fills them."""
SAID_BY_THE_CLINICIAN = frozenset({Part.OBJECTIVE, Part.ASSESSMENT, Part.PLAN})
"""What a patient thinks they have is no finding, no diagnosis and no order."""

_DENIAL = frozenset("no not deny denied without nor neither none cannot".split())
_SPOKEN_TO = frozenset("i i'm i've i'll i'd me my mine myself you you're your yours we we're our ours us let's".split())
_HE, _SHE = frozenset("he him his himself".split()), frozenset("she her hers herself".split())


@dataclass(frozen=True, slots=True)
class Grounded:
    """What the check found: nothing in `reasons` means the sentence may stand.

    `claimed` are its words that say something, `support` the words of the talk that bear them out.
    """

    reasons: tuple[Reason, ...]
    places: tuple[int, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    claimed: tuple[Mention, ...] = ()
    support: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounding:
    """Checks sentences against a stretch of talk. `sex`: the patient's, "M" or "F"; null where it is not known."""

    talk: Sequence[Utterance]
    sections: Mapping[str, Section]
    vocabulary: Vocabulary
    sex: str | None = None

    def check(self, section: str, text: str, cites: Sequence[str]) -> Grounded:
        """Return what speaks against the sentence, and the places in the talk that it rests on."""
        shape = self._shape(section, text, cites)
        if shape:
            return Grounded(shape)
        places = self._places(cites)
        said = mentions({place: self.talk[place] for place in places}, self.vocabulary)
        claimed = claims(text, self.vocabulary)
        if is_muddled(text, self.vocabulary):
            return Grounded((Reason(code="negation"),))
        content = [i for i, c in enumerate(claimed) if says_something(c.word)]
        if not content:
            return Grounded((Reason(code="empty"),))
        heard = self._heard_for(section, said)
        reasons = [r for i in content if (r := self._unsaid(claimed[i], heard, said))]
        reasons += self._of_whom(section, claimed, [claimed[i] for i in content])
        if not reasons:
            binding = Binding(claimed, heard, self.vocabulary.drugs, says_something)
            reasons = [Reason(code=code, words=claimed[i].token.text) for i, code in binding.faults(content)]
        doubts = self._doubts(text, [claimed[i] for i in content], heard) if not reasons else ()
        words = {claimed[i].word for i in content}
        support = tuple(m for m in said if m.word in words and m.bears)
        return Grounded(tuple(dict.fromkeys(reasons)), places, doubts, tuple(claimed[i] for i in content), support)

    def _shape(self, section: str, text: str, cites: Sequence[str]) -> tuple[Reason, ...]:
        """Return what is wrong with the sentence before anything is compared."""
        known = {u.id for u in self.talk}
        if section not in self.sections or section in STRUCTURED:
            return (Reason(code="section"),)
        if not cites or not known.issuperset(cites) or len(set(cites)) > MOST_CITES:
            return (Reason(code="cites"),)
        words = [w.strip('.,;:!()"').lower().replace("\u2019", "'") for w in text.split()]
        if not words or len(text) > LONGEST or "?" in text or not text.isprintable():
            return (Reason(code="shape"),)
        spoken = [w for w in words if w in _SPOKEN_TO]
        if spoken:
            return (Reason(code="voice", words=spoken[0]),)
        return ()

    def _places(self, cites: Sequence[str]) -> tuple[int, ...]:
        """Return where in the talk the cited utterances are, questions and their answers together."""
        cited = {i for i, u in enumerate(self.talk) if u.id in set(cites)}
        for place in tuple(cited):
            if place and self._asks(place - 1, place):
                cited.add(place - 1)
            if place + 1 < len(self.talk) and self._asks(place, place + 1):
                cited.add(place + 1)
        return tuple(sorted(cited))

    def _asks(self, place: int, other: int) -> bool:
        return self.talk[place].role != self.talk[other].role and asks_last(self.talk[place], self.vocabulary)

    def _heard_for(self, section: str, said: Sequence[Mention]) -> list[Mention]:
        """Return what bears a sentence of this section out: of findings, diagnoses and orders the clinician's words."""
        if self.sections[section].part in SAID_BY_THE_CLINICIAN:
            return [m for m in said if m.role is Role.DOCTOR]
        return list(said)

    def _unsaid(self, claim: Mention, heard: Sequence[Mention], said: Sequence[Mention]) -> Reason | None:
        """Return what is wrong with one word of the sentence, null where nothing is."""
        same = [m for m in heard if m.word == claim.word]
        if any(m.bears and allows(m.meant, claim.meant) for m in same):
            return None
        text = claim.token.text
        if not same:
            by_another = any(m.word == claim.word for m in said)
            return Reason(code="speaker" if by_another else self._kind(claim), words=text)
        told = [m for m in same if m.bears]
        return Reason(code=_turned(told[0], claim) if told else "asked", words=text)

    def _kind(self, claim: Mention) -> str:
        if any(c.isdigit() for c in claim.word):
            return "number"
        if claim.word in self.vocabulary.drugs:
            return "drug"
        return "side" if is_side(claim.word) else "unsaid"

    def _of_whom(self, section: str, claimed: Sequence[Mention], content: Sequence[Mention]) -> list[Reason]:
        """Return where the sentence speaks of the wrong person."""
        kin = [any(m.startswith(KIN) for m in c.meant) for c in content]
        if section == "family_history" and not all(kin):
            return [Reason(code="person")]
        wrong = (_HE if self.sex == "F" else _SHE) if self.sex in ("F", "M") else _HE | _SHE
        words = {c.token.lower for c in claimed}
        return [Reason(code="person", words=w) for w in sorted(words & wrong)] if not any(kin) else []

    def _doubts(self, text: str, content: Sequence[Mention], heard: Sequence[Mention]) -> tuple[Doubt, ...]:
        """Return a doubt for each drug, number or unit that was heard unsurely."""
        found = []
        for claim in content:
            critical = any(c.isdigit() for c in claim.word) or claim.word in self.vocabulary.drugs
            critical = critical or claim.word.removeprefix("=") in self.vocabulary.units.values()
            sure = [m.token.probability for m in heard if m.word == claim.word and m.bears]
            if critical and sure and all(p is not None and p < self.vocabulary.doubtful for p in sure):
                start, end = _span(text, claim.token.first, claim.token.last)
                found.append(Doubt(code=CRITICAL, start=start, end=end))
        return tuple(dict.fromkeys(found))


def says_something(word: str) -> bool:
    """Whether a plain word must have been said to stand in the note."""
    idle = word in word_lists().frame or word in _DENIAL or word.endswith("n't")
    return not idle and any(c.isalnum() for c in word)


def is_light(word: str) -> bool:
    """Whether a plain word may be left out when something is said in other words."""
    return not says_something(word) or word in word_lists().light


def _turned(said: Mention, claim: Mention) -> str:
    """Return how a word is claimed otherwise than it was said."""
    for mark, code in ((DENIED, "negation"), (UNSURE, "certainty"), (IF, "certainty"), (OVER, "over")):
        if (mark in said.meant) != (mark in claim.meant):
            return code
    return "asked" if ASKED in said.meant else "person"


def _span(text: str, first: int, last: int) -> tuple[int, int]:
    """Return the characters of the words `first` to `last` of a text."""
    at, spans = 0, []
    for word in text.split():
        begin = text.index(word, at)
        at = begin + len(word)
        spans.append((begin, begin + len(word.rstrip(".,;:"))))
    return spans[first][0], spans[last][1]
