"""How soon the service is ready, and how much memory it takes: at rest, and after a long visit.

    python benchmarks/serving.py [--minutes 30] [--model tiny.en]

Starts `live-scribe serve` on an empty data folder (three times for the start, the median is printed), then plays the
packaged samples, one after the other, into one visit until so many minutes of sound were heard. Reads /proc, so: Linux.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from live_scribe import samples
from live_scribe.audio.decode import Decoder

PASSWORD = "benchmark pass"


@contextmanager
def serving(data: Path, model: str) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """Run the service; give the process, its address, and the seconds until it was ready."""
    begin = time.monotonic()
    command = [sys.executable, "-m", "live_scribe", "serve", "--port", "0", "--data", str(data), "--model", model]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "ready: open" in line)
        yield process, line.split("open ")[1].split()[0], time.monotonic() - begin
    finally:
        process.terminate()
        process.wait(20)


def memory_mb(process: subprocess.Popen[str]) -> float:
    """Return the resident memory of a process."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def call(address: str, path: str, token: str = "", body: bytes | None = None, kind: str = "application/json") -> Any:
    """Make an API call."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    request = urllib.request.Request(f"{address}/api/v1{path}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def recording(path: Path, minutes: float) -> None:
    """Write a WAV of so many minutes of the samples, over and over."""
    pieces = []
    for sample in samples.listed().values():
        with Decoder(sample.audio) as decoder:
            pieces.append(b"".join(decoder.pieces()))
    once = b"".join(pieces)
    need = int(minutes * 60 * 32_000)
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes((once * (need // len(once) + 1))[:need])


def upload(address: str, token: str, audio: bytes) -> str:
    """Import a recording and return the visit's id."""
    edge = "live-scribe-benchmark"
    fields = json.dumps({"consent": {"given": True}})
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="visit"\r\n\r\n{fields}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    ).encode() + audio + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
    made = call(address, "/visits/import", token, body, f"multipart/form-data; boundary={edge}")
    return str(made["id"])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--model", default="tiny.en")
    args = parser.parse_args()
    starts = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder), args.model) as (process, _, ready):
            starts.append(ready)
            rest = memory_mb(process)
    print(f"{args.model}: ready after {statistics.median(starts):.1f} s (median of 3); {rest:.0f} MB at rest")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        data, audio = Path(folder) / "data", Path(folder) / "long.wav"
        recording(audio, args.minutes)
        command = [
            sys.executable,
            "-m",
            "live_scribe",
            "users",
            "add",
            "bench",
            "--role",
            "scribe",
            "--data",
            str(data),
        ]
        subprocess.run(command, input=PASSWORD, text=True, check=True, stderr=subprocess.DEVNULL)
        with serving(data, args.model) as (process, address, _):
            sign_in = json.dumps({"username": "bench", "password": PASSWORD}).encode()
            token = call(address, "/session", body=sign_in)["token"]
            visit, begin, heard = upload(address, token, audio.read_bytes()), time.monotonic(), 0.0
            while heard < args.minutes * 60 - 5:
                time.sleep(5)
                heard = call(address, f"/visits/{visit}", token)["visit"]["clock"]
            took = time.monotonic() - begin
            print(  # noqa: T201
                f"{args.model}: {args.minutes:.0f} minutes of sound heard and drafted in {took / 60:.1f} minutes; "
                f"{memory_mb(process):.0f} MB then"
            )


if __name__ == "__main__":
    main()
