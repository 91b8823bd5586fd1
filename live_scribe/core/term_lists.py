"""Lists of words that a clinic says: what may stand in one, and the file that one is read from and written to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from live_scribe.core.states import UserRole
from live_scribe.core.vocabulary import TermKind, phrase_key
from live_scribe.errors import TermError

LONGEST_TERM = 60
"""Characters in one term: the longest drug names have about 40, and a decoder has room for few long ones."""

MOST_WORDS = 6
"""Words in one term: names of clinics and tests have this many; a sentence is no term."""

MOST_TERMS = 2000
"""Terms in one list. More than a decoder can be told at once by far, and still read and kept at once."""

LONGEST_FILE = 256 * 1024
"""Characters in a file of terms: twice what the fullest list needs."""

CLINIC = ""
"""The owner of the list that every visit uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTerm:
    """A term that a person wrote down. `owner`: a user's name, or CLINIC.

    `removed`: a person does not want the term, which would otherwise be learnt again from the same corrections.
    """

    id: str
    text: str = field(repr=False)
    kind: TermKind = TermKind.OTHER
    owner: str = CLINIC
    added_by: str = ""
    added_at: str = ""
    removed: bool = False


def checked(text: str) -> str:
    """Return `text` as a term stands in a list, with single spaces. Raises TermError saying what is wrong."""
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and not c.isspace() for c in text):
        raise TermError("text: signs that cannot be shown are not part of a term")
    spaced = " ".join(text.split())
    if not any(c.isalnum() for c in spaced):
        raise TermError("text: a term has at least one letter or digit")
    if len(spaced) > LONGEST_TERM or len(spaced.split()) > MOST_WORDS:
        raise TermError(f"text: a term has at most {LONGEST_TERM} characters and {MOST_WORDS} words")
    return spaced


def may_edit(role: UserRole, name: str, owner: str) -> bool:
    """Return whether a user may change a list: the clinic's is the providers' and admins', one's own is one's own."""
    return owner == name if owner != CLINIC else role in (UserRole.PROVIDER, UserRole.ADMIN)


def may_hold(there: Iterable[ListedTerm], new: Iterable[ListedTerm]) -> None:
    """Raise TermError where a list would grow over MOST_TERMS."""
    if sum(1 for t in (*there, *new) if not t.removed) > MOST_TERMS:
        raise TermError(f"a list holds at most {MOST_TERMS} terms: take some out first")


def without_doubles(terms: Iterable[ListedTerm]) -> list[ListedTerm]:
    """Return the terms without those that say what an earlier one of the same owner said."""
    kept: dict[tuple[str, str], ListedTerm] = {}
    for term in terms:
        kept.setdefault((term.owner, phrase_key(term.text)), term)
    return list(kept.values())


def read_terms(text: str) -> list[ListedTerm]:
    """Return the terms of a file, without ids: one a line, `kind: text` or `text` alone; `#` begins a comment.

    Raises TermError naming the line, never quoting it. What is there twice is there once.
    """
    if len(text) > LONGEST_FILE:
        raise TermError(f"the file is longer than {LONGEST_FILE // 1024} thousand characters")
    found = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found.append(_read_line(line))
            except TermError as exc:
                raise TermError(f"line {number}: {str(exc).removeprefix('text: ')}") from None
    found = without_doubles(found)
    may_hold((), found)
    return found


def _read_line(line: str) -> ListedTerm:
    before, colon, after = line.partition(":")
    kind = before.strip().lower()
    if colon and kind in set(TermKind):
        return ListedTerm(id="", text=checked(after), kind=TermKind(kind))
    return ListedTerm(id="", text=checked(line))


def print_terms(terms: Iterable[ListedTerm]) -> str:
    """Return the file that `read_terms` reads the same terms from, by kind and alphabet."""
    ordered = sorted(terms, key=lambda t: (list(TermKind).index(t.kind), t.text.casefold(), t.text))
    return "".join(f"{term.kind}: {term.text}\n" for term in ordered)
