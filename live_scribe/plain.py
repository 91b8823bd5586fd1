"""Puts a statement of the note in plain words, by a template's plain.toml: nothing is added, no number changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from live_scribe.templates import Template
from live_scribe.templates.files import Mistake, line_of, refusal
from live_scribe.templates.patterns import wrong_pattern

FILE = "plain.toml"
PARTS = ("reason", "found", "decided", "medicines", "todo", "back", "urgent")
"""The parts of a summary, in order."""

_SUBJECTS = {"he": "you", "she": "you", "they": "you"}
_OTHERS = {
    "him": "you", "them": "you", "his": "your", "her": "your", "their": "your", "hers": "yours", "theirs": "yours",
    "himself": "yourself", "herself": "yourself", "themselves": "yourself",
}  # fmt: skip
_CLINICIANS = {"i": "we", "me": "us", "my": "our", "i'd": "we would", "i'm": "we are", "i'll": "we will", "am": "are"}
_IRREGULAR = {"has": "have", "is": "are", "was": "were", "does": "do", "goes": "go"}
_KEPT = frozenset("always this his its as us yes perhaps across unless".split())
_ADVERBS = frozenset("also still always often usually never just really probably ever currently likely".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A template's plain words, ready for use."""

    titles: Mapping[str, str]
    sections: Mapping[str, frozenset[str]]
    urgent: re.Pattern[str]
    back: re.Pattern[str]
    medicine: re.Pattern[str]
    changes: re.Pattern[str]
    continues: re.Pattern[str]
    words: Mapping[str, str]
    word: re.Pattern[str]
    rewords: tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True, slots=True)
class _Held:
    digest: str
    template: Template = field(compare=False)


def plain_words(template: Template) -> Plain:
    """Return the template's plain words. Raises TemplateError naming file and line of a mistake."""
    made, mistakes = _cached(_Held(template.digest, template))
    if mistakes or made is None:
        raise refusal(list(mistakes))
    return made


def plain_mistakes(template: Template) -> tuple[Mistake, ...]:
    """Return all that is wrong in the template's plain.toml."""
    return _cached(_Held(template.digest, template))[1]


@lru_cache(maxsize=16)
def _cached(held: _Held) -> tuple[Plain | None, tuple[Mistake, ...]]:
    reader = _Reader(held.template)
    made = reader.plain()
    return made, tuple(reader.mistakes)


class _Reader:
    def __init__(self, template: Template) -> None:
        self._template = template
        self._known = {s.id for s in template.sections} | set(template.into)
        self.mistakes: list[Mistake] = []

    def _wrong(self, near: str, what: str) -> None:
        file, text = next(
            (f for f in self._template.plain_files if near in f[1]),
            (self._template.plain_files or ((f"{self._template.id}/{FILE}", ""),))[0],
        )
        self.mistakes.append(Mistake(file=file, line=line_of(text, near), what=what))

    def _texts(self, table: str, keys: Sequence[str]) -> dict[str, str]:
        held = self._template.plain.get(table)
        held = held if isinstance(held, dict) else {}
        for key in keys:
            if not isinstance(held.get(key), str) or not held[key].strip():
                self._wrong(f"{key} =", f"{key!r} in [{table}] is missing, or no text")
        for key in held.keys() - set(keys):
            self._wrong(f"{key} =", f"unknown key {key!r} in [{table}]; there are: {', '.join(keys)}")
        return {key: str(held.get(key, "(?!)")) for key in keys}

    def _pattern(self, source: str) -> re.Pattern[str]:
        if wrong := wrong_pattern(source):
            self._wrong(source.replace("\\", "\\\\")[:40], wrong)
            return re.compile("(?!)")
        return re.compile(source, re.IGNORECASE)

    def plain(self) -> Plain | None:
        tables = self._template.plain
        titles = self._texts("titles", PARTS)
        plan = self._texts("plan", ("urgent", "back", "medicine", "changes", "continues"))
        words = tables.get("words", {})
        if not isinstance(words, dict) or not all(isinstance(v, str) for v in words.values()):
            self._wrong("[words]", "[words] must hold texts")
            words = {}
        ordered = sorted((w for w in words if w.strip()), key=lambda w: (-len(w), w))
        listed = "|".join(re.escape(w) for w in ordered) or "(?!)"
        return Plain(
            titles=titles,
            sections=self._sections(tables.get("sections", {})),
            urgent=self._pattern(plan["urgent"]),
            back=self._pattern(plan["back"]),
            medicine=self._pattern(plan["medicine"]),
            changes=self._pattern(plan["changes"]),
            continues=self._pattern(plan["continues"]),
            words={w.lower(): v for w, v in words.items()},
            word=re.compile(rf"(?<![\w'-])(?:(?P<article>an?) )?(?P<word>{listed})(?![\w'-])", re.IGNORECASE),
            rewords=self._rewords(tables.get("reword", [])),
        )

    def _sections(self, held: Any) -> dict[str, frozenset[str]]:
        made = {}
        for part, listed in held.items() if isinstance(held, dict) else ():
            if part not in PARTS or not isinstance(listed, list) or not all(isinstance(i, str) for i in listed):
                self._wrong(
                    f"{part} =", f"{part!r} in [sections] must be a part of the summary with a list of sections"
                )
                continue
            made[part] = frozenset(listed)
        return made

    def _rewords(self, rows: Any) -> tuple[tuple[re.Pattern[str], str], ...]:
        made = []
        for row in rows if isinstance(rows, list) else ():
            if (
                not isinstance(row, dict)
                or set(row) != {"find", "put"}
                or not all(isinstance(v, str) for v in row.values())
            ):
                self._wrong("[[reword]]", "each [[reword]] needs a text 'find' and a text 'put', and nothing else")
                continue
            pattern = self._pattern(row["find"])
            if unknown := set(re.findall(r"\{(\w*)\}", row["put"])) - set(pattern.groupindex):
                self._wrong(row["put"][:40], f"put names {sorted(unknown)[0]!r}, which find does not have")
                continue
            made.append((pattern, row["put"]))
        return tuple(made)


