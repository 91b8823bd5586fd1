"""How loud it is: peaks, clipping and silence of each channel."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame
from live_scribe.core.level import CLIPPED_SAMPLES, FLOOR_DB, QUIETEST, ChannelLevel, LevelMeter

TENTH = SAMPLE_RATE_HZ // 10


def frame(*levels: int, channels: int = 1) -> AudioFrame:
    return AudioFrame(offset=0, pcm=struct.pack(f"<{len(levels)}h", *levels), channels=channels)


def level_of(*levels: int) -> ChannelLevel:
    meter = LevelMeter(1)
    meter.hear(frame(*levels))
    (told,) = meter.read()
    return told


def test_half_of_full_scale_is_6_db_below_it() -> None:
    assert level_of(0, -16_384, 5).db == -6.0


def test_no_sound_at_all_is_told_as_a_floor_and_counts_its_seconds() -> None:
    meter = LevelMeter(1)
    for _ in range(31):
        meter.hear(frame(*[0] * TENTH))
    assert meter.read() == (ChannelLevel(db=FLOOR_DB, clipped=False, silence=3.1),)


def test_one_sound_ends_the_silence() -> None:
    meter = LevelMeter(1)
    meter.hear(frame(*[QUIETEST - 1] * TENTH))
    meter.hear(frame(QUIETEST))
    assert meter.read()[0].silence == 0.0


def test_a_dead_channel_is_known_beside_one_that_lives() -> None:
    meter = LevelMeter(2)
    meter.hear(frame(*[900, 0] * TENTH, channels=2))
    lives, dead = meter.read()
    assert lives.silence == 0.0 and dead.silence == 0.1 and dead.db == FLOOR_DB


def test_a_click_is_not_clipping_and_a_voice_at_its_limit_is() -> None:
    assert not level_of(*[32_767] * (CLIPPED_SAMPLES - 1)).clipped
    assert level_of(*[32_767, -32_768] * CLIPPED_SAMPLES).clipped


def test_what_was_told_is_not_told_again() -> None:
    meter = LevelMeter(1)
    meter.hear(frame(*[32_767] * 100))
    meter.read()
    assert meter.read() == (ChannelLevel(db=FLOOR_DB, clipped=False, silence=0.0),)


@given(st.lists(st.integers(-32_768, 32_767), max_size=50))
def test_no_sound_is_louder_than_full_scale(levels: list[int]) -> None:
    assert FLOOR_DB <= level_of(*levels).db <= 0.0
