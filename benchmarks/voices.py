"""Who spoke, on the samples: each goes the whole live way, and the roles of its words are counted.

    python -m benchmarks.voices [NAME …] [--model base] [--channels 2]
    python -m benchmarks.voices --meetings FOLDER

Without `--model` a scripted engine says the sample's own words at their own times, so that what is measured is the
telling apart alone; with it, the words are as that model hears them. `--channels 2` gives the doctor one microphone and
all others a second one, with each voice 16 dB quieter in the other's. `--meetings` takes recordings NAME.wav with
NAME.rttm (who spoke when) instead, and says how much of the speech of one person alone has the wrong voice.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from live_scribe import scribing, wiring
from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.diarize import Diarizer
from live_scribe.asr.scripted import ScriptedEngine
from live_scribe.asr.voice import SileroDetector
from live_scribe.asr.voices import VoiceEncoder
from live_scribe.audio.file import FileRecording
from live_scribe.audio.pcm import from_samples
from live_scribe.commands.hearing import engine_of
from live_scribe.core.audio import SAMPLE_RATE_HZ, seconds
from live_scribe.core.words import Word
from live_scribe.hub import Message
from live_scribe.ports import Diarizer as AnyDiarizer
from live_scribe.ports import Samples, SpeechDetector, SpeechEngine
from live_scribe.resources import folder
from live_scribe.storage.memory import MemoryStore

CROSSTALK_DB = -16.0
"""How much quieter a voice is in the other's microphone (two clip-on microphones at a desk)."""

SHORT_WORDS = 2
"""Turns of one or two words ("No.", "Mm-hm.") are counted apart."""

SAME_S, NEAR_S = 1.5, 0.6
"""A word heard is the sample's where it reads alike and lies within SAME_S of it, or replaces it within NEAR_S."""

LATEST_S = 2.0
"""In meetings a voice is asked for so long after it was heard, as live."""

