"""Where there is a voice: Silero VAD v6 (MIT), which faster-whisper carries, run as a stream."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from live_scribe.ports import Samples

FRAME = 512
"""Samples of one decision, 32 ms at 16 kHz."""

CONTEXT = 64
"""Samples of the frame before that the model hears with each frame."""

STILL_FRAMES = 100
"""After three seconds of zeros the model has nothing left to remember: further ones cost it no thought (a hole of an
hour, where a laptop slept, would else be a minute's work of two models before anybody is heard again)."""

_STATE_SHAPE = (1, 1, 128)


class SileroDetector:
    """ports.SpeechDetector for one visit: it remembers what it heard."""

    def __init__(self) -> None:
        self._state: NDArray[np.float32] = np.zeros(_STATE_SHAPE, np.float32)
        self._cell: NDArray[np.float32] = np.zeros(_STATE_SHAPE, np.float32)
        self._rest: Samples = np.zeros(0, np.float32)
        self._context: Samples = np.zeros(CONTEXT, np.float32)
        self._still = 0

    def observe(self, samples: Samples) -> Sequence[float]:
        """Return the probability of speech in each further whole frame; what is over waits for the next call."""
        sound = np.concatenate([self._rest, samples])
        count = len(sound) // FRAME
        self._rest = sound[count * FRAME :]
        if not count:
            return []
        frames = sound[: count * FRAME].reshape(count, FRAME)
        self._still = 0 if frames.any() else self._still + count
        if self._still > STILL_FRAMES + count:
            return [0.0] * count
        before = np.vstack([self._context[None, :], frames[:-1, -CONTEXT:]])
        self._context = frames[-1, -CONTEXT:].copy()
        inputs = {"input": np.hstack([before, frames]), "h": self._state, "c": self._cell}
        found, self._state, self._cell = _session().run(None, inputs)
        return [float(p) for p in found.reshape(-1)]


@cache
def _session() -> Any:
    from faster_whisper.vad import get_vad_model

    return get_vad_model().session
