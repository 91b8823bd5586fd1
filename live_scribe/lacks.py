"""What a note lacks, told to its screens: facts heard and not noted, how complete it is, what was odd in the talk."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from live_scribe.core import events as e
from live_scribe.core.completeness import Completeness, CompletenessWatch
from live_scribe.core.notices import Notice, NoticesWatch
from live_scribe.core.omissions import Omission
from live_scribe.core.visit import Visit
from live_scribe.core.wire import lacks_json, note_json
from live_scribe.ports import OmissionFinder

log = logging.getLogger(__name__)

_OF_NO_MATTER = (
    e.WordsCommitted | e.AudioGap | e.MomentMarked | e.SoundHeardAgain | e.ReadingOffered | e.ReadingDismissed
)
"""Facts that change neither what was said nor what stands in the note."""


class Lacks:
    """Finds it, and says it again where it has changed."""

    def __init__(self, finder: OmissionFinder | None) -> None:
        self._finder = finder
        self._completeness = CompletenessWatch()
        self._notices = NoticesWatch()
        self._told: dict[str, Any] | None = None

    def note(self, visit: Visit) -> dict[str, Any]:
        """Return the note's JSON with what it lacks."""
        return note_json(visit, *self._found(visit))

    def hint(self, visit: Visit) -> dict[str, Any]:
        """Return what screens are told."""
        self._told = {"type": "lacks", **lacks_json(*self._found(visit))}
        return self._told

    def changed(self, visit: Visit, facts: Iterable[e.Fact]) -> dict[str, Any] | None:
        """Return what screens are to be told after `facts`; null where it is what they were told last."""
        if all(isinstance(fact, _OF_NO_MATTER) for fact in facts):
            return None
        before = self._told
        hint = self.hint(visit)
        return None if hint == before else hint

    def _found(self, visit: Visit) -> tuple[tuple[Omission, ...], Completeness, tuple[Notice, ...]]:
        return self._omitted(visit), self._completeness.read(visit), self._notices.read(visit)

    def _omitted(self, visit: Visit) -> tuple[Omission, ...]:
        """A list beside the note must not end the visit: a fault in finding it is logged, and the list is empty."""
        try:
            return self._finder.find(visit) if self._finder else ()
        except Exception as exc:  # any fault in finding
            log.error("omissions were not found", extra={"visit": visit.id, "error": type(exc).__name__})
            return ()
