"""Who speaks when each has a microphone: the channel that is louder against its own background."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from live_scribe.asr.diarize import FRAME_SAMPLES, NAMES, VOICED
from live_scribe.core.audio import SAMPLE_RATE_HZ
from live_scribe.ports import Samples

SMOOTH_FRAMES = 9
"""About 0.3 s: shorter, and consonants jump between the microphones; longer, and "No." is drowned."""

FLOOR_SHARE = 0.1
"""A channel's background is its tenth quietest part: people leave that much silence in any ten seconds."""

FLOOR_FRAMES = 300
"""Background is taken over the last ten seconds, so that a fan that is switched on is soon forgotten."""

FAINTEST = 1e-10
"""Power of digital silence, so that its logarithm exists."""


class ChannelDiarizer:
    """The voices of one visit with two microphones: S1 is the first channel's, S2 the second's."""

    def __init__(self) -> None:
        self._origin: int | None = None
        self._rest: Samples = np.zeros((2, 0), np.float32)
        self._power: NDArray[np.float64] = np.zeros((2, 0))
        self._voiced: list[bool] = []
        self._told: dict[str, str] = {}

    def observe(self, samples: Samples, start: float, voiced: Sequence[float]) -> None:
        """Hear further sound of both channels, shape (2, n), and the detector's further probabilities (of their mix).

        Sound comes in order without holes. Raises ValueError where it has not two channels.
        """
        if samples.ndim != 2 or len(samples) != 2:
            raise ValueError(f"two channels are needed, shape (2, n), not {samples.shape}")
        if self._origin is None:
            self._origin = _frame_of(start) * FRAME_SAMPLES
        sound = np.concatenate([self._rest, samples], axis=1)
        frames = sound.shape[1] // FRAME_SAMPLES
        whole, self._rest = np.split(sound, [frames * FRAME_SAMPLES], axis=1)
        power = np.mean(np.square(whole.reshape(2, frames, FRAME_SAMPLES), dtype=np.float64), axis=2)
        self._power = np.concatenate([self._power, power], axis=1)
        self._voiced.extend(value >= VOICED for value in voiced)

    def finish(self) -> None:
        """No more sound will come; nothing waits."""

    def label(self, start: float, end: float) -> str | None:
        """Return whose channel is louder from `start` to `end` (seconds); None where there is no voice."""
        if self._origin is None:
            return None
        first = self._origin // FRAME_SAMPLES
        low = max(0, _frame_of(start) - first)
        high = min(_frame_of(end) - first + 1, self._power.shape[1], len(self._voiced))
        if high <= low or not any(self._voiced[low:high]):
            return None
        ratio = self._ratio(low, high)[np.asarray(self._voiced[low:high], bool)]
        return NAMES[0] if float(ratio.sum()) >= 0.0 else NAMES[1]

    def postpone(self, postponed: bool) -> None:
        """Nothing here costs enough to be postponed."""

    def relabel(self, spans: Sequence[tuple[str, float, float]]) -> dict[str, str]:
        """Return the voices of those of `spans` (id, start, end) that are not what this said of the id before."""
        changed = {key: voice for key, start, end in spans if (voice := self.label(start, end)) is not None}
        changed = {key: voice for key, voice in changed.items() if self._told.get(key) != voice}
        self._told.update(changed)
        return changed

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices there are: one for each microphone."""
        return NAMES[:2]

    def _ratio(self, low: int, high: int) -> NDArray[np.float64]:
        """Return the smoothed log ratio of the channels above their backgrounds, for frames `low` to `high`."""
        reach = SMOOTH_FRAMES // 2
        begin = max(0, low - reach)
        power = self._power[:, begin : high + reach]
        floor = np.quantile(self._power[:, max(0, high - FLOOR_FRAMES) : high], FLOOR_SHARE, axis=1)[:, np.newaxis]
        log = np.log(np.maximum(power - floor, 0.0) + FAINTEST)
        smooth = np.convolve(log[0] - log[1], np.full(SMOOTH_FRAMES, 1 / SMOOTH_FRAMES), mode="same")
        return smooth[low - begin : high - begin]


def _frame_of(time_s: float) -> int:
    return int(time_s * SAMPLE_RATE_HZ) // FRAME_SAMPLES
