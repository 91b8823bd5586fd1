"""Where a visit stands: its part, its problem, and what is known of the patient. A fold over what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from live_scribe.core.words import Role
from live_scribe.drafting.clinician import order
from live_scribe.drafting.tokens import Phrase, words
from live_scribe.drafting.vocabulary import Vocabulary


class Phase(StrEnum):
    """The part of the visit that a clinician's sentences belong to."""

    HISTORY = "history"
    EXAM = "exam"
    RESULTS = "results"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Scene:
    """What earlier utterances leave for the next one. `problem` indexes `problems`; `she` is None until it is known."""

    phase: Phase = Phase.HISTORY
    problems: tuple[str, ...] = ()
    problem: int | None = None
    she: bool | None = None
    companion: str | None = None
    examined: bool = False
    brought: str | None = None
    """Who was brought, where the one who talks for them is recorded as the patient: "son"."""

    study: str | None = None
    """What is being looked at, where its finding has not yet been said: "EKG"."""

    @property
    def problem_id(self) -> str | None:
        """The id that ties statements to the problem being spoken of."""
        return None if self.problem is None else f"p{self.problem + 1}"

    def turned_to(self, name: str) -> tuple[Scene, bool]:
        """Return the scene with this problem in view, and whether it was not yet spoken of."""
        for index, known in enumerate(self.problems):
            if _same(known, name):
                return replace(self, problem=index), False
        return replace(self, problems=(*self.problems, name), problem=len(self.problems)), True


_SMALL = frozenset("the a of your his her my left right with and in on new acute chronic mild type".split())


def _same(known: str, name: str) -> bool:
    first, second = set(known.lower().split()) - _SMALL, set(name.lower().split()) - _SMALL
    return bool(first and second) and (first <= second or second <= first)


_FEMALE = re.compile(r"\b(?:female|woman|lady|ms|mrs|miss|ma'am|girl)\b")
_MALE = re.compile(r"\b(?:male|man|gentleman|mr|sir|boy)\b")
_SHE, _HE = re.compile(r"\b(?:she|she's|her)\b"), re.compile(r"\b(?:he|he's|him|his)\b")


def learn_sex(scene: Scene, phrase: Phrase, role: Role) -> Scene:
    """Return the scene with the patient's pronoun, when this sentence of the clinician gives it away."""
    if scene.she is not None or role not in {Role.DOCTOR, Role.COMPANION}:
        return scene
    text = words(phrase)
    female, male = _FEMALE.search(text), _MALE.search(text)
    if role is Role.COMPANION:
        female, male = _SHE.search(text), _HE.search(text)
    if bool(female) == bool(male):
        return scene
    return replace(scene, she=bool(female))


_KIN = (
    r"(mother|mom|mum|father|dad|wife|husband|daughter|son|sister|brother|grandmother|grandma|grandfather|grandpa|aunt|"
    r"uncle|partner|caregiver)"
)
_I_AM_KIN = re.compile(rf"\bi(?:'m| am) (?:(?:his|her|their|the|\w+'s) )?{_KIN}\b")
_ARE_YOU_KIN = re.compile(rf"\b(?:are you|you're|you must be) (?:the |his |her )?{_KIN}\b")
_FORMAL = {"mom": "mother", "mum": "mother", "dad": "father", "grandma": "grandmother", "grandpa": "grandfather"}


def learn_companion(scene: Scene, phrase: Phrase, role: Role) -> Scene:
    """Return the scene with who came along, when they or the clinician say so."""
    if scene.companion is not None or role is Role.PATIENT:
        return scene
    match = (_I_AM_KIN if role is Role.COMPANION else _ARE_YOU_KIN).search(words(phrase))
    return replace(scene, companion=_FORMAL.get(match.group(1), match.group(1))) if match else scene


_BROUGHT = re.compile(
    r"\bbr(?:ings?|ought) (?:(?:your|the) )?(?:little )?(him|her|son|daughter|boy|girl|baby|mother|mom|father|dad|"
    r"wife|husband)\b"
)


