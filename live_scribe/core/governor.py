"""What a visit goes without when the machine cannot keep up: never sound, but how often and how closely it is heard.

Lag says that something must be shed, busyness that it may come back. What is shed first is missed least: the tail is a
hint, the words that stand are the same a little later.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

BUSY_OVER_S = 10.0
"""Busyness is what was used over about so many seconds: longer than a look, shorter than a patient's story."""

OVER_S = 2.0
"""So long a visit must be behind, and so long a change is tried: one hard look is no overload."""

BEHIND_S = 1.0
"""A visit that never got nearer than this to the sound within OVER_S does not keep up: a look takes less."""

CATCH_UP_S = 20.0
"""A visit that is behind is to have caught up within about so many seconds; where it goes on slower, more is shed."""

FASTEST = 1.5
"""No greater pace is asked for, in seconds of sound a second: an uploaded hour is no overload."""

FEWER = 0.8
"""Looks that are left to a visit that does not keep up, each time: multiplied, so that who looks most gives most …"""

MORE = 0.04
"""… and looks a second that it gets back for each calm second: added, so that all visits come to the same share, as
senders do on a busy network (Chiu and Jain, "Analysis of the Increase and Decrease Algorithms", 1989)."""

CALM_S = 1.6
"""A visit no further behind than this is heard as it should be."""

ROOM = 0.9
"""What was shed comes back only while less than this of the machine is used: else it would be shed again at once."""

PATIENCE_S = 6.0
"""So long it must have been calm before a level beyond the tail is taken back …"""

MOST_PATIENCE_S = 96.0
"""… twice as long each time that this was too soon, up to this: levels do not flap."""


class Level(IntEnum):
    """How much is shed, in the order of what is missed least. Each includes those before it."""

    ALL = 0
    THIN_TAIL = 1
    PAUSES = 2
    NARROW_BEAM = 3
    LATE_VOICES = 4
    SMALL_MODEL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shed:
    """What is done at a level. `step_s`: at most so many seconds of speech from one look to the next, pauses aside.

    `widest_beam`: the most readings that a look may follow at once. `clusters`: whether voices are clustered anew.
    `small`: whether the smaller model hears.
    """

    name: str
    step_s: float
    widest_beam: int = 5
    clusters: bool = True
    small: bool = False
    reason: str


LEVELS: Mapping[Level, Shed] = MappingProxyType(
    {
        Level.ALL: Shed(name="all", step_s=1.0, reason="the machine keeps up: nothing is shed"),
        Level.THIN_TAIL: Shed(
            name="thin_tail",
            step_s=4.0,
            reason="the tail is a hint: half as many looks cost half as much, and words stand a second later",
        ),
        Level.PAUSES: Shed(
            name="pauses",
            step_s=4.0,
            reason="people pause every few seconds: a look there settles all; a monologue is looked at on its way",
        ),
        Level.NARROW_BEAM: Shed(
            name="narrow_beam",
            step_s=4.0,
            widest_beam=1,
            reason="one reading instead of five: a word in a hundred differs, and the second look mends it",
        ),
        Level.LATE_VOICES: Shed(
            name="late_voices",
            step_s=4.0,
            widest_beam=1,
            clusters=False,
            reason="new voices are told apart later: whose words these are is corrected when there is time",
        ),
        Level.SMALL_MODEL: Shed(
            name="small_model",
            step_s=4.0,
            widest_beam=1,
            clusters=False,
            small=True,
            reason="words that are heard less well are better than words that come minutes late",
        ),
    }
)
"""Each level, and why it is missed less than the next."""

MOST_LOOKS = 1 / LEVELS[Level.ALL].step_s
FEWEST_LOOKS = 1 / LEVELS[Level.PAUSES].step_s
"""Looks for each second of speech where nothing is shed, and where only pauses are left."""


