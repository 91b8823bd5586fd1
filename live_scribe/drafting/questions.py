"""Questions, and the sentences that their answers make of them: "Any fevers?" with "No." is "He denies fevers."."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from live_scribe.core.note import Assertion
from live_scribe.core.words import Role
from live_scribe.drafting.person import Narrator, written_out
from live_scribe.drafting.speech import without_openers
from live_scribe.drafting.tokens import Phrase, Token, bare, made, rested, words
from live_scribe.drafting.verbs import PAST_FORMS, past, third_person
from live_scribe.drafting.vocabulary import QuestionCue, Vocabulary


class Answer(Enum):
    """How an answer begins."""

    YES = auto()
    NO = auto()
    OPEN = auto()


_NOUN_LEAD = re.compile(
    r"(?:(?:and|or|but|with|then|have you|do you|you|are you|did you|has (?:he|she)|does (?:he|she)|had|have|"
    r"having|had any|having any|noticed|"
    r"experienced|experiencing|get|getting|got|notice|ever|also|currently|recently|still|like|feel|feeling|"
    r"been|how about|what about|about) )*"
    r"(?:any|no)(?: other)?(?: symptoms?)?(?: such as| like)? (?P<noun>.+)|"
    r"(?:do you have|have you had|have you been having|are you having|have you noticed|have you experienced|"
    r"are you experiencing|"
    r"did you have|have you ever had|do you get|does (?:he|she) have|has (?:he|she) had|is there|was there|"
    r"how about|what about)(?: any| a| an| some| the)? (?P<plain>.+)"
)
_AUX = re.compile(r"(?:do|does|did|have|has|had|are|is|was|were|can|could|will|would|should)$")
_DETERMINERS = frozenset({"your", "the", "that", "this", "these", "those", "his", "her", "any"})
_PRONOUNS = frozenset({"you", "it", "that", "this", "they", "he", "she", "there", "anything", "anyone", "we"})
NOT_A_FINDING = re.compile(
    r"\b(?:questions?|concerns?|anything else|else|chance|idea|thoughts?|plans?|luck|preference)\b"
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A sentence made of a question and its answer."""

    phrase: Phrase
    assertion: Assertion


