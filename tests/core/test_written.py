"""Numbers are written as a note has them, beside what was heard; what is not surely a number stays as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.numerals import ONES, SCALES, TENS, is_number_word
from live_scribe.core.readings import ReadingReason
from live_scribe.core.words import Utterance, Word, with_forms, without_forms
from live_scribe.core.written import COUNTED, LEADS, MONTH_DAYS, SHORT_UNITS, UNITS, written
from tests.core.visits import Desk


def words_of(text: str) -> tuple[Word, ...]:
    return tuple(Word(id=f"w{i}", text=t) for i, t in enumerate(text.split(), 1))


def shown(text: str) -> str:
    words = words_of(text)
    return Utterance(id="u1", words=with_forms(words, written(words))).text


def test_a_number_is_found_in_a_talk_without_any_sign() -> None:
    talk = "and so on " * 200
    assert shown(f"{talk}twenty five milligrams {talk}") == f"{talk}25 mg {talk}".strip()


@pytest.mark.parametrize(
    ("heard", "form"),
    [
        ("It's one twenty over eighty today.", "It's 120/80 today."),
        ("one-thirty-eight over eighty-two, both arms", "138/82, both arms"),
        ("one oh five over sixty", "105/60"),
        ("a hundred and ten over seventy", "110/70"),
        ("120 over 80.", "120/80."),
        ("Take two point five milligrams.", "Take 2.5 mg."),
        ("2.5 milligrams twice", "2.5 mg twice"),
        ("twenty-five micrograms", "25 mcg"),
        ("take point five milligrams", "take 0.5 mg"),
        ("half a milligram", "0.5 mg"),
        ("two and a half milliliters", "2.5 mL"),
        ("ten to twenty milligrams", "10 to 20 mg"),
        ("a hundred and forty milligrams per deciliter", "140 mg/dL"),
        ("ten-milligram tablets", "10 mg tablets"),
        ("fifty percent", "50%"),
        ("five thousand units", "5000 units"),
        ("a hundred and one point four", "101.4"),
        ("ninety-eight point six, fine", "98.6, fine"),
        ("march third twenty twenty four", "March 3, 2024"),
        ("on March 3rd, 2024.", "on March 3, 2024."),
        ("June twenty-first, nineteen eighty five", "June 21, 1985"),
        ("October first, two thousand and nineteen", "October 1, 2019"),
        ("five five five, one two three four", "555-1234"),
        ("two oh six five five five one two one two.", "206-555-1212."),
        ("fifty no fifteen milligrams", "fifty no 15 mg"),
        ("fifty milligrams, no, fifteen", "50 mg, no, fifteen"),
    ],
)
def test_a_number_is_written_as_a_note_has_it(heard: str, form: str) -> None:
    assert shown(heard) == form


@pytest.mark.parametrize(
    "heard",
    [
        "twice",
        "one or two",
        "one of them",
        "the second one",
        "a couple",
        "no one",
        "No, one.",
        "twenty twenty vision",
        "one more",
        "10 mg",
        "12,000 units",
        "pain is five out of ten",
        "take twenty two times a day",
        "two fifty milligram tablets",
        "at one point two people came",
        "at this point five milligrams",
        "it was six point five five years ago",
        "it rose one twenty over eighty two days",
        "up by two hundred over ninety days",
        "three over two days",
        "eighty over one twenty",
        "one, two, three, four, five, six, seven",
        "two million five hundred units",
        "half a hundred milligrams",
        "twelve . five milligrams",
        "two thousand and five units",
        "may second",
        "February thirtieth",
        "the third of march",
    ],
)
def test_what_can_be_read_in_two_ways_stays_as_it_was_heard(heard: str) -> None:
    assert shown(heard) == heard


def _said(value: int) -> str:
    """Return a number up to 999 as it is said."""
    if value >= 100:
        rest = f" and {_said(value % 100)}" if value % 100 else ""
        return f"{_said(value // 100)} hundred{rest}"
    ones = {n: w for w, n in ONES.items()}
    tens = {n: w for w, n in TENS.items()}
    if value < 20:
        return ones[value]
    return tens[value // 10 * 10] + (f" {ones[value % 10]}" if value % 10 else "")


@given(st.integers(1, 999))
def test_the_digits_of_a_dose_are_those_that_were_said(dose: int) -> None:
    assert shown(f"take {_said(dose)} milligrams now") == f"take {dose} mg now"


@given(st.integers(0, 999), st.text("0123456789", min_size=1, max_size=3))
def test_the_digits_of_a_decimal_are_those_that_were_said(whole: int, tail: str) -> None:
    point = " ".join(_said(int(d)) for d in tail)
    assert shown(f"it was {_said(whole)} point {point} yesterday") == f"it was {whole}.{tail} yesterday"


@given(st.integers(60, 250), st.integers(20, 150))
def test_the_digits_of_a_pressure_are_those_that_were_said(upper: int, lower: int) -> None:
    said = f"{_said(upper)} over {_said(lower)}"
    assert shown(said) == (f"{upper}/{lower}" if upper > lower else said)


@given(st.sampled_from(sorted(MONTH_DAYS)), st.integers(1, 31), st.integers(1, 99))
def test_a_date_is_written_only_where_the_calendar_has_it(month: str, day: int, year: int) -> None:
    said = f"{month} {day}th, twenty {'oh ' if year < 10 else ''}{_said(year)}"
    there = day <= MONTH_DAYS[month]
    assert (shown(said) == f"{month.capitalize()} {day}, {2000 + year}") == there


_NUMBER_TALK = [
    *ONES,
    *TENS,
    *SCALES,
    *UNITS,
    "milligrams",
    "point",
    "over",
    "and",
    "a",
    "half",
    "oh",
    "per",
    "to",
    "or",
]
_NUMBER_TALK += ["march", "third", "twenty-five", "2.5", "120", "80", "5", "one-twenty", "2024", "3rd"]
_OTHER = ["no", "not", "denies", "pain", "twice", "vision", "people", "them", "more", "daily", "yes", "never", "left"]
TALK = st.lists(
    st.builds(
        lambda word, sign: word + sign,
        st.sampled_from([*_NUMBER_TALK, *_NUMBER_TALK, *_OTHER, *sorted(COUNTED | LEADS | SHORT_UNITS.keys())]),
        st.sampled_from(["", "", "", "", ",", ".", "?", "-"]),
    ),
    max_size=14,
).map(" ".join)


@given(TALK)
@example("no one twenty over eighty")
def test_no_other_word_is_ever_covered_by_a_form(talk: str) -> None:
    words = {w.id: w.text for w in words_of(talk)}
    for form in written(words_of(talk)):
        covered = [re.sub(r"[.,?-]+$", "", words[id_]).lower() for id_ in form.words]
        assert not set(covered) & set(_OTHER)


@given(TALK)
def test_groups_are_words_in_a_row_that_share_nothing(talk: str) -> None:
    ids = [w.id for w in words_of(talk)]
    before = -1
    for form in written(words_of(talk)):
        places = [ids.index(id_) for id_ in form.words]
        assert places == list(range(places[0], places[-1] + 1))
        assert places[0] > before
        assert form.display.strip()
        before = places[-1]


@given(TALK)
def test_a_form_is_never_written_beside_a_number_word_that_it_leaves_out(talk: str) -> None:
    words = words_of(talk)
    for form in written(words):
        first = words.index(next(w for w in words if w.id == form.words[0]))
        end = first + len(form.words)
        behind = words[end].text if end < len(words) else ""
        ended = words[end - 1].text[-1] in ".,?-"
        assert ended or not is_number_word(re.sub(r"[.,?-]+$", "", behind)) or not form.display[-1].isdigit()


@given(TALK)
def test_writing_what_is_written_changes_nothing(talk: str) -> None:
    assert shown(shown(talk)) == shown(talk)


@given(TALK)
def test_every_word_is_still_there_as_it_was_heard(talk: str) -> None:
    words = words_of(talk)
    formed = with_forms(words, written(words))
    assert Utterance(id="u1", words=formed).heard == " ".join(talk.split())
    assert without_forms(formed, {w.id for w in words}) == words
    assert written(formed) == ()


def test_an_utterance_is_closed_with_the_forms_of_its_numbers() -> None:
    desk = Desk()
    desk.say("it was one twenty over eighty")
    said = desk.visit.utterances["u1"]
    assert said.text == "it was 120/80"
    assert said.heard == "it was one twenty over eighty"
    assert [w.display for w in said.words] == [None, None, "120/80", "", "", ""]


def test_in_another_language_nothing_is_written() -> None:
    desk = Desk()
    opened = desk.log[0].fact
    assert isinstance(opened, e.VisitOpened)
    desk.record((e.VisitOpened(**{f: getattr(opened, f) for f in opened.__slots__} | {"language": "de"}),), "sam")
    desk.say("two point five milligrams")
    assert desk.visit.utterances["u1"].text == "two point five milligrams"


def test_a_correction_brings_back_the_words_beside_it_and_is_shown_as_typed() -> None:
    desk = Desk()
    desk.say("it was one twenty over eighty today")
    desk.do(c.CorrectWords(utterance="u1", start_word=3, end_word=4, text="thirty"))
    assert desk.visit.utterances["u1"].text == "it was one thirty over eighty today"


def test_a_correction_elsewhere_leaves_a_form_alone() -> None:
    desk = Desk()
    desk.say("it was one twenty over eighty today")
    desk.do(c.CorrectWords(utterance="u1", start_word=6, end_word=7, text="yesterday"))
    assert desk.visit.utterances["u1"].text == "it was 120/80 yesterday"


def test_a_reading_that_is_accepted_is_written_anew() -> None:
    desk = Desk()
    texts = "it was one twenty over eighty today".split()
    words = tuple(Word(id="", text=t, start=i * 1.0, end=i + 0.5, probability=0.9) for i, t in enumerate(texts))
    desk.machine(c.CommitWords(words=words))
    desk.machine(c.CloseUtterance(count=len(words)))
    heard = (Word(id="", text="thirty", start=3.0, end=3.5, probability=0.8),)
    desk.machine(c.ReadAnew(utterance="u1", words=("w4",), heard=heard, reason=ReadingReason.SECOND_LOOK, settle=False))
    desk.do(c.AcceptReading(reading="r1"))
    assert desk.visit.utterances["u1"].text == "it was 130/80 today"


def test_a_struck_word_is_not_left_in_the_form_that_it_was_part_of() -> None:
    desk = Desk()
    desk.say("it was one twenty over eighty today")
    struck = desk.visit.utterances["u1"].words[5]
    assert struck.start is not None
    assert struck.end is not None
    desk.do(c.StrikeAudio(start=struck.start, end=struck.end))
    assert desk.visit.utterances["u1"].text == "it was one twenty over today"
    assert not any("120/80" in repr(entry.fact) or _tells(entry.fact, "120/80") for entry in desk.log)


def _tells(fact: object, text: str) -> bool:
    return isinstance(fact, e.UtteranceClosed) and any(text in form.display for form in fact.written)
