"""Who speaks when, while they speak: windows of a voice become vectors, vectors become voices named S1, S2, S3.

No voice is enrolled and no similarity is fixed beforehand: all windows so far are clustered anew as the visit grows, so
what is said of the first minute may be corrected in the second. `label` says what holds now, `relabel` what changed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from live_scribe.asr.clusters import PAUSE_S, Labels, find_voices, match, smooth
from live_scribe.core.audio import SAMPLE_RATE_HZ, samples, seconds
from live_scribe.ports import Samples, SpeakerModel

NAMES = ("S1", "S2", "S3")

WINDOW_S = 1.0
"""Long enough for a voice to be itself, short enough to lie inside one turn."""

HOP_S = 0.2
"""A turn is placed to a tenth of a second; the words' own times place it finer."""

FRAME_SAMPLES = 512
"""The speech detector says one probability for each so many samples."""

VOICED = 0.35
"""Below the detector's usual 0.5: far microphones lose a third of speech at that; at 0.12 noise becomes a voice."""

BRIDGE_FRAMES = 6
"""Silences up to 0.2 s (stops, breaths) do not divide a stretch of speech."""

BATCH_WINDOWS = 12
"""Windows embedded together while somebody talks on: five at a time cost nearly twice as much each. When speech stops
nothing waits."""

MOST_AT_ONCE = 50
"""So many windows take 20 MB while they are embedded, and cost no less each if they were more."""

PATIENCE_S = 2.6
"""A window waits no longer than this for others to be embedded with: words wait four seconds before they are given."""

FIRST_WINDOWS = 15
"""With fewer (three seconds of speech) all sound like one voice, so none is named: words tell who is who until then."""

REGROW = 1.05
"""All windows are clustered anew when there are so many times more, so that the work of a visit stays linear in it."""

RECENT_WINDOWS = 150
"""Between clusterings only the last half minute is smoothed again; what lies before has settled."""

MOST_WINDOWS = 9000
"""Half an hour of speech. Beyond it every second window of the older half is let go."""

SHARPNESS = 20.0
"""What a difference in cosine is worth in Viterbi's scores: same voice 0.85, another 0.65: a window tells about 4."""

CHANGE_PENALTY = 4.0
"""What a change of speaker inside flowing speech costs: one clear window, or two that are not. (Of seven pairs of
values tried on samples and mixed speech all were within half a point.)"""

PAUSE_PENALTY = 1.0
"""What it costs across a pause, where people change most."""

SHORT_S = 1.0
CLEAR_ALONE, CLEAR_BESIDE = 0.1, 0.2
"""Shorter stretches than SHORT_S are taken from the voice that the words gave them to only where their sound is so much
nearer to the other: more where talk goes on before or behind them, whose sound is in their windows too, and never in
the midst of talk: a listener's "mm-hm" is drowned in it."""

NEARBY_S = 0.5
"""A word without a window of its own (too faint for the detector) belongs to a voice no further than this."""


