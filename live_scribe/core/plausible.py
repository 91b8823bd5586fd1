"""Vital signs that hardly can be: most likely misheard, or another sign's value. Doses have no limits here."""

from __future__ import annotations

import re

from live_scribe.core.note import Item

PLAUSIBLE = {
    "Heart rate": (25.0, 250.0),
    "Respiratory rate": (4.0, 70.0),
    "Oxygen saturation": (50.0, 100.0),
    "BMI": (9.0, 90.0),
}
"""Who sits in a visit and talks lies within these; from a premature baby's pulse to an adult's in a coma is wider."""

TEMPERATURE = {"F": (89.0, 109.0), "C": (32.0, 43.0)}
"""From deep hypothermia to more than anybody survives; which of the two was meant, its size tells."""

SYSTOLIC, DIASTOLIC = (50, 280), (20, 170)
"""mmHg, as measured with a cuff in somebody who can talk: "12/80" is none."""

LEAST_PULSE_PRESSURE = 15
"""mmHg between the two: "140/130" is two readings put together, or misheard."""

WEIGHT = {"kg": (0.4, 400.0), "lb": (0.9, 880.0)}
"""From the smallest newborn that lives to the heaviest people that are weighed."""

HEIGHT = {"cm": (25.0, 250.0), "in": (10.0, 98.0)}
"""From a premature newborn to the tallest people."""

_PRESSURE = re.compile(r"(\d+)/(\d+)")


def is_implausible(item: Item | None) -> bool:
    """Whether the item is a vital sign with a value that hardly can be."""
    if item is None or item.get("kind") != "vital":
        return False
    name, value = str(item.get("name")), item.get("value")
    if name == "Blood pressure":
        return not _is_pressure(str(value))
    if not isinstance(value, int | float):
        return False
    if name == "Temperature":
        return not any(low <= value <= high for low, high in TEMPERATURE.values())
    by_unit = {"Weight": WEIGHT, "Height": HEIGHT}.get(name)
    low, high = by_unit.get(_unit(item), (0.0, 1e9)) if by_unit else PLAUSIBLE.get(name, (0.0, 1e9))
    return not low <= value <= high


def _is_pressure(value: str) -> bool:
    match = _PRESSURE.fullmatch(value)
    if match is None:
        return False
    upper, lower = int(match.group(1)), int(match.group(2))
    within = SYSTOLIC[0] <= upper <= SYSTOLIC[1] and DIASTOLIC[0] <= lower <= DIASTOLIC[1]
    return within and upper - lower >= LEAST_PULSE_PRESSURE


def _unit(item: Item) -> str:
    said = str(item.get("unit") or "").lower()
    short = {"pounds": "lb", "lbs": "lb", "kilograms": "kg", "kilos": "kg", "inches": "in", "centimeters": "cm"}
    return short.get(said, said)
