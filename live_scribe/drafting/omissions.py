"""Finds clinical facts that were heard and stand nowhere in the note. Pure: the same visit gives the same list.

Each utterance is looked through once, with the few behind it that may answer it; each statement once. What is heard and
what is noted are then compared by name, number and side of the "no".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from live_scribe.core.note import Assertion, Part, Statement
from live_scribe.core.omissions import FactKind, Omission
from live_scribe.core.visit import Visit
from live_scribe.core.words import Role, Utterance, Word
from live_scribe.drafting.drafts import sentence
from live_scribe.drafting.lexicon import lexicon
from live_scribe.drafting.mentions import Mention, mentions
from live_scribe.drafting.noted import Noted, Sentence, read_note
from live_scribe.drafting.person import THEY, Narrator, person_of
from live_scribe.drafting.questions import Answer, answer_kind, is_open, subject
from live_scribe.drafting.reading import Heard, Reader
from live_scribe.drafting.speech import is_back_channel, is_question, is_small_talk, without_openers, without_wake_word
from live_scribe.drafting.telling import tells
from live_scribe.drafting.tokens import Phrase, Token, made, words
from live_scribe.drafting.vocabulary import vocabulary
from live_scribe.templates import Template

ANSWER_WITHIN = 2
"""Utterances behind a question in which a yes or no still answers it."""
SAME_STEM = 4
"""Letters by which "dizzy" and "dizziness" are one word."""
LONGEST_TEXT = 24
"""Words of a line of the list: to know the fact by; its sound is one click away."""

_KINDS = {
    "allergy": (FactKind.ALLERGY, "allergies"),
    "medication": (FactKind.MEDICATION, "medications"),
    "vital": (FactKind.VITAL, "vitals"),
    "result": (FactKind.RESULT, "results"),
    "condition": (FactKind.CONDITION, "pmh"),
    "surgery": (FactKind.CONDITION, "psh"),
    "symptom": (FactKind.SYMPTOM, "hpi"),
    "finding": (FactKind.FINDING, "exam"),
    "organ": (FactKind.FINDING, "exam"),
    "term": (FactKind.FINDING, "exam"),
    "plan": (FactKind.PLAN, "plan"),
    "social": (FactKind.SOCIAL, "social_history"),
}
_FIRST = (FactKind.ALLERGY, FactKind.MEDICATION, FactKind.VITAL, FactKind.RESULT)
"""What is listed first, before negatives and the rest (an omitted drug, number or "no" harms most)."""
_SIDED = frozenset({"symptom", "condition", "allergy"})
_NEVER_DENIED = frozenset({"plan", "result", "vital", "organ", "finding", "term"})
"""What a "no" to a question says nothing of."""
_ANSWERED_OPENLY = frozenset({"social", "allergy", "medication", "plan", "surgery"})
_NEVER_ABSENT = frozenset({"plan", "result", "vital", "surgery"})
_LISTS = re.compile(r"\b(?:other symptoms|have you had|do you have|any type of|any other)\b")
_IF = re.compile(r"\b(?:if|unless|in case|should you|rule out)\b(?: \S+){0,9}$")
_ONLY_IF = frozenset({"symptom", "condition", "finding", "term"})
_JOINTS = frozenset({"and", "but"})
_CLAUSE_STARTS = frozenset("i he she it they we you my his her so because which".split())


@dataclass(frozen=True, slots=True)
class _Fact:
    """A mention in the talk: where it was said, by whom, and the words that decided it (an answer's)."""

    mention: Mention
    utterance: Utterance
    role: Role
    phrase: Phrase
    answer: Phrase = ()
    asked: bool = False


class RuleOmissions:
    """An OmissionFinder by rules and a list of names, for one visit."""

    def __init__(self, template: Template, sex: str | None) -> None:
        """Find what the note of a visit by `template` lacks; `sex` gives the pronoun. Raises TemplateError."""
        self._vocabulary = vocabulary(template)
        self._lexicon = lexicon(self._vocabulary)
        self._reader = Reader(self._vocabulary, sex)
        self._narrator = Narrator(person_of(sex) or THEY, self._vocabulary)
        self._parts = {s.id: s.part for s in template.sections}
        self._heard: dict[str, tuple[Utterance, Heard]] = {}
        self._facts: dict[str, tuple[tuple[Utterance, ...], tuple[_Fact, ...]]] = {}
        self._note: tuple[Sequence[Statement], Noted | None] = (), None
        self._lines: dict[str, tuple[Sequence[_Fact], Omission]] = {}
        self._notes: dict[str, tuple[Statement, tuple[Sentence, ...]]] = {}

    def find(self, visit: Visit) -> tuple[Omission, ...]:
        """Return what is heard and not noted, what harms most first; not what a person dismissed."""
        noted = self._note_of(list(visit.statements.values()))
        dismissed = {key for name in visit.dismissed for key in name.split("; ")}
        lacking: dict[str, _Fact] = {}
        heard = list(self._all(list(visit.utterances.values())))
        sides: dict[str, set[bool]] = {}
        for fact in heard:
            sides.setdefault(fact.mention.name, set()).add(fact.mention.absent)
        for fact in heard:
            mention = fact.mention
            # Both sides heard, at different times or of different places: only one that was always denied is opposed.
            opposed = len(sides[mention.name]) == 1 and mention.kind in _SIDED and noted.opposes(mention)
            if mention.key not in lacking and mention.key not in dismissed and (opposed or not noted.holds(mention)):
                lacking[mention.key] = fact
        return self._listed(list(lacking.values()))

    def _note_of(self, statements: Sequence[Statement]) -> Noted:
        """Return the note made ready, the same one as long as the same statements stand in it."""
        before, note = self._note
        if (
            note is None
            or len(before) != len(statements)
            or any(a is not b for a, b in zip(before, statements, strict=True))
        ):
            note = Noted([s for statement in statements for s in self._noted(statement)])
            self._note = statements, note
        return note

    def _noted(self, statement: Statement) -> tuple[Sentence, ...]:
        if statement.deleted:
            return ()
        known = self._notes.get(statement.id)
        if known is None or known[0] is not statement:
            known = (statement, read_note(statement.text, statement.section, self._lexicon))
            self._notes[statement.id] = known
        return known[1]

    def _all(self, said: Sequence[Utterance]) -> Iterator[_Fact]:
        for at, utterance in enumerate(said):
            window = tuple(said[at : at + 1 + ANSWER_WITHIN])
            known = self._facts.get(utterance.id)
            if known is None or not _same(known[0], window):
                known = (window, tuple(self._read([self._hear(u) for u in window])))
                self._facts[utterance.id] = known
            yield from known[1]

    def _hear(self, said: Utterance) -> Heard:
        known = self._heard.get(said.id)
        if known is None or known[0] is not said:
            known = (said, self._reader.hear(said))
            self._heard[said.id] = known
        return known[1]

    def _read(self, window: Sequence[Heard]) -> Iterator[_Fact]:
        """Yield the facts of the first utterance of the window; those behind it may answer its last question."""
        heard = window[0]
        for n, phrase in enumerate(heard.sentences):
            phrase, device = without_wake_word(phrase, self._vocabulary)
            if not phrase or (device and not is_question(phrase, self._vocabulary)):
                continue
            found = mentions([t.lower for t in phrase], [t.after for t in phrase], self._lexicon)
            if not found:
                continue
            if is_question(phrase, self._vocabulary) or (heard.role is Role.DOCTOR and _LISTS.search(words(phrase))):
                if heard.role is Role.PATIENT:
                    continue
                yield from self._answered(heard, phrase, found, self._behind(window, n))
            else:
                yield from self._told(heard, phrase, found)

    def _told(self, heard: Heard, phrase: Phrase, found: Sequence[Mention]) -> Iterator[_Fact]:
        doctor = heard.role is Role.DOCTOR
        idle = is_small_talk(phrase, self._vocabulary)
        for mention in found:
            if mention.absent and mention.kind in _NEVER_ABSENT:
                continue
            if mention.kind in _ONLY_IF and _IF.search(words(phrase[: mention.first])):
                continue
            if idle and mention.kind not in {"medication", "allergy", "vital", "result", "organ", "finding"}:
                continue
            if tells(mention, phrase, self._vocabulary, doctor=doctor):
                yield _Fact(mention, heard.utterance, heard.role, phrase)

    def _behind(self, window: Sequence[Heard], n: int) -> list[tuple[Role, Phrase]]:
        rest = [(window[0].role, p) for p in window[0].sentences[n + 1 :]]
        return rest + [(h.role, p) for h in window[1:] for p in h.sentences[:2]]

    def _answered(
        self, heard: Heard, phrase: Phrase, found: Sequence[Mention], behind: Sequence[tuple[Role, Phrase]]
    ) -> Iterator[_Fact]:
        """Yield what a question asks by name and the answer decides. What stays open was not told."""
        answer = next((p for role, p in behind if role is not heard.role), ())
        if not answer or is_open(phrase, self._vocabulary):
            return
        kind, _ = answer_kind(without_openers(answer, self._vocabulary) or answer, self._vocabulary)
        first, _ = answer_kind(answer, self._vocabulary)
        kind = kind if first is Answer.OPEN else first
        if kind is Answer.OPEN:
            yield from self._in_answer(heard, phrase, found, answer)
            return
        named = {m.name for m in mentions([t.lower for t in answer], [t.after for t in answer], self._lexicon)}
        if kind is Answer.YES and len(found) > 1:
            return  # yes to which of them? What is named in the answer is a fact of its own
        for mention in found:
            if mention.name not in named and not (kind is Answer.NO and mention.kind in _NEVER_DENIED):
                decided = Mention(
                    mention.name, mention.kind, kind is Answer.NO, mention.first, mention.last, (), mention.family
                )
                yield _Fact(decided, heard.utterance, heard.role, phrase, answer, asked=True)

    def _in_answer(self, heard: Heard, phrase: Phrase, found: Sequence[Mention], answer: Phrase) -> Iterator[_Fact]:
        """Yield what was asked by one name and answered with more than yes or no: "Alcohol: just on weekends"."""
        named = [m for m in found if m.kind in _ANSWERED_OPENLY]
        told = not is_question(answer, self._vocabulary) and len(answer) >= 2
        if len(named) == 1 and told and not is_back_channel(answer, self._vocabulary):
            (m,) = named
            decided = Mention(m.name, m.kind, False, m.first, m.last, (), m.family)
            yield _Fact(decided, heard.utterance, heard.role, phrase, answer, asked=True)

    def _listed(self, facts: Sequence[_Fact]) -> tuple[Omission, ...]:
        """Group what one sentence says into one line, and put what harms most first."""
        groups: dict[tuple[str, int, bool, str], list[_Fact]] = {}
        for fact in facts:
            kind = fact.mention.kind if _KINDS[fact.mention.kind][0] in _FIRST else ""
            key = (fact.utterance.id, fact.phrase[0].first, fact.mention.absent, kind)
            groups.setdefault(key, []).append(fact)
        counted: dict[str, int] = {}
        lines = []
        for (utterance, *_), group in groups.items():
            counted[utterance] = counted.get(utterance, 0) + 1
            lines.append(self._line(group, f"{utterance}:{counted[utterance]}"))
        return tuple(sorted(lines, key=_rank))

    def _line(self, group: Sequence[_Fact], name: str) -> Omission:
        """Return the line of these facts, made once as long as they are the same ones."""
        known = self._lines.get(name)
        if (
            known is None
            or len(known[0]) != len(group)
            or any(a is not b for a, b in zip(known[0], group, strict=True))
        ):
            known = self._lines[name] = (group, self._omission(group, name))
        return known[1]

    def _omission(self, group: Sequence[_Fact], name: str) -> Omission:
        first = group[0]
        kind, section = _KINDS[first.mention.kind]
        if first.mention.family:
            kind, section = FactKind.FAMILY, "family_history"
        absent = first.mention.absent
        if kind is FactKind.SYMPTOM and absent:
            section = "ros" if first.role is not Role.DOCTOR or first.asked else "exam"
        if kind is FactKind.MEDICATION and first.role is Role.DOCTOR and not first.asked:
            section = "plan"
        told = self._denial(group) if first.asked and absent else self._clause(group)
        if first.asked and not absent:
            told = self._as_answered(group)
        text, _ = sentence(told, self._vocabulary)
        rests = self._rests(group)
        return Omission(
            id=name,
            fact="; ".join(f.mention.key for f in group),
            text=text,
            utterance=first.utterance.id,
            kind=kind,
            assertion=_assertion(first.mention),
            section=self._place(section, kind),
            statement=text,
            words=tuple(w.id for w in rests),
            start=rests[0].start if rests else None,
            end=rests[-1].end if rests else None,
        )

    def _rests(self, group: Sequence[_Fact]) -> list[Word]:
        """Return the words that a line rests on: its sentence, and the answer that decided it."""
        tokens: list[Token] = [*group[0].phrase, *group[0].answer]
        said = {group[0].utterance.id: group[0].utterance}
        said |= {t.source: self._heard[t.source][0] for t in tokens if t.source in self._heard}
        found = {t.source: [n for k in tokens if k.source == t.source for n in (k.first, k.last)] for t in tokens}
        return [
            word
            for name, spoken in said.items()
            for word in spoken.words[min(found.get(name, [0])) : max(found.get(name, [-1])) + 1]
        ]

    def _denial(self, group: Sequence[_Fact]) -> Phrase:
        """Return "He denies fever or chills" for what was asked by name and answered with no."""
        named = [self._noun(f) for f in group]
        told: list[Token] = []
        for n, phrase in enumerate(named, 1):
            more = len(named) - n
            told += [*phrase[:-1], replace(phrase[-1], after="," if more > 1 else "")]
            told += made("or") if more == 1 else ()
        return (*made(f"{subject(self._narrator)} denies"), *told)

    def _noun(self, fact: _Fact) -> Phrase:
        """Return what was asked for as one denies it: "pregnancy" for "pregnant", else the words that were said."""
        said = fact.phrase[fact.mention.first : fact.mention.last + 1]
        name = fact.mention.name
        if len(said) == 1 and said[0].lower[:SAME_STEM] == name[:SAME_STEM] and not said[0].lower.endswith("s"):
            return made(name)
        return self._narrator.tell(said, Role.DOCTOR)

    def _as_answered(self, group: Sequence[_Fact]) -> Phrase:
        """Return "Alcohol: just on weekends" for what was asked by name and answered."""
        first = group[0]
        lead = made(first.mention.name + ":")
        return (*lead, *self._narrator.tell(first.answer, Role.PATIENT)[:LONGEST_TEXT])

    def _clause(self, group: Sequence[_Fact]) -> Phrase:
        """Return the clauses that hold the facts, in the third person."""
        first = group[0]
        begin = min(f.mention.first for f in group)
        end = max(f.mention.last for f in group)
        phrase = without_openers(first.phrase, self._vocabulary) or first.phrase
        skipped = len(first.phrase) - len(phrase)
        begin, end = max(0, begin - skipped), max(0, end - skipped)
        while begin > 0 and not _begins_clause(phrase, begin):
            begin -= 1
        while end + 1 < len(phrase) and not _begins_clause(phrase, end + 1):
            end += 1
        if phrase[begin].lower in _JOINTS and begin < end:
            begin += 1
        if end - begin >= LONGEST_TEXT:
            begin = max(begin, min(f.mention.first for f in group) - skipped - LONGEST_TEXT // 2)
        told = self._narrator.tell(phrase[begin : min(end + 1, begin + LONGEST_TEXT)], first.role)
        return (*made(first.mention.name + ":"), *told) if first.mention.kind == "social" else told

    def _place(self, section: str, kind: FactKind) -> str:
        """Return the section, or the first of the same part where the template has no such section."""
        if section in self._parts:
            return section
        part = _PART.get(kind, Part.SUBJECTIVE)
        return next((s for s, p in self._parts.items() if p is part), next(iter(self._parts), section))


def _same(before: Sequence[object], now: Sequence[object]) -> bool:
    """Whether these are the very same things: what is never changed in place need not be compared further."""
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))


def _begins_clause(phrase: Phrase, at: int) -> bool:
    """Whether a clause begins here behind a comma: "…, and your oxygen is 97 %"."""
    word = phrase[at].lower
    if word in _JOINTS and at + 1 < len(phrase):
        word = phrase[at + 1].lower
    return bool(phrase[at - 1].after) and word in _CLAUSE_STARTS


_PART = {
    FactKind.VITAL: Part.OBJECTIVE,
    FactKind.RESULT: Part.OBJECTIVE,
    FactKind.FINDING: Part.OBJECTIVE,
    FactKind.PLAN: Part.PLAN,
}


def _assertion(mention: Mention) -> Assertion:
    if mention.absent:
        return Assertion.ABSENT
    return Assertion.FAMILY if mention.family else Assertion.PRESENT


def _rank(line: Omission) -> tuple[int, int]:
    kinds = list(FactKind)
    if line.kind in _FIRST:
        return 0, kinds.index(line.kind)
    return (1, 0) if line.assertion is Assertion.ABSENT else (2, 0)
