"""Which window is whose: clustering of voice vectors, and the most plausible course of speakers through time.

Nothing here knows a threshold of how alike two recordings of a voice are: that moves with room and microphone (a value
tuned on read speech found one person in most real conversations). What is compared is spread within and between.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Labels = NDArray[np.int8]

ROUNDS = 12
"""k-means on a few thousand windows has settled by then; the next second goes on from there."""

ONE_VOICE = ((15, 0.70), (50, 0.82), (300, 0.88))
"""The guard for a monologue, as (windows, cosine): two centres nearer than this are halves of one voice.

Few windows differ by what was said: halves of one voice lie at 0.74 to 0.90 in the first three seconds of speech, at
0.84 to 0.94 after ten. Two voices lie at 0.42 to 0.69, then at 0.58 to 0.79 (read speech and synthetic visits), on a
far microphone at up to 0.84: as a visit nearly always has two people, the guard gives way with time.
"""

THIRD_VOICE_COSINE = 0.825
"""A third voice is one only where it lies further than this from both others, by its stretches: a companion's or a
child's came to 0.64 to 0.82, the stretches of one voice that differ most from its rest to 0.84 to 0.92 (samples, and
conversations put together from two of them). A companion taken for the patient is mended by one click, a torn patient
is not."""

STRETCH_WINDOWS = 3
"""A stretch of speech with fewer windows (half a second) sounds like what was said more than like who said it."""

VOICE_STRETCHES = 3
VOICE_WINDOWS = 12
"""Fewer stretches, or windows in all, are no third voice but a cough, a laugh or a door."""

SEEDS = 10
"""A third voice is looked for from so many stretches of each voice, those that are least like it."""

PAUSE_S = 0.35
"""Windows further apart than this (one is skipped) have a pause between them."""


def centres_of(vectors: Floats, labels: Labels, count: int) -> Floats:
    """Return the unit mean vector of each of `count` clusters, shape (count, d)."""
    sums = np.stack([vectors[labels == k].sum(axis=0) for k in range(count)])
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), np.float32)


def k_means(vectors: Floats, centres: Floats, weights: Floats | None = None) -> Floats:
    """Return centres moved, from `centres` on, to where spherical k-means settles. None of them is left empty.

    `weights`: how much each vector counts; null for all the same.
    """
    heavy = vectors if weights is None else vectors * weights[:, np.newaxis]
    for _ in range(ROUNDS):
        labels = np.argmax(vectors @ centres.T, axis=1).astype(np.int8)
        if len(np.unique(labels)) < len(centres):
            break
        moved = centres_of(heavy, labels, len(centres))
        if np.allclose(moved, centres, atol=1e-4):
            break
        centres = moved
    return centres


def two_centres(vectors: Floats) -> Floats:
    """Return two centres, begun at the two ends of the direction in which the windows differ most."""
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    return k_means(vectors, centres_of(vectors, (centred @ directions[:, -1] > 0).astype(np.int8), 2))


def find_voices(times: NDArray[np.float64], vectors: Floats) -> Floats:
    """Return the centres of the voices in `vectors`, shape (n, d), heard at `times`: one to three rows."""
    if len(vectors) < ONE_VOICE[0][0]:
        return centres_of(vectors, np.zeros(len(vectors), np.int8), 1)
    two = two_centres(vectors)
    if is_one_voice(two, len(vectors)):
        return centres_of(vectors, np.zeros(len(vectors), np.int8), 1)
    three = third_voice(*stretches(times, vectors, two), two)
    return two if three is None else k_means(vectors, three)


def stretches(times: NDArray[np.float64], vectors: Floats, centres: Floats) -> tuple[Floats, Floats]:
    """Return the mean vectors, and the numbers of windows, of the stretches in which one voice speaks without pause.

    Windows differ by what is said; a person does not change inside a stretch. So stretches show who is there.
    """
    labels = np.argmax(vectors @ centres.T, axis=1)
    ends = np.flatnonzero((np.diff(times) > PAUSE_S) | (np.diff(labels) != 0)) + 1
    begins = np.concatenate([np.zeros(1, np.int64), ends])
    sizes = np.diff(begins, append=len(times)).astype(np.float32)
    sums = np.add.reduceat(vectors, begins, axis=0)
    means = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.asarray(means[sizes >= STRETCH_WINDOWS], np.float32), sizes[sizes >= STRETCH_WINDOWS]


def third_voice(means: Floats, sizes: Floats, two: Floats) -> Floats | None:
    """Return three centres where a third person is among the stretches that `two` centres explain worst, else None."""
    if not len(means):
        return None
    nearness = np.max(means @ two.T, axis=1)
    owner = np.argmax(means @ two.T, axis=1)
    best: tuple[float, Floats] | None = None
    for k in (0, 1):
        own = np.flatnonzero(owner == k)
        for seed in own[np.argsort(nearness[own])][:SEEDS]:
            centres = k_means(means, np.stack([*two, means[seed]]), sizes)
            labels = np.argmax(means @ centres.T, axis=1)
            third = labels == 2
            if np.sum(third) < VOICE_STRETCHES or sizes[third].sum() < VOICE_WINDOWS:
                continue
            if best is None or nearest(centres) < best[0]:
                best = (nearest(centres), centres)
    return best[1] if best is not None and best[0] < THIRD_VOICE_COSINE else None


def is_one_voice(two: Floats, windows: int) -> bool:
    """Whether two centres found in so many windows are halves of one person's voice."""
    sizes, cosines = zip(*ONE_VOICE, strict=True)
    return nearest(two) > float(np.interp(np.log(windows), np.log(sizes), cosines))


def nearest(centres: Floats) -> float:
    """Return the cosine of the two centres that are most alike."""
    return max(float(a @ b) for a, b in itertools.combinations(centres, 2))


def smooth(scores: NDArray[np.float64], penalties: NDArray[np.float64]) -> Labels:
    """Return the best path (Viterbi) through `scores`, shape (n, k); changing before row i costs `penalties[i]`."""
    count, voices = scores.shape
    back = np.zeros((count, voices), np.int8)
    best = scores[0].copy()
    for i in range(1, count):
        leader = int(best.argmax())
        jump = best[leader] - penalties[i]
        stay = best >= jump
        back[i] = np.where(stay, np.arange(voices), leader)
        best = np.where(stay, best, jump) + scores[i]
    path = np.zeros(count, np.int8)
    path[-1] = best.argmax()
    for i in range(count - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def match(new: Labels, old: Sequence[str | None] | NDArray[np.object_], names: Sequence[str], count: int) -> list[str]:
    """Return a name for each of `count` new clusters, so that as many windows as possible keep their old name."""
    shared = {
        (k, name): int(np.sum((new == k) & (np.asarray(old, dtype=object) == name)))
        for k in range(count)
        for name in names
    }
    best = max(itertools.permutations(names, count), key=lambda order: sum(shared[k, n] for k, n in enumerate(order)))
    return list(best)
