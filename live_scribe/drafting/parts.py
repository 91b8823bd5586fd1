"""One sentence of the clinician by the part of the visit: history at hand, a finding, a result, an order, advice."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from live_scribe.core.note import Assertion
from live_scribe.core.words import Role
from live_scribe.drafting.clinician import finding, is_problem, order
from live_scribe.drafting.drafts import ALWAYS, Draft
from live_scribe.drafting.medications import medicines
from live_scribe.drafting.passing import COULD_BE, NOT_NEEDED, by_denial, is_doubted
from live_scribe.drafting.person import Narrator
from live_scribe.drafting.questions import is_clause
from live_scribe.drafting.scene import Phase, Scene, names_study
from live_scribe.drafting.scorer import Scorer, features
from live_scribe.drafting.tokens import Phrase, bare, made, words
from live_scribe.drafting.vocabulary import Vocabulary

LEAD = 200
"""Hundredths by which the model must place a sentence elsewhere than the part of the visit has it; chosen on ACI-Bench
train."""
_SPOKEN_OF = {"exam": Phase.EXAM, "results": Phase.RESULTS, "plan": Phase.PLAN, "assessment": Phase.PLAN}
_MAY_BE = {
    Phase.PLAN: ("plan", "assessment", "exam", "results"),
    Phase.EXAM: ("exam", "assessment", "plan"),
}
"""Where a sentence of each part may belong, the part itself first. Among results cues alone decide."""
KEEP_SAID, KEEP_CLINICAL, KEEP_ORDER, KEEP_FINDING = 0.3, 0.25, 0.05, 0.05
"""Shares of a clinician's sentence that notes are expected to keep, from which on it is kept: of any, of one that
names a complaint or drug, of an order, of a finding. Chosen on ACI-Bench valid."""


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads one sentence of the clinician, whose part of the visit is known."""

    vocabulary: Vocabulary
    narrator: Narrator
    scorer: Scorer

    def read(self, body: Phrase, before: Phrase, scene: Scene, *, names: bool = False) -> list[Draft]:
        """Return the drafts of a sentence; `names` says that it has just named its problem."""
        body = without_comment(body)
        found = features(body, before, Role.DOCTOR, scene.phase)
        clinical = is_problem(words(body), self.vocabulary) or bool(medicines(body, self.vocabulary))
        ordered = order(body, self.vocabulary) if scene.phase is Phase.PLAN else None
        if ordered is not None:
            return [d for part in self._orders(ordered) for d in self._order(part, scene, found)]
        scene = scene if names else self._turned(body, before, scene)
        if len(body) < SHORTEST and not clinical and scene.phase is not Phase.EXAM:
            return []
        if scene.phase is Phase.PLAN:
            return self._planned(body, before, scene, found, clinical=clinical, names=names)
        if scene.phase is Phase.HISTORY:
            return self._recalled(body, found, clinical=clinical)
        parts = self._apart(body) if scene.phase is Phase.EXAM else [body]
        return [d for part in parts for d in self._finding(part, scene, found, clinical=clinical)]

    def _apart(self, body: Phrase) -> list[Phrase]:
        """What is found and what is denied in one sentence, each by itself."""
        found: list[Phrase] = []
        for part in by_denial(body):
            plain = finding(part, self.vocabulary)
            found += by_denial(plain) if words(plain[:1]) == "no" else [part]
        return found

    def _turned(self, body: Phrase, before: Phrase, scene: Scene) -> Scene:
        """Return the scene as one sentence has it: a finding told amid the plan, or a decision amid the findings."""
        if scene.phase not in _MAY_BE or is_doubted(body, self.vocabulary):
            return scene  # "it's not pneumonia, so no X-ray" is no result
        said = self.scorer.section(body, before, Role.DOCTOR, self.vocabulary, _MAY_BE[scene.phase], LEAD)
        return replace(scene, phase=_SPOKEN_OF[said])

    def _planned(
        self, body: Phrase, before: Phrase, scene: Scene, found: tuple[str, ...], *, clinical: bool, names: bool
    ) -> list[Draft]:
        """What the clinician thinks, or means to do, that is no plain order."""
        if body[0].lower == "your" and not is_clause(body, self.vocabulary):
            return []
        doubted, possible = is_doubted(body, self.vocabulary), COULD_BE.match(words(body))
        section = self.scorer.section(body, before, Role.DOCTOR, self.vocabulary, ("assessment", "plan"))
        section = (
            "plan"
            if is_condition(body) or NOT_NEEDED.match(words(body))
            else "assessment"
            if names or doubted
            else section
        )
        bar = KEEP_CLINICAL if clinical else KEEP_SAID
        if (
            names
            or doubted
            or possible
            or NOT_NEEDED.match(words(body))
            or is_condition(body)
            or _FOR_ALL.search(words(body))
            or _LIMIT.match(words(body))
        ):
            bar = ALWAYS  # a diagnosis, a follow-up, a warning or a limit is never left out
        told = self.narrator.tell(body, Role.DOCTOR)
        claim = Assertion.ABSENT if doubted else Assertion.POSSIBLE if possible else _found(body)
        return [
            Draft(section=section, phrase=told, problem=problem_of(body, scene), assertion=claim, found=found, bar=bar)
        ]

    def _recalled(self, body: Phrase, found: tuple[str, ...], *, clinical: bool) -> list[Draft]:
        """The history that the clinician has at hand: "I remember your mother had diabetes"."""
        plain = without_recall(body)
        if _MAY.search(words(body)) or plain[0].lower in _OWN:
            return []
        if not is_clause(body, self.vocabulary) or len(body) < SHORTEST:
            return []
        section = self._told_section(body)
        assertion = Assertion.FAMILY if section == "family_history" else _found(body)
        bar = KEEP_SAID if section == "hpi" and not clinical else KEEP_CLINICAL
        told = self.narrator.tell(plain, Role.DOCTOR)
        return [Draft(section=section, phrase=told, assertion=assertion, found=found, bar=bar)]

    def _finding(self, body: Phrase, scene: Scene, found: tuple[str, ...], *, clinical: bool) -> list[Draft]:
        """What the clinician finds on examination, or in results."""
        bar = KEEP_FINDING if self.vocabulary.finding.search(words(body)) or scene.phase is Phase.EXAM else KEEP_SAID
        phrase = self.narrator.tell(finding(body, self.vocabulary), Role.DOCTOR)
        denied = scene.phase is Phase.EXAM and words(body[:1]) == "no"  # "red, no pus"
        telling = clinical or denied or self.vocabulary.finding.search(words(body)) or re.search(r"\d", words(body))
        if _ANNOUNCES.match(words(body)) and not self.vocabulary.finding.search(words(phrase)):
            return []
        if len(phrase) < (2 if telling else SHORTEST):
            return []
        if words(phrase[:2]) in {"let me", "let us", "i am", "i will"} or words(phrase[-1:]) in _UNFINISHED:
            return []
        claim = _found(phrase)
        if scene.phase is Phase.RESULTS and scene.study and not names_study(words(phrase)):
            phrase = (*made(f"{scene.study}:"), *phrase)
            bar = KEEP_FINDING
        return [Draft(section=str(scene.phase), phrase=phrase, assertion=claim, found=found, bar=bar)]

    def _told_section(self, body: Phrase) -> str:
        """Where the history belongs that the clinician has at hand: "I remember your mother had diabetes"."""
        text = words(body)
        if any(t.lower in self.vocabulary.relatives for t in body) and self.vocabulary.condition.search(text):
            return "family_history"
        return next((s for s, pattern in self.vocabulary.sections if pattern.search(text)), "hpi")

    def _orders(self, ordered: Phrase) -> list[Phrase]:
        """Return an order for two drugs as two: "stop the lisinopril" and "start losartan"."""
        named = medicines(ordered, self.vocabulary)
        for i in range(1, len(ordered) - 1):
            apart = ordered[i].lower == "and" and ordered[i + 1].lower in self.vocabulary.order_verbs
            if apart and named and any(m.start < i for m in named) and any(m.start > i for m in named):
                return [bare(ordered[:i]), *self._orders(ordered[i + 1 :])]
        return [ordered]

    def _order(self, ordered: Phrase, scene: Scene, found: tuple[str, ...]) -> list[Draft]:
        named = medicines(ordered, self.vocabulary)
        told = self.narrator.tell(ordered, Role.DOCTOR)
        if len(told) < 2 or words(told[-1:]) in _UNFINISHED:
            return []
        item = named[0].item if len(named) == 1 and (named[0].item["change"] or named[0].item["dose"]) else None
        return [
            Draft(
                section="plan",
                phrase=told,
                problem=problem_of(ordered, scene),
                item=item,
                found=found,
                bar=ALWAYS if named or _URGENT.search(words(ordered)) else KEEP_ORDER,
                assertion=_found(told),
            )
        ]


