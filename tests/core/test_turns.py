"""Runs of words become turns: who said what, with and without voices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from live_scribe.asr.shipped import handover_weights
from live_scribe.core import turns as core_turns
from live_scribe.core.hearing import HeardWord
from live_scribe.core.turns import Before, VoiceOf, W
from live_scribe.core.words import Word

WORD_S = 0.3
HANDOVER = handover_weights()


def split(
    words: Sequence[W],
    label: VoiceOf,
    *,
    before: Before | None = None,
    voices: Sequence[str] = (),
) -> list[tuple[str | None, tuple[W, ...]]]:
    return core_turns.split(words, label, HANDOVER, before=before, voices=voices)


def spoken(text: str, start: float = 0.0) -> list[HeardWord]:
    return [
        HeardWord(text=word, start=start + i * WORD_S, end=start + (i + 1) * WORD_S, probability=0.9)
        for i, word in enumerate(text.split())
    ]


def said(turns: list[tuple[str | None, tuple[HeardWord, ...]]]) -> list[tuple[str | None, str]]:
    return [(voice, " ".join(word.text for word in words)) for voice, words in turns]


def nobody(start: float, end: float) -> str | None:
    return None


def only_first(start: float, end: float) -> str | None:
    return "S1"


def test_no_words_make_no_turns() -> None:
    assert split([], nobody) == []


def test_words_of_one_voice_are_one_turn() -> None:
    words = spoken("I have a cough. It is worse at night.")
    assert said(split(words, only_first)) == [("S1", "I have a cough. It is worse at night.")]


def test_a_change_heard_a_word_late_is_cut_at_the_end_of_the_sentence() -> None:
    words = spoken("It hurts on the inside. Show me where exactly it is.")
    late = lambda start, end: "S1" if start < 6 * WORD_S - 0.01 else "S2"  # noqa: E731
    assert said(split(words, late)) == [("S1", "It hurts on the inside."), ("S2", "Show me where exactly it is.")]


def test_a_change_heard_a_word_early_is_cut_at_the_end_of_the_sentence() -> None:
    words = spoken("It hurts on the inside. Show me where exactly it is.")
    early = lambda start, end: "S1" if start < 4 * WORD_S - 0.01 else "S2"  # noqa: E731
    assert said(split(words, early)) == [("S1", "It hurts on the inside."), ("S2", "Show me where exactly it is.")]


def test_one_word_labelled_otherwise_inside_a_phrase_does_not_break_it() -> None:
    words = spoken("I twisted my knee playing soccer yesterday.")
    flicker = lambda start, end: "S2" if abs(start - 3 * WORD_S) < 0.01 else "S1"  # noqa: E731
    assert len(split(words, flicker)) == 1


def test_a_long_interruption_in_mid_sentence_is_heard() -> None:
    words = spoken("so I went to the but wait I need to ask you one thing about")
    turns = split(words, lambda start, end: "S1" if start < 5 * WORD_S - 0.01 else "S2")
    assert [voice for voice, _ in turns] == ["S1", "S2"]


def test_a_one_word_answer_belongs_to_the_other_voice_though_the_sound_says_otherwise() -> None:
    words = spoken("Any fevers? No. Any chills? No.")
    assert said(split(words, only_first, voices=("S1", "S2"))) == [
        ("S1", "Any fevers?"),
        ("S2", "No."),
        ("S1", "Any chills?"),
        ("S2", "No."),
    ]


def test_without_voices_questions_and_answers_are_still_parted() -> None:
    words = spoken("Any fevers? No. Any chills? Yes, last night.")
    assert said(split(words, nobody)) == [
        (None, "Any fevers?"),
        (None, "No."),
        (None, "Any chills?"),
        (None, "Yes, last night."),
    ]


def test_an_answer_before_a_new_sentence_is_the_other_voices_though_no_stop_was_heard() -> None:
    before = Before(speaker="S1", text="Any chest pain or trouble breathing?")
    words = spoken("No nothing Good, what have you been doing for it?")
    turns = split(words, only_first, before=before, voices=("S1", "S2"))
    assert said(turns) == [("S2", "No nothing"), ("S1", "Good, what have you been doing for it?")]


def test_a_name_inside_an_answer_begins_no_sentence() -> None:
    before = Before(speaker="S1", text="Any medicines?")
    words = spoken("No just Advil and Tylenol")
    turns = split(words, lambda start, end: "S2", before=before, voices=("S1", "S2"))
    assert said(turns) == [("S2", "No just Advil and Tylenol")]


def test_who_answers_and_goes_on_keeps_the_turn() -> None:
    words = spoken("Does it hurt? No. It is only stiff in the morning.")
    assert said(split(words, nobody)) == [(None, "Does it hurt?"), (None, "No. It is only stiff in the morning.")]


def test_an_answer_after_a_pause_is_not_the_askers() -> None:
    before = Before(speaker="S1", text="Any allergies?")
    assert said(split(spoken("No."), nobody, before=before, voices=("S1", "S2"))) == [("S2", "No.")]


def test_what_is_no_answer_follows_the_sound_after_a_question() -> None:
    before = Before(speaker="S1", text="Any allergies?")
    assert said(split(spoken("To any medicine."), only_first, before=before, voices=("S1", "S2")))[0][0] == "S1"


def test_with_one_voice_known_the_other_is_not_invented() -> None:
    assert said(split(spoken("Any fevers? No."), only_first)) == [("S1", "Any fevers?"), (None, "No.")]


def test_a_listeners_sound_in_somebodys_talk_is_the_other_voice() -> None:
    words = spoken("It started on Monday. Mm-hm. And it got worse.")
    assert [voice for voice, _ in split(words, only_first, voices=("S1", "S2"))] == ["S1", "S2", "S1"]


def test_a_listeners_okay_between_two_statements_is_the_other_voice() -> None:
    words = spoken("The lungs are clear. Okay. Does it hurt when I press here?")
    assert [voice for voice, _ in split(words, only_first, voices=("S1", "S2"))] == ["S1", "S2", "S1"]


def test_who_says_all_right_and_goes_on_keeps_the_turn() -> None:
    words = spoken("Heart sounds regular. All right. So I think this is asthma.")
    assert len(split(words, only_first, voices=("S1", "S2"))) == 1


def test_a_run_of_which_nothing_is_known_has_no_voice() -> None:
    assert said(split(spoken("It started on Monday."), nobody, voices=("S1", "S2"))) == [
        (None, "It started on Monday.")
    ]


def test_written_words_without_times_are_one_turn() -> None:
    words = [Word(id="w1", text="Good"), Word(id="w2", text="morning.")]
    assert split(words, only_first) == [(None, tuple(words))]


texts = st.lists(st.sampled_from(["no.", "yes.", "fever?", "I", "mm-hm.", "and,", "Dr.", "got", "it."]), max_size=12)
voices = st.sampled_from([None, "S1", "S2", "S3"])


@given(texts, st.lists(voices, min_size=12, max_size=12), voices, st.booleans())
def test_turns_hold_all_words_in_order_and_neighbours_differ(
    texts: list[str], labels: list[str | None], speaker: str | None, timed: bool
) -> None:
    words = spoken(" ".join(texts)) if timed else []
    before = Before(speaker=speaker, text="Any fever?")
    turns = split(words, lambda start, end: labels[round(start / WORD_S)], before=before, voices=("S1", "S2"))
    assert [word for _, turn in turns for word in turn] == words
    assert all(turn for _, turn in turns)
    assert all(a != b or a is None for (a, _), (b, _) in pairwise(turns))
