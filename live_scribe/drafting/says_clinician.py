"""What the clinician says: who the patient is, vital signs, findings, results, problems, orders and advice."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from live_scribe.core.note import Assertion, Item
from live_scribe.core.words import Role
from live_scribe.drafting.clinician import diagnosis_named, finding, order, problem_named
from live_scribe.drafting.drafts import Draft, from_text
from live_scribe.drafting.medications import medicines
from live_scribe.drafting.person import Narrator
from live_scribe.drafting.scene import Phase, Scene, learn_sex, phase_of
from live_scribe.drafting.scorer import Scorer, features
from live_scribe.drafting.speech import is_back_channel, is_question, is_small_talk, without_openers, without_wake_word
from live_scribe.drafting.tokens import Phrase, bare, match_span, with_signs, words
from live_scribe.drafting.vitals import vitals
from live_scribe.drafting.vocabulary import Vocabulary

KEEP_ORDER = 0.1
KEEP_FINDING = 0.1
KEEP_SAID = 0.33
"""Share of a clinician's sentence that notes are expected to keep, from which on it is kept (chosen on ACI-Bench valid)."""
_INTRO = re.compile(
    r"\b(?:is|are) an? (?:very |pleasant |otherwise |healthy )*\d*[a-z- ]*?(?:year old|years old|year-old|month old|month-old)\b|\b\d+-year-old\b"
)
_PRESENTS = re.compile(
    r"\b(?:(?:who )?(?:presents?|presenting|is|comes?|are)(?: today| here| in| back| to the (?:clinic|office))* (?:today )?(?:for|with|complaining of|to (?:discuss|follow up on))|here (?:today )?(?:for|with)) (?P<what>.+)$"
)
_HISTORY = re.compile(
    r"\b(?:past medical |medical )?history (?:significant |notable |positive )?(?:for|of) (?P<what>.+?)(?=,? (?:who|and (?:is )?(?:presents?|here)|presents?|presenting|here|coming)\b|[.;?]|$)"
)


