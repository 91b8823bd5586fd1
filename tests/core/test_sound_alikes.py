"""Names that sound like what was heard: offered for words that are none, never for everyday talk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.asr.shipped import packaged_vocabulary
from live_scribe.core.hearing import HeardWord
from live_scribe.core.readings import ReadingReason
from live_scribe.core.sound_alikes import SoundAlikes
from live_scribe.core.sounds import distance, likeness, sound_of_phrase
from live_scribe.core.vocabulary import Term, TermKind, Vocabulary
from live_scribe.core.words import Word

KNOWN = SoundAlikes(packaged_vocabulary())


def said(text: str, probability: float | None = 0.9) -> list[Word]:
    return [
        Word(id=f"w{i}", text=t, start=i * 0.5, end=i * 0.5 + 0.4, probability=probability)
        for i, t in enumerate(text.split())
    ]


def offered(text: str) -> list[tuple[str, str]]:
    words = said(text)
    return [(" ".join(w.text for w in words[f.first : f.last]), f.term.text) for f in KNOWN.find(words)]


@pytest.mark.parametrize(
    ("heard", "misheard", "name"),
    [
        ("I take lysine a pril every day.", "lysine a pril", "lisinopril"),
        ("After the Licinapril, I cough.", "Licinapril,", "lisinopril"),
        ("She is on met forman now.", "met forman", "metformin"),
        ("Let's start low-sartin instead.", "low-sartin", "losartan"),
        ("I stopped the to pyramid last week.", "to pyramid", "topiramate"),
        ("He ran out of clone azapam yesterday.", "clone azapam", "clonazepam"),
        ("She put me on a proxon about then.", "a proxon", "naproxen"),
        ("I take a zythromycin for it.", "a zythromycin", "azithromycin"),
    ],
)
def test_a_name_that_fell_apart_is_found_again(heard: str, misheard: str, name: str) -> None:
    assert offered(heard) == [(misheard, name)]


@pytest.mark.parametrize(
    "heard",
    [
        "Good morning, I'm Dr. Lee, come on in and have a seat.",
        "I take lisinopril and metformin every morning.",
        "The pain started two weeks ago after I lifted a box.",
        "My pressure was 138 over 82 on Saturday, no, sorry, Sunday.",
        "We talked about the swelling and the bruising there.",
    ],
)
def test_nothing_is_offered_for_everyday_talk_and_known_names(heard: str) -> None:
    assert offered(heard) == []


def test_words_that_a_person_wrote_are_left_alone() -> None:
    assert KNOWN.find(said("I take lysine a pril", probability=None)) == []


def test_no_name_goes_on_behind_a_sentences_end() -> None:
    assert offered("I was met. Forman is here.") == []


def test_a_form_that_was_set_right_before_is_offered_by_that_rule() -> None:
    taught = packaged_vocabulary().with_terms([Term(text="lisinopril", aliases=("listen april", "it"))])
    (found,) = SoundAlikes(taught).find(said("I take listen april and it helps"))
    assert (found.first, found.last, found.reason) == (2, 4, ReadingReason.RULE)
    assert found.term.kind is TermKind.DRUG


def test_a_look_is_heard_again_for_the_names_that_its_doubtful_words_sound_like() -> None:
    words = [
        HeardWord(text=t, start=i * 0.5, end=i * 0.5 + 0.4, probability=0.9)
        for i, t in enumerate("I take glipazide every morning".split())
    ]
    boost = KNOWN.boost(words)
    assert boost.terms[0] == "glipizide" and (1.0, 1.4) in boost.stretches
    assert KNOWN.boost(words[:2]).terms == ()


def test_without_a_vocabulary_nothing_is_offered() -> None:
    assert SoundAlikes(Vocabulary()).find(said("I take lysine a pril")) == []


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", max_size=12)


@given(LETTERS, LETTERS)
def test_sounds_are_as_far_from_each_other_either_way(a: str, b: str) -> None:
    one, two = sound_of_phrase([a]), sound_of_phrase([b])
    assert distance(one, two) == pytest.approx(distance(two, one))
    assert 0.0 <= likeness(one, two) <= 1.0
    assert distance(one, one) == 0.0


@given(LETTERS, LETTERS, st.floats(0.0, 1.0))
def test_a_limit_changes_no_likeness_that_is_within_it(a: str, b: str, least: float) -> None:
    one, two = sound_of_phrase([a]), sound_of_phrase([b])
    whole = likeness(one, two)
    assert likeness(one, two, least) in (pytest.approx(whole), 0.0)
    if whole > least + 1e-6:
        assert likeness(one, two, least) == pytest.approx(whole)
