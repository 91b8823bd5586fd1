"""Other readings of words: applied only where nothing of a person's rests on them, else offered, and never silently."""

from __future__ import annotations

import pytest

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.codec import decode, encode
from live_scribe.core.fold import fold
from live_scribe.core.log import Struck
from live_scribe.core.note import SuggestionState
from live_scribe.core.readings import Concern, ReadingReason
from live_scribe.core.wire import snapshot_json
from live_scribe.core.words import Word
from live_scribe.errors import CommandRefused
from tests.core.visits import Desk, proposal


def anew(words: tuple[str, ...], text: str, *, settle: bool = False) -> c.ReadAnew:
    heard = tuple(Word(id="", text=t, start=1.0, end=1.4, probability=0.9) for t in text.split())
    return c.ReadAnew(utterance="u1", words=words, heard=heard, reason=ReadingReason.SECOND_LOOK, settle=settle)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    heard = "I take lysine a pril daily".split()
    words = tuple(Word(id="", text=t, start=i * 0.5, end=i * 0.5 + 0.4, probability=0.8) for i, t in enumerate(heard))
    desk.machine(c.CommitWords(words=words))
    desk.machine(c.CloseUtterance(count=len(words), speaker="S1"))
    return desk


def text_of(desk: Desk) -> str:
    return desk.visit.utterances["u1"].text


def test_a_reading_is_offered_and_changes_nothing(desk: Desk) -> None:
    desk.machine(anew(("w3", "w4", "w5"), "lisinopril"))
    assert text_of(desk) == "I take lysine a pril daily"
    (offered,) = snapshot_json(desk.visit)["readings"]
    assert offered["id"] == "r1" and offered["words"] == ["w3", "w4", "w5"]


def test_readings_come_in_the_order_a_person_should_look_at_them_across_the_visit(desk: Desk) -> None:
    def offered(word: str, at: float, concern: Concern, reason: ReadingReason = ReadingReason.SECOND_LOOK) -> None:
        heard = (Word(id="", text="other", start=at, end=at + 0.4, probability=0.9),)
        desk.machine(c.ReadAnew(utterance="u1", words=(word,), heard=heard, reason=reason, concern=concern))

    offered("w1", 1.0, Concern.OTHER)
    offered("w2", 2.0, Concern.NUMBER)
    offered("w3", 9.0, Concern.NAME)
    offered("w4", 3.0, Concern.OTHER, ReadingReason.VOCABULARY)
    offered("w5", 1.5, Concern.NUMBER)
    assert [r["words"] for r in snapshot_json(desk.visit)["readings"]] == [["w4"], ["w3"], ["w5"], ["w2"], ["w1"]]


def test_an_old_log_knows_no_concern() -> None:
    fact = encode(e.ReadingOffered(reading="r1", utterance="u1", words=("w1",), heard=(), reason=ReadingReason.RULE))
    del fact["concern"]
    assert decode(e.ReadingOffered, fact).concern is Concern.OTHER


def test_an_accepted_reading_corrects_the_words_and_is_a_persons_from_then_on(desk: Desk) -> None:
    desk.machine(anew(("w3", "w4", "w5"), "lisinopril"))
    facts = desk.do(c.AcceptReading(reading="r1"))
    assert [type(f) for f in facts] == [e.ReadingAccepted, e.WordsCorrected]
    assert text_of(desk) == "I take lisinopril daily"
    assert [w.id for w in desk.visit.utterances["u1"].words] == ["w1", "w2", "w3", "w6"]
    assert desk.machine(anew(("w3",), "captopril", settle=True)) == ()


def test_a_dismissed_reading_does_not_come_back(desk: Desk) -> None:
    desk.machine(anew(("w3", "w4", "w5"), "lisinopril"))
    desk.do(c.DismissReading(reading="r1"))
    assert desk.machine(anew(("w3", "w4", "w5"), "Lisinopril.")) == ()
    assert snapshot_json(desk.visit)["readings"] == []


def test_a_reading_of_words_that_were_corrected_is_stale(desk: Desk) -> None:
    desk.machine(anew(("w3", "w4"), "lisinopril"))
    desk.do(c.CorrectWords(utterance="u1", start_word=3, end_word=5, text="and April"))
    assert desk.visit.readings["r1"].state is SuggestionState.STALE
    with pytest.raises(CommandRefused):
        desk.do(c.AcceptReading(reading="r1"))


def test_what_is_settled_is_applied_where_the_machine_alone_wrote(desk: Desk) -> None:
    desk.draft(proposal("u1:0", "He takes it.", words=("w2",)))
    (fact,) = desk.machine(anew(("w2", "w3"), "take the", settle=True))
    assert isinstance(fact, e.WordsCorrected) and fact.reason == "second-look"
    assert text_of(desk) == "I take the a pril daily"


@pytest.mark.parametrize("words", [("w2",), ()])
def test_what_is_settled_is_only_offered_where_a_persons_statement_rests_on_it(
    desk: Desk, words: tuple[str, ...]
) -> None:
    desk.draft(proposal("u1:0", "He takes it.", words=words))
    desk.do(c.EditStatement(statement="s1", base_version=1, text="He takes it daily."))
    (fact,) = desk.machine(anew(("w2",), "took", settle=True))
    assert isinstance(fact, e.ReadingOffered)