class Diarizer:
    """The voices of one visit heard by one microphone. Not shared between threads; `observe` blocks, use a worker."""

    def __init__(self, model: SpeakerModel) -> None:
        self._model = model
        self._sound: Samples = np.zeros(0, np.float32)
        self._voiced: list[bool] = []
        self._origin: int | None = None  # the sample at which _sound and _voiced begin
        self._next = 0  # the window to look at next
        self._pending: list[tuple[float, Samples]] = []
        self._times: NDArray[np.float64] = np.zeros(0)
        self._vectors: NDArray[np.float32] = np.zeros((0, 1), np.float32)
        self._labels: Labels = np.zeros(0, np.int8)
        self._centres: NDArray[np.float32] | None = None
        self._clustered = 0
        self._told: dict[str, str] = {}
        self._postponed = False
        self._over = False

    def observe(self, samples: Samples, start: float, voiced: Sequence[float]) -> None:
        """Hear further sound, from `start` seconds on, and the detector's further probabilities of speech.

        Sound comes in order; `voiced` has one value for each 32 ms since the first sound, in order too, as
        SpeechDetector.observe returns them (it need not end with the sound). A hole in the sound counts as silence.
        """
        self._append(samples, start, voiced)
        self._collect(final=False)
        if self._pending and (
            len(self._pending) >= BATCH_WINDOWS
            or self._heard_s() - self._pending[0][0] > PATIENCE_S
            or not any(self._voiced[-BRIDGE_FRAMES - 1 :])
        ):
            self._embed()

    def postpone(self, postponed: bool) -> None:
        """Cluster nothing anew for now but the first time, or again; what was postponed comes with the next sound."""
        self._postponed = postponed

    def finish(self) -> None:
        """Hear what is still waiting: no more sound will come."""
        self._postponed = False
        self._over = True
        self._collect(final=True)
        if self._pending:
            self._embed()
        elif len(self._times) >= max(1, self._clustered) * REGROW:
            self._cluster()

    def label(self, start: float, end: float) -> str | None:
        """Return the voice that has most of `start` to `end` (seconds), as it looks now; None where none was heard."""
        if len(self._times) < FIRST_WINDOWS and not self._over:
            return None
        low, high = np.searchsorted(self._times, (start - HOP_S / 2, end + HOP_S / 2))
        if low == high:
            return self._nearest((start + end) / 2, end - start)
        return NAMES[int(np.bincount(self._labels[low:high]).argmax())]

    def relabel(self, spans: Sequence[tuple[str, float, float]]) -> dict[str, str]:
        """Return the voices of those of `spans` (id, start, end) that are not what this said of the id before."""
        changed: dict[str, str] = {}
        for key, start, end in spans:
            voice = self.label(start, end)
            if voice is None or self._told.get(key) == voice:
                continue
            if end - start >= SHORT_S or self._is_clear(start, end):
                changed[key] = self._told[key] = voice
        return changed

    def _is_clear(self, start: float, end: float) -> bool:
        """Whether the windows of a short stretch, each by itself, clearly belong to the voice that has it."""
        assert self._centres is not None
        low, high = np.searchsorted(self._times, (start - HOP_S / 2, end + HOP_S / 2))
        if low == high or len(self._centres) < 2:
            return False
        beside = sum(map(self._is_flowing, (int(low), int(high))))
        scores = (self._vectors[low:high] @ self._centres.T).mean(axis=0)
        second, first = np.argsort(scores)[-2:]
        enough = (CLEAR_ALONE, CLEAR_BESIDE, np.inf)[beside]
        return NAMES[first] == self.label(start, end) and bool(scores[first] - scores[second] >= enough)

    def _is_flowing(self, window: int) -> bool:
        """Whether speech flows on, without a pause, from the window before `window` into it."""
        return 0 < window < len(self._times) and bool(self._times[window] - self._times[window - 1] <= PAUSE_S)

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices heard so far."""
        return tuple(NAMES[k] for k in np.unique(self._labels))

    def _append(self, sound: Samples, start: float, voiced: Sequence[float]) -> None:
        if self._origin is None:
            self._origin = samples(start)
            self._next = int(np.ceil(start / HOP_S))
        hole = samples(start) - self._origin - len(self._sound)
        if hole > 0:
            self._sound = np.concatenate([self._sound, np.zeros(hole, np.float32)])
        self._sound = np.concatenate([self._sound, sound[max(0, -hole) :].astype(np.float32)])
        self._voiced.extend(value >= VOICED for value in voiced)

    def _heard_s(self) -> float:
        """Return up to where both sound and its detection are there, in seconds."""
        assert self._origin is not None
        return seconds(self._origin + min(len(self._sound), len(self._voiced) * FRAME_SAMPLES))

    def _collect(self, *, final: bool) -> None:
        """Cut the windows that have all their sound, then let sound go that no window will need."""
        if self._origin is None:
            return
        heard = self._heard_s()
        while (centre := self._next * HOP_S) < heard and (final or self._is_ripe(centre, heard)):
            window = self._cut(centre)
            if window is not None:
                self._pending.append((centre, window))
            self._next += 1
        spare = int(((self._next - 1) * HOP_S - WINDOW_S - seconds(self._origin)) * SAMPLE_RATE_HZ) // FRAME_SAMPLES
        if spare > 0:
            self._origin += spare * FRAME_SAMPLES
            self._sound, self._voiced = self._sound[spare * FRAME_SAMPLES :], self._voiced[spare:]

    def _is_ripe(self, centre: float, heard: float) -> bool:
        """Whether a window needs no more sound: all of it is there, or speech has stopped behind it."""
        if centre + WINDOW_S < heard:
            return True
        assert self._origin is not None
        frame = (samples(centre) - self._origin) // FRAME_SAMPLES
        silent = 0
        for voiced in self._voiced[frame : (samples(heard) - self._origin) // FRAME_SAMPLES]:
            silent = 0 if voiced else silent + 1
            if silent > BRIDGE_FRAMES:
                return True
        return False

    def _cut(self, centre: float) -> Samples | None:
        """Return a second of the stretch of speech around `centre`; a shorter stretch is repeated until it is one."""
        assert self._origin is not None
        at = samples(centre) - self._origin
        low, high = self._stretch(at // FRAME_SAMPLES)
        if high <= low:
            return None
        size = samples(WINDOW_S)
        low, high = low * FRAME_SAMPLES, min(high * FRAME_SAMPLES, len(self._sound))
        begin = max(low, min(at - size // 2, high - size))
        piece = self._sound[begin : min(begin + size, high)]
        return np.resize(piece, size) if len(piece) else None

    def _stretch(self, frame: int) -> tuple[int, int]:
        """Return the frames (from, to) of unbroken speech around `frame`, up to a window each way; empty if silent."""
        reach = int(WINDOW_S * SAMPLE_RATE_HZ) // FRAME_SAMPLES
        if frame >= len(self._voiced) or not any(self._voiced[max(0, frame - 2) : frame + 3]):
            return frame, frame
        return _edge(self._voiced, frame, -1, reach), _edge(self._voiced, frame, 1, reach) + 1

    def _embed(self) -> None:
        """Embed what is pending, in portions, so that an hour heard at once does not fill the memory."""
        while self._pending:
            portion, self._pending = self._pending[:MOST_AT_ONCE], self._pending[MOST_AT_ONCE:]
            self._learn([time for time, _ in portion], np.stack([window for _, window in portion]))

    def _learn(self, times: Sequence[float], windows: Samples) -> None:
        vectors = self._model.embed_windows(windows)
        self._times = np.concatenate([self._times, times])
        self._vectors = vectors if len(self._vectors) == 0 else np.concatenate([self._vectors, vectors])
        self._labels = np.concatenate([self._labels, np.zeros(len(vectors), np.int8)])
        if len(self._times) >= self._clustered * REGROW and not (self._postponed and self._clustered):
            self._cluster()
        else:
            self._decode(max(0, len(self._times) - RECENT_WINDOWS))
        self._thin()

    def _cluster(self) -> None:
        """Find the voices anew, and name them so that what was named keeps its name."""
        before, known = self._labels.copy(), self._clustered
        self._clustered = len(self._times)
        found = find_voices(self._times, self._vectors)
        had = 0 if self._centres is None else len(self._centres)
        self._centres = found
        self._decode(0)
        if known and 1 < had <= len(found):
            names = match(self._labels[:known], [NAMES[k] for k in before[:known]], NAMES[: len(found)], len(found))
            order = [NAMES.index(name) for name in names]
        else:
            order = _by_first_heard(self._labels, len(found))
        self._centres = found[np.argsort(order)]
        self._labels = np.asarray(order, np.int8)[self._labels]

    def _decode(self, begin: int) -> None:
        """Smooth the labels from window `begin` on, coming from the one before it."""
        assert self._centres is not None
        first = max(0, begin - 1)
        scores = SHARPNESS * (self._vectors[first:] @ self._centres.T).astype(np.float64)
        if begin > 0:
            scores[0, self._labels[first]] += 1e6
        gaps = np.diff(self._times[first:], prepend=-np.inf)
        self._labels[first:] = smooth(scores, np.where(gaps > PAUSE_S, PAUSE_PENALTY, CHANGE_PENALTY))

    def _thin(self) -> None:
        if len(self._times) <= MOST_WINDOWS:
            return
        keep = np.ones(len(self._times), bool)
        keep[: MOST_WINDOWS // 2 : 2] = False
        self._times, self._vectors, self._labels = self._times[keep], self._vectors[keep], self._labels[keep]
        self._clustered = len(self._times)

    def _nearest(self, time: float, length: float) -> str | None:
        if not len(self._times):
            return None
        i = int(np.abs(self._times - time).argmin())
        return NAMES[self._labels[i]] if abs(self._times[i] - time) <= NEARBY_S + length / 2 else None


def _edge(voiced: Sequence[bool], frame: int, step: int, reach: int) -> int:
    """Return the last voiced frame from `frame` on in direction `step`, before a silence that divides."""
    last, at = frame, frame
    while 0 <= at < len(voiced) and abs(at - frame) <= reach and abs(at - last) <= BRIDGE_FRAMES:
        if voiced[at]:
            last = at
        at += step
    return last


def _by_first_heard(labels: Labels, count: int) -> list[int]:
    """Return the number that each cluster gets when they are numbered as they are first heard."""
    first = [int(np.argmax(labels == k)) if np.any(labels == k) else len(labels) for k in range(count)]
    return [sorted(range(count), key=lambda k: first[k]).index(k) for k in range(count)]
