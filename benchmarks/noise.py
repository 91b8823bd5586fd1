"""What is heard where nobody speaks: silence, hum, ward noise and music, made here, with names told and without.

    python -m benchmarks.noise [--minutes 10] [--model base]

Ward noise is the samples' speech played backwards, six times over itself, with beeps; music is chords. Printed for
each: words that stand after the live way with the packaged vocabulary; and, for looks of 8 s at the same sound that
no voice detector has seen, words and names of a model that is told 200 drugs, before and behind the guard of told
names (`guards.with_boosted`, everything in doubt, everything voiced).
"""

from __future__ import annotations

import argparse
import asyncio
import sys

import numpy as np

from benchmarks.drugs import hear
from live_scribe import samples
from live_scribe.asr.shipped import packaged_vocabulary
from live_scribe.audio.file import FileRecording
from live_scribe.audio.pcm import from_samples
from live_scribe.commands.hearing import engine_of
from live_scribe.core.guards import with_boosted
from live_scribe.core.hearing import LookRequest
from live_scribe.core.vocabulary import TermKind
from live_scribe.core.words import match_key
from live_scribe.ports import Samples, SpeechEngine

RATE = 16_000
LOOK_S = 8.0
NAMES = 200


def hum(seconds: float, rng: np.random.Generator) -> Samples:
    """Return the mains and a fan."""
    times = np.arange(int(seconds * RATE)) / RATE
    tones = sum(0.02 / k * np.sin(2 * np.pi * 60 * k * times) for k in (1, 2, 3, 5))
    return np.asarray(tones + 0.004 * rng.standard_normal(len(times)), np.float32)


def ward(seconds: float, rng: np.random.Generator, speech: Samples) -> Samples:
    """Return many voices at once that say nothing, and a monitor."""
    length = int(seconds * RATE)
    backwards = speech[::-1]
    babble = sum(np.roll(np.resize(backwards, length), int(rng.integers(len(backwards)))) for _ in range(6))
    times = np.arange(length) / RATE
    beeps = 0.05 * np.sin(2 * np.pi * 960 * times) * ((times % 1.1) < 0.12)
    return np.asarray(0.25 * babble + beeps, np.float32)


def music(seconds: float, rng: np.random.Generator) -> Samples:
    """Return a chord every half a second, each tone with its overtones."""
    times = np.arange(RATE // 2) / RATE
    fade = np.exp(-3 * times)
    chords = []
    for _ in range(int(seconds * 2)):
        root = 220 * 2 ** (int(rng.integers(12)) / 12)
        tones = [root * 2 ** (step / 12) for step in (0, 4, 7)]
        chords.append(sum(0.06 / k * fade * np.sin(2 * np.pi * t * k * times) for t in tones for k in (1, 2, 3)))
    return np.asarray(np.concatenate(chords), np.float32)


def told(sound: Samples, engine: SpeechEngine, names: list[str], rng: np.random.Generator) -> tuple[int, int, int]:
    """Return words, names among them, and names behind the guard, of looks that are told names."""
    keys = {match_key(name) for name in names}
    words = said = kept = 0
    for begin in range(0, len(sound) - int(LOOK_S * RATE) + 1, int(LOOK_S * RATE)):
        piece = sound[begin : begin + int(LOOK_S * RATE)]
        terms = tuple(names[i] for i in rng.permutation(len(names)))
        plain = engine.transcribe(piece, LookRequest(start=0.0))
        heard = engine.transcribe(piece, LookRequest(start=0.0, terms=terms))
        words += len(heard.words)
        said += sum(match_key(w.text) in keys for w in heard.words)
        guarded = with_boosted(plain, heard, terms, [(0.0, LOOK_S)], lambda _start, _end: 1.0)
        kept += sum(match_key(w.text) in keys for w in guarded.words)
    return words, said, kept


async def run(minutes: float, engine: SpeechEngine) -> None:
    """Print a line for each kind of sound."""
    rng = np.random.default_rng(7)
    names = [t.text for t in packaged_vocabulary().terms if t.kind is TermKind.DRUG][:NAMES]
    recording = await FileRecording.load(samples.named("knee-injury").audio)
    speech = await recording.read(0, 120 * RATE)
    each = minutes * 60 / 4
    sounds = {
        "silence": np.zeros(int(each * RATE), np.float32),
        "hum": hum(each, rng),
        "ward": ward(each, rng, speech),
        "music": music(each, rng),
    }
    for name, sound in sounds.items():
        visit, cpu = await hear(FileRecording(from_samples(sound), 1), engine, packaged_vocabulary)
        stands = [w.text for said in visit.utterances.values() for w in said.words]
        words, said, kept = told(sound, engine, names, rng)
        sys.stdout.write(
            f"{name}, {each:.0f} s: {len(stands)} words stand {stands[:12]}; {cpu:.3f} CPU s a second; told {NAMES} "
            f"names without a voice detector: {words} words, {said} of them names, {kept} behind the guard\n"
        )
        sys.stdout.flush()


def main() -> None:
    """Print the rows of the table in benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--model", default="base")
    options = parser.parse_args()
    asyncio.run(run(options.minutes, engine_of(options.model)))


if __name__ == "__main__":
    main()
