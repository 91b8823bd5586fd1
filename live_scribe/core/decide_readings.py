"""Other readings of words that stand: when the machine may set them right itself, and how a person answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core import languages
from live_scribe.core.note import Owner, Statement, SuggestionState
from live_scribe.core.readings import Concern, Reading, ReadingReason
from live_scribe.core.visit import Visit
from live_scribe.core.words import Utterance, Word, match_key, with_forms, without_forms
from live_scribe.core.written import written
from live_scribe.errors import CommandRefused

Facts = tuple[e.Fact, ...]


def replacing(visit: Visit, removed: Sequence[Word], words: Iterable[Word]) -> tuple[Word, ...]:
    """Return `words` with ids: the first keep those of the words they replace, so evidence still points at them."""
    named = list(words)
    ids = [w.id for w in removed[: len(named)]]
    ids += [f"w{visit.counters.word + i}" for i in range(len(named) - len(ids))]
    return tuple(replace(word, id=id_) for word, id_ in zip(named, ids, strict=True))


def is_a_persons(word: Word) -> bool:
    """Whether a person wrote the word: only then has a word that has a time no probability."""
    return word.start is not None and word.probability is None


def stretch(said: Utterance, ids: Sequence[str]) -> tuple[Word, ...]:
    """Return the utterance's words of these ids where they stand in a row, none where they do not (any more)."""
    place = next((i for i, w in enumerate(said.words) if ids and w.id == ids[0]), None)
    found = () if place is None else said.words[place : place + len(ids)]
    return found if tuple(w.id for w in found) == tuple(ids) else ()


def _read_anew(visit: Visit, command: c.ReadAnew) -> Facts:
    """A person's words, and what a person's statement rests on, are never changed: then the reading is offered."""
    said = visit.utterances.get(command.utterance)
    words = stretch(said, command.words) if said else ()
    if said is None or not words or not command.heard or any(is_a_persons(w) for w in words):
        return ()
    if _was_offered(visit, command):
        return ()
    if command.apart and command.settle:
        return (_found(visit, said, command.heard, command.speaker),)
    if not command.apart and _surfaces(words) == _surfaces(command.heard):
        return ()
    if command.settle and not any(_is_held(visit, s, words, said.id) for s in visit.statements.values()):
        heard = replacing(visit, words, command.heard)
        return (corrected(visit, said, words, heard, command.reason),)
    return (
        e.ReadingOffered(
            reading=f"r{visit.counters.reading}",
            utterance=said.id,
            words=tuple(w.id for w in words),
            heard=command.heard,
            reason=command.reason,
            concern=Concern.NAME if command.reason in _OF_NAMES else command.concern,
            apart=command.apart,
            speaker=command.speaker,
        ),
    )


def _found(visit: Visit, beside: Utterance, heard: Sequence[Word], speaker: str | None) -> e.UtteranceFound:
    """Return the fact of an utterance that was passed over, in its place by time, `beside` one that is there."""
    ids = list(visit.utterances)
    place = ids.index(beside.id) + (heard[0].start is None or (beside.start or 0.0) <= heard[0].start)
    words = replacing(visit, (), heard)
    forms = written(words) if visit.language in languages.WRITTEN else ()
    known = visit.speakers.get(speaker or "")
    said = Utterance(
        id=f"u{visit.counters.utterance}",
        words=with_forms(words, forms),
        speaker=speaker,
        role=known.role if known else None,
        language=beside.language,
    )
    return e.UtteranceFound(utterance=said, behind=ids[place - 1] if place else "")


_OF_NAMES = (ReadingReason.VOCABULARY, ReadingReason.LOOK_ALIKE)
"""Readings for these reasons are names, whatever else they hold."""


def _surfaces(words: Iterable[Word]) -> list[str]:
    return [match_key(w.text) for w in words]


def _was_offered(visit: Visit, command: c.ReadAnew) -> bool:
    """Whether the same was offered before: what a person has put aside does not come back."""
    heard = _surfaces(command.heard)
    return any(r.words == command.words and _surfaces(r.heard) == heard for r in visit.readings.values())


def _is_held(visit: Visit, statement: Statement, words: Sequence[Word], utterance: str) -> bool:
    """Whether a person wrote or confirmed the statement, and it rests on one of the words."""
    theirs = statement.owner is Owner.HUMAN or any(f.confirmed_by for f in statement.flags)
    ids = {w.id for w in words}
    return theirs and any(
        not ids.isdisjoint(ev.words) if ev.words else ev.utterance == utterance for ev in statement.evidence
    )


SCRIBE = "scribe"
"""The reason of words that a person typed."""


def corrected(
    visit: Visit, said: Utterance, removed: Sequence[Word], words: tuple[Word, ...], reason: str
) -> e.WordsCorrected:
    """Return the fact that `words` stand in the place of `removed`, with the forms of numbers that come of it.

    What a person typed is shown as they typed it.
    """
    ids = tuple(w.id for w in removed)
    fact = e.WordsCorrected(utterance=said.id, removed=ids, words=words, reason=str(reason))
    if said.language not in languages.WRITTEN:
        return fact
    freed = without_forms(said.words, ids)
    place = freed.index(next(w for w in freed if w.id in ids))
    kept = tuple(w for w in freed if w.id not in ids)
    new = {w.id for w in words}
    fresh = new | {w.id for w, before in zip(freed, said.words, strict=True) if w != before}
    theirs = {w.id for w in kept if is_a_persons(w)} | (new if reason == SCRIBE else set())
    forms = written(kept[:place] + words + kept[place:])
    ours = tuple(f for f in forms if not fresh.isdisjoint(f.words) and theirs.isdisjoint(f.words))
    return replace(fact, written=ours)


def _open(visit: Visit, reading_id: str) -> Reading:
    reading = visit.readings.get(reading_id)
    if reading is None:
        raise CommandRefused("unknown-id", "there is no such reading")
    if reading.state is not SuggestionState.OPEN:
        raise CommandRefused("stale", f"the reading is {reading.state}", reading.id)
    return reading


def _accept(visit: Visit, command: c.AcceptReading) -> Facts:
    """What a person has accepted is a person's from now on: its words have no probability."""
    reading = _open(visit, command.reading)
    said = visit.utterances.get(reading.utterance)
    words = stretch(said, reading.words) if said else ()
    if said is None or not words:
        raise CommandRefused("stale", "the words read differently now", reading.id)
    theirs = tuple(replace(w, probability=None) for w in reading.heard)
    if reading.apart:
        return (e.ReadingAccepted(reading=reading.id), _found(visit, said, theirs, reading.speaker))
    heard = replacing(visit, words, theirs)
    return (e.ReadingAccepted(reading=reading.id), corrected(visit, said, words, heard, reading.reason))


def _dismiss(visit: Visit, command: c.DismissReading) -> Facts:
    return (e.ReadingDismissed(reading=_open(visit, command.reading).id),)


def _looked_again(visit: Visit, command: c.LookedAgain) -> Facts:
    return (e.SoundHeardAgain(end=command.end),) if command.end > visit.looked_to else ()


READING_DECISIONS: dict[type, Callable[[Visit, Any], Facts]] = {
    c.AcceptReading: _accept,
    c.DismissReading: _dismiss,
}

MACHINE_READINGS: dict[type, Callable[[Visit, Any], Facts]] = {
    c.ReadAnew: _read_anew,
    c.LookedAgain: _looked_again,
}
