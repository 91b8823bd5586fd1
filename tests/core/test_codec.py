"""JSON to dataclasses: what does not fit is refused, naming the field and never its value."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_scribe.core import commands as c
from live_scribe.core.codec import by_name, decode, encode, type_name
from live_scribe.core.events import Fact
from live_scribe.core.wire import decode_command
from live_scribe.errors import CommandRefused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted(by_name(c.DeskCommand))


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """A field that may be an int or a float."""

    value: int | float | None = None


def test_names_on_the_wire_are_the_classes_names_in_snake_case() -> None:
    assert type_name(c.EditStatement) == "edit_statement"
    assert "words_committed" in by_name(Fact)


def test_an_int_stays_an_int_where_both_are_allowed() -> None:
    assert repr(decode(Both, {"value": 1}).value) == "1"
    assert repr(decode(Both, {"value": 1.0}).value) == "1.0"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"statement": "s1", "base_version": 1}, "text"),
        ({"statement": 5, "base_version": 1, "text": "x"}, "statement"),
        ({"statement": "s1", "base_version": "1", "text": "x"}, "base_version"),
        ({"statement": "s1", "base_version": True, "text": "x"}, "base_version"),
        ({"statement": "s1", "base_version": 1, "text": "x", "owner": "me"}, "owner"),
    ],
)
def test_a_command_with_a_wrong_field_is_refused_by_the_fields_name(fields: dict[str, object], named: str) -> None:
    with pytest.raises(CommandRefused, match=named) as refused:
        decode_command({"id": "1", "type": "edit_statement", **fields})
    assert refused.value.code == "invalid"


@pytest.mark.parametrize("type_", ["sign", "end", "draft", "commit_words", "", None, "edit"])
def test_what_is_no_desk_command_is_refused(type_: object) -> None:
    with pytest.raises(CommandRefused):
        decode_command({"id": "1", "type": type_})


@given(st.sampled_from(NAMES), st.dictionaries(st.sampled_from(["statement", "text", "base_version", "a"]), JSON))
def test_garbage_is_refused_or_makes_a_command_and_nothing_else(type_: str, fields: dict[str, object]) -> None:
    try:
        command = decode_command({"id": "1", "type": type_, **fields})
    except CommandRefused as refused:
        assert refused.code == "invalid"
    else:
        assert decode(type(command), encode(command)) == command


def test_a_refusal_never_quotes_what_was_sent() -> None:
    with pytest.raises(CommandRefused) as refused:
        decode_command({"id": "1", "type": "set_assertion", "statement": "s1", "base_version": 1, "assertion": "Jane"})
    assert "Jane" not in str(refused.value)
