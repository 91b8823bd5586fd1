"""Accounts, machines and stored visits: `users devices models doctor export verify`."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from enum import StrEnum
from pathlib import Path
from time import time
from typing import Annotated

import typer

from live_scribe.commands.notes import FORMS, Document, DocumentOption, NoteFormat, print_document
from live_scribe.commands.output import check_place, say, tell, write
from live_scribe.commands.shelf import OwnTemplates, own_shelf
from live_scribe.config import read_settings
from live_scribe.core.fold import fold
from live_scribe.core.log import Verification
from live_scribe.core.states import UserRole
from live_scribe.core.visit import Visit
from live_scribe.errors import ConfigError, NotFound, StorageError
from live_scribe.storage.accounts import open_accounts
from live_scribe.storage.keys import load_master_key
from live_scribe.storage.sqlite import DATABASE_NAME, open_database
from live_scribe.storage.store import open_store

Data = Annotated[Path | None, typer.Option("--data", help="The data folder.", show_default="the user's data folder")]

users = typer.Typer(help="Accounts.", no_args_is_help=True)


@users.callback()
def _users() -> None:
    """Accounts of the service."""


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[UserRole, typer.Option(help="What the account is for.")],
    data: Data = None,
) -> None:
    """Add an account; the password is asked for, or read from standard input."""
    asyncio.run(_add_user(data or read_settings().data, name, role, _password()))
    tell(f"{name} may sign in as {role}")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise ConfigError("the two passwords are not the same: try again")
    return password


async def _add_user(data: Path, name: str, role: UserRole, password: str) -> None:
    load_master_key(data, os.environ)
    async with open_database(data) as database, open_accounts(database, now=time) as accounts:
        await accounts.add(name, role, password)


def devices() -> None:
    """List the microphones of this computer."""
    from live_scribe.audio.microphone import devices as found

    microphones = found()
    for microphone in microphones:
        say(f"{microphone.number}\t{microphone.name}\t{microphone.channels} channel(s)")
    if not microphones:
        tell("there is no microphone: connect one, or check the system's sound settings")


def models() -> None:
    """List the speech models, and where they are."""
    from live_scribe.asr.models import HUB_NAMES, found_models

    for model in found_models():
        say(f"{model.name}\t{'ready' if model.ready else 'missing'}\t{model.place}\t{model.note}")
    tell(f"with a network, --model also takes: {' '.join(HUB_NAMES)}")


def doctor(data: Data = None) -> None:
    """Say what is missing on this computer, and how to mend it."""
    from live_scribe.doctor import examine

    findings = examine(data or read_settings().data)
    for finding in findings:
        mark = "ok" if finding.well else ("missing" if finding.needed else "optional")
        say(f"{mark}\t{finding.what}\t{finding.advice}")
    if any(finding.needed and not finding.well for finding in findings):
        raise typer.Exit(1)


class ExportFormat(StrEnum):
    """What a note can be exported as."""

    MARKDOWN = "markdown"
    TEXT = "text"
    JSON = "json"
    PDF = "pdf"
    DOCX = "docx"
    FHIR = "fhir"


def export(
    visit: Annotated[str, typer.Argument(help="The visit's id.")],
    format_: Annotated[ExportFormat, typer.Option("--format", help="markdown, text or json.")] = ExportFormat.MARKDOWN,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write to.")] = None,
    data: Data = None,
    document: DocumentOption = Document.NOTE,
    own: OwnTemplates = None,
) -> None:
    """Write a visit's note, signed or draft, or its summary for the patient, to a file or standard output."""
    if format_ not in {*map(str, FORMS), "json"}:
        message = f"this version does not write {format_}; it writes markdown, text and json"
        raise typer.BadParameter(message, param_hint="--format")
    check_place(out)
    folder = data or read_settings().data
    stored = asyncio.run(_stored(folder, visit))
    note = print_document(stored, NoteFormat(format_), own_shelf(own, folder), document)
    if out is None:
        say(note)
    else:
        write(out, note)


async def _stored(data: Path, visit: str) -> Visit:
    _check_data(data)
    async with open_store(data, load_master_key(data, os.environ)) as store:
        entries = await store.read(visit)
    if not entries:
        raise NotFound("there is no such visit in this data folder")
    return fold(visit, entries)


def verify(visit: Annotated[str, typer.Argument(help="The visit's id.")], data: Data = None) -> None:
    """Check that a visit's log is as it was written; name the first entry that is not."""
    proof = asyncio.run(_verify(data or read_settings().data, visit))
    if not proof.intact:
        tell(f"live-scribe: entry {proof.first_bad} of this visit is not as it was written: {proof.reason}")
        raise typer.Exit(1)
    struck = f", {proof.struck} struck off the record" if proof.struck else ""
    say(f"intact: {proof.entries} entries{struck}; head {proof.head}")


async def _verify(data: Path, visit: str) -> Verification:
    _check_data(data)
    async with open_store(data, load_master_key(data, os.environ)) as store:
        return await store.verify(visit)


def _check_data(data: Path) -> None:
    if not (data / DATABASE_NAME).is_file():
        raise StorageError(f"{data}: there are no visits here; name the data folder with --data")
