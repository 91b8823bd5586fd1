"""The cues of a template, checked and made ready: sets of words, phrases to look for, compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from live_scribe.errors import TemplateError
from live_scribe.templates import Template, line_of, mistake

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCue:
    """A kind of question, and the lead that makes a sentence of a short answer to it ("Duration")."""

    pattern: Pattern
    lead: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalCue:
    """A vital sign: how it is named, its unit, and what values it can have."""

    name: str
    pattern: Pattern
    unit: str
    pair: bool = False
    low: float = 0.0
    high: float = 1000.0
    said_unit: Pattern | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Everything of cues.toml that the writer looks words up in."""

    fillers: Mapping[str, tuple[tuple[str, ...], ...]]
    openers: Mapping[str, tuple[tuple[str, ...], ...]]
    back_channels: frozenset[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    wake_words: tuple[str, ...]
    device_verbs: frozenset[str]
    small_talk: Pattern
    acronyms: Mapping[str, str]
    doubtful: float
    relatives: frozenset[str]
    spouse: frozenset[str]
    family_question: Pattern
    telling: Pattern
    sections: tuple[tuple[str, Pattern], ...]
    questions: tuple[QuestionCue, ...]
    patient_questions: tuple[QuestionCue, ...]
    phases: tuple[tuple[str, Pattern], ...]
    problem_cues: tuple[Pattern, ...]
    diagnosis: Pattern
    problem_stops: Pattern
    problem_words: Pattern
    orders: Pattern
    advice: Pattern
    order_verbs: frozenset[str]
    order_padding: tuple[tuple[str, ...], ...]
    exam_leads: Pattern
    exam_denials: Pattern
    finding: Pattern
    vitals: tuple[VitalCue, ...]
    symptoms: Mapping[str, str]
    symptom: Pattern
    condition: Pattern
    drugs: frozenset[str]
    drug: Pattern
    drug_class: Pattern
    routes: Mapping[str, str]
    route: Pattern
    frequencies: Mapping[str, str]
    frequency: Pattern
    units: Mapping[str, str]
    changes: Mapping[str, str]
    change: Pattern
    taking: Pattern
    base_verbs: frozenset[str]
    adverbs: frozenset[str]


@lru_cache(maxsize=8)
def _cached(path: Path, text: str) -> Vocabulary:
    import tomllib

    return _Reader(path, tomllib.loads(text)).vocabulary()


def vocabulary(template: Template) -> Vocabulary:
    """Return the template's vocabulary. Raises TemplateError naming file and line of a mistake."""
    path = template.folder / "cues.toml"
    if not path.is_file():
        return _Reader(path, template.cues).vocabulary()
    return _cached(path, path.read_text(encoding="utf-8"))


def phrases(listed: Iterable[str]) -> Pattern:
    """Return a pattern that finds any of these phrases as whole words, the longest first; never one that is empty."""
    ordered = sorted(set(listed), key=lambda p: (-len(p), p))
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(re.escape(p) for p in ordered) or '(?!)'})(?![\w'-])")


def named(vocabulary: Vocabulary) -> Callable[[str], tuple[str, ...]]:
    """Return what finds names in a text in small letters: drugs, how they are taken, conditions, findings."""
    found = (
        vocabulary.drug,
        vocabulary.drug_class,
        vocabulary.condition,
        vocabulary.symptom,
        vocabulary.route,
        vocabulary.frequency,
        vocabulary.finding,
    )
    return lambda text: tuple(name for pattern in found for name in pattern.findall(text))


def _by_first(listed: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first word, in the order they came."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in listed:
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


class _Reader:
    """Takes the tables apart and says where a mistake is."""

    def __init__(self, path: Path, tables: Mapping[str, Any]) -> None:
        self._path = path
        self._tables = tables

    def vocabulary(self) -> Vocabulary:
        return Vocabulary(**self._spoken(), **self._clinical())

    def _spoken(self) -> dict[str, Any]:
        return {
            "fillers": _by_first(self._word_tuples("speech", "fillers")),
            "openers": _by_first(self._word_tuples("speech", "openers")),
            "back_channels": frozenset(self._list("speech", "back_channels")),
            "yes": self._longest_first("speech", "yes"),
            "no": self._longest_first("speech", "no"),
            "wake_words": self._longest_first("speech", "wake_words"),
            "device_verbs": frozenset(self._list("speech", "device_verbs")),
            "small_talk": self._any("speech", "small_talk"),
            "acronyms": self._texts("speech", "acronyms"),
            "doubtful": float(self._value("numbers", "doubtful", (int, float))),
            "relatives": frozenset(self._list("history", "relatives")),
            "spouse": frozenset(self._list("history", "spouse")),
            "family_question": self._pattern(self._value("history", "family_question", str)),
            "telling": self._pattern(self._value("history", "telling", str)),
            "sections": tuple((r["section"], r["pattern"]) for r in self._rules("section_cue", "section")),
            "questions": self._questions("question"),
            "patient_questions": self._questions("patient_question"),
            "phases": tuple((r["phase"], r["pattern"]) for r in self._rules("phase", "phase")),
            "problem_cues": tuple(self._pattern(p) for p in self._list("problems", "cues")),
            "diagnosis": self._pattern(self._value("problems", "diagnosis", str)),
            "problem_stops": self._pattern(self._value("problems", "stop_words", str)),
            "problem_words": self._pattern(self._value("problems", "words", str)),
        }

    def _clinical(self) -> dict[str, Any]:
        symptoms = self._symptoms()
        routes, frequencies = self._names("medications", "routes"), self._names("medications", "frequencies")
        units, changes = self._names("medications", "units"), self._names("medications", "changes")
        drugs = frozenset(self._list("medications", "drugs"))
        return {
            "orders": self._any("plan", "orders"),
            "advice": self._any("plan", "advice"),
            "order_verbs": frozenset(self._list("plan", "verbs")),
            "order_padding": self._word_tuples("plan", "padding"),
            "exam_leads": self._any("exam", "leads"),
            "exam_denials": self._any("exam", "denials"),
            "finding": self._pattern(self._value("exam", "finding", str)),
            "vitals": self._vitals(),
            "symptoms": symptoms,
            "symptom": phrases(symptoms),
            "condition": phrases(self._list("conditions", "names")),
            "drugs": drugs,
            "drug": phrases(drugs),
            "drug_class": phrases(self._list("medications", "classes")),
            "routes": routes,
            "route": phrases(routes),
            "frequencies": frequencies,
            "frequency": phrases(frequencies),
            "units": units,
            "changes": changes,
            "change": phrases(changes),
            "taking": self._pattern(self._value("medications", "taking", str)),
            "base_verbs": frozenset(self._list("verbs", "base")),
            "adverbs": frozenset(self._list("verbs", "adverbs")),
        }

    def _mistake(self, near: str, what: str) -> TemplateError:
        return mistake(self._path, line_of(self._path, near) if self._path.is_file() else 1, what)

    def _value(self, table: str, key: str, kind: Any) -> Any:
        held = self._tables.get(table)
        if not isinstance(held, dict):
            raise self._mistake(f"[{table}", f"the table [{table}] is missing")
        if not isinstance(held.get(key), kind) or isinstance(held.get(key), bool):
            raise self._mistake(f"{key} =", f"{key!r} in [{table}] is missing or of the wrong kind")
        return held[key]

    def _list(self, table: str, key: str) -> list[str]:
        listed = self._value(table, key, list)
        if not all(isinstance(v, str) and v for v in listed):
            raise self._mistake(f"{key} =", f"{key!r} in [{table}] must be a list of texts")
        return [str(v) for v in listed]

    def _longest_first(self, table: str, key: str) -> tuple[str, ...]:
        return tuple(sorted(self._list(table, key), key=lambda p: (-len(p), p)))

    def _word_tuples(self, table: str, key: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(p.split()) for p in self._longest_first(table, key))

    def _texts(self, table: str, key: str) -> dict[str, str]:
        held = self._value(table, key, dict)
        if not all(isinstance(v, str) for v in held.values()):
            raise self._mistake(f"{key} =", f"{key!r} in [{table}] must hold texts")
        return dict(held)

    def _names(self, table: str, key: str) -> dict[str, str]:
        """What is said, to the note's word for it."""
        held = self._value(table, key, dict)
        if not all(isinstance(said, list) and all(isinstance(s, str) for s in said) for said in held.values()):
            raise self._mistake(f"{key} =", f"{key!r} in [{table}] must hold lists of texts")
        return {said: name for name, listed in held.items() for said in listed}

    def _pattern(self, source: str) -> Pattern:
        try:
            return re.compile(source)
        except re.error as exc:
            near = source.replace("\\", "\\\\")[:40]
            raise self._mistake(near, f"not a regular expression: {exc.msg}") from exc

    def _any(self, table: str, key: str) -> Pattern:
        listed = self._list(table, key)
        for source in listed:
            self._pattern(source)
        return re.compile("|".join(f"(?:{s})" for s in listed))

    def _rules(self, table: str, *keys: str) -> list[dict[str, Any]]:
        listed = self._tables.get(table)
        if not isinstance(listed, list):
            raise self._mistake(f"[[{table}", f"there is no [[{table}]]")
        for rule in listed:
            for key in ("pattern", *keys):
                if not isinstance(rule.get(key), str):
                    raise self._mistake(f"[[{table}", f"each [[{table}]] needs a text {key!r}")
        return [{**rule, "pattern": self._pattern(rule["pattern"])} for rule in listed]

    def _questions(self, table: str) -> tuple[QuestionCue, ...]:
        rules = self._rules(table, "lead", "section")
        return tuple(QuestionCue(pattern=r["pattern"], lead=r["lead"], section=r["section"]) for r in rules)

    def _symptoms(self) -> dict[str, str]:
        held = self._tables.get("symptoms")
        if not isinstance(held, dict) or not all(isinstance(v, list) for v in held.values()):
            raise self._mistake("[symptoms", "the table [symptoms] must hold lists of texts")
        return {said: name for name, listed in held.items() for said in (name, *listed)}

    def _vitals(self) -> tuple[VitalCue, ...]:
        held = self._tables.get("vitals")
        if not isinstance(held, dict):
            raise self._mistake("[vitals", "the table [vitals] is missing")
        return tuple(self._vital(name, value) for name, value in held.items())

    def _vital(self, name: str, value: Any) -> VitalCue:
        if not isinstance(value, dict) or not isinstance(value.get("pattern"), str) or "unit" not in value:
            raise self._mistake(f'"{name}"', f"the vital sign {name!r} needs a pattern and a unit")
        said = value.get("said_unit")
        return VitalCue(
            name=name,
            pattern=self._pattern(value["pattern"]),
            unit=str(value["unit"]),
            pair=value.get("kind") == "pair",
            low=float(value.get("low", 0)),
            high=float(value.get("high", 1000)),
            said_unit=self._pattern(rf"^(?:{said})$") if said else None,
        )
