"""The chain: whatever is changed in it is found, and the first bad entry is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_scribe.core.audit import (
    GENESIS,
    STRIKE_TYPE,
    Content,
    Head,
    Header,
    Link,
    canonical,
    chain_hash,
    entry_mac,
    header_bytes,
    strikes_text,
    struck_by,
    verify_chain,
)
from live_scribe.core.codec import type_name
from live_scribe.core.events import AudioStruck

LENGTH = 6
_TEXT = st.text(alphabet='ab",[]\\é\ud800', max_size=5)


def _chain(length: int = LENGTH, *, strike: dict[int, str] | None = None) -> tuple[list[Link], Head]:
    """A chain as the store writes it; entry n of `strike` strikes the seqs that it names."""
    links, previous = list[Link](), GENESIS
    for seq in range(1, length + 1):
        strikes = (strike or {}).get(seq, "")
        kind = STRIKE_TYPE if strikes else "words_committed"
        header = Header(visit="v", seq=seq, at="2026-01-05T09:00:00Z", by="ana", clock=1.5, type=kind, strikes=strikes)
        content = Content(key=bytes([seq]) * 32, payload=f'{{"n":{seq}}}'.encode())
        mac = entry_mac(content.key, content.payload)
        previous = chain_hash(previous, header, mac)
        links.append(Link(header=header, mac=mac, hash=previous, present=True, content=content))
    return links, Head(seq=length, hash=previous, sealed=True)


def _without_content(link: Link) -> Link:
    return replace(link, present=False, content=None)


def _flip(data: bytes, at: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_a_chain_as_it_was_written_is_intact() -> None:
    links, head = _chain()
    found = verify_chain("v", links, head)
    assert found.intact
    assert (found.entries, found.struck, found.head) == (LENGTH, 0, head.hash.hex())


def test_an_empty_chain_is_intact() -> None:
    assert verify_chain("v", [], Head(seq=0, hash=GENESIS, sealed=True)).intact


_ALTERATIONS: dict[str, Callable[[Link, int], Link]] = {
    "visit": lambda k, _: replace(k, header=replace(k.header, visit="w")),
    "at": lambda k, _: replace(k, header=replace(k.header, at="2026-01-05T09:00:01Z")),
    "by": lambda k, _: replace(k, header=replace(k.header, by="anb")),
    "clock": lambda k, _: replace(k, header=replace(k.header, clock=1.25)),
    "clock is no number": lambda k, _: replace(k, header=replace(k.header, clock=float("nan"))),
    "clock is gone": lambda k, _: replace(k, header=replace(k.header, clock=None)),  # type: ignore[arg-type]
    "type": lambda k, _: replace(k, header=replace(k.header, type="words_committee")),
    "command": lambda k, _: replace(k, header=replace(k.header, command="c1")),
    "strikes": lambda k, _: replace(k, header=replace(k.header, strikes="1")),
    "strikes are no text": lambda k, _: replace(k, header=replace(k.header, strikes=b"\xff")),  # type: ignore[arg-type]
    "mac": lambda k, at: replace(k, mac=_flip(k.mac, at)),
    "hash": lambda k, at: replace(k, hash=_flip(k.hash, at)),
    "hash is gone": lambda k, _: replace(k, hash=None),  # type: ignore[arg-type]
    "payload": lambda k, at: replace(k, content=replace(k.content, payload=_flip(k.content.payload, at))),  # type: ignore[type-var,union-attr]
    "key": lambda k, at: replace(k, content=replace(k.content, key=_flip(k.content.key, at))),  # type: ignore[type-var,union-attr]
    "content cannot be opened": lambda k, _: replace(k, content=None),
    "content was removed": lambda k, _: _without_content(k),
}


@pytest.mark.parametrize("alteration", _ALTERATIONS)
@settings(max_examples=20)
@given(seq=st.integers(1, LENGTH), at=st.integers(0, 200))
def test_any_alteration_is_found_and_its_entry_named(alteration: str, seq: int, at: int) -> None:
    links, head = _chain()
    links[seq - 1] = _ALTERATIONS[alteration](links[seq - 1], at)
    found = verify_chain("v", links, head)
    assert found.first_bad == seq
    assert found.reason


@given(seq=st.integers(1, LENGTH))
def test_a_removed_entry_is_named(seq: int) -> None:
    links, head = _chain()
    del links[seq - 1]
    assert verify_chain("v", links, head).first_bad == seq


@given(pair=st.sets(st.integers(1, LENGTH), min_size=2, max_size=2))
def test_entries_that_changed_places_are_found_at_the_first_of_them(pair: set[int]) -> None:
    links, head = _chain()
    a, b = (seq - 1 for seq in sorted(pair))
    links[a], links[b] = (
        replace(links[b], header=replace(links[b].header, seq=a + 1)),
        replace(links[a], header=replace(links[a].header, seq=b + 1)),
    )
    assert verify_chain("v", links, head).first_bad == a + 1


def test_an_entry_with_a_number_before_the_first_was_added() -> None:
    links, head = _chain()
    links.insert(0, replace(links[0], header=replace(links[0].header, seq=0)))
    found = verify_chain("v", links, head)
    assert (found.first_bad, found.reason) == (0, "it was added")


def test_an_entry_added_behind_the_sealed_end_is_named() -> None:
    links, _ = _chain(LENGTH + 1)
    _, head = _chain(LENGTH)
    assert verify_chain("v", links, head).first_bad == LENGTH + 1


@given(kept=st.integers(0, LENGTH - 1))
def test_a_tail_that_was_cut_off_is_found(kept: int) -> None:
    links, head = _chain()
    assert verify_chain("v", links[:kept], head).first_bad == kept + 1


@pytest.mark.parametrize("kept", [0, 3])
def test_moving_the_end_along_with_the_cut_breaks_its_seal(kept: int) -> None:
    links, _ = _chain()
    end = links[kept - 1].hash if kept else GENESIS
    found = verify_chain("v", links[:kept], Head(seq=kept, hash=end, sealed=False))
    assert found.first_bad == max(kept, 1)


def test_a_chain_written_anew_from_an_entry_on_does_not_fit_its_end() -> None:
    links, head = _chain()
    forged, _ = _chain(strike={LENGTH: "1"})
    assert verify_chain("v", [*links[:-1], forged[-1]], head).first_bad == LENGTH


def test_struck_entries_leave_the_chain_intact() -> None:
    links, head = _chain(strike={5: "2,3"})
    links[1], links[2] = _without_content(links[1]), _without_content(links[2])
    found = verify_chain("v", links, head)
    assert found.intact
    assert found.struck == 2


def test_a_missing_content_that_no_later_entry_struck_was_removed() -> None:
    links, head = _chain(strike={4: "2"})
    links[1], links[4] = _without_content(links[1]), _without_content(links[4])
    found = verify_chain("v", links, head)
    assert (found.first_bad, found.struck) == (5, 1)


def test_an_entry_cannot_strike_one_that_comes_after_it() -> None:
    links, head = _chain(strike={2: "4"})
    links[3] = _without_content(links[3])
    assert verify_chain("v", links, head).first_bad == 4


def test_where_the_strike_itself_was_altered_it_is_named_and_not_what_it_struck() -> None:
    links, head = _chain(strike={5: "2"})
    links[1] = _without_content(links[1])
    links[4] = replace(links[4], header=replace(links[4].header, strikes="3"))
    assert verify_chain("v", links, head).first_bad == 5


def test_an_alteration_between_a_passage_and_its_strike_is_named_alone() -> None:
    links, head = _chain(strike={5: "2"})
    links[1] = _without_content(links[1])
    links[2] = replace(links[2], mac=_flip(links[2].mac, 0))
    found = verify_chain("v", links, head)
    assert (found.first_bad, found.struck) == (3, 1)


def test_a_removed_content_is_named_before_a_later_alteration() -> None:
    links, head = _chain()
    links[1] = _without_content(links[1])
    links[4] = replace(links[4], mac=_flip(links[4].mac, 0))
    assert verify_chain("v", links, head).first_bad == 2


def test_only_a_strike_strikes() -> None:
    header = Header(visit="v", seq=9, at="", by="", clock=0.0, type="words_committed", strikes="1,2")
    assert struck_by(header) == set()
    assert struck_by(replace(header, type=STRIKE_TYPE, strikes="1,x,²,12,3")) == {1, 3}


def test_the_type_that_strikes_is_the_facts_name() -> None:
    assert type_name(AudioStruck) == STRIKE_TYPE


@given(seqs=st.lists(st.integers(1, 99), max_size=8))
def test_strikes_are_written_and_read_back(seqs: list[int]) -> None:
    header = Header(visit="v", seq=100, at="", by="", clock=0.0, type=STRIKE_TYPE, strikes=strikes_text(seqs))
    assert struck_by(header) == set(seqs)


@settings(max_examples=30)
@given(st.dictionaries(_TEXT, st.one_of(st.none(), st.booleans(), st.integers(), _TEXT)))
def test_equal_values_have_one_byte_form(value: dict[str, object]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_does_not_have_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical([number])


@given(
    fields=st.tuples(_TEXT, _TEXT, _TEXT, st.none() | _TEXT), others=st.tuples(_TEXT, _TEXT, _TEXT, st.none() | _TEXT)
)
def test_different_headers_never_have_the_same_bytes(
    fields: tuple[str, str, str, str | None], others: tuple[str, str, str, str | None]
) -> None:
    def make(f: tuple[str, str, str, str | None]) -> bytes:
        return header_bytes(Header(visit="v", seq=1, at=f[0], by=f[1], clock=0.0, type=f[2], command=f[3]))

    assert (make(fields) == make(others)) == (fields == others)