def said_plainly(text: str, plain: Plain, quotes: Sequence[str], *, to_patient: bool, order: bool = False) -> str:
    """Return a statement's text in plain words, to the patient as "you" where it was about them.

    An `order` may be said in other words. `quotes` are the words it rests on: a pronoun that was said as such means
    somebody or something else, and stays.
    """
    text = _reworded(text, plain) if order else text
    text = plain.word.sub(lambda m: _put(plain.words[m["word"].lower()], m["article"]), text)
    text = re.sub(r"\s+([.,;:])", r"\1", re.sub(r"  +", " ", text)).strip()
    text = _of_clinic(text)
    if to_patient:
        text = _to_you(text, " ".join(quotes))
    return text[:1].upper() + text[1:]


def _reworded(text: str, plain: Plain) -> str:
    for pattern, put in plain.rewords:
        if match := pattern.match(text):
            head = re.sub(r"\{(\w+)\}", partial(_taken, match), put)
            return head + text[match.end() :]
    return text


def _taken(found: re.Match[str], named: re.Match[str]) -> str:
    return _low(found.group(named.group(1)) or "")


def _put(word: str, article: str | None) -> str:
    """Return the plain word behind the article that stood before the other one, if there was one."""
    if article is None or not word or re.match(r"an? ", word):
        return word
    vowel = word[0] in ("AEFHILMNORSX" if word[:2].isupper() or word[1:2] == "-" else "aeioAEIO")
    return f"{article[0]}{'n' if vowel else ''} {word}"


def _low(word: str) -> str:
    return word if word.isupper() else word[:1].lower() + word[1:]


def _of_clinic(text: str) -> str:
    """Return "we think" for "I think"."""
    return re.sub(
        r"(?<![\w'])(I'd|I'm|I'll|I am|I|me|my)(?![\w'])",
        lambda m: "we are" if m.group() == "I am" else _CLINICIANS[m.group().lower()],
        text,
    )


def _to_you(text: str, quotes: str) -> str:
    said = set(re.findall(r"[\w']+", quotes.lower()))
    pieces = re.split(r"([\w']+)", text)
    agree = False
    for i, piece in enumerate(pieces):
        low = piece.lower()
        if not piece or not (piece[0].isalnum() or piece[0] == "'"):
            continue
        if low in _SUBJECTS and low not in said:
            pieces[i] = _cased("you", piece)
            agree = low != "they"
        elif low in _OTHERS and low not in said:
            pieces[i] = _cased("you" if low == "her" and _is_object(pieces, i) else _OTHERS[low], piece)
            agree = False
        elif agree:
            pieces[i] = piece if low in _ADVERBS else _base(piece)
            agree = low in _ADVERBS
    return "".join(pieces).replace("the patient", "you").replace("The patient", "You")


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[:1].isupper() else word


_DONE_TO = frozenset(
    "make makes made making let lets help helps helped see give gives gave send start refer write get tell ask bring "
    "keep put want need have".split()
)
_BEHIND_OBJECT = frozenset(
    "for to on in at with from if when and or again back as by until before after about off up out into".split()
)


def _is_object(pieces: list[str], at: int) -> bool:
    """Whether "her" is whom something is done to: by the verb before it, or as nothing, or no noun, follows."""
    before = re.search(r"([\w']+)\s*$", "".join(pieces[:at]))
    if before and before.group(1).lower() in _DONE_TO:
        return True
    following = "".join(pieces[at + 1 :])
    match = re.match(r"\s+([\w']+)", following)
    return match is None or match.group(1).lower() in _BEHIND_OBJECT


def _base(verb: str) -> str:
    low = verb.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if low in _KEPT or not low.endswith("s") or low.endswith("ss") or len(low) < 4:
        return verb
    if low.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if re.search(r"(?:sh|ch|x|ss|zz|o)es$", low) else verb[:-1]
