"""The fold's rules for other readings of words. Like all of the fold they never fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from live_scribe.core import events as e
from live_scribe.core.note import SuggestionState
from live_scribe.core.readings import Reading
from live_scribe.core.visit import Visit, number


def _offered(visit: Visit, fact: e.ReadingOffered, by: str, at: str) -> Visit:
    reading = Reading(
        id=fact.reading,
        utterance=fact.utterance,
        words=fact.words,
        heard=fact.heard,
        reason=fact.reason,
        concern=fact.concern,
        apart=fact.apart,
        speaker=fact.speaker,
    )
    counters = replace(visit.counters, reading=max(visit.counters.reading, number(reading.id) + 1))
    return replace(visit, readings={**visit.readings, reading.id: reading}, counters=counters)


def _settled(state: SuggestionState) -> Callable[[Visit, Any, str, str], Visit]:
    def rule(visit: Visit, fact: Any, by: str, at: str) -> Visit:
        reading = visit.readings.get(fact.reading)
        if reading is None:
            return visit
        return replace(visit, readings={**visit.readings, reading.id: replace(reading, state=state)})

    return rule


def stale_readings(visit: Visit, removed: Iterable[str]) -> Visit:
    """Return the visit in which open readings of these words (ids) are stale: the words read differently now."""
    gone = set(removed)
    stale = {
        k: replace(r, state=SuggestionState.STALE)
        for k, r in visit.readings.items()
        if r.state is SuggestionState.OPEN and not gone.isdisjoint(r.words)
    }
    return replace(visit, readings={**visit.readings, **stale}) if stale else visit


def _heard_again(visit: Visit, fact: e.SoundHeardAgain, by: str, at: str) -> Visit:
    return replace(visit, looked_to=max(visit.looked_to, fact.end))


READING_RULES: dict[type, Callable[[Visit, Any, str, str], Visit]] = {
    e.ReadingOffered: _offered,
    e.ReadingAccepted: _settled(SuggestionState.ACCEPTED),
    e.ReadingDismissed: _settled(SuggestionState.DISMISSED),
    e.SoundHeardAgain: _heard_again,
}
