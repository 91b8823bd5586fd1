"""Which stretch of sound a second look takes: wide, from a voice to a pause, so that no sentence is cut."""

from __future__ import annotations

from collections.abc import Sequence

from live_scribe.core.guards import Voiced, unheard_from
from live_scribe.core.hearing import Hypothesis
from live_scribe.core.window import FRAME_S, PREROLL_S, STILL_VOICED, VOICED

WIDEST_S = 30.0
"""So much whisper hears at once. Where the sound breaks off at its end it says so, and goes on there the next time;
with silence behind it, it takes a broken sentence for a whole one."""

EARLIEST_END_S = 18.0
"""Where the model does not say so, a window that ends in a voice is left at its longest pause behind this."""

EDGE_S = 0.3
"""A voice so near to a window's end goes on behind it."""

LEAST_STEP_S = 8.0
"""A window moves on by so much at least, also where its look has words for less of it: it must come to an end."""

UNHEARD_TAIL_S = 0.4
"""So much voice behind a look's last word was passed over: whisper leaves out a sentence that seems unfinished."""


def onset(probabilities: Sequence[float]) -> float | None:
    """Return how many seconds into a stretch its first voice begins, with a little before it; null in silence."""
    first = next((i for i, p in enumerate(probabilities) if p >= VOICED), None)
    return None if first is None else max(0.0, first * FRAME_S - PREROLL_S)


def best_end(probabilities: Sequence[float]) -> float:
    """Return how many seconds into a window the longest pause of its last part has its middle; its end without one."""
    first = int(EARLIEST_END_S / FRAME_S)
    best, best_run, run = len(probabilities), 0, 0
    for i in range(first, len(probabilities)):
        run = run + 1 if probabilities[i] < STILL_VOICED else 0
        if run > best_run:
            best, best_run = i - run // 2, run
    return best * FRAME_S


def covered_to(look: Hypothesis, voiced: Voiced, pause: float) -> float:
    """Return up to where a look has words for what was said: behind it the next window begins.

    Where the model tells itself that a last sentence goes on, that is taken up again from its beginning; where it does
    not, and the window ends in a voice, what comes behind its `pause` (seconds).
    """
    if not look.words:
        return look.end
    passed = unheard_from(look, voiced)
    last = look.words[-1].end
    if passed is None and look.complete is not None:
        passed = look.complete
    if passed is None and voiced(look.end - EDGE_S, look.end) > 0.0:
        passed = pause
    if passed is None and (look.end - last) * voiced(last, look.end) >= UNHEARD_TAIL_S:
        passed = last
    if passed is None or passed < look.start + LEAST_STEP_S:
        return look.end
    return passed
