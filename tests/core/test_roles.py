"""Roles by words: pooled over a voice, undone with the utterance, overruled by people."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.roles import RoleTracker, RoleWeights, TermWeights, grams, read_weights
from live_scribe.core.words import Role

WEIGHTS = RoleWeights(
    doctor=TermWeights(bias=0.0, terms={"?": 2.0, "any": 2.0, "i": -2.0, "my knee": -3.0}),
    companion=TermWeights(bias=-2.0, terms={"he": 5.0}),
)
ASKED, TOLD, TOLD_OF = "Any fever?", "I hurt my knee", "he was up all night"


def test_grams_are_words_numbers_questions_and_pairs() -> None:
    assert grams("Any PAIN, 3 days?") == {"any", "pain", "3", "days", "?", "any pain", "pain 3", "3 days", "days ?"}


def test_an_unheard_visit_has_no_roles() -> None:
    assert RoleTracker(WEIGHTS).roles() == {}


def test_one_short_turn_leaves_its_voice_unknown() -> None:
    assert RoleTracker(WEIGHTS).observe("u1", "S1", "okay")["S1"][0] is Role.UNKNOWN


def test_who_asks_is_the_doctor_and_the_other_the_patient() -> None:
    tracker = RoleTracker(WEIGHTS)
    tracker.observe("u1", "S1", ASKED)
    roles = tracker.observe("u2", "S2", TOLD)
    assert {voice: role for voice, (role, _) in roles.items()} == {"S1": Role.DOCTOR, "S2": Role.PATIENT}


def test_a_third_voice_that_speaks_of_the_patient_is_a_companion() -> None:
    tracker = RoleTracker(WEIGHTS)
    for i in range(4):
        tracker.observe(f"a{i}", "S1", ASKED)
        tracker.observe(f"b{i}", "S2", TOLD)
        roles = tracker.observe(f"c{i}", "S3", TOLD_OF)
    assert [roles[voice][0] for voice in ("S1", "S2", "S3")] == [Role.DOCTOR, Role.PATIENT, Role.COMPANION]


def test_who_is_asked_about_another_is_a_companion() -> None:
    asking = RoleWeights(
        doctor=WEIGHTS.doctor, companion=WEIGHTS.companion, about=TermWeights(bias=-1.0, terms={"he": 6.0})
    )
    tracker, plain = RoleTracker(asking), RoleTracker(asking)
    for i in range(9):
        tracker.observe(f"a{i}", "S1", "Any fever? Has he a cough?")
        plain.observe(f"a{i}", "S1", ASKED)
        roles = tracker.observe(f"b{i}", "S2", TOLD)
        others = plain.observe(f"b{i}", "S2", TOLD)
    assert [roles[voice][0] for voice in ("S1", "S2")] == [Role.DOCTOR, Role.COMPANION]
    assert [others[voice][0] for voice in ("S1", "S2")] == [Role.DOCTOR, Role.PATIENT]


def test_the_same_id_counts_once_however_often_it_comes() -> None:
    tracker = RoleTracker(WEIGHTS)
    once = tracker.observe("u1", "S1", ASKED)
    assert tracker.observe("u1", "S1", ASKED) == once


def test_an_utterance_moved_to_another_voice_leaves_nothing_behind() -> None:
    tracker = RoleTracker(WEIGHTS)
    tracker.observe("u1", "S1", ASKED)
    assert set(tracker.observe("u1", "S2", ASKED)) == {"S2"}
    tracker.forget(["u1", "never heard"])
    assert tracker.roles() == {}


def test_an_utterance_without_voice_says_nothing_of_voices() -> None:
    assert RoleTracker(WEIGHTS).observe("u1", None, ASKED) == {}


def test_a_persons_word_is_final_and_tells_of_the_other_voice() -> None:
    tracker = RoleTracker(WEIGHTS)
    tracker.observe("u1", "S1", ASKED)
    tracker.observe("u2", "S2", "okay")
    assert tracker.assign("S1", Role.PATIENT)["S1"] == (Role.PATIENT, 1.0)
    assert tracker.roles()["S2"][0] is Role.DOCTOR
    assert tracker.assign("S1", None)["S1"][0] is Role.DOCTOR


@pytest.mark.parametrize(("text", "role"), [(ASKED, Role.DOCTOR), (TOLD, Role.PATIENT), ("", Role.UNKNOWN)])
def test_a_single_turn_has_a_role_where_its_words_are_clear(text: str, role: Role) -> None:
    assert RoleTracker(WEIGHTS).turn_role(text)[0] is role


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"doctor": 1, "companion": 2}', '{"doctor": {"bias": 0}}', "not json"]
)
def test_other_files_are_no_weights(text: str) -> None:
    with pytest.raises(ValueError):
        read_weights(text)


def test_written_weights_are_read_as_they_were() -> None:
    part = {"bias": 0.5, "terms": {"any": 1.0}}
    weights = read_weights(json.dumps({"doctor": part, "companion": part}))
    assert weights.doctor == TermWeights(bias=0.5, terms={"any": 1.0})


said = st.tuples(
    st.sampled_from([f"u{i}" for i in range(6)]),
    st.sampled_from([None, "S1", "S2", "S3", "S4"]),
    st.sampled_from([ASKED, TOLD, TOLD_OF, "okay", ""]),
)


@given(st.lists(said, max_size=30))
def test_what_is_known_depends_on_what_stands_alone(history: list[tuple[str, str | None, str]]) -> None:
    tracker, fresh = RoleTracker(WEIGHTS), RoleTracker(WEIGHTS)
    for utterance, speaker, text in history:
        tracker.observe(utterance, speaker, text)
    for utterance, (speaker, text) in {u: (s, t) for u, s, t in history}.items():
        fresh.observe(utterance, speaker, text)
    live, replayed = tracker.roles(), fresh.roles()
    assert live.keys() == replayed.keys()
    for voice, (role, confidence) in live.items():
        assert role is replayed[voice][0]
        assert role is Role.UNKNOWN or confidence == pytest.approx(replayed[voice][1], abs=1e-6)
    assert sum(role is Role.DOCTOR for role, _ in live.values()) <= 1
