"""What a log teaches: what people set right, what was heard there, and nothing of what has been struck."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.learning import Correction, HeardWords, corrections, heard_words, looks_like_a_name
from live_scribe.core.readings import ReadingReason
from live_scribe.core.taught import taught
from live_scribe.core.vocabulary import TermKind
from live_scribe.core.wire import content_hash
from live_scribe.core.words import Word, match_key
from live_scribe.errors import CommandRefused
from tests.core.visits import PROVIDER, Desk

ORDINARY = frozenset("i take it daily for my heart and april the morning tablets there their please".split())


def found(desk: Desk) -> list[tuple[str, str]]:
    return [(x.heard, x.text) for x in corrections(heard_words("v1", desk.log))]


def correct(desk: Desk, start: int, end: int, text: str, utterance: str = "u1") -> None:
    desk.do(c.CorrectWords(utterance=utterance, start_word=start, end_word=end, text=text))


def hear(desk: Desk, text: str) -> None:
    """Say something as the machine hears it: with a probability, by which a person's words are told from it."""
    start = desk.visit.counters.word * 0.5
    words = [
        Word(id="", text=t, start=start + i * 0.5, end=start + i * 0.5 + 0.4, probability=0.8)
        for i, t in enumerate(text.split())
    ]
    desk.machine(c.CommitWords(words=tuple(words)))
    desk.machine(c.CloseUtterance(count=len(words), speaker="S1"))


def reading(heard: HeardWords) -> list[str]:
    return [match_key(w.text) for passage in heard.said for piece in passage.all_pieces() for w in piece.words]


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    hear(desk, "I take lysine a pril daily.")
    return desk


def test_what_was_heard_and_what_it_was_set_right_to_are_known(desk: Desk) -> None:
    correct(desk, 2, 5, "lisinopril")
    assert found(desk) == [("lysine a pril", "lisinopril")]


def test_words_around_that_read_as_before_are_no_part_of_it(desk: Desk) -> None:
    correct(desk, 0, 6, "I take Lisinopril, daily.")
    assert found(desk) == [("lysine a pril", "Lisinopril")]


def test_a_slip_that_is_set_right_again_teaches_the_last_text_and_what_was_heard_first(desk: Desk) -> None:
    correct(desk, 2, 5, "lisinopro")
    correct(desk, 2, 3, "lisinopril")
    assert found(desk) == [("lysine a pril", "lisinopril")]


def test_what_is_put_back_as_it_was_teaches_nothing(desk: Desk) -> None:
    correct(desk, 2, 5, "lisinopril")
    correct(desk, 2, 3, "lysine a pril")
    assert found(desk) == []


def test_what_was_put_in_or_left_out_is_no_mishearing(desk: Desk) -> None:
    correct(desk, 1, 2, "take generic")
    assert found(desk) == []


def test_an_accepted_reading_teaches_like_a_correction(desk: Desk) -> None:
    offer(desk)
    desk.do(c.AcceptReading(reading="r1"))
    assert found(desk) == [("lysine a pril", "lisinopril")]


def test_a_dismissed_reading_says_that_what_was_heard_is_right(desk: Desk) -> None:
    offer(desk)
    desk.do(c.DismissReading(reading="r1"))
    assert found(desk) == [("lysine a pril", "lysine a pril")]


def test_a_dismissed_reading_says_nothing_once_the_words_were_set_right_in_another_way(desk: Desk) -> None:
    offer(desk)
    desk.do(c.DismissReading(reading="r1"))
    correct(desk, 2, 5, "losartan")
    assert found(desk) == [("lysine a pril", "losartan")]


def offer(desk: Desk, *, settle: bool = False) -> None:
    heard = (Word(id="", text="lisinopril", start=1.5, end=2.9, probability=0.9),)
    words = ("w3", "w4", "w5")
    reason = ReadingReason.SECOND_LOOK
    desk.machine(c.ReadAnew(utterance="u1", words=words, heard=heard, reason=reason, settle=settle))


def test_what_the_machine_set_right_itself_is_what_it_heard(desk: Desk) -> None:
    offer(desk, settle=True)
    assert found(desk) == []
    correct(desk, 2, 3, "losartan")
    assert found(desk) == [("lisinopril", "losartan")]


def test_a_struck_passage_teaches_nothing_any_more(desk: Desk) -> None:
    hear(desk, "And hydroxy zine.")
    correct(desk, 2, 5, "lisinopril")
    correct(desk, 1, 3, "hydroxyzine", utterance="u2")
    desk.do(c.StrikeAudio(start=1.0, end=2.4))
    assert found(desk) == [("hydroxy zine", "hydroxyzine")]
    assert "lisinopril" not in reading(heard_words("v1", desk.log))


def test_the_patients_own_name_is_not_learnt() -> None:
    desk = Desk()
    opened = desk.log[0].fact
    assert isinstance(opened, e.VisitOpened)
    desk.record((replace(opened, patient={"name": "Ms Nguyen"}),), "sam")
    hear(desk, "Good morning miss winn.")
    correct(desk, 3, 4, "Nguyen")
    assert found(desk) == []


def test_a_signed_visit_is_finished() -> None:
    desk = Desk()
    assert not heard_words("v1", desk.log).finished
    desk.do(c.End())
    desk.do(c.Sign(content_hash=content_hash(desk.visit)), PROVIDER)
    assert heard_words("v1", desk.log).finished


EDITS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6), st.sampled_from(["x", "Xarelto", "a b c", "daily."])))


@given(EDITS, st.integers(0, 3))
def test_the_words_that_stand_are_always_those_of_the_visit(edits: list[tuple[int, int, str]], strikes: int) -> None:
    desk = Desk()
    hear(desk, "I take lysine a pril daily.")
    hear(desk, "No more than that.")
    for i, (start, end, text) in enumerate(edits):
        utterance = "u1" if i % 2 else "u2"
        try:
            correct(desk, start, min(end, 4) if i % 2 == 0 else end, text, utterance)
            if i < strikes:
                desk.do(c.StrikeAudio(start=i * 1.0, end=i * 1.0 + 0.6))
        except CommandRefused:
            continue
    heard = heard_words("v1", desk.log)
    told = reading(heard)
    stands = [match_key(w.text) for u in desk.visit.utterances.values() for w in u.words]
    assert sorted(told) == sorted(stands)


@pytest.mark.parametrize(
    ("heard", "text", "name"),
    [
        ("lysine a pril", "lisinopril", True),
        ("and april", "enalapril", True),
        ("doctor win", "Dr. Nguyen", True),
        ("h b a one c", "HbA", True),
        ("there", "their", False),
        ("morning", "Morning", False),
        ("ten", "15", False),
        ("its", "it's", False),
        ("tablet", "tablets", False),
    ],
)
def test_names_are_told_from_everyday_words(heard: str, text: str, name: bool) -> None:
    assert looks_like_a_name(Correction(visit="v", seq=1, heard=heard, text=text), ORDINARY) is name


def test_a_name_is_taught_as_it_is_mostly_written_with_all_that_was_heard_for_it() -> None:
    told = [("lysine a pril", "lisinopril"), ("Lysine a pril", "lisinopril"), ("listen april", "Lisinopril")]
    learnt = [Correction(visit=f"v{i}", seq=i, heard=h, text=t) for i, (h, t) in enumerate(told)]
    (name,) = taught(learnt, ORDINARY, {"lisinopril": TermKind.DRUG})
    assert (name.text, name.kind, name.times, name.visits) == ("lisinopril", TermKind.DRUG, 3, 3)
    assert name.heard == ("lysine a pril", "listen april")