_UNFINISHED = frozenset("a an the to you him her them your his their for with of in on and some".split())
SHORTEST = 4
"""Words below which a clinician's sentence that names no complaint tells nothing by itself: "No, you're not."."""
_OWN = frozenset({"i", "i'm", "i've", "i'll", "i'd", "my", "we", "we're", "we'll", "let's"})
"""A clinician who speaks of themselves while taking the history tells nothing of the patient."""
_ANNOUNCES = re.compile(
    r"(?:(?:and|now|so|okay|then) )*(?:(?:on|for|in) (?:your|the|my|his|her) (?:\S+ ){0,3}exam(?:ination)?$|"
    r"i (?:did |have |also |just )*(?:review|look|check)|"
    r"(?:in )?(?:reviewing|looking at) (?:the |your |his |her |results? |of )*"
    r"\S+(?: \S+)?$|sounds? \w+ to me$|(?:left|right) \w+$)"
)
"""What the clinician is about to do or look at is no finding."""
_COMMENT = re.compile(
    r" (?:and )?(?:which|that)(?:'s| is| was| are) (?:all |really |very |pretty |just |a |also |not |what |quite )*"
    r"(?:good|great|fine|wonderful|excellent|encouraging|reassuring|surprising|unusual|expected|perfect|"
    r"i (?:would )?expect|(?:good|nice) (?:thing|news|sign))\b.*$"
)
LEAST_COMMENTED = 3
"""Words before a comment that may stand by themselves."""


