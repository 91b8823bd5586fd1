"""The names of a visit: read from a checked file, joined from several lists, the nearest to the visit counting."""

from __future__ import annotations

from typing import Any

import pytest

from live_scribe.asr.shipped import packaged_vocabulary
from live_scribe.core.vocabulary import Term, TermKind, TermSource, Vocabulary, named, read_vocabulary

TABLES: dict[str, Any] = {
    "drugs": ["hydralazine", "hydroxyzine"],
    "brands": ["Zestril"],
    "conditions": ["gout"],
    "look_alikes": [["hydralazine", "hydroxyzine"]],
}


def test_a_name_in_two_lists_is_one_term_with_what_was_heard_for_it_in_both() -> None:
    known = Vocabulary(terms=(Term(text="lisinopril", aliases=("lysine a pril",)),))
    learnt = Term(text="Lisinopril", source=TermSource.LEARNT, aliases=("listen april",))
    (term,) = known.with_terms([learnt]).terms
    assert (term.text, term.aliases) == ("Lisinopril", ("lysine a pril", "listen april"))


def test_a_clinics_list_gives_names_without_what_holds_no_letter() -> None:
    assert [t.text for t in named(["Dr.  Nguyen", "--", ""], TermSource.CLINIC)] == ["Dr. Nguyen"]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"drugs": ["hydralazine", "hydroxyzine", "Gout"]}, "listed twice: gout"),
        ({"drugs": ["hydralazine"]}, "not listed: hydroxyzine"),
        ({"drugs": [" a"]}, "drugs: a list of texts"),
        ({"look_alikes": [["gout"]]}, "two names or more"),
    ],
)
def test_a_broken_data_file_is_refused_with_what_is_wrong(broken: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_vocabulary(TABLES | broken)


def test_the_packaged_names_are_sound() -> None:
    known = packaged_vocabulary()
    drugs = {t.key for t in known.terms if t.kind is TermKind.DRUG}
    assert {"lisinopril", "metformin", "zoloft"} <= drugs and len(drugs) > 500
    assert not known.ordinary & drugs
    assert ("hydralazine", "hydroxyzine") in known.look_alikes
