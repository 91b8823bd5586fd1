"""A second look: what it would change, never a person's words, never across utterances, nothing critical by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.again import WIDEST_S, best_end, covered_to, onset
from live_scribe.core.commit import everywhere
from live_scribe.core.critical import Known, concern, critical_terms, same_when_joined
from live_scribe.core.decide_readings import is_a_persons
from live_scribe.core.hearing import HeardWord, Hypothesis
from live_scribe.core.readings import Concern
from live_scribe.core.second_look import Difference, believed, differences
from live_scribe.core.window import FRAME_S
from live_scribe.core.words import Utterance, Word, match_key

WORD_S = 0.4
KNOWN = Known(
    names=lambda text: tuple(w for w in text.split() if w in ("lisinopril", "metformin", "cough")),
    ordinary=frozenset("my knee hurts when i walk up the stairs any pain so for a week it is".split()),
)


def said(*texts: str, probability: float = 0.5, theirs: Sequence[str] = ()) -> list[Utterance]:
    """Return utterances said in one breath, `theirs` written by a person."""
    made, at, count = list[Utterance](), 0.0, 0
    for number, text in enumerate(texts, 1):
        words = []
        for word in text.split():
            count += 1
            sure = None if word in theirs else probability
            words.append(Word(id=f"w{count}", text=word, start=at, end=at + WORD_S, probability=sure))
            at += WORD_S
        made.append(Utterance(id=f"u{number}", words=tuple(words)))
    return made


def heard(text: str, *, probability: float = 0.9, places: Sequence[int] | None = None) -> list[HeardWord]:
    """Return words at their places in the talk, each as long as the words of `said`."""
    words = text.split()
    at = [p * WORD_S for p in (places if places is not None else range(len(words)))]
    return [HeardWord(text=w, start=t, end=t + WORD_S, probability=probability) for w, t in zip(words, at, strict=True)]


def found(utterances: list[Utterance], again: list[HeardWord]) -> tuple[Difference, ...]:
    return differences(utterances, again, -2.0, 100.0, KNOWN)


def readings(parts: tuple[Difference, ...]) -> list[tuple[str, str, str, bool]]:
    return [
        (d.utterance, " ".join(w.text for w in d.words), " ".join(w.text for w in d.heard), d.critical) for d in parts
    ]


def applied(utterances: list[Utterance], parts: tuple[Difference, ...]) -> list[str]:
    """Return the words with all differences applied."""
    texts = []
    for u in utterances:
        words = list(u.words)
        for part in (d for d in parts if d.utterance == u.id):
            place = words.index(part.words[0])
            assert tuple(words[place : place + len(part.words)]) == part.words
            words[place : place + len(part.words)] = [
                Word(id="", text=w.text, start=w.start, end=w.end) for w in part.heard
            ]
        texts += [match_key(w.text) for w in words]
    return texts


def test_case_and_signs_alone_are_no_difference() -> None:
    assert found(said("my knee hurts.", "when i walk"), heard("My knee hurts when I walk?")) == ()


def test_another_word_is_one_difference_in_its_utterance() -> None:
    parts = found(said("my knee hurts", "up the stair"), heard("my knee hurts up the stairs"))
    assert readings(parts) == [("u2", "stair", "stairs", False)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a check up", "a checkup"),
        ("zero to ten", "0 to 10"),
        ("twenty five mg", "25 milligrams"),
        ("an x ray", "an x-ray"),
    ],
)
def test_the_same_in_other_words_is_no_difference(first: str, second: str) -> None:
    assert same_when_joined(first.split(), second.split())
    assert not same_when_joined(first.split(), [*second.split(), "no"])


def test_words_that_were_passed_over_behind_half_a_sentence_take_the_word_before_them_along() -> None:
    utterances = said("any pain", "so i walk")
    later = [
        replace(
            utterances[1],
            words=tuple(
                replace(w, start=w.start + 2, end=w.end + 2)
                for w in utterances[1].words
                if w.start is not None and w.end is not None
            ),
        )
    ]
    parts = found([utterances[0], *later], heard("any pain, no? so i walk", places=[0, 1, 2, 7, 8, 9]))
    assert readings(parts) == [("u1", "pain", "pain, no?", True)]


def test_a_word_that_was_made_up_goes_with_a_neighbour() -> None:
    parts = found(said("my my knee hurts", probability=0.2), heard("my knee hurts", places=[1, 2, 3]))
    assert readings(parts) == [("u1", "my my", "my", False)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("15", "50"),
        ("left", "right"),
        ("can", "can't"),
        ("lisinopril", "metformin"),
        ("cuff", "cough"),
        ("week", "day"),
    ],
)
def test_numbers_sides_denials_and_names_are_asked(first: str, second: str) -> None:
    (part,) = found(said(f"it is {first} walk"), heard(f"it is {second} walk"))
    assert part.critical


def test_what_is_not_critical_is_left_out_where_the_second_look_is_less_sure() -> None:
    assert found(said("my knee hurts", probability=0.9), heard("my knee walk", probability=0.8)) == ()


def test_a_word_of_nearly_no_probability_is_whispers_way_out() -> None:
    assert found(said("my 15 hurts", probability=0.01), heard("my 50 hurts", probability=0.05)) == ()


def test_two_spellings_of_a_name_that_the_model_does_not_know_are_no_news() -> None:
    assert found(said("my lysinopril hurts"), heard("my lysinopryl hurts")) == ()
    assert len(found(said("my lysinopril hurts"), heard("my lisinopril hurts"))) == 1


def test_a_long_word_that_nobody_knows_may_be_a_name_and_is_asked() -> None:
    (part,) = found(said("my mitoprolol hurts"), heard("my walk hurts"))
    assert part.critical


def test_critical_differences_come_first() -> None:
    parts = found(said("my knees hurts so 15 pain"), heard("my knee hurts so 50 pain"))
    assert [d.critical for d in parts] == [True, False]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("take the lisinopril", "take the metformin", Concern.NAME),
        ("take no lisinopril", "take 2 metformin", Concern.NAME),
        ("take 15 pills", "take 50 pills", Concern.NUMBER),
        ("no pain for a week", "pain for two weeks", Concern.NUMBER),
        ("it doesn't hurt", "it does hurt", Concern.ANSWER),
        ("the left knee", "the right knee", Concern.SIDE),
        ("left not right", "right not left", Concern.ANSWER),
        ("the knee", "that knee", None),
    ],
)
def test_what_changes_is_known_by_its_weightiest_word(before: str, after: str, expected: Concern | None) -> None:
    assert concern(before.split(), after.split(), KNOWN.names) == expected


def test_names_and_numbers_come_before_the_rest() -> None:
    talk = said("my left knee", "take 15 pills", "so no pain", "the metformin", "up the stair")
    again = heard("my right knee take 50 pills so any pain the lisinopril up the stairs")
    assert [d.concern for d in found(talk, again)] == ["name", "number", "answer", "side", None]


TALK = st.lists(st.sampled_from("my knee hurts no 15 so it right. hurts?".split()), min_size=1, max_size=6)


@given(
    st.lists(TALK, min_size=1, max_size=4),
    st.lists(st.sampled_from("my knee walk hurts no. 15 50 so. it's right hurts?".split()), max_size=20),
    st.lists(st.integers(0, 30), min_size=20, max_size=20),
    st.sets(st.sampled_from(["knee", "15", "so"]), max_size=1),
    st.sampled_from([0.05, 0.3, 0.9]),
)
def test_differences_keep_a_persons_words_lie_in_one_utterance_and_never_overlap(
    talk: list[list[str]], again: list[str], places: list[int], theirs: set[str], probability: float
) -> None:
    utterances = said(*(" ".join(t) for t in talk), theirs=tuple(theirs))
    second = heard(" ".join(again), probability=probability, places=sorted(places)[: len(again)])
    found_parts = found(utterances, second)
    parts = tuple(d for d in found_parts if not d.apart)
    taken = [w.id for d in parts for w in d.words]
    assert len(set(taken)) == len(taken)
    used = [w for d in parts for w in d.heard]
    for d in found_parts:
        assert all(w in second for w in d.heard)
        if d.apart:  # nothing that stands changes, and what is new stands in no other difference
            assert not any(w in used for w in d.heard)
            assert d.critical or not critical_terms([w.text for w in d.heard], KNOWN.names)
            continue
        assert d.words and d.heard
        assert not any(is_a_persons(w) for w in d.words)
        own = next(u for u in utterances if u.id == d.utterance)
        place = own.words.index(d.words[0])
        assert own.words[place : place + len(d.words)] == d.words
        assert all(w in second for w in d.heard)
        before = [w.text for w in own.words]
        after = [*before[:place], *(w.text for w in d.heard), *before[place + len(d.words) :]]
        assert d.critical or critical_terms(before, KNOWN.names) == critical_terms(after, KNOWN.names)
    assert len(used) <= len(second)
    assert len(applied(utterances, parts)) == sum(len(u.words) for u in utterances) - len(taken) + len(used)


@given(st.lists(TALK, min_size=1, max_size=4), st.data())
def test_applying_all_that_is_taken_says_what_the_second_look_says(talk: list[list[str]], data: st.DataObject) -> None:
    utterances = said(*(" ".join(t) for t in talk), probability=0.2)
    flat = [w for t in talk for w in t]
    changed = [data.draw(st.sampled_from([w, "walk", "stairs", "50"])) for w in flat]
    parts = found(utterances, heard(" ".join(changed)))
    assert applied(utterances, parts) == [match_key(w) for w in changed]


def test_a_look_that_repeats_itself_or_hears_nobody_is_not_believed() -> None:
    look = Hypothesis(start=0.0, end=9.0, words=tuple(heard("my knee hurts", probability=0.4)))
    assert believed(look, everywhere, []) == look.words
    assert believed(replace(look, compression_ratio=3.0), everywhere, []) == ()
    assert believed(replace(look, no_speech_probability=0.9), everywhere, []) == ()
    assert believed(look, lambda _a, _b: 0.0, []) == ()


def test_a_window_begins_at_a_voice_and_ends_in_the_longest_pause_of_its_last_part() -> None:
    frames = int(WIDEST_S / FRAME_S)
    talk = [0.9] * frames
    talk[:100] = [0.0] * 100
    talk[700:710], talk[780:800] = [0.0] * 10, [0.0] * 20
    begins = onset(talk)
    assert begins is not None and 2.8 < begins < 3.2
    assert 780 * FRAME_S < best_end(talk) < 800 * FRAME_S
    assert onset([0.1] * 50) is None


def test_the_next_window_begins_where_words_are_missing_but_always_moves_on() -> None:
    look = Hypothesis(start=0.0, end=28.0, words=tuple(heard("my knee hurts so", places=[0, 20, 40, 60])))
    assert covered_to(look, lambda _a, _b: 0.0, 22.0) == 28.0
    assert covered_to(look, lambda a, _b: float(20 < a < 27), 22.0) == look.words[-1].end
    assert covered_to(replace(look, words=look.words[:1]), lambda a, _b: float(a < 27), 22.0) == 28.0
    assert covered_to(replace(look, words=()), everywhere, 22.0) == 28.0


def test_a_window_that_ends_in_a_voice_is_left_at_its_last_pause() -> None:
    look = Hypothesis(start=0.0, end=28.0, words=tuple(heard("my knee hurts so", places=[0, 20, 40, 69])))
    assert covered_to(look, lambda a, _b: float(a > 27), 22.0) == 22.0
    assert covered_to(look, lambda a, _b: float(a > 27), 3.0) == 28.0


def test_a_sentence_that_the_model_has_not_finished_is_taken_up_again() -> None:
    look = Hypothesis(start=0.0, end=28.0, words=tuple(heard("my knee hurts so", places=[0, 20, 40, 50])))
    assert covered_to(replace(look, complete=21.0), lambda _a, _b: 0.0, 22.0) == 21.0
    assert covered_to(replace(look, complete=0.0), lambda _a, _b: 0.0, 22.0) == 28.0
    assert covered_to(replace(look, complete=21.0), lambda a, b: float(a > 8 and b < 17), 22.0) == look.words[1].end


def apart(utterances: list[Utterance], again: list[HeardWord]) -> list[tuple[str, str, str | None]]:
    return [
        (d.words[0].text, " ".join(w.text for w in d.heard), d.concern) for d in found(utterances, again) if d.apart
    ]


def test_an_answer_between_two_utterances_is_one_of_its_own_and_a_persons_to_decide() -> None:
    talk = [*said("Any pain?"), *shifted(said("So it is."), 4)]
    again = heard("Any pain? No. So it is.", places=[0, 1, 3, 4, 5, 6])
    assert apart(talk, again) == [("pain?", "No.", Concern.ANSWER)]
    assert len(found(talk, again)) == 1


def test_words_that_are_the_rest_of_a_sentence_or_lie_inside_an_utterance_join_it_as_before() -> None:
    talk = [*said("Any pain when"), *shifted(said("So it is."), 5)]
    assert apart(talk, heard("Any pain when walking? So it is.", places=[0, 1, 2, 3, 5, 6, 7])) == []
    talk = said("Any pain? So it is.")
    assert apart(talk, heard("Any pain? No. So it is.", places=[0, 1, 1, 2, 3, 4])) == []


def test_an_answer_that_was_heard_badly_or_beside_words_that_differ_is_not_one_of_its_own() -> None:
    talk = [*said("Any pain?"), *shifted(said("So it is."), 4)]
    again = heard("Any pain? No. So it is.", places=[0, 1, 3, 4, 5, 6])
    unsure = [replace(w, probability=0.05) if w.text == "No." else w for w in again]
    assert found(talk, unsure) == ()
    other = [replace(w, text="knee?") if w.text == "pain?" else w for w in again]
    assert apart(talk, other) == []


def shifted(utterances: list[Utterance], places: int) -> list[Utterance]:
    """Return the utterances so many words later, with other ids."""
    return [
        replace(
            u,
            id=f"{u.id}-{places}",
            words=tuple(
                replace(
                    w, id=f"{w.id}-{places}", start=(w.start or 0) + places * WORD_S, end=(w.end or 0) + places * WORD_S
                )
                for w in u.words
            ),
        )
        for u in utterances
    ]
