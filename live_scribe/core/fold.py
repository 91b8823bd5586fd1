"""The fold: `apply(visit, entry) -> visit`. It never fails: what names something unknown changes nothing.

Live state always equals the fold of the stored log (tests/core/test_fold.py), also when passages have been struck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from live_scribe.core import events as e
from live_scribe.core.fold_note import NOTE_RULES
from live_scribe.core.fold_readings import READING_RULES, stale_readings
from live_scribe.core.log import Entry
from live_scribe.core.note import Addendum
from live_scribe.core.states import VisitState
from live_scribe.core.visit import Counters, Signature, Speaker, Visit, number, with_utterance
from live_scribe.core.words import Role, Utterance, with_forms, without_forms


def fold(visit_id: str, entries: Iterable[Entry]) -> Visit:
    """Return the visit that these entries, from the first on, tell of."""
    visit = Visit(id=visit_id)
    for entry in entries:
        visit = apply(visit, entry)
    return visit


def apply(visit: Visit, entry: Entry) -> Visit:
    """Return the visit after one more entry of its log."""
    changed = evolve(visit, entry.fact, by=entry.by, at=entry.at) if isinstance(entry.fact, e.Fact) else visit
    return replace(changed, seq=entry.seq, clock=max(visit.clock, entry.clock))


def evolve(visit: Visit, fact: e.Fact, *, by: str, at: str = "") -> Visit:
    """Return the visit after `fact`, leaving number and clock of the log alone."""
    return _RULES[type(fact)](visit, fact, by, at)


def _opened(visit: Visit, fact: e.VisitOpened, by: str, at: str) -> Visit:
    return replace(
        visit,
        template=fact.template,
        sections=fact.sections,
        language=fact.language,
        channels=fact.channels,
        sample=fact.sample,
        consent=fact.consent,
        patient=fact.patient,
        participants=fact.participants,
        created_by=by,
        created_at=at,
    )


def _language_detected(visit: Visit, fact: e.LanguageDetected, by: str, at: str) -> Visit:
    return replace(visit, detected=fact)


def _language_set(visit: Visit, fact: e.LanguageSet, by: str, at: str) -> Visit:
    return replace(visit, language=fact.language)


def _words_committed(visit: Visit, fact: e.WordsCommitted, by: str, at: str) -> Visit:
    highest = max((number(w.id) for w in fact.words), default=0)
    return replace(
        visit,
        open_words=visit.open_words + fact.words,
        counters=_at_least(visit.counters, word=highest + 1),
    )


def _utterance_closed(visit: Visit, fact: e.UtteranceClosed, by: str, at: str) -> Visit:
    counters = _at_least(visit.counters, utterance=number(fact.utterance) + 1)
    named = set(fact.words)
    words = with_forms((w for w in visit.open_words if w.id in named), fact.written)
    if not words:
        return replace(visit, counters=counters)
    known = visit.speakers.get(fact.speaker or "")
    role = known.role if known else fact.role
    said = Utterance(id=fact.utterance, words=words, speaker=fact.speaker, role=role, language=visit.language)
    return replace(
        visit,
        counters=counters,
        open_words=tuple(w for w in visit.open_words if w.id not in named),
        utterances={**visit.utterances, said.id: said},
    )


def _speaker_assigned(visit: Visit, fact: e.SpeakerAssigned, by: str, at: str) -> Visit:
    if by != "machine":
        # Also where the utterance is not there: the words that made it may have been struck, and are said again later.
        visit = replace(visit, placed=visit.placed | {fact.utterance})
    if fact.utterance not in visit.utterances:
        return visit
    known = visit.speakers.get(fact.speaker)
    said = replace(visit.utterances[fact.utterance], speaker=fact.speaker, role=known.role if known else Role.UNKNOWN)
    return replace(visit, utterances={**visit.utterances, said.id: said})


def _role_assigned(visit: Visit, fact: e.RoleAssigned, by: str, at: str) -> Visit:
    speaker = Speaker(role=fact.role, confidence=fact.confidence, final=by != "machine")
    utterances = {
        k: replace(u, role=fact.role) if u.speaker == fact.speaker else u for k, u in visit.utterances.items()
    }
    return replace(visit, speakers={**visit.speakers, fact.speaker: speaker}, utterances=utterances)


def _words_corrected(visit: Visit, fact: e.WordsCorrected, by: str, at: str) -> Visit:
    highest = max((number(w.id) for w in fact.words), default=0)
    visit = replace(visit, counters=_at_least(visit.counters, word=highest + 1))
    visit = stale_readings(visit, fact.removed)
    said = visit.utterances.get(fact.utterance)
    if said is None:
        return visit
    place = next((i for i, w in enumerate(said.words) if w.id in fact.removed), None)
    if place is None:
        return visit
    kept = tuple(w for w in without_forms(said.words, fact.removed) if w.id not in fact.removed)
    said = replace(said, words=with_forms(kept[:place] + fact.words + kept[place:], fact.written))
    return replace(visit, utterances={**visit.utterances, said.id: said})


def _audio_gap(visit: Visit, fact: e.AudioGap, by: str, at: str) -> Visit:
    return replace(visit, gaps=(*visit.gaps, fact))


def _audio_struck(visit: Visit, fact: e.AudioStruck, by: str, at: str) -> Visit:
    words, gone = set(fact.words), set(fact.gone)
    touched = {u.id for u in visit.utterances.values() if any(w.id in words for w in u.words)}
    counters = _at_least(
        visit.counters,
        word=_next(fact.words),
        utterance=_next(fact.gone),
        statement=_next(fact.statements),
        suggestion=_next(fact.suggestions),
        reading=_next(fact.readings),
        refusal=_next(fact.refusals),
    )
    return replace(
        visit,
        counters=counters,
        struck=(*visit.struck, (fact.start, fact.end)),
        open_words=tuple(w for w in visit.open_words if w.id not in words),
        utterances={k: _without(u, words) for k, u in visit.utterances.items() if k not in gone},
        placed=visit.placed - gone,
        statements={k: s for k, s in visit.statements.items() if k not in fact.statements},
        history={k: h for k, h in visit.history.items() if k not in fact.statements},
        suggestions={k: s for k, s in visit.suggestions.items() if k not in fact.suggestions},
        readings={k: r for k, r in visit.readings.items() if k not in fact.readings},
        refused={k: r for k, r in visit.refused.items() if k not in fact.refusals},
        dismissed={k: u for k, u in visit.dismissed.items() if u not in touched},
    )


def _without(said: Utterance, words: set[str]) -> Utterance:
    if words.isdisjoint(w.id for w in said.words):
        return said
    return replace(said, words=tuple(w for w in without_forms(said.words, words) if w.id not in words))


def _utterance_told(visit: Visit, fact: e.UtteranceRestated | e.UtteranceFound, by: str, at: str) -> Visit:
    counters = _at_least(
        visit.counters, utterance=number(fact.utterance.id) + 1, word=_next(w.id for w in fact.utterance.words)
    )
    return with_utterance(replace(visit, counters=counters), fact.utterance, fact.behind)


def _open_words_restated(visit: Visit, fact: e.OpenWordsRestated, by: str, at: str) -> Visit:
    counters = _at_least(visit.counters, word=_next(w.id for w in fact.words))
    return replace(visit, open_words=fact.words, counters=counters)


def _moment_marked(visit: Visit, fact: e.MomentMarked, by: str, at: str) -> Visit:
    return replace(visit, moments=(*visit.moments, fact.moment))


def _state_changed(visit: Visit, fact: e.StateChanged, by: str, at: str) -> Visit:
    signature = visit.signature
    if fact.state is VisitState.SIGNED and fact.content_hash is not None:
        signature = Signature(by=by, at=at, content_hash=fact.content_hash, attestation=fact.attestation)
    return replace(visit, state=fact.state, comment=fact.comment, signature=signature)


def _addendum_added(visit: Visit, fact: e.AddendumAdded, by: str, at: str) -> Visit:
    addendum = Addendum(id=fact.addendum, text=fact.text, by=by, at=at)
    counters = _at_least(visit.counters, addendum=number(fact.addendum) + 1)
    return replace(visit, addenda=(*visit.addenda, addendum), counters=counters)


def _next(ids: Iterable[str]) -> int:
    return max((number(i) for i in ids), default=0) + 1


def _at_least(counters: Counters, **values: int) -> Counters:
    return replace(counters, **{k: max(v, getattr(counters, k)) for k, v in values.items()})


_RULES: dict[type, Callable[[Visit, Any, str, str], Visit]] = {
    e.VisitOpened: _opened,
    e.LanguageDetected: _language_detected,
    e.LanguageSet: _language_set,
    e.WordsCommitted: _words_committed,
    e.UtteranceClosed: _utterance_closed,
    e.SpeakerAssigned: _speaker_assigned,
    e.RoleAssigned: _role_assigned,
    e.WordsCorrected: _words_corrected,
    e.AudioGap: _audio_gap,
    e.AudioStruck: _audio_struck,
    e.UtteranceRestated: _utterance_told,
    e.UtteranceFound: _utterance_told,
    e.OpenWordsRestated: _open_words_restated,
    e.MomentMarked: _moment_marked,
    e.StateChanged: _state_changed,
    e.AddendumAdded: _addendum_added,
    **READING_RULES,
    **NOTE_RULES,
}