def without_comment(body: Phrase) -> Phrase:
    """Return a finding without what the clinician thinks of it: "no bruits, which is good"."""
    match = _COMMENT.search(words(body))
    kept = len(words(body)[: match.start()].split()) if match else len(body)
    return bare(body[:kept]) if LEAST_COMMENTED <= kept < len(body) else body


_MAY = re.compile(r"\b(?:may|might|could|can|will|would|should|you'll|you'd|it'll|that'll)\b")
"""What a clinician says may happen, or is to be done, is no history."""
_RECALL = re.compile(
    r"(?:i (?:remember|know|see|understand|recall|think|believe)(?: here)?|(?:it )?(?:looks|sounds) like|it says)"
    r"(?: here)?(?: that)? (?=you|your|he|she|his|her|there)"
)


def without_recall(body: Phrase) -> Phrase:
    """Return "your mother had diabetes" for "I remember your mother had diabetes"."""
    match = _RECALL.match(words(body))
    return body[len(match.group().split()) :] if match else body


_URGENT = re.compile(r"\b(?:911|988|emergency|call (?:me|us)|right away|same day)\b")
_LIMIT = re.compile(r"(?:and |but )?(?:no|not) (?:more|longer) than \S*\d")
_FOR_ALL = re.compile(
    r"\b(?:follow[- ]?up|come back|see (?:you|him|her|them) (?:again|back|in|on)|return (?:in|to clinic))\b|"
    r"\bif\b.*\b(?:call|come (?:in|back)|go to|let (?:me|us) know|emergency|911|988)\b"
)


def problem_of(body: Phrase, scene: Scene) -> str | None:
    """The problem that a sentence of the plan belongs to; follow-up and warnings belong to the whole visit."""
    return None if _FOR_ALL.search(words(body)) else scene.problem_id


_DENIES = re.compile(r"^(?:no|not)\b(?! (?:more|less|longer|fewer|later|earlier) than\b)")
"""A limit ("no more than 3 grams a day") denies nothing."""


_CONDITION = re.compile(r"(?:and |but |so )?(?:if|should|unless)\b|.*\bif (?:it|that|you|your|the|this|he|she|they)\b")


def is_condition(phrase: Phrase) -> bool:
    """Whether the sentence says what is to be done if something happens."""
    return bool(_CONDITION.match(words(phrase)))


def _found(phrase: Phrase) -> Assertion:
    """Absent where the sentence denies from its beginning; hypothetical where it is a condition."""
    if words(phrase[:1]) in {"if", "should", "unless"}:
        return Assertion.HYPOTHETICAL
    return Assertion.ABSENT if _DENIES.search(words(phrase)) else Assertion.PRESENT
