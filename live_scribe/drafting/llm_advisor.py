"""The language-model writer: shows a stretch of talk to a model, and lets in what the grounding check bears out.

A sentence of the model takes the place of what the built-in writer said only where it says all of that too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from live_scribe.core.advice import Advice, Stretch
from live_scribe.core.draft import Proposal, Refusal
from live_scribe.core.note import Assertion
from live_scribe.core.words import Role, Utterance
from live_scribe.drafting.claims import DENIED, IF, KIN, OVER, UNSURE, allows
from live_scribe.drafting.drafts import evidence
from live_scribe.drafting.grounding import STRUCTURED, Grounded, Grounding, is_light
from live_scribe.drafting.known_words import named
from live_scribe.drafting.llm_answer import Written, most_statements, read_answer, schema
from live_scribe.drafting.llm_client import ChatClient
from live_scribe.drafting.person import person_of
from live_scribe.drafting.said import Mention, claims
from live_scribe.drafting.vocabulary import Vocabulary, vocabulary
from live_scribe.templates import Template as NoteTemplate

MOST_TALK_CHARS = 6000
"""Of one stretch: 1500 tokens, so that a small model's window also holds the rules, the drafts and the answer."""
MOST_CHARS_EACH = 1500
"""Of one utterance; a longer one is shown to here."""
TOKENS_EACH = 80
"""So much a model may write for one sentence: forty words and what JSON needs around them."""
MOST_REFUSED = 10
"""Refused sentences of one answer that are kept: the first tell what is wrong with the model."""
WORTH = 2
"""A sentence beside the built-in writer's must say so many words that those do not: else it only repeats them."""
CONFIDENCE = 0.7
"""Of a model's sentence: borne out word by word, but put together by something that guesses."""

_ROLES = {Role.DOCTOR: "DOCTOR", Role.PATIENT: "PATIENT", Role.COMPANION: "COMPANION", Role.OTHER: "OTHER"}


@cache
def _prompt(name: str) -> Template:
    folder = Path(__file__).with_name("prompts")
    return SandboxedEnvironment(loader=FileSystemLoader(folder), undefined=StrictUndefined).get_template(name)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may stand, and the built-in writer's that it may stand for."""

    written: Written
    grounded: Grounded
    covers: tuple[Proposal, ...] = field(default=())


class LanguageModelAdvisor:
    """ports.NoteAdvisor for the visits of one template and patient; the client is shared by all."""

    def __init__(self, client: ChatClient, template: NoteTemplate, patient: Mapping[str, str | None]) -> None:
        """Raises TemplateError."""
        self.name = client.model
        self._client = client
        self._vocabulary = vocabulary(template)
        self._sections = {s.id: s for s in template.sections}
        self._free = [s for s in template.sections if s.id not in STRUCTURED]
        self._person = person_of(patient.get("sex"))

    async def advise(self, stretch: Stretch) -> Advice:
        """Return what the model makes of a stretch of talk. Raises WriterError."""
        shown = _shown(stretch.utterances)
        form = schema([s.id for s in self._free], [u.id for u in shown])
        most = TOKENS_EACH * most_statements(shown)
        written = read_answer(await self._client.complete(self._messages(shown, stretch), form, most))
        return self.judge(stretch, written)

    def _messages(self, shown: Sequence[Utterance], stretch: Stretch) -> list[dict[str, str]]:
        she = self._she(stretch.drafted)
        patient = f'the patient as "the patient" or "{she}"' if she else 'the patient as "the patient"'
        talk = [
            {"id": u.id, "who": _ROLES.get(u.role or Role.UNKNOWN, "SOMEBODY"), "text": u.heard[:MOST_CHARS_EACH]}
            for u in shown
        ]
        drafted = [
            {"section": p.section, "text": p.text, "cites": ", ".join(ev.utterance for ev in p.evidence)}
            for p in self._open(stretch.drafted)
        ]
        system = _prompt("system.txt.j2").render(patient=patient, sections=self._free)
        asked = _prompt("stretch.txt.j2").render(talk=talk, drafted=drafted)
        return [{"role": "system", "content": system}, {"role": "user", "content": asked}]

    def _she(self, drafted: Sequence[Proposal]) -> str | None:
        """Return "he" or "she": as recorded, else as the built-in writer took it from the talk; null where unknown."""
        if self._person is not None:
            return self._person.subject
        begun = {p.text.split()[0].lower() for p in drafted if p.assertion is not Assertion.FAMILY and p.text.split()}
        told = begun & {"he", "she"}
        return told.pop() if len(told) == 1 else None

    def _open(self, drafted: Sequence[Proposal]) -> list[Proposal]:
        """Return what a model may say in other words: nothing that carries values."""
        return [p for p in drafted if p.item is None and p.section not in STRUCTURED]

    def judge(self, stretch: Stretch, written: Sequence[Written]) -> Advice:
        """Return what of an answer may stand, and what not and why. Pure."""
        sex = {"he": "M", "she": "F"}.get(self._she(stretch.drafted) or "")
        grounding = Grounding(stretch.utterances, self._sections, self._vocabulary, sex)
        refused: list[Refusal] = []
        candidates: list[_Candidate] = []
        for one in written:
            grounded = grounding.check(one.section, one.text, one.cites)
            if grounded.reasons:
                cites = tuple(c for c in one.cites if c.isalnum())
                refused.append(
                    Refusal(section=one.section[:64], text=one.text[:400], cites=cites, reasons=grounded.reasons)
                )
            else:
                candidates.append(_Candidate(one, grounded))
        proposals = _Choice(stretch, self._open(stretch.drafted), self._vocabulary, self.name).choose(candidates)
        return Advice(proposals=tuple(proposals), refused=tuple(refused[:MOST_REFUSED]))


