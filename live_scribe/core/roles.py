"""Doctor or patient, by what they say: a linear model on words and pairs of words, pooled over all a voice has said.

One turn is often not enough ("Okay."), ten of each voice nearly always are. The weights are passed in; they come from
`training/roles.py`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from live_scribe.core.words import Role

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|\?")

TURN_LIMIT = 3.0
"""No single turn counts for more (log-odds): a patient who quotes the doctor must not become one."""

TEMPER = 0.5
"""Turns of a voice are about the same thing, so their evidence is not independent: each counts half."""

COMPANION_MIDDLE = -0.3
"""Patients' turns lie at -1.4 on average and companions' at 0.8 (log-odds, held-out dialogues): the middle between."""

ABOUT_MIDDLE = -0.8
"""Doctors' turns to patients lie at -1.9 on average, to companions at 0.3 (log-odds, held-out dialogues)."""

COMPANION_PRIOR = -4.0
"""A companion who speaks is heard in few visits, and their turns read much like the patient's."""

SURE = 0.8
"""Below this confidence a voice stays `unknown`: an unnamed voice misleads nobody."""

SURE_TURN = 0.7
"""The same for a single turn: of valid's turns above it nine in ten are right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermWeights:
    """A logistic regression: log-odds are `bias` and the terms that are there, over the root of their number."""

    bias: float
    terms: Mapping[str, float] = field(repr=False)

    def log_odds(self, text: str) -> float:
        """Return the log-odds for `text`; `bias` alone where it knows none of its words."""
        known = [self.terms[gram] for gram in grams(text) if gram in self.terms]
        return self.bias + sum(known) / math.sqrt(len(known)) if known else self.bias


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWeights:
    """What speaks for the doctor and for a companion, each against the patient, and for a doctor who asks a companion.

    "Is he eating?" says little of who answers by what they say, but much by what was asked.
    """

    doctor: TermWeights
    companion: TermWeights
    about: TermWeights = TermWeights(bias=ABOUT_MIDDLE, terms={})


def read_weights(text: str) -> RoleWeights:
    """Return the weights that `training/roles.py` wrote. Raises ValueError where `text` is not such a file."""
    try:
        return RoleWeights(**{name: TermWeights(**part) for name, part in json.loads(text).items()})
    except (AttributeError, TypeError) as exc:
        raise ValueError("not a file of role weights") from exc


def grams(text: str) -> frozenset[str]:
    """Return the lower-case words, numbers and question marks of `text`, and the pairs of neighbours among them."""
    words = _TOKEN.findall(text.lower().replace("\u2019", "'"))
    return frozenset(words) | {f"{a} {b}" for a, b in pairwise(words)}


@dataclass(slots=True)
class _Pool:
    """What a voice's turns add up to."""

    doctor: float = 0.0
    companion: float = 0.0
    about: float = 0.0
    turns: int = 0


Evidence = tuple[str, float, float, float]
"""Of one utterance: its voice, and its log-odds for doctor, for companion, and for a doctor who asks a companion."""