class Governor:
    """Chooses one visit's level. Feed it how far hearing has come, in order; it never raises.

    `most`: the last level there is for this visit (without a smaller model, not SMALL_MODEL).
    """

    def __init__(self, most: Level = Level.LATE_VOICES) -> None:
        self.level = Level.ALL
        self._most = most
        self._looks = MOST_LOOKS
        self._past: deque[tuple[float, float, float]] = deque()
        self._changed = -math.inf
        self._calm_from: float | None = None
        self._patience = PATIENCE_S
        self._restored = -math.inf

    @property
    def shed(self) -> Shed:
        """What is done at the present level."""
        return LEVELS[self.level]

    @property
    def step_s(self) -> float:
        """Seconds of speech from one look to the next."""
        return 1 / self._looks

    def observe(self, now: float, heard: float, lag: float, busy: float, *, live: bool = True) -> Level:
        """Return the level from `now` on: sound before `heard` was heard, `lag` behind the sound that is there.

        All in seconds; `busy` is the share of the machine that all visits together used lately. Where nobody speaks any
        more (not `live`), nobody waits for the next word: only looks on the way are left out.
        """
        since = now - self._past[-1][0] if self._past else 0.0
        self._remember(now, heard, lag)
        if lag > CALM_S:
            self._calm_from = None
        elif self._calm_from is None:
            self._calm_from = now
        if not live and self.level > Level.PAUSES:
            self.level = Level.PAUSES
        if self._falls_behind(now):
            self._shed_more(now, self._most if live else Level.PAUSES)
        elif self._calm_from is not None and busy < ROOM:
            self._restore(now, since)
        return self.level

    def _remember(self, now: float, heard: float, lag: float) -> None:
        self._past.append((now, heard, lag))
        while len(self._past) > 1 and self._past[1][0] <= now - OVER_S:
            self._past.popleft()

    def _falls_behind(self, now: float) -> bool:
        """Whether the visit was behind all the time lately, and does not catch up by itself soon."""
        begin, heard, _ = self._past[0]
        if now - begin < OVER_S or now - self._changed < OVER_S:
            return False
        least = min(lag for _, _, lag in self._past)
        pace = (self._past[-1][1] - heard) / (now - begin)
        return least > BEHIND_S and pace < min(FASTEST, 1.0 + least / CATCH_UP_S)

    def _shed_more(self, now: float, most: Level) -> None:
        if self.level < Level.PAUSES:
            self._look_less(self._looks * FEWER)
        elif self.level < most:
            too_soon = now - self._restored < 2 * self._patience
            self._patience = min(MOST_PATIENCE_S, 2 * self._patience) if too_soon else PATIENCE_S
            self.level = Level(self.level + 1)
        self._changed = now

    def _restore(self, now: float, since: float) -> None:
        if self.level <= Level.PAUSES:
            self._look_less(self._looks + MORE * min(since, 1.0))
        elif self._calm_from is not None and now - max(self._calm_from, self._changed) >= self._patience:
            self.level = Level(self.level - 1)
            self._changed = self._restored = now

    def _look_less(self, looks: float) -> None:
        self._looks = min(MOST_LOOKS, max(FEWEST_LOOKS, looks))
        if self._looks >= MOST_LOOKS:
            self.level = Level.ALL
        else:
            self.level = Level.THIN_TAIL if self._looks > FEWEST_LOOKS else Level.PAUSES


class Busyness:
    """The share of a machine's workers that is at work, averaged over the last seconds. Feed it each change."""

    def __init__(self) -> None:
        self._share = 0.0
        self._now = 0.0
        self._at_work = 0.0

    def change(self, now: float, at_work: float) -> None:
        """Note that from `now` (seconds) on this share of the workers is at work."""
        self._share, self._now, self._at_work = self.share(now), now, at_work

    def share(self, now: float) -> float:
        """Return the average up to `now`, from 0 to 1."""
        fresh = 1.0 - math.exp(-max(0.0, now - self._now) / BUSY_OVER_S)
        return self._share + (self._at_work - self._share) * fresh
