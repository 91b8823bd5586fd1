"""Fan-out of one visit to its screens. A slow screen never slows the room: it starts again from a snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from live_scribe.core.log import Entry

QUEUE_SIZE = 512
"""Messages that wait for one screen: about a minute of lively talk. Behind that a snapshot is cheaper."""

Hint = dict[str, Any]
Message = Entry | Hint


class Lagged(Exception):
    """The screen fell too far behind: what waited for it was let go, and it must start from a snapshot."""


class Subscription:
    """What one screen has still to be sent. Iterate over it; Lagged ends the iteration once."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(QUEUE_SIZE)
        self._lagged = False

    def offer(self, message: Message) -> None:
        """Queue a message. When the queue is full hints fall away, and a fact marks the screen as lagged."""
        if self._lagged:
            return
        if self._waiting.full():
            if isinstance(message, Entry):
                self._lagged = True
            return
        self._waiting.put_nowait(message)

    async def __aiter__(self) -> AsyncIterator[Message]:
        while not self._lagged:
            yield await self._waiting.get()
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._lagged = False
        raise Lagged


class Hub:
    """All screens of one visit."""

    def __init__(self) -> None:
        self._screens: set[Subscription] = set()
        self._observers: list[Callable[[Message], None]] = []

    @property
    def screens(self) -> int:
        """How many screens are connected."""
        return len(self._screens)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Connect a screen for the time of the `with` block: from now on it gets every fact and hint."""
        screen = Subscription()
        self._screens.add(screen)
        try:
            yield screen
        finally:
            self._screens.discard(screen)

    def observe(self, observer: Callable[[Message], None]) -> None:
        """Call `observer` with every fact and hint at once: for a terminal in this process, which must be quick."""
        self._observers.append(observer)

    def publish(self, messages: Iterable[Message]) -> None:
        """Send to every screen, waiting for none."""
        for message in messages:
            for screen in self._screens:
                screen.offer(message)
            for observer in self._observers:
                observer(message)
