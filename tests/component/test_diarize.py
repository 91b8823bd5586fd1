"""Voices told apart as the visit goes on, with a model that tells tones from tones."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from live_scribe.asr import diarize
from live_scribe.asr.channels import ChannelDiarizer
from live_scribe.asr.clusters import find_voices, smooth
from live_scribe.asr.diarize import FRAME_SAMPLES, Diarizer
from live_scribe.core.audio import SAMPLE_RATE_HZ
from live_scribe.ports import Samples

DOCTOR_HZ, PATIENT_HZ, MOTHER_HZ = 300.0, 900.0, 2000.0
DIMENSIONS = 40


class ToneModel:
    """Embeds sound as how its power lies in 40 bands, with some noise, so that a voice is not a point."""

    def __init__(self) -> None:
        self._noise = np.random.default_rng(3)

    def embed(self, samples: Samples) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.embed_windows(samples[np.newaxis])[0]
        return vector

    def embed_windows(self, windows: Samples) -> NDArray[np.float32]:
        power = np.abs(np.fft.rfft(windows, axis=1))[:, : 100 * DIMENSIONS].reshape(len(windows), DIMENSIONS, -1)
        bands = np.sqrt(np.square(power).sum(axis=2))
        bands = bands / np.linalg.norm(bands, axis=1, keepdims=True) + self._noise.normal(0, 0.04, bands.shape) + 0.1
        return np.asarray(bands / np.linalg.norm(bands, axis=1, keepdims=True), np.float32)


Part = tuple[float | None, float]
"""A tone in Hz, or None for silence, and its seconds."""


def sound_of(parts: list[Part]) -> tuple[Samples, list[float]]:
    """Return the sound of `parts` and the detector's probabilities for it."""
    pieces = [np.zeros(round(length * SAMPLE_RATE_HZ)) if hz is None else _tone(hz, length) for hz, length in parts]
    sound = np.concatenate(pieces).astype(np.float32)
    frames = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    return sound, [float(np.abs(frame).max() > 0) for frame in frames]


def _tone(hz: float, length: float) -> NDArray[np.float64]:
    return 0.1 * np.sin(2 * np.pi * hz * np.arange(round(length * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ)


def hear(diarizer: Diarizer, parts: list[Part], step_s: float = 1.0) -> None:
    sound, voiced = sound_of(parts)
    step, told = round(step_s * SAMPLE_RATE_HZ), 0
    for begin in range(0, len(sound), step):
        frames = min(len(sound), begin + step) // FRAME_SAMPLES
        diarizer.observe(sound[begin : begin + step], begin / SAMPLE_RATE_HZ, voiced[told:frames])
        told = frames


DIALOGUE: list[Part] = [(DOCTOR_HZ, 4.0), (None, 0.5), (PATIENT_HZ, 4.0), (None, 0.5)] * 4


def test_two_voices_are_told_apart_and_the_first_heard_is_s1() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, DIALOGUE)
    diarizer.finish()
    assert [diarizer.label(t, t + 2) for t in (1.0, 5.5, 10.0, 14.5, 28.0, 32.5)] == ["S1", "S2"] * 3
    assert diarizer.voices == ("S1", "S2")


def test_steps_of_any_length_end_in_the_same_voices() -> None:
    for step_s in (0.25, 3.1, 100.0):
        diarizer = Diarizer(ToneModel())
        hear(diarizer, DIALOGUE, step_s)
        diarizer.finish()
        assert [diarizer.label(t, t + 2) for t in (1.0, 5.5, 10.0)] == ["S1", "S2", "S1"]


def test_a_monologue_is_one_voice() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, [(DOCTOR_HZ, 5.0), (None, 0.4)] * 6)
    assert diarizer.voices == ("S1",)


def test_a_third_voice_is_found() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, [(DOCTOR_HZ, 4.0), (None, 0.5), (PATIENT_HZ, 4.0), (None, 0.5), (MOTHER_HZ, 4.0), (None, 0.5)] * 3)
    assert diarizer.label(1.0, 3.0) == "S1"
    assert {diarizer.label(5.5, 7.5), diarizer.label(10.0, 12.0)} == {"S2", "S3"}


def test_a_short_answer_alone_between_pauses_has_its_own_voice() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, [*DIALOGUE, (DOCTOR_HZ, 2.0), (None, 0.6), (PATIENT_HZ, 0.4), (None, 0.6), (DOCTOR_HZ, 3.0)])
    assert diarizer.label(38.65, 38.95) == "S2"


def test_an_answer_is_known_as_soon_as_speech_has_stopped_behind_it() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, [*DIALOGUE, (DOCTOR_HZ, 2.0), (None, 0.6), (PATIENT_HZ, 0.4), (None, 0.45)], step_s=0.25)
    assert diarizer.label(38.65, 38.95) == "S2"


def test_a_third_voice_that_only_answers_is_found() -> None:
    parts: list[Part] = []
    for _ in range(4):
        parts += [(DOCTOR_HZ, 4.0), (None, 0.5), (PATIENT_HZ, 4.0), (None, 0.5), (MOTHER_HZ, 0.9), (None, 0.6)]
    diarizer = Diarizer(ToneModel())
    hear(diarizer, parts)
    diarizer.finish()
    assert [diarizer.label(t, t + 0.7) for t in (1.0, 5.5, 9.1, 19.6, 30.1)] == ["S1", "S2", "S3", "S3", "S3"]


