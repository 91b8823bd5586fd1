"""Completeness: what the template wants spoken of, and how far each of it has come.

A topic is not asked yet, asked, answered (or told without being asked), or noted: a statement that stands holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from live_scribe.core.note import Part, Section, Statement
from live_scribe.core.visit import Visit
from live_scribe.core.words import Role, Utterance

ANSWER_WITHIN = 3
"""Utterances behind a question in which its answer is looked for; between them somebody says "okay"."""

_THEIRS = frozenset({Role.PATIENT, Role.COMPANION})
_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")
_ASKS = re.compile(
    r"\s*(?:(?:and|so|okay|now|um|uh|also|then|any|what|when|where|which|who|why|how|do|does|did|have|has|had|are|is|"
    r"was|were|can|could)\b)"
)


class Coverage(StrEnum):
    """How far a topic has come."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    ANSWERED = "answered"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicState:
    """A topic and how far it has come. `utterance`: where it was last spoken of, null where it was not."""

    id: str
    section: str
    title: str
    required: bool
    state: Coverage
    utterance: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """All topics in the template's order. `score`: of those required, the percentage noted; null where none is."""

    topics: tuple[TopicState, ...]
    required: int
    noted: int

    @property
    def score(self) -> int | None:
        """The percentage of the required topics that the note holds."""
        return round(100 * self.noted / self.required) if self.required else None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A topic with its patterns; `whole`: it is a section, which any statement in it fills."""

    id: str
    section: Section
    title: str
    required: bool
    asked: re.Pattern[str] | None
    noted: re.Pattern[str] | None
    whole: bool


class CompletenessWatch:
    """Reads a visit again and again while it grows: each utterance is matched once, and anew where it has changed."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Utterance, frozenset[str], frozenset[str]]] = {}
        self._sections: tuple[Section, ...] = ()

    def read(self, visit: Visit) -> Completeness:
        """Return how complete the visit is as it stands."""
        if visit.sections != self._sections:
            self._sections, self._read = visit.sections, {}
        wanted = _wanted(visit.sections)
        spoken = _spoken(wanted, [self._mentions(u, wanted) for u in visit.utterances.values()])
        standing = [s for s in visit.statements.values() if not s.deleted]
        states = tuple(self._state(w, spoken.get(w.id), standing) for w in wanted)
        required = [s for s in states if s.required]
        noted = sum(s.state is Coverage.NOTED for s in required)
        return Completeness(topics=states, required=len(required), noted=noted)

    def _mentions(self, said: Utterance, wanted: Sequence[_Wanted]) -> tuple[Utterance, frozenset[str], frozenset[str]]:
        """Return the utterance with the ids of the topics asked for in it, and of those told in it."""
        known = self._read.get(said.id)
        if known is None or known[0] is not said:
            known = (said, *_mentioned(said, wanted))
            self._read[said.id] = known
        return known

    @staticmethod
    def _state(wanted: _Wanted, spoken: tuple[Coverage, str] | None, standing: Sequence[Statement]) -> TopicState:
        state, utterance = spoken or (Coverage.NOT_ASKED, None)
        if any(_holds(wanted, s) for s in standing):
            state = Coverage.NOTED
        return TopicState(
            id=wanted.id,
            section=wanted.section.id,
            title=wanted.title,
            required=wanted.required,
            state=state,
            utterance=utterance,
        )


def _holds(wanted: _Wanted, statement: Statement) -> bool:
    if wanted.section.id != statement.section:
        return False
    return wanted.whole or bool(wanted.noted and wanted.noted.search(_small(statement.text)))


def _small(text: str) -> str:
    return text.replace("\u2019", "'").lower()


@lru_cache(maxsize=64)
def _wanted(sections: tuple[Section, ...]) -> tuple[_Wanted, ...]:
    return tuple(_of_sections(sections))


def _of_sections(sections: Sequence[Section]) -> Iterator[_Wanted]:
    for section in sections:
        if section.required or section.asked:
            asked = _pattern(section.asked)
            yield _Wanted(section.id, section, section.title, section.required, asked, None, True)
        for topic in section.topics:
            asked, noted = _pattern(topic.asked), _pattern(topic.noted or topic.asked)
            yield _Wanted(f"{section.id}.{topic.id}", section, topic.title, topic.required, asked, noted, False)


def _pattern(source: str | None) -> re.Pattern[str] | None:
    """A template's patterns were checked when it was loaded; one of an old log that does not compile finds nothing."""
    try:
        return re.compile(source) if source else None
    except re.error:
        return None


def _mentioned(said: Utterance, wanted: Sequence[_Wanted]) -> tuple[frozenset[str], frozenset[str]]:
    asked: set[str] = set()
    told: set[str] = set()
    for sentence in _SENTENCE.findall(_small(said.heard)):
        asks = said.role not in _THEIRS and ("?" in sentence or bool(_ASKS.match(sentence)))
        for topic in wanted:
            if topic.asked and topic.asked.search(sentence):
                # The clinician asks for history, and says what is found, thought and planned.
                asking = asks and topic.section.part is Part.SUBJECTIVE
                (asked if asking else told).add(topic.id)
    return frozenset(asked), frozenset(told)


def _spoken(
    wanted: Sequence[_Wanted], read: Sequence[tuple[Utterance, frozenset[str], frozenset[str]]]
) -> dict[str, tuple[Coverage, str]]:
    """Return how far each topic has come in the talk, and the last utterance that was about it."""
    found: dict[str, tuple[Coverage, str]] = {}
    for at, (said, asked, told) in enumerate(read):
        for topic in told:
            found[topic] = (Coverage.ANSWERED, said.id)
        for topic in asked:
            answer = _answer(said, [r[0] for r in read[at + 1 : at + 1 + ANSWER_WITHIN]])
            before = found.get(topic, (Coverage.NOT_ASKED, said.id))[0]
            answered = answer is not None or before is Coverage.ANSWERED
            found[topic] = (Coverage.ANSWERED if answered else Coverage.ASKED, said.id)
    return found


def _answer(question: Utterance, behind: Sequence[Utterance]) -> Utterance | None:
    """Return the next thing that somebody else says who is not the clinician."""
    others = (u for u in behind if u.speaker != question.speaker or u.speaker is None)
    return next((u for u in others if u.role is not Role.DOCTOR), None)
