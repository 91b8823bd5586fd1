"""The lists of words that visits are heard with: `terms list add import export learn`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import time
from typing import Annotated, TypeVar

import typer

from live_scribe import wiring
from live_scribe.asr.shipped import packaged_vocabulary
from live_scribe.commands.admin import Data
from live_scribe.commands.output import check_place, say, tell, write
from live_scribe.config import read_settings
from live_scribe.core.term_lists import CLINIC, LONGEST_FILE
from live_scribe.core.vocabulary import TermKind
from live_scribe.errors import NotFound, TermError
from live_scribe.storage.accounts import open_accounts
from live_scribe.storage.keys import load_master_key
from live_scribe.storage.sqlite import Database, open_database
from live_scribe.storage.store import VisitStore
from live_scribe.storage.terms import ListStore
from live_scribe.wordbook import Wordbook, open_wordbook

T = TypeVar("T")

COMMAND_LINE = "command line"
"""Who has written a term that nobody signed in has."""

Whose = Annotated[str | None, typer.Option("--user", help="Whose own list.", show_default="the clinic's")]

terms = typer.Typer(help="The clinic's words.", no_args_is_help=True)


@terms.command("list")
def list_terms(user: Whose = None, data: Data = None) -> None:
    """List the terms: kind, term, and how often it was learnt from corrections."""

    async def work(book: Wordbook, owner: str) -> None:
        for line in await book.lines(owner):
            learnt = f"\tset right {line.learnt.times} times" if line.learnt else ""
            say(f"{line.term.kind}\t{line.term.text}{learnt}")

    _run(data, user, work)


@terms.command("add")
def add_term(
    text: Annotated[str, typer.Argument(help="The term, as it is written.")],
    kind: Annotated[TermKind, typer.Option(help="What it names.")] = TermKind.OTHER,
    user: Whose = None,
    data: Data = None,
) -> None:
    """Write a term into a list. A running service hears the next visit with it."""
    _run(data, user, lambda book, owner: book.add(owner, text, kind, COMMAND_LINE))


@terms.command("import")
def import_terms(
    file: Annotated[Path, typer.Argument(help="One term a line, `kind: text` or `text` alone; # for a comment.")],
    replace: Annotated[bool, typer.Option("--replace", help="In the place of what was written before.")] = False,
    user: Whose = None,
    data: Data = None,
) -> None:
    """Add the terms of a file to a list."""
    text = _read(file)
    new = _run(data, user, lambda book, owner: book.read_file(owner, text, COMMAND_LINE, instead=replace))
    tell(f"{new} new term(s)")


@terms.command("export")
def export_terms(
    out: Annotated[Path | None, typer.Option("--out", help="The file to write to.")] = None,
    user: Whose = None,
    data: Data = None,
) -> None:
    """Write a list to a file or standard output, as `terms import` reads it."""
    check_place(out)
    text = _run(data, user, lambda book, owner: book.file(owner))
    if out is None:
        say(text) if text else tell("the list is empty")
    else:
        write(out, text)


@terms.command("learn")
def learn_terms(data: Data = None) -> None:
    """Learn from what people have set right in all stored visits: after an upgrade, or where a service was killed."""
    visits = _run(data, None, lambda book, _: book.learn_all())
    tell(f"{visits} visit(s) read")


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.read(LONGEST_FILE + 1)
    except UnicodeDecodeError:
        raise TermError(f"{file}: not a text in UTF-8") from None


def _run(data: Path | None, user: str | None, work: Callable[[Wordbook, str], Awaitable[T]]) -> T:
    async def run() -> T:
        async with _book(data or read_settings().data, user) as book:
            return await work(book, user or CLINIC)

    return asyncio.run(run())


@asynccontextmanager
async def _book(data: Path, user: str | None) -> AsyncIterator[Wordbook]:
    master = load_master_key(data, os.environ)
    async with open_database(data) as database:
        if user is not None:
            await _check_user(database, user)
        store = VisitStore(database, master)
        await store.prepare()
        lists = ListStore(database, master)
        async with open_wordbook(lists, store, wiring.wall_clock, packaged_vocabulary()) as book:
            yield book


async def _check_user(database: Database, name: str) -> None:
    async with open_accounts(database, now=time) as accounts:
        if name not in {user.name for user in await accounts.users()}:
            raise NotFound(f"there is no account {name}")