STEP_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample: its sound, its words with the number of their turn, and the roles and lengths (words) of the turns."""

    sound: Samples
    words: list[tuple[str, float, float, int]]
    roles: list[str]
    counts: list[int]
    spans: list[tuple[float, float]]


@dataclass(slots=True)
class Clocked:
    """A diarizer or detector whose CPU seconds are counted."""

    inner: object
    cpu: float = 0.0

    def __getattr__(self, name: str) -> object:
        """Return the method of the same name, timed."""

        def timed(*arguments: object) -> object:
            begin = time.thread_time()
            try:
                return getattr(self.inner, name)(*arguments)
            finally:
                self.cpu += time.thread_time() - begin

        return timed


@dataclass(slots=True)
class Count:
    """How many turns and seconds of speech got the right role."""

    right_s: float = 0.0
    all_s: float = 0.0
    turns: int = 0
    right: int = 0
    short: int = 0
    short_right: int = 0

    def add(self, other: Count) -> None:
        """Add another count to this one."""
        for name in Count.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        share = 100 * self.right_s / max(self.all_s, 1e-9)
        return f"{share:.1f} % · {self.right}/{self.turns} · {self.short_right}/{self.short}"


def read_sample(name: str) -> Sample:
    """Return a sample of the project."""
    base = folder("samples")
    turns = json.loads((base / f"{name}.turns.json").read_text(encoding="utf-8"))
    left = json.loads((base / f"{name}.words.json").read_text(encoding="utf-8"))
    words: list[tuple[str, float, float, int]] = []
    for number, turn in enumerate(turns):
        for text in turn["text"].split():
            begin, end = turn["start"] - 0.3, turn["end"] + 0.3
            found = next((w for w in left if w[0] == text and begin <= w[1] <= end), None)
            if found is not None:
                left.remove(found)
                words.append((text, found[1], found[2], number))
    recording = FileRecording.decode(base / f"{name}.opus")
    sound = asyncio.run(recording.read(0, round(recording.duration * SAMPLE_RATE_HZ)))
    return Sample(
        sound=sound,
        words=sorted(words, key=lambda word: (word[1], word[3])),
        roles=[turn["role"] for turn in turns],
        counts=[len(turn["text"].split()) for turn in turns],
        spans=[(turn["start"], turn["end"]) for turn in turns],
    )


def apart(sample: Sample) -> Samples:
    """Return the sample as two microphones hear it, shape (2, n): each voice loud in one and faint in the other."""
    faint = 10 ** (CROSSTALK_DB / 20)
    gains = np.full((2, len(sample.sound)), faint, np.float32)
    for role, (start, end) in zip(sample.roles, sample.spans, strict=True):
        begin, stop = int(start * SAMPLE_RATE_HZ), int(end * SAMPLE_RATE_HZ)
        gains[0 if role == "doctor" else 1, begin:stop] = 1.0
    return gains * sample.sound


async def hear(sample: Sample, engine: SpeechEngine, channels: int) -> tuple[list[tuple[Word, str, str]], float]:
    """Return each word heard with its role a turn later and at the end, and the CPU seconds the voices took."""
    sound = apart(sample).T.reshape(-1) if channels == 2 else sample.sound
    clock = SimulatedClock()
    ears = wiring.make_ears(engine, clock, channels=channels)
    voices, detector = Clocked(ears.voices), Clocked(ears.voice_detector)
    timed: tuple[AnyDiarizer, SpeechDetector] = (voices, detector)  # type: ignore[assignment]
    ears = replace(ears, voices=timed[0], voice_detector=timed[1])
    session = await scribing.open_local(
        MemoryStore(), lambda _: scribing.Silent(), template="", sections=(), patient={}, at="", ears=lambda: ears
    )
    shown: dict[str, str] = {}

    def observe(_: Message) -> None:
        for said in list(session.visit.utterances.values())[:-1]:
            shown.setdefault(said.id, said.role or "unknown")

    visit = await scribing.hear_recording(session, FileRecording(from_samples(sound), channels), observe)
    said = visit.utterances.values()
    heard = [(w, shown.get(u.id, u.role or "unknown"), u.role or "unknown") for u in said for w in u.words]
    return heard, voices.cpu + detector.cpu


def pairs(sample: Sample, heard: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield which of the sample's words (by number) was heard as which."""
    match = SequenceMatcher(None, [_plain(w[0]) for w in sample.words], [_plain(w.text) for w in heard], autojunk=False)
    for kind, i, i_end, j, j_end in match.get_opcodes():
        for k in range(i, i_end) if j_end > j else ():
            other = j + k - i if kind == "equal" else min(range(j, j_end), key=lambda n: _apart_s(sample, k, heard[n]))
            if _apart_s(sample, k, heard[other]) < (SAME_S if kind == "equal" else NEAR_S):
                yield k, other


def _apart_s(sample: Sample, number: int, word: Word) -> float:
    return abs((word.start or 0.0) - sample.words[number][1])


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9']", "", text.lower())


def count(sample: Sample, heard: Sequence[tuple[str, int]]) -> Count:
    """Return the count for words of the sample (by number) with the roles they got."""
    result = Count()
    good, known = Counter[int](), Counter[int]()
    for role, number in heard:
        _, start, end, turn = sample.words[number]
        known[turn] += 1
        result.all_s += end - start
        if role == sample.roles[turn]:
            good[turn] += 1
            result.right_s += end - start
    for turn in known:
        right, short = 2 * good[turn] > known[turn], sample.counts[turn] <= SHORT_WORDS
        result.turns, result.right = result.turns + 1, result.right + right
        result.short, result.short_right = result.short + short, result.short_right + (short and right)
    return result


