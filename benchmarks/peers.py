"""live_scribe beside its peers: the same recordings, the same model, one machine, one run.

    python -m benchmarks.peers AUDIO… [--model base] [--whisperlivekit PYTHON] [--paced]

A row for each: live_scribe, a plain LocalAgreement-2 over padded 30 s (local_agreement.py), WhisperLiveKit where the
Python of an environment that has it is named (`python -m venv E; E/bin/pip install whisperlivekit`), and the same model
on the whole file at beam 5. The first two run on a simulated clock (waiting takes no time, work takes what it took);
with `--paced` live_scribe runs in real time, as WhisperLiveKit always does. Columns as in streaming.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import tempfile
import time
import wave
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel

from benchmarks.local_agreement import LocalAgreement
from benchmarks.references import plain, reference_of
from benchmarks.streaming import Score, add, at, errors
from live_scribe.asr.models import read_packaged
from live_scribe.audio.file import FileRecording
from live_scribe.commands.hearing import engine_of, hear_file, silent_session
from live_scribe.commands.lines import Lines
from live_scribe.hub import Message
from live_scribe.ports import Samples

Line = dict[str, Any]
PEER = Path(__file__).with_name("peer_whisperlivekit.py")


def sound_of(recording: FileRecording) -> Samples:
    """Return a recording's sound, channels mixed."""
    return asyncio.run(recording.read(0, round(recording.duration * 16_000)))


def ours(path: Path, recording: FileRecording, model: str, speed: float) -> list[Line]:
    """Hear a recording the live way."""
    engine, made, lines = engine_of(model), Lines(), list[Line]()

    def observe(clock: float, message: Message) -> None:
        lines.extend(made.of(clock, message))

    begin = time.process_time()
    _, clock = asyncio.run(
        hear_file(path.name, recording, speed, lambda c: silent_session(engine, c, second_look=False), observe)
    )
    cpu = time.process_time() - begin
    return [*lines, {"type": "end", "clock": clock, "audio": recording.duration, "cpu": cpu}]


def whisperlivekit(python: Path, sound: Samples, model: Path) -> list[Line]:
    """Stream a recording through the peer, in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        with wave.open(str(path), "wb") as written:
            written.setnchannels(1)
            written.setsampwidth(2)
            written.setframerate(16_000)
            written.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
        done = subprocess.run([python, PEER, path, model], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"WhisperLiveKit failed: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def whole(loaded: Any, sound: Samples) -> str:
    """Return what the model hears in the whole file at beam 5."""
    segments, _ = loaded.transcribe(sound, language="en", beam_size=5)
    return " ".join(segment.text for segment in segments)


def scored(paths: Iterable[Path], stream: Callable[[Path], list[Line]]) -> Score:
    """Score a system over all recordings."""
    score = Score()
    for path in paths:
        lines = stream(path)
        add(score, reference_of(path), [line for line in lines if line["type"] in ("tail", "words")])
        (end,) = (line for line in lines if line["type"] == "end")
        score.cpu, score.audio = score.cpu + end["cpu"], score.audio + end["audio"]
    return score


def row(name: str, score: Score) -> str:
    """Return a row of the table in README.md."""
    return (
        f"| {name} | {100 * score.errors / score.words:.1f} % | {at(score.seen, 0.5)} / {at(score.seen, 0.95)} s "
        f"| {at(score.stood, 0.5)} / {at(score.stood, 0.95)} s | {100 * score.taken_back / score.words:.1f} "
        f"| {score.cpu / score.audio:.2f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("audio", nargs="+", type=Path)
    parser.add_argument("--model", default="base")
    parser.add_argument("--whisperlivekit", type=Path, metavar="PYTHON")
    parser.add_argument("--paced", action="store_true")
    args = parser.parse_args()
    sounds = {path: sound_of(FileRecording.decode(path)) for path in args.audio}
    files = read_packaged(args.model)
    loaded = WhisperModel(args.model, files=dict(files), compute_type="int8", cpu_threads=1)

    def our(path: Path) -> list[Line]:
        return ours(path, FileRecording.decode(path), args.model, 1.0 if args.paced else 0.0)

    say(row(f"live_scribe, {args.model}", scored(args.audio, our)))
    say(row("LocalAgreement-2, padded", scored(args.audio, lambda path: LocalAgreement(loaded).stream(sounds[path]))))
    if args.whisperlivekit is not None:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            peer = scored(args.audio, lambda path: whisperlivekit(args.whisperlivekit, sounds[path], Path(folder)))
            say(row("WhisperLiveKit", peer))
    missed = sum(errors([w for w, _ in reference_of(p)], plain(whole(loaded, sounds[p]))) for p in args.audio)
    words = sum(len(reference_of(path)) for path in args.audio)
    say(f"| the same model, whole file, beam 5 | {100 * missed / words:.1f} % | | | | |")


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
