"""The way of a visit from the first word to the signature, as one table; what is not in it may not happen."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from live_scribe.errors import CommandRefused


class VisitState(StrEnum):
    """Where a visit stands."""

    RECORDING = "recording"
    PAUSED = "paused"
    REVIEW = "review"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    AMENDED = "amended"


class UserRole(StrEnum):
    """What an account is for."""

    SCRIBE = "scribe"
    PROVIDER = "provider"
    REVIEWER = "reviewer"
    CODER = "coder"
    ADMIN = "admin"


class Action(StrEnum):
    """What people do to a visit as a whole, and `edit` for all that changes its note or transcript."""

    RECORD = "record"
    EDIT = "edit"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    SUBMIT = "submit"
    RETURN = "return"
    SIGN = "sign"
    AMEND = "amend"


_S, _A, _R = VisitState, Action, UserRole
_DESK = frozenset({_R.SCRIBE, _R.PROVIDER})
_PROVIDER = frozenset({_R.PROVIDER})
# A reviewer plays recordings in and ends them, and never touches the note that comes of it.
_CAPTURE = frozenset({_R.SCRIBE, _R.PROVIDER, _R.REVIEWER})

TABLE: MappingProxyType[VisitState, dict[Action, tuple[frozenset[UserRole], VisitState]]] = MappingProxyType(
    {
        _S.RECORDING: {
            _A.RECORD: (_CAPTURE, _S.RECORDING),
            _A.EDIT: (_DESK, _S.RECORDING),
            _A.PAUSE: (_CAPTURE, _S.PAUSED),
            _A.END: (_CAPTURE, _S.REVIEW),
        },
        _S.PAUSED: {
            _A.EDIT: (_DESK, _S.PAUSED),
            _A.RESUME: (_CAPTURE, _S.RECORDING),
            _A.END: (_CAPTURE, _S.REVIEW),
        },
        _S.REVIEW: {
            _A.EDIT: (_DESK, _S.REVIEW),
            _A.SUBMIT: (_DESK, _S.SUBMITTED),
            _A.SIGN: (_PROVIDER, _S.SIGNED),
        },
        _S.SUBMITTED: {
            _A.EDIT: (_PROVIDER, _S.SUBMITTED),
            _A.RETURN: (_PROVIDER, _S.REVIEW),
            _A.SIGN: (_PROVIDER, _S.SIGNED),
        },
        _S.SIGNED: {_A.AMEND: (_PROVIDER, _S.AMENDED)},
        _S.AMENDED: {_A.AMEND: (_PROVIDER, _S.AMENDED)},
    }
)
"""state -> what may be done -> (by whom, and where that leads)."""

MACHINE_WRITES = frozenset({_S.RECORDING, _S.PAUSED, _S.REVIEW})
"""States in which hearing and drafting may still add facts: what was said just before the end is heard after it."""


def step(state: VisitState, action: Action, role: UserRole) -> VisitState:
    """Return the state that `action` by `role` leads to. Raises CommandRefused: forbidden, or wrong-state."""
    anywhere = [row[action][0] for row in TABLE.values() if action in row]
    if not any(role in roles for roles in anywhere):
        raise CommandRefused("forbidden", f"a {role} may not {action} a visit")
    allowed = TABLE[state].get(action)
    if allowed is None:
        raise CommandRefused("wrong-state", f"{action} is not possible while the visit is {state}")
    roles, target = allowed
    if role not in roles:
        raise CommandRefused("forbidden", f"a {role} may not {action} while the visit is {state}")
    return target
