"""The command `live-scribe` (docs/cli.md): every subcommand is a thin function in `commands/`.

Results alone go to standard output; progress and errors go to standard error, an error as one plain line. Exit status:
0 done, 1 failed, 2 wrong usage.
"""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

import live_scribe
from live_scribe import log
from live_scribe.commands import admin, hearing, microphone, notes, serving, shelf, terms
from live_scribe.commands.failures import describe
from live_scribe.commands.output import tell
from live_scribe.config import read_settings

app = typer.Typer(
    name="live-scribe",
    help=live_scribe.__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

debug = False


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(live_scribe.__version__)
        raise typer.Exit


@app.callback()
def common(
    show_traceback: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every subcommand."""
    global debug
    debug = show_traceback


app.command()(serving.demo)
app.command()(serving.serve)
app.command()(microphone.listen)
app.command()(hearing.transcribe)
app.command()(notes.draft)
app.command()(notes.scribe)
app.add_typer(admin.users, name="users")
app.add_typer(terms.terms, name="terms")
app.add_typer(shelf.templates, name="templates")
app.command()(admin.devices)
app.command()(admin.models)
app.command()(admin.doctor)
app.command()(admin.export)
app.command()(admin.verify)


def main() -> None:
    """Run the command line and leave with its status."""
    try:
        settings = read_settings()
        log.set_up(settings.log_level, settings.log_format)
        status = app(prog_name="live-scribe", standalone_mode=False)
    except Exception as exc:
        status = _fail(exc)
    sys.exit(status)


def _fail(exc: Exception) -> int:
    if debug:
        traceback.print_exception(exc)
    status, line = describe(exc)
    if line:
        tell(f"live-scribe: {line}")
    return status
