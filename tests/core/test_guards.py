"""What whisper makes up, as it was recorded, and that it does not get through."""

from __future__ import annotations

from live_scribe.core.guards import without_echo, without_loop, without_phantoms
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
    assert texts(without_loop(heard("well " + "I " * 9))) == "well I"
    assert texts(without_loop(heard("it's my right knee " * 3))) == "it's my right knee"


def test_people_do_repeat_themselves() -> None:
    for said in ("no no no no", "very very very bad", "left right left right left right"):
        assert texts(without_loop(heard(said))) == said


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
