"""A speech model that knows what is said: for tests of everything around it, and for a look without a model."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from live_scribe.core.audio import SAMPLE_RATE_HZ, seconds
from live_scribe.core.hearing import HeardWord, Hypothesis, LookRequest
from live_scribe.core.words import match_key
from live_scribe.ports import Samples, SpeechEngine

ScriptLine = tuple[str, float, float]
"""A word, and the seconds at which it begins and ends."""

FRAME = 512
LOUD = 0.001
"""Root of the mean square above which the scripted detector takes sound for a voice: anything but digital silence."""


class ScriptedEngine(SpeechEngine):
    """ports.SpeechEngine that hears those words of its script that lie in the sound it is given.

    A word that is only half in it is heard as its first half, as a real model would. With `restless`, case and
    punctuation come and go from look to look. `spoken`: the language that it takes the sound for; `asked` holds those
    that it was asked to hear.
    """

    def __init__(
        self,
        script: Sequence[ScriptLine],
        *,
        restless: bool = False,
        languages: tuple[str, ...] = ("en",),
        spoken: str = "en",
    ) -> None:
        self.name = "scripted"
        self.parallel = 1
        self.batch = 1
        self.languages = languages
        self.asked: list[str] = []
        self._spoken = spoken
        self.looks = 0
        self._script = sorted(script, key=_begin)
        self._restless = restless

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        """Return the script's words between the request's start and the end of `samples`."""
        start = request.start
        end = start + seconds(len(samples))
        self.looks += 1
        self.asked.append(request.language)
        first, last = (bisect_left(self._script, at, key=_begin) for at in (start - 0.01, end))
        words = [self._heard(line, end) for line in self._script[first:last]]
        return Hypothesis(start=start, end=end, words=tuple(w for w in words if w is not None))

    def weigh(self, samples: Samples, request: LookRequest, texts: Sequence[str]) -> tuple[float, ...]:
        """Return for each text that its words are likely where they are the script's, and unlikely where not."""
        said = {match_key(text) for text, _, _ in self._script}
        return tuple(sum(-0.1 if match_key(w) in said else -1.0 for w in text.split()) for text in texts)

    def detect_language(self, samples: Samples) -> tuple[str, float]:
        """Return the language that the script is said to be in."""
        return self._spoken, 0.97

    def _heard(self, line: ScriptLine, edge: float) -> HeardWord | None:
        text, begin, end = line
        if end > edge:
            text, end = text[: len(text) // 2], edge
        if not text:
            return None
        if self._restless and self.looks % 2:
            text = text.upper() + ","
        return HeardWord(text=text, start=begin, end=end, probability=0.9)


def _begin(line: ScriptLine) -> float:
    return line[1]


class LoudnessDetector:
    """ports.SpeechDetector that takes all but silence for speech."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.float32)

    def observe(self, samples: Samples) -> Sequence[float]:
        """Return 1 or 0 for each further 512 samples."""
        sound = np.concatenate([self._rest, samples])
        count = len(sound) // FRAME
        self._rest = sound[count * FRAME :]
        frames = sound[: count * FRAME].reshape(count, FRAME)
        return [float(level > LOUD) for level in np.sqrt(np.mean(frames**2, axis=1))] if count else []


def spoken(script: Sequence[ScriptLine], length_s: float) -> Samples:
    """Return sound of `length_s` seconds, shape (n,), with a hum wherever the script has a word."""
    sound = np.zeros(int(length_s * SAMPLE_RATE_HZ), np.float32)
    for _, start, end in script:
        sound[int(start * SAMPLE_RATE_HZ) : int(end * SAMPLE_RATE_HZ)] = 0.1
    return sound


def script_of(text: str, *, start: float = 0.5, word_s: float = 0.3, pause_s: float = 1.0) -> list[ScriptLine]:
    """Return a script that says `text` word by word, with a pause at each line's end."""
    script: list[ScriptLine] = []
    for line in text.splitlines():
        for word in line.split():
            script.append((word, start, start + word_s))
            start += word_s
        start += pause_s
    return script
