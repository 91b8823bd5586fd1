"""What the clinician says: who the patient is, vital signs, findings, results, problems, orders and advice."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from live_scribe.core.note import Assertion, Item
from live_scribe.core.numerals import is_number_word
from live_scribe.core.words import Role
from live_scribe.drafting.allergies import allergies_unasked
from live_scribe.drafting.answers import AnswerReader
from live_scribe.drafting.clinician import diagnosis_named, is_problem, order, problem_named, split_orders
from live_scribe.drafting.drafts import Draft, from_text, resting_on
from live_scribe.drafting.lists import parts_of
from live_scribe.drafting.medications import allergic_but, no_allergies
from live_scribe.drafting.parts import PartReader, is_condition
from live_scribe.drafting.passing import by_itself, of_another, without_instruction
from live_scribe.drafting.person import Narrator
from live_scribe.drafting.questions import Answer, answer_kind, cue_for, is_open
from live_scribe.drafting.scene import (
    Phase,
    Scene,
    asked,
    entered,
    learn_brought,
    learn_companion,
    learn_sex,
    learn_study,
    phase_of,
)
from live_scribe.drafting.scorer import Scorer
from live_scribe.drafting.speech import is_back_channel, is_question, is_small_talk, without_openers, without_wake_word
from live_scribe.drafting.tokens import Phrase, bare, made, match_span, with_signs, words
from live_scribe.drafting.vitals import Vital, vitals
from live_scribe.drafting.vocabulary import Vocabulary

_HERE_FOR = re.compile(
    r"\b(?:you(?:'re| are) (?:just )?(?:here|coming in|back)|you(?:'ve| have)? (?:come|came) in|sent you(?: "
    r"over)?(?: here| to (?:me|us))?|you were (?:referred|sent)"
    r"(?: here| to (?:me|us))?|i (?:understand|see|hear) (?:that )?you(?:'re| are)? (?:have|having|here))(?: "
    r"today| in)* "
    r"(?:for|with|about|because of|to (?:follow up on|discuss))?(?P<what> (?:[^,.;?](?! tell me| can you))+[^,.;?]?)"
)
_INTRO = re.compile(
    r"\b(?:is|are) an? (?:very |pleasant |otherwise |healthy )*\d*[a-z- ]*?(?:year old|years old|year-old|"
    r"month old|month-old)\b|\b\d+-year-old\b"
)
_PRESENTS = re.compile(
    r"\b(?:(?:who )?(?:presents?|presenting|is|comes?|are)(?: today| here| in| back| to the (?:clinic|"
    r"office))* (?:today )?(?:for|with|complaining of|to (?:discuss|follow up on))|here (?:today )?(?:for|"
    r"with)) (?P<what>.+)$"
)
_HISTORY = re.compile(
    r"\b(?:past medical |medical )?history (?:significant |notable |positive )?(?:for|of) (?P<what>.+?)(?=,? "
    r"(?:who|and (?:is )?(?:presents?|here)|presents?|presenting|here|coming)\b|[.;?]|$)"
)


@dataclass(frozen=True, slots=True)
class ClinicianReader:
    """Reads one utterance of the clinician's side."""

    vocabulary: Vocabulary
    narrator: Narrator
    scorer: Scorer

    def read(
        self, sentences: tuple[Phrase, ...], before: tuple[Phrase, ...], scene: Scene
    ) -> tuple[list[Draft], Scene]:
        """Return the drafts of these sentences and the scene behind them; `before` is the patient's last turn."""
        drafts: list[Draft] = []
        last: Phrase = before[-1] if before else ()
        echo = {t.lower for s in before for t in s}
        device = False
        for n, phrase in enumerate(sentences):
            if _CALLED_AWAY.search(words(phrase)):
                break  # what follows is said to somebody else, perhaps of another patient
            if n and (answered := self._own_answer(sentences[n - 1], phrase, scene)):
                drafts += answered
                continue
            new, scene, device = self._sentence(phrase, last, scene, device)
            if n == 0 and before and (reply := self._reply(phrase, before[-1], scene)):
                new = reply
            drafts += [d for d in new if not (d.section == "hpi" and _echoes(phrase, echo))]
            last = phrase
        return drafts, scene

    def _own_answer(self, question: Phrase, phrase: Phrase, scene: Scene) -> list[Draft]:
        """A bare "no" behind a question in one breath is the patient's, taken for the clinician's by the recogniser."""
        if not is_question(question, self.vocabulary) or scene.phase is not Phase.HISTORY:
            return []
        kind, length = answer_kind(phrase, self.vocabulary, open_question=is_open(question, self.vocabulary))
        decided = kind is not Answer.OPEN and length == len(phrase)
        if not decided and phrase[0].lower not in {"just", "only"}:
            return []
        reader = AnswerReader(self.vocabulary, self.narrator, Role.PATIENT)
        return reader.read([phrase], (question,), scene)[0]

    def _reply(self, phrase: Phrase, question: Phrase, scene: Scene) -> list[Draft]:
        """What the clinician answers to "when do I come back?"."""
        cue = next((c for c in self.vocabulary.patient_questions if c.pattern.search(words(question))), None)
        body = bare(without_openers(phrase, self.vocabulary))
        if order(body, self.vocabulary) is not None:
            return []
        if cue is None or not body or is_question(phrase, self.vocabulary) or is_back_channel(body, self.vocabulary):
            return []
        if not any(t.lower in _TIMES or is_number_word(t.lower) for t in body):
            return []
        lead = resting_on(made(cue.lead + ":"), question)
        return [Draft(section=cue.section, phrase=(*lead, *self.narrator.tell(body, Role.DOCTOR)), confidence=0.8)]

    def _sentence(self, phrase: Phrase, before: Phrase, scene: Scene, device: bool) -> tuple[list[Draft], Scene, bool]:
        scene = learn_study(scene, phrase)
        scene = learn_brought(learn_companion(learn_sex(scene, phrase, Role.DOCTOR), phrase, Role.DOCTOR), phrase)
        spoken, called = without_wake_word(phrase, self.vocabulary)
        if (called or device) and (not spoken or spoken[0].lower in self.vocabulary.device_verbs):
            return [], entered(scene, phase_of(scene, phrase, self.vocabulary), phrase), called and not spoken
        body = without_openers(spoken, self.vocabulary)
        if not body or is_back_channel(body, self.vocabulary):
            return [], scene, False
        if is_question(spoken, self.vocabulary):
            cue = cue_for(body, self.vocabulary)
            behind = asked(scene, body, cue.section if cue else None, self.vocabulary)
            return self._complaint(body, scene), behind, False
        body = without_instruction(body, self.vocabulary)
        if of_another(body):
            return [], scene, False
        phase = phase_of(scene, body, self.vocabulary)
        behind = entered(scene, phase, body)
        if phase is Phase.HISTORY or is_condition(body):
            phase = by_itself(bare(body), self.vocabulary) or phase
        elif phase is Phase.EXAM and by_itself(bare(body), self.vocabulary) is Phase.RESULTS:
            phase = Phase.RESULTS  # a value of the laboratory, told amid the examination
        drafts, told = self._stated(bare(body), before, replace(behind, phase=phase))
        return drafts, replace(told, phase=behind.phase), False

    def _complaint(self, body: Phrase, scene: Scene) -> list[Draft]:
        """The reason for the visit, where the clinician states it: "you're here for the diabetes"."""
        match = _HERE_FOR.search(with_signs(body)) if scene.phase is Phase.HISTORY else None
        if match is None:
            return []
        what = _trimmed(body[slice(*match_span(body, match.start("what"), match.end("what"), signs=True))])
        if not is_problem(words(what), self.vocabulary):
            return []
        return [Draft(section="chief_complaint", phrase=self.narrator.tell(what, Role.DOCTOR), fact="chief complaint")]

    def _stated(self, body: Phrase, before: Phrase, scene: Scene) -> tuple[list[Draft], Scene]:
        if _INTRO.search(words(body)):
            return self._introduction(body), scene
        measured = vitals(body, self.vocabulary) if _now(body, scene) else []
        drafts = [*self._complaint(body, scene), *(self._vital(body, v) for v in measured)]
        if allergic_but(body):
            return [*drafts, *allergies_unasked(body, self.narrator, Role.DOCTOR)], scene
        if none := no_allergies(body):
            drafts.append(Draft(section="allergies", phrase=none, assertion=Assertion.ABSENT, fact="allergies:none"))
            if len(body) <= len(none) + FEW or measured:
                return drafts, scene
        if measured and sum(v.end - v.start for v in measured) * 2 >= len(body) - 4:
            return drafts, scene
        known = scene.problem
        problem, scene, body = self._problem(body, scene)
        drafts += problem
        names = bool(problem) or scene.problem != known
        if (
            not body
            or (is_small_talk(body, self.vocabulary) and not problem)
            or (scene.phase is Phase.EXAM and _ACTS.match(words(body)))
        ):
            return drafts, scene
        parts = split_orders(body, self.vocabulary) if scene.phase is Phase.PLAN else [body]
        reader = PartReader(self.vocabulary, self.narrator, self.scorer)
        for part in parts:
            drafts += reader.read(part, before, scene, names=names and part is parts[0])
        if any(d.section == "results" for d in drafts):
            scene = replace(scene, study=None)
        return drafts, scene

    @staticmethod
    def _vital(body: Phrase, vital: Vital) -> Draft:
        source = body[vital.start : vital.end]
        return Draft(
            section="vitals", phrase=from_text(vital.text, source), item=vital.item, fact=f"vital:{vital.text}"
        )

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
            for part in parts_of(body[slice(*span)], "and"):
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
            if not _denied(body[: span[0]]):
                heading, scene = self._heading(body[slice(*span)], scene, Assertion.POSSIBLE)
                return heading, scene, body
        return [], scene, body

    def _heading(self, name: Phrase, scene: Scene, assertion: Assertion) -> tuple[list[Draft], Scene]:
        articles, owners = {"the", "a", "an"}, {"your", "his", "her"}
        name = tuple(t for i, t in enumerate(name) if t.lower not in owners and (i or t.lower not in articles))
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


