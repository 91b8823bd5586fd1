"""What is odd about a talk as a whole: one voice alone, tags turned round, another language, orders to a program.

A note drafted of such a talk may be short or wrong though each sentence in it was said, so whoever reads it is told. A
notice holds no word of the talk, only which utterances it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from live_scribe.core.languages import DEFAULT, DRAFTED, UNKNOWN, reads_as_other
from live_scribe.core.states import VisitState
from live_scribe.core.visit import Visit
from live_scribe.core.words import Role, Utterance

FEW_TURNS = 4
"""With fewer turns nothing is odd about one voice alone: somebody has just begun to talk."""

TURNS_EACH = 6
"""Of so many turns on each side it can be told whether their tags are the wrong way round."""

SWAPPED_BY = 1.0
"""Doctors' turns read so much less like a doctor's than the patients' (log-odds, mean of a turn).

Of ACI-Bench's 87 training and validation visits six have their tags the wrong way round: they lie at -1.4 and below,
all others at 1.7 and above."""

MOSTLY = 0.5
"""More than half of the words in another language: then the short answers between them are not English either."""

MOST_OF_A_TURN = 3.0
"""No single turn counts for more (log-odds), as in core/roles.py."""

OTHER_SIDE = {Role.DOCTOR: Role.PATIENT, Role.PATIENT: Role.DOCTOR}

_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,20}"
    r"\b(?:above|previous|prior|earlier|instructions?|rules|everything you)\b"
    r"|\b(?:new instructions for|previous instructions|system prompt)\b"
    r"|\b(?:write|put|type|add|say|state|record)\b (?:down )?(?:in|into|on) (?:the|my|your) (?:notes?|chart|records?)\b"
    r"|\b(?:ai|scribe|computer|assistant|chat ?gpt|siri|alexa)\b,? (?:please )?"
    r"(?:add|write|put|delete|remove|say|sign|note)\b"
    r"|\bnotes? (?:to|for) the (?:ai|scribe|computer|model|assistant)\b"
    r"|\byou are (?:now )?an? (?:ai|assistant|poet|language model|chatbot)\b"
    r"|\b(?:language model|end of (?:the )?transcript)\b|^\s*(?:system|assistant)\s*:|<\s*/?\s*\w+[^<>]*>",
    re.IGNORECASE,
)
"""Orders to a program rather than words to a person. It only warns, so a harmless hit costs a glance."""


class NoticeCode(StrEnum):
    """What there is to tell of a talk."""

    NOTHING_SAID = "nothing-said"
    ONE_VOICE = "one-voice"
    NOT_NAMED = "speakers-not-named"
    SWAPPED = "roles-swapped"
    OTHER_LANGUAGE = "other-language"
    ORDER = "order-to-a-program"


TEXTS = {
    NoticeCode.NOTHING_SAID: "no words were said: there is nothing to draft",
    NoticeCode.ONE_VOICE: "only one person speaks: questions and answers cannot be told apart, so check what is denied",
    NoticeCode.NOT_NAMED: "no speaker is named doctor or patient: who said what was guessed from the words alone",
    NoticeCode.SWAPPED: "doctor and patient were named the wrong way round, by what they say: they were read swapped",
    NoticeCode.OTHER_LANGUAGE: "some of it is not English: nothing is drafted of that",
    NoticeCode.ORDER: "somebody speaks to the program: no such order is followed, so check the statements made of it",
}
"""What a reader is told, in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that is odd; `utterances` (ids) where it can be pointed at."""

    code: NoticeCode
    utterances: tuple[str, ...] = ()


LogOdds = Callable[[str], float]
"""How much a turn reads like a doctor's against a patient's (core/roles.py)."""


def read_right(said: Sequence[Utterance], doctor: LogOdds) -> tuple[tuple[Utterance, ...], tuple[Notice, ...]]:
    """Return a written talk as the note writer should see it, and what was odd about it.

    Tags that are the wrong way round are turned; where most is in another language, none of it is taken for English.
    """
    notices = [*_voices(said)]
    if swapped(said, doctor):
        said = [replace(u, role=OTHER_SIDE.get(u.role, u.role) if u.role else None) for u in said]
        notices.append(Notice(code=NoticeCode.SWAPPED))
    other = [u for u in said if _foreign(u)]
    if other:
        notices.append(Notice(code=NoticeCode.OTHER_LANGUAGE, utterances=tuple(u.id for u in other)))
    if sum(len(u.words) for u in other) > MOSTLY * sum(len(u.words) for u in said):
        said = [replace(u, language=UNKNOWN) if u.language == DEFAULT else u for u in said]
    if orders := tuple(u.id for u in said if speaks_to_a_program(u.heard)):
        notices.append(Notice(code=NoticeCode.ORDER, utterances=orders))
    return tuple(said), tuple(notices)


class NoticesWatch:
    """Reads a visit again and again while it grows: each utterance is looked at once, and anew where it has changed."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Utterance, bool, bool]] = {}

    def read(self, visit: Visit) -> tuple[Notice, ...]:
        """Return what is odd about the visit as it stands. Whether one voice is alone is told when all has been heard.

        Roles are never turned here: people see them and swap them.
        """
        said = tuple(visit.utterances.values())
        over = visit.state not in (VisitState.RECORDING, VisitState.PAUSED)
        notices = _voices(said) if over else []
        looked = [self._look(u) for u in said]
        if other := tuple(u.id for u, foreign, _ in looked if foreign):
            notices.append(Notice(code=NoticeCode.OTHER_LANGUAGE, utterances=other))
        if orders := tuple(u.id for u, _, order in looked if order):
            notices.append(Notice(code=NoticeCode.ORDER, utterances=orders))
        return tuple(notices)

    def _look(self, said: Utterance) -> tuple[Utterance, bool, bool]:
        known = self._read.get(said.id)
        if known is None or known[0] is not said:
            known = (said, _foreign(said), speaks_to_a_program(said.heard))
            self._read[said.id] = known
        return known


def _foreign(said: Utterance) -> bool:
    return said.language not in DRAFTED or reads_as_other(said.heard)


def speaks_to_a_program(text: str) -> bool:
    """Return whether these words are an order to whatever writes the note."""
    return _ORDER.search(text.replace("\u2019", "'")) is not None


def swapped(said: Sequence[Utterance], doctor: LogOdds) -> bool:
    """Return whether doctor and patient are named the wrong way round, by what they say."""
    turns: dict[Role | None, list[float]] = {Role.DOCTOR: [], Role.PATIENT: []}
    for utterance in said:
        if utterance.role in turns:
            turns[utterance.role].append(max(-MOST_OF_A_TURN, min(MOST_OF_A_TURN, doctor(utterance.heard))))
    if min(len(each) for each in turns.values()) < TURNS_EACH:
        return False
    doctors, patients = (sum(turns[role]) / len(turns[role]) for role in (Role.DOCTOR, Role.PATIENT))
    return doctors - patients < -SWAPPED_BY


def _voices(said: Sequence[Utterance]) -> list[Notice]:
    if not any(re.search(r"\w", u.heard) for u in said):
        return [Notice(code=NoticeCode.NOTHING_SAID)]
    if len(said) < FEW_TURNS:
        return []
    voices = {(u.speaker, u.role) for u in said}
    if all(u.role in (None, Role.UNKNOWN, Role.OTHER) for u in said):
        return [Notice(code=NoticeCode.NOT_NAMED)]
    return [Notice(code=NoticeCode.ONE_VOICE)] if len(voices) == 1 else []
