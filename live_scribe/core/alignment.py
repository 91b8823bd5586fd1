"""Which of the words that are heard now were heard before: so that none is doubled and none is taken for old."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from live_scribe.core.hearing import HeardWord
from live_scribe.core.spelling import pieces

EDITS_PER_S = 2.0
"""What a second between two hearings of a word's end weighs, in edits. Words are heard again within about 0.1 s; of a
word said over and over, time alone tells which is new. At 2, of a hundred talks that say eight words over and over
with times that are off by 0.1 s, one came out wrong; by edits alone, three."""

MOST_TIME_EDITS = 3.0
"""Whisper's times are now and then off by seconds: then the words decide."""


Piece = tuple[str, float]
"""What is said of a word (`spelling.pieces`), and when it ends."""


def aligned(words: Sequence[HeardWord], known: Sequence[HeardWord]) -> int:
    """Return how many of `words` are the `known` ones heard again: the prefix that is nearest in words and in time.

    Edit distance over what is said, so that "0-10" is "zero to ten" once more. The prefix ends where a word ends.
    """
    if not known or not words:
        return 0
    said = [_said(word) for word in words]
    heard = [piece for word in said for piece in word]
    row = [float(j) for j in range(len(heard) + 1)]
    for i, (key, end) in enumerate((piece for word in known for piece in _said(word)), 1):
        diagonal, row[0] = row[0], float(i)
        for j, (other, at) in enumerate(heard, 1):
            apart = min(1.0, EDITS_PER_S * abs(at - end))
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (key != other) + apart)
    off = [abs(time - known[-1].end) for time in (words[0].start, *(w.end for w in words))]
    cost = [row[k] + min(EDITS_PER_S * off[n], MOST_TIME_EDITS) for n, k in enumerate(_ends(said))]
    return min(range(len(cost)), key=lambda n: (cost[n], off[n]))


def _said(word: HeardWord) -> list[Piece]:
    """Return the pieces of a word, spread evenly over its time."""
    said = pieces(word.text)
    share = (word.end - word.start) / len(said)
    return [(key, word.end - share * (len(said) - n)) for n, key in enumerate(said, 1)]


def _ends(said: Sequence[Sequence[Piece]]) -> list[int]:
    """Return how many pieces there are before the first word, and up to each word's end."""
    return [0, *accumulate(len(word) for word in said)]
