"""What was acknowledged survives `kill -9`, and a log of a long day is checked quickly."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from live_scribe.audio.recorder import Recorder
from live_scribe.storage.keys import MasterKey
from live_scribe.storage.store import open_store
from tests.component.stored_visits import entry, summary

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RUNS = 10
LONGEST_RUN_S = 0.8
MANY = 10_000
MANY_TAKE_S = 20.0
"""It takes a second or two; the rest is for a busy machine."""

KEY = bytes(range(32))
FRAME = 1600

WRITER = """
import asyncio, sys
from pathlib import Path
from live_scribe.audio.recorder import Recorder
from live_scribe.core.audio import AudioFrame
from live_scribe.storage.keys import MasterKey
from live_scribe.storage.store import open_store
from tests.component.stored_visits import entry, summary
from tests.slow.test_durability import FRAME, KEY, tone

async def words(store):
    seq = len(await store.read("v1"))
    while True:
        seq += 1
        await store.append("v1", [entry(seq)], summary(seq=seq))
        print("entry", seq, flush=True)

async def sound(folder):
    async with Recorder.open(folder / "v1.pcm.enc", KEY, "v1") as recorder:
        while True:
            start = recorder.next_sample
            await recorder.append(AudioFrame(offset=start, pcm=tone(start, start + FRAME)))
            print("sample", await recorder.flush(), flush=True)

async def main(folder):
    async with open_store(folder, MasterKey(KEY)) as store, asyncio.TaskGroup() as group:
        group.create_task(words(store))
        group.create_task(sound(folder))

asyncio.run(main(Path(sys.argv[1])))
"""


def tone(start: int, end: int) -> bytes:
    """Sound of which each sample tells its number."""
    return b"".join((n % 65_536).to_bytes(2, "little") for n in range(start, end))


def _killed(folder: Path, after_s: float) -> dict[str, int]:
    """Run a writer, kill it in the middle of things, and return the last of what it acknowledged."""
    command = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        lines = [writer.stdout.readline()]  # it has begun to write
        time.sleep(after_s)
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    acknowledged = {"entry": 0, "sample": 0}
    for line in lines:
        if line.endswith("\n"):  # the last one may be cut in the middle, a number of it too
            kind, number = line.split()
            acknowledged[kind] = int(number)
    return acknowledged


async def test_what_was_acknowledged_survives_being_killed_at_any_moment(tmp_path: Path) -> None:
    moments = random.Random(7)
    for _ in range(RUNS):
        acknowledged = _killed(tmp_path, moments.uniform(0.0, LONGEST_RUN_S))
        async with open_store(tmp_path, MasterKey(KEY)) as store:
            log = await store.read("v1")
            assert log == [entry(n) for n in range(1, len(log) + 1)]
            assert len(log) >= acknowledged["entry"]
            assert (await store.verify("v1")).intact
        async with Recorder.open(tmp_path / "v1.pcm.enc", KEY, "v1") as recorder:
            safe = recorder.next_sample
            assert safe >= acknowledged["sample"]
            assert safe % FRAME == 0
            assert recorder.gaps() == []
            assert await recorder.read_pcm(0, safe) == tone(0, safe)
    assert acknowledged["entry"] and acknowledged["sample"]


async def test_ten_thousand_entries_are_checked_in_reasonable_time(tmp_path: Path) -> None:
    async with open_store(tmp_path, MasterKey(KEY)) as store:
        await store.append("v1", [entry(n) for n in range(1, MANY + 1)], summary())
        begun = time.perf_counter()
        found = await store.verify("v1")
        took_s = time.perf_counter() - begun
    assert found.intact
    assert found.entries == MANY
    assert took_s < MANY_TAKE_S
