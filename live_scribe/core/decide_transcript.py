"""What hearing adds to the transcript, and how people set it right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core import languages
from live_scribe.core.decide_readings import SCRIBE, corrected, replacing
from live_scribe.core.visit import Visit
from live_scribe.core.words import Role, Utterance, Word
from live_scribe.core.written import written
from live_scribe.errors import CommandRefused

Facts = tuple[e.Fact, ...]


def _commit_words(visit: Visit, command: c.CommitWords) -> Facts:
    first = visit.counters.word
    words = tuple(replace(w, id=f"w{first + i}") for i, w in enumerate(command.words))
    return (e.WordsCommitted(words=words),) if words else ()


def _close_utterance(visit: Visit, command: c.CloseUtterance) -> Facts:
    words = visit.open_words[: command.count]
    if not words:
        return ()
    closed = e.UtteranceClosed(
        utterance=f"u{visit.counters.utterance}",
        words=tuple(w.id for w in words),
        speaker=command.speaker,
        role=command.role,
        written=written(words) if visit.language in languages.WRITTEN else (),
    )
    return (closed,)


def _name_speaker(visit: Visit, command: c.NameSpeaker) -> Facts:
    said = visit.utterances.get(command.utterance)
    if said is None or said.id in visit.placed or said.speaker == command.speaker:
        return ()
    return (e.SpeakerAssigned(utterance=said.id, speaker=command.speaker),)


ROLE_NEWS = 0.1
"""A voice keeps its role while its confidence moves less than this: small steps are no news to anybody."""


def _name_role(visit: Visit, command: c.NameRole) -> Facts:
    known = visit.speakers.get(command.speaker)
    if known is not None:
        settled = known.role is command.role and abs(known.confidence - command.confidence) < ROLE_NEWS
        if known.final or settled:
            return ()
    return (e.RoleAssigned(speaker=command.speaker, role=command.role, confidence=round(command.confidence, 3)),)


def _note_gap(visit: Visit, command: c.NoteGap) -> Facts:
    return (e.AudioGap(start=command.start, end=command.end, reason=command.reason),)


def _utterance(visit: Visit, utterance_id: str) -> Utterance:
    said = visit.utterances.get(utterance_id)
    if said is None:
        raise CommandRefused("unknown-id", "there is no such utterance")
    return said


def _correct_words(visit: Visit, command: c.CorrectWords) -> Facts:
    said = _utterance(visit, command.utterance)
    if not 0 <= command.start_word < command.end_word <= len(said.words):
        raise CommandRefused("invalid", "start_word, end_word: not words of this utterance", said.id)
    surfaces = command.text.split()
    if not surfaces:
        raise CommandRefused("invalid", "text: words are needed; to remove what was said, strike it", said.id)
    removed = said.words[command.start_word : command.end_word]
    words = replacing(
        visit,
        removed,
        (
            Word(id="", text=text, start=start, end=end)
            for text, (start, end) in zip(surfaces, _spread(removed, len(surfaces)), strict=True)
        ),
    )
    return (corrected(visit, said, removed, words, SCRIBE),)


def _spread(removed: tuple[Word, ...], count: int) -> list[tuple[float | None, float | None]]:
    """Return `count` stretches of time that share out the time of the removed words evenly."""
    start, end = removed[0].start, removed[-1].end
    if start is None or end is None:
        return [(None, None)] * count
    width = (end - start) / count
    return [(round(start + i * width, 3), round(start + (i + 1) * width, 3)) for i in range(count)]


def _assign_role(visit: Visit, command: c.AssignRole) -> Facts:
    _known_voice(visit, command.speaker)
    return (e.RoleAssigned(speaker=command.speaker, role=command.role),)


def _known_voice(visit: Visit, speaker: str) -> Role:
    if speaker in visit.speakers:
        return visit.speakers[speaker].role
    if any(u.speaker == speaker for u in visit.utterances.values()):
        return Role.UNKNOWN
    raise CommandRefused("unknown-id", "there is no such voice in this visit")


def _swap_roles(visit: Visit, command: c.SwapRoles) -> Facts:
    a, b = _known_voice(visit, command.a), _known_voice(visit, command.b)
    return (e.RoleAssigned(speaker=command.a, role=b), e.RoleAssigned(speaker=command.b, role=a))


def _assign_speaker(visit: Visit, command: c.AssignSpeaker) -> Facts:
    said = _utterance(visit, command.utterance)
    if not command.speaker.startswith("S") or not command.speaker[1:].isdigit():
        raise CommandRefused("invalid", 'speaker: "S" and a number', said.id)
    return (e.SpeakerAssigned(utterance=said.id, speaker=command.speaker),)


def _mark_moment(visit: Visit, command: c.MarkMoment) -> Facts:
    moment = visit.clock if command.moment is None else command.moment
    if not 0 <= moment <= visit.clock:
        raise CommandRefused("invalid", "moment: not a second of this visit")
    return (e.MomentMarked(moment=moment),)


def _notice_language(visit: Visit, command: c.NoticeLanguage) -> Facts:
    known = command.language == visit.language or visit.detected is not None
    if known or command.probability < languages.SURE:
        return ()
    return (e.LanguageDetected(language=command.language, probability=round(command.probability, 3)),)


def _set_language(visit: Visit, command: c.SetLanguage) -> Facts:
    """Whether the loaded model knows the language, the session has made sure of."""
    return () if command.language == visit.language else (e.LanguageSet(language=command.language),)


MACHINE_DECISIONS: dict[type, Callable[[Visit, Any], Facts]] = {
    c.CommitWords: _commit_words,
    c.CloseUtterance: _close_utterance,
    c.NameSpeaker: _name_speaker,
    c.NameRole: _name_role,
    c.NoteGap: _note_gap,
    c.NoticeLanguage: _notice_language,
}

TRANSCRIPT_DECISIONS: dict[type, Callable[[Visit, Any], Facts]] = {
    c.CorrectWords: _correct_words,
    c.AssignRole: _assign_role,
    c.SwapRoles: _swap_roles,
    c.AssignSpeaker: _assign_speaker,
    c.MarkMoment: _mark_moment,
    c.SetLanguage: _set_language,
}
