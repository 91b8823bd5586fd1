"""What people may do to the note."""

from __future__ import annotations

import pytest

from live_scribe.core import commands as c
from live_scribe.core.note import Assertion, Owner
from live_scribe.errors import CommandRefused
from tests.core.visits import OTHER_SCRIBE, SCRIBE, Desk, proposal


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.say("I have no fever")
    desk.draft(proposal("u1:0", "He denies fever."), proposal("u1:1", "He feels well."))
    return desk


def refusal(desk: Desk, command: c.Command) -> str:
    with pytest.raises(CommandRefused) as refused:
        desk.do(command)
    return refused.value.code


def edit(text: str, version: int, statement: str = "s1") -> c.EditStatement:
    return c.EditStatement(statement=statement, base_version=version, text=text)


def test_an_edited_statement_is_the_persons(desk: Desk) -> None:
    desk.do(edit("No fever.", 1))
    statement = desk.visit.statements["s1"]
    assert (statement.text, statement.owner, statement.author, statement.version) == (
        "No fever.",
        Owner.HUMAN,
        "sam",
        2,
    )


def test_an_edit_of_what_another_person_has_changed_is_stale(desk: Desk) -> None:
    desk.do(edit("No fever.", 1), OTHER_SCRIBE)
    assert refusal(desk, edit("Fever.", 1)) == "stale"
    assert desk.visit.statements["s1"].text == "No fever."


def test_an_edit_goes_over_what_only_the_machine_has_changed(desk: Desk) -> None:
    desk.draft(proposal("u1:0", "He denies any fever."))
    desk.do(edit("No fever.", 1))
    assert desk.visit.statements["s1"].text == "No fever."


def test_an_edit_brings_back_what_the_machine_withdrew_meanwhile(desk: Desk) -> None:
    from live_scribe.core.draft import Withdrawal

    desk.draft(Withdrawal(key="u1:0"))
    assert desk.visit.statements["s1"].deleted
    desk.do(edit("No fever.", 1))
    assert not desk.visit.statements["s1"].deleted


def test_unknown_ids_empty_texts_and_versions_to_come_are_refused(desk: Desk) -> None:
    assert refusal(desk, edit("x", 1, "s99")) == "unknown-id"
    assert refusal(desk, edit("  ", 1)) == "invalid"
    assert refusal(desk, edit("x", 7)) == "invalid"
    assert refusal(desk, c.AddStatement(section="nowhere", text="x")) == "invalid"
    assert refusal(desk, c.AddStatement(section="hpi", text="x", after="s99")) == "unknown-id"
    assert refusal(desk, c.RestoreStatement(statement="s1", version=9)) == "invalid"
    assert refusal(desk, c.AcceptSuggestion(suggestion="g1")) == "unknown-id"
    assert refusal(desk, c.ConfirmFlag(statement="s1", flag="f1")) == "unknown-id"


def test_a_text_beyond_the_limit_is_refused(desk: Desk) -> None:
    assert refusal(desk, edit("x" * 100_001, 1)) == "invalid"


def test_an_added_statement_stands_where_it_was_put(desk: Desk) -> None:
    desk.do(c.AddStatement(section="hpi", text="Second.", after="s1"))
    desk.do(c.AddStatement(section="hpi", text="Last."))
    assert [s.text for s in desk.visit.in_section("hpi")] == ["He denies fever.", "Second.", "He feels well.", "Last."]


def test_a_moved_statement_stands_first_or_behind_another(desk: Desk) -> None:
    desk.do(c.MoveStatement(statement="s2", base_version=1, section="hpi"))
    assert [s.id for s in desk.visit.in_section("hpi")] == ["s2", "s1"]
    desk.do(c.MoveStatement(statement="s2", base_version=2, section="hpi", after="s1"))
    assert [s.id for s in desk.visit.in_section("hpi")] == ["s1", "s2"]
    desk.do(c.MoveStatement(statement="s2", base_version=3, section="plan"))
    assert [s.id for s in desk.visit.in_section("plan")] == ["s2"]


def test_a_deleted_statement_can_be_restored_as_it_was(desk: Desk) -> None:
    desk.do(edit("No fever.", 1))
    desk.do(c.DeleteStatement(statement="s1", base_version=2))
    assert [s.id for s in desk.visit.in_section("hpi")] == ["s2"]
    assert refusal(desk, c.DeleteStatement(statement="s1", base_version=3)) == "stale"
    desk.do(c.RestoreStatement(statement="s1", version=1))
    restored = desk.visit.statements["s1"]
    assert (restored.text, restored.version, restored.deleted, restored.owner) == (
        "He denies fever.",
        4,
        False,
        Owner.HUMAN,
    )


