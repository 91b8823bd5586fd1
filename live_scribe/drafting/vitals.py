"""Vital signs with their values, out of what the clinician reads out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from live_scribe.core.note import Item
from live_scribe.drafting.numbers import read_number
from live_scribe.drafting.tokens import Phrase, match_span, words
from live_scribe.drafting.vocabulary import VitalCue, Vocabulary

_NEAR = 9
"""Words between the sign's name and its value: "your blood pressure today in the office was"."""
_PAIR = re.compile(r"\d{2,3}/\d{2,3}")


@dataclass(frozen=True, slots=True)
class Vital:
    """A vital sign read from `phrase[start:end]`."""

    item: Item
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sign as a line of the note: "Blood pressure 128/72 mmHg"."""
        unit = str(self.item["unit"] or "")
        gap = "" if unit in {"%", "°"} else " "
        return f"{self.item['name']} {self.item['value']}{gap}{unit}".strip()


def vitals(phrase: Phrase, vocabulary: Vocabulary) -> list[Vital]:
    """Return the vital signs that have a value in this sentence (doses and pressures already in digits)."""
    text = words(phrase)
    named = [(m.start(), m.end(), cue) for cue in vocabulary.vitals for m in cue.pattern.finditer(text)]
    named.sort(key=lambda n: n[0])
    found: list[Vital] = []
    for nth, (start, end, cue) in enumerate(named):
        stop = named[nth + 1][0] if nth + 1 < len(named) else len(text)
        vital = _read(phrase, start, end, stop, cue)
        if vital is not None and vital.item["name"] not in {v.item["name"] for v in found}:
            found.append(vital)
    return found


def _read(phrase: Phrase, start: int, end: int, stop: int, cue: VitalCue) -> Vital | None:
    first, behind = match_span(phrase, start, end)
    limit = min(match_span(phrase, max(start, stop - 1), stop)[1], behind + _NEAR, len(phrase))
    lower = [t.lower for t in phrase]
    for at in range(behind, limit):
        value, last = _value(phrase, lower, at, cue)
        if value is not None:
            unit = cue.unit
            if cue.said_unit is not None:
                said = lower[last] if last < len(lower) else ""
                if not cue.said_unit.match(said):
                    return None
                unit, last = said, last + 1
            item: Item = {"kind": "vital", "name": cue.name, "value": value, "unit": unit or None}
            return Vital(item, first, last)
    return None


def _value(phrase: Phrase, lower: list[str], at: int, cue: VitalCue) -> tuple[str | float | int | None, int]:
    if cue.pair:
        return (lower[at], at + 1) if _PAIR.fullmatch(lower[at]) else (None, at)
    word = lower[at].rstrip("%")
    number = read_number([*lower[:at], word, *lower[at + 1 :]], at, spoken_pairs=True)
    if number is None or "/" in lower[at]:
        return None, at
    value = float(number[0])
    if not cue.low <= value <= cue.high:
        return None, at
    return (value if "." in number[0] else int(value)), number[1]
