"""Completeness: what a template wants spoken of, and how far each of it has come in a visit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.completeness import CompletenessWatch, Coverage
from live_scribe.core.fold import evolve
from live_scribe.core.note import Part, Section, Topic
from live_scribe.core.visit import Visit
from live_scribe.core.words import Role
from tests.core.visits import Desk, proposal

TOBACCO = Topic(id="tobacco", title="Tobacco", asked=r"\bsmok\w*|\btobacco")
ASKING = (
    Section(id="hpi", part=Part.SUBJECTIVE, title="History", required=True),
    Section(id="allergies", part=Part.SUBJECTIVE, title="Allergies", required=True, asked=r"\ballerg"),
    Section(id="social_history", part=Part.SUBJECTIVE, title="Social history", topics=(TOBACCO,)),
    Section(id="plan", part=Part.PLAN, title="Plan", asked=r"\bplan\b"),
)


def desk_of(*sections: Section) -> Desk:
    """Return a visit whose template has these sections, with a doctor and a patient."""
    desk = Desk()
    opened = e.VisitOpened(template="t", sections=sections, consent=e.Consent(given=True), patient={})
    desk.visit = evolve(Visit(id="v1"), opened, by="sam")
    desk.machine(c.NameRole(speaker="S1", role=Role.DOCTOR, confidence=0.9))
    desk.machine(c.NameRole(speaker="S2", role=Role.PATIENT, confidence=0.9))
    return desk


def states(desk: Desk) -> dict[str, Coverage]:
    """Return how far each topic has come."""
    return {t.id: t.state for t in CompletenessWatch().read(desk.visit).topics}


def test_a_topic_goes_from_not_asked_over_asked_and_answered_to_noted() -> None:
    desk = desk_of(*ASKING)
    assert states(desk)["allergies"] is Coverage.NOT_ASKED
    desk.say("Any allergies?", "S1")
    assert states(desk)["allergies"] is Coverage.ASKED
    desk.say("Penicillin.", "S2")
    assert states(desk)["allergies"] is Coverage.ANSWERED
    desk.draft(proposal("u2:1", "Penicillin.", utterance="u2", section="allergies"))
    assert states(desk)["allergies"] is Coverage.NOTED


def test_what_is_told_unasked_is_answered() -> None:
    desk = desk_of(*ASKING)
    desk.say("I am allergic to penicillin.", "S2")
    assert states(desk)["allergies"] is Coverage.ANSWERED


def test_a_doctor_who_goes_on_talking_has_no_answer() -> None:
    desk = desk_of(*ASKING)
    desk.say("Any allergies?", "S1")
    desk.say("Let me write that down.", "S1")
    assert states(desk)["allergies"] is Coverage.ASKED


def test_a_topic_is_noted_by_a_statement_that_speaks_of_it_not_by_any_of_its_section() -> None:
    desk = desk_of(*ASKING)
    desk.say("I am a carpenter.", "S2")
    desk.draft(proposal("u1:1", "He is a carpenter.", section="social_history"))
    assert states(desk)["social_history.tobacco"] is Coverage.NOT_ASKED
    desk.do(c.AddStatement(section="social_history", text="Never smoked."))
    assert states(desk)["social_history.tobacco"] is Coverage.NOTED


def test_the_score_is_of_what_is_required_and_sinks_when_a_statement_is_taken_out() -> None:
    desk = desk_of(*ASKING)
    desk.do(c.AddStatement(section="hpi", text="Knee pain."))
    desk.do(c.AddStatement(section="plan", text="Rest."))
    complete = CompletenessWatch().read(desk.visit)
    assert (complete.noted, complete.required, complete.score) == (1, 3, 33)
    desk.do(c.DeleteStatement(statement="s1", base_version=1))
    assert CompletenessWatch().read(desk.visit).score == 0


def test_a_template_that_requires_nothing_has_no_score() -> None:
    assert CompletenessWatch().read(desk_of(Section(id="plan", part=Part.PLAN, title="Plan")).visit).score is None


def test_a_pattern_of_an_old_log_that_is_none_finds_nothing() -> None:
    desk = desk_of(Section(id="hpi", part=Part.SUBJECTIVE, title="History", required=True, asked="("))
    desk.say("Where does it hurt?", "S1")
    assert states(desk)["hpi"] is Coverage.NOT_ASKED


LINES = st.sampled_from(["Any allergies?", "No.", "Do you smoke?", "I smoke.", "Penicillin.", "The plan is rest."])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(LINES, st.sampled_from(["S1", "S2", None])), max_size=8))
def test_a_watch_that_has_followed_the_visit_says_what_a_fresh_one_says(talk: list[tuple[str, str | None]]) -> None:
    desk, watch = desk_of(*ASKING), CompletenessWatch()
    for line, speaker in talk:
        desk.say(line, speaker)
        assert watch.read(desk.visit) == CompletenessWatch().read(desk.visit)
