"""WhisperLiveKit's stream of one recording in real time, as lines of docs/protocol.md. Run it with the Python it is in.

    PYTHON benchmarks/peer_whisperlivekit.py SOUND.wav MODEL_FOLDER > stream.jsonl

SOUND: 16 kHz, mono, 16 bits. Its LocalAgreement policy on faster-whisper: its default policy (SimulStreaming) wants
weights in another format. Words of its lines stand; its buffer is the tail. Nothing of live_scribe is imported.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import wave
from importlib import import_module
from typing import Any

PIECE_S = 0.1


class Stream:
    """Turns what the front end is shown into lines."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._shown: list[str] = []
        self._tail = ""

    def clock(self) -> float:
        """Return seconds since the first sample."""
        return time.monotonic() - self._begin

    def show(self, front: Any) -> None:
        """Print what is new."""
        told = front.to_dict()
        words = " ".join(line["text"] or "" for line in told["lines"]).split()
        fresh = words[len(self._shown) :]
        if fresh:
            self._shown = words
            _say({"type": "words", "clock": self.clock(), "words": [{"text": word} for word in fresh]})
        tail = (told.get("buffer_transcription") or "").strip()
        if tail != self._tail or fresh:
            self._tail = tail
            _say({"type": "tail", "clock": self.clock(), "text": tail})


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


async def main(path: str, model: str) -> None:
    """Stream the recording at the pace of speech."""
    with wave.open(path) as sound:
        pcm = sound.readframes(sound.getnframes())
    engine = import_module("whisperlivekit").TranscriptionEngine(
        model_path=model,
        model_dir=model,
        backend="faster-whisper",
        backend_policy="localagreement",
        lan="en",
        pcm_input=True,
    )
    processor = import_module("whisperlivekit").AudioProcessor(transcription_engine=engine)
    results = await processor.create_tasks()
    begin, stream = time.process_time(), Stream()

    async def show() -> None:
        async for front in results:
            stream.show(front)

    async with asyncio.TaskGroup() as tasks:
        showing = tasks.create_task(show())
        size = int(PIECE_S * 32_000)
        for i in range(0, len(pcm), size):
            await asyncio.sleep(max(0.0, (i + size) / 32_000 - stream.clock()))
            await processor.process_audio(pcm[i : i + size])
        await processor.process_audio(b"")
        await showing
    cpu = time.process_time() - begin
    _say({"type": "end", "clock": stream.clock(), "audio": len(pcm) / 32_000, "cpu": cpu})
    await processor.cleanup()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
