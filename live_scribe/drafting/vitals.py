"""Vital signs with their values, out of what the clinician reads out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from live_scribe.core.codes import LOINC, UCUM, temperature
from live_scribe.core.note import Item
from live_scribe.core.numerals import read_number
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
        where = f" {self.item['where']}" if self.item["where"] else ""
        return f"{self.item['name']} {self.item['value']}{gap}{unit}".strip() + where


def vitals(phrase: Phrase, vocabulary: Vocabulary) -> list[Vital]:
    """Return the vital signs that have a value in this sentence (doses and pressures already in digits)."""
    text = words(phrase)
    named = sorted(
        ((m.start(), m.end(), cue) for cue in vocabulary.vitals for m in cue.pattern.finditer(text)),
        key=lambda n: n[:2],
    )
    found: list[Vital] = []
    for nth, (start, end, cue) in enumerate(named):
        stop = named[nth + 1][0] if nth + 1 < len(named) else len(text)
        new = _read(phrase, start, end, stop, cue)
        if new and new[0].item["name"] not in {v.item["name"] for v in found}:
            found += new
    return found


def _read(phrase: Phrase, start: int, end: int, stop: int, cue: VitalCue) -> list[Vital]:
    """Return the values between the name of a sign and that of the next; a pressure may have been taken twice."""
    first, at = match_span(phrase, start, end)
    limit = min(match_span(phrase, max(start, stop - 1), stop)[1], len(phrase))
    lower = [t.lower for t in phrase]
    near = at + _NEAR
    found: list[Vital] = []
    while at < min(limit, near):
        value, last = _value(lower, at, cue)
        if value is None:
            at += 1
            continue
        unit = cue.unit
        if cue.said_unit is not None:
            if last >= len(lower) or not cue.said_unit.match(lower[last]):
                return found
            unit, last = lower[last], last + 1
        where, last = _where(phrase, last, limit)
        item: Item = {"kind": "vital", "name": cue.name, "value": value, "unit": unit or None, "where": where}
        item |= {"code": LOINC.get(cue.name), "unit_code": _unit_code(item)}
        found.append(Vital(item, first, last))
        if not cue.pair:
            return found
        at, near = last, last + _NEAR
    return found


def _unit_code(item: Item) -> str | None:
    value = item["value"]
    if item["name"] == "Temperature" and isinstance(value, int | float):
        return temperature(value)
    return UCUM.get(str(item["unit"]))


_WHERE = re.compile(
    r"(?:in|on) (?:the|your|his|her) (?:right|left)(?: (?:arm|leg|wrist))?\b|(?:and )?regular\b|(?:while "
    r")?(?:lying down|standing|sitting|at rest)\b|on room air\b|on (?:two|three|four|2|3|4) liters\b"
)


def _where(phrase: Phrase, at: int, limit: int) -> tuple[str | None, int]:
    """What was said right behind a value about where or how it was taken."""
    match = _WHERE.match(words(phrase[at:limit]))
    if match is None or (at and set(phrase[at - 1].after) & set(".;")):
        return None, at
    return match.group().removeprefix("and ").replace("your", "the"), at + len(match.group().split())


def _value(lower: list[str], at: int, cue: VitalCue) -> tuple[str | float | int | None, int]:
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
