"""What the patient (or who came along) says: answers to questions, and what is told unasked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from live_scribe.core.note import Assertion
from live_scribe.core.words import Role
from live_scribe.drafting.allergies import allergies_unasked
from live_scribe.drafting.answers import ADDRESSES, SHORT, AnswerReader
from live_scribe.drafting.clinician import is_problem
from live_scribe.drafting.drafts import ALWAYS, Draft, resting_on
from live_scribe.drafting.kin import of_family
from live_scribe.drafting.lists import kin_of
from live_scribe.drafting.medication_list import medication_lines
from live_scribe.drafting.medications import medicines, taken
from live_scribe.drafting.person import Narrator, is_woman
from live_scribe.drafting.questions import (
    NOT_A_FINDING,
    Answer,
    answer_kind,
    cue_for,
    from_list,
    is_clause,
)
from live_scribe.drafting.scene import Phase, Scene, learn_companion, learn_sex
from live_scribe.drafting.scorer import Scorer, features
from live_scribe.drafting.speech import is_back_channel, is_question, is_small_talk, without_openers, without_wake_word
from live_scribe.drafting.tokens import Phrase, Token, bare, made, words
from live_scribe.drafting.vocabulary import Vocabulary

KEEP_TOLD, KEEP_TELLING, KEEP_CLINICAL, KEEP_LATE = 0.3, 0.25, 0.05, 0.4
"""Shares of a sentence that notes are expected to keep, from which on it is kept: of any, of one that tells something
of its course, of one that names a complaint, an onset or an inability, of one said while the clinician examines or
explains. Chosen on ACI-Bench valid."""
LEAD = 600
"""Hundredths by which another section must be ahead of the history of present illness, to which most of what a patient
tells unasked belongs. ACI-Bench train told 300 and 500 little apart; the short exchanges, both halves, want more."""
SHORTEST = 3
"""Words below which a sentence tells nothing by itself: "I know."."""
LONGEST_LISTED = 8
"""Words of a sentence about a drug that say no more than its line in the medication list: "I take metoprolol 25 mg"."""
SUBJECTIVE = ("hpi", "pmh", "psh", "social_history", "medications", "allergies")
"""Where the model may put what a patient tells; what is the family's is told by rule alone."""
_CHILDREN = frozenset({"son", "daughter"})
"""Relatives who may well be the patient, where a parent speaks: what is said of them is no family history by itself."""
_THIRD = frozenset({"he", "she", "his", "her", "him", "he's", "she's"})
_OTHERS = frozenset({"he", "she", "he's", "she's", "he'll", "she'll"})


