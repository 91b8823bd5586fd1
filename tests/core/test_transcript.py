"""What hearing adds to the transcript, and how people set it right."""

from __future__ import annotations

import pytest

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.words import Role, match_key
from live_scribe.errors import CommandRefused
from tests.core.visits import Desk


def test_words_wait_for_the_end_of_their_utterance() -> None:
    desk = Desk()
    desk.say("no chest pain")
    desk.machine(c.CommitWords(words=desk.visit.utterances["u1"].words[:1]))
    assert [w.id for w in desk.visit.open_words] == ["w4"]
    assert desk.visit.utterances["u1"].text == "no chest pain"


def test_a_correction_keeps_the_ids_of_the_words_it_replaces() -> None:
    desk = Desk()
    desk.say("take lysine a pril daily")
    desk.do(c.CorrectWords(utterance="u1", start_word=1, end_word=4, text="lisinopril"))
    assert [(w.id, w.text) for w in desk.visit.utterances["u1"].words] == [
        ("w1", "take"),
        ("w2", "lisinopril"),
        ("w5", "daily"),
    ]


def test_a_longer_correction_gets_new_ids_and_shares_out_the_time() -> None:
    desk = Desk()
    desk.say("take it daily")
    desk.do(c.CorrectWords(utterance="u1", start_word=1, end_word=2, text="ten milligrams"))
    words = desk.visit.utterances["u1"].words
    assert [w.id for w in words] == ["w1", "w2", "w4", "w3"]
    assert words[1].end == words[2].start


@pytest.mark.parametrize(
    ("start", "end", "text", "code"), [(2, 1, "x", "invalid"), (0, 9, "x", "invalid"), (0, 1, " ", "invalid")]
)
def test_a_correction_of_words_that_are_not_there_is_refused(start: int, end: int, text: str, code: str) -> None:
    desk = Desk()
    desk.say("take it")
    with pytest.raises(CommandRefused) as refused:
        desk.do(c.CorrectWords(utterance="u1", start_word=start, end_word=end, text=text))
    assert refused.value.code == code


def test_a_persons_word_on_a_role_is_final() -> None:
    desk = Desk()
    desk.say("how are you", "S1")
    desk.machine(c.NameRole(speaker="S1", role=Role.PATIENT, confidence=0.6))
    desk.do(c.AssignRole(speaker="S1", role=Role.DOCTOR))
    desk.machine(c.NameRole(speaker="S1", role=Role.PATIENT, confidence=0.99))
    assert desk.visit.utterances["u1"].role is Role.DOCTOR


def test_a_persons_word_on_who_spoke_is_final() -> None:
    desk = Desk()
    desk.say("no", "S1")
    desk.do(c.AssignSpeaker(utterance="u1", speaker="S2"))
    desk.machine(c.NameSpeaker(utterance="u1", speaker="S1"))
    assert desk.visit.utterances["u1"].speaker == "S2"


def test_swapped_roles_change_all_that_the_voices_said() -> None:
    desk = Desk()
    desk.say("how are you", "S1")
    desk.say("fine", "S2")
    desk.machine(c.NameRole(speaker="S1", role=Role.PATIENT, confidence=0.6))
    desk.machine(c.NameRole(speaker="S2", role=Role.DOCTOR, confidence=0.6))
    desk.do(c.SwapRoles(a="S1", b="S2"))
    assert [u.role for u in desk.visit.utterances.values()] == [Role.DOCTOR, Role.PATIENT]


def test_small_steps_of_confidence_are_no_facts() -> None:
    desk = Desk()
    desk.machine(c.NameRole(speaker="S1", role=Role.DOCTOR, confidence=0.8))
    assert desk.machine(c.NameRole(speaker="S1", role=Role.DOCTOR, confidence=0.82)) == ()


def test_unknown_voices_utterances_and_moments_are_refused() -> None:
    desk = Desk()
    desk.say("hello")
    wrong: list[c.Command] = [
        c.AssignRole(speaker="S9", role=Role.DOCTOR),
        c.AssignSpeaker(utterance="u9", speaker="S1"),
        c.AssignSpeaker(utterance="u1", speaker="Jane"),
        c.MarkMoment(moment=1e9),
        c.StrikeAudio(start=2.0, end=1.0),
    ]
    for command in wrong:
        with pytest.raises(CommandRefused):
            desk.do(command)


def test_words_are_compared_without_case_and_outer_signs_but_numbers_keep_theirs() -> None:
    assert match_key("Pain.") == match_key("pain") == "pain"
    assert match_key("2.5") != match_key("25")
    assert match_key("don’t") == match_key("Don't")
    assert match_key("…") == "…"


def test_another_language_is_noticed_once_and_only_where_it_is_sure() -> None:
    desk = Desk()
    assert desk.machine(c.NoticeLanguage(language="en", probability=0.99)) == ()
    assert desk.machine(c.NoticeLanguage(language="es", probability=0.7)) == ()
    assert desk.machine(c.NoticeLanguage(language="es", probability=0.9)) != ()
    assert desk.machine(c.NoticeLanguage(language="de", probability=0.9)) == ()
    assert desk.visit.detected == e.LanguageDetected(language="es", probability=0.9)


def test_what_is_said_after_the_language_was_set_is_in_it() -> None:
    desk = Desk()
    desk.say("two point five milligrams")
    assert desk.do(c.SetLanguage(language="en")) == ()
    desk.do(c.SetLanguage(language="es"))
    desk.say("two point five milligrams")
    first, second = desk.visit.utterances.values()
    assert (first.language, first.text) == ("en", "2.5 mg")
    assert (second.language, second.text) == ("es", "two point five milligrams")
