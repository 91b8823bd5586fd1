"""The writer as a whole: visits, corrections, what is forgotten, and rules that must never break."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import Proposal
from live_scribe.core.note import Assertion
from live_scribe.core.words import Role, Utterance, Word
from tests.component.drafted import drafted, standing, texts, writer

VISIT = """[doctor] Mr. Brandt is a 45-year-old male with a history of hypertension who presents with right knee pain.
[patient] Yes. It started two weeks ago when I twisted it.
[doctor] Any fevers or chills?
[patient] No.
[doctor] What medicines do you take?
[patient] Lisinopril, 10 milligrams, once a day.
[doctor] Any allergies?
[patient] Penicillin. It gave me hives.
[doctor] Let's have a look at you. Your blood pressure today is 138 over 84. Lachman is negative.
[patient] Okay.
[doctor] The X-ray shows no fracture.
[patient] Good.
[doctor] I think you have a meniscus tear. I'd like you to stop the ibuprofen and start acetaminophen, 1000 milligrams.
[patient] Okay.
[doctor] For the blood pressure, continue lisinopril 10 milligrams once a day. Follow up in two weeks.
"""


def test_a_visit_becomes_a_note_in_its_sections() -> None:
    notes = {(p.section, p.text) for p in drafted(VISIT)}
    assert {
        ("chief_complaint", "Right knee pain."),
        ("pmh", "Hypertension."),
        ("hpi", "It started two weeks ago when he twisted it."),
        ("ros", "He denies fevers or chills."),
        ("medications", "Lisinopril 10 mg once daily."),
        ("vitals", "Blood pressure 138/84 mmHg."),
        ("exam", "Lachman is negative."),
        ("results", "X-ray shows no fracture."),
        ("assessment", "Meniscus tear."),
        ("plan", "Stop the ibuprofen."),
        ("plan", "Start acetaminophen, 1000 mg."),
        ("plan", "Follow up in two weeks."),
    } <= notes


def test_assessment_and_plan_share_the_problem() -> None:
    notes = {p.text: p for p in drafted(VISIT)}
    assert notes["Meniscus tear."].item == {"kind": "problem", "name": "meniscus tear"}
    assert notes["Meniscus tear."].assertion is Assertion.POSSIBLE
    assert notes["Stop the ibuprofen."].problem == notes["Meniscus tear."].problem == "p1"
    assert notes["Continue lisinopril 10 mg once a day."].problem == "p2"
    stop, start = notes["Stop the ibuprofen."].item, notes["Start acetaminophen, 1000 mg."].item
    assert stop is not None and start is not None
    assert (stop["change"], start["change"], start["dose"]) == ("stop", "start", 1000)


def test_the_same_fact_said_twice_stands_once() -> None:
    said = "[doctor] Any fevers?\n[patient] No.\n[doctor] So, any fevers?\n[patient] No."
    assert texts(said) == ["He denies fevers."]


def test_an_empty_visit_and_empty_utterances_write_nothing() -> None:
    one = writer()
    assert one.observe(Utterance(id="u1", words=())) == ()
    assert one.forget(["u9"]) == ()


def test_keys_are_the_utterance_and_a_number_and_drafting_again_changes_nothing() -> None:
    one = writer()
    spoken = parse_dialogue(VISIT)
    now = {k: v for u in spoken for k, v in standing(one.observe(u)).items()}
    assert all(re.fullmatch(r"u\d+:\d+", key) for key in now)
    assert all(one.correct(u) == () for u in spoken)


def test_a_corrected_word_redrafts_only_what_rests_on_it() -> None:
    one = writer()
    spoken = parse_dialogue(VISIT)
    for utterance in spoken:
        one.observe(utterance)
    answer = spoken[5]
    fixed = tuple(replace(w, text="losartan," if w.text == "Lisinopril," else w.text) for w in answer.words)
    changes = one.correct(replace(answer, words=fixed))
    assert [(c.key, c.text) for c in standing(changes).values()] == [("u6:1", "Losartan 10 mg once daily.")]


def test_a_corrected_answer_turns_the_denial() -> None:
    one = writer()
    question, answer = parse_dialogue("[doctor] Any fevers?\n[patient] No.")
    before = standing((*one.observe(question), *one.observe(answer)))
    after = standing(one.correct(replace(answer, words=(Word(id="w9", text="Yes."),))), before)
    assert [p.text for p in after.values()] == ["He reports fevers."]


def test_a_role_that_arrives_late_changes_the_draft() -> None:
    one = writer()
    question, answer = parse_dialogue("[patient] Any fevers?\n[patient] No.")
    before = standing((*one.observe(question), *one.observe(answer)))
    after = standing(one.correct(replace(question, role=Role.DOCTOR)), before)
    assert [p.text for p in after.values()] == ["He denies fevers."]


def test_what_is_forgotten_leaves_nothing_in_the_draft() -> None:
    one = writer()
    now: dict[str, Proposal] = {}
    for utterance in parse_dialogue(VISIT):
        now = standing(one.observe(utterance), now)
    now = standing(one.forget(["u6", "u9"]), now)
    assert all(e.utterance not in {"u6", "u9"} for p in now.values() for e in p.evidence)
    assert not any(p.section == "vitals" for p in now.values())


def test_a_repetition_stands_when_the_first_is_forgotten() -> None:
    one = writer()
    now: dict[str, Proposal] = {}
    for utterance in parse_dialogue("[doctor] Any fevers?\n[patient] No.\n[doctor] So, any fevers?\n[patient] No."):
        now = standing(one.observe(utterance), now)
    assert [p.key for p in now.values()] == ["u2:1"]
    now = standing(one.forget(["u1", "u2"]), now)
    assert [p.key for p in now.values()] == ["u4:1"]


def test_a_speaker_who_corrects_in_the_next_utterance_is_heard() -> None:
    said = "[patient] My knee started hurting on Monday.\n[doctor] Okay.\n[patient] No, sorry, Sunday."
    assert texts(said) == ["His knee started hurting on Sunday."]


def test_a_side_that_the_patient_puts_right_is_put_right_in_what_the_clinician_said() -> None:
    said = "[doctor] You're here for right knee pain.\n[patient] It's not the right knee, it's the left knee."
    assert texts(said, "chief_complaint") == ["Left knee pain."]
    assert not any(t.startswith("Right") for t in texts(said))


def test_a_sentence_cut_by_a_pause_is_one_sentence() -> None:
    said = "[doctor] On exam, you have some tenderness over the-\n[patient] Mm-hmm.\n[doctor] medial joint line."
    assert "Tenderness over the medial joint line." in texts(said, "exam")


def test_a_sentence_that_was_joined_is_joined_once_however_often_it_is_corrected() -> None:
    one = writer()
    spoken = parse_dialogue("[doctor] Hello.\n[doctor] On exam, you have tenderness over the-\n[doctor] joint line.")
    now: dict[str, Proposal] = {}
    for utterance in (*spoken, *spoken, *spoken):
        now = standing(one.observe(utterance), now)
    assert [p.text for p in now.values()] == ["Tenderness over the joint line."]


def test_the_pronoun_that_the_talk_gives_away_goes_for_all_that_was_drafted_before() -> None:
    said = "[doctor] Any fevers?\n[patient] No.\n[doctor] So this is a 45-year-old woman with knee pain."
    assert "She denies fevers." in texts(said, sex=None)


def test_an_order_behind_an_opinion_is_an_order_of_its_own() -> None:
    said = "[doctor] I think you're retaining fluid, and I want to increase your Lasix to 80 milligrams daily."
    (plan,) = [p for p in drafted(said) if p.section == "plan" and p.item]
    assert plan.text == "Increase his Lasix to 80 mg daily." and plan.item is not None
    assert (plan.item["dose"], plan.item["change"]) == (80, "increase")


def test_what_a_recogniser_cut_or_ran_together_is_read() -> None:
    vitals = "[doctor] Let's have a look. Your temperature today was 98 .4 and your pulse is 72."
    assert "Temperature 98.4°." in texts(vitals, "vitals")
    assert texts("[doctor] Any fevers or chills. No.") == ["He denies fevers or chills."]
    assert texts("[doctor] calf pain or swelling nope") == ["He denies calf pain or swelling."]
    assert "Ibuprofen 600 mg." in texts("[patient] I'm taking ibuprofen 400 no, 600 milligrams.", "medications")


def test_a_drug_that_the_vocabulary_does_not_know_is_doubted() -> None:
    (only,) = drafted("[doctor] What medicines do you take?\n[patient] Lysinopril, 10 milligrams.")
    assert [only.text[d.start : d.end] for d in only.doubts] == ["Lysinopril"]


def test_doubtful_drugs_and_doses_raise_a_doubt_on_their_letters() -> None:
    spoken = [
        Word(id=f"w{n}", text=t, probability=0.95) for n, t in enumerate("I take metoprolol 25 milligrams".split())
    ]
    spoken[2] = replace(spoken[2], probability=0.3)
    spoken[3] = replace(spoken[3], probability=0.4)
    one = writer()
    (proposal,) = standing(one.observe(Utterance(id="u1", words=tuple(spoken), role=Role.PATIENT))).values()
    doubted = [proposal.text[d.start : d.end] for d in proposal.doubts]
    assert all(d.code == "critical-token" for d in proposal.doubts)
    assert {"Metoprolol", "25"} <= set(doubted) or {"metoprolol", "25"} <= set(doubted)


def test_times_of_the_evidence_are_those_of_the_words() -> None:
    spoken = tuple(
        Word(id=f"w{n}", text=t, start=n * 1.0, end=n + 0.5) for n, t in enumerate("My knee hurts badly.".split())
    )
    one = writer()
    changes = one.observe(Utterance(id="u1", words=spoken, role=Role.PATIENT))
    (evidence,) = next(iter(standing(changes).values())).evidence
    assert (evidence.start, evidence.end, evidence.words) == (0.0, 3.5, ("w0", "w1", "w2", "w3"))


LINES = st.sampled_from([line for line in VISIT.splitlines() if line])
WORDS = st.sampled_from(
    "no not I you my knee, fever? 10 milligrams lisinopril okay. any - … the left right, and so um Monday, sorry, 5 ."
    " it's your pain have had if call don't he she mother two point five".split()
)


@st.composite
def dialogues(draw: st.DrawFn) -> str:
    """Lines of a visit in any order, between turns of senseless words."""
    lines = draw(
        st.lists(st.one_of(LINES, st.lists(WORDS, min_size=1, max_size=14).map(" ".join)), min_size=1, max_size=9)
    )
    tags = st.sampled_from(["[doctor] ", "[patient] ", "[companion] ", "[unknown] "])
    return "\n".join(line if line.startswith("[") else draw(tags) + line for line in lines)


@settings(max_examples=25)
@given(dialogues())
def test_no_number_stands_in_the_note_that_was_not_said(dialogue: str) -> None:
    said = set(re.findall(r"\d+", dialogue)) | {"2", "5", "25", "0"}  # "two point five" is 2.5
    for proposal in drafted(dialogue):
        assert set(re.findall(r"\d+", proposal.text)) <= said


@settings(max_examples=25)
@given(dialogues(), st.data())
def test_statements_rest_on_words_and_corrections_end_in_the_same_draft(dialogue: str, data: st.DataObject) -> None:
    spoken = parse_dialogue(dialogue)
    one = writer()
    now: dict[str, Proposal] = {}
    for utterance in spoken:
        now = standing(one.observe(utterance), now)
    ids = {w.id: u.id for u in spoken for w in u.words}
    for proposal in now.values():
        assert proposal.evidence and proposal.text.endswith(".")
        assert all(ids[w] == e.utterance for e in proposal.evidence for w in e.words)
        assert all(0 <= d.start < d.end <= len(proposal.text) for d in proposal.doubts)
    chosen = data.draw(st.sampled_from(spoken))
    changed = replace(chosen, words=chosen.words[:1], role=Role.PATIENT)
    now = standing(one.correct(changed), now)
    now = standing(one.correct(chosen), now)
    fresh = {p.key: p for p in drafted(dialogue)}
    assert now == fresh


@settings(max_examples=25)
@given(dialogues(), st.data())
def test_forgetting_leaves_no_trace(dialogue: str, data: st.DataObject) -> None:
    spoken = parse_dialogue(dialogue)
    one = writer()
    now: dict[str, Proposal] = {}
    for utterance in spoken:
        now = standing(one.observe(utterance), now)
    gone = data.draw(st.lists(st.sampled_from([u.id for u in spoken]), unique=True))
    now = standing(one.forget(gone), now)
    assert not {e.utterance for p in now.values() for e in p.evidence} & set(gone)


def test_the_work_for_an_utterance_does_not_grow_with_the_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    from live_scribe.drafting.reading import Reader

    reads: list[int] = []
    original = Reader.read

    def counting(self: Reader, window: object, scene: object) -> object:
        reads.append(1)
        return original(self, window, scene)  # type: ignore[arg-type]

    monkeypatch.setattr(Reader, "read", counting)
    one = writer()
    spoken = parse_dialogue(VISIT * 20)
    for utterance in spoken:
        reads.clear()
        one.observe(utterance)
        assert len(reads) <= 4


def test_a_draft_that_came_and_went_in_one_step_is_never_told() -> None:
    one = writer()
    for utterance in parse_dialogue("[doctor] Any fevers?\n[patient] No.\n[doctor] So, any fevers?\n[patient] No."):
        one.observe(utterance)
    assert [c.key for c in one.forget(["u1", "u2", "u3", "u4"])] == ["u2:1"]
