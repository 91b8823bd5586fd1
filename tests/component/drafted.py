"""Short dialogues for the note writer's tests, and what it makes of them."""

from __future__ import annotations

from collections.abc import Sequence

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import DraftChange, Proposal
from live_scribe.drafting.rules import RuleWriter, draft

TEMPLATE = templates.load("soap")
HISTORY = "[doctor] What brings you in today?\n[patient] My knee has been hurting for two weeks.\n"


def drafted(dialogue: str, sex: str | None = "M") -> tuple[Proposal, ...]:
    """Return what stands in the note when the dialogue has been heard."""
    return draft(parse_dialogue(dialogue), TEMPLATE, {"sex": sex})


def texts(dialogue: str, section: str | None = None, sex: str | None = "M") -> list[str]:
    """Return the note's sentences, of one section or all."""
    return [p.text for p in drafted(dialogue, sex) if section in (None, p.section)]


def writer(sex: str | None = "M") -> RuleWriter:
    """Return a writer that has heard nothing."""
    return RuleWriter(TEMPLATE, {"sex": sex})


def standing(changes: Sequence[DraftChange], before: dict[str, Proposal] | None = None) -> dict[str, Proposal]:
    """Return the proposals by key after these changes."""
    now = dict(before or {})
    for change in changes:
        if isinstance(change, Proposal):
            now[change.key] = change
        else:
            assert change.key in now, "only what stands can be withdrawn"
            del now[change.key]
    return now
