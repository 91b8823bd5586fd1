"""Live state is the fold of the log, whatever happens and in whatever order; and what must never happen does not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.codec import by_name, decode
from live_scribe.core.decide import decide
from live_scribe.core.draft import Withdrawal
from live_scribe.core.fold import fold
from live_scribe.core.log import Struck
from live_scribe.core.note import Assertion, Owner
from live_scribe.core.readings import ReadingReason
from live_scribe.core.states import VisitState
from live_scribe.core.wire import content_hash, entry_json
from live_scribe.core.words import Role, Word
from live_scribe.errors import CommandRefused
from tests.core.visits import OTHER_SCRIBE, PROVIDER, SCRIBE, Desk, proposal

TEXT = st.sampled_from(["He denies fever.", "Knee pain.", "50 mg daily.", "No.", "no no", "A B C"])
IDS = st.integers(1, 5)
STATEMENT = IDS.map(lambda n: f"s{n}")
UTTERANCE = IDS.map(lambda n: f"u{n}")
SPEAKER = st.sampled_from(["S1", "S2"])
VERSION = st.integers(1, 4)

HUMAN: st.SearchStrategy[c.Command] = st.one_of(
    st.builds(c.EditStatement, statement=STATEMENT, base_version=VERSION, text=TEXT),
    st.builds(c.AddStatement, section=st.sampled_from(["hpi", "plan"]), text=TEXT, after=st.none() | STATEMENT),
    st.builds(c.MoveStatement, statement=STATEMENT, base_version=VERSION, section=st.just("plan"), after=st.none()),
    st.builds(c.DeleteStatement, statement=STATEMENT, base_version=VERSION),
    st.builds(c.RestoreStatement, statement=STATEMENT, version=VERSION),
    st.builds(c.SplitStatement, statement=STATEMENT, base_version=VERSION, at=st.integers(1, 5)),
    st.builds(c.MergeStatements, statements=st.tuples(STATEMENT, STATEMENT)),
    st.builds(c.SetAssertion, statement=STATEMENT, base_version=VERSION, assertion=st.sampled_from(list(Assertion))),
    st.builds(c.AcceptSuggestion, suggestion=IDS.map(lambda n: f"g{n}")),
    st.builds(c.DismissSuggestion, suggestion=IDS.map(lambda n: f"g{n}")),
    st.builds(c.ConfirmFlag, statement=STATEMENT, flag=IDS.map(lambda n: f"f{n}")),
    st.builds(c.CorrectWords, utterance=UTTERANCE, start_word=st.just(0), end_word=st.integers(1, 3), text=TEXT),
    st.builds(c.AcceptReading, reading=IDS.map(lambda n: f"r{n}")),
    st.builds(c.DismissReading, reading=IDS.map(lambda n: f"r{n}")),
    st.builds(c.AssignRole, speaker=SPEAKER, role=st.sampled_from(list(Role))),
    st.builds(c.SwapRoles, a=SPEAKER, b=SPEAKER),
    st.builds(c.AssignSpeaker, utterance=UTTERANCE, speaker=SPEAKER),
    st.builds(c.StrikeAudio, start=st.integers(0, 6).map(float), end=st.integers(1, 8).map(float)),
    st.builds(c.MarkMoment),
    st.builds(c.SetLanguage, language=st.sampled_from(["en", "es"])),
    st.builds(c.Pause),
    st.builds(c.Resume),
)
WAY: st.SearchStrategy[c.Command] = st.one_of(
    st.builds(c.End),
    st.builds(c.Submit),
    st.builds(c.Return, comment=TEXT),
    st.builds(c.Sign, content_hash=st.just("0" * 64)),
    st.builds(c.AddAddendum, text=TEXT),
)
KEY = st.sampled_from(["u1:0", "u1:1", "u2:0"])
MACHINE: st.SearchStrategy[c.MachineCommand] = st.one_of(
    st.integers(1, 4).map(
        lambda n: c.CommitWords(
            words=tuple(Word(id="", text=f"word{i}", start=i * 1.0, end=i * 1.0 + 0.5) for i in range(n))
        )
    ),
    st.just(
        c.CommitWords(
            words=tuple(
                Word(id="", text=t, start=i * 1.0, end=i * 1.0 + 0.5, probability=0.9)
                for i, t in enumerate("one twenty over eighty".split())
            )
        )
    ),
    st.builds(c.CloseUtterance, count=st.integers(1, 4), speaker=st.none() | SPEAKER),
    st.builds(c.NameSpeaker, utterance=UTTERANCE, speaker=SPEAKER),
    st.builds(c.NameRole, speaker=SPEAKER, role=st.sampled_from(list(Role)), confidence=st.sampled_from([0.5, 0.9])),
    st.builds(c.NoticeLanguage, language=st.sampled_from(["en", "es"]), probability=st.sampled_from([0.5, 0.9])),
    st.builds(c.NoteGap, start=st.just(1.0), end=st.just(2.0), reason=st.just("network")),
    st.builds(
        lambda key, text, utterance, doubt: c.Draft(
            changes=(proposal(key, text, utterance=utterance, words=(), doubt=doubt),)
        ),
        KEY,
        TEXT,
        UTTERANCE,
        st.booleans(),
    ),
    st.builds(
        c.ReadAnew,
        utterance=UTTERANCE,
        words=st.lists(IDS.map(lambda n: f"w{n}"), min_size=1, max_size=2).map(tuple),
        heard=st.lists(st.builds(Word, id=st.just(""), text=TEXT, probability=st.just(0.5)), max_size=2).map(tuple),
        reason=st.sampled_from(list(ReadingReason)),
        settle=st.booleans(),
    ),
    KEY.map(lambda key: c.Draft(changes=(Withdrawal(key=key),))),
)
STEPS = st.lists(
    st.tuples(st.just(None), MACHINE) | st.tuples(st.sampled_from([SCRIBE, OTHER_SCRIBE, PROVIDER]), HUMAN | WAY),
    max_size=40,
)
Steps = list[tuple[c.Actor | None, c.Command]]


def play(desk: Desk, steps: Steps) -> None:
    for actor, command in steps:
        try:
            if actor is None:
                desk.record(decide(desk.visit, command, None), "machine")
            else:
                desk.do(command, actor)
        except CommandRefused:
            continue


@given(STEPS)
@settings(max_examples=150)
def test_live_state_is_the_fold_of_the_log_also_after_strikes(steps: Steps) -> None:
    desk = Desk()
    play(desk, steps)
    assert fold("v1", desk.log) == desk.visit


@given(STEPS, MACHINE)
@settings(max_examples=150)
def test_the_machine_never_changes_what_is_a_persons(steps: Steps, last: c.MachineCommand) -> None:
    desk = Desk()
    play(desk, steps)
    theirs = {k: s for k, s in desk.visit.statements.items() if s.owner is Owner.HUMAN}
    desk.machine(last)
    assert {k: desk.visit.statements[k] for k in theirs} == theirs


@given(STEPS)
@settings(max_examples=100)
def test_every_statement_of_the_machine_has_evidence_and_versions_go_up_by_one(steps: Steps) -> None:
    desk = Desk()
    play(desk, steps)
    for statement in desk.visit.statements.values():
        assert statement.evidence or statement.owner is Owner.HUMAN
        versions = [s.version for s in (*desk.visit.history.get(statement.id, ()), statement)]
        assert versions == list(range(1, len(versions) + 1))


@given(STEPS, STEPS)
@settings(max_examples=100)
def test_a_signed_note_never_changes_again(before: Steps, after: Steps) -> None:
    desk = Desk()
    play(desk, before)
    play(
        desk,
        [(SCRIBE, c.End()), *((SCRIBE, c.ConfirmFlag(statement=s.id, flag=f)) for s, f in desk.visit.unconfirmed())],
    )
    play(desk, [(PROVIDER, c.Sign(content_hash=content_hash(desk.visit)))])
    if desk.visit.state not in (VisitState.SIGNED, VisitState.AMENDED):
        return
    signed = content_hash(desk.visit)
    play(desk, after)
    assert content_hash(desk.visit) == signed


@given(STEPS)
@settings(max_examples=100)
def test_every_fact_goes_over_the_wire_and_back(steps: Steps) -> None:
    desk = Desk()
    play(desk, steps)
    kinds = by_name(e.Fact)
    for entry in desk.log:
        if not isinstance(entry.fact, Struck):
            message = entry_json(entry)
            assert decode(kinds[message["type"]], message) == entry.fact


@given(STEPS)
@settings(max_examples=100)
def test_ids_are_never_used_twice(steps: Steps) -> None:
    desk = Desk()
    play(desk, steps)
    made = [f.fact.statement for f in desk.log if isinstance(f.fact, e.StatementProposed | e.StatementAdded)]
    closed = [f.fact.utterance for f in desk.log if isinstance(f.fact, e.UtteranceClosed)]
    assert len(made) == len(set(made)) and len(closed) == len(set(closed))


def test_what_was_struck_is_nowhere_in_the_log_or_the_visit() -> None:
    desk = Desk()
    desk.say("my secret name here")
    desk.say("and my knee hurts")
    desk.draft(
        proposal("u1:0", "A secret.", words=("w2",)), proposal("u2:0", "Knee pain.", utterance="u2", words=("w7",))
    )
    desk.do(c.EditStatement(statement="s1", base_version=1, text="The secret."))
    desk.do(c.StrikeAudio(start=1.0, end=1.2))
    assert "secret" not in repr([entry_json(entry) for entry in desk.log])
    assert desk.visit.utterances["u1"].text == "my name here"
    assert list(desk.visit.statements) == ["s2"]
    assert fold("v1", desk.log) == desk.visit
