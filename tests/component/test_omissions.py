"""The omission map: what was heard and stands nowhere in the note, and nothing that stands there in other words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe import templates
from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.fold import evolve
from live_scribe.core.note import Assertion, Statement
from live_scribe.core.omissions import FactKind, Omission
from live_scribe.core.visit import Visit
from live_scribe.core.words import Role
from live_scribe.drafting.omissions import RuleOmissions
from tests.core.visits import Desk

TEMPLATE = templates.load("soap")


def desk_of(talk: str, *statements: tuple[str, str]) -> Desk:
    """Return a visit with this talk, "D: …" and "P: …" a line, and these statements by section."""
    desk = Desk()
    opened = e.VisitOpened(
        template="soap/general", sections=TEMPLATE.sections, consent=e.Consent(given=True), patient={"sex": "male"}
    )
    desk.visit = evolve(Visit(id="v1"), opened, by="sam")
    desk.machine(c.NameRole(speaker="S1", role=Role.DOCTOR, confidence=0.9))
    desk.machine(c.NameRole(speaker="S2", role=Role.PATIENT, confidence=0.9))
    for line in talk.splitlines():
        who, _, text = line.strip().partition(": ")
        desk.say(text, {"D": "S1", "P": "S2"}[who])
    for section, text in statements:
        desk.do(c.AddStatement(section=section, text=text))
    return desk


def omitted(desk: Desk) -> tuple[Omission, ...]:
    """Return what is heard and not noted."""
    return RuleOmissions(TEMPLATE, "male").find(desk.visit)


def texts(desk: Desk) -> list[str]:
    """Return the lines of the list."""
    return [line.text for line in omitted(desk)]


HEARD = [
    ("D: Any fevers or chills?\nP: No.", "He denies fevers or chills.", FactKind.SYMPTOM, Assertion.ABSENT),
    ("P: I have had diarrhea.", "He has had diarrhea.", FactKind.SYMPTOM, Assertion.PRESENT),
    ("P: I take lisinopril 20 mg a day.", "He takes lisinopril 20 mg a day.", FactKind.MEDICATION, Assertion.PRESENT),
    ("P: I am allergic to penicillin.", "He is allergic to penicillin.", FactKind.ALLERGY, Assertion.PRESENT),
    ("P: My mother has diabetes.", "His mother has diabetes.", FactKind.FAMILY, Assertion.FAMILY),
    ("D: Your pulse is 72.", "Pulse is 72.", FactKind.VITAL, Assertion.PRESENT),
    ("D: Your lungs sound clear.", "Lungs sound clear.", FactKind.FINDING, Assertion.PRESENT),
    ("D: I want you to see physical therapy.", "therapy", FactKind.PLAN, Assertion.PRESENT),
]


@pytest.mark.parametrize(("talk", "text", "kind", "assertion"), HEARD)
def test_a_fact_that_was_heard_is_listed(talk: str, text: str, kind: FactKind, assertion: Assertion) -> None:
    lines = omitted(desk_of(talk))
    assert [(line.kind, line.assertion) for line in lines][:1] == [(kind, assertion)]
    assert text.split()[-1].strip(".").lower() in lines[0].text.lower()


NOTED = [
    ("D: Any fevers or chills?\nP: No.", "ros", "Denies fever, chills."),
    ("P: I have high blood pressure.", "pmh", "Hypertension."),
    ("P: I get short of breath.", "hpi", "Dyspnea on exertion."),
    ("P: I take Tylenol.", "medications", "Acetaminophen as needed."),
    ("P: I take lisinopril, 20 milligrams.", "medications", "Lisinopril 20 mg daily."),
    ("D: Your blood pressure is one twenty over eighty.", "vitals", "BP 120/80."),
    ("P: My knee hurts on the inside.", "hpi", "He has pain in the right knee."),
    ("P: My mother has diabetes.", "family_history", "Mother: type 2 diabetes."),
    ("D: We will get an X-ray.", "plan", "Radiographs of the knee."),
]


@pytest.mark.parametrize(("talk", "section", "text"), NOTED)
def test_what_the_note_holds_in_other_words_is_not_listed(talk: str, section: str, text: str) -> None:
    assert texts(desk_of(talk, (section, text))) == []


@pytest.mark.parametrize(
    "talk",
    [
        "D: Good morning, how was the drive?\nP: Slow, my wife had to drive.",
        "D: If you get a fever, call us.",
        "D: This medicine can cause dizziness.",
        "P: Do I need surgery?\nD: No.",
        "D: Any chest pain or cough?\nP: What do you mean?",
    ],
)
def test_what_was_not_told_as_a_fact_is_not_listed(talk: str) -> None:
    assert texts(desk_of(talk)) == []


def test_a_no_that_the_note_has_lost_is_listed() -> None:
    assert texts(desk_of("D: Any chest pain?\nP: No.", ("hpi", "He has chest pain."))) == ["He denies chest pain."]


def test_breath_that_cannot_be_caught_is_affirmed_and_a_denial_is_said_with_a_noun() -> None:
    (line,) = omitted(desk_of("P: I can't catch my breath."))
    assert line.assertion is Assertion.PRESENT
    assert texts(desk_of("D: Are you pregnant?\nP: No.")) == ["He denies pregnancy."]


def test_a_dose_that_the_note_lacks_is_listed() -> None:
    talk = "P: I take lisinopril 20 mg a day."
    assert len(texts(desk_of(talk, ("medications", "Lisinopril 10 mg.")))) == 1


def test_drugs_come_before_negatives_and_these_before_the_rest() -> None:
    talk = "P: I have diarrhea.\nD: Any fevers?\nP: No.\nP: I take metformin."
    assert [line.kind for line in omitted(desk_of(talk))] == [
        FactKind.MEDICATION,
        FactKind.SYMPTOM,
        FactKind.SYMPTOM,
    ]
    assert omitted(desk_of(talk))[1].assertion is Assertion.ABSENT


def test_a_line_rests_on_question_and_answer_and_can_be_added_with_both() -> None:
    desk = desk_of("D: Any fevers?\nP: No.")
    (line,) = omitted(desk)
    desk.do(c.AddStatement(section=line.section, text=line.statement, assertion=line.assertion, words=line.words))
    added = desk.visit.statements["s1"]
    assert [ev.quote for ev in added.evidence] == ["Any fevers?", "No."]
    assert added.assertion is Assertion.ABSENT and texts(desk) == []


def test_what_was_dismissed_stays_dismissed_also_when_it_is_said_again() -> None:
    desk = desk_of("P: I have diarrhea.")
    (line,) = omitted(desk)
    desk.do(c.DismissOmission(utterance=line.utterance, fact=line.fact))
    desk.say("Yes, I have diarrhea.", "S2")
    assert texts(desk) == []
    desk.do(c.RestoreOmission(fact=line.fact))
    assert len(texts(desk)) == 1


def test_a_statement_that_is_taken_out_leaves_its_fact_on_the_list() -> None:
    desk = desk_of("P: I have diarrhea.", ("hpi", "He has diarrhea."))
    assert texts(desk) == []
    desk.do(c.DeleteStatement(statement="s1", base_version=1))
    assert len(texts(desk)) == 1


def test_what_was_struck_off_the_record_is_never_listed_and_its_dismissal_is_destroyed() -> None:
    desk = desk_of("P: I have diarrhea.\nP: I take metformin.")
    line = omitted(desk)[1]
    desk.do(c.DismissOmission(utterance=line.utterance, fact=line.fact))
    start, end = desk.visit.utterances["u1"].start, desk.visit.utterances["u1"].end
    assert start is not None and end is not None
    desk.do(c.StrikeAudio(start=start, end=end))
    assert [line.kind for line in omitted(desk)] == [FactKind.MEDICATION]
    assert desk.visit.dismissed == {}
    assert not any("diarrhea" in repr(vars(type(x.fact))) or "diarrhea" in str(_held(x.fact)) for x in desk.log)


def _held(fact: object) -> dict[str, object]:
    return {name: getattr(fact, name) for name in getattr(fact, "__slots__", ())}


SAID = st.sampled_from(
    [
        "D: Any fevers or chills?",
        "P: No.",
        "P: Yes, a cough.",
        "P: I take lisinopril 20 mg.",
        "D: Your lungs sound clear.",
        "P: My knee hurts.",
        "D: Okay.",
        "D: I want to order an MRI.",
    ]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(SAID, max_size=8), st.lists(st.sampled_from(["Denies fever.", "Knee pain.", "MRI."]), max_size=2))
def test_a_finder_that_has_followed_the_visit_says_what_a_fresh_one_says(talk: list[str], note: list[str]) -> None:
    desk, finder = desk_of(""), RuleOmissions(TEMPLATE, "male")
    for line in talk:
        who, _, text = line.partition(": ")
        desk.say(text, {"D": "S1", "P": "S2"}[who])
        finder.find(desk.visit)
    for text in note:
        desk.do(c.AddStatement(section="hpi", text=text))
        finder.find(desk.visit)
    assert finder.find(desk.visit) == omitted(desk)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_is_said_or_written_nothing_fails(said: str, written: str) -> None:
    desk = desk_of("")
    if said.split():
        desk.say(said, "S1")
        desk.say(said, "S2")
    statement = Statement(id="s1", section="hpi", text=written)
    finder = RuleOmissions(TEMPLATE, None)
    for line in finder.find(desk.visit):
        assert line.text and line.words
    desk.visit = Visit(id="v1", utterances=desk.visit.utterances, statements={"s1": statement})
    finder.find(desk.visit)
