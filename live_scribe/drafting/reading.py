"""Reads one utterance in the light of those just before it, and says what the note should hold of it.

Pure: the same utterances and scene give the same drafts. The work depends on the window alone, never on how long the
visit has been.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from live_scribe.core.words import Role, Utterance
from live_scribe.drafting.cleaning import clean, unfilled
from live_scribe.drafting.corrections import CORRECTING, corrected
from live_scribe.drafting.drafts import ALWAYS, Draft
from live_scribe.drafting.numbers import in_digits
from live_scribe.drafting.person import HE, SHE, THEY, Narrator, Person, person_of
from live_scribe.drafting.questions import Answer, answer_kind
from live_scribe.drafting.says_clinician import ClinicianReader
from live_scribe.drafting.says_patient import PatientReader
from live_scribe.drafting.scene import Scene, learn_sex
from live_scribe.drafting.scorer import Scorer
from live_scribe.drafting.speech import (
    is_back_channel,
    is_broken,
    is_question,
    punctuate,
    role_of,
    split_answer,
    without_address,
    without_openers,
    without_tail,
)
from live_scribe.drafting.tokens import Phrase, Token, split_sentences, tokenize, without_capitals, words
from live_scribe.drafting.vocabulary import Vocabulary

WINDOW = 6
"""Utterances, this one included, that a reading may look at. A question is rarely answered five turns later."""

LONGEST_JOINED = 80
"""Words up to which utterances are joined: half a minute of speech; the work for one must stay bounded."""
LONGEST_CORRECTION = 8
"""Words of an utterance that does nothing but put right the one before: "No, sorry, it was Sunday."."""
_CUT = frozenset("-—–")
_SIDES = {"right": "left", "left": "right"}
RECENT = 4
"""Utterances, this one included, in which the person may have been named whom "he" or "she" means."""
LEAST_CONFIDENCE = 0.3
"""What stands in the note was said; only whether it belongs there is in doubt."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance ready for reading: its sentences, cleaned, and who said it."""

    utterance: Utterance
    role: Role
    sentences: tuple[Phrase, ...]
    said: Phrase = ()


