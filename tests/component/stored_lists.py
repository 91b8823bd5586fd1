"""A data folder with visits in which the same words were set right again and again, to be shown and learnt from."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from live_scribe import wiring
from live_scribe.asr.shipped import packaged_vocabulary
from live_scribe.core import commands as c
from live_scribe.core.wire import summary
from live_scribe.storage.keys import load_master_key
from live_scribe.storage.sqlite import open_database
from live_scribe.storage.store import VisitStore
from live_scribe.storage.terms import ListStore
from live_scribe.wordbook import open_wordbook
from tests.core.test_learning import correct, hear
from tests.core.visits import Desk

SAID = "I take lysine a pril, ten milligrams daily."


def store_visits(data: Path, *, learn: bool = True) -> None:
    """Make the folder: three visits that were set right alike and one that was not, and what they teach."""
    data.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(1) as apart:  # this thread has a browser's loop already
        apart.submit(lambda: asyncio.run(_store(data, learn))).result()


async def _store(data: Path, learn: bool) -> None:
    master = load_master_key(data, {})
    async with open_database(data) as database:
        store = VisitStore(database, master)
        await store.prepare()
        lists = ListStore(database, master)
        async with open_wordbook(lists, store, wiring.wall_clock, packaged_vocabulary()) as book:
            for i, text in enumerate(["lisinopril", "lisinopril", "Lisinopril", None]):
                visit = f"visit{i}"
                await _append(store, visit, text)
                if learn:
                    book.ask_to_learn(visit)


async def _append(store: VisitStore, visit: str, text: str | None) -> None:
    desk = Desk()
    hear(desk, SAID)
    hear(desk, "And metal prolol in the evening.")
    if text:
        correct(desk, 2, 5, text + ",")
    correct(desk, 1, 3, "metoprolol" if text else "metolazone", utterance="u2")
    desk.do(c.End())
    line = replace(summary(desk.visit), visit=visit)
    await store.append(visit, desk.log, line)
