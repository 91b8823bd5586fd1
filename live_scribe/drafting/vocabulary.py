"""The cues of a template, checked and made ready: sets of words, phrases to look for, compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from live_scribe.templates import Template
from live_scribe.templates.files import Mistake, refusal
from live_scribe.templates.patterns import wrong_pattern

Pattern = re.Pattern[str]
PLACED_FROM = ("hpi", "ros", "pmh", "psh", "social_history", "exam", "results")
"""The sections from which a template's rules take statements, where a rule does not name others: never the reason for
the visit, medicines, allergies, vital signs, the family's, nor what was decided."""
NOTHING = re.compile(r"(?!)")
"""What a pattern with a mistake finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCue:
    """A kind of question, and the lead that makes a sentence of a short answer to it ("Duration")."""

    pattern: Pattern
    lead: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The section where a statement of `origins` goes whose text has the pattern."""

    section: str
    origins: frozenset[str]
    pattern: Pattern


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
    places: tuple[Place, ...]
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
    conditions: frozenset[str]
    drugs: frozenset[str]
    drug: Pattern
    drug_class: Pattern
    substances: frozenset[str]
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

    def is_own(self, section: str, text: str) -> bool:
        """Whether the template added this section, and `text` alone does not tell that it belongs there."""
        own = [p for p in self.places if p.section == section]
        return bool(own) and not any(p.pattern.search(text) for p in own)


@dataclass(frozen=True, slots=True)
class _Held:
    """A template, the same as another one with the same files."""

    digest: str
    template: Template = field(compare=False)


@lru_cache(maxsize=16)
def _cached(held: _Held) -> tuple[Vocabulary, tuple[Mistake, ...]]:
    reader = _Reader(held.template)
    made = reader.vocabulary()
    reader.check_unknown()
    return made, tuple(reader.mistakes)


def vocabulary(template: Template) -> Vocabulary:
    """Return the template's vocabulary. Raises TemplateError naming file and line of a mistake."""
    made, mistakes = _cached(_Held(template.digest, template))
    if mistakes:
        raise refusal(list(mistakes))
    return made


def mistakes_in(template: Template) -> tuple[Mistake, ...]:
    """Return all that is wrong in the template's cues."""
    return _cached(_Held(template.digest, template))[1]