class Reader:
    """Reads the utterances of a visit with one patient."""

    def __init__(self, vocabulary: Vocabulary, sex: str | None, scorer: Scorer | None = None) -> None:
        self._vocabulary = vocabulary
        self._recorded = person_of(sex)
        self._scorer = Scorer.shipped() if scorer is None else scorer

    def hear(self, utterance: Utterance) -> Heard:
        """Return the utterance's sentences without slips, doses in digits, and its role as recorded or as it speaks."""
        said = tokenize(utterance)
        return self._heard(utterance, utterance.role, said)

    def _heard(self, utterance: Utterance, role: Role | None, said: Phrase) -> Heard:
        tokens = in_digits(clean(said, self._vocabulary), self._vocabulary.units)
        tokens = punctuate(tokens, signed=any(t.after for t in said))
        role = role_of(role, tokens, self._vocabulary)
        names = role is Role.DOCTOR
        parts = split_sentences(tokens)
        if role is Role.DOCTOR:
            parts = [p for s in parts for p in split_answer(s, self._vocabulary)]
        sentences = (without_address(s, self._vocabulary, names=names) for s in parts)
        return Heard(utterance, role, tuple(without_capitals(without_tail(s)) for s in sentences), said)

    def listens(self, heard: Heard) -> bool:
        """Whether there is nothing in the utterance but listening."""
        return all(is_back_channel(s, self._vocabulary) for s in heard.sentences)

    def joined(self, earlier: Heard, later: Heard) -> Heard | None:
        """Return both utterances of one voice as one, if the later goes on with or corrects the earlier."""
        if earlier.role is not later.role or not earlier.said or not later.said:
            return None
        if len(earlier.said) + len(later.said) > LONGEST_JOINED:
            return None
        if cut_off(earlier.said) or set(later.utterance.words[0].text[:1]) & set(".,-…—"):
            return self._heard(earlier.utterance, earlier.role, (*_open_ended(earlier.said), *later.said))
        if len(later.said) > LONGEST_CORRECTION or not self._corrects(earlier.said, later.said):
            return None
        return self._heard(earlier.utterance, earlier.role, (*earlier.said, *later.said))

    def _corrects(self, earlier: Phrase, later: Phrase) -> bool:
        """Whether what is said later takes back something of the earlier."""
        first, second = (unfilled(said, self._vocabulary, keep=CORRECTING) for said in (earlier, later))
        both = corrected((*first, *second), self._vocabulary)
        return both != (*corrected(first, self._vocabulary), *corrected(second, self._vocabulary))

    def contradicted(self, earlier: Heard, later: Heard) -> Heard | None:
        """Return what was said with the side that another voice puts right: "not the right knee, the left"."""
        if earlier.role is later.role:
            return None
        if self._refuses(earlier, later):
            said = (*earlier.said[:-1], replace(earlier.said[-1], after="?"))
            return self._heard(earlier.utterance, earlier.role, said)
        change = side_put_right(later.said)
        if change is None or all(t.lower != change[0] for t in earlier.said):
            return None
        said = tuple(replace(change[1], after=t.after) if t.lower == change[0] else t for t in earlier.said)
        return self._heard(earlier.utterance, earlier.role, said)

    def _refuses(self, earlier: Heard, later: Heard) -> bool:
        """Whether a "no" goes against what the clinician said of the patient: then it was but a question."""
        if earlier.role is not Role.DOCTOR or not earlier.sentences or not later.sentences:
            return False
        last, first = earlier.sentences[-1], later.sentences[0]
        if "?" in earlier.said[-1].after or not _OF_YOU.match(words(without_openers(last, self._vocabulary))):
            return False
        return answer_kind(first, self._vocabulary)[0] is Answer.NO

    def person(self, scene: Scene) -> Person:
        """Return the patient's pronouns: as recorded, else as the visit has told, else "they"."""
        if self._recorded is not None:
            return self._recorded
        return THEY if scene.she is None else SHE if scene.she else HE

    def read(self, window: Sequence[Heard], scene: Scene) -> tuple[list[Draft], Scene]:
        """Return what the last utterance of the window puts into the note, and the scene behind it."""
        heard = window[-1]
        for phrase in heard.sentences:
            scene = learn_sex(scene, phrase, heard.role)
        narrator = Narrator(self.person(scene), self._vocabulary, scene.companion)
        if heard.role in {Role.DOCTOR, Role.OTHER}:
            clinician = ClinicianReader(self._vocabulary, narrator, self._scorer)
            drafts, scene = clinician.read(heard.sentences, self._before(window), scene)
        else:
            narrator = replace(narrator, listener=heard.role)
            patient = PatientReader(self._vocabulary, narrator, self._scorer, heard.role)
            drafts, scene = patient.read(heard.sentences, self._asked(window), _flat(window[-RECENT:-1]), scene)
        return [d for draft in self._placed(drafts) if (d := self._weighed(draft)) is not None], scene

    def _placed(self, drafts: list[Draft]) -> list[Draft]:
        """Return the drafts in the sections that the template made for such statements; there they are not left out.

        A sentence of the same breath that begins with "it" goes along with the one that says what "it" is.
        """
        added = {p.section for p in self._vocabulary.places}
        placed: list[Draft] = []
        moved: tuple[str, str] | None = None
        for draft in drafts:
            text = words(draft.phrase)
            asks = text.split(" ", 1)[0] in _ASKING
            places = (p for p in self._vocabulary.places if draft.section in p.origins and not asks)
            found = next((p for p in places if p.pattern.search(text)), None)
            to = found.section if found else moved[1] if moved and _points_back(text, draft.section, moved[0]) else None
            moved = (draft.section, to) if to else ("hpi", draft.section) if draft.section in added else None
            placed.append(replace(draft, section=to, bar=ALWAYS) if to else draft)
        return placed

    def _weighed(self, draft: Draft) -> Draft | None:
        """Return the draft with its confidence, or None where notes do not keep such a sentence."""
        if not draft.found:
            return draft
        if is_broken(draft.phrase):
            return None
        worth = self._scorer.keep(draft.found)
        return replace(draft, confidence=min(1.0, max(LEAST_CONFIDENCE, worth))) if worth >= draft.bar else None

    def _before(self, window: Sequence[Heard]) -> tuple[Phrase, ...]:
        """Return the sentences of the nearest turn of the other side: the clinician may answer it, or echo it."""
        for heard in reversed(window[:-1]):
            if heard.role not in {Role.DOCTOR, Role.OTHER}:
                return heard.sentences
        return ()

    def _asked(self, window: Sequence[Heard]) -> tuple[Phrase, ...]:
        """Return the questions that the last utterance may answer: those of the nearest turn that says something."""
        for heard in reversed(window[:-1]):
            if all(is_back_channel(s, self._vocabulary) for s in heard.sentences):
                continue
            if heard.role not in {Role.DOCTOR, Role.OTHER, Role.UNKNOWN}:
                if any(len(s) > 3 for s in heard.sentences):
                    return ()
                continue
            return tuple(s for s in heard.sentences if is_question(s, self._vocabulary) or self._sums_up(s))
        return ()

    def _sums_up(self, sentence: Phrase) -> bool:
        """Whether a clinician says back what was denied, which an answer confirms: "So no chest pain." "No." """
        plain = without_openers(sentence, self._vocabulary)
        return words(plain[:1]) == "no" and bool(self._vocabulary.symptom.search(words(plain)))


def _points_back(text: str, section: str, origin: str) -> bool:
    """Whether a sentence speaks of what the one before it named, and would stand with it."""
    return section in {origin, "hpi"} and text.split(" ", 1)[0] in _POINTING


_ASKING = frozenset("can could do does did is are will would should may".split())
"""First words of a question that was written without its mark."""
_POINTING = frozenset("it it's that that's they they're this those these".split())


_OF_YOU = re.compile(
    r"(?:so )?(?:(?:i (?:know|see|understand|remember)|it (?:looks|sounds) like|it says)(?: here)?(?: that)? )?"
    r"you(?:'ve| have| had|'re| are| were| take| took| get| feel)\b(?! (?:to|going|gonna|need)\b)"
)
"""What a clinician may say of a patient, and be wrong."""


def _flat(window: Sequence[Heard]) -> Phrase:
    return tuple(t for heard in window for s in heard.sentences for t in s)


def cut_off(said: Phrase) -> bool:
    """Whether an utterance ends in the middle of its sentence: with a dash, or with no sign where others have one."""
    last = said[-1].after
    signed = any(set(t.after) & set(".?!") for t in said[:-1])
    return bool(set(last) & _CUT) or (not last and signed)


def _open_ended(said: Phrase) -> Phrase:
    return (*said[:-1], replace(said[-1], after=said[-1].after.strip("-—–.… ")))


def side_put_right(said: Phrase) -> tuple[str, Token] | None:
    """Return the side that is denied and the word for the right one, where a speaker puts a side right."""
    for i in range(len(said) - 2):
        wrong = said[i + 2 if said[i + 1].lower in {"the", "my"} else i + 1].lower
        denied = said[i].lower in {"not", "isn't", "wasn't"} or (said[i].lower.endswith("n't"))
        if denied and wrong in _SIDES:
            other = next((t for t in said[i + 2 :] if t.lower == _SIDES[wrong]), None)
            if other is not None:
                return wrong, other
    return None
