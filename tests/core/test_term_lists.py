"""Lists of terms: what may stand in one, who may change it, and the file that it is written to and read from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core.states import UserRole
from live_scribe.core.term_lists import (
    CLINIC,
    LONGEST_FILE,
    MOST_TERMS,
    ListedTerm,
    checked,
    may_edit,
    may_hold,
    print_terms,
    read_terms,
)
from live_scribe.core.vocabulary import TermKind, phrase_key
from live_scribe.errors import TermError


def term_of(text: str) -> str | None:
    try:
        return checked(text)
    except TermError:
        return None


def test_a_term_stands_with_single_spaces() -> None:
    assert checked("  St.\tMary's  ward ") == "St. Mary's ward"


@pytest.mark.parametrize("text", ["", "  ", "---", "a\x00b", "a\u202eb", "\ud800", "x" * 61, "a b c d e f g"])
def test_what_is_no_term_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(TermError) as caught:
        checked(text)
    assert str(caught.value).startswith("text: ") and (not text.strip() or text not in str(caught.value))


def test_a_file_has_a_term_a_line_with_or_without_its_kind() -> None:
    text = "\ufeff# our drugs\ndrug: Zepbound\n\n  Dr. Okonkwo  \r\nname: Ward 7: north\nDRUG:zepbound\nnote: this\n"
    found = [(t.kind, t.text) for t in read_terms(text)]
    assert found == [
        (TermKind.DRUG, "Zepbound"),
        (TermKind.OTHER, "Dr. Okonkwo"),
        (TermKind.NAME, "Ward 7: north"),
        (TermKind.OTHER, "note: this"),
    ]


@pytest.mark.parametrize("wrong", ["drug:", "ok\nok\x07", "x" * (LONGEST_FILE + 1)])
def test_a_file_that_cannot_be_taken_is_refused_by_its_line(wrong: str) -> None:
    with pytest.raises(TermError, match=r"line \d|longer than"):
        read_terms(wrong)


def test_a_list_holds_so_many_terms_and_no_more() -> None:
    full = [ListedTerm(id=str(i), text=f"term {i}") for i in range(MOST_TERMS)]
    may_hold(full[1:], full[:1])
    with pytest.raises(TermError, match="at most"):
        may_hold(full, [ListedTerm(id="x", text="one more")])
    with pytest.raises(TermError, match="at most"):
        read_terms("".join(f"term {i}\n" for i in range(MOST_TERMS + 1)))


LISTED = st.builds(
    lambda kind, text: ListedTerm(id="", kind=kind, text=text),
    st.sampled_from(list(TermKind)),
    st.text(max_size=80).map(term_of).filter(lambda t: t is not None),
)


@given(st.lists(LISTED, max_size=20, unique_by=lambda t: phrase_key(t.text)))
def test_what_was_exported_is_imported_the_same(terms: list[ListedTerm]) -> None:
    again = read_terms(print_terms(terms))
    assert sorted((t.kind, t.text) for t in again) == sorted((t.kind, t.text) for t in terms)


@given(st.text(max_size=2000))
def test_any_text_is_read_as_terms_or_refused_in_one_line(text: str) -> None:
    try:
        found = read_terms(text)
    except TermError as exc:
        assert "\n" not in str(exc)
    else:
        assert all(checked(t.text) == t.text for t in found)


def test_everyone_edits_their_own_list_and_providers_and_admins_the_clinics() -> None:
    assert {r for r in UserRole if may_edit(r, "ana", CLINIC)} == {UserRole.PROVIDER, UserRole.ADMIN}
    assert all(may_edit(role, "ana", "ana") for role in UserRole)
    assert not any(may_edit(role, "ana", "bob") for role in UserRole)
