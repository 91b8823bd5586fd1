"""The chain that makes a visit's log tamper-evident, and lets a passage be destroyed without breaking it.

An entry's payload (what was said or written) lies apart from the chain. The chain holds its HMAC under a random key of
the entry's own: while the key is there the payload can be checked, and once both are destroyed the HMAC tells nothing
about it, where a bare digest of "No." could be guessed. Hash chaining as in Haber and Stornetta, "How to time-stamp a
digital document" (1991); its end is sealed, so that a tail that was cut off, or a chain that was written anew, shows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from live_scribe.core.log import Verification

GENESIS = bytes(32)
"""The hash before the first entry."""

KEY_BYTES = 32
"""An entry's key is as long as the HMAC's output (RFC 2104, section 3)."""

STRIKE_TYPE = "audio_struck"
"""The one type of entry that may say that other entries' payloads are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the chain itself holds of an entry. `strikes`: the seqs whose payloads it destroys, "3,4,9"."""

    visit: str
    seq: int
    at: str
    by: str
    clock: float
    type: str
    command: str | None = None
    strikes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An entry's key and payload, opened."""

    key: bytes = field(repr=False)
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry as it was found. `present`: a payload is stored; `content` is null where it could not be opened."""

    header: Header
    mac: bytes
    hash: bytes
    present: bool
    content: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the chain should end. `sealed`: its seal is the one that was written."""

    seq: int
    hash: bytes
    sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    seq: int
    reason: str
    may_strike: bool = False


def canonical(value: object) -> bytes:
    """Return the one byte form of a JSON value. Raises ValueError for NaN and infinities, which JSON does not have."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def header_bytes(header: Header) -> bytes:
    """Return the one byte form of a header: a list, so that no field can pass for its neighbour."""
    h = header
    return canonical([h.visit, h.seq, h.at, h.by, h.clock, h.type, h.command, h.strikes])


def entry_mac(key: bytes, payload: bytes) -> bytes:
    """Return HMAC-SHA256 of the payload under the entry's key."""
    return hmac.digest(key, payload, "sha256")


def chain_hash(previous: bytes, header: Header, mac: bytes) -> bytes:
    """Return the hash of an entry: over the hash before it, its header and the MAC of its payload."""
    return hashlib.sha256(previous + mac + header_bytes(header)).digest()


def strikes_text(seqs: Iterable[int]) -> str:
    """Return seqs as a header holds them: in order, each once."""
    return ",".join(str(s) for s in sorted(set(seqs)))


def struck_by(header: Header) -> set[int]:
    """Return the earlier seqs that this entry destroys. What is not a number was altered, and the chain says so."""
    parts = header.strikes.split(",") if isinstance(header.strikes, str) else []
    named = {int(p) for p in parts if p.isascii() and p.isdigit()}
    return {s for s in named if s < header.seq} if header.type == STRIKE_TYPE else set()


def verify_chain(visit: str, links: Iterable[Link], head: Head) -> Verification:
    """Walk the chain (links in order of seq) and name the first entry that is not as it was written.

    An entry without a payload is as it should be only if a later entry of the chain struck it.
    """
    previous, count, gone, struck = GENESIS, 0, set[int](), set[int]()
    fault: _Fault | None = None
    for link in links:
        # Also behind a fault: a strike there may explain what is missing before it.
        struck |= struck_by(link.header)
        fault = fault or _fault(link, previous, count + 1)
        if fault:
            continue
        previous, count = link.hash, count + 1
        if not link.present:
            gone.add(count)
    fault = fault or _end_fault(head, count, previous)
    removed = gone - struck
    # A broken entry may be the very strike that explains a missing payload: then it alone is named.
    if removed and not (fault and fault.may_strike):
        fault = _Fault(seq=min(removed), reason="its content was removed without a strike")
    return Verification(
        visit=visit,
        entries=count,
        struck=len(gone & struck),
        head=previous.hex(),
        first_bad=fault.seq if fault else None,
        reason=fault.reason if fault else None,
    )


def _fault(link: Link, previous: bytes, expected: int) -> _Fault | None:
    header = link.header
    if header.seq != expected:
        reason = "it is missing" if header.seq > expected else "it was added"
        return _Fault(seq=min(header.seq, expected), reason=reason, may_strike=True)
    may_strike = header.type == STRIKE_TYPE or bool(header.strikes)
    try:
        right = hmac.compare_digest(chain_hash(previous, header, link.mac), link.hash)
    except (TypeError, ValueError):  # a value that no entry was ever written with
        right = False
    if not right:
        return _Fault(seq=expected, reason="it was altered or moved", may_strike=may_strike)
    if link.present and not _content_is_right(link):
        return _Fault(seq=expected, reason="its content was altered", may_strike=may_strike)
    return None


def _content_is_right(link: Link) -> bool:
    content = link.content
    return content is not None and hmac.compare_digest(entry_mac(content.key, content.payload), link.mac)


def _end_fault(head: Head, count: int, last: bytes) -> _Fault | None:
    if count < head.seq:
        return _Fault(seq=count + 1, reason="it is missing from the end", may_strike=True)
    if count > head.seq:
        return _Fault(seq=head.seq + 1, reason="it was added")
    if not head.sealed or head.hash != last:
        return _Fault(seq=max(count, 1), reason="the seal over the end of the chain does not fit it")
    return None
