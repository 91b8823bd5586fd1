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

ONE_VOICE_COSINE = 0.93
"""Centres nearer than this are one person: two halves of one voice's windows lie at 0.95 to 0.98."""

ONE_VOICE_WINDOWS = 8
"""Fewer windows (under two seconds of speech) are one person until more is heard."""


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
    """Return two centres, begun at the ends of the direction in which the windows differ most."""
    mean = vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(vectors - mean, full_matrices=False)
    along = (vectors - mean) @ directions[0]
    return k_means(vectors, centres_of(vectors, (along > 0).astype(np.int8), 2))


def find_voices(vectors: Floats) -> Floats:
    """Return the centres of the voices in `vectors`, shape (n, d): one or two rows."""
    one = centres_of(vectors, np.zeros(len(vectors), np.int8), 1)
    if len(vectors) < ONE_VOICE_WINDOWS:
        return one
    two = two_centres(vectors)
    return one if is_one_voice(two) else two


def is_one_voice(centres: Floats) -> bool:
    """Whether two centres are halves of one person's voice: the guard for a monologue."""
    return bool(centres[0] @ centres[1] > ONE_VOICE_COSINE)


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