def phrases(listed: Iterable[str]) -> Pattern:
    """Return a pattern that finds any of these phrases as whole words, the longest first; never one that is empty."""
    ordered = sorted(set(listed), key=lambda p: (-len(p), p))
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(re.escape(p) for p in ordered) or '(?!)'})(?![\w'-])")


def _by_first(listed: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first word, in the order they came."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in listed:
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


class _Reader:
    """Takes the tables apart and notes where a mistake is, all of them; what is wrong is read as empty."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._tables: Mapping[str, Any] = template.cues
        self._sections = {s.id for s in template.sections} | set(template.into)
        self._asked: set[tuple[str, str]] = set()
        self.mistakes: list[Mistake] = []

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
            "places": self._places(),
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
            "conditions": frozenset(self._list("conditions", "names")),
            "drugs": drugs,
            "drug": phrases(drugs),
            "drug_class": phrases(self._list("medications", "classes")),
            "substances": frozenset(self._list("medications", "classes")),
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

    def _mistake(self, near: str, what: str) -> None:
        file, line = self._template.cue_place(near)
        found = Mistake(file=file, line=line, what=what)
        if found not in self.mistakes:
            self.mistakes.append(found)

    def check_unknown(self) -> None:
        """Note the tables and keys that nothing asks for."""
        read = {table for table, _ in self._asked}
        for table, held in self._tables.items():
            if table not in read:
                self._mistake(f"[{table}", f"unknown table {table!r}; there are: {', '.join(sorted(read))}")
            elif isinstance(held, dict) and (table, "*") not in self._asked:
                for key in held.keys() - {k for t, k in self._asked if t == table}:
                    self._mistake(f"{key} =", f"unknown key {key!r} in [{table}]")

    def _value(self, table: str, key: str, kind: Any) -> Any:
        self._asked.add((table, key))
        held = self._tables.get(table)
        if not isinstance(held, dict):
            self._mistake(f"[{table}", f"the table [{table}] is missing")
            return _EMPTY[kind]
        if not isinstance(held.get(key), kind) or isinstance(held.get(key), bool):
            self._mistake(f"{key} =", f"{key!r} in [{table}] is missing or of the wrong kind")
            return _EMPTY[kind]
        return held[key]

    def _list(self, table: str, key: str) -> list[str]:
        listed = self._value(table, key, list)
        if not all(isinstance(v, str) and v.strip() for v in listed):
            self._mistake(f"{key} =", f"{key!r} in [{table}] must be a list of texts")
            return []
        return [str(v) for v in listed]

    def _longest_first(self, table: str, key: str) -> tuple[str, ...]:
        return tuple(sorted(self._list(table, key), key=lambda p: (-len(p), p)))

    def _word_tuples(self, table: str, key: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(p.split()) for p in self._longest_first(table, key))

    def _texts(self, table: str, key: str) -> dict[str, str]:
        held = self._value(table, key, dict)
        if not all(isinstance(v, str) for v in held.values()):
            self._mistake(f"{key} =", f"{key!r} in [{table}] must hold texts")
            return {}
        return dict(held)

    def _names(self, table: str, key: str) -> dict[str, str]:
        """What is said, to the note's word for it."""
        held = self._value(table, key, dict)
        if not all(isinstance(said, list) and all(isinstance(s, str) for s in said) for said in held.values()):
            self._mistake(f"{key} =", f"{key!r} in [{table}] must hold lists of texts")
            return {}
        return {said: name for name, listed in held.items() for said in listed}

    def _pattern(self, source: str) -> Pattern:
        if wrong := wrong_pattern(source):
            for near in (source.replace("\\", "\\\\")[:40], source[:40]):
                if self._template.cue_place(near)[1] > 1 or near == source[:40]:
                    self._mistake(near, wrong)
                    break
            return NOTHING
        return re.compile(source)

    def _any(self, table: str, key: str) -> Pattern:
        listed = [s for s in self._list(table, key) if self._pattern(s) is not NOTHING]
        return self._pattern("|".join(f"(?:{s})" for s in listed)) if listed else NOTHING

    def _rules(self, table: str, *keys: str, optional: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        self._asked.add((table, ""))
        listed = self._tables.get(table)
        if not isinstance(listed, list):
            self._mistake(f"[[{table}", f"there is no [[{table}]]")
            return []
        return [made for rule in listed if (made := self._rule(rule, table, ("pattern", *keys), optional))]

    def _rule(
        self, rule: Any, table: str, keys: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, Any] | None:  # fmt: skip
        if not isinstance(rule, dict):
            self._mistake(f"{table}", f"{table!r} must be written as [[{table}]]")
            return None
        near = _toml(str(rule["pattern"])) if isinstance(rule.get("pattern"), str) else f"[[{table}"
        if self._template.cue_place(near)[1] == 1:
            near = str(rule.get("pattern"))[:40]
        for key in rule.keys() - {*keys, *optional}:
            self._mistake(f"{key} =", f"unknown key {key!r} in [[{table}]]; there are: {', '.join(keys + optional)}")
        if lacking := [k for k in keys if not isinstance(rule.get(k), str) or not rule[k]]:
            self._mistake(near, f"each [[{table}]] needs a text {lacking[0]!r}")
            return None
        if "section" in rule and rule["section"] not in self._sections:
            self._mistake(near, f"[[{table}]]: the template has no section {rule['section']!r}")
        return {**rule, "pattern": self._pattern(rule["pattern"])}

    def _questions(self, table: str) -> tuple[QuestionCue, ...]:
        rules = self._rules(table, "lead", "section")
        return tuple(QuestionCue(pattern=r["pattern"], lead=r["lead"], section=r["section"]) for r in rules)

    def _places(self) -> tuple[Place, ...]:
        if "place" not in self._tables:
            return ()
        made = []
        for rule in self._rules("place", "section", optional=("origins",)):
            origins = rule.get("origins", [*PLACED_FROM])
            if not isinstance(origins, list) or not all(isinstance(o, str) for o in origins):
                self._mistake("origins =", "origins in [[place]] must be a list of section ids")
                continue
            for unknown in (o for o in origins if "origins" in rule and o not in self._sections):
                self._mistake("origins =", f"[[place]]: the template has no section {unknown!r}")
            made.append(Place(section=rule["section"], origins=frozenset(origins), pattern=rule["pattern"]))
        return tuple(made)

    def _symptoms(self) -> dict[str, str]:
        held = self._tables.get("symptoms")
        self._asked.add(("symptoms", "*"))
        lists = isinstance(held, dict) and all(isinstance(v, list) for v in held.values())
        if not isinstance(held, dict) or not lists or not all(isinstance(s, str) for v in held.values() for s in v):
            self._mistake("[symptoms", "the table [symptoms] must hold lists of texts")
            return {}
        return {said: name for name, listed in held.items() for said in (name, *listed)}

    def _vitals(self) -> tuple[VitalCue, ...]:
        held = self._tables.get("vitals")
        self._asked.add(("vitals", "*"))
        if not isinstance(held, dict):
            self._mistake("[vitals", "the table [vitals] is missing")
            return ()
        return tuple(cue for name, value in held.items() if (cue := self._vital(name, value)))

    def _vital(self, name: str, value: Any) -> VitalCue | None:
        near = f'"{name}"'
        if not isinstance(value, dict) or not isinstance(value.get("pattern"), str) or "unit" not in value:
            self._mistake(near, f"the vital sign {name!r} needs a pattern and a unit")
            return None
        for key in value.keys() - {"pattern", "unit", "kind", "low", "high", "said_unit"}:
            self._mistake(near, f"the vital sign {name!r} has an unknown key {key!r}")
        if not all(isinstance(value.get(k, 0), int | float) for k in ("low", "high")):
            self._mistake(near, f"low and high of the vital sign {name!r} must be numbers")
            return None
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


_EMPTY: Mapping[Any, Any] = {str: "(?!)", list: [], dict: {}, (int, float): 0.5}
"""What stands for a value that is missing, so that the mistakes behind it are found too."""


def _toml(source: str) -> str:
    """A pattern's beginning as it stands in a file, in quotes with escapes."""
    return source.replace("\\", "\\\\")[:40]
