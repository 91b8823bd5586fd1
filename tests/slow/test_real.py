"""The real model on a real recording, by the command line, as a user runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from live_scribe import samples
from live_scribe.audio.file import FileRecording

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def live_scribe(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "live_scribe", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def plain(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9' ]", " ", text.lower()).split()


async def beginning(folder: Path, seconds: float) -> Path:
    """Return the first seconds of the first sample as a WAV."""
    import wave

    recording = await FileRecording.load(samples.named("knee-injury").audio)
    path = folder / "beginning.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(((await recording.read(0, int(seconds * 16_000))) * 32_767).astype("<i2").tobytes())
    return path


async def test_a_sample_is_heard_word_for_word_near_enough(tmp_path: Path) -> None:
    seconds = 45.0
    audio = await beginning(tmp_path, seconds)
    lines = [json.loads(line) for line in live_scribe("transcribe", audio, "--format", "jsonl").splitlines()]
    assert lines[-1]["type"] == "end" and lines[-1]["audio"] == pytest.approx(seconds, abs=0.1)
    heard = [w for line in lines if line["type"] == "words" for word in line["words"] for w in plain(word["text"])]
    told = json.loads(samples.named("knee-injury").audio.with_suffix(".words.json").read_text())
    said = [w for word, _, end in told if end < seconds for w in plain(word)]
    assert SequenceMatcher(a=said, b=heard, autojunk=False).ratio() > 0.85
    roles = {line["role"] for line in lines if line["type"] == "role"}
    assert {"doctor", "patient"} <= roles


def test_silence_and_hum_are_heard_as_nothing(tmp_path: Path) -> None:
    import wave

    import numpy as np

    time = np.arange(16_000 * 30) / 16_000
    hum = (0.2 * np.sin(2 * np.pi * 50 * time) * 32_767).astype("<i2")
    for name, sound in (("silence", hum * 0), ("hum", hum)):
        path = tmp_path / f"{name}.wav"
        with wave.open(str(path), "wb") as out:
            out.setparams((1, 2, 16_000, 0, "NONE", ""))
            out.writeframes(sound.astype("<i2").tobytes())
        assert live_scribe("transcribe", path, "--model", "tiny.en").strip() == ""


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="no espeak-ng on this machine: apt-get install espeak-ng")
def test_a_spoken_sentence_becomes_a_note(tmp_path: Path) -> None:
    path = tmp_path / "spoken.wav"
    words = "I have had a headache for three days. I have no fever."
    subprocess.run(["espeak-ng", "-s", "140", "-w", str(path), words], check=True)
    note = live_scribe("scribe", path)
    # This voice is hard to hear; the denial is what must not be lost.
    assert "no fever" in note and "DRAFT" in note


def test_the_demo_plays_a_sample_and_goes_when_it_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "live_scribe", "demo", "--port", "0", "--model", "tiny.en"]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("open ").strip()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        assert b"<!doctype html>" in opener.open(address).read().lower()
        base = address.removesuffix("/demo")
        (visit,) = json.load(opener.open(f"{base}/api/v1/visits"))
        assert visit["state"] == "recording"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert list(tmp_path.glob("live_scribe*")) == []


def test_without_portaudio_or_a_device_listen_says_so_in_one_line() -> None:
    done = subprocess.run([sys.executable, "-m", "live_scribe", "listen"], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        pytest.skip("this machine has a microphone")
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "microphone" in done.stderr