@dataclass(frozen=True, slots=True)
class ClinicianReader:
    """Reads one utterance of the clinician's side."""

    vocabulary: Vocabulary
    narrator: Narrator
    scorer: Scorer

    def read(self, sentences: tuple[Phrase, ...], scene: Scene) -> tuple[list[Draft], Scene]:
        """Return the drafts of these sentences and the scene behind them."""
        drafts: list[Draft] = []
        before: Phrase = ()
        device = False
        for phrase in sentences:
            made, scene, device = self._sentence(phrase, before, scene, device)
            drafts += made
            before = phrase
        return drafts, scene

    def _sentence(self, phrase: Phrase, before: Phrase, scene: Scene, device: bool) -> tuple[list[Draft], Scene, bool]:
        scene = learn_sex(scene, phrase, Role.DOCTOR)
        spoken, called = without_wake_word(phrase, self.vocabulary)
        if (called or device) and (not spoken or spoken[0].lower in self.vocabulary.device_verbs):
            return [], replace(scene, phase=phase_of(scene, phrase, self.vocabulary)), called and not spoken
        body = without_openers(spoken, self.vocabulary)
        if not body or is_back_channel(body, self.vocabulary):
            return [], scene, False
        if is_question(spoken, self.vocabulary):
            return [], self._asking(scene, body), False
        scene = replace(scene, phase=phase_of(scene, body, self.vocabulary))
        drafts, scene = self._stated(bare(body), before, scene)
        return drafts, scene, False

    def _asking(self, scene: Scene, body: Phrase) -> Scene:
        phase = phase_of(scene, body, self.vocabulary)
        return replace(scene, phase=phase if phase is not Phase.PLAN else scene.phase)

    def _stated(self, body: Phrase, before: Phrase, scene: Scene) -> tuple[list[Draft], Scene]:
        if _INTRO.search(words(body)):
            return self._introduction(body), scene
        measured = vitals(body, self.vocabulary)
        drafts = [self._vital(body, v.text, v.item, v.start, v.end) for v in measured]
        if measured and len(measured) * 8 >= len(body):
            return drafts, scene
        problem, scene, body = self._problem(body, scene)
        drafts += problem
        if not body or (is_small_talk(body, self.vocabulary) and not problem):
            return drafts, scene
        return [*drafts, *self._by_phase(body, before, scene)], scene

    @staticmethod
    def _vital(body: Phrase, text: str, item: Item, start: int, end: int) -> Draft:
        return Draft(section="vitals", phrase=from_text(text, body[start:end]), item=item, fact=f"vital:{text}")

    def _introduction(self, body: Phrase) -> list[Draft]:
        """ "Ms. X is a 43-year-old female here for knee pain": the opening of the note."""
        drafts = [Draft(section="hpi", phrase=self.narrator.tell(body, Role.DOCTOR), fact="introduction")]
        signed = with_signs(body)
        if match := _PRESENTS.search(signed):
            span = match_span(body, match.start("what"), match.end("what"), signs=True)
            what = self.narrator.tell(body[slice(*span)], Role.DOCTOR)
            drafts.insert(0, Draft(section="chief_complaint", phrase=_trimmed(what), fact="chief complaint"))
        if match := _HISTORY.search(signed):
            span = match_span(body, match.start("what"), match.end("what"), signs=True)
            for part in _listed(body[slice(*span)]):
                item: Item = {"kind": "problem", "name": words(part)}
                drafts.append(
                    Draft(
                        section="pmh", phrase=part, item=item, assertion=Assertion.HISTORICAL, fact=f"pmh:{words(part)}"
                    )
                )
        return drafts

    def _problem(self, body: Phrase, scene: Scene) -> tuple[list[Draft], Scene, Phrase]:
        """Turn to the problem that the sentence names; return its heading, and what the sentence says beyond."""
        if scene.phase is not Phase.PLAN:
            return [], scene, body
        if found := problem_named(body, self.vocabulary):
            first, last, behind = found
            heading, scene = self._heading(body[first:last], scene, Assertion.PRESENT)
            return heading, scene, without_openers(body[behind:], self.vocabulary)
        if span := diagnosis_named(body, self.vocabulary):
            if self.vocabulary.condition.search(words(body[slice(*span)])) or scene.problem is None:
                heading, scene = self._heading(body[slice(*span)], scene, Assertion.POSSIBLE)
                return heading, scene, body
        return [], scene, body

    def _heading(self, name: Phrase, scene: Scene, assertion: Assertion) -> tuple[list[Draft], Scene]:
        while name and name[0].lower in {"the", "your", "a", "an", "his", "her"}:
            name = name[1:]
        if not name or name[0].lower in {"it", "that", "this", "you", "we", "i", "what"}:
            return [], scene
        scene, new = scene.turned_to(words(name))
        if not new:
            return [], scene
        item: Item = {"kind": "problem", "name": words(name)}
        told = self.narrator.tell(bare(name), Role.DOCTOR)
        return [
            Draft(
                section="assessment",
                phrase=told,
                assertion=assertion,
                problem=scene.problem_id,
                item=item,
                fact=f"problem:{words(name)}",
            )
        ], scene

    def _by_phase(self, body: Phrase, before: Phrase, scene: Scene) -> list[Draft]:
        found = features(body, before, Role.DOCTOR, scene.phase)
        told = self.narrator.tell(body, Role.DOCTOR)
        if scene.phase is Phase.PLAN:
            if (ordered := order(body, self.vocabulary)) is not None:
                return self._order(ordered, scene, found)
            section = self.scorer.section(found, ("assessment", "plan"))
            return [Draft(section=section, phrase=told, problem=scene.problem_id, found=found, bar=KEEP_SAID)]
        if scene.phase is Phase.HISTORY:
            return [Draft(section="hpi", phrase=told, found=found, bar=KEEP_SAID)]
        bar = KEEP_FINDING if self.vocabulary.finding.search(words(body)) else KEEP_SAID
        phrase = self.narrator.tell(finding(body, self.vocabulary), Role.DOCTOR)
        return [Draft(section=str(scene.phase), phrase=phrase, assertion=_found(phrase), found=found, bar=bar)]

    def _order(self, ordered: Phrase, scene: Scene, found: tuple[str, ...]) -> list[Draft]:
        named = medicines(ordered, self.vocabulary)
        item = named[0].item if len(named) == 1 else None
        return [
            Draft(
                section="plan",
                phrase=self.narrator.tell(ordered, Role.DOCTOR),
                problem=scene.problem_id,
                item=item,
                confidence=0.9,
                found=found,
                bar=KEEP_ORDER,
            )
        ]


def _found(phrase: Phrase) -> Assertion:
    return Assertion.ABSENT if re.search(r"^(?:no|not)\b", words(phrase)) else Assertion.PRESENT


def _trimmed(phrase: Phrase) -> Phrase:
    while phrase and phrase[0].lower in {"some", "a", "an", "the", "his", "her", "their"}:
        phrase = phrase[1:]
    return bare(phrase)


def _listed(phrase: Phrase) -> list[Phrase]:
    """The items of a list said with commas and "and"."""
    found: list[Phrase] = []
    begin = 0
    for i, token in enumerate(phrase):
        if token.lower == "and":
            found.append(phrase[begin:i])
            begin = i + 1
        elif token.after or i + 1 == len(phrase):
            found.append(phrase[begin : i + 1])
            begin = i + 1
    return [bare(p) for p in found if p]
