"""Codes of items, for FHIR: UCUM for units, LOINC for vital signs. Both may be used free of charge (docs/note.md)."""

from __future__ import annotations

LOINC = {
    "Blood pressure": "85354-9",
    "Heart rate": "8867-4",
    "Respiratory rate": "9279-1",
    "Temperature": "8310-5",
    "Oxygen saturation": "2708-6",
    "Weight": "29463-7",
    "Height": "8302-2",
    "BMI": "39156-5",
}
"""Of FHIR's vital signs profile; a pressure's parts are 8480-6 (systolic) and 8462-4 (diastolic)."""

UCUM = {
    **{"mmHg": "mm[Hg]", "bpm": "/min", "breaths/min": "/min", "%": "%", "kg/m²": "kg/m2"},
    **{"mg": "mg", "mcg": "ug", "g": "g", "mL": "mL", "mEq": "meq", "units": "[USP'U]", "IU": "[iU]"},
    **dict.fromkeys(("kg", "kilograms", "kilos"), "kg"),
    **dict.fromkeys(("pounds", "lbs", "lb"), "[lb_av]"),
    **dict.fromkeys(("inches", "in"), "[in_i]"),
    **dict.fromkeys(("centimeters", "cm"), "cm"),
}
"""A unit as the note writes it. What is counted (tablets, puffs) has none; nor has a temperature, see `temperature`."""

FAHRENHEIT_FROM = 60.0
"""No living body is as cold in Fahrenheit or as hot in Celsius."""


def temperature(value: float) -> str:
    """Return the unit that a temperature was told in."""
    return "[degF]" if value >= FAHRENHEIT_FROM else "Cel"
