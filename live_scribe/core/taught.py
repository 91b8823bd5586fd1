"""The names that corrections have taught: how each is written, and what was heard in its place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from live_scribe.core.learning import Correction, looks_like_a_name
from live_scribe.core.term_lists import LONGEST_TERM
from live_scribe.core.vocabulary import TermKind, phrase_key

MOST_TAUGHT = 1000
"""Names that are kept in mind, those first that were taught most often: a decoder is told few of them."""

MOST_HEARD = 8
"""Ways of mishearing that are kept of one name, the commonest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """A name, what was `heard` instead of it, and how often and in how many visits a person set it right."""

    text: str = field(repr=False)
    kind: TermKind = TermKind.OTHER
    heard: tuple[str, ...] = field(default=(), repr=False)
    times: int = 0
    visits: int = 0


def taught(
    found: Iterable[Correction], ordinary: frozenset[str], kinds: Mapping[str, TermKind] | None = None
) -> list[Taught]:
    """Return the names that these corrections teach, the commonest first. `kinds`: those of names that are known."""
    groups: dict[str, list[Correction]] = defaultdict(list)
    for correction in found:
        if looks_like_a_name(correction, ordinary) and len(correction.text) <= LONGEST_TERM:
            groups[phrase_key(correction.text)].append(correction)
    names = [_taught(group, (kinds or {}).get(key, TermKind.OTHER)) for key, group in groups.items()]
    return sorted(names, key=lambda t: (-t.times, t.text))[:MOST_TAUGHT]


def _taught(group: list[Correction], kind: TermKind) -> Taught:
    heard = Counter(c.heard.lower() for c in group)
    text = Counter(c.text for c in group)
    return Taught(
        text=min(text, key=lambda t: (-text[t], t)),
        kind=kind,
        heard=tuple(sorted(heard, key=lambda h: (-heard[h], h))[:MOST_HEARD]),
        times=len(group),
        visits=len({c.visit for c in group}),
    )
