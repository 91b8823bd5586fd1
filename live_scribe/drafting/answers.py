"""What an answer tells: a question and its answer, from two turns, made one statement of the note."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from live_scribe.core.note import Assertion, Item
from live_scribe.core.words import Role
from live_scribe.drafting.allergies import allergies_told, asks_for_reaction
from live_scribe.drafting.clinician import is_problem, without_article
from live_scribe.drafting.drafts import ALWAYS, Draft
from live_scribe.drafting.lists import items_of, kin_of, says_nothing, without_just, without_taken_back
from live_scribe.drafting.medication_list import medication_lines
from live_scribe.drafting.medications import medicines
from live_scribe.drafting.on_record import confirmed_medicine, confirmed_problems
from live_scribe.drafting.partly import confirmed, in_manner, in_part, put_right, side_told
from live_scribe.drafting.person import Narrator
from live_scribe.drafting.questions import (
    NOT_A_FINDING,
    Answer,
    answer_kind,
    cue_for,
    declared,
    denied_noun,
    from_list,
    is_clause,
    is_open,
    names_findings,
    noun_asked,
    subject,
    with_lead,
)
from live_scribe.drafting.scene import Phase, Scene
from live_scribe.drafting.scorer import features
from live_scribe.drafting.speech import is_back_channel, is_question, is_small_talk, without_openers
from live_scribe.drafting.tokens import Phrase, bare, made, match_span, words
from live_scribe.drafting.vocabulary import QuestionCue, Vocabulary

KEEP_ANSWER, KEEP_TELLING, KEEP_DECLARED = ALWAYS, 0.05, 0.35
"""The same for what was asked by name and answered (a clinician asked because it matters), and for other questions that
yes or no answers."""
LONGEST_COMPLAINT = 30
"""Words of a sentence that may stand as the chief complaint."""
LONGEST_LEAD = 6
"""Words of a question that may stand as the lead of its answer."""
_VERBAL = re.compile(
    r"(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|should|what|when|where|who|why|how|"
    r"which|you|i|it|and|so|or)\b"
)
_AGREES = frozenset({"right", "correct", "that's right", "that's correct"})
"""Answers that agree with a question that denies: "No cough?" "Right."."""
_TURNS_ROUND = re.compile(r"(?:actually )?(?:i (?:do|am|have|did)|it (?:is|does)|there is)")
"""Answers that affirm what was denied: "You're not having any pain?" "No, I am, in my foot."."""
_DENIES_DRUG = re.compile(r"\b(?:not|no|never|n't)\b")
_AFTER_ALL = re.compile(r"(?:just |maybe |only )?(?:a (?:little|bit|tiny)|some|mild|slight)\b")
"""A "no" that is taken back in the same breath: "No. Well, a little dizziness."."""
_LIMITS = frozenset({"only", "just", "mostly", "mainly"})
"""First words of an answer that says of what was asked when it is so: "Chest pain?" "Only when I cough."."""
SHORT = 8
"""Words of a fragment that adds to the answer before it: "Yes. The first two days."."""
LISTS = frozenset({"pmh", "psh", "medications", "allergies"})
ADDRESSES = re.compile(
    r"\b(?:doc|doctor|let's|you're|you've|you'll|you'd)\b|\byour?\b(?! (?:put|gave|give|started|told|"
    r"prescribed|said|asked|saw|ordered|"
    r"recommended|increased|changed|stopped|sent|switched|office)\b)"
)
"""Speech to the clinician; what the clinician did ("after you put me on it") is history."""


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """Reads the beginning of an utterance as the answer to what was asked just before."""

    vocabulary: Vocabulary
    narrator: Narrator
    role: Role

    def read(
        self, sentences: list[Phrase], asked: tuple[Phrase, ...], scene: Scene
    ) -> tuple[list[Draft], list[Phrase]]:
        """Return the drafts of the answer, and the sentences that remain to be read."""
        first = sentences[0]
        question = next((q for q in reversed(asked) if cue_for(q, self.vocabulary)), asked[-1])
        if mended := put_right(asked[-1], first, self.narrator):
            given, behind = first, list(sentences[1:])
            if drafts := confirmed_medicine(mended, behind, self.vocabulary):
                return drafts, behind
            if (right := self._decided((mended,), Answer.YES, given, behind, scene))[0]:
                return right
        kind, length = answer_kind(first, self.vocabulary, open_question=is_open(question, self.vocabulary))
        cue = cue_for(question, self.vocabulary)
        if kind is not Answer.NO and (of_allergies(cue) or asks_for_reaction(question, self.narrator)):
            said = sentences if kind is Answer.OPEN else [*filter(None, [first[length:]]), *sentences[1:]]
            return allergies_told(said, question, self.narrator, self.role, kind)
        if kind is not Answer.OPEN:
            return self._closed(sentences, asked, question, kind, length, scene)
        body = without_openers(first, self.vocabulary)
        if not body or is_back_channel(body, self.vocabulary):
            return [], sentences[1:]
        if cue is not None and cue.section == "chief_complaint":
            return self._complaint(sentences, scene)
        if side := side_told(bare(body), question, self.narrator, self.role):
            return [side], sentences[1:]
        if cue is None and (so := in_manner(bare(body), question, self.narrator, self.role)):
            return [so], sentences[1:]
        if cue is None and body[0].lower in _LIMITS and (limited := self._partly(bare(body), question)):
            return limited, sentences[1:]
        if is_clause(body, self.vocabulary):
            return self._clause_answer(body, sentences, question, scene)
        return self._fragment(body, sentences[1:], question, scene)

    def _closed(
        self,
        sentences: list[Phrase],
        asked: tuple[Phrase, ...],
        question: Phrase,
        kind: Answer,
        length: int,
        scene: Scene,
    ) -> tuple[list[Draft], list[Phrase]]:
        """An answer that begins with yes or no, which its first `length` words say."""
        cue = cue_for(question, self.vocabulary)
        given, tail = sentences[0][:length], without_openers(sentences[0][length:], self.vocabulary)
        behind = [*([tail] if tail else []), *sentences[1:]]
        if kind is Answer.YES and (drafts := confirmed_medicine(question, behind, self.vocabulary)):
            return drafts, behind
        if kind is Answer.YES and (drafts := confirmed_problems(question, given, self.vocabulary)):
            return drafts, behind
        if kind is Answer.YES and behind and not is_clause(behind[0], self.vocabulary):
            if drafts := medication_lines(behind[0], question, scene, self.vocabulary):
                return drafts, behind[1:]
        if kind is Answer.NO and behind and (turned := _turned_round(behind[0])):
            affirmed = [*filter(None, [behind[0][turned:]]), *behind[1:]]
            return self._decided(asked[-1:], Answer.YES, bare(behind[0][:turned]), affirmed, scene)
        if kind is Answer.NO and of_allergies(cue) and behind:
            found, rest = allergies_told(behind, question, self.narrator, self.role)
            if found and not _DENIES_DRUG.search(words(behind[0])):
                return found, rest  # "Any allergies?" "No, just penicillin."
        return self._decided(asked, kind, given, behind, scene)

    def _complaint(self, sentences: list[Phrase], scene: Scene) -> tuple[list[Draft], list[Phrase]]:
        """Why the patient came, in their own words: the first sentence that names a complaint."""
        for n, phrase in enumerate(sentences[:3]):
            body = bare(without_openers(phrase, self.vocabulary))
            if len(body) > 1 and len(body) <= LONGEST_COMPLAINT and is_problem(words(body), self.vocabulary):
                if not ADDRESSES.search(words(body)):
                    told = self.narrator.tell(_without_it_is(body), self.role)
                    draft = Draft(section="chief_complaint", phrase=told, fact="chief complaint")
                    return [draft], [*sentences[:n], *sentences[n + 1 :]]
        for n, phrase in enumerate(sentences[:3]):
            body = bare(without_openers(phrase, self.vocabulary))
            if SHORT > len(body) > 3 or not is_clause(body, self.vocabulary) or ADDRESSES.search(words(body)):
                continue
            draft = Draft(section="chief_complaint", phrase=self.narrator.tell(body, self.role), fact="chief complaint")
            return [draft], [*sentences[:n], *sentences[n + 1 :]]
        return [], sentences

    def _clause_answer(
        self, body: Phrase, sentences: list[Phrase], question: Phrase, scene: Scene
    ) -> tuple[list[Draft], list[Phrase]]:
        """A whole sentence in answer; the question's subject goes before it where the answer leaves it out."""
        if self.vocabulary.family_question.search(words(question)):
            head = self._topic(question)
            told = (*head, *self.narrator.tell(bare(body), self.role))
            return [Draft(section="family_history", phrase=told, assertion=Assertion.FAMILY)], sentences[1:]
        cue = cue_for(question, self.vocabulary)
        social = cue is not None and cue.section == "social_history"
        if social and cue is not None and not cue.pattern.search(words(body)) and cue.lead in {"Tobacco", "Alcohol"}:
            phrase = with_lead(cue, bare(body), self.narrator, self.role, question)
            return [Draft(section=cue.section, phrase=phrase)], sentences[1:]
        if cue is not None and self.vocabulary.is_own(cue.section, words(body)):
            phrase = with_lead(cue, bare(body), self.narrator, self.role, question)
            return [Draft(section=cue.section, phrase=phrase)], sentences[1:]
        return [], sentences

    def _topic(self, question: Phrase) -> Phrase:
        """The disease that a question about the family names, as a lead: "asthma:"."""
        match = self.vocabulary.condition.search(words(question))
        if match is None:
            return ()
        first, last = match_span(question, match.start(), match.end())
        return (*question[first : last - 1], replace(question[last - 1], after=":"))

    def _decided(
        self, asked: tuple[Phrase, ...], kind: Answer, given: Phrase, behind: list[Phrase], scene: Scene
    ) -> tuple[list[Draft], list[Phrase]]:
        """A "no" goes for all that was asked in one turn, a "yes" for the last question alone."""
        drafts: list[Draft] = []
        for question in asked if kind is Answer.NO else asked[-1:]:
            if kind is Answer.NO and behind and _puts_right(behind[0], question, self.narrator):
                continue  # "That's Dr. Patel?" "No, Dr. Lee."
            draft = self._decide(question, kind, given, scene)
            if draft is not None:
                drafts.append(draft)
        if drafts and behind and not is_clause(behind[0], self.vocabulary) and len(behind[0]) <= SHORT:
            more = bare(behind[0])
            denied = words(more[:1]) in {"no", "not", "never", "without"}  # "Yes. No chills though."
            if kind is Answer.YES and not denied and not is_back_channel(more, self.vocabulary):
                phrase = drafts[-1].phrase
                told = (*phrase[:-1], replace(phrase[-1], after=":"), *self.narrator.tell(more, self.role))
                return [*drafts[:-1], replace(drafts[-1], phrase=told)], behind[1:]
            said = without_openers(more, self.vocabulary)
            if kind is Answer.NO and _AFTER_ALL.match(words(said)):
                told = (*made(f"{subject(self.narrator)} reports"), *self.narrator.tell(said, self.role))
                kept = [left for d in drafts if (left := without_taken_back(d, said[1:]))]
                return [*kept, Draft(section="hpi", phrase=told, support=given)], behind[1:]
            if kind is Answer.NO and more[0].lower in {"just", "only"}:
                told = (*made(f"{subject(self.narrator)} reports"), *self.narrator.tell(more, self.role))
                return [*drafts, Draft(section="hpi", phrase=told, support=given)], behind[1:]
        return drafts, behind

    def _decide(self, question: Phrase, kind: Answer, given: Phrase, scene: Scene) -> Draft | None:
        noun = noun_asked(question, self.vocabulary)
        denied = denied_noun(question, self.vocabulary)
        noun = denied or noun
        if kind is Answer.YES and (denied or words(without_openers(question, self.vocabulary)).startswith("no ")):
            if _TURNS_ROUND.fullmatch(words(given)):
                kind = Answer.YES  # "You haven't had any pain?" "I have."
            elif words(given) not in _AGREES:
                return None  # "No cough?" "Yes." may mean either
            else:
                kind = Answer.NO
        section = self._section_of_question(question)
        bar = KEEP_ANSWER
        if scene.phase in {Phase.EXAM, Phase.PLAN} and section == "ros":
            return None  # "does this hurt?" belongs to the finding that the clinician then tells
        if noun and (names_findings(noun, self.vocabulary) or section != "ros"):
            if kind is Answer.YES and section in LISTS:
                return None  # "Any surgeries?" "Yes." tells nothing yet; what follows does
            answered = from_list(noun, kind, given, self.narrator)
        else:
            body = declared(question, kind, given, self.narrator) or confirmed(question, kind, self.narrator)
            if body is None or is_small_talk(question, self.vocabulary):
                return None
            clinical = is_problem(words(question), self.vocabulary) or medicines(question, self.vocabulary)
            if section == "ros" and not clinical:
                bar = KEEP_TELLING if self.vocabulary.telling.search(words(question)) else KEEP_DECLARED
            answered = body
            section = "hpi" if section == "ros" else section
        return Draft(
            section=section,
            phrase=bare(answered.phrase),
            support=given,
            assertion=answered.assertion,
            found=features(question, (), Role.DOCTOR, scene.phase),
            bar=bar,
        )

    def _section_of_question(self, question: Phrase) -> str:
        text = words(question)
        if self.vocabulary.family_question.search(text):
            return "family_history"
        return next((s for s, pattern in self.vocabulary.sections if pattern.search(text)), "ros")

    def _fragment(
        self, body: Phrase, behind: list[Phrase], question: Phrase, scene: Scene
    ) -> tuple[list[Draft], list[Phrase]]:
        """An answer that is no sentence of its own: the question gives it its lead."""
        if self._asks_by_name(question) and len(both := in_part(bare(body), question, self.narrator, self.role)) > 1:
            return both, behind
        shared = set(words(question).split()) & kin_of(body[1:]) and not NOT_A_FINDING.search(words(body))
        if body[0].lower == "no" and 1 < len(body) <= SHORT and shared and not any(t.after for t in body[:-1]):
            told = self.narrator.tell(bare(body), self.role)
            return [Draft(section="ros", phrase=told, support=question, assertion=Assertion.ABSENT)], behind
        cue = cue_for(question, self.vocabulary)
        parts = [bare(body)]
        while cue is not None and behind and self._continues(behind[0]):
            parts.append(bare(without_openers(behind.pop(0), self.vocabulary)))
        parts = [p for p in parts if not says_nothing(p)]
        if not parts:
            return [], behind
        joined = tuple(t for i, p in enumerate(parts) for t in _with_pause(p, last=i + 1 == len(parts)))
        drafts = medication_lines(joined, question, scene, self.vocabulary)
        if is_small_talk(question, self.vocabulary) or (drafts and cue is not None and cue.section == "medications"):
            return drafts, behind
        if cue is None:
            return [*drafts, *self._partly(joined, question)], behind
        if cue.section in LISTS:
            return [*drafts, *self._listed(joined, cue.section, question)], behind
        if cue.section == "plan":
            return drafts, behind
        phrase = with_lead(cue, joined, self.narrator, self.role, question)
        return [*drafts, Draft(section=cue.section, phrase=phrase, confidence=0.8)], behind

    def _partly(self, body: Phrase, question: Phrase) -> list[Draft]:
        """A fragment that says which of the complaints asked for by name there are, or something of what was asked."""
        told = in_part(body, question, self.narrator, self.role) if self._asks_by_name(question) else []
        return told or self._regarding(body, question)

    def _asks_by_name(self, question: Phrase) -> bool:
        """Whether complaints are asked for by name: "any chest pain or shortness of breath?"."""
        return names_findings(noun_asked(question, self.vocabulary), self.vocabulary)

    def _continues(self, phrase: Phrase) -> bool:
        rest = without_openers(phrase, self.vocabulary)
        if not rest or is_question(phrase, self.vocabulary):
            return False
        comma = next((i for i, t in enumerate(rest[:-1]) if "," in t.after), None)
        if rest[0].lower in {"when", "if"} and comma is not None:  # "when I twist, a seven"
            return not is_clause(rest[comma + 1 :], self.vocabulary)
        return not is_clause(rest, self.vocabulary)

    def _listed(self, body: Phrase, section: str, question: Phrase) -> list[Draft]:
        """Items of a list: "migraines; and an underactive thyroid" are two problems."""
        drafts = []
        for part in items_of(without_just(body)):
            plain = without_article(without_just(without_openers(part, self.vocabulary)))
            told = self.narrator.tell(plain, self.role)
            if not told:
                continue
            item: Item | None = {"kind": "problem", "name": words(told)} if section == "pmh" else None
            drafts.append(
                Draft(
                    section=section,
                    phrase=told,
                    support=question,
                    item=item,
                    assertion=_LISTED_AS.get(section, Assertion.PRESENT),
                )
            )
        return drafts

    def _regarding(self, body: Phrase, question: Phrase) -> list[Draft]:
        """A fragment under the question's own words: "Both feet?" "Mostly the left." """
        noun = noun_asked(question, self.vocabulary)
        bare_question = without_openers(question, self.vocabulary)
        if not noun or not names_findings(noun, self.vocabulary) or len(noun) > LONGEST_LEAD:
            noun = () if _VERBAL.match(words(bare_question)) or len(bare_question) > 4 else bare_question
        if not noun or is_back_channel(body, self.vocabulary):
            return []
        head = self.narrator.tell(bare(noun), Role.DOCTOR)
        head = (*head[:-1], replace(head[-1], after=":"))
        return [Draft(section="hpi", phrase=(*head, *self.narrator.tell(body, self.role)), confidence=0.7)]


