"""HTTP byte ranges (RFC 9110, section 14): the one form that players use."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def byte_range(header: str | None, total: int) -> tuple[int, int] | None:
    """Return the first byte and the one behind the last that `header` asks of `total`; null where there are none.

    A missing header, or one that is not understood, asks for everything (RFC 9110, section 14.2).
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or found.group(1) == found.group(2) == "":
        return 0, total
    first, last = found.groups()
    if first == "":
        return (max(0, total - int(last)), total) if int(last) else None
    begin, stop = int(first), min(int(last) + 1, total) if last else total
    return (begin, stop) if begin < stop else None
