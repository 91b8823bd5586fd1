"""A person says who spoke: what was drafted from it follows."""

from __future__ import annotations

from dataclasses import replace

from live_scribe import scribing, templates
from live_scribe.core import commands as c
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.states import UserRole
from live_scribe.core.words import Role
from live_scribe.drafting.rules import RuleWriter
from live_scribe.session import VisitSession
from live_scribe.storage.memory import MemoryStore

SCRIBE = c.Actor(name="sam", role=UserRole.SCRIBE)
TALK = """[doctor] What brings you in today?
[patient] My left knee has been hurting for two weeks.
[doctor] Any fevers?
[patient] No.
"""


async def session_of(dialogue: str) -> VisitSession:
    template = templates.load("soap")
    session = await scribing.open_local(
        MemoryStore(),
        lambda _: RuleWriter(template, {}),
        template="soap",
        sections=template.sections,
        patient={},
        at="",
    )
    voices = {Role.DOCTOR: "S1", Role.PATIENT: "S2"}
    said = [replace(u, speaker=voices[Role(u.role or "unknown")]) for u in parse_dialogue(dialogue)]
    await scribing.draft_dialogue(session, said)
    return session


def texts(session: VisitSession) -> list[str]:
    return sorted(s.text for s in session.visit.statements.values() if not s.deleted)


async def test_swapped_roles_take_the_patients_words_out_of_the_history_and_back_into_it() -> None:
    session = await session_of(TALK)
    before = texts(session)
    assert any("knee" in text for text in before)
    await session.handle(c.SwapRoles(a="S1", b="S2"), SCRIBE)
    await session.draft()
    assert session.visit.speakers["S1"].role is Role.PATIENT
    assert texts(session) != before
    await session.handle(c.SwapRoles(a="S1", b="S2"), SCRIBE)
    await session.draft()
    assert texts(session) == before


async def test_an_answer_given_to_the_doctor_denies_nothing_any_more() -> None:
    session = await session_of(TALK)
    denied = [text for text in texts(session) if "fever" in text.lower()]
    assert denied
    answer = next(u.id for u in session.visit.utterances.values() if u.text == "No.")
    await session.handle(c.AssignSpeaker(utterance=answer, speaker="S1"), SCRIBE)
    await session.draft()
    assert not set(denied) & set(texts(session))