def of_allergies(cue: QuestionCue | None) -> bool:
    """Whether a kind of question asks for allergies."""
    return cue is not None and cue.section == "allergies"


def _turned_round(phrase: Phrase) -> int:
    """Return how many words of an answer behind "no" affirm after all; the rest says more of it."""
    for length in range(min(len(phrase), 3), 0, -1):
        closed = length == len(phrase) or phrase[length - 1].after
        if closed and _TURNS_ROUND.fullmatch(words(phrase[:length])):
            return length
    return 0


def _puts_right(behind: Phrase, question: Phrase, narrator: Narrator) -> bool:
    """Whether a fragment behind "no" says what is so instead of what a statement asked."""
    short = len(behind) <= LONGEST_LEAD and not is_clause(behind, narrator.vocabulary)
    stated = declared(question, Answer.NO, (), narrator) is None and confirmed(question, Answer.NO, narrator)
    return bool(short and stated and not is_problem(words(behind), narrator.vocabulary))


_LISTED_AS = {"pmh": Assertion.HISTORICAL, "psh": Assertion.HISTORICAL}


def _without_it_is(body: Phrase) -> Phrase:
    """Return "right knee" for "it's my right knee"."""
    match = re.match(r"it(?:'s| is| was) (?:(?:my|the|this|just) )+", words(body))
    return body[len(match.group().split()) :] if match else body


def _with_pause(part: Phrase, *, last: bool) -> Phrase:
    return part if last or not part else (*part[:-1], replace(part[-1], after=";"))
