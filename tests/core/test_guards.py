"""What whisper makes up, as it was recorded, and that it does not get through."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.commit import CommitPolicy
from live_scribe.core.guards import (
    joined,
    unheard_from,
    with_boosted,
    without_cut_word,
    without_echo,
    without_loop,
    without_phantoms,
    without_replay,
    without_timeless,
    without_unlikely,
)
from live_scribe.core.hearing import HeardWord, Hypothesis, WordsConfirmed
from tests.core.test_commit import heard


def texts(words: tuple[HeardWord, ...]) -> str:
    return " ".join(w.text for w in words)


def silent(_start: float, _end: float) -> float:
    return 0.0


def loud(_start: float, _end: float) -> float:
    return 1.0


def unsure(text: str, no_speech: float = 0.0) -> Hypothesis:
    words = tuple(HeardWord(text=w.text, start=w.start, end=w.end, probability=0.3) for w in heard(text))
    return Hypothesis(start=0.0, end=5.0, words=words, no_speech_probability=no_speech)


def unsurely(*words: tuple[str, float, float, float]) -> tuple[HeardWord, ...]:
    return tuple(HeardWord(text=text, start=start, end=end, probability=p) for text, start, end, p in words)


def test_a_loop_is_cut_behind_its_first_round() -> None:
    looped = "the knee is " + "it hurts a lot " * 6
    assert texts(without_loop(heard(looped))) == "the knee is it hurts a lot"
    assert texts(without_loop(heard("it's my right knee " * 3))) == "it's my right knee"


def test_a_loop_of_two_words_is_known_by_the_time_it_takes() -> None:
    # Recorded: where a window held a breath and the end of a word.
    times = (3.57, 3.57, 3.57, 3.57, 4.57, 4.57, 4.63, 5.67, 5.69, 5.69, 6.05, 6.07)
    looped = [(("I'm", "fine.")[i % 2], start, end) for i, (start, end) in enumerate(pairwise(times))]
    assert texts(without_loop(timed(*looped))) == "I'm fine."


def test_people_do_repeat_themselves() -> None:
    for said in ("no " * 11 + "no", "no no no no", "very very very bad", "left right left right left right"):
        assert texts(without_loop(heard(said))) == said


def timed(*words: tuple[str, float, float]) -> tuple[HeardWord, ...]:
    return tuple(HeardWord(text=text, start=start, end=end, probability=1.0) for text, start, end in words)


def test_a_sentence_said_once_more_in_no_time_is_not_heard() -> None:
    # Recorded: whisper base, the end of a window cut at "breathe"; its compression ratio of 1.9 passes for speech.
    said = (("Good", 73.45, 73.91), ("any", 73.91, 74.27), ("trouble", 74.27, 74.67), ("breathe", 74.67, 74.93))
    replay = [(word, 74.97, 74.97) for word in "last one was yesterday Good any trouble breathe?".split()]
    assert texts(without_timeless(timed(*said, *replay))) == "Good any trouble breathe"


def test_a_replay_between_real_words_goes_alone() -> None:
    # Recorded: "Like a seal." was said once; whisper put a second one between it and "Okay."
    found = timed(
        *(("Like", 33.79, 33.95), ("a", 33.95, 34.07), ("seal.", 34.07, 34.39)),
        *(("Like", 34.85, 34.85), ("a", 34.85, 34.85), ("seal.", 34.85, 34.85)),
        ("Okay.", 34.85, 35.15),
    )
    assert texts(without_timeless(found)) == "Like a seal. Okay."


def test_a_replay_whose_last_word_got_a_little_time_goes_too() -> None:
    # Recorded: "And so my fellow Americans", said once.
    words = "And so my fellow Americans.".split()
    replay = [(word, 2.06, 2.1 if word == words[-1] else 2.06) for word in words]
    found = timed(("fellow", 1.4, 1.76), ("Americans.", 1.76, 2.06), *replay, ("And", 2.1, 2.1))
    assert texts(without_timeless(found)) == "fellow Americans."


@pytest.mark.parametrize(
    ("said", "replay"),
    [
        # Recorded: tiny.en, windows of two samples. The last word is often broken off.
        ("Good morning, Owen. Come on in. I'm Dr. Whitcomb.", "Good morning, Owen. Come on in. I'm Dr. Whitcomb. Good"),
        ("I felt this pop. You felt a pop. Did it.", "You felt a pop. Did it. You felt a pop. Did it."),
        ("Hi, Denise. Good to see you again. How...", "How... How... How... How... How... How... How... How..."),
        ("today. Well, my feet.", "Well, my feet. Well, my feet. Well, my feet. Well, m"),
        ("Okay, we'll get to that for sure. How long has that been going on?", "Okay, we'll get to that for sure"),
    ],
)
def test_what_is_said_over_again_in_no_time_goes_and_what_was_said_stays(said: str, replay: str) -> None:
    words = heard(said)
    end = words[-1].end
    again = timed(*((word, end, end) for word in replay.split()))
    assert texts(without_replay(words + again)) == said


@given(st.lists(st.sampled_from("no. five mg the".split()), min_size=1, max_size=6), st.integers(1, 6), st.booleans())
def test_what_people_say_again_and_take_their_time_for_is_no_replay(words: list[str], times: int, broken: bool) -> None:
    said = heard(" ".join(words * times) + (" mill" if broken else ""))
    assert without_replay(said) == said


def test_two_words_squeezed_at_the_edge_stay() -> None:
    found = timed(("not", 4.64, 4.8), ("of", 5.2, 5.22), ("them.", 5.22, 5.22))
    assert texts(without_timeless(found)) == "not of them."


def test_words_where_nobody_spoke_are_not_heard() -> None:
    assert without_phantoms(Hypothesis(start=0, end=3, words=heard("thank you")), silent) == ()
    mixed = Hypothesis(start=0, end=3, words=heard("my knee"))
    assert texts(without_phantoms(mixed, lambda start, end: float(end > 0.6))) == "knee"


def test_an_unsure_look_at_what_is_no_speech_is_not_heard() -> None:
    assert without_phantoms(unsure("so we went there", no_speech=0.9), loud) == ()
    assert texts(without_phantoms(unsure("so we went there", no_speech=0.2), loud)) == "so we went there"


RECORDED_NOISE = [
    # What whisper said to four seconds of (base) digital silence, white noise and mains hum, (tiny.en) white noise.
    (0.922, (("you", 2.48, 3.98, 0.24),)),
    (
        0.728,
        (
            *(("I'm", 2.48, 3.98, 0.15), ("going", 3.98, 3.98, 0.19), ("to", 3.98, 3.98, 0.92)),
            *(("put", 3.98, 3.98, 0.06), ("the", 3.98, 3.98, 0.17), ("water", 3.98, 3.98, 0.02)),
        ),
    ),
    (
        0.843,
        (
            *(("I'm", 1.4, 2.9, 0.12), ("not", 2.9, 3.36, 0.07), ("going", 3.36, 3.36, 0.1)),
            *(("to", 3.36, 3.36, 0.86), ("be", 3.36, 3.36, 0.05), ("able", 3.36, 3.36, 0.09)),
        ),
    ),
    (
        0.957,
        (
            *(("I'm", 2.48, 3.98, 0.15), ("going", 3.98, 3.98, 0.08)),
            *(("to", 3.98, 3.98, 0.58), ("go.", 3.98, 3.98, 0.07)),
        ),
    ),
]


@pytest.mark.parametrize(("no_speech", "found"), RECORDED_NOISE)
def test_text_over_silence_hum_and_noise_is_not_heard_by_the_detector_nor_by_whispers_own_doubt(
    no_speech: float, found: tuple[tuple[str, float, float, float], ...]
) -> None:
    look = Hypothesis(start=0.0, end=4.0, words=unsurely(*found), no_speech_probability=no_speech)
    assert without_phantoms(look, loud) == ()
    assert without_phantoms(replace(look, no_speech_probability=0.0), silent) == ()


def test_a_phantom_is_known_by_its_words_where_whisper_has_no_doubt_of_speech() -> None:
    # Recorded: base, digital silence.
    look = Hypothesis(start=0.0, end=4.0, words=unsurely(("you", 2.48, 3.98, 0.24)))
    assert without_phantoms(look, loud) == ()


def test_the_end_of_a_video_is_not_heard_but_a_patient_may_say_thank_you() -> None:
    assert without_phantoms(unsure("Thanks for watching!"), loud) == ()
    sure = Hypothesis(start=0, end=3, words=heard("Thank you."))
    assert texts(without_phantoms(sure, loud)) == "Thank you."


def test_an_echo_of_settled_words_is_not_heard_again() -> None:
    before = heard("any chest pain")
    echo = heard("chest pain no", start=0.35)
    assert texts(without_echo(echo[:2] + heard("no", start=1.4), before)) == "no"


def test_an_echo_at_the_beginning_of_a_window_is_not_the_word_said_twice() -> None:
    # Recorded: tiny.en, a window that begins in "that?", which was settled; "Lisinopril" is the answer.
    settled = timed(("take", 99.9, 100.2), ("for", 100.2, 100.46), ("that?", 100.46, 100.89))
    found = unsurely(("that?", 100.72, 100.8, 0.0), ("Lysinapril,", 101.41, 102.06, 0.49))
    assert texts(without_echo(found, settled)) == "Lysinapril,"


def test_a_word_said_again_behind_the_settled_ones_is_no_echo() -> None:
    assert texts(without_echo(heard("pain", start=1.3), heard("any chest pain"))) == "pain"


def test_voice_that_a_look_has_no_words_for_is_found_and_heard_on_its_own() -> None:
    # Recorded: the text ended at the question, and the answer ("ice and a brace, and ibuprofen") was passed over.
    question = timed(("doing", 73.86, 74.16), ("for", 74.16, 74.38), ("it?", 81.86, 83.36))
    look = Hypothesis(start=73.8, end=83.5, words=question)
    assert unheard_from(look, loud) == 74.38
    rest = Hypothesis(start=74.38, end=83.5, words=timed(("it?", 74.38, 74.8), ("Ice", 75.1, 75.5)))
    assert texts(joined(look, rest).words) == "doing for it? Ice"


def test_silence_without_words_is_not_unheard() -> None:
    look = Hypothesis(start=0.0, end=9.0, words=heard("how are you"))
    assert unheard_from(look, lambda start, end: 0.1) is None
    assert unheard_from(Hypothesis(start=0.0, end=9.0, words=()), loud) == 0.0


@pytest.mark.parametrize(
    ("settled", "begins", "heard_there", "said"),
    [
        # Recorded (tiny.en, windows that begin in the middle of a word of a sample).
        (
            timed(("or", 64.46, 64.68), ("chills?", 64.68, 65.26)),
            65.02,
            unsurely(("pills?", 65.02, 65.3, 0.0), ("No.", 65.92, 66.52, 0.42)),
            "No.",
        ),
        (
            timed(("no,", 79.36, 79.74), ("600", 79.74, 80.23)),
            80.03,
            unsurely(("100", 80.03, 80.31, 0.14), ("milligrams", 80.31, 81.02, 0.92)),
            "milligrams",
        ),
        (
            timed(("torn", 93.75, 94.09), ("meniscus.", 94.09, 94.83)),
            94.51,
            unsurely(("sketch.", 94.51, 94.65, 0.0), ("Okay,", 95.11, 95.55, 0.46)),
            "Okay,",
        ),
        (
            timed(("any", 57.9, 58.28), ("way?", 58.28, 58.84)),
            58.61,
            unsurely(("the", 58.61, 58.61, 0.0), ("way?", 58.61, 58.85, 0.02), ("No.", 59.33, 59.57, 0.49)),
            "No.",
        ),
    ],
)
def test_half_a_word_at_a_windows_edge_is_not_heard_as_another_word(
    settled: tuple[HeardWord, ...], begins: float, heard_there: tuple[HeardWord, ...], said: str
) -> None:
    look = Hypothesis(start=begins, end=heard_there[-1].end + 1, words=heard_there)
    assert texts(without_cut_word(look, settled)) == said
    policy = CommitPolicy(settled)
    assert [w.text for e in policy.pause(look) if isinstance(e, WordsConfirmed) for w in e.words] == [said]


def test_the_word_behind_the_half_one_stays_though_it_is_stretched_over_it_or_heard_surely() -> None:
    # Recorded: "400, no, 600" from the middle of "400," on: the correction must not go with the half word.
    settled = timed(("ibuprofen,", 77.51, 78.53), ("400,", 78.53, 79.21))
    stretched = unsurely(("600", 78.92, 80.28, 0.14), ("milligrams,", 80.28, 81.0, 0.8))
    assert texts(without_cut_word(Hypothesis(start=78.92, end=82, words=stretched), settled)) == "600 milligrams,"
    sure = unsurely(
        ("No.", 78.92, 79.3, 0.9),
    )
    assert texts(without_cut_word(Hypothesis(start=78.92, end=82, words=sure), settled)) == "No."


def test_a_window_that_begins_between_words_loses_none() -> None:
    settled = timed(("any", 1.0, 1.3), ("chills?", 1.3, 1.8))
    first = unsurely(("No.", 1.85, 2.1, 0.1))
    assert texts(without_cut_word(Hypothesis(start=1.85, end=3, words=first), settled)) == "No."


def a_look(*words: tuple[str, float, float, float]) -> Hypothesis:
    heard = tuple(HeardWord(text=t, start=s, end=e, probability=p) for t, s, e, p in words)
    return Hypothesis(start=0.0, end=4.0, words=heard)


BOOSTED_LOOK = a_look(
    ("I", 0.2, 0.3, 0.98),
    ("take", 0.4, 0.7, 0.99),
    ("glipazide", 0.8, 1.5, 0.69),
    ("every", 1.6, 1.9, 0.99),
    ("morning.", 2.0, 2.5, 0.99),
)


def boosted_by(name: str, start: float, end: float, probability: float, **voice: float) -> str:
    told = a_look(("take", 0.4, 0.7, 0.9), (name, start, end, probability), ("every", 1.6, 1.9, 0.9))
    look = with_boosted(BOOSTED_LOOK, told, ["glipizide", "Zetia"], [(0.8, 1.5)], lambda s, e: voice.get("voiced", 1.0))
    return " ".join(w.text for w in look.words)


def test_a_name_that_was_told_counts_where_the_same_sound_was_heard_without_telling() -> None:
    # Recorded (base, one sentence): "glipazide" untold at 0.69, "glipizide" told at 0.66.
    assert boosted_by("glipizide", 0.8, 1.5, 0.66) == "I take glipizide every morning."


@pytest.mark.parametrize(
    ("name", "start", "end", "probability", "voiced"),
    [
        ("Zetia", 0.8, 1.5, 0.44, 1.0),  # recorded: told of Zetia, whisper said it for "a zet in my"
        ("glipizide", 0.8, 1.5, 0.32, 1.0),  # recorded: the first of a loop "glipizide. I take glypizide. I take"
        ("glipizide", 0.8, 1.5, 0.66, 0.0),  # nobody spoke
        ("glipizide", 2.0, 2.5, 0.66, 1.0),  # at "morning", which sounds like no such name
        ("glipizide", 3.0, 3.5, 0.9, 1.0),  # where nothing was heard
    ],
)
def test_a_name_that_was_told_does_not_count(
    name: str, start: float, end: float, probability: float, voiced: float
) -> None:
    assert boosted_by(name, start, end, probability, voiced=voiced) == "I take glipazide every morning."


def test_a_word_that_both_looks_have_beside_a_name_is_no_part_of_it() -> None:
    # Recorded: "She put me on a proxon" untold, "She put me on naproxen" told, at 0.62.
    plain = a_look(("me", 0.0, 0.2, 1.0), ("on", 0.3, 0.5, 1.0), ("a", 0.5, 0.6, 0.4), ("proxon", 0.6, 1.2, 0.5))
    told = a_look(("me", 0.0, 0.2, 1.0), ("on", 0.3, 0.5, 1.0), ("naproxen", 0.5, 1.2, 0.62))
    look = with_boosted(plain, told, ["naproxen"], [(0.3, 1.2)], lambda s, e: 1.0)
    assert [w.text for w in look.words] == ["me", "on", "naproxen"]


def test_a_look_that_is_told_names_says_none_of_them_where_nothing_was_heard() -> None:
    told = a_look(*((name, i * 0.5, i * 0.5 + 0.4, 0.7) for i, name in enumerate(["glipizide", "Zetia"] * 3)))
    assert with_boosted(a_look(), told, ["glipizide", "Zetia"], [(0.0, 4.0)], lambda s, e: 1.0).words == ()


@pytest.mark.parametrize(
    ("said", "sure", "no_speech", "ratio"),
    [
        # Recorded, six voices played backwards over each other: tiny.en, then base.
        ("I'm going to be right back.", 0.77, 0.82, 2.9),
        ("I'm going to see you now. I'm going to see you now.", 0.52, 0.82, 1.6),
        ("I'm sorry.", 0.09, 0.57, 1.0),
        ("We are now in the 5th floor.", 0.72, 0.46, 3.1),
    ],
)
def test_what_whisper_says_over_babble_is_nothing(said: str, sure: float, no_speech: float, ratio: float) -> None:
    words = tuple(replace(w, probability=sure) for w in heard(said))
    look = Hypothesis(start=0.0, end=9.0, words=words, no_speech_probability=no_speech, compression_ratio=ratio)
    assert without_phantoms(look, lambda _start, _end: 1.0) == ()


@pytest.mark.parametrize(
    ("said", "sure", "no_speech"),
    [
        # Recorded, base: in a sample, the same in white noise, and in a meeting from afar.
        ("Wait, they changed it. 1000 milligrams twice.", 0.67, 0.62),
        ("1000 milligrams. 1,000 milligrams.", 0.37, 0.55),
        ("writing but it's only if I go back to it", 0.73, 0.45),
    ],
)
def test_what_is_said_is_kept_though_whisper_half_takes_it_for_noise(said: str, sure: float, no_speech: float) -> None:
    words = tuple(replace(w, probability=sure) for w in heard(said))
    look = Hypothesis(start=0.0, end=9.0, words=words, no_speech_probability=no_speech, compression_ratio=1.4)
    assert without_phantoms(look, lambda _start, _end: 1.0) == words


def test_a_sentence_of_before_that_the_sound_does_not_bear_out_is_not_heard_once_more() -> None:
    # Recorded (base): behind "and your LDL" it went on from "EKG from today", at no probability; "was 128" was said.
    words = unsurely(
        ("LDL", 219.79, 220.5, 0.964),
        ("today", 220.5, 220.5, 0.217),
        *((word, 220.5, 220.6, 0.04) for word in "shows a normal sinus rhythm".split()),
        ("changes", 220.6, 221.72, 0.0),
        ("A1c", 222.36, 222.76, 0.828),
    )
    assert texts(without_unlikely(words)) == "LDL today A1c"
    two = unsurely(("um", 1.0, 1.2, 0.02), ("uh", 1.2, 1.4, 0.05), ("no", 1.4, 1.6, 0.03))
    assert without_unlikely(two) == two