def test_a_split_keeps_the_id_on_the_first_part_and_the_evidence_on_both(desk: Desk) -> None:
    desk.do(c.SplitStatement(statement="s1", base_version=1, at=9))
    first, second, _ = desk.visit.in_section("hpi")
    assert (first.id, first.text, second.text) == ("s1", "He denies", "fever.")
    assert first.evidence == second.evidence != ()
    assert refusal(desk, c.SplitStatement(statement="s1", base_version=2, at=99)) == "invalid"


def test_a_merge_keeps_the_first_ones_id_and_all_evidence(desk: Desk) -> None:
    desk.say("I feel well")
    desk.draft(proposal("u2:0", "Well.", utterance="u2", words=("w5",)))
    desk.do(c.MergeStatements(statements=("s1", "s3")))
    merged = desk.visit.statements["s1"]
    assert merged.text == "He denies fever. Well."
    assert [ev.utterance for ev in merged.evidence] == ["u1", "u2"]
    assert desk.visit.statements["s3"].deleted
    assert refusal(desk, c.MergeStatements(statements=("s1",))) == "invalid"
    assert refusal(desk, c.MergeStatements(statements=("s1", "s3"))) == "invalid"


def test_an_assertion_can_be_set_and_makes_the_statement_the_persons(desk: Desk) -> None:
    desk.do(c.SetAssertion(statement="s1", base_version=1, assertion=Assertion.ABSENT))
    assert desk.visit.statements["s1"].assertion is Assertion.ABSENT
    assert desk.visit.touched_by_people("s1")


def test_what_the_machine_would_say_of_a_persons_statement_is_a_suggestion(desk: Desk) -> None:
    desk.do(edit("No fever.", 1))
    desk.draft(proposal("u1:0", "He denies high fever."))
    desk.draft(proposal("u1:0", "He denies high fever."))
    assert [s.text for s in desk.visit.suggestions.values()] == ["He denies high fever."]
    desk.do(c.AcceptSuggestion(suggestion="g1"))
    assert desk.visit.statements["s1"].text == "He denies high fever."
    assert refusal(desk, c.DismissSuggestion(suggestion="g1")) == "stale"


def test_a_persons_edit_makes_open_suggestions_stale(desk: Desk) -> None:
    desk.do(edit("No fever.", 1))
    desk.draft(proposal("u1:0", "He denies high fever."))
    desk.do(edit("Afebrile.", 2))
    assert desk.visit.suggestions["g1"].state == "stale"
    assert refusal(desk, c.AcceptSuggestion(suggestion="g1")) == "stale"


def test_a_withdrawn_draft_of_a_persons_statement_is_a_suggestion_to_delete_it(desk: Desk) -> None:
    from live_scribe.core.draft import Withdrawal

    desk.do(edit("No fever.", 1))
    desk.draft(Withdrawal(key="u1:0"))
    assert desk.visit.suggestions["g1"].op == "delete"
    desk.do(c.AcceptSuggestion(suggestion="g1"))
    assert desk.visit.statements["s1"].deleted


def test_a_dismissed_suggestion_is_not_made_again(desk: Desk) -> None:
    desk.do(edit("No fever.", 1))
    desk.draft(proposal("u1:0", "He denies high fever."))
    desk.do(c.DismissSuggestion(suggestion="g1"))
    assert desk.draft(proposal("u1:0", "He denies high fever.")) == ()


def test_a_flag_stays_while_its_words_stay_and_falls_with_them() -> None:
    desk = Desk()
    desk.say("take fifty milligrams")
    desk.draft(proposal("u1:0", "50mg daily.", doubt=True))
    desk.do(edit("Takes 50mg daily.", 1))
    (flag,) = desk.visit.statements["s1"].flags
    assert desk.visit.statements["s1"].text[flag.start : flag.end] == "50mg"
    desk.do(edit("Takes 15 mg daily.", 2))
    assert desk.visit.statements["s1"].flags == ()


def test_a_confirmed_flag_names_who_confirmed_it() -> None:
    desk = Desk()
    desk.say("take fifty milligrams")
    desk.draft(proposal("u1:0", "50mg daily.", doubt=True))
    desk.do(c.ConfirmFlag(statement="s1", flag="f1"), SCRIBE)
    assert desk.visit.statements["s1"].flags[0].confirmed_by == "sam"
    assert desk.do(c.ConfirmFlag(statement="s1", flag="f1"), OTHER_SCRIBE) == ()
