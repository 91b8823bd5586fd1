"""What a command that failed says: an exit status and one plain line that names the thing and the way out."""

from __future__ import annotations

import typer

from live_scribe.errors import LiveScribeError

FAILED, WRONG_USAGE = 1, 2

WrongUsage = typer.BadParameter.__bases__[0]
"""click's UsageError: newer typers carry a click of their own, so that importing click would name another class."""


def describe(exc: Exception) -> tuple[int, str]:
    """Return the exit status and the line for an error; the line is empty where nothing is left to say."""
    cause = _cause(exc)
    if isinstance(cause, WrongUsage):
        return WRONG_USAGE, _usage(cause)
    match cause:
        case LiveScribeError():
            return FAILED, str(cause)
        case BrokenPipeError():
            return FAILED, ""
        case FileNotFoundError(errno=None):  # our own, of a part of the installation
            return FAILED, str(cause)
        case FileNotFoundError():
            return FAILED, f"{cause.filename}: there is no such file"
        case OSError():
            return FAILED, f"{cause.filename or 'the system'}: {cause.strerror or type(cause).__name__}"
        case MemoryError():
            return FAILED, "there is not enough memory: close something, or give a shorter recording"
    # The error's own text is left out: it may quote what was said.
    return (
        FAILED,
        f"an error that nobody foresaw ({type(cause).__name__}): `live-scribe --debug …` shows where; report it",
    )


def _cause(exc: BaseException) -> BaseException:
    """Return what a group of errors is about: one of ours where there is one, else the first."""
    if not isinstance(exc, BaseExceptionGroup):
        return exc
    causes = [_cause(inner) for inner in exc.exceptions]
    return next((cause for cause in causes if isinstance(cause, LiveScribeError)), causes[0])


def _usage(exc: BaseException) -> str:
    message = " ".join(exc.format_message().split()).replace("Value error, ", "")  # type: ignore[attr-defined]
    context = getattr(exc, "ctx", None)
    command = "live-scribe" if context is None else context.command_path
    return f"{message.rstrip('.')}; `{command} --help` says more" if message else ""
