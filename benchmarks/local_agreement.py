"""A plain peer: LocalAgreement-2 over whisper's padded 30 s, as the paper has it, on the simulated clock.

Macháček, Dabre, Bojar, "Turning Whisper into Real-Time Transcription System" (2023): each second the whole buffer is
heard anew with faster-whisper (beam 5), the longest beginning on which two looks agree as text stands, and a buffer
over 15 s is cut at the last segment that stands.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from live_scribe.ports import Samples

STEP_S, BUFFER_S, RATE_HZ = 1.0, 15.0, 16_000
PROMPT_CHARACTERS = 200
OVERLAP_S = 0.1
LONGEST_REPEAT = 5

Heard = tuple[str, float, float]
Line = dict[str, Any]


@dataclass
class LocalAgreement:
    """One recording, heard as the paper says. `model` is a faster-whisper model."""

    model: Any
    committed: list[Heard] = field(default_factory=list)
    previous: list[Heard] = field(default_factory=list)
    begin: float = 0.0

    def stream(self, sound: Samples) -> list[Line]:
        """Return the stream's lines, with the end line last."""
        length = len(sound) / RATE_HZ
        clock, heard_to, lines, cpu = 0.0, 0.0, list[Line](), time.process_time()
        while heard_to < length:
            clock = max(clock, min(heard_to + STEP_S, length))
            heard_to = min(clock, length)  # all that has arrived by then
            started = time.perf_counter()
            fresh, segments = self._hear(sound, heard_to)
            clock += time.perf_counter() - started
            stands = self._agreed(fresh) if heard_to < length else fresh
            lines += self._lines(clock, stands, fresh[len(stands) :])
            self._trim(segments, heard_to)
        return [*lines, {"type": "end", "clock": clock, "audio": length, "cpu": time.process_time() - cpu}]

    def _hear(self, sound: Samples, end: float) -> tuple[list[Heard], list[float]]:
        before = "".join(text for text, _, stop in self.committed if stop <= self.begin)
        found = list(
            self.model.transcribe(
                sound[int(self.begin * RATE_HZ) : int(end * RATE_HZ)],
                language="en",
                beam_size=5,
                word_timestamps=True,
                condition_on_previous_text=True,
                initial_prompt=before[-PROMPT_CHARACTERS:] or None,
            )[0]
        )
        words = [(w.word, self.begin + w.start, self.begin + w.end) for segment in found for w in segment.words]
        last = self.committed[-1][2] if self.committed else 0.0
        fresh = [word for word in words if word[1] > last - OVERLAP_S]
        return self._without_repeat(fresh, last), [self.begin + segment.end for segment in found]

    def _without_repeat(self, fresh: list[Heard], last: float) -> list[Heard]:
        """Drop the longest beginning, up to five words, that repeats what stands, where it is near in time."""
        if not fresh or abs(fresh[0][1] - last) > 1.0:
            return fresh
        for size in range(min(LONGEST_REPEAT, len(fresh), len(self.committed)), 0, -1):
            if [w for w, *_ in fresh[:size]] == [w for w, *_ in self.committed[-size:]]:
                return fresh[size:]
        return fresh

    def _agreed(self, fresh: list[Heard]) -> list[Heard]:
        both = takewhile(lambda pair: pair[0][0] == pair[1][0], zip(fresh, self.previous, strict=False))
        return [now for now, _ in both]

    def _lines(self, clock: float, stands: list[Heard], rest: list[Heard]) -> list[Line]:
        self.committed, self.previous = self.committed + stands, rest
        lines: list[Line] = []
        if stands:
            lines.append({"type": "words", "clock": clock, "words": [{"text": text.strip()} for text, *_ in stands]})
        return [*lines, {"type": "tail", "clock": clock, "text": "".join(text for text, *_ in rest).strip()}]

    def _trim(self, segments: list[float], end: float) -> None:
        if end - self.begin <= BUFFER_S or not self.committed:
            return
        stands = [stop for stop in segments[:-1] if stop <= self.committed[-1][2]]
        if stands:
            self.begin = stands[-1]