_TIMES = frozenset(
    "day days week weeks month months year years tomorrow today monday tuesday wednesday thursday friday".split()
)
_ACTS = re.compile(
    r"(?:now )?(?:i'm (?:just )?(?:going to|gonna)|i'll|i will|let me|let's|can you|go ahead|take a|open|say|"
    r"press|push|turn|lie|lay|sit|stand|bend|lift|squeeze|follow|tell me|look at|relax|hold|breathe)\b"
)
_TODAY = re.compile(
    r"\b(?:today|here|in the office|right now|is|are|'s|vitals?)\b|\b(?:pressure|pulse|temperature|rate|oxygen|"
    r"sats?)'s\b"
)
_CHANGE = re.compile(r"\b(?:gain|gained|gaining|lose|lost|losing|goal|keep|below|under|above|if|at home)\b")


def _now(body: Phrase, scene: Scene) -> bool:
    """Whether measurements in this sentence were taken in this visit, not told of another day, nor aims."""
    text = words(body)
    if _CHANGE.search(text):
        return False
    return scene.phase is Phase.EXAM or bool(_TODAY.search(text))


def _echoes(phrase: Phrase, said: set[str]) -> bool:
    """Whether the clinician merely repeats what the patient has said."""
    own = [t.lower for t in phrase if len(t.lower) > 3 and t.lower not in _POINTING]
    return len(phrase) <= ECHO_WORDS and all(w in said for w in own)


_POINTING = frozenset(
    {"that", "that's", "that'd", "it's", "this", "you're", "you've", "your", "okay", "right", "alright"}
)
"""Words of an echo that are the clinician's own and tell nothing: "so that's metformin"."""
FEW = 3
"""Words around "no known allergies" that tell nothing more: "no known allergies, is that right"."""
_CALLED_AWAY = re.compile(r"\b(?:take|get|answer|grab) (?:this|that|the) (?:call|phone|page)\b")
ECHO_WORDS = 8
"""A longer sentence is a summary, not an echo."""


def _denied(phrase: Phrase) -> bool:
    return any(t.lower in {"not", "don't", "doesn't", "isn't", "no", "never", "wasn't"} for t in phrase)


def _trimmed(phrase: Phrase) -> Phrase:
    while phrase and phrase[0].lower in {"about", "for", "with", "of", "some", "a", "an", "the", "his", "her", "their"}:
        phrase = phrase[1:]
    return bare(phrase)