class _Choice:
    """Decides which of the sentences that may stand take whose place."""

    def __init__(self, stretch: Stretch, drafted: Sequence[Proposal], known: Vocabulary, model: str) -> None:
        self._stretch = stretch
        self._drafted = {p.key: (p, _told(p.text, known)) for p in drafted}
        self._all = [m for p in stretch.drafted for m in _told(p.text, known)]
        self._known = known
        self._find = named(known)
        self._model = model

    def choose(self, candidates: Sequence[_Candidate]) -> list[Proposal]:
        """Return the proposals: whose sentence covers most comes first; what only repeats is left out."""
        found = [_Candidate(c.written, c.grounded, self._covered(c.grounded, c.written)) for c in candidates]
        found.sort(key=lambda c: -len(c.covers))
        out: list[Proposal] = []
        taken: set[str] = set()
        added = list(self._all)
        for each in found:
            covers = tuple(p for p in each.covers if p.key not in taken)
            new = [m for m in each.grounded.claimed if not is_light(m.word) and not _says(added, m)]
            if not covers and len({m.word for m in new}) < WORTH:
                continue
            if len(covers) == 1 and covers[0].text == each.written.text:
                continue
            out.append(self._proposal(each, covers))
            taken |= {p.key for p in covers}
            added += each.grounded.claimed
        return out

    def _covered(self, grounded: Grounded, written: Written) -> tuple[Proposal, ...]:
        """Return the drafted sentences all of which this one says too, meant alike, of the same words of the talk."""
        here = {self._stretch.utterances[place].id for place in grounded.places}
        fitting = [
            p
            for p, told in self._drafted.values()
            if p.section == written.section
            and here.issuperset(ev.utterance for ev in p.evidence)
            and told
            and all(_says(grounded.claimed, m) for m in told)
            and self._names(written.text.lower()).issuperset(self._names(p.text.lower()))
        ]
        return tuple(p for p in fitting if (p.problem, p.assertion) == (fitting[0].problem, fitting[0].assertion))

    def _names(self, text: str) -> set[str]:
        return set(self._find(text))

    def _proposal(self, each: _Candidate, covers: tuple[Proposal, ...]) -> Proposal:
        text = " ".join(each.written.text.split())
        rests_on = {
            self._stretch.utterances[place].id: self._stretch.utterances[place] for place in each.grounded.places
        }
        found = evidence(tuple(m.token for m in each.grounded.support), rests_on)
        digest = hashlib.sha256(f"{each.written.section}:{text}".encode()).hexdigest()[:8]
        first = covers[0] if covers else None
        return Proposal(
            key=first.key if first else f"{found[0].utterance}:m{digest}",
            section=each.written.section,
            text=text if text.endswith((".", "!")) else f"{text}.",
            evidence=found,
            assertion=first.assertion if first else _assertion(each.grounded.claimed),
            confidence=min((p.confidence for p in covers), default=CONFIDENCE),
            problem=first.problem if first else None,
            doubts=each.grounded.doubts,
            writer=self._model,
            covers=tuple(p.key for p in covers),
        )


def _told(text: str, known: Vocabulary) -> list[Mention]:
    return [m for m in claims(text, known) if not is_light(m.word)]


def _says(told: Sequence[Mention], one: Mention) -> bool:
    return any(m.word == one.word and allows(m.meant, one.meant) for m in told)


def _assertion(claimed: Sequence[Mention]) -> Assertion:
    """Return what a sentence claims, by how its words are meant."""
    marks = frozenset.intersection(*(m.meant for m in claimed))
    if any(mark.startswith(KIN) for m in claimed for mark in m.meant):
        return Assertion.FAMILY
    if DENIED in marks:
        return Assertion.ABSENT
    if IF in marks:
        return Assertion.HYPOTHETICAL
    if UNSURE in marks:
        return Assertion.POSSIBLE
    return Assertion.HISTORICAL if OVER in marks else Assertion.PRESENT


def _shown(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Return the latest of these utterances that a prompt has room for."""
    out: list[Utterance] = []
    room = MOST_TALK_CHARS
    for said in reversed(utterances):
        room -= min(len(said.heard), MOST_CHARS_EACH) + 16
        if room < 0 and out:
            break
        out.append(said)
    return out[::-1]
