"""Guessing is slowed down; nobody else is locked out by it."""

from __future__ import annotations

import pytest

from live_scribe.errors import TooManyAttempts
from live_scribe.storage import attempts
from live_scribe.storage.attempts import MOST, WINDOW_S, Attempts


class _Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def _exhausted(time: _Time) -> Attempts:
    tries = Attempts(time)
    for _ in range(MOST):
        tries.count("ana", "10.0.0.1")
    return tries


def test_after_too_many_attempts_one_must_wait_and_is_told_how_long() -> None:
    with pytest.raises(TooManyAttempts, match="try again in 15 min"):
        _exhausted(_Time()).count("ana", "10.0.0.1")


def test_the_wait_is_over_when_the_attempts_are_old() -> None:
    time = _Time()
    tries = _exhausted(time)
    time.now += WINDOW_S
    tries.count("ana", "10.0.0.1")


def test_waiting_does_not_start_anew_with_each_refused_attempt() -> None:
    time = _Time()
    tries = _exhausted(time)
    time.now += WINDOW_S - 1
    with pytest.raises(TooManyAttempts, match="in 1 min"):
        tries.count("ana", "10.0.0.1")
    time.now += 1
    tries.count("ana", "10.0.0.1")


def test_another_address_and_another_name_are_not_locked_out() -> None:
    tries = _exhausted(_Time())
    tries.count("ana", "10.0.0.2")
    tries.count("bob", "10.0.0.1")


def test_a_right_password_starts_anew() -> None:
    tries = _exhausted(_Time())
    tries.forget("ana", "10.0.0.1")
    tries.forget("nobody", "nowhere")
    tries.count("ana", "10.0.0.1")


def test_memory_is_bounded_and_the_one_not_tried_for_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "REMEMBERED", 2)
    tries = _exhausted(_Time())
    tries.count("bob", "")
    tries.count("eve", "")
    tries.count("ana", "10.0.0.1")


def test_a_made_up_name_of_any_length_takes_little_memory() -> None:
    tries = Attempts(_Time())
    for end in range(MOST):
        tries.count("x" * 1_000_000 + str(end), "")
    with pytest.raises(TooManyAttempts):
        tries.count("x" * 1_000_000, "")
