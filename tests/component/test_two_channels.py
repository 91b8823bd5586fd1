"""One microphone for each person: who spoke is whose microphone was louder."""

from __future__ import annotations

import numpy as np

from live_scribe import scribing
from live_scribe.asr.channels import ChannelDiarizer
from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.scripted import LoudnessDetector, ScriptedEngine, script_of, spoken
from live_scribe.asr.shipped import handover_weights, role_weights
from live_scribe.audio.file import FileRecording
from live_scribe.audio.pcm import from_samples
from live_scribe.core.roles import RoleTracker
from live_scribe.core.words import Role
from live_scribe.listening import Ears
from live_scribe.storage.memory import MemoryStore

TALK = """Do you have any pain when you walk or any numbness in the foot today?
No.
Let me examine the knee and check your reflexes.
My knee hurts and I can't sleep."""


async def test_short_answers_go_to_the_microphone_that_heard_them() -> None:
    script = script_of(TALK, pause_s=0.9)
    length = script[-1][2] + 1.5
    lines = TALK.splitlines()
    doctor = [w for w in script if w in script_of_lines(script, lines, (0, 2))]
    patient = [w for w in script if w not in doctor]
    left, right = spoken(doctor, length), spoken(patient, length)
    noise = np.random.default_rng(0).normal(0, 0.0005, (2, len(left))).astype(np.float32)
    both = np.stack([left + 0.15 * right, right + 0.15 * left]) + noise
    recording = FileRecording(from_samples(both.T.reshape(-1)), 2)
    clock = SimulatedClock()
    ears = Ears(
        engine=ScriptedEngine(script),
        clock=clock,
        detector=LoudnessDetector(),
        roles=RoleTracker(role_weights()),
        voices=ChannelDiarizer(),
        voice_detector=LoudnessDetector(),
        by_channel=True,
        handover=handover_weights(),
    )
    session = await scribing.open_local(
        MemoryStore(), lambda _: scribing.Silent(), template="", sections=(), patient={}, at="", ears=lambda: ears
    )
    visit = await scribing.hear_recording(session, recording)
    said = [(u.speaker, u.text) for u in visit.utterances.values()]
    assert said == list(zip(["S1", "S2", "S1", "S2"], lines, strict=True))
    assert visit.speakers["S1"].role is Role.DOCTOR and visit.speakers["S2"].role is Role.PATIENT


def script_of_lines(script: list[tuple[str, float, float]], lines: list[str], which: tuple[int, ...]) -> list[object]:
    """Return the script's words of some lines."""
    chosen: list[object] = []
    begin = 0
    for number, line in enumerate(lines):
        count = len(line.split())
        chosen += script[begin : begin + count] if number in which else []
        begin += count
    return chosen
