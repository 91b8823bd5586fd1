"""The real model's second look at a piece of a sample: nothing gets worse, and what changes can be told apart."""

from __future__ import annotations

import json
from difflib import SequenceMatcher

import pytest

from live_scribe import samples
from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.models import load_engine
from live_scribe.audio.file import FileRecording
from live_scribe.audio.memory import MemoryRecording
from live_scribe.audio.pcm import from_samples
from live_scribe.commands.hearing import silent_session
from live_scribe.core import events as e
from live_scribe.core.audio import AudioFrame
from live_scribe.core.critical import critical_terms
from live_scribe.core.log import Entry
from live_scribe.core.visit import Visit
from live_scribe.core.words import match_key
from live_scribe.drafting.known_words import named
from live_scribe.drafting.vocabulary import vocabulary
from live_scribe.hub import Message
from live_scribe.templates import load

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
RATE = 16_000
LENGTH_S = 75
SLACK = 0.01
"""Two wrong words for two wrong ones may be three: one in a hundred of these two hundred."""


async def test_a_second_look_at_a_sample_changes_nothing_critical_and_makes_nothing_worse() -> None:
    sample = samples.named("knee-injury")
    sound = await (await FileRecording.load(sample.audio)).read(0, LENGTH_S * RATE)
    recording = MemoryRecording()
    recording.append(AudioFrame(offset=0, pcm=from_samples(sound)))
    recording.end()
    words = json.loads(sample.audio.with_suffix(".words.json").read_text(encoding="utf-8"))
    expected = [match_key(word) for word, _, end in words if end < LENGTH_S]
    session = await silent_session(load_engine("tiny.en", threads=2), SimulatedClock())
    changed: list[e.WordsCorrected] = []

    def observe(message: Message) -> None:
        if isinstance(message, Entry) and isinstance(message.fact, e.WordsCorrected):
            changed.append(message.fact)

    await session.listen(recording)
    before = session.visit
    session.hub.observe(observe)
    await session.look_again(recording)
    after = session.visit
    assert after.looked_to > LENGTH_S - 10
    assert all(fact.reason == "second-look" for fact in changed)
    names = named(vocabulary(load("soap")))
    for id_, said in after.utterances.items():
        now, then = ([w.text for w in u.words] for u in (said, before.utterances[id_]))
        assert critical_terms(now, names) == critical_terms(then, names)
    assert _like(expected, after) >= _like(expected, before) - SLACK


def _like(expected: list[str], visit: Visit) -> float:
    heard = [match_key(w.text) for u in visit.utterances.values() for w in u.words]
    return SequenceMatcher(None, expected, heard, autojunk=False).ratio()
