"""What is shed under load: in order, no longer than needed, without flapping; and never a sample."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.governor import (
    FASTEST,
    LEVELS,
    MOST_PATIENCE_S,
    OVER_S,
    PATIENCE_S,
    Busyness,
    Governor,
    Level,
)

EACH_S = 0.25


def run(governor: Governor, seconds: float, *, now: float = 0.0, lag: float = 0.0, grows: float = 0.0) -> list[Level]:
    """Let a visit be `lag` seconds behind, growing by so much a second; return the level at each piece of sound."""
    levels, heard = [], now - lag
    for i in range(1, int(seconds / EACH_S) + 1):
        at = now + i * EACH_S
        behind = max(0.0, lag + grows * i * EACH_S)
        heard = at - behind
        levels.append(governor.observe(at, heard, behind, busy=1.0 if behind > 1 else 0.3))
    return levels


def test_every_level_has_a_row_with_its_reason() -> None:
    assert set(LEVELS) == set(Level)
    assert all(shed.reason for shed in LEVELS.values())
    assert len({shed.name for shed in LEVELS.values()}) == len(Level)


def test_each_level_sheds_what_the_one_before_it_sheds() -> None:
    for before, after in pairwise(LEVELS[level] for level in Level):
        assert after.step_s >= before.step_s and after.widest_beam <= before.widest_beam
        assert before.clusters >= after.clusters and before.small <= after.small


def test_a_visit_that_keeps_up_goes_without_nothing() -> None:
    governor = Governor()
    assert set(run(governor, 60, lag=0.6)) == {Level.ALL}
    assert governor.step_s == LEVELS[Level.ALL].step_s


def test_a_single_hard_look_is_no_overload() -> None:
    governor = Governor()
    run(governor, 10, lag=0.3)
    assert set(run(governor, OVER_S - EACH_S, now=10, lag=3.0)) == {Level.ALL}
    assert set(run(governor, 10, now=10 + OVER_S, lag=0.3)) == {Level.ALL}


def test_what_is_missed_least_is_shed_first_and_one_thing_after_the_other() -> None:
    governor = Governor(Level.SMALL_MODEL)
    levels = run(governor, 60, lag=2.0, grows=0.3)
    assert levels[-1] is Level.SMALL_MODEL
    assert all(after - before in (0, 1) for before, after in pairwise(levels))


def test_without_a_smaller_model_none_is_asked_for() -> None:
    assert run(Governor(), 120, lag=2.0, grows=0.5)[-1] is Level.LATE_VOICES


def test_a_visit_that_catches_up_fast_enough_sheds_no_more() -> None:
    governor = Governor()
    before = run(governor, 6, lag=3.0)[-1]
    assert set(run(governor, 20, now=6, lag=12.0, grows=-(FASTEST - 1))) == {before}


def test_where_nobody_speaks_any_more_only_looks_on_the_way_are_left_out() -> None:
    governor = Governor(Level.SMALL_MODEL)
    assert run(governor, 60, lag=2.0, grows=0.3)[-1] is Level.SMALL_MODEL
    for i in range(400):
        assert governor.observe(60 + i, 40, 20.0, 1.0, live=False) is Level.PAUSES


def test_in_a_pause_all_comes_back() -> None:
    governor = Governor(Level.SMALL_MODEL)
    run(governor, 60, lag=2.0, grows=0.3)
    levels = run(governor, 60, now=60)
    assert levels[-1] is Level.ALL and governor.step_s == LEVELS[Level.ALL].step_s
    assert all(before - after in (0, 1) for before, after in pairwise(levels))


def test_nothing_comes_back_while_the_others_need_the_machine() -> None:
    governor = Governor()
    run(governor, 20, lag=2.0, grows=0.3)
    level = governor.level
    assert {governor.observe(20 + i, 19.5 + i, 0.5, 0.99) for i in range(60)} == {level}


def test_what_came_back_too_soon_comes_back_later_the_next_time() -> None:
    governor, now, rests = Governor(Level.NARROW_BEAM), 0.0, list[float]()
    for _ in range(3):
        while governor.level <= Level.PAUSES:
            run(governor, 5, now=now, lag=3.0)
            now += 5
        begin = now
        while governor.level > Level.PAUSES:
            run(governor, 1, now=now)
            now += 1
        rests.append(now - begin)
    assert PATIENCE_S <= rests[0] < rests[1] < rests[2] <= MOST_PATIENCE_S + 1


@given(
    st.lists(st.tuples(st.floats(0, 30), st.floats(0, 3600), st.floats(0, 1), st.booleans()), min_size=1, max_size=200),
    st.sampled_from(Level),
)
def test_levels_change_step_by_step_and_steps_stay_in_their_bounds(
    seen: list[tuple[float, float, float, bool]], most: Level
) -> None:
    governor, now = Governor(max(most, Level.PAUSES)), 0.0
    for passed, lag, busy, live in seen:
        before, now = governor.level, now + passed
        after = governor.observe(now, max(0.0, now - lag), lag, busy, live=live)
        assert after <= max(most, Level.PAUSES)
        assert after - before in (-1, 0, 1) or (not live and after == Level.PAUSES)
        assert LEVELS[Level.ALL].step_s <= governor.step_s <= LEVELS[Level.PAUSES].step_s + 1e-9
        assert (governor.step_s == LEVELS[Level.ALL].step_s) == (after is Level.ALL)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 1)), max_size=50))
def test_busyness_is_a_share(changes: list[tuple[float, float]]) -> None:
    busyness, now = Busyness(), 0.0
    for passed, at_work in changes:
        now += passed
        busyness.change(now, at_work)
        assert 0.0 <= busyness.share(now + 1) <= 1.0


def test_busyness_follows_what_is_done_within_half_a_minute() -> None:
    busyness = Busyness()
    busyness.change(0.0, 1.0)
    assert busyness.share(30.0) == pytest.approx(1.0, abs=0.06)
    busyness.change(30.0, 0.0)
    assert busyness.share(60.0) == pytest.approx(0.0, abs=0.06)