def learn_brought(scene: Scene, phrase: Phrase) -> Scene:
    """Return the scene with who was brought, where the clinician asks so: "what brings your son in?"."""
    match = _BROUGHT.search(words(phrase)) if scene.brought is None else None
    return replace(scene, brought=match.group(1)) if match else scene


_STUDIES = (
    r"x-?rays?|radiographs?|mri|ct(?: scan)?|cat scan|ultrasound|echo(?:cardiogram)?|ekg|ecg|electrocardiogram|"
    r"lipid panel|autoimmune (?:panel|labs|workup)|pulmonary function tests?|stress test|biopsy|urinalysis|mammogram|"
    r"colonoscopy|endoscopy|hemoglobin a1c|a1c|diabetes labs|labs|lab results|blood work"
)
_LOOKED_AT = re.compile(
    r"\b(?:show me|pull up|bring up|look(?:ing)? at|reviewed|reviewing|review|results? (?:of|for|from)|see)\b"
    rf"(?: (?!at\b)[\w'-]+){{0,5}}? (?P<study>{_STUDIES})\b"
)


def learn_study(scene: Scene, phrase: Phrase) -> Scene:
    """Return the scene with the study that is looked at: "show me the EKG", "let's look at your X-ray"."""
    match = _LOOKED_AT.search(words(phrase))
    return replace(scene, study=match.group("study")) if match else scene


def names_study(text: str) -> bool:
    """Whether the sentence says itself which study it tells of."""
    return bool(re.search(rf"\b(?:{_STUDIES})\b", text))


_WARNS = re.compile(r"\bif\b.*\b(?:call|come (?:in|back)|go to|let (?:me|us) know|don't drive)\b")


def phase_of(scene: Scene, phrase: Phrase, vocabulary: Vocabulary) -> Phase:
    """Return the phase that this sentence of the clinician is in. An order belongs to the plan wherever it is given."""
    text = words(phrase)
    led = any(p.match(text) for p in (vocabulary.orders, vocabulary.advice))
    if not vocabulary.small_talk.search(text) and (_WARNS.search(text) or (led and order(phrase, vocabulary))):
        return Phase.PLAN
    for name, pattern in vocabulary.phases:
        if pattern.search(text):
            phase = Phase(name)
            if phase is Phase.PLAN and scene.phase is Phase.HISTORY and not _PLANS.search(text):
                continue
            return phase
    return scene.phase


def entered(scene: Scene, phase: Phase, phrase: Phrase) -> Scene:
    """Return the scene behind a sentence of this phase. An order in passing does not end the history."""
    if phase is Phase.PLAN and scene.phase is Phase.HISTORY and not _PLANS.search(words(phrase)):
        return scene
    return replace(scene, phase=phase, examined=scene.examined or phase in {Phase.EXAM, Phase.RESULTS})


def asked(scene: Scene, phrase: Phrase, section: str | None, vocabulary: Vocabulary) -> Scene:
    """Return the scene behind a question; `section` is where its answer belongs, None where no cue says so.

    Who asks for complaints before any examination, or for habits and drugs at any time, is taking the history.
    """
    phase = phase_of(scene, phrase, vocabulary)
    complaint = vocabulary.symptom.search(words(phrase)) or section is not None
    if scene.phase is Phase.PLAN and not scene.examined and complaint:
        return replace(scene, phase=Phase.HISTORY)
    if scene.phase is not Phase.PLAN and section is not None and section not in {"hpi", "plan"}:
        return replace(scene, phase=Phase.HISTORY)
    return scene if phase is Phase.PLAN else entered(scene, phase, phrase)


_PLANS = re.compile(
    r"^(?:and )?(?:first|second|third),? (?:the|your)\b|\b(?:assessment|plan|prescribe|order|refer|start|"
    r"increase|recommend|diagnosis|first problem|i think|follow[- ]up|in summary)\b"
)