def is_open(question: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether the question asks for more than yes or no: "when did it start?"."""
    text = words(without_openers(question, vocabulary))
    return bool(re.match(r"(?:what|when|where|who|which|why|how)(?:'s)?\b(?! about)", text))


def answer_kind(phrase: Phrase, vocabulary: Vocabulary, *, open_question: bool = False) -> tuple[Answer, int]:
    """Return how an answer begins, and how many of its words say so (the rest tells more).

    After an open question only a plain "no" or "none" decides anything.
    """
    text = words(phrase)
    if open_question and text not in {"no", "none", "nothing", "nope"}:
        return Answer.OPEN, 0
    for kind, listed in ((Answer.NO, vocabulary.no), (Answer.YES, vocabulary.yes)):
        for said in listed:
            if text == said or text.startswith(said + " "):
                length = len(said.split())
                if length == len(phrase) or phrase[length - 1].after or (length == 1 and _stands_alone(phrase)):
                    return kind, length
    return Answer.OPEN, 0


def _stands_alone(phrase: Phrase) -> bool:
    """Whether "no" without a comma still answers ("no i don't"), rather than "no pain at all"."""
    return phrase[1].lower in {
        "i",
        "i'm",
        "i've",
        "it",
        "it's",
        "not",
        "just",
        "she",
        "he",
        "we",
        "but",
        "no",
        "nothing",
        "my",
        "none",
        "that's",
        "so",
        "only",
        "they",
        "and",
        "the",
        "there's",
    }


def cue_for(question: Phrase, vocabulary: Vocabulary) -> QuestionCue | None:
    """Return the first kind of question of the template that this is."""
    text = words(question)
    return next((c for c in vocabulary.questions if c.pattern.search(text)), None)


def noun_asked(question: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return what is asked for, where a question asks by name: "any fevers or chills" → "fevers or chills"."""
    phrase = without_openers(question, vocabulary)
    text = words(phrase)
    match = _NOUN_LEAD.fullmatch(text)
    if match is None:
        return phrase if _only_symptoms(text, vocabulary) else ()
    name = "noun" if match.group("noun") is not None else "plain"
    noun = _without_tag(phrase[len(text[: match.start(name)].split()) :])
    if inner := _INNER_LEAD.search(words(noun)):
        noun = noun[len(words(noun)[: inner.end()].split()) :]
    if noun and noun[0].lower in {"type", "kind", "sort", "kinds", "types"}:
        noun = phrase[len(phrase) - len(noun) - 1 :]
    return _without_tag(noun)


_NEGATIVE = re.compile(
    r"(?:you(?:'re| are)|(?:he|she)(?:'s| is)) not (?:having|getting|experiencing|feeling|noticing)(?: any)? "
    r"(?P<being>.+)|"
    r"(?:you|he|she) (?:haven't|hasn't|have not|has not) (?:had|noticed|been having|experienced)(?: any)? (?P<had>.+)|"
    r"(?:you|he|she) (?:don't|doesn't|do not|does not|didn't|did not) (?:have|get|feel|notice)(?: any)? (?P<have>.+)"
)


def denied_noun(question: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return what a question in the negative names: "you're not having any chest pain?" → "chest pain"."""
    phrase = without_openers(question, vocabulary)
    match = _NEGATIVE.fullmatch(words(phrase))
    if match is None or match.lastgroup is None:
        return ()
    noun = _without_tag(phrase[len(words(phrase)[: match.start(match.lastgroup)].split()) :])
    return () if noun and noun[0].lower in {"like", "that", "to", "as"} else noun


_INNER_LEAD = re.compile(
    r"^.*\b(?:do you have|have you had|are you having|have you noticed|like|such as)(?: any| a| an)? (?=\w)"
)


def _without_tag(phrase: Phrase) -> Phrase:
    """Without "anything like that", "at all", "or anything" and "or no" behind the list."""
    text = words(phrase)
    cut = re.search(
        r"(?:,? (?:and |or )?(?:anything like that|things like that|at all|or anything|stuff like that|or no|"
        r"or not|with that|or so|or|and))+$",
        text,
    )
    return phrase[: len(text[: cut.start()].split())] if cut else phrase


def _only_symptoms(text: str, vocabulary: Vocabulary) -> bool:
    rest = vocabulary.condition.sub(" ", vocabulary.symptom.sub(" ", text))
    return rest != text and not re.sub(r"\b(?:or|and|any|no|other|the|in|your|of)\b", "", rest).strip()


def names_findings(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether these words name complaints or conditions of the lexicon, and nothing about the meeting."""
    text = words(phrase)
    named = vocabulary.symptom.search(text) or vocabulary.condition.search(text) or _TROUBLE.search(text)
    return bool(named) and not NOT_A_FINDING.search(text)


_TROUBLE = re.compile(
    r"\b(?:problems?|issues?|trouble|difficulty|difficulties|changes?) (?:(?:with|in|to)(?= \w)|\w+ing\b)"
    r"(?! (?:that|it|this|any))"
)
"""A complaint without a name of its own: "any problems with your bladder"."""


def from_list(asked: Phrase, kind: Answer, answer: Phrase, narrator: Narrator) -> Answered:
    """Return "He denies …" or "He reports …" for what was asked by name. `answer` are the words that decided it."""
    told = list(bare(narrator.tell(asked, Role.DOCTOR)))
    head = subject(narrator)
    verb = "denies" if kind is Answer.NO else "reports"
    lead = (*made(head), *_grounded(made(verb), answer))
    if kind is not Answer.NO:
        told = [t for i, t in enumerate(told) if i or t.lower != "any"]
    else:
        # Each "no" of "no chest pain, no palpitations" is in the verb.
        told = [replace(t, text="or") if t.lower == "and" else t for t in told if t.lower != "no"]
    return Answered((*lead, *told), Assertion.ABSENT if kind is Answer.NO else Assertion.PRESENT)


def subject(narrator: Narrator) -> str:
    """The patient at the head of a sentence of the writer's own."""
    if narrator.listener is Role.COMPANION:
        return narrator.kin
    return "the patient" if narrator.person.plural else narrator.person.subject


def _grounded(phrase: Phrase, answer: Phrase) -> Phrase:
    """The writer's word for the answer, resting on the words of the answer."""
    if not answer or answer[0].source is None:
        return phrase
    return tuple(rested(t, answer) for t in phrase)


def declared(question: Phrase, kind: Answer, answer: Phrase, narrator: Narrator) -> Answered | None:
    """Return the statement that a yes or no makes of a question ("Does it lock?" "No." → "It does not lock").

    None where the question has not the form of one that yes or no answers.
    """
    phrase = bare(_without_tag(without_openers(question, narrator.vocabulary)))
    choice = kind is Answer.YES and any(t.lower == "or" for t in phrase)  # yes to which of the two?
    if len(phrase) < 3 or not _AUX.match(phrase[0].lower) or choice or any(t.lower in {"how", "what"} for t in phrase):
        return None
    length = _subject_length(phrase)
    if length is None:
        return None
    aux, who, rest = phrase[0], phrase[1 : 1 + length], phrase[1 + length :]
    if not rest or (who[0].lower == "there" and kind is Answer.YES):
        return None
    negated = kind is Answer.NO
    if negated and who[0].lower in _NOBODY:
        who, negated = (replace(who[0], text=_NOBODY[who[0].lower]),), False
    told_rest = narrator.tell(_without_ever(rest, negated), Role.DOCTOR)
    told_who = _subject_told(who, narrator)
    if aux.lower in {"do", "does"} and _PAST_ANSWER.match(words(answer)):
        aux = replace(aux, text="did")
    plural = told_who[-1].lower in {"they", "we", "these", "those"} or _plural_noun(who, aux)
    verb = _verb(aux, told_rest, negated, plural, answer)
    if verb is None:
        return None
    return Answered((*told_who, *verb), Assertion.ABSENT if kind is Answer.NO else Assertion.PRESENT)


_NOBODY = {"anyone": "no one", "anybody": "nobody", "anything": "nothing"}
_PAST_ANSWER = re.compile(r"(?:yes |no )?(?:i|he|she|we|it|they) (?:did|used to|was|had)\b")


_ADVERBS = frozenset("still also usually just currently always often sometimes really ever never".split())


def _plural_noun(who: Phrase, aux: Token) -> bool:
    return len(who) > 1 and who[-1].lower.endswith("s") and aux.lower in {"are", "were", "do", "have"}


def _subject_length(phrase: Phrase) -> int | None:
    if phrase[1].lower in _PRONOUNS:
        return 1
    if phrase[1].lower in _DETERMINERS and len(phrase) > 3:
        return 3 if words(phrase[2:4]) in {"blood pressure", "blood sugar", "blood sugars", "blood pressures"} else 2
    return None


def _subject_told(who: Phrase, narrator: Narrator) -> Phrase:
    if who[0].lower == "you":
        texts = subject(narrator).split()
        return tuple(replace(who[0], text=t) for t in texts)
    told = narrator.tell(who, Role.DOCTOR)
    return told


def _without_ever(rest: Phrase, negated: bool) -> Phrase:
    drop = {"ever"} if negated else {"ever", "any"}
    return tuple(t for t in rest if t.lower not in drop)


def _verb(aux: Token, rest: Phrase, negated: bool, plural: bool, answer: Phrase) -> Phrase | None:
    word = aux.lower
    if word in {"do", "does", "did"}:
        if negated:
            helper = "did not" if word == "did" else "do not" if plural else "does not"
            return (*_grounded(made(helper), answer), *rest)
        at = 0
        while at < len(rest) and (rest[at].lower.endswith("ly") or rest[at].lower in _ADVERBS):
            at += 1
        if at >= len(rest):
            return None
        base = rest[at].lower
        text = past(base) if word == "did" else base if plural else third_person(base)
        return (*rest[:at], replace(rest[at], text=text), *rest[at + 1 :])
    singular = {"are": "is", "have": "has", "were": "was"}
    text = word if plural else singular.get(word, word)
    no = _grounded(made("not"), answer) if negated else ()
    return (replace(aux, text=text), *no, *rest)


def with_lead(cue: QuestionCue, answer: Phrase, narrator: Narrator, role: Role, question: Phrase) -> Phrase:
    """Return "Duration: about two weeks" for a short answer to a question of a known kind."""
    lead = made(cue.lead + ":")
    return (*(rested(t, question) for t in lead), *narrator.tell(answer, role))


_SUBJECTS = frozenset("i it we he she they there that this my our everything the his her your you these those".split())
_VERBS = frozenset("is are was were has have had does do did will would can cannot could am".split())


def is_clause(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether the words have a subject and a verb of their own, so that they can stand as a sentence."""
    full = written_out(phrase)
    if not full or full[0].lower not in _SUBJECTS:
        return any(t.lower in {"i", "we"} for t in full[:4]) and len(full) > 3
    return any(
        t.lower in _VERBS
        or t.lower in vocabulary.base_verbs
        or t.lower.endswith("ed")
        or third_form(t.lower, vocabulary)
        or t.lower in _PAST | PAST_FORMS
        for t in full[1:8]
    )


def third_form(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the word is a verb of the lexicon after "he"."""
    return word.endswith("s") and (
        word[:-1] in vocabulary.base_verbs or word[:-2] in vocabulary.base_verbs or word in {"has", "hurts", "gets"}
    )


_PAST = frozenset(
    "went took got came felt saw said told thought knew made gave found kept left lost ran sat stood woke wore "
    "began broke brought"
    " caught drank ate fell heard held hurt hurts put read slept spent used started stopped twisted gets".split()
)
