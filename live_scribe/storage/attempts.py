"""Slows down those who guess passwords."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

from live_scribe.errors import TooManyAttempts

MOST = 10
"""Wrong passwords for one name from one address, before it must wait. People mistype three or four times."""

WINDOW_S = 15 * 60
"""How long a wrong password counts."""

REMEMBERED = 10_000
"""Pairs of name and address kept in memory; the ones not tried for longest go first."""

LONGEST_KEPT = 100
"""Characters kept of a name and of an address."""


class Attempts:
    """Counts for each name at each address apart: whoever guesses somebody's password cannot lock them out."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._tries: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def count(self, name: str, address: str) -> None:
        """Note an attempt. Raises TooManyAttempts, saying how long to wait; that one is not counted."""
        pair = _pair(name, address)
        tries = self._tries.setdefault(pair, deque())
        self._tries.move_to_end(pair)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)
        now = self._now()
        while tries and tries[0] <= now - WINDOW_S:
            tries.popleft()
        if len(tries) >= MOST:
            wait_min = max(1, round((tries[0] + WINDOW_S - now) / 60))
            raise TooManyAttempts(f"too many attempts: try again in {wait_min} min")
        tries.append(now)

    def forget(self, name: str, address: str) -> None:
        """Start anew: the password was right."""
        self._tries.pop(_pair(name, address), None)


def _pair(name: str, address: str) -> tuple[str, str]:
    # No account has a name as long as this; made-up ones must not fill the memory.
    return name[:LONGEST_KEPT], address[:LONGEST_KEPT]
