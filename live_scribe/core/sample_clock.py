"""Where a microphone's sound lies in time, however badly its own clock runs: offsets follow the clock on the wall.

A microphone counts samples by a clock of its own, which may run fast or slow, and counts none while it is unplugged or
the computer sleeps. The page has the same rule (`sample_clock.js`).
"""

from __future__ import annotations

from dataclasses import dataclass

from live_scribe.core.audio import SAMPLE_RATE_HZ, samples, seconds

SLACK_S = 0.1
"""Sound is handed over sooner or later by so much, as threads come and go: that is no drift."""

GAP_S = 0.5
"""Sound that is so far behind the wall was lost; longer than threads are late, shorter than most words."""

SEAM_S = 0.05
"""Where it is known that sound was lost, a hole this short is one."""

MOST_STRETCH = 1 / 800
"""So much is a drift made good by, 0.125 %: six times what a bad crystal drifts, and two cents of pitch: not heard."""

SETTLING_S = 10.0
"""At first the wall is set by the sound: what came late in the beginning must not look like a fast microphone."""

CLOCK_SET_S = 5.0
"""Sound cannot be so far ahead of the wall: somebody has set the clock back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a block begins, how many samples are missing before it, and how many it is to be stretched to."""

    offset: int
    hole: int
    length: int


class SampleClock:
    """Places the blocks of one microphone, which come in order."""

    def __init__(self) -> None:
        self._next = 0
        self._began_s: float | None = None

    def place(self, length: int, heard_s: float, *, broken: bool = False) -> Placed:
        """Place `length` samples, the last of which was heard at `heard_s` by the wall; `broken`: some were lost."""
        end = self._next + length
        if self._began_s is None:
            self._began_s = heard_s - seconds(end)
        ahead = end - samples(heard_s - self._began_s)
        if ahead > samples(CLOCK_SET_S) or (ahead > 0 and self._next < SETTLING_S * SAMPLE_RATE_HZ):
            self._began_s, ahead = heard_s - seconds(end), 0
        hole, made = 0, length
        if -ahead > samples(SEAM_S if broken else GAP_S):
            hole = -ahead
        elif abs(ahead) > samples(SLACK_S):
            change = max(1, round(length * MOST_STRETCH))
            made = max(1, length - change) if ahead > 0 else length + change
        placed = Placed(offset=self._next + hole, hole=hole, length=made)
        self._next = placed.offset + made
        return placed

    def skip(self, length: int) -> int:
        """Leave a hole of `length` samples, of which the wall knows nothing; return where it ends."""
        self._next += length
        if self._began_s is not None:
            self._began_s -= seconds(length)
        return self._next