def test_what_a_person_has_confirmed_is_not_changed_under_them(desk: Desk) -> None:
    desk.draft(proposal("u1:0", "He takes it.", words=("w2",), doubt=True))
    desk.do(c.ConfirmFlag(statement="s1", flag="f1"))
    (fact,) = desk.machine(anew(("w2",), "took", settle=True))
    assert isinstance(fact, e.ReadingOffered)


@pytest.mark.parametrize(
    "command",
    [
        anew(("w3", "w5"), "lisinopril"),
        anew(("w9",), "lisinopril"),
        anew((), "lisinopril"),
        anew(("w3",), ""),
        anew(("w3",), "Lysine,"),
    ],
)
def test_a_reading_of_nothing_that_stands_or_that_says_the_same_is_none(desk: Desk, command: c.ReadAnew) -> None:
    assert desk.machine(command) == ()


def test_a_strike_takes_readings_of_the_passage_with_it(desk: Desk) -> None:
    desk.machine(anew(("w3", "w4", "w5"), "lisinopril"))
    struck = desk.do(c.StrikeAudio(start=2.0, end=2.3))[0]
    assert isinstance(struck, e.AudioStruck) and struck.readings == ("r1",)
    assert desk.visit.readings == {}
    assert not any(isinstance(entry.fact, e.ReadingOffered) for entry in desk.log)


def passed_over(text: str, at: float, *, settle: bool, beside: str = "w6", said: str = "u1") -> c.ReadAnew:
    heard = tuple(
        Word(id="", text=t, start=at + i * 0.3, end=at + i * 0.3 + 0.3, probability=0.9)
        for i, t in enumerate(text.split())
    )
    return c.ReadAnew(
        utterance=said,
        words=(beside,),
        heard=heard,
        reason=ReadingReason.SECOND_LOOK,
        settle=settle,
        concern=Concern.ANSWER,
        apart=True,
        speaker="S2",
    )


def say_on(desk: Desk, text: str, at: float) -> None:
    words = tuple(Word(id="", text=t, start=at, end=at + 0.2, probability=0.8) for t in text.split())
    desk.machine(c.CommitWords(words=words))
    desk.machine(c.CloseUtterance(count=len(words), speaker="S1"))


def lines(desk: Desk) -> list[str]:
    return [f"{u.id} {u.speaker} {u.text}" for u in desk.visit.utterances.values()]


def test_an_answer_that_was_passed_over_becomes_an_utterance_of_its_own_in_its_place(desk: Desk) -> None:
    say_on(desk, "And this?", 6.0)
    desk.machine(passed_over("No.", 4.0, settle=False))
    assert len(desk.visit.utterances) == 2
    facts = desk.do(c.AcceptReading(reading="r1"))
    assert [type(f) for f in facts] == [e.ReadingAccepted, e.UtteranceFound]
    assert lines(desk) == ["u1 S1 I take lysine a pril daily", "u3 S2 No.", "u2 S1 And this?"]
    assert desk.visit.utterances["u3"].words[0].probability is None  # a person's from now on
    say_on(desk, "Good.", 8.0)
    assert list(desk.visit.utterances) == ["u1", "u3", "u2", "u4"]
    assert fold(desk.visit.id, desk.log) == desk.visit


def test_what_is_not_critical_is_put_there_at_once_and_what_came_before_all_is_the_first(desk: Desk) -> None:
    desk.machine(passed_over("Okay then.", 4.0, settle=True))
    desk.machine(passed_over("Right here.", -1.0, settle=True, beside="w1"))
    assert list(desk.visit.utterances) == ["u3", "u1", "u2"]
    assert desk.visit.utterances["u2"].words[0].probability == 0.9


def test_an_answer_that_is_offered_and_put_aside_does_not_come_back(desk: Desk) -> None:
    desk.machine(passed_over("No.", 4.0, settle=False))
    desk.do(c.DismissReading(reading="r1"))
    assert desk.machine(passed_over("No.", 4.0, settle=False)) == ()


def test_a_strike_takes_an_answer_that_was_found_and_the_place_of_others_is_kept(desk: Desk) -> None:
    say_on(desk, "And this?", 6.0)
    desk.machine(passed_over("Okay so far.", 4.0, settle=True))
    desk.machine(passed_over("Never mind.", 7.0, settle=False, beside="w8", said="u2"))
    desk.do(c.StrikeAudio(start=4.0, end=4.2, reason="private"))
    assert lines(desk) == ["u1 S1 I take lysine a pril daily", "u3 S2 so far.", "u2 S1 And this?"]
    assert fold(desk.visit.id, desk.log) == desk.visit
    desk.do(c.StrikeAudio(start=7.0, end=7.5, reason="private"))
    assert desk.visit.readings == {}
    assert "Never" not in repr([encode(entry.fact) for entry in desk.log if not isinstance(entry.fact, Struck)])
