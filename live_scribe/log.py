"""Logging without patients' words: messages are literals, and beside them stand fields of an allow-list alone.

Four leaks are known from others' code: own messages, `__str__`, libraries at DEBUG, exceptions. So libraries that would
print payloads are pinned, and of an exception only its type and code are written.
"""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime

FIELDS = ("visit", "code", "error", "count", "seconds", "seq", "address", "model", "port")
"""What may stand beside a message: ids, counts, times and codes."""

PINNED = (
    "websockets", "uvicorn", "uvicorn.error", "uvicorn.access", "faster_whisper", "sqlalchemy", "alembic", "asyncio",
    "httpx", "httpcore", "multipart", "python_multipart", "PIL", "libav",
)  # fmt: skip
"""Libraries whose DEBUG or INFO holds frames, statements or addresses with what was sent in them."""


class Line(logging.Formatter):
    """One JSON object a line: time, level, place, message, and the allowed fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Arguments of the message are left out: only its literal is written."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": str(record.msg) if record.name.startswith("live_scribe") else "a library says something",
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)


class Console(Line):
    """The same for a person's eyes: time, level, message, and the allowed fields as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, made of what the JSON line holds and of nothing else."""
        line = json.loads(super().format(record))
        beside = " ".join(f"{name}={line[name]}" for name in FIELDS if name in line)
        return f"{line['at'][11:19]} {line['level']:<7} {line['logger']}: {line['message']} {beside}".rstrip()


class StandardError(logging.Handler):
    """Writes lines to standard error, whatever that is at the moment. What cannot be written is let go, unsaid."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record. `logging` would print one that it cannot write, with its arguments, for all to read."""
        with suppress(OSError, ValueError):
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()


def set_up(level: str = "INFO", form: str = "auto") -> None:
    """Send all logging to standard error, a line each, at `level` and above.

    `form`: json, console, or auto: console where standard error is a terminal.
    """
    handler = StandardError()
    on_console = form == "console" or (form == "auto" and sys.stderr.isatty())
    handler.setFormatter(Console() if on_console else Line())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in PINNED:
        logging.getLogger(name).setLevel(logging.WARNING)
