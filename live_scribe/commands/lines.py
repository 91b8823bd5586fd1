"""The lines of `transcribe --format jsonl` (docs/protocol.md), made of facts and hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from live_scribe.core import events as e
from live_scribe.core.codec import encode
from live_scribe.core.log import Entry
from live_scribe.core.words import Role, Utterance, Word, Written, with_forms, without_forms
from live_scribe.hub import Message

Line = dict[str, Any]


class Lines:
    """Turns what a session publishes into lines; it remembers the words, which later facts name by their ids."""

    def __init__(self, *, tails: bool = True) -> None:
        self._tails = tails
        self._words: dict[str, Word] = {}
        self._said: dict[str, Utterance] = {}
        self._roles: dict[str, Role] = {}

    def of(self, clock: float, message: Message) -> Iterator[Line]:
        """Yield the lines for one message; none for what a transcript does not show."""
        at = round(clock, 3)
        if not isinstance(message, Entry):
            if message.get("type") == "tail" and self._tails:
                yield {"type": "tail", "clock": at, "text": message["text"]}
            return
        match message.fact:
            case e.WordsCommitted(words=words):
                self._words |= {w.id: w for w in words}
                yield {"type": "words", "clock": at, "words": [_word(w) for w in words]}
            case e.UtteranceClosed() as fact:
                yield self._closed(at, fact)
            case e.UtteranceFound(utterance=said):
                yield self._utterance(at, said, ())
            case e.WordsCorrected() as fact:
                yield self._corrected(at, fact)
            case e.SpeakerAssigned(utterance=utterance, speaker=speaker):
                yield self._revised(at, utterance, speaker)
            case e.RoleAssigned(speaker=speaker, role=role, confidence=confidence):
                self._roles[speaker] = role
                yield {"type": "role", "clock": at, "speaker": speaker, "role": str(role), "confidence": confidence}
            case e.AudioGap(start=start, end=end, reason=reason):
                yield {"type": "gap", "clock": at, "start": start, "end": end, "reason": reason}

    def _closed(self, at: float, fact: e.UtteranceClosed) -> Line:
        words = with_forms((self._words.pop(id_) for id_ in fact.words), fact.written)
        role = self._roles.get(fact.speaker or "", fact.role)
        said = Utterance(id=fact.utterance, words=words, speaker=fact.speaker, role=role)
        return self._utterance(at, said, fact.written)

    def _utterance(self, at: float, said: Utterance, written: Iterable[Written]) -> Line:
        self._said[said.id] = said
        return {
            "type": "utterance",
            "clock": at,
            "id": said.id,
            "start": said.start,
            "end": said.end,
            "speaker": said.speaker,
            "role": None if said.role is None else str(said.role),
            "text": said.text,
            "words": [w.id for w in said.words],
            "written": [encode(form) for form in written],
        }

    def _corrected(self, at: float, fact: e.WordsCorrected) -> Line:
        said = self._said[fact.utterance]
        place = next(i for i, w in enumerate(said.words) if w.id in fact.removed)
        kept = tuple(w for w in without_forms(said.words, fact.removed) if w.id not in fact.removed)
        words = with_forms(kept[:place] + fact.words + kept[place:], fact.written)
        self._said[said.id] = replace(said, words=words)
        text = " ".join(w.text for w in fact.words)
        return {"type": "revised", "clock": at, "words": list(fact.removed), "text": text, "reason": fact.reason}

    def _revised(self, at: float, utterance: str, speaker: str) -> Line:
        said = self._said[utterance]
        role = self._roles.get(speaker)
        return {
            "type": "revised",
            "clock": at,
            "words": [w.id for w in said.words],
            "text": said.text,
            "reason": "speaker",
            "speaker": speaker,
            "role": None if role is None else str(role),
        }


def _word(word: Word) -> Line:
    return {
        "id": word.id,
        "text": word.text,
        "start": word.start,
        "end": word.end,
        "probability": word.probability,
        "speaker": None,
        "role": None,
    }