def report(name: str, model: str | None, channels: int, totals: list[Count]) -> str:
    """Return a row of the results' table for one sample; add it to the totals."""
    sample = read_sample(name)
    engine = engine_of(model) if model else ScriptedEngine([word[:3] for word in sample.words])
    heard, cpu = asyncio.run(hear(sample, engine, channels))
    both = list(pairs(sample, [word for word, _, _ in heard]))
    cells = [
        count(sample, [(roles[j], i) for i, j in both]) for roles in ([r for _, r, _ in heard], [r for *_, r in heard])
    ]
    for total, cell in zip(totals, cells, strict=True):
        total.add(cell)
    length = seconds(len(sample.sound))
    return f"| {name} | {length:.0f} s | {cells[0]} | {cells[1]} | {cpu / length:.3f} |"


def confusion(path: Path) -> str:
    """Return a row for a meeting: how much of one person's speech has the wrong voice, live and at the end."""
    recording = FileRecording.decode(path)
    sound = asyncio.run(recording.read(0, round(recording.duration * SAMPLE_RATE_HZ)))
    turns = [line.split() for line in path.with_suffix(".rttm").read_text(encoding="utf-8").splitlines()]
    people: defaultdict[int, set[str]] = defaultdict(set)
    for turn in turns:
        for step in range(round(float(turn[3]) / STEP_S), round((float(turn[3]) + float(turn[4])) / STEP_S)):
            people[step].add(turn[7])
    diarizer, detector = Diarizer(VoiceEncoder()), SileroDetector()
    live: dict[int, str | None] = {}
    alone = {step: next(iter(who)) for step, who in people.items() if len(who) == 1}
    for begin in range(0, len(sound), SAMPLE_RATE_HZ):
        part = sound[begin : begin + SAMPLE_RATE_HZ]
        diarizer.observe(part, seconds(begin), detector.observe(part))
        for step in alone.keys() - live.keys():
            if (step + 1) * STEP_S + LATEST_S < seconds(begin + len(part)):
                live[step] = diarizer.label(step * STEP_S, (step + 1) * STEP_S)
    diarizer.finish()
    final = {step: diarizer.label(step * STEP_S, (step + 1) * STEP_S) for step in alone}
    cells = [_wrong(alone, labels) for labels in ({**final, **live}, final)]
    who = len(set(alone.values()))
    return f"| {path.stem} | {seconds(len(sound)):.0f} s | {who} | {len(diarizer.voices)} | {' | '.join(cells)} |"


def _wrong(alone: dict[int, str], labels: dict[int, str | None]) -> str:
    """Return the share of labelled steps with the wrong voice under the best naming of voices, and of those unheard."""
    shared = Counter((alone[step], voice) for step, voice in labels.items() if voice is not None)
    names, voices = sorted({p for p, _ in shared}), sorted({v for _, v in shared})
    slots = [*voices, *[""] * len(names)]
    best = max(
        sum(shared[pair] for pair in zip(names, order, strict=False))
        for order in itertools.permutations(slots, len(names))
    )
    known = sum(shared.values())
    if not known:
        return "none of it heard"
    return f"{100 * (1 - best / max(known, 1)):.1f} % ({100 * (1 - known / len(alone)):.0f} % unheard)"


def main() -> None:
    """Print a row for each sample named, or for all that have sound, and one for all together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--model")
    parser.add_argument("--channels", type=int, choices=(1, 2), default=1)
    parser.add_argument("--meetings", type=Path)
    args = parser.parse_args()
    if args.meetings is not None:
        for path in sorted(args.meetings.glob("*.rttm")):
            print(confusion(path.with_suffix(".wav")), flush=True)  # noqa: T201 the result
        return
    totals = [Count(), Count()]
    for name in args.names or sorted(path.stem for path in folder("samples").glob("*.opus")):
        print(report(name, args.model, args.channels, totals), flush=True)  # noqa: T201 the result
    print(f"| all | | {totals[0]} | {totals[1]} | |")  # noqa: T201 the result


if __name__ == "__main__":
    main()
