"""Who spoke, on the samples: streams each through the diarizer and the role tracker and counts.

    python -m benchmarks.voices [NAME …]

The words and their times are the sample's own (`NAME.words.json`), so that what is measured is the telling apart alone
and not the hearing of words. A run of words ends at half a second of silence and is cut into turns a second later.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from live_scribe.asr.diarize import Diarizer
from live_scribe.asr.shipped import handover_weights, role_weights
from live_scribe.asr.voice import SileroDetector
from live_scribe.asr.voices import VoiceEncoder
from live_scribe.core.audio import SAMPLE_RATE_HZ
from live_scribe.core.hearing import HeardWord
from live_scribe.core.roles import RoleTracker
from live_scribe.core.turns import Before, split
from live_scribe.ports import Samples
from live_scribe.resources import folder

PAUSE_S = 0.5
LATER_S = 1.0
SHORT_WORDS = 2
"""Turns of one or two words ("No.", "Mm-hm.") are counted apart."""

Gold = tuple[HeardWord, int]
"""A word and the number of its turn."""


@dataclass(slots=True)
class Said:
    """An utterance as it came out: its words, its voice live and at the end, and its role when it was said."""

    words: list[Gold]
    live: str | None
    role: str
    final: str | None = None


def read_sample(name: str) -> tuple[Samples, list[Gold], list[str], list[int]]:
    """Return the sound, the words in the order of time, and the role and number of words of each turn."""
    base = folder("samples")
    turns = json.loads((base / f"{name}.turns.json").read_text(encoding="utf-8"))
    left = json.loads((base / f"{name}.words.json").read_text(encoding="utf-8"))
    words: list[Gold] = []
    for number, turn in enumerate(turns):
        for text in turn["text"].split():
            begin, end = turn["start"] - 0.3, turn["end"] + 0.3
            found = next((w for w in left if w[0] == text and begin <= w[1] <= end), None)
            if found is not None:
                left.remove(found)
                words.append((HeardWord(text=text, start=found[1], end=found[2], probability=1.0), number))
    words.sort(key=lambda word: (word[0].start, word[1]))
    counts = [len(turn["text"].split()) for turn in turns]
    return _sound(base / f"{name}.opus"), words, [turn["role"] for turn in turns], counts


def _sound(path: Path) -> Samples:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
    with av.open(str(path)) as file:
        parts = [out.to_ndarray()[0] for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.float32) / np.float32(32768)


def runs(words: Sequence[Gold]) -> Iterator[list[Gold]]:
    """Yield the words between pauses."""
    run: list[Gold] = []
    for word in words:
        if run and word[0].start - run[-1][0].end > PAUSE_S:
            yield run
            run = []
        run.append(word)
    yield run


def stream(sound: Samples, words: Sequence[Gold]) -> tuple[list[Said], dict[str, str], float]:
    """Return what came out, the roles of the voices at the end, and the CPU seconds it took."""
    diarizer, tracker, detector = Diarizer(VoiceEncoder()), RoleTracker(role_weights()), SileroDetector()
    handover = handover_weights()
    began, fed, before = time.process_time(), 0, None
    said: list[Said] = []
    for run in runs(words):
        while fed < min(len(sound), (run[-1][0].end + LATER_S) * SAMPLE_RATE_HZ):
            step = sound[fed : fed + SAMPLE_RATE_HZ]
            diarizer.observe(step, fed / SAMPLE_RATE_HZ, detector.observe(step))
            fed += len(step)
        number = {id(word): turn for word, turn in run}
        for voice, turn in split([w for w, _ in run], diarizer.label, handover, before=before, voices=diarizer.voices):
            text = " ".join(word.text for word in turn)
            roles = tracker.observe(str(len(said)), voice, text)
            role = roles[voice][0] if voice else tracker.turn_role(text)[0]
            said.append(Said([(word, number[id(word)]) for word in turn], voice, role))
            before = Before(speaker=voice, text=text)
    diarizer.finish()
    _settle(said, diarizer, tracker)
    return said, {voice: role for voice, (role, _) in tracker.roles().items()}, time.process_time() - began


def _settle(said: list[Said], diarizer: Diarizer, tracker: RoleTracker) -> None:
    """Ask for the voices once more, now that all was heard."""
    spans = [(str(i), s.words[0][0].start, s.words[-1][0].end) for i, s in enumerate(said)]
    changed = diarizer.relabel(spans)
    for i, utterance in enumerate(said):
        utterance.final = changed.get(str(i), utterance.live)
        tracker.observe(str(i), utterance.final, " ".join(word.text for word, _ in utterance.words))


def report(name: str) -> str:
    """Return a row of the results' table for one sample."""
    sound, words, roles, counts = read_sample(name)
    said, named, cpu = stream(sound, words)
    columns = [
        [(word, turn, s.role) for s in said for word, turn in s.words],
        [(word, turn, named.get(s.live or "", "unknown")) for s in said for word, turn in s.words],
        [(word, turn, named.get(s.final or "", "unknown")) for s in said for word, turn in s.words],
    ]
    cells = [name, f"{len(sound) / SAMPLE_RATE_HZ:.0f} s", *(_cell(column, roles, counts) for column in columns)]
    return " | ".join(["", *cells, f"{cpu / (len(sound) / SAMPLE_RATE_HZ):.3f}", ""]).strip()


def _cell(words: Sequence[tuple[HeardWord, int, str]], roles: Sequence[str], counts: Sequence[int]) -> str:
    """Return the share of speech that has the right role, then turns right of all and short turns right of all."""
    length = sum(word.end - word.start for word, _, _ in words)
    right = sum(word.end - word.start for word, turn, role in words if role == roles[turn])
    good = Counter(turn for _, turn, role in words if role == roles[turn])
    heard = Counter(turn for _, turn, _ in words)
    short = [turn for turn in heard if counts[turn] <= SHORT_WORDS]
    turns_right = sum(2 * good[turn] > heard[turn] for turn in heard)
    short_right = sum(2 * good[turn] > heard[turn] for turn in short)
    return f"{100 * right / length:.1f} % · {turns_right}/{len(heard)} · {short_right}/{len(short)}"


def main() -> None:
    """Print a row for each sample named, or for all that have sound."""
    names = sys.argv[1:] or sorted(path.stem for path in folder("samples").glob("*.opus"))
    for name in names:
        print(report(name), flush=True)  # noqa: T201 the result


if __name__ == "__main__":
    main()
