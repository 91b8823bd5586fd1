"""Off the record: which words, statements and suggestions go when a passage of sound is struck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from live_scribe.core import events as e
from live_scribe.core.commands import StrikeAudio
from live_scribe.core.draft import DraftRefused
from live_scribe.core.log import Entry, Struck
from live_scribe.core.note import Evidence, Statement
from live_scribe.core.visit import Visit
from live_scribe.core.words import Utterance, Word
from live_scribe.errors import CommandRefused


def strike_audio(visit: Visit, command: StrikeAudio) -> tuple[e.Fact, ...]:
    """Return the fact of the strike: all words that touch the passage, and all that was drafted from them, go."""
    if not 0 <= command.start < command.end:
        raise CommandRefused("invalid", "start, end: seconds of this visit, start before end")
    utterances = visit.utterances.values()
    words = {w.id for u in utterances for w in u.words if _touches(w, command)}
    words |= {w.id for w in visit.open_words if _touches(w, command)}
    hit = [u for u in utterances if any(w.id in words for w in u.words)]
    statements = {s.id for s in visit.statements.values() if _rests_on(visit, s, words, hit)}
    suggestions = {
        s.id
        for s in visit.suggestions.values()
        if s.statement in statements or any(_cites(ev, words, hit) for ev in s.evidence)
    }
    touched = {u.id for u in hit}
    return (
        e.AudioStruck(
            start=command.start,
            end=command.end,
            reason=command.reason,
            words=tuple(sorted(words)),
            gone=tuple(u.id for u in hit if all(w.id in words for w in u.words)),
            statements=tuple(sorted(statements)),
            suggestions=tuple(sorted(suggestions)),
            readings=tuple(
                sorted(
                    r.id
                    for r in visit.readings.values()
                    if r.utterance in touched or any(_touches(w, command) for w in r.heard)
                )
            ),
            # What a model wrote may hold the words of any talk it was shown, whatever it cites.
            refusals=tuple(sorted(visit.refused)),
        ),
    )


def _touches(word: Word, command: StrikeAudio) -> bool:
    return word.start is not None and word.end is not None and word.start < command.end and word.end > command.start


def _cites(evidence: Evidence, words: set[str], hit: list[Utterance]) -> bool:
    """Whether the evidence holds struck words; evidence that names no words stands for its whole utterance."""
    if evidence.words:
        return not words.isdisjoint(evidence.words)
    return any(u.id == evidence.utterance for u in hit)


def _rests_on(visit: Visit, statement: Statement, words: set[str], hit: list[Utterance]) -> bool:
    versions = (*visit.history.get(statement.id, ()), statement)
    return any(_cites(ev, words, hit) for version in versions for ev in version.evidence)


def restate(before: Visit, after: Visit, log: Iterable[Entry], fact: e.AudioStruck) -> tuple[e.Fact, ...]:
    """Return the strike with the entries it destroys, and facts that say again what else those entries held.

    `before` and `after` are the visit without and with `fact`; `log` all its entries so far.
    """
    hit = {u.id for u in before.utterances.values() if any(w.id in set(fact.words) for w in u.words)}
    doomed = [entry for entry in log if _must_go(entry.fact, fact, hit)]
    words = {w.id for entry in doomed for w in _words(entry.fact)}
    utterances = tuple(
        e.UtteranceRestated(utterance=u, behind=after.found.get(u.id))
        for u in after.utterances.values()
        if u.id in hit or not words.isdisjoint(w.id for w in u.words)
    )
    waiting = not words.isdisjoint(w.id for w in before.open_words)
    open_words = (e.OpenWordsRestated(words=after.open_words),) if waiting else ()
    return (replace(fact, struck=tuple(entry.seq for entry in doomed)), *utterances, *open_words)


def _must_go(fact: e.Fact | Struck, strike: e.AudioStruck, hit: set[str]) -> bool:
    """Whether a fact holds something of the struck passage."""
    if isinstance(fact, e.UtteranceClosed):
        return fact.utterance in hit and bool(fact.written)
    if isinstance(fact, e.WordsCorrected | e.OmissionDismissed | e.OmissionRestored):
        return fact.utterance in hit
    if isinstance(fact, e.ReadingOffered):
        return fact.reading in strike.readings
    if isinstance(fact, DraftRefused):
        return fact.refusal in strike.refusals
    if isinstance(fact, e.SuggestionMade):
        return fact.suggestion in strike.suggestions
    if isinstance(fact, e.StatementProposed | e.StatementRevised | e.StatementEdited | e.StatementAdded):
        return fact.statement in strike.statements
    return any(w.id in strike.words for w in _words(fact))


def _words(fact: e.Fact | Struck) -> tuple[Word, ...]:
    if isinstance(fact, e.WordsCommitted | e.WordsCorrected | e.OpenWordsRestated):
        return fact.words
    return fact.utterance.words if isinstance(fact, e.UtteranceRestated | e.UtteranceFound) else ()
