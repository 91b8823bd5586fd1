"""Finds out, once for each visit, which language is spoken: from the first seconds in which there is a voice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from live_scribe.core.audio import seconds
from live_scribe.core.hearing import LanguageHeard
from live_scribe.ports import Samples, SpeechEngine

ENOUGH_S = 6.0
"""So much speech is listened to: less is often "okay" and names, more makes a wrong language wait."""

VOICED = 0.5
"""The detector's probability from which a piece of sound counts as speech."""


class LanguageWatch:
    """Is fed the sound with the detector's probabilities; asks the engine when there is enough of a voice."""

    def __init__(self, engine: SpeechEngine, *, over: bool = False) -> None:
        self._engine = engine
        self._over = over or len(engine.languages) < 2
        self._kept: list[Samples] = []
        self._kept_s = 0.0

    def hear(self, sound: Samples, voiced: Sequence[float]) -> None:
        """Take in a piece of sound."""
        if not self._over and max(voiced, default=0.0) >= VOICED:
            self._kept.append(sound)
            self._kept_s += seconds(len(sound))

    @property
    def ready(self) -> bool:
        """Whether there is enough to judge by, and it has not been judged yet."""
        return not self._over and self._kept_s >= ENOUGH_S

    def judge(self) -> LanguageHeard | None:
        """Return the language of what was heard so far, null where there was no voice. Blocks for a look's time."""
        kept, self._kept, self._over = self._kept, [], True
        if not kept or len(self._engine.languages) < 2:
            return None
        language, probability = self._engine.detect_language(np.concatenate(kept))
        return LanguageHeard(language=language, probability=probability)
