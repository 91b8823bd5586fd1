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

THIRD_VOICE_WINDOWS = 100
THIRD_VOICE_COSINE = 0.78
"""A third voice is one only where all three lie further apart than this: the nearest two of three lay at 0.66 to 0.71,
a voice cut in two at 0.83 to 0.96. A companion taken for the patient is mended by one click, a torn patient is not."""

VOICE_WINDOWS = 20
"""Fewer windows (four seconds) are no third voice but a cough, a laugh or a door."""

FAR_SHARE = 0.1
"""A third voice is looked for among the windows that lie furthest from the two."""


def centres_of(vectors: Floats, labels: Labels, count: int) -> Floats:
    """Return the unit mean vector of each of `count` clusters, shape (count, d)."""
    sums = np.stack([vectors[labels == k].sum(axis=0) for k in range(count)])
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), np.float32)


def k_means(vectors: Floats, centres: Floats) -> Floats:
    """Return centres moved, from `centres` on, to where spherical k-means settles. None of them is left empty."""
    for _ in range(ROUNDS):
        labels = np.argmax(vectors @ centres.T, axis=1).astype(np.int8)
        if len(np.unique(labels)) < len(centres):
            break
        moved = centres_of(vectors, labels, len(centres))
        if np.allclose(moved, centres, atol=1e-4):
            break
        centres = moved
    return centres


def two_centres(vectors: Floats) -> Floats:
    """Return two centres, begun at the two ends of the direction in which the windows differ most."""
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    return k_means(vectors, centres_of(vectors, (centred @ directions[:, -1] > 0).astype(np.int8), 2))


def three_centres(vectors: Floats, two: Floats) -> Floats:
    """Return three centres: the best of cutting either of `two` in two, and of taking what is far from both."""
    labels = np.argmax(vectors @ two.T, axis=1)
    begins = [np.stack([two[1 - k], *two_centres(vectors[labels == k])]) for k in (0, 1)]
    nearness = np.max(vectors @ two.T, axis=1)
    far = vectors[nearness <= np.quantile(nearness, FAR_SHARE)]
    begins.append(np.stack([*two, *centres_of(far, np.zeros(len(far), np.int8), 1)]))
    return max((k_means(vectors, begin) for begin in begins), key=lambda c: float(np.max(vectors @ c.T, axis=1).mean()))


def find_voices(vectors: Floats) -> Floats:
    """Return the centres of the voices in `vectors`, shape (n, d): one to three rows."""
    if len(vectors) < ONE_VOICE[0][0]:
        return centres_of(vectors, np.zeros(len(vectors), np.int8), 1)
    two = two_centres(vectors)
    if is_one_voice(two, len(vectors)):
        return centres_of(vectors, np.zeros(len(vectors), np.int8), 1)
    if len(vectors) >= THIRD_VOICE_WINDOWS and are_three_voices(three := three_centres(vectors, two), vectors):
        return three
    return two


def are_three_voices(three: Floats, vectors: Floats) -> bool:
    """Whether three centres are three people: far enough apart, and none of them a passing noise."""
    sizes = np.bincount(np.argmax(vectors @ three.T, axis=1), minlength=3)
    return nearest(three) < THIRD_VOICE_COSINE and int(sizes.min()) >= VOICE_WINDOWS


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
