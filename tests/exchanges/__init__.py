"""Short exchanges and what a note of them must and must not say: the reader, and the judge of a note.

`tuned/` and `kept/` hold half of the exchanges each, alike in kind; whoever writes rules reads `tuned/` alone.

    say             the dialogue, as docs/protocol.md has it
    expect          statements that must stand: `in` a section, `is` an assertion, `has` these words, `lacks` those
    never           statements that may not stand, told in the same way
    items           structured items that must be there: `kind`, and words that its values `has`
    never_items     items that may not be there
    nowhere         words that no statement may hold

"a|b" is one or the other, "itch*" any word that begins so. Numbers and units are compared as written in the short way
("ten milligrams" is "10 mg"). What is to be absent must be said with a word of denial, and may not stand as present.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.draft import Proposal
from live_scribe.core.note import Item
from live_scribe.drafting.rules import draft

HERE = Path(__file__).resolve().parent
HALVES = ("tuned", "kept")
KNOWN = HERE / "known.toml"
"""The exchanges that are known to go wrong, by half."""

SHARE_RIGHT = 0.97
"""The share of exchanges that is to be right, in each half."""

DENIAL = "no|not|none|never|without|deni*|negative|non|nor|neither|nobody|nothing|unremarkable|absent|nkda|n't"
"""Words of which a statement of what is absent has at least one."""

UNITS = {
    "milligram": "mg",
    "mgs": "mg",
    "microgram": "mcg",
    "percent": "%",
    "milliliter": "ml",
    "minute": "min",
    "hour": "hr",
    "pound": "lb",
}
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
_ONES += "sixteen seventeen eighteen nineteen".split()
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A short dialogue and what is asked of its note."""

    id: str
    category: str
    say: str = field(repr=False)
    asked: dict[str, Any] = field(repr=False, compare=False)


@lru_cache
def exchanges(half: str) -> tuple[Exchange, ...]:
    """Return the exchanges of `tuned` or `kept`, by category."""
    found = []
    for path in sorted((HERE / half).glob("*.toml")):
        for told in tomllib.loads(path.read_text(encoding="utf-8"))["exchange"]:
            asked = {key: value for key, value in told.items() if key not in ("id", "say")}
            if unknown := set(asked) - {"expect", "never", "items", "never_items", "nowhere", "sex"}:
                raise ValueError(f"{path.name}, {told['id']}: unknown {sorted(unknown)}")
            found.append(Exchange(id=told["id"], category=path.stem, say=told["say"], asked=asked))
    return tuple(found)


def known(half: str) -> frozenset[str]:
    """Return the ids of a half that are known to go wrong."""
    return frozenset(tomllib.loads(KNOWN.read_text(encoding="utf-8"))[half])


@lru_cache
def _template() -> templates.Template:
    return templates.load("soap")


def note_of(exchange: Exchange) -> tuple[Proposal, ...]:
    """Return the built-in writer's note."""
    return draft(parse_dialogue(exchange.say), _template(), {"sex": exchange.asked.get("sex", "F")})


def faults(exchange: Exchange, note: Sequence[Proposal]) -> list[str]:
    """Return what is wrong with the note of an exchange, in plain words; nothing if it is right."""
    asked = exchange.asked
    wrong = [f"missing: {_told(want)}" for want in asked.get("expect", ()) if not any(_fits(p, want) for p in note)]
    for want in (*asked.get("never", ()), *_denied(asked.get("expect", ()))):
        wrong += [f"may not stand ({_told(want)}): {p.text}" for p in note if _fits(p, want)]
    items = [p.item for p in note if p.item]
    wrong += [f"no item: {want}" for want in asked.get("items", ()) if not any(_is_item(i, want) for i in items)]
    wrong += [f"an item too many: {i}" for i in items for bad in asked.get("never_items", ()) if _is_item(i, bad)]
    for word in asked.get("nowhere", ()):
        wrong += [f"may stand nowhere ({word}): {p.text}" for p in note if holds(plain(p.text), word)]
    return wrong


def _denied(expected: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is absent may not stand as present, in the same sections, without a word of denial."""
    absent = [want for want in expected if want.get("is") == "absent" and "has" in want]
    return [
        {"in": want["in"], "is": "present", "has": want["has"], "lacks": [*want.get("lacks", ()), DENIAL]}
        for want in absent
    ]


def _fits(proposal: Proposal, want: dict[str, Any]) -> bool:
    if proposal.section not in want["in"].split("|"):
        return False
    if "is" in want and proposal.assertion not in want["is"].split("|"):
        return False
    text = plain(proposal.text)
    if want.get("is") == "absent" and not holds(text, DENIAL):
        return False
    return all(holds(text, word) for word in want.get("has", ())) and not any(
        holds(text, word) for word in want.get("lacks", ())
    )


def _is_item(item: Item, want: dict[str, Any]) -> bool:
    values = plain(" ; ".join(str(v) for key, v in item.items() if key != "kind" and v is not None))
    return item.get("kind") == want["kind"] and all(holds(values, word) for word in want["has"])


def _told(want: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in want.items())


def holds(text: str, word: str) -> bool:
    """Whether a plain text holds one of the alternatives as whole words."""
    return any(_pattern(one).search(text) for one in word.split("|"))


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    if word == "n't":
        return re.compile(r"n't\b")
    parts = [plain(part) for part in word.split("*")]
    body = r"\w*".join(
        re.escape(part) if i == 0 else re.escape(f" {part}" if part else "") for i, part in enumerate(parts)
    )
    return re.compile(rf"(?<![\w.]){body}(?![\w]|\.\d)")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return a text in lower case, without punctuation, its numbers and units in the short way."""
    text = text.lower().replace("\u2019", "'")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"(?<=[a-z0-9])-(?=[a-z0-9])", " ", text)
    text = re.sub(r"(?<=\d)\s*(mg|mcg|ml|g|kg|lbs?|cm|%|units?|hrs?|mins?)(?!\w)", r" \1", text)
    words = [w.strip(',;:!?()"[]').rstrip(".") for w in text.split()]
    return " ".join(_numbered([_short(w) for w in words if w]))


def _short(word: str) -> str:
    single = word[:-1] if word.endswith("s") else word
    if single in UNITS.values() and single != "m":
        return single
    return UNITS.get(single, UNITS.get(word, word))


def _numbered(words: list[str]) -> list[str]:
    """Numbers up to 99 that were written as words become figures."""
    out: list[str] = []
    tens = False
    for word in words:
        if word in _TENS:
            out.append(str(_TENS[word]))
        elif word in _ONES:
            value = _ONES.index(word)
            if tens and 0 < value < 10:
                out[-1] = str(int(out[-1]) + value)
            else:
                out.append(str(value))
        else:
            out.append(word)
        tens = word in _TENS
    return out
