"""Who may see and do what, before the visit's own table of states (states.py) has its say."""

from __future__ import annotations

from live_scribe.core.commands import Actor
from live_scribe.core.log import VisitSummary
from live_scribe.core.states import UserRole, VisitState

FINISHED = frozenset({VisitState.SIGNED, VisitState.AMENDED})

MAY_OPEN = frozenset({UserRole.SCRIBE, UserRole.PROVIDER, UserRole.REVIEWER})
"""Who may begin a visit; a reviewer does it by playing a recording in."""

MAY_SEE_RULES = frozenset({UserRole.SCRIBE, UserRole.PROVIDER, UserRole.ADMIN})

MAY_AUDIT = frozenset({UserRole.SCRIBE, UserRole.PROVIDER, UserRole.ADMIN})


def may_see(actor: Actor, visit: VisitSummary) -> bool:
    """Return whether the visit exists for this user: else the answer is 404.

    A visit that names nobody is the whole desk's; one that does is theirs and its maker's. Coders see what is signed,
    admins see that every visit is there.
    """
    if actor.role is UserRole.ADMIN:
        return True
    if actor.role is UserRole.CODER:
        return visit.state in FINISHED
    return not visit.participants or actor.name in (*visit.participants, visit.created_by)


def may_read(actor: Actor) -> bool:
    """Return whether the user may read words and notes of a visit they see: an admin keeps the house, not the notes."""
    return actor.role is not UserRole.ADMIN
