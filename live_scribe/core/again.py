"""Which stretch of sound a second look takes: wide, from a voice to a pause, so that no sentence is cut."""

from __future__ import annotations

from collections.abc import Sequence

from live_scribe.core.guards import Voiced, unheard_from
from live_scribe.core.hearing import Hypothesis
from live_scribe.core.window import FRAME_S, PREROLL_S, STILL_VOICED, VOICED

WIDEST_S = 28.0
"""Whisper hears 30 s at once; behind the sound it needs the margin of silence that shorter looks have too."""

EARLIEST_END_S = 18.0
"""A window ends at the longest pause behind this: nearly all talk has one in ten seconds."""

LEAST_STEP_S = 8.0
"""A window moves on by so much at least, also where its look has words for less of it: it must come to an end."""

UNHEARD_TAIL_S = 0.4
"""So much voice behind a look's last word was passed over: whisper leaves out a sentence that seems unfinished."""


def onset(probabilities: Sequence[float]) -> float | None:
    """Return how many seconds into a stretch its first voice begins, with a little before it; null in silence."""
    first = next((i for i, p in enumerate(probabilities) if p >= VOICED), None)
    return None if first is None else max(0.0, first * FRAME_S - PREROLL_S)


def best_end(probabilities: Sequence[float]) -> float:
    """Return how many seconds into a full window the longest pause of its last part has its middle."""
    first = int(EARLIEST_END_S / FRAME_S)
    best, best_run, run = len(probabilities), 0, 0
    for i in range(first, len(probabilities)):
        run = run + 1 if probabilities[i] < STILL_VOICED else 0
        if run > best_run:
            best, best_run = i - run // 2, run
    return best * FRAME_S


def covered_to(look: Hypothesis, voiced: Voiced) -> float:
    """Return up to where a look has words for what was said: behind it the next window begins."""
    if not look.words:
        return look.end
    passed = unheard_from(look, voiced)
    last = look.words[-1].end
    if passed is None and (look.end - last) * voiced(last, look.end) >= UNHEARD_TAIL_S:
        passed = last
    if passed is None or passed < look.start + LEAST_STEP_S:
        return look.end
    return passed
