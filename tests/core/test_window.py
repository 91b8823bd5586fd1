"""When sound is looked at, and which: each second of speech, at once at a pause, never silence."""

from __future__ import annotations

from dataclasses import replace

from live_scribe.core.commit import FORCED_S
from live_scribe.core.window import (
    BREATH_S,
    BREATH_STEP_S,
    FIRST_STEP_S,
    FRAME_S,
    FULL_S,
    KEEP_S,
    PAUSE_S,
    PREROLL_S,
    STEP_S,
    AudioWindow,
    Look,
)


def hear(window: AudioWindow, seconds: float, probability: float) -> None:
    frames = round(seconds / FRAME_S)
    window.hear(window.heard + frames * FRAME_S, [probability] * frames)


def test_silence_is_never_looked_at_and_is_forgotten() -> None:
    window = AudioWindow()
    hear(window, 10, 0.01)
    assert window.due(0) is None
    assert window.start == window.heard - PREROLL_S


def test_speech_is_looked_at_after_each_step() -> None:
    window = AudioWindow()
    hear(window, STEP_S / 2, 0.9)
    assert window.due(0) is None
    hear(window, STEP_S / 2 + FRAME_S, 0.9)
    look = window.due(0)
    assert look is not None and not look.final
    window.looked(look)
    assert window.due(0) is None


def test_a_pause_is_looked_at_at_once_and_once() -> None:
    window = AudioWindow()
    hear(window, 0.4, 0.9)
    hear(window, PAUSE_S + FRAME_S, 0.01)
    look = window.due(0)
    assert look is not None and look.final
    window.looked(look)
    assert window.due(0) is None and not window.speaking


def test_a_breath_is_looked_at_and_a_pause_behind_it_is_known_already() -> None:
    window = AudioWindow()
    hear(window, 0.8, 0.9)
    hear(window, BREATH_S + FRAME_S, 0.01)
    breath = window.due(0)
    assert breath is not None and not breath.final
    window.looked(breath)
    assert window.due(0) is None
    hear(window, PAUSE_S - BREATH_S, 0.01)
    pause = window.due(0)
    assert pause is not None and pause.final and pause.known


def test_a_pause_whose_end_no_look_has_heard_is_not_known() -> None:
    window = AudioWindow()
    hear(window, STEP_S + FRAME_S, 0.9)
    look = window.due(0)
    assert look is not None
    window.looked(look)
    hear(window, PAUSE_S + FRAME_S, 0.01)
    pause = window.due(0)
    assert pause is not None and pause.final and not pause.known


def test_breaths_in_a_row_and_those_of_a_visit_that_is_behind_are_not_looked_at() -> None:
    window = AudioWindow()
    hear(window, 0.8, 0.9)
    hear(window, BREATH_S + FRAME_S, 0.01)
    assert window.due(3 * STEP_S) is None
    breath = window.due(0)
    assert breath is not None
    window.looked(breath)
    hear(window, BREATH_STEP_S / 3, 0.9)
    hear(window, BREATH_S + FRAME_S, 0.01)
    assert window.due(0) is None


def test_a_line_that_stalls_ends_the_utterance() -> None:
    window = AudioWindow()
    hear(window, 0.4, 0.9)
    look = window.due(0, stalled=True)
    assert look is not None and look.final and look.cut
    window.looked(look)
    assert window.due(0, stalled=True) is None
    hear(window, PAUSE_S + FRAME_S, 0.01)
    look = window.due(0)
    assert look is not None and look.final and not look.cut


def test_a_visit_that_is_behind_looks_less_often_and_leaves_nothing_out() -> None:
    window = AudioWindow()
    hear(window, STEP_S * 2, 0.9)
    assert window.due(10) is None
    hear(window, STEP_S * 4, 0.9)
    assert window.due(10) == Look(start=0.0, end=window.heard)


def test_a_faint_ending_still_belongs_to_the_voice() -> None:
    window = AudioWindow()
    hear(window, 0.5, 0.9)
    hear(window, 0.5, 0.4)
    assert abs(window.last_voiced - window.heard) < FRAME_S / 2


def test_a_long_window_lets_confirmed_speech_go_and_a_full_one_says_so() -> None:
    window = AudioWindow()
    hear(window, FULL_S + 1, 0.9)
    look = window.due(0)
    assert look is not None and look.full
    window.begin(look, 16.0, 17.0)
    assert 16.9 < window.start <= 17.0


def test_a_short_window_is_left_as_it_is_until_speech_pauses() -> None:
    window = AudioWindow()
    hear(window, KEEP_S, 0.9)
    look = Look(start=0.0, end=window.heard)
    window.begin(look, 0.5, 1.0)
    assert window.start == 0.0
    window.begin(replace(look, final=True), 0.5, 1.0)
    assert window.start > 0.9


def test_a_full_window_without_words_moves_on_and_keeps_its_end() -> None:
    window = AudioWindow()
    hear(window, FULL_S + 1, 0.9)
    look = window.due(0)
    assert look is not None
    window.begin(look, 0.0, None)
    assert window.heard - FULL_S / 2 < window.start <= window.heard - FORCED_S


def test_a_voice_that_has_only_begun_is_not_looked_at() -> None:
    window = AudioWindow()
    hear(window, 2 * STEP_S, 0.01)
    hear(window, FIRST_STEP_S / 2, 0.9)
    assert window.due(0) is None
    hear(window, FIRST_STEP_S / 2 + FRAME_S, 0.9)
    assert window.due(0) is not None


def test_how_much_of_a_stretch_was_voiced() -> None:
    window = AudioWindow()
    hear(window, 1.0, 0.9)
    hear(window, 1.0, 0.01)
    assert window.voiced(0.0, 0.9) == 1.0
    assert window.voiced(1.2, 1.9) == 0.0
    assert 0.3 < window.voiced(0.5, 1.5) < 0.7
