"""Which stretch of sound is looked at, and when: after each second of speech, and where it takes a breath or pauses."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from live_scribe.core.commit import FORCED_S

FRAME_S = 512 / 16_000
"""One decision of the speech detector."""

VOICED = 0.5
"""Silero's own threshold for speech to begin."""

STILL_VOICED = 0.35
"""And for it to go on: endings are fainter than beginnings."""

PAUSE_S = 0.45
"""So much silence ends an utterance: longer than a stop consonant or a breath, shorter than a turn's change."""

BREATH_S = 0.2
"""So much silence is worth a look: no word is cut there, and should it become a pause, that look has heard it all."""

BREATH_STEP_S = 0.5
"""But not sooner than so long after the look before: a list ("fever, chills, cough") breathes at each comma."""

STEP_S = 1.0
"""A look for each second of speech: a word is seen half a second after it was said, and confirmed one look later."""

FIRST_STEP_S = 0.7
"""A voice that has only begun is not looked at before so much of it is there: of less, whisper makes words up."""

STEP_PER_LAG = 0.5
"""A visit that is behind looks less often: the tail comes later, nothing is left out."""

LONGEST_STEP_S = 8.0

PREROLL_S = 0.3
"""Sound kept before a voice begins: the detector finds it some frames late."""

KEEP_S = 3.0
"""Confirmed speech that stays in the window: whisper mishears a beginning without what came before it."""

SILENCE_S = 3.0
"""After so much silence what was said before helps no longer."""

TRIM_AT_S = 8.0
"""A window longer than this lets confirmed speech go: looks stay cheap, at about the same price a second."""

FULL_S = 20.0
"""No window grows beyond whisper's 30 s, with room for the longest step and the margin: a full one is settled."""

REMEMBERED_FRAMES = 2048
"""Decisions kept: 65 s, more than any window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A stretch to hear, in seconds. `final`: speech has paused at its end; `full`: the window is at its limit.

    `cut`: no more sound came, in the middle of speech: final, but for a word at its very end. `known`: final, and the
    look before it has heard all of the voice, so that there is nothing to hear again.
    """

    start: float
    end: float
    final: bool = False
    cut: bool = False
    full: bool = False
    known: bool = False


class AudioWindow:
    """Follows the speech detector through a visit's sound, and says what to look at. Times are seconds of the visit."""

    def __init__(self, start: float = 0.0) -> None:
        self.start = start
        self.heard = start
        self._frames: deque[bool] = deque(maxlen=REMEMBERED_FRAMES)
        self._speaking = False
        self._onset = start
        self._last_voiced = start
        self._looked = start
        self._frames_to = start

    @property
    def speaking(self) -> bool:
        """Whether somebody speaks, or stopped less than a pause ago."""
        return self._speaking

    @property
    def last_voiced(self) -> float:
        """Where the last voice ended."""
        return self._last_voiced

    def hear(self, end: float, probabilities: Sequence[float]) -> None:
        """Take in sound up to `end`, with the detector's further decisions about it."""
        self.heard = end
        for probability in probabilities:
            self._frames_to += FRAME_S
            voiced = probability >= (STILL_VOICED if self._is_voice() else VOICED)
            self._frames.append(voiced)
            if voiced:
                if not self._speaking:
                    self._speaking, self._onset = True, self._frames_to - FRAME_S
                self._last_voiced = self._frames_to

    def _is_voice(self) -> bool:
        return bool(self._frames) and self._frames[-1]

    def voiced(self, start: float, end: float) -> float:
        """Return the share of voiced decisions between two times; sound that is forgotten counts as voiced."""
        first = self._frames_to - len(self._frames) * FRAME_S
        low = max(0, int((start - first) / FRAME_S))
        high = min(len(self._frames), int((end - first) / FRAME_S) + 1)
        if start < first or high <= low:
            return 1.0 if start < first else 0.0
        inside = [self._frames[i] for i in range(low, high)]
        return sum(inside) / len(inside)

    def due(self, lag: float, *, step: float = STEP_S, stalled: bool = False) -> Look | None:
        """Return what to look at now, `lag` seconds behind the sound that is there; null where nothing is due.

        `step`: seconds of speech from one look to the next, as the governor has it (core/governor.py).
        `stalled`: no sound comes at the moment (the visit is paused, the line is down): what was said is settled.
        """
        if not self._speaking:
            self._forget_silence()
            return None
        silence = self.heard - self._last_voiced
        if silence >= PAUSE_S:
            known = self._looked - self._last_voiced >= BREATH_S
            return Look(start=self.start, end=self.heard, final=True, known=known)
        if stalled:
            return Look(start=self.start, end=self.heard, final=True, cut=True) if self.heard > self._looked else None
        if self._last_voiced <= self._looked or self.heard - self._onset < FIRST_STEP_S:
            return None
        step = min(LONGEST_STEP_S, max(step, lag * STEP_PER_LAG))
        if step <= STEP_S and silence >= BREATH_S:
            step = BREATH_STEP_S
        if self.heard - self._looked < step:
            return None
        return Look(start=self.start, end=self.heard, full=self.heard - self.start >= FULL_S)

    def _forget_silence(self) -> None:
        if self.heard - self._last_voiced > SILENCE_S:
            self.start = max(self.start, self.heard - PREROLL_S)

    def looked(self, look: Look) -> None:
        """Note that `look` was carried out."""
        self._looked = look.end
        if look.final and not look.cut:
            self._speaking = False

    def begin(self, look: Look, earliest: float, boundary: float | None) -> None:
        """Let settled sound go after `look`: the window begins at `boundary`, a confirmed word not before `earliest`.

        After a pause with nothing to keep, it begins where the voice ended. A full window in which no words were found
        (music, another language) moves on all the same: else it would hold up what is said behind it.
        """
        if look.final and boundary is None and not look.cut:
            self.start = max(self.start, min(self.heard - PREROLL_S, self._last_voiced))
        elif boundary is not None and boundary > self.start and (look.final or self.heard - self.start > TRIM_AT_S):
            self.start = max(earliest, boundary - FRAME_S)
        if look.full:
            self.start = max(self.start, self.heard - FORCED_S - KEEP_S)