@dataclass(frozen=True, slots=True)
class PatientReader:
    """Reads one utterance of the patient's side."""

    vocabulary: Vocabulary
    narrator: Narrator
    scorer: Scorer
    role: Role

    def read(
        self, sentences: tuple[Phrase, ...], asked: tuple[Phrase, ...], recent: Phrase, scene: Scene
    ) -> tuple[list[Draft], Scene]:
        """Return the drafts of these sentences, the first of which may answer what was `asked`.

        `recent` is what was said just before by all, for whom "he" or "she" means.
        """
        for phrase in sentences:
            scene = learn_companion(learn_sex(scene, phrase, self.role), phrase, self.role)
        rest = [s for s in sentences if not is_back_channel(s, self.vocabulary) or answer_kind(s, self.vocabulary)[1]]
        rest, others = self._of_others(self._joined(rest), recent, asked[-1] if asked else (), scene.brought)
        drafts: list[Draft] = []
        if asked and rest and (family := of_family(rest[0], asked, self.narrator, self.role)):
            drafts, rest = [family], rest[1:]
        elif asked and rest:
            drafts, rest = AnswerReader(self.vocabulary, self.narrator, self.role).read(rest, asked, scene)
        question: Phrase = asked[-1] if asked else ()
        said = list(asked)
        for phrase in rest:
            family = of_family(phrase, said, self.narrator, self.role)
            drafts += [family] if family else self._told(phrase, question, scene)
            said.append(phrase)
        return [*drafts, *others], scene

    def _joined(self, sentences: list[Phrase]) -> list[Phrase]:
        """Return the sentences with a topic set before its sentence: "my feet. They've been tingly." """
        out: list[Phrase] = []
        for phrase in sentences:
            topic = out[-1] if out else ()
            named = bool(topic) and len(topic) <= 4 and without_openers(topic, self.vocabulary)[:1]
            if (
                named
                and named[0].lower in {"my", "the"}
                and phrase[0].lower in {"it", "it's", "they", "they're", "they've"}
            ):
                out[-1] = (*topic[:-1], replace(topic[-1], after=":"), *phrase)
            else:
                out.append(phrase)
        return out

    def _of_others(
        self, sentences: list[Phrase], recent: Phrase, asked: Phrase, brought: str | None
    ) -> tuple[list[Phrase], list[Draft]]:
        """Take out what a patient says of somebody else; of a relative it is kept under that name.

        "My brother has it too. And he had a stroke": in the note a bare "he" would be the patient. But who has
        `brought` them, or was `asked` about "his knee", speaks of the patient where no other relative was named.
        """
        if self.role is not Role.PATIENT:
            return sentences, []
        own: list[Phrase] = []
        drafts: list[Draft] = []
        said = tuple(t for t in recent if t.lower != brought)
        of_patient = brought is not None or self._is_of_patient(asked)
        for phrase in sentences:
            body = bare(without_openers(phrase, self.vocabulary))
            if not body or body[0].lower not in _OTHERS:
                own.append(phrase)
            elif (kin := self._relative(said, body[0].lower)) is None:
                own += [phrase] if of_patient else []
            elif is_problem(words(body), self.vocabulary):
                lead = made(f"{self.narrator.person.possessive} {kin.lower}:")
                told = (*resting_on(lead, (kin,)), *self.narrator.tell(body, self.role))
                drafts.append(Draft(section="family_history", phrase=told, assertion=Assertion.FAMILY))
            said = (*said, *(t for t in phrase if t.lower != brought))
        return own, drafts

    def _is_of_patient(self, asked: Phrase) -> bool:
        """Whether a question is about "him" or "her", and neither about "you" nor about a relative."""
        named = {t.lower for t in asked}
        return bool(named & _THIRD) and not named & {"you", "your", "you're", *self.vocabulary.relatives}

    def _relative(self, said: Phrase, pronoun: str) -> Token | None:
        """The relative last named before a "he" or "she"."""
        women = pronoun.startswith("she")
        for token in reversed(said):
            if token.lower in self.vocabulary.relatives and (
                is_woman(token.lower) is None or is_woman(token.lower) == women
            ):
                return token
        return None

    def _told(self, phrase: Phrase, before: Phrase, scene: Scene) -> list[Draft]:
        """What a sentence tells by itself."""
        phrase, device = without_wake_word(phrase, self.vocabulary)
        phrase = bare(without_openers(phrase, self.vocabulary)) if phrase else phrase
        short = len(phrase) < SHORTEST and words(phrase[:1]) != "no"
        if device or short or is_back_channel(phrase, self.vocabulary):
            return []
        text = words(phrase)
        if is_question(phrase, self.vocabulary) or is_small_talk(phrase, self.vocabulary) or ADDRESSES.search(text):
            return []
        if allergies := allergies_unasked(phrase, self.narrator, self.role):
            return allergies
        shared = set(words(before).split()) & kin_of(phrase[1:]) and not NOT_A_FINDING.search(text)
        named = is_problem(text, self.vocabulary) or bool(shared)
        if words(phrase[:1]) in {"no", "never"} and len(phrase) <= SHORT and named:
            if before and self.vocabulary.family_question.search(words(before)):
                return [Draft(section="family_history", phrase=phrase, support=before, assertion=Assertion.FAMILY)]
            denied = from_list(phrase[1:], Answer.NO, phrase[:1], self.narrator)
            return [Draft(section="ros", phrase=denied.phrase, assertion=Assertion.ABSENT)]
        drafts = medication_lines(phrase, before, scene, self.vocabulary)
        return [*drafts, *self._clause(phrase, before, scene, listed=bool(drafts))]

    def _clause(self, phrase: Phrase, before: Phrase, scene: Scene, *, listed: bool) -> list[Draft]:
        """A whole sentence, told as it is; `listed`: the medication list has its drugs already."""
        if not is_clause(phrase, self.vocabulary) and not self._names_first(phrase):
            return []
        found = features(phrase, before, self.role, scene.phase)
        section = self._section(phrase, before)
        stopped = len(taken(phrase, self.vocabulary)) < len(medicines(phrase, self.vocabulary))
        if listed and not stopped and (section == "medications" or len(phrase) <= LONGEST_LISTED):
            return []
        text = words(phrase)
        if stopped:
            bar = ALWAYS  # what is no longer taken is never left out
        elif scene.phase in {Phase.EXAM, Phase.PLAN, Phase.RESULTS} and section == "hpi":
            bar = KEEP_LATE
        else:
            drugs = listed or bool(medicines(phrase, self.vocabulary))
            clinical = is_problem(text, self.vocabulary) or drugs or section != "hpi" or _COURSE.search(text)
            telling = self.vocabulary.telling.search(text) or re.search(r"\d", text)
            bar = KEEP_CLINICAL if clinical else KEEP_TELLING if telling else KEEP_TOLD
        drafts = []
        for part in _by_polarity(phrase, self.vocabulary):
            claim = assertion_of(words(_affirmed(part, self.vocabulary)), section)
            told = self.narrator.tell(part, self.role)
            drafts.append(Draft(section=section, phrase=told, assertion=claim, found=found, bar=bar))
        return drafts

    def _names_first(self, phrase: Phrase) -> bool:
        """Whether a sentence begins with its complaint: "pain in both knees, but the right is worse"."""
        return len(phrase) >= SHORTEST and bool(
            self.vocabulary.symptom.match(words(phrase)) or words(phrase[:1]) == "pain"
        )

    def _section(self, phrase: Phrase, before: Phrase) -> str:
        text = words(phrase)
        kin = any(t.lower in self.vocabulary.relatives for t in phrase[:4])
        of_family = bool(before) and bool(self.vocabulary.family_question.search(words(before)))
        if kin and (of_family or self.vocabulary.condition.search(text)):
            return "family_history"
        if kin and self.role is Role.PATIENT and words(phrase[:1]) == "my" and phrase[1].lower not in _CHILDREN:
            if self.scorer.section(phrase, before, self.role, self.vocabulary, ("hpi", "family_history")) != "hpi":
                return "family_history"
        for section, pattern in self.vocabulary.sections:
            if pattern.search(text):
                return "family_history" if kin and section in {"pmh", "psh"} else section
        cue = cue_for(before, self.vocabulary) if before else None
        if cue is not None and cue.section in {"social_history", "family_history"}:
            return cue.section
        return self.scorer.section(phrase, before, self.role, self.vocabulary, SUBJECTIVE, LEAD)