def test_a_noise_or_two_is_no_third_voice() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, [*DIALOGUE, (MOTHER_HZ, 0.9), (None, 0.6), *DIALOGUE, (MOTHER_HZ, 0.9), (None, 0.6)])
    assert diarizer.voices == ("S1", "S2")


def test_a_word_in_the_midst_of_talk_is_left_to_whom_the_words_gave_it() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, [*DIALOGUE, (DOCTOR_HZ, 2.0), (PATIENT_HZ, 0.5), (DOCTOR_HZ, 2.0), (None, 0.6), (PATIENT_HZ, 2.0)])
    diarizer.finish()
    assert diarizer.relabel([("u1", 36.5, 37.5), ("u2", 38.0, 38.5)]) == {"u1": "S1"}


def test_what_is_said_is_told_again_only_when_it_changed() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, DIALOGUE)
    spans = [("u1", 0.5, 3.5), ("u2", 5.0, 8.0)]
    assert diarizer.relabel(spans) == {"u1": "S1", "u2": "S2"}
    assert diarizer.relabel(spans) == {}
    assert diarizer.relabel([("u1", 5.0, 8.0)]) == {"u1": "S2"}


def test_silence_and_no_sound_have_no_voice() -> None:
    diarizer = Diarizer(ToneModel())
    assert diarizer.label(0.0, 1.0) is None
    diarizer.finish()
    hear(diarizer, [(None, 5.0)])
    assert diarizer.label(0.0, 1.0) is None
    assert diarizer.voices == ()


def test_far_from_any_voice_there_is_none() -> None:
    diarizer = Diarizer(ToneModel())
    hear(diarizer, [(DOCTOR_HZ, 3.0), (None, 10.0)])
    assert diarizer.label(8.0, 8.5) is None


def test_sound_may_begin_late_and_have_holes() -> None:
    diarizer = Diarizer(ToneModel())
    sound, voiced = sound_of([(DOCTOR_HZ, 3.072)])
    diarizer.observe(sound, 100.0, voiced)
    diarizer.observe(sound, 110.0, [0.0] * round(6.928 / 0.032) + voiced)
    diarizer.finish()
    assert diarizer.label(101.0, 102.0) == diarizer.label(111.0, 112.0) == "S1"
    assert diarizer.label(105.0, 106.0) is None


def test_what_is_postponed_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clusterings: list[int] = []

    def counted(times: NDArray[np.float64], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        clusterings.append(len(times))
        return find_voices(times, vectors)

    monkeypatch.setattr(diarize, "find_voices", counted)
    diarizer = Diarizer(ToneModel())
    diarizer.postpone(True)
    parts: list[Part] = [(DOCTOR_HZ, 4.0), (None, 0.6), (PATIENT_HZ, 4.0), (None, 0.6)]
    hear(diarizer, parts * 2)
    assert len(clusterings) == 1
    diarizer.finish()
    assert len(clusterings) == 2  # and with nothing new it is not done again
    diarizer.finish()
    assert len(clusterings) == 2
    assert diarizer.label(0.5, 3.5) != diarizer.label(5.0, 8.0)


def test_an_hour_is_kept_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diarize, "MOST_WINDOWS", 100)
    diarizer = Diarizer(ToneModel())
    hear(diarizer, DIALOGUE)
    diarizer.finish()
    assert len(diarizer._vectors) <= 100
    assert [diarizer.label(t, t + 2) for t in (1.0, 5.5, 28.0, 32.5)] == ["S1", "S2"] * 2


def test_one_window_that_looks_otherwise_does_not_break_a_turn() -> None:
    scores = np.array([[3.0, 0.0], [3.0, 0.0], [0.0, 2.0], [3.0, 0.0]])
    assert smooth(scores, np.full(4, 4.0)).tolist() == [0, 0, 0, 0]
    assert smooth(scores, np.full(4, 0.5)).tolist() == [0, 0, 1, 0]


def test_with_two_microphones_the_louder_one_speaks() -> None:
    left, voiced = sound_of([(DOCTOR_HZ, 2.048), (None, 0.512), (None, 2.048)])
    right, other = sound_of([(None, 2.048), (None, 0.512), (PATIENT_HZ, 2.048)])
    diarizer = ChannelDiarizer()
    diarizer.observe(
        np.stack([left + 0.2 * right, right + 0.2 * left]), 0.0, [max(p) for p in zip(voiced, other, strict=True)]
    )
    assert [diarizer.label(*span) for span in ((0.5, 1.5), (3.0, 4.0), (2.2, 2.4))] == ["S1", "S2", None]
    assert diarizer.relabel([("u1", 3.0, 4.0)]) == {"u1": "S2"}
    assert diarizer.relabel([("u1", 3.0, 4.0)]) == {}


def test_one_channel_is_refused_where_two_are_needed() -> None:
    with pytest.raises(ValueError, match="two channels"):
        ChannelDiarizer().observe(np.zeros(512, np.float32), 0.0, [0.0])
