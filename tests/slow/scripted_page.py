"""The real service with an engine that reads a sample's words: `python -m tests.slow.scripted_page DATA PORT`.

All but the speech model is real, so a browser can be driven against it without a model's seconds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from live_scribe import wiring
from live_scribe.commands.serving import listen_on, serve_until_stopped
from live_scribe.core.hearing import HeardWord, Hypothesis, LookRequest
from live_scribe.core.states import UserRole
from live_scribe.ports import Samples, SpeechEngine
from live_scribe.resources import folder
from live_scribe.storage.accounts import Accounts
from live_scribe.web.service import Parts

SAMPLE = "knee-injury"
PASSWORD = "a password for the test"
USERS = {"sam": UserRole.SCRIBE, "pat": UserRole.PROVIDER, "ada": UserRole.ADMIN}

SAMPLE_RATE_HZ = 16_000

MUMBLED = ("lisinopril", "ibuprofen", "penicillin")
"""Words that the engine is not sure of, so that values must be confirmed before a note is signed."""


class ReadingEngine(SpeechEngine):
    """Hears the words of one sample where they are, whatever the sound is."""

    name = "reading"
    parallel = 1
    batch = 1
    languages: tuple[str, ...] = ("en", "es")

    def detect_language(self, samples: Samples) -> tuple[str, float]:
        """Take all sound for English."""
        return "en", 0.99

    def __init__(self, sample: str) -> None:
        told = json.loads((folder("samples") / f"{sample}.words.json").read_text(encoding="utf-8"))
        self._words = [
            HeardWord(text=text, start=start, end=end, probability=0.3 if _key(text) in MUMBLED else 0.9)
            for text, start, end in told
        ]

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        """Return the sample's words that lie in this stretch."""
        start = request.start
        end = start + len(samples) / SAMPLE_RATE_HZ
        words = tuple(w for w in self._words if start <= w.start and w.end <= end)
        return Hypothesis(start=start, end=end, words=words)

    def weigh(self, samples: Samples, request: LookRequest, texts: Sequence[str]) -> tuple[float, ...]:
        """Return that the first of the texts was said."""
        return tuple(-10.0 * i for i in range(len(texts)))


def _key(text: str) -> str:
    return text.lower().strip(".,?!")


async def add_users(parts: Parts) -> None:
    """Make the test's accounts where the data folder is new."""
    accounts = parts.accounts
    assert isinstance(accounts, Accounts)
    if not await accounts.users():
        for name, role in USERS.items():
            await accounts.add(name, role, PASSWORD)


def main(data: str, port: str) -> None:
    """Serve until killed."""
    with listen_on("127.0.0.1", int(port)) as listening:
        service = wiring.build_service(Path(data), {}, ReadingEngine(SAMPLE))
        serve_until_stopped(service, listening, add_users)


if __name__ == "__main__":
    main(*sys.argv[1:])