_COURSE = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|trouble|difficulty|began|started|since|ago|comes? and goes?|every other|"
    r"wakes? me|spells?|constant|forgets?|missed|skips?|maybe (?:it|i|he|she)|might (?:be|have)|could (?:be|have)|"
    r"on and off|going on for|wonder)\b"
)
"""Words by which a sentence tells how a complaint began or goes, or what the patient cannot do."""
# Not "cannot": that somebody cannot sleep or walk is a finding, no denial.
_DENIES = re.compile(r"\b(?:no|not|never|n't|none|without|don't|doesn't|didn't|haven't|hasn't|isn't|wasn't)\b")
_IS_NOT = re.compile(r"\b(?:is|was|are|were|it's|that's|i'm) not\b|\b(?:isn't|wasn't|aren't)\b")
_NOT_ALWAYS = re.compile(r"(?<=\w)\W+but not (?:today|now|yesterday|always|often|every (?:day|time))\b.*$")
"""What was there once and is not always: "yesterday but not today" is present."""
_DOUBTS = re.compile(r"\b(?:maybe|might|not sure|i think|possibly|could be|i wonder)\b")


def _by_polarity(phrase: Phrase, vocabulary: Vocabulary) -> list[Phrase]:
    """Return a sentence as two where one clause affirms and the other denies: "it hurts, but it doesn't lock"."""
    turn = _turn(phrase, vocabulary)
    first, second = phrase[:turn], without_openers(phrase[turn:], vocabulary) if turn else ()
    while len(first) > SHORTEST and first[-1].lower in _AGREEING:
        first = first[:-1]
    if min(len(first), len(second)) < SHORTEST:
        return [phrase]
    return [(*first[:-1], replace(first[-1], after=".")), second]


def _affirmed(phrase: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return the clause that says what is so, of one that affirms and one that denies: "it's not sharp, it's dull"."""
    turn = _turn(phrase, vocabulary)
    return phrase[turn:] if turn and _IS_NOT.search(words(phrase[:turn])) else phrase[:turn]


def _turn(phrase: Phrase, vocabulary: Vocabulary) -> int | None:
    """Return where a second clause begins that denies though the first affirms, or affirms though it denies."""
    for i in range(2, len(phrase) - 1):
        second = without_openers(phrase[i:], vocabulary)
        if "," not in phrase[i - 1].after or not second or second[0].lower not in _CLAUSE_SUBJECTS:
            continue
        if _SUBORDINATE & {t.lower for t in phrase[:i]}:
            return None
        both = is_clause(phrase[:i], vocabulary) and is_clause(second, vocabulary)
        if both and bool(_DENIES.search(words(phrase[:i]))) != bool(_DENIES.search(words(second))):
            return i
    return None


_AGREEING = frozenset({"yeah", "yes", "yep", "okay"})
_SUBORDINATE = frozenset("when if because while after before until unless that although though since".split())
_CLAUSE_SUBJECTS = frozenset("i i'm i've it it's he he's she she's they they're we there there's".split())


def assertion_of(text: str, section: str) -> Assertion:
    """Return what a sentence (small letters, as it was said) claims of its fact."""
    if section == "family_history":
        return Assertion.FAMILY
    if _DENIES.search(_NOT_ALWAYS.sub("", text)):
        return Assertion.ABSENT
    if _DOUBTS.search(text):
        return Assertion.POSSIBLE
    return Assertion.HISTORICAL if section in {"pmh", "psh"} else Assertion.PRESENT
