"""Rules: only what repeats and what nothing speaks against is proposed; approved ones offer, and change nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core import commands as c
from live_scribe.core.events import ReadingOffered
from live_scribe.core.learning import Correction, HeardWords, heard_words
from live_scribe.core.rules import (
    Effect,
    Rule,
    RuleState,
    effect,
    judged,
    offers,
    proposals,
    standing,
)
from live_scribe.core.states import VisitState
from live_scribe.core.wire import content_hash
from live_scribe.core.words import Utterance, Word
from tests.core.test_learning import correct, hear
from tests.core.visits import PROVIDER, Desk

RULE = Rule(heard="lysine a pril", text="lisinopril", state=RuleState.APPROVED)


def corrected(heard: str, text: str, visit: str = "v1", seq: int = 1) -> Correction:
    return Correction(visit=visit, seq=seq, heard=heard, text=text)


def often(heard: str = "lysine a pril", text: str = "lisinopril") -> list[Correction]:
    return [corrected(heard, text, "v1", 1), corrected(heard, text, "v1", 2), corrected(heard, text, "v2", 1)]


def states(found: list[Correction]) -> list[RuleState]:
    return [rule.state for rule in proposals(found)]


def test_what_repeats_in_two_visits_is_proposed() -> None:
    (rule,) = proposals([*often(), corrected("Lysine, a pril", "Lisinopril", "v3")])
    assert (rule.heard, rule.text, rule.state) == ("lysine a pril", "lisinopril", RuleState.PROPOSED)
    assert (rule.times, rule.visits, rule.against) == (4, frozenset({"v1", "v2", "v3"}), 0)


@pytest.mark.parametrize("few", [often()[:2], [replace(x, visit="v1", seq=i) for i, x in enumerate(often() * 2)]])
def test_what_came_up_too_seldom_or_in_one_visit_is_not(few: list[Correction]) -> None:
    assert proposals(few) == []


@pytest.mark.parametrize("dose", [("15", "50"), ("50", "fifteen"), ("fifteen", "fifty"), ("ten a", "tenor")])
def test_a_dose_never_becomes_a_rule(dose: tuple[str, str]) -> None:
    assert proposals(often(*dose)) == []


@pytest.mark.parametrize(
    "against",
    [
        corrected("lysine a pril", "captopril"),
        corrected("lysine a pril", "lysine a pril"),
        corrected("lysine a pril", ""),
        corrected("Lisinopril", "lysine a pril"),
        corrected("lisinopril", "lisinopril"),
    ],
)
def test_whatever_speaks_against_a_correction_keeps_it_from_being_proposed(against: Correction) -> None:
    assert states([*often(), against]) == [RuleState.CONTRADICTED]


WORDS = st.sampled_from(["pass", "Paxil", "paxil.", "packs ill", "", "pass a"])
CORRECTIONS = st.lists(
    st.builds(corrected, WORDS, WORDS, st.sampled_from(["v1", "v2", "v3"]), st.integers(1, 9)), max_size=25
)


@given(CORRECTIONS)
def test_a_contradicted_correction_is_never_proposed(found: list[Correction]) -> None:
    for rule in proposals(found):
        heard, text = rule.key
        for other in found:
            there = Rule(heard=other.heard, text=other.text).key
            if there[0] == heard and there[1] != text:
                assert rule.state is RuleState.CONTRADICTED
            if there[0] == text and there[1] in (heard, text):
                assert rule.state is RuleState.CONTRADICTED


@given(CORRECTIONS, st.lists(st.booleans(), max_size=10))
def test_what_is_undone_is_exactly_as_it_was(found: list[Correction], choices: list[bool]) -> None:
    before = standing(proposals(found), [])
    decided = [
        replace(rule, state=RuleState.APPROVED if yes else RuleState.DECLINED, decided_by="pat", decided_at="now")
        for rule, yes in zip(before, choices, strict=False)
    ]
    assert {r.key for r in standing(proposals(found), decided)} == {r.key for r in before}
    for rule in decided:
        rest = [other for other in decided if other.key != rule.key]
        undone = {r.key: r for r in standing(proposals(found), rest)}
        assert undone[rule.key] == next(r for r in before if r.key == rule.key)


def test_an_approved_rule_stays_though_the_visits_it_came_from_are_gone() -> None:
    assert standing([], [RULE]) == [RULE]


def heard(*utterances: str, edits: tuple[tuple[int, int, str], ...] = (), signed: bool = False) -> HeardWords:
    desk = Desk()
    for text in utterances:
        hear(desk, text)
    for start, end, text in edits:
        correct(desk, start, end, text)
    if signed:
        desk.do(c.End())
        desk.do(c.Sign(content_hash=content_hash(desk.visit)), PROVIDER)
        assert desk.visit.state is VisitState.SIGNED
    return heard_words("v1", desk.log)


SAID = "I take Lysine a pril, ten."


def counts(found: Effect) -> tuple[int, int, int, int, int, int]:
    return found.times, found.standing, found.same, found.otherwise, found.left, found.open


@pytest.mark.parametrize(
    ("visit", "counted"),
    [
        (heard(SAID), (1, 1, 0, 0, 0, 1)),
        (heard(SAID, SAID), (2, 2, 0, 0, 0, 1)),
        (heard(SAID, signed=True), (1, 1, 0, 0, 1, 0)),
        (heard(SAID, edits=((2, 5, "lisinopril"),), signed=True), (1, 0, 1, 0, 0, 0)),
        (heard(SAID, edits=((2, 6, "Lisinopril 10"),)), (1, 0, 1, 0, 0, 0)),
        (heard(SAID, SAID, edits=((2, 5, "lisinopril"),), signed=True), (2, 1, 1, 0, 0, 0)),
        (heard(SAID, SAID, edits=((2, 5, "captopril"),)), (2, 1, 0, 1, 0, 0)),
        (heard("I take lysine.", "a pril"), (0, 0, 0, 0, 0, 0)),
        (heard(), (0, 0, 0, 0, 0, 0)),
    ],
)
def test_the_effect_says_what_people_did_in_stored_visits(visit: HeardWords, counted: tuple[int, ...]) -> None:
    assert counts(effect(RULE, [visit])) == counted


def test_a_dismissed_reading_speaks_against_the_rule_wherever_it_was() -> None:
    visit = replace(heard(SAID), kept=(corrected("lysine a pril", "lysine a pril"),))
    assert effect(RULE, [visit]).otherwise == 1


def test_a_passage_is_shown_as_it_stands_and_as_it_would_read() -> None:
    (example,) = effect(RULE, [heard("Well, yes, since May I take Lysine a pril, ten in the morning.")]).examples
    assert example.before == "… since May I take Lysine a pril, ten in the morning."
    assert example.after == "… since May I take lisinopril, ten in the morning."


def test_what_stored_visits_contradict_is_not_proposed() -> None:
    (rule,) = proposals(often())
    assert judged(rule, effect(rule, [heard(SAID)])).state is RuleState.PROPOSED
    assert judged(rule, effect(rule, [heard(SAID, signed=True)])).state is RuleState.CONTRADICTED
    approved = replace(rule, state=RuleState.APPROVED)
    assert judged(approved, effect(rule, [heard(SAID, signed=True)])).state is RuleState.APPROVED


def said(text: str) -> Utterance:
    words = tuple(
        Word(id=f"w{i}", text=t, start=i * 1.0, end=i + 0.5, probability=0.5 + i / 100)
        for i, t in enumerate(text.split())
    )
    return Utterance(id="u1", words=words)


def test_an_approved_rule_offers_its_words_in_the_time_of_those_that_were_heard() -> None:
    (offer,) = offers([RULE], said("I take - Lysine a pril. Daily"))
    assert (offer.utterance, offer.words, offer.settle) == ("u1", ("w3", "w4", "w5"), False)
    assert [(w.text, w.start, w.end, w.probability) for w in offer.heard] == [("lisinopril.", 3.0, 5.5, 0.53)]


@pytest.mark.parametrize("state", [RuleState.PROPOSED, RuleState.CONTRADICTED, RuleState.DECLINED])
def test_a_rule_that_nobody_has_approved_offers_nothing(state: RuleState) -> None:
    assert offers([replace(RULE, state=state)], said("lysine a pril")) == ()


def test_of_two_rules_for_the_same_words_the_longer_one_offers() -> None:
    short = replace(RULE, heard="lysine", text="Lysin")
    (offer,) = offers([short, RULE], said("lysine a pril"))
    assert offer.heard[0].text == "lisinopril"


SPEECH = st.lists(st.sampled_from("lysine a pril pril. ten - A".split()), max_size=12).map(" ".join)


@given(SPEECH, st.booleans())
def test_a_rule_never_changes_a_word_of_a_visit_by_itself(text: str, twice: bool) -> None:
    desk = Desk()
    hear(desk, text or "yes")
    before = desk.visit.utterances["u1"]
    for _ in range(1 + twice):
        for offer in offers([RULE], before):
            assert all(isinstance(fact, ReadingOffered) for fact in desk.machine(offer))
    assert desk.visit.utterances["u1"] == before
