"""Reads a written dialogue, or a JSON transcript, into utterances. The formats are those of docs/protocol.md.

A text file has one turn a line: `[doctor] …` or `Doctor: …`; a line without a speaker goes on the turn before it. Where
no line names a speaker, each line is a turn of a voice that is not known.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from live_scribe.core.languages import DEFAULT
from live_scribe.core.words import Role, Utterance, Word
from live_scribe.errors import DialogueError

ROLE_NAMES: dict[str, Role] = {
    "doctor": Role.DOCTOR,
    "dr": Role.DOCTOR,
    "physician": Role.DOCTOR,
    "clinician": Role.DOCTOR,
    "provider": Role.DOCTOR,
    "patient": Role.PATIENT,
    "pt": Role.PATIENT,
    "guest": Role.COMPANION,
    "patient_guest": Role.COMPANION,
    "guest_family": Role.COMPANION,
    "guest_clinician": Role.OTHER,
    "companion": Role.COMPANION,
    "nurse": Role.OTHER,
    "other": Role.OTHER,
    "unknown": Role.UNKNOWN,
}
"""Tags that people write, and the role of the closed list that each means."""

_BRACKETED = re.compile(r"\[\s*([^\]\[]{1,40}?)\s*\]\s*:?\s*(.*)", re.DOTALL)
_NAMED = re.compile(r"([A-Za-z][A-Za-z_ .]{0,30}\d{0,3})\s*:\s*(.*)", re.DOTALL)
_VOICE = re.compile(r"(?:speaker|voice|s|spk)[ _]?\d{1,3}", re.IGNORECASE)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_MAX_DIGITS_S = 1e7
"""No recording lasts 115 days: a larger time is not a time."""


def parse_dialogue(text: str) -> tuple[Utterance, ...]:
    """Return what is written in `text`: a text dialogue, or a JSON transcript if it begins with a brace.

    Raises DialogueError that names the line (or the utterance) and never its words.
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("{"):
        return parse_transcript(text)
    return _parse_lines(text)


def _parse_lines(text: str) -> tuple[Utterance, ...]:
    turns: list[tuple[str | None, Role | None, list[str]]] = []
    tagged = False
    for number, line in enumerate(text.splitlines(), 1):
        if _NOT_TEXT.search(line):
            raise DialogueError(f"line {number}: this is not text; give a dialogue with one turn a line")
        if not line.strip():
            continue
        speaker, role, said = _split_tag(line.strip())
        if speaker is not None or role is not None:
            tagged = True
            turns.append((speaker, role, [said]))
        elif turns and tagged:
            turns[-1][2].append(said)
        else:
            turns.append((None, None, [said]))
    if not turns:
        raise DialogueError("line 1: the dialogue is empty; write one turn a line, as [doctor] … or [patient] …")
    return _number(turns)


def _split_tag(line: str) -> tuple[str | None, Role | None, str]:
    """Return the speaker's own name (if it is no role), the role, and what was said."""
    if match := _BRACKETED.fullmatch(line):
        name = match.group(1)
        role = ROLE_NAMES.get(_tag_key(name))
        return (None if role else name[:40], role or Role.UNKNOWN, match.group(2))
    if match := _NAMED.fullmatch(line):
        if role := ROLE_NAMES.get(_tag_key(match.group(1))):
            return None, role, match.group(2)
        if _VOICE.fullmatch(match.group(1).strip()):
            return match.group(1).strip(), Role.UNKNOWN, match.group(2)
    return None, None, line


def _tag_key(name: str) -> str:
    return name.strip().lower().rstrip(".").replace(" ", "_")


def _number(turns: list[tuple[str | None, Role | None, list[str]]]) -> tuple[Utterance, ...]:
    made: list[Utterance] = []
    word = 0
    for speaker, role, lines in turns:
        texts = " ".join(lines).split()
        words = tuple(Word(id=f"w{word + i}", text=t) for i, t in enumerate(texts, 1))
        word += len(words)
        if words:
            made.append(Utterance(id=f"u{len(made) + 1}", words=words, speaker=speaker, role=role))
    return tuple(made)


def parse_transcript(text: str) -> tuple[Utterance, ...]:
    """Return the utterances of a JSON transcript (version 1). Raises DialogueError naming line or utterance."""
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as exc:
        line = exc.lineno if isinstance(exc, json.JSONDecodeError) else 1
        raise DialogueError(f"line {line}: this is not valid JSON; give what `transcribe --format json` wrote") from exc
    if not isinstance(document, dict) or document.get("version") != 1:
        raise DialogueError("line 1: this is not a transcript of version 1 (docs/protocol.md)")
    listed = document.get("utterances")
    if not isinstance(listed, list):
        raise DialogueError("line 1: the transcript has no list `utterances`")
    language = document.get("language") or DEFAULT
    if not isinstance(language, str):
        raise DialogueError("line 1: `language` must be a text")
    seen: set[str] = set()
    return tuple(u for n, value in enumerate(listed, 1) if (u := _utterance(value, n, seen, language)).words)


def _utterance(value: object, number: int, seen: set[str], language: str) -> Utterance:
    where = f"utterance {number}"
    if not isinstance(value, dict):
        raise DialogueError(f"{where}: an object is needed")
    name = value.get("id") or f"u{number}"
    if not isinstance(name, str) or name in seen:
        raise DialogueError(f"{where}: `id` must be a text that no other utterance has")
    seen.add(name)
    speaker, role = value.get("speaker"), value.get("role")
    if speaker is not None and not isinstance(speaker, str):
        raise DialogueError(f"{where}: `speaker` must be a text or null")
    if role is not None and role not in set(Role):
        raise DialogueError(f"{where}: `role` must be one of {', '.join(Role)}, or null")
    words, known = _words(value, name, where), Role(role) if role else None
    return Utterance(id=name, words=words, speaker=speaker, role=known, language=language)


def _words(value: dict[str, Any], name: str, where: str) -> tuple[Word, ...]:
    listed, text = value.get("words"), value.get("text")
    if listed is None:
        if not isinstance(text, str):
            raise DialogueError(f"{where}: `text` or `words` is needed")
        return _spread(text, name, _time(value.get("start"), where), _time(value.get("end"), where))
    if not isinstance(listed, list):
        raise DialogueError(f"{where}: `words` must be a list or null")
    return tuple(_word(w, f"{name}.{i}", where) for i, w in enumerate(listed, 1))


def _spread(text: str, name: str, start: float | None, end: float | None) -> tuple[Word, ...]:
    """Words of an utterance that was not timed word by word: the first has its start, the last its end."""
    texts = text.split()
    last = len(texts) - 1
    return tuple(
        Word(id=f"{name}.{i + 1}", text=t, start=start if i == 0 else None, end=end if i == last else None)
        for i, t in enumerate(texts)
    )


def _word(value: object, name: str, where: str) -> Word:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str) or not value["text"].strip():
        raise DialogueError(f"{where}: each word needs a `text`")
    display, own = value.get("display"), value.get("id")
    if (display is not None and not isinstance(display, str)) or (own is not None and not isinstance(own, str)):
        raise DialogueError(f"{where}: `id` and `display` of a word must be texts or null")
    return Word(
        id=own or name,
        text=value["text"].strip(),
        start=_time(value.get("start"), where),
        end=_time(value.get("end"), where),
        probability=_time(value.get("probability"), where),
        display=display,
    )


def _time(value: object, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DialogueError(f"{where}: times and probabilities must be numbers or null")
    if not 0 <= value <= _MAX_DIGITS_S:
        raise DialogueError(f"{where}: a time or probability lies outside of what can be")
    return float(value)
