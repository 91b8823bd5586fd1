"""The d-vector of a voice: Resemblyzer's encoder (three LSTM layers) in plain numpy, weights included.

Generalized end-to-end loss for speaker verification (Wan et al. 2018, arXiv:1710.10467), as trained by Resemble AI;
licence and origin of the weights stand in NOTICE, `training/convert_voices.py` made the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from live_scribe.asr.shipped import voice_weights
from live_scribe.core.audio import SAMPLE_RATE_HZ
from live_scribe.errors import ModelError
from live_scribe.ports import Samples

Floats = NDArray[np.float32]

# The encoder was trained on these (resemblyzer/hparams.py); other values make its vectors meaningless.
WINDOW_SAMPLES = 400
HOP_SAMPLES = 160
MEL_BANDS = 40
LAYERS = 3
LEVEL = 10 ** (-30 / 20)
"""Root mean square to which sound is brought: the encoder hears raw power, so a quiet voice would be another voice."""

FAINTEST_LEVEL = 1e-5
"""Below this root mean square a window is digital silence, and is not amplified."""

VECTOR_SIZE = 256


class VoiceEncoder:
    """A SpeakerModel. Holds 6 MB of weights and no state: one serves all visits and threads."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]] | None = None) -> None:
        """Load the weights that ship with the package, or take others of the same names and shapes.

        Raises ModelError where they are missing or damaged.
        """
        given = voice_weights() if weights is None else weights
        try:
            self._layers = [tuple(_gates(given, f"{part}_{i}") for part in _LAYER_PARTS) for i in range(LAYERS)]
            self._linear, self._linear_bias = _weight(given, "linear"), _weight(given, "linear_bias")
        except KeyError as exc:
            raise ModelError("the voice weights are incomplete: install live_scribe again") from exc

    def embed(self, samples: Samples) -> Floats:
        """Return the unit vector, shape (256,), of the voice in `samples`, shape (n,), best about one second."""
        vector: Floats = self.embed_windows(samples[np.newaxis])[0]
        return vector

    def embed_windows(self, windows: Samples) -> Floats:
        """Return a unit vector for each row of `windows`, shape (k, n): shape (k, 256). Many at once cost less each."""
        steps = mel_power(_levelled(windows)).transpose(1, 0, 2)
        for into, recurrent, bias in self._layers:
            steps = _lstm(steps, into, recurrent, bias)
        raw = np.maximum(steps[-1] @ self._linear + self._linear_bias, 0.0)
        length = np.linalg.norm(raw, axis=1, keepdims=True)
        return np.asarray(raw / np.maximum(length, np.finfo(np.float32).tiny), dtype=np.float32)


_LAYER_PARTS = ("input", "recurrent", "bias")


_GATE_ORDER = np.r_[0 : 2 * VECTOR_SIZE, 3 * VECTOR_SIZE : 4 * VECTOR_SIZE, 2 * VECTOR_SIZE : 3 * VECTOR_SIZE]
"""torch lays the gates as input, forget, candidate, output; here the three logistic ones come first."""

_GATE_SCALE = np.repeat(np.asarray([0.5, 1.0], np.float32), [3 * VECTOR_SIZE, VECTOR_SIZE])
"""The logistic function is half a tanh of the half: one tanh does for all four gates, and no large value overflows."""


def _weight(weights: Mapping[str, NDArray[np.generic]], name: str) -> Floats:
    """Return a weight in 32 bits, matrices laid so that rows of inputs can be multiplied by them."""
    return np.ascontiguousarray(weights[name].T, dtype=np.float32)


def _gates(weights: Mapping[str, NDArray[np.generic]], name: str) -> Floats:
    """Return a layer's weight with its gates in the order, and of the size, in which `_lstm` takes them."""
    return np.ascontiguousarray(_weight(weights, name)[..., _GATE_ORDER] * _GATE_SCALE)


def _levelled(windows: Samples) -> Floats:
    rms = np.sqrt(np.mean(np.square(windows), axis=1, keepdims=True))
    gain = np.where(rms > FAINTEST_LEVEL, LEVEL / np.maximum(rms, FAINTEST_LEVEL), 1.0)
    return np.asarray(windows * gain, np.float32)


def mel_power(windows: Samples) -> Floats:
    """Return the mel power of each 10 ms of each window: (k, n) to (k, 1 + n // 160, 40), as librosa 0.10 has it."""
    padded = np.pad(windows, ((0, 0), (WINDOW_SAMPLES // 2, WINDOW_SAMPLES // 2)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW_SAMPLES, axis=1)[:, ::HOP_SAMPLES]
    spectrum = np.fft.rfft(frames * _hann(), axis=2)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    return np.asarray(power @ _mel_filters().T, dtype=np.float32)


@cache
def _hann() -> Floats:
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW_SAMPLES) / WINDOW_SAMPLES), np.float32)


@cache
def _mel_filters() -> Floats:
    """Return Slaney's triangular filters of equal area, shape (40, 201) (Auditory Toolbox, 1998)."""
    hz = np.linspace(0, SAMPLE_RATE_HZ / 2, WINDOW_SAMPLES // 2 + 1)
    corners = _mel_to_hz(np.linspace(0.0, _hz_to_mel(SAMPLE_RATE_HZ / 2), MEL_BANDS + 2))
    rise = (hz - corners[:-2, np.newaxis]) / np.diff(corners)[:-1, np.newaxis]
    fall = (corners[2:, np.newaxis] - hz) / np.diff(corners)[1:, np.newaxis]
    area = 2.0 / (corners[2:] - corners[:-2])
    return np.asarray(np.maximum(0.0, np.minimum(rise, fall)) * area[:, np.newaxis], np.float32)


# Slaney's mel scale: linear to 1 kHz (15 mel, 200/3 Hz each), then 27 mel to each factor of 6.4.
_LINEAR_HZ, _KNEE_MEL, _KNEE_HZ = 200 / 3, 15.0, 1000.0
_LOG_STEP = np.log(6.4) / 27


def _hz_to_mel(hz: float) -> float:
    return hz / _LINEAR_HZ if hz < _KNEE_HZ else float(_KNEE_MEL + np.log(hz / _KNEE_HZ) / _LOG_STEP)


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mel < _KNEE_MEL, mel * _LINEAR_HZ, _KNEE_HZ * np.exp(_LOG_STEP * (mel - _KNEE_MEL)))


def _lstm(steps: Floats, into: Floats, recurrent: Floats, bias: Floats) -> Floats:
    """Run one layer over `steps`, shape (time, k, inputs); return its outputs, shape (time, k, 256).

    All in place: at a few windows, making arrays costs as much as multiplying them.
    """
    count, size = steps.shape[1], VECTOR_SIZE
    driven = steps.reshape(-1, steps.shape[2]) @ into
    driven += bias
    driven = driven.reshape(len(steps), count, -1)
    outputs = np.empty((len(steps), count, size), np.float32)
    hidden, cell, fresh = (np.zeros((count, size), np.float32) for _ in range(3))
    gates = np.empty((count, 4 * size), np.float32)
    for t, drive in enumerate(driven):
        np.matmul(hidden, recurrent, out=gates)
        gates += drive
        np.tanh(gates, out=gates)
        logistic = gates[:, : 3 * size]
        logistic *= 0.5
        logistic += 0.5
        cell *= gates[:, size : 2 * size]
        np.multiply(gates[:, :size], gates[:, 3 * size :], out=fresh)
        cell += fresh
        np.tanh(cell, out=fresh)
        hidden = outputs[t]
        np.multiply(fresh, gates[:, 2 * size : 3 * size], out=hidden)
    return outputs
