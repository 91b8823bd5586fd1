"""This computer's microphone through the real PortAudio: a device that ALSA's file plugin plays from a recording."""

from __future__ import annotations

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from live_scribe.asr.scripted import spoken
from live_scribe.audio.pcm import from_samples
from live_scribe.core.audio import SAMPLE_RATE_HZ
from tests.component.running import SCRIPT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux's"),
    pytest.mark.skipif(ctypes.util.find_library("portaudio") is None, reason="apt-get install libportaudio2"),
]

HEARD_S = 8

ASOUNDRC = """
pcm.!default {{ type plug slave.pcm "recording" }}
pcm.recording {{
    type file
    slave.pcm {{ type null }}
    file "/dev/null"
    infile "{raw}"
    format "raw"
}}
"""
"""A sound card that is none: what is heard comes from a file, as fast as it is asked for."""

HEAR = f"""
import asyncio, sys
from live_scribe.audio.microphone import MicrophoneSource, devices

async def hear():
    heard = b""
    async for frame in MicrophoneSource().frames():
        assert frame.offset * 2 == len(heard)
        heard += frame.pcm
        if len(heard) >= {2 * HEARD_S * SAMPLE_RATE_HZ}:
            return heard

assert "default" in [device.name for device in devices()]
sys.stdout.buffer.write(asyncio.run(hear()))
"""


def run(tmp_path: Path, *command: str) -> subprocess.CompletedProcess[bytes]:
    raw = tmp_path / "visit.raw"
    raw.write_bytes(from_samples(spoken(SCRIPT, HEARD_S + 2)))
    made = tmp_path / "asoundrc"
    made.write_text(ASOUNDRC.format(raw=raw), encoding="utf-8")
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(made)}
    return subprocess.run([sys.executable, *command], capture_output=True, env=environment, timeout=60, check=False)


def test_portaudio_hears_a_device_as_it_is(tmp_path: Path) -> None:
    heard = run(tmp_path, "-c", HEAR)
    assert heard.returncode == 0, heard.stderr[-500:]
    assert heard.stdout == (tmp_path / "visit.raw").read_bytes()[: len(heard.stdout)]


def test_devices_are_listed_and_one_that_is_not_there_is_one_plain_line(tmp_path: Path) -> None:
    listed = run(tmp_path, "-m", "live_scribe", "devices")
    assert b"default" in listed.stdout and listed.returncode == 0
    missing = run(tmp_path, "-m", "live_scribe", "listen", "--device", "no such microphone")
    assert missing.returncode == 1 and b"no such microphone" in missing.stderr
    assert missing.stderr.count(b"\n") == 1
