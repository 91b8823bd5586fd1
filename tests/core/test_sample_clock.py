"""Microphones that run fast, slow, late, or not at all: where their sound lies in time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.audio import samples, seconds
from live_scribe.core.sample_clock import GAP_S, SLACK_S, Placed, SampleClock

BLOCK = 1600
HOUR = 36_000
"""Blocks."""


def run(rate_hz: float, blocks: int) -> list[Placed]:
    """Let a microphone of this rate run, from wall time 1000 s on."""
    clock = SampleClock()
    return [clock.place(BLOCK, 1000 + (n + 1) * BLOCK / rate_hz) for n in range(blocks)]


@pytest.mark.parametrize("rate_hz", [15_985, 15_990, 15_999, 16_000, 16_001, 16_010, 16_015])
def test_a_microphone_that_drifts_is_at_the_right_time_after_an_hour_and_loses_nothing(rate_hz: int) -> None:
    placed = run(rate_hz, HOUR)
    assert all(block.hole == 0 for block in placed)
    heard_s = HOUR * BLOCK / rate_hz
    assert abs(seconds(placed[-1].offset + placed[-1].length) - heard_s) < SLACK_S + 0.02
    assert all(abs(block.length - BLOCK) <= 2 for block in placed)


def test_a_microphone_that_is_much_too_slow_shows_its_holes() -> None:
    placed = run(15_900, 6000)
    holes = [block for block in placed if block.hole]
    assert holes and all(seconds(block.hole) < GAP_S + 0.2 for block in holes)
    assert abs(seconds(placed[-1].offset) - 6000 * BLOCK / 15_900) < GAP_S + 0.2


@pytest.mark.parametrize("away_s", [0.6, 3.0, 3600.0])
def test_a_time_without_sound_is_a_hole_as_long_as_it_was(away_s: float) -> None:
    clock = SampleClock()
    clock.place(BLOCK, 10.0)
    block = clock.place(BLOCK, 10.1 + away_s)
    assert block.hole == pytest.approx(samples(away_s), abs=1) and block.offset == BLOCK + block.hole


def test_sound_that_is_late_and_then_comes_at_once_is_all_there() -> None:
    clock = SampleClock()
    for n in range(200):
        late = 0.4 if 100 <= n < 104 else 0.0
        block = clock.place(BLOCK, max(0.1 * (n + 1), 10.5 if late else 0.0))
        assert block.hole == 0 and abs(block.offset - n * BLOCK) <= 10


def test_a_short_loss_that_is_known_is_a_hole_too() -> None:
    clock = SampleClock()
    clock.place(BLOCK, 10.0)
    assert clock.place(BLOCK, 10.3, broken=True).hole == samples(0.2)
    assert clock.place(BLOCK, 10.42, broken=True).hole == 0


def test_a_clock_that_is_set_back_moves_nothing() -> None:
    clock = SampleClock()
    clock.place(BLOCK, 10_000.0)
    assert clock.place(BLOCK, 6400.1) == Placed(offset=BLOCK, hole=0, length=BLOCK)
    assert clock.place(BLOCK, 6400.2) == Placed(offset=2 * BLOCK, hole=0, length=BLOCK)


def test_a_hole_that_the_device_tells_of_is_not_counted_twice() -> None:
    clock = SampleClock()
    clock.place(BLOCK, 10.0)
    assert clock.skip(BLOCK) == 2 * BLOCK
    assert clock.place(BLOCK, 10.1) == Placed(offset=2 * BLOCK, hole=0, length=BLOCK)


@given(st.lists(st.tuples(st.integers(1, 4000), st.floats(-20, 20), st.booleans()), max_size=60))
def test_whatever_the_clocks_say_no_sound_is_laid_over_other_sound(blocks: list[tuple[int, float, bool]]) -> None:
    clock, heard_s, end = SampleClock(), 1e6, 0
    for length, passed, broken in blocks:
        heard_s += passed
        placed = clock.place(length, heard_s, broken=broken)
        assert placed.offset == end + placed.hole and placed.hole >= 0
        assert 0 < placed.length and abs(placed.length - length) <= max(1, length / 800 + 1)
        end = placed.offset + placed.length


@given(st.lists(st.floats(0.0, SLACK_S * 0.9), min_size=1, max_size=200))
def test_sound_that_comes_unevenly_is_placed_evenly(lates: list[float]) -> None:
    clock = SampleClock()
    for n, late in enumerate(lates):
        assert clock.place(BLOCK, 0.1 * (n + 1) + late).hole == 0
