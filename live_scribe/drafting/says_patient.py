"""What the patient (or who came along) says: answers to questions, and what is told unasked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from live_scribe.core.note import Assertion
from live_scribe.core.words import Role
from live_scribe.drafting.drafts import Draft, from_text
from live_scribe.drafting.medications import allergy, is_taking, medicines
from live_scribe.drafting.person import Narrator
from live_scribe.drafting.questions import (
    Answer,
    answer_kind,
    cue_for,
    declared,
    from_list,
    is_clause,
    names_findings,
    noun_asked,
    with_lead,
)
from live_scribe.drafting.scene import Scene, learn_sex
from live_scribe.drafting.scorer import Scorer, features
from live_scribe.drafting.speech import is_back_channel, is_question, is_small_talk, without_openers, without_wake_word
from live_scribe.drafting.tokens import Phrase, bare, words
from live_scribe.drafting.vocabulary import Vocabulary

KEEP_TOLD = 0.30
"""Share of a sentence that notes are expected to keep, from which on it is kept (chosen on ACI-Bench valid)."""
KEEP_ANSWER = 0.0
"""The same for what was asked by name and answered: a clinician asked because it matters."""
KEEP_DECLARED = 0.22
"""The same for other questions that yes or no answers."""
SUBJECTIVE = ("hpi", "pmh", "psh", "family_history", "social_history", "medications", "allergies")
LISTS = frozenset({"pmh", "psh", "medications", "allergies"})
_ADDRESSES = re.compile(r"\b(?:you|your|you're|you've|you'll|doc|doctor|let's)\b")


@dataclass(frozen=True, slots=True)
class PatientReader:
    """Reads one utterance of the patient's side."""

    vocabulary: Vocabulary
    narrator: Narrator
    scorer: Scorer
    role: Role

    def read(self, sentences: tuple[Phrase, ...], asked: tuple[Phrase, ...], scene: Scene) -> tuple[list[Draft], Scene]:
        """Return the drafts of these sentences, the first of which may answer what was `asked`."""
        for phrase in sentences:
            scene = learn_sex(scene, phrase, self.role)
        rest = [s for s in sentences]
        drafts: list[Draft] = []
        if asked and rest:
            answered, rest = self._answers(rest, asked, scene)
            drafts += answered
        question: Phrase = asked[-1] if asked else ()
        for phrase in rest:
            drafts += self._told(phrase, question, scene)
            question = phrase
        return drafts, scene

    def _answers(
        self, sentences: list[Phrase], asked: tuple[Phrase, ...], scene: Scene
    ) -> tuple[list[Draft], list[Phrase]]:
        """Return the drafts of the answer, and the sentences that remain to be read."""
        first, question = sentences[0], asked[-1]
        kind, length = answer_kind(first, self.vocabulary)
        cue = cue_for(question, self.vocabulary)
        if cue is not None and cue.section == "allergies" and kind is not Answer.NO:
            return self._allergies(sentences, question)
        if kind is not Answer.OPEN:
            given, rest = first[:length], without_openers(first[length:], self.vocabulary)
            drafts = self._decided(asked, kind, given, scene)
            return drafts, [*([rest] if rest else []), *sentences[1:]]
        body = without_openers(first, self.vocabulary)
        if not body or is_clause(body, self.vocabulary) or is_back_channel(body, self.vocabulary):
            return [], sentences
        return self._fragment(body, sentences[1:], question, scene)

    def _decided(self, asked: tuple[Phrase, ...], kind: Answer, given: Phrase, scene: Scene) -> list[Draft]:
        """A "no" goes for all that was asked in one turn, a "yes" for the last question alone."""
        drafts: list[Draft] = []
        for question in asked if kind is Answer.NO else asked[-1:]:
            noun = noun_asked(question, self.vocabulary)
            section = self._section_of_question(question)
            bar = KEEP_ANSWER
            if noun and (names_findings(noun, self.vocabulary) or section != "ros"):
                if kind is Answer.YES and section in LISTS:
                    continue  # "Any surgeries?" "Yes." tells nothing yet; what follows does
                answered = from_list(noun, kind, given, self.narrator)
            else:
                body = declared(question, kind, given, self.narrator)
                if body is None or is_small_talk(question, self.vocabulary):
                    continue
                bar = KEEP_DECLARED if section == "ros" else bar
                answered = body
                section = "hpi" if section == "ros" else section
            found = features(question, (), Role.DOCTOR, scene.phase)
            drafts.append(
                Draft(
                    section=section,
                    phrase=bare(answered.phrase),
                    support=given,
                    assertion=answered.assertion,
                    confidence=0.9,
                    found=found,
                    bar=bar,
                )
            )
        return drafts

    def _section_of_question(self, question: Phrase) -> str:
        text = words(question)
        if self.vocabulary.family_question.search(text):
            return "family_history"
        return next((s for s, pattern in self.vocabulary.sections if pattern.search(text)), "ros")

    def _allergies(self, sentences: list[Phrase], question: Phrase) -> tuple[list[Draft], list[Phrase]]:
        told = tuple(t for s in sentences for t in s)
        item = allergy(told, self.vocabulary)
        if item is None:
            return [], sentences
        name = str(item["substance"]).capitalize()
        text = f"{name}: {item['reaction']}" if item["reaction"] else name
        draft = Draft(
            section="allergies",
            phrase=from_text(text, told),
            support=question,
            item=item,
            fact=f"allergy:{item['substance']}",
        )
        return [draft], []

    def _fragment(
        self, body: Phrase, behind: list[Phrase], question: Phrase, scene: Scene
    ) -> tuple[list[Draft], list[Phrase]]:
        """An answer that is no sentence of its own: the question gives it its lead."""
        cue = cue_for(question, self.vocabulary)
        parts = [bare(body)]
        while (
            behind
            and cue is not None
            and not is_clause(behind[0], self.vocabulary)
            and not is_back_channel(behind[0], self.vocabulary)
        ):
            parts.append(bare(without_openers(behind.pop(0), self.vocabulary)) or ())
        joined = tuple(t for i, p in enumerate(parts) for t in self._with_pause(p, last=i + 1 == len(parts)))
        drafts = self._medicines(joined, question, scene)
        if drafts or is_small_talk(question, self.vocabulary):
            return drafts, behind
        if cue is None:
            return self._regarding(joined, question, scene), behind
        if cue.section in LISTS:
            told = self.narrator.tell(without_just(joined), self.role)
            item = {"kind": "problem", "name": words(told)} if cue.section == "pmh" else None
            return [
                Draft(section=cue.section, phrase=told, support=question, item=dict(item) if item else None)
            ], behind
        if cue.section == "chief_complaint":
            return [
                Draft(
                    section="chief_complaint",
                    phrase=self.narrator.tell(joined, self.role),
                    support=question,
                    fact="chief complaint",
                )
            ], behind
        return [
            Draft(
                section=cue.section, phrase=with_lead(cue, joined, self.narrator, self.role, question), confidence=0.8
            )
        ], behind

    @staticmethod
    def _with_pause(part: Phrase, *, last: bool) -> Phrase:
        return part if last or not part else (*part[:-1], replace(part[-1], after=";"))

    def _regarding(self, body: Phrase, question: Phrase, scene: Scene) -> list[Draft]:
        noun = noun_asked(question, self.vocabulary)
        if not noun or not names_findings(noun, self.vocabulary) or len(noun) > 6:
            return []
        head = self.narrator.tell(bare(noun), Role.DOCTOR)
        head = (*head[:-1], replace(head[-1], after=":"))
        return [Draft(section="hpi", phrase=(*head, *self.narrator.tell(body, self.role)), confidence=0.7)]

    def _told(self, phrase: Phrase, before: Phrase, scene: Scene) -> list[Draft]:
        """What a sentence tells by itself."""
        phrase, device = without_wake_word(phrase, self.vocabulary)
        phrase = bare(without_openers(phrase, self.vocabulary)) if phrase else phrase
        if (
            device
            or len(phrase) < 3
            or is_back_channel(phrase, self.vocabulary)
            or is_small_talk(phrase, self.vocabulary)
        ):
            return []
        if is_question(phrase, self.vocabulary) or _ADDRESSES.search(words(phrase)):
            return []
        drafts = self._medicines(phrase, before, scene)
        found = features(phrase, before, self.role, scene.phase)
        section = self._section(phrase, found)
        item = allergy(phrase, self.vocabulary) if "allergic" in words(phrase) else None
        if item is not None:
            return [
                Draft(
                    section="allergies",
                    phrase=self.narrator.tell(phrase, self.role),
                    item=item,
                    fact=f"allergy:{item['substance']}",
                )
            ]
        if not is_clause(phrase, self.vocabulary):
            return drafts
        told = self.narrator.tell(phrase, self.role)
        assertion = self._assertion(phrase, section)
        return [*drafts, Draft(section=section, phrase=told, assertion=assertion, found=found, bar=KEEP_TOLD)]

    def _section(self, phrase: Phrase, found: tuple[str, ...]) -> str:
        text = words(phrase)
        kin = any(t.lower in self.vocabulary.relatives for t in phrase[:4])
        if kin and self.vocabulary.condition.search(text):
            return "family_history"
        for section, pattern in self.vocabulary.sections:
            if pattern.search(text):
                return section
        return self.scorer.section(found, SUBJECTIVE[:1] if not self.scorer.sections else SUBJECTIVE)

    def _assertion(self, phrase: Phrase, section: str) -> Assertion:
        text = words(phrase)
        if section == "family_history":
            return Assertion.FAMILY
        if re.search(
            r"\b(?:no|not|never|n't|none|without|don't|doesn't|didn't|haven't|hasn't|isn't|wasn't|can't)\b", text
        ):
            return Assertion.ABSENT
        if re.search(r"\b(?:maybe|might|not sure|i think|possibly|could be|i wonder)\b", text):
            return Assertion.POSSIBLE
        return Assertion.HISTORICAL if section in {"pmh", "psh"} else Assertion.PRESENT

    def _medicines(self, phrase: Phrase, question: Phrase, scene: Scene) -> list[Draft]:
        """Lines of the medication list, where the sentence or its question says that these are taken."""
        cue = cue_for(question, self.vocabulary) if question else None
        asked = cue is not None and cue.section == "medications"
        if not asked and not is_taking(phrase, self.vocabulary):
            return []
        drafts = []
        for medicine in medicines(phrase, self.vocabulary):
            source = phrase[medicine.start : self._reach(phrase, medicine.start)]
            drafts.append(
                Draft(
                    section="medications",
                    phrase=from_text(medicine.text, source),
                    support=question if asked else (),
                    item=medicine.item,
                    fact=f"medication:{medicine.item['name']}:{medicine.item['dose']}",
                )
            )
        return drafts

    def _reach(self, phrase: Phrase, start: int) -> int:
        following = [m.start for m in medicines(phrase, self.vocabulary) if m.start > start]
        return following[0] if following else len(phrase)


def without_just(phrase: Phrase) -> Phrase:
    """Without "just" or "only" before a list."""
    return phrase[1:] if len(phrase) > 1 and phrase[0].lower in {"just", "only"} else phrase