class RoleTracker:
    """The roles of a visit's voices so far. Work per utterance does not grow with the visit."""

    def __init__(self, weights: RoleWeights) -> None:
        self._weights = weights
        self._said: dict[str, Evidence] = {}
        self._pools: dict[str, _Pool] = {}
        self._assigned: dict[str, Role] = {}

    def observe(self, utterance: str, speaker: str | None, text: str) -> dict[str, tuple[Role, float]]:
        """Count what `speaker` said, and return the role of each voice with its confidence (0.5 to 1).

        An utterance of the same id replaces the earlier one, whether its words or its voice changed.
        """
        self.forget([utterance])
        if speaker is not None:
            self._add(utterance, speaker, text)
        return self.roles()

    def forget(self, utterances: Iterable[str]) -> None:
        """Take these utterances out of the count."""
        for utterance in utterances:
            if (said := self._said.pop(utterance, None)) is not None:
                self._count(said, -1)

    def assign(self, speaker: str, role: Role | None) -> dict[str, tuple[Role, float]]:
        """Take a person's word for a voice's role, which is final, or take it back with None. Returns all roles."""
        if role is None:
            self._assigned.pop(speaker, None)
        else:
            self._assigned[speaker] = role
        return self.roles()

    def turn_role(self, text: str) -> tuple[Role, float]:
        """Return the role of a single turn of which no voice is known, and the confidence."""
        doctor = _probability(self._weights.doctor.log_odds(text))
        role, sure = (Role.DOCTOR, doctor) if doctor >= 0.5 else (Role.PATIENT, 1 - doctor)
        return (role if sure >= SURE_TURN else Role.UNKNOWN), sure

    def roles(self) -> dict[str, tuple[Role, float]]:
        """Return the role of each voice with its confidence; what a person assigned has confidence 1."""
        casts = [(cast, math.exp(odds)) for cast, odds in _relative(self._casts())]
        whole = sum(weight for _, weight in casts)
        best, _ = max(casts, key=lambda it: it[1])
        roles: dict[str, tuple[Role, float]] = {}
        for voice, role in best.items():
            sure = sum(weight for cast, weight in casts if cast[voice] is role) / whole
            roles[voice] = (role if sure >= SURE else Role.UNKNOWN, sure)
        return roles | {voice: (role, 1.0) for voice, role in self._assigned.items()}

    def _casts(self) -> Iterator[tuple[dict[str, Role], float]]:
        """Yield each way to give the voices roles, with its log-odds: one doctor at most, one patient at most.

        Two voices or more have a doctor among them; all others but the patient are companions.
        """
        taken = set(self._assigned.values())
        voices = [voice for voice in self._pools if voice not in self._assigned]
        doctors: list[str | None] = [] if Role.DOCTOR in taken else [*voices]
        if not doctors or len(self._pools) < 2:
            doctors.append(None)
        for doctor in doctors:
            others = [] if Role.PATIENT in taken else [voice for voice in voices if voice != doctor]
            for patient in (*others, None):
                cast = {voice: _role_in_cast(voice, doctor, patient) for voice in voices}
                yield cast, sum(self._odds(voice, role) for voice, role in cast.items()) + self._about(cast)

    def _about(self, cast: Mapping[str, Role]) -> float:
        """Return the log-odds, by how the doctor talks, that there is a companion, if this cast has one."""
        roles = {**cast, **self._assigned}
        if Role.COMPANION not in roles.values():
            return 0.0
        return TEMPER * sum(self._pools[v].about for v, r in roles.items() if r is Role.DOCTOR and v in self._pools)

    def _odds(self, voice: str, role: Role) -> float:
        """Return the log-odds of `role` for `voice`, against its being the patient."""
        pool = self._pools[voice]
        if role is Role.COMPANION:
            return TEMPER * pool.companion + COMPANION_PRIOR
        return TEMPER * pool.doctor if role is Role.DOCTOR else 0.0

    def _add(self, utterance: str, speaker: str, text: str) -> None:
        doctor, companion = self._weights.doctor.log_odds(text), self._weights.companion.log_odds(text)
        about = self._weights.about.log_odds(text) - ABOUT_MIDDLE
        said = (speaker, _limited(doctor), _limited(companion - COMPANION_MIDDLE), _limited(about))
        self._said[utterance] = said
        self._count(said, 1)

    def _count(self, said: Evidence, sign: int) -> None:
        speaker, doctor, companion, about = said
        pool = self._pools.setdefault(speaker, _Pool())
        pool.doctor += sign * doctor
        pool.companion += sign * companion
        pool.about += sign * about
        pool.turns += sign
        if pool.turns == 0:
            del self._pools[speaker]


def _role_in_cast(voice: str, doctor: str | None, patient: str | None) -> Role:
    if voice == doctor:
        return Role.DOCTOR
    return Role.PATIENT if voice == patient else Role.COMPANION


def _relative(casts: Iterable[tuple[dict[str, Role], float]]) -> list[tuple[dict[str, Role], float]]:
    """Return the casts with their log-odds against the best one's, which never overflow."""
    known = list(casts)
    most = max(odds for _, odds in known)
    return [(cast, odds - most) for cast, odds in known]


def _limited(log_odds: float) -> float:
    return max(-TURN_LIMIT, min(TURN_LIMIT, log_odds))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
