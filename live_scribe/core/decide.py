"""The one door: `decide(visit, command, actor) -> facts`. Here a command is refused, or becomes what happened.

Pure: ids come from the visit's counters, times from the log's entries. Nothing is changed here; `fold.apply` does that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.decide_draft import decide_draft
from live_scribe.core.decide_note import NOTE_DECISIONS
from live_scribe.core.decide_readings import MACHINE_READINGS, READING_DECISIONS
from live_scribe.core.decide_strike import strike_audio
from live_scribe.core.decide_transcript import MACHINE_DECISIONS, TRANSCRIPT_DECISIONS
from live_scribe.core.states import MACHINE_WRITES, Action, VisitState, step
from live_scribe.core.visit import Visit
from live_scribe.errors import CommandRefused

MAX_TEXT = 100_000
"""Characters in one text that a person sends: more than any statement needs, little enough to handle."""

_MACHINE: dict[type, Callable[[Visit, Any], tuple[e.Fact, ...]]] = {
    **MACHINE_DECISIONS,
    **MACHINE_READINGS,
    c.Draft: decide_draft,
}
_EDITS: dict[type, Callable[[Visit, Any], tuple[e.Fact, ...]]] = {
    **NOTE_DECISIONS,
    **TRANSCRIPT_DECISIONS,
    **READING_DECISIONS,
    c.StrikeAudio: strike_audio,
}
_WAY = {
    c.Pause: Action.PAUSE,
    c.Resume: Action.RESUME,
    c.End: Action.END,
    c.Submit: Action.SUBMIT,
    c.Return: Action.RETURN,
    c.Sign: Action.SIGN,
    c.AddAddendum: Action.AMEND,
}


def decide(visit: Visit, command: c.Command, actor: c.Actor | None) -> tuple[e.Fact, ...]:
    """Return the facts that `command` by `actor` makes; with no actor it is the machine's.

    Raises CommandRefused: stale, wrong-state, forbidden, unknown-id, invalid, unconfirmed-token. The machine is never
    refused: where it may not write (any more), nothing happens.
    """
    kind = type(command)
    if actor is None:
        return _MACHINE[kind](visit, command) if visit.state in MACHINE_WRITES else ()
    if kind in _WAY:
        return _go(visit, command, step(visit.state, _WAY[kind], actor.role), actor)
    step(visit.state, Action.EDIT, actor.role)
    _check_text(command)
    return _EDITS[kind](visit, command)


def _go(visit: Visit, command: c.Command, target: VisitState, actor: c.Actor) -> tuple[e.Fact, ...]:
    _check_text(command)
    if isinstance(command, c.Submit):
        return (e.StateChanged(state=target, attestation=command.attestation),)
    if isinstance(command, c.Return):
        return (e.StateChanged(state=target, comment=command.comment),)
    if isinstance(command, c.Sign):
        return _sign(visit, command, target)
    if isinstance(command, c.AddAddendum):
        if visit.signature is None or visit.signature.by != actor.name:
            raise CommandRefused("forbidden", "an addendum is for the provider who signed")
        if not command.text.strip():
            raise CommandRefused("invalid", "text: an addendum needs words")
        added = e.AddendumAdded(addendum=f"a{visit.counters.addendum}", text=command.text.strip())
        return (added,) if visit.state is target else (added, e.StateChanged(state=target))
    return (e.StateChanged(state=target),)


def _sign(visit: Visit, command: c.Sign, target: VisitState) -> tuple[e.Fact, ...]:
    doubtful = next(visit.unconfirmed(), None)
    if doubtful is not None:
        raise CommandRefused(
            "unconfirmed-token", "a drug, dose or number has not been confirmed yet", subject=doubtful[0].id
        )
    return (e.StateChanged(state=target, content_hash=command.content_hash, attestation=command.attestation),)


def _check_text(command: c.Command) -> None:
    for name in ("text", "comment", "attestation", "reason"):
        text = getattr(command, name, None)
        if text is not None and len(text) > MAX_TEXT:
            raise CommandRefused("invalid", f"{name}: longer than {MAX_TEXT} characters")
