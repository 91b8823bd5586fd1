"""The real voice encoder: its weights, its mel spectrum, and two people of a sample told apart."""

from __future__ import annotations

import json

import av
import numpy as np
import pytest

from live_scribe.asr.diarize import Diarizer
from live_scribe.asr.shipped import voice_weights
from live_scribe.asr.voice import SileroDetector
from live_scribe.asr.voices import VoiceEncoder, mel_power
from live_scribe.core.audio import SAMPLE_RATE_HZ
from live_scribe.errors import ModelError
from live_scribe.ports import Samples
from live_scribe.resources import folder

pytestmark = pytest.mark.slow

HEARD_S = 60.0


@pytest.fixture(scope="module")
def encoder() -> VoiceEncoder:
    return VoiceEncoder()


def sample(name: str, heard_s: float = HEARD_S) -> tuple[Samples, list[tuple[str, float, float]]]:
    """Return the beginning of a sample and its turns (role, start, end)."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
    with av.open(str(folder("samples") / f"{name}.opus")) as file:
        parts = [out.to_ndarray()[0] for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    sound = np.concatenate(parts)[: int(heard_s * SAMPLE_RATE_HZ)].astype(np.float32) / np.float32(32768)
    turns = json.loads((folder("samples") / f"{name}.turns.json").read_text(encoding="utf-8"))
    return sound, [(t["role"], t["start"], t["end"]) for t in turns if t["end"] < heard_s]


def test_vectors_are_units_alone_and_together(encoder: VoiceEncoder) -> None:
    windows = np.random.default_rng(1).normal(0, 0.05, (3, SAMPLE_RATE_HZ)).astype(np.float32)
    together = encoder.embed_windows(windows)
    assert together.shape == (3, 256)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert encoder.embed(windows[1]) == pytest.approx(together[1], abs=1e-4)


def test_a_quiet_voice_is_the_same_voice(encoder: VoiceEncoder) -> None:
    sound, _ = sample("knee-injury")
    loud = sound[2 * SAMPLE_RATE_HZ : 3 * SAMPLE_RATE_HZ]
    assert float(encoder.embed(loud) @ encoder.embed(loud * 0.1)) > 0.999


def test_silence_is_no_error(encoder: VoiceEncoder) -> None:
    assert np.isfinite(encoder.embed(np.zeros(SAMPLE_RATE_HZ, np.float32))).all()


def test_a_tone_has_its_power_in_its_mel_band() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ).astype(np.float32)
    mel = mel_power(tone[np.newaxis])
    assert mel.shape == (1, 101, 40)
    # 40 bands up to 45.2 mel (Slaney): 1 kHz is 15 mel, in the middle of band 15 / 45.2 * 41 - 1.
    assert int(mel[0, 50].argmax()) in (12, 13)


def test_weights_that_lack_a_part_are_named_as_such() -> None:
    with pytest.raises(ModelError, match="install"):
        VoiceEncoder({name: value for name, value in voice_weights().items() if name != "linear"})


def test_doctor_and_patient_of_a_sample_are_told_apart(encoder: VoiceEncoder) -> None:
    sound, turns = sample("knee-injury")
    diarizer = Diarizer(encoder)
    for begin in range(0, len(sound), SAMPLE_RATE_HZ):
        step = sound[begin : begin + SAMPLE_RATE_HZ]
        diarizer.observe(step, begin / SAMPLE_RATE_HZ, _loud(step))
    diarizer.finish()
    long = [(role, diarizer.label(start, end)) for role, start, end in turns if end - start > 1.0]
    right = sum((role == "doctor") == (voice == "S1") for role, voice in long)
    assert right >= 0.9 * len(long)
    assert diarizer.voices == ("S1", "S2")


def test_a_child_that_says_little_is_a_third_voice(encoder: VoiceEncoder) -> None:
    sound, turns = sample("child-cough", 125.0)
    diarizer, detector = Diarizer(encoder), SileroDetector()
    for begin in range(0, len(sound), SAMPLE_RATE_HZ):
        step = sound[begin : begin + SAMPLE_RATE_HZ]
        diarizer.observe(step, begin / SAMPLE_RATE_HZ, detector.observe(step))
    diarizer.finish()
    voices = {
        role: {diarizer.label(a, b) for who, a, b in turns if who == role and b - a > 0.5} for role, _, _ in turns
    }
    assert voices == {"doctor": {"S1"}, "companion": {"S2"}, "patient": {"S3"}}


def _loud(sound: Samples) -> list[float]:
    """Return a probability for each 32 ms by loudness alone: the sample is quiet between turns."""
    frames = sound[: len(sound) // 512 * 512].reshape(-1, 512)
    return [float(np.sqrt(np.mean(np.square(frame))) > 0.01) for frame in frames]
