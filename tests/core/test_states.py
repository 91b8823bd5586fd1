"""The way of a visit to its signature: every state, every action, every role."""

from __future__ import annotations

import pytest

from live_scribe.core import commands as c
from live_scribe.core.states import TABLE, Action, UserRole, VisitState, step
from live_scribe.errors import CommandRefused
from tests.core.visits import OTHER_SCRIBE, PROVIDER, REVIEWER, SCRIBE, Desk, proposal

SIGN = c.Sign(content_hash="0" * 64)


def test_every_state_has_a_row_and_every_cell_leads_where_it_says() -> None:
    assert set(TABLE) == set(VisitState)
    for state in VisitState:
        for action in Action:
            for role in UserRole:
                allowed = action in TABLE[state] and role in TABLE[state][action][0]
                if allowed:
                    assert step(state, action, role) is TABLE[state][action][1]
                else:
                    with pytest.raises(CommandRefused) as refused:
                        step(state, action, role)
                    assert refused.value.code in ("forbidden", "wrong-state")


def test_the_way_to_the_signature_and_the_addendum() -> None:
    desk = Desk()
    desk.do(c.Pause())
    desk.do(c.Resume())
    desk.do(c.End())
    desk.do(c.Submit(attestation="as heard"))
    desk.do(c.Return(comment="check the dose"), PROVIDER)
    assert desk.visit.comment == "check the dose"
    desk.do(c.Submit())
    desk.do(SIGN, PROVIDER)
    assert desk.visit.signature is not None and desk.visit.signature.by == "dr.lee"
    desk.do(c.AddAddendum(text="Called the patient."), PROVIDER)
    desk.do(c.AddAddendum(text="Again."), PROVIDER)
    assert desk.visit.state is VisitState.AMENDED
    assert [a.text for a in desk.visit.addenda] == ["Called the patient.", "Again."]


def refused(desk: Desk, command: c.Command, actor: c.Actor) -> str:
    with pytest.raises(CommandRefused) as refusal:
        desk.do(command, actor)
    return refusal.value.code


def test_who_may_not_sign_edit_or_add() -> None:
    desk = Desk()
    desk.say("hello")
    desk.draft(proposal("u1:0", "Hello."))
    edit = c.EditStatement(statement="s1", base_version=1, text="Hi.")
    assert refused(desk, edit, REVIEWER) == "forbidden"
    assert refused(desk, SIGN, PROVIDER) == "wrong-state"
    desk.do(c.End())
    assert refused(desk, SIGN, SCRIBE) == "forbidden"
    desk.do(c.Submit())
    assert refused(desk, edit, SCRIBE) == "forbidden"
    desk.do(edit, PROVIDER)
    desk.do(SIGN, PROVIDER)
    assert refused(desk, edit, PROVIDER) == "wrong-state"
    another = c.Actor(name="dr.who", role=UserRole.PROVIDER)
    assert refused(desk, c.AddAddendum(text="x"), another) == "forbidden"
    assert refused(desk, c.AddAddendum(text=" "), PROVIDER) == "invalid"


def test_a_note_with_an_unconfirmed_token_is_not_signed() -> None:
    desk = Desk()
    desk.say("take fifty milligrams")
    desk.draft(proposal("u1:0", "50mg daily.", doubt=True))
    desk.do(c.End())
    assert refused(desk, SIGN, PROVIDER) == "unconfirmed-token"
    desk.do(c.ConfirmFlag(statement="s1", flag="f1"), OTHER_SCRIBE)
    desk.do(SIGN, PROVIDER)
    assert desk.visit.state is VisitState.SIGNED


def test_after_the_signature_the_machine_says_nothing_any_more() -> None:
    desk = Desk()
    desk.say("hello")
    desk.do(c.End())
    desk.do(SIGN, PROVIDER)
    before = desk.visit
    assert desk.draft(proposal("u1:0", "Hello.")) == ()
    desk.say("still talking")
    assert desk.visit == before
