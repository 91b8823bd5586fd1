"""What a correction teaches: the name that was meant and what was heard for it, for the rest of the visit."""

from __future__ import annotations

from live_scribe.asr.shipped import packaged_vocabulary
from live_scribe.core import commands as c
from live_scribe.core.lessons import Lessons
from live_scribe.core.readings import ReadingReason
from live_scribe.core.sound_alikes import SoundAlikes
from live_scribe.core.words import Word
from live_scribe.naming import Naming
from tests.core.visits import Desk

KNOWN = SoundAlikes(packaged_vocabulary())


def desk_hearing(text: str) -> Desk:
    desk = Desk()
    hear(desk, text)
    return desk


def hear(desk: Desk, text: str) -> None:
    begin = desk.visit.counters.word * 0.5
    words = tuple(
        Word(id="", text=t, start=begin + i * 0.5, end=begin + i * 0.5 + 0.4, probability=0.8)
        for i, t in enumerate(text.split())
    )
    desk.machine(c.CommitWords(words=words))
    desk.machine(c.CloseUtterance(count=len(words), speaker="S1"))


def correct(desk: Desk, utterance: str, start: int, end: int, text: str) -> None:
    desk.do(c.CorrectWords(utterance=utterance, start_word=start, end_word=end, text=text))


def test_a_corrected_name_is_offered_for_the_same_words_heard_again() -> None:
    desk = desk_hearing("Doctor lint quist sent me.")
    naming = Naming(packaged_vocabulary, lambda: desk.visit)
    assert naming.offers(desk.visit.utterances["u1"]) == []
    correct(desk, "u1", 0, 3, "Doctor Lindqvist")
    hear(desk, "I like doctor lint quist a lot.")
    (offer,) = naming.offers(desk.visit.utterances["u2"])
    assert (offer.reason, offer.settle) == (ReadingReason.RULE, False)
    assert [w.text for w in offer.heard] == ["Lindqvist"]


def test_a_correction_to_everyday_words_teaches_nothing() -> None:
    desk = desk_hearing("The pain is wears at night.")
    lessons = Lessons()
    lessons.look(desk.visit.utterances, KNOWN)
    correct(desk, "u1", 3, 4, "worse")
    assert not lessons.look(desk.visit.utterances, KNOWN)
    assert lessons.terms == ()


def test_an_accepted_reading_teaches_as_a_correction_does() -> None:
    desk = desk_hearing("I take listen april daily.")
    lessons = Lessons()
    lessons.look(desk.visit.utterances, KNOWN)
    heard = (Word(id="", text="lisinopril", start=1.0, end=2.0, probability=0.9),)
    desk.machine(c.ReadAnew(utterance="u1", words=("w3", "w4"), heard=heard, reason=ReadingReason.VOCABULARY))
    desk.do(c.AcceptReading(reading="r1"))
    assert lessons.look(desk.visit.utterances, KNOWN)
    (term,) = lessons.terms
    assert (term.text, term.aliases) == ("lisinopril", ("listen april",))


def test_after_a_break_what_a_person_wrote_is_still_known() -> None:
    desk = desk_hearing("Doctor win sent me.")
    correct(desk, "u1", 1, 2, "Nguyen")
    lessons = Lessons()
    assert lessons.look(desk.visit.utterances, KNOWN)
    assert [t.text for t in lessons.terms] == ["Nguyen"]
