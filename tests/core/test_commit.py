"""The commit policy: words that stand never change, repeats survive, and only a difference blocks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.alignment import aligned
from live_scribe.core.commit import CommitPolicy, Events
from live_scribe.core.hearing import HeardWord, Hypothesis, TailChanged, WordsConfirmed
from live_scribe.core.words import match_key

STEP = 0.4


def heard(text: str, start: float = 0.0) -> tuple[HeardWord, ...]:
    """Return words of 0.4 s each, one after the other."""
    return tuple(
        HeardWord(text=t, start=start + i * STEP, end=start + (i + 1) * STEP, probability=0.9)
        for i, t in enumerate(text.split())
    )


def look(text: str, *, start: float = 0.0, end: float | None = None, at: float | None = None) -> Hypothesis:
    """Return a look from `start` whose words begin at `at`; it ends a second behind them by default."""
    words = heard(text, start if at is None else at)
    return Hypothesis(start=start, end=end or (words[-1].end + 1 if words else start + 1), words=words)


def confirmed(*batches: Events) -> str:
    """Return what was confirmed, in order."""
    words = [w.text for events in batches for e in events if isinstance(e, WordsConfirmed) for w in e.words]
    return " ".join(words)


def test_what_two_looks_agree_on_stands_and_the_last_two_words_wait() -> None:
    policy = CommitPolicy()
    first = policy.observe(look("my knee has been"))
    second = policy.observe(look("my knee has been hurting a lot"))
    assert confirmed(first) == ""
    assert confirmed(second) == "my knee has been"
    assert second[-1] == TailChanged(text="hurting a lot")


def test_a_dose_with_a_repeated_digit_keeps_both() -> None:
    policy = CommitPolicy()
    said = "take two point five five milligrams"
    batches = [policy.observe(look("take two point five")), policy.observe(look("take two point five five mill"))]
    batches += [
        policy.observe(look(said)),
        policy.observe(look(said + " of it now")),
        policy.pause(look(said + " of it now")),
    ]
    assert confirmed(*batches) == said + " of it now"


def test_a_second_no_is_a_second_no() -> None:
    policy = CommitPolicy()
    batches = [policy.pause(look("do you smoke no"))]
    batches += [policy.observe(look("do you smoke no no chest pain at all"))]
    batches += [policy.pause(look("do you smoke no no chest pain at all"))]
    assert confirmed(*batches) == "do you smoke no no chest pain at all"


def test_case_and_commas_that_come_and_go_do_not_block() -> None:
    policy = CommitPolicy()
    batches = [
        policy.observe(look(t)) for t in ("Do you smoke? I mean", "do you smoke i mean now", "Do, you smoke I mean")
    ]
    assert confirmed(*batches).lower().startswith("do you smoke")


def test_a_confirmed_word_that_is_heard_again_a_little_earlier_does_not_double() -> None:
    policy = CommitPolicy()
    first = policy.pause(look("chest pain"))
    again = policy.pause(look("chest pain. today", at=-0.05))
    assert confirmed(first, again) == "chest pain today"


def test_a_pause_confirms_at_once() -> None:
    policy = CommitPolicy()
    assert confirmed(policy.pause(look("no"))) == "no"
    assert not policy.waiting


def test_finish_leaves_nothing_and_doubles_nothing() -> None:
    policy = CommitPolicy()
    batches = [policy.observe(look("it hurts when I walk")), policy.finish(), policy.finish()]
    assert confirmed(*batches) == "it hurts when I walk"


def test_a_half_word_at_the_edge_is_not_confirmed_though_two_looks_heard_it() -> None:
    policy = CommitPolicy()
    batches = [policy.observe(look("I take metf", end=1.25)), policy.observe(look("I take metf", end=1.25))]
    assert confirmed(*batches) == "I"


def test_where_the_line_breaks_off_a_word_at_the_edge_waits_for_its_other_half() -> None:
    policy = CommitPolicy()
    first = policy.pause(look("I take metf", end=1.25), cut=True)
    assert confirmed(first) == "I take"
    assert confirmed(policy.pause(look("I take metformin daily"))) == "metformin daily"


def test_of_a_word_said_over_and_over_time_tells_which_is_new() -> None:
    assert aligned(heard("no no no", 0.4), heard("no no no")) == 2
    policy = CommitPolicy()
    batches = [policy.pause(look("no no no no")), policy.pause(look("no no no no no", start=2 * STEP))]
    assert confirmed(*batches) == "no " * 6 + "no"


def test_a_full_window_settles_what_is_old_even_without_agreement() -> None:
    policy = CommitPolicy()
    words = " ".join(f"word{i}" for i in range(40))
    assert confirmed(policy.observe(look(words), full=True)).split()[:5] == [
        "word0",
        "word1",
        "word2",
        "word3",
        "word4",
    ]


def test_words_from_before_a_break_are_not_confirmed_again() -> None:
    policy = CommitPolicy(heard("my knee hurts"))
    assert confirmed(policy.pause(look("my knee hurts since Monday"))) == "since Monday"


def test_a_window_begins_at_a_confirmed_word_best_behind_a_sentence() -> None:
    policy = CommitPolicy(heard("I fell. My knee hurts"))
    assert policy.boundary(0.3) == 2 * STEP
    assert policy.boundary(1.0) == 3 * STEP
    assert policy.boundary(99) is None


def test_words_that_are_known_are_found_by_least_edits_and_ties_by_time() -> None:
    assert aligned(heard("two point five five mg"), heard("two point five")) == 3
    assert aligned(heard("something else", 5.0), heard("two point five")) == 0
    assert aligned((), heard("no")) == 0


def test_a_number_heard_in_digits_and_then_in_letters_stands_once() -> None:
    policy = CommitPolicy()
    scale = (HeardWord(text="0-10.", start=2.0, end=3.2, probability=0.8),)
    first = Hypothesis(start=0.0, end=3.6, words=(*heard("How bad is it,"), *scale))
    again = Hypothesis(start=0.8, end=6.0, words=(*heard("is it, zero to ten. About a seven.", 0.8),))
    assert confirmed(policy.pause(first), policy.pause(again)) == "How bad is it, 0-10. About a seven."


def test_a_number_that_goes_on_behind_what_stands_keeps_its_rest() -> None:
    assert aligned(heard("twenty five mg"), heard("twenty")) == 1
    assert aligned(heard("25 mg"), heard("twenty five")) == 1


TEXTS = st.lists(st.sampled_from("no five mg the pain yes knee".split()), min_size=1, max_size=25)


def looks_of(words: Sequence[str], cuts: Sequence[int], flaps: Sequence[bool]) -> list[Hypothesis]:
    """Return looks at growing beginnings of what is said, with case and commas that flap."""
    made = []
    for cut, flap in zip(sorted(cuts), flaps, strict=False):
        text = " ".join(w.upper() + "," if flap else w for w in words[:cut])
        if text:
            made.append(look(text, end=cut * STEP + 0.2))
    return made


@given(TEXTS, st.lists(st.integers(1, 25), min_size=1, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_every_word_said_is_confirmed_once_in_order_whatever_the_looks(
    words: list[str], cuts: list[int], flaps: list[bool]
) -> None:
    policy = CommitPolicy()
    batches = [policy.observe(made) for made in looks_of(words, cuts, flaps)]
    batches.append(policy.pause(look(" ".join(words))))
    assert [match_key(w) for w in confirmed(*batches).split()] == words


@given(TEXTS, st.lists(st.integers(1, 25), min_size=2, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_what_a_look_confirms_the_look_before_had_said_too_and_times_never_go_back(
    words: list[str], cuts: list[int], flaps: list[bool]
) -> None:
    policy = CommitPolicy()
    seen: list[str] = []
    stood = 0
    last = 0.0
    for made in looks_of(words, cuts, flaps):
        for event in policy.observe(made):
            if isinstance(event, WordsConfirmed):
                fresh = [match_key(w.text) for w in event.words]
                assert fresh == seen[stood : stood + len(fresh)]
                stood += len(fresh)
                for word in event.words:
                    assert last <= word.start <= word.end
                    last = word.end
        seen = [match_key(w.text) for w in made.words]


@given(TEXTS, st.lists(st.integers(1, 25), min_size=1, max_size=12), st.lists(st.booleans(), min_size=13, max_size=13))
def test_finish_leaves_nothing_and_doubles_nothing_whatever_the_looks(
    words: list[str], cuts: list[int], flaps: list[bool]
) -> None:
    policy = CommitPolicy()
    batches = [policy.observe(made) for made in looks_of(words, [*cuts, 25], flaps)]
    batches += [policy.finish(), policy.finish()]
    assert [match_key(w) for w in confirmed(*batches).split()] == words
    assert not policy.waiting and batches[-1] == ()


TIMES = st.floats(0, 40, allow_nan=False)
WILD_WORDS = st.lists(
    st.builds(
        lambda text, start, length, probability: HeardWord(
            text=text, start=start, end=start + length, probability=probability
        ),
        st.sampled_from(["no", "No.", "no,", "five", "mg", "", "...", "you", "-"]),
        TIMES,
        st.floats(0, 3),
        st.floats(0, 1),
    ),
    max_size=14,
)
WILD_LOOKS = st.lists(
    st.builds(
        lambda start, length, words: Hypothesis(start=start, end=start + length, words=tuple(words)),
        TIMES,
        st.floats(0, 30),
        WILD_WORDS,
    ),
    max_size=8,
)


@given(WILD_LOOKS, st.lists(st.sampled_from(["observe", "full", "pause", "cut"]), min_size=8, max_size=8))
def test_whatever_a_model_says_words_only_grow_times_never_go_back_and_agreement_is_by_key(
    looks: list[Hypothesis], ways: list[str]
) -> None:
    policy = CommitPolicy()
    before: list[str] = []
    last = 0.0
    for made, way in zip(looks, ways, strict=False):
        if way in ("pause", "cut"):
            events = policy.pause(made, cut=way == "cut")
        else:
            events = policy.observe(made, full=way == "full")
        for event in events:
            if isinstance(event, WordsConfirmed):
                for word in event.words:
                    assert last <= word.start <= word.end
                    last = word.end
                if way == "observe":
                    assert {match_key(w.text) for w in event.words} <= set(before)
        before = [match_key(w.text) for w in made.words]
    policy.finish()
    assert not policy.waiting and policy.finish() == ()


def test_what_was_heard_unsurely_is_not_told_to_later_looks() -> None:
    # Recorded (base): "speech SDK" as "speedjust decay" at 0.49 and 0.06; told of it, whisper said it on, at 0.98.
    words = tuple(
        replace(w, probability=p)
        for w, p in zip(heard("the speedjust decay exposes"), (0.6, 0.49, 0.06, 0.95), strict=True)
    )
    assert CommitPolicy(words).said_before(100.0) == "the exposes"
