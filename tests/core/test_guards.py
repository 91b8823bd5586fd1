"""What whisper makes up, as it was recorded, and that it does not get through."""

from __future__ import annotations

from itertools import pairwise

from live_scribe.core.guards import joined, unheard_from, without_echo, without_loop, without_phantoms, without_timeless
from live_scribe.core.hearing import HeardWord, Hypothesis
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


def test_the_end_of_a_video_is_not_heard_but_a_patient_may_say_thank_you() -> None:
    assert without_phantoms(unsure("Thanks for watching!"), loud) == ()
    sure = Hypothesis(start=0, end=3, words=heard("Thank you."))
    assert texts(without_phantoms(sure, loud)) == "Thank you."


def test_an_echo_of_settled_words_is_not_heard_again() -> None:
    before = heard("any chest pain")
    echo = heard("chest pain no", start=0.35)
    assert texts(without_echo(echo[:2] + heard("no", start=1.4), before)) == "no"


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
