"""A visit without a service: a recording or a written dialogue goes the same way as live, into a log in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from live_scribe.again import Attention
from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.draft import DraftChange
from live_scribe.core.fold import apply
from live_scribe.core.languages import DEFAULT
from live_scribe.core.lexicon import NO_LEXICON, Lexicon
from live_scribe.core.log import Entry
from live_scribe.core.note import MACHINE, Section
from live_scribe.core.visit import Visit
from live_scribe.core.wire import summary
from live_scribe.core.words import Role, Utterance
from live_scribe.hub import Message
from live_scribe.listening import Ears
from live_scribe.ports import EventStore, NoteAdvisor, NoteWriter, Recording
from live_scribe.session import VisitSession

LOCAL_VISIT = "local"
"""The id of a visit that is not kept."""


class Silent:
    """A note writer for those who want the transcript alone."""

    def observe(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        """Return nothing."""
        return ()

    def correct(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        """Return nothing."""
        return ()

    def forget(self, utterances: Sequence[str]) -> tuple[DraftChange, ...]:
        """Return nothing."""
        return ()


async def open_local(
    store: EventStore,
    writer: Callable[[Visit], NoteWriter],
    *,
    template: str,
    sections: tuple[Section, ...],
    patient: Mapping[str, str | None],
    at: str,
    language: str = DEFAULT,
    ears: Callable[[], Ears] | None = None,
    attention: Callable[[], Attention] | None = None,
    advisor: Callable[[Visit], NoteAdvisor | None] | None = None,
    lexicon: Lexicon = NO_LEXICON,
) -> VisitSession:
    """Return a session for a visit that lives in `store` alone, opened at the time `at` (ISO 8601)."""
    fact = e.VisitOpened(
        template=template,
        sections=sections,
        consent=e.Consent(given=True, method="local"),
        patient=dict(patient),
        language=language,
    )
    entry = Entry(seq=1, at=at, by=MACHINE, clock=0.0, fact=fact)
    visit = apply(Visit(id=LOCAL_VISIT), entry)
    await store.append(visit.id, [entry], summary(visit))
    return VisitSession(
        visit,
        store=store,
        writer=writer(visit),
        sound=None,
        ears=ears or _no_ears,
        attention=attention,
        wall_clock=lambda: at,
        advisor=advisor(visit) if advisor else None,
        lexicon=lexicon,
    )


def _no_ears() -> Ears:
    raise RuntimeError("a written dialogue is not heard")


async def hear_recording(
    session: VisitSession, recording: Recording, observe: Callable[[Message], None] | None = None
) -> Visit:
    """Hear `recording` to its end, and a second time where the session has the attention for it; return the visit.

    `observe` is told of each fact and hint as it comes.
    """
    if observe is not None:
        session.hub.observe(observe)
    await session.listen(recording)
    await session.look_again(recording)
    await session.draft()
    await session.advise()
    return session.visit


async def draft_dialogue(session: VisitSession, utterances: Sequence[Utterance]) -> Visit:
    """Draft a written dialogue, turn by turn as it would be heard, and return the visit."""
    for said in utterances:
        if said.speaker is not None and said.role not in (None, Role.UNKNOWN):
            await session.handle(c.NameRole(speaker=said.speaker, role=said.role, confidence=1.0))
        await session.handle(c.CommitWords(words=said.words))
        await session.handle(c.CloseUtterance(count=len(said.words), speaker=said.speaker, role=said.role))
        await session.draft()
    await session.advise()
    return session.visit
