"""`templates list` and `templates check`, and where commands find the clinic's own templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live_scribe.commands.output import say, tell
from live_scribe.config import read_settings
from live_scribe.errors import ConfigError
from live_scribe.printing import OWN_FOLDER, sound_shelf
from live_scribe.template_check import check as check_template
from live_scribe.templates import ABOUT_FILE, Shelf, installed, with_own
from live_scribe.templates.sections import FILE as SECTIONS_FILE

OwnTemplates = Annotated[
    Path | None,
    typer.Option(
        "--templates", help="The folder with the clinic's own templates.", show_default="templates in the data folder"
    ),
]

templates = typer.Typer(help="Note templates.", no_args_is_help=True)


@templates.callback()
def _templates() -> None:
    """Note templates."""


def own_folder(given: Path | None, data: Path | None = None) -> Path:
    """Return the clinic's folder of templates, as given, as set, or in the data folder. Raises ConfigError."""
    settings = read_settings()
    named = given or settings.templates
    if named is not None and not named.is_dir():
        raise ConfigError(f"--templates: there is no folder {named}")
    return named or (data or settings.data) / OWN_FOLDER


def own_shelf(given: Path | None, data: Path | None = None) -> Shelf:
    """Return the templates there are, the clinic's own before the others; those with mistakes are left out."""
    return sound_shelf(own_folder(given, data))


@templates.command("list")
def list_templates(own: OwnTemplates = None) -> None:
    """List the templates: id, title, and what it is for."""
    shelf = own_shelf(own)
    for row in shelf.listed():
        say(f"{row['id']}\t{row['title']}\t{row['about']}")
    for id_ in sorted(shelf.left_out):
        tell(f"left out: {id_} has mistakes: live-scribe templates check")


@templates.command("check")
def check(
    folder: Annotated[
        list[Path] | None,
        typer.Argument(help="Templates, or folders of templates; without one, all that there are."),
    ] = None,
    own: OwnTemplates = None,
) -> None:
    """Explain each mistake in templates, with file and line; exit 1 where there is one."""
    jobs = [job for path in folder for job in _jobs(path)] if folder else _all(with_own(own_folder(own)))
    wrong = 0
    for shelf, id_ in jobs:
        mistakes = check_template(shelf, id_)
        wrong += len(mistakes)
        for mistake in mistakes:
            say(str(mistake))
        if not mistakes:
            tell(f"{id_}: nothing is wrong")
    if wrong:
        tell(f"live-scribe: {wrong} mistake{'s' if wrong > 1 else ''} in {len(jobs)} template(s)")
        raise typer.Exit(1)


def _all(shelf: Shelf) -> list[tuple[Shelf, str]]:
    return [(shelf, id_) for id_ in shelf.ids()]


def _jobs(path: Path) -> list[tuple[Shelf, str]]:
    """Return the templates that a path means: one, those of one shape, or all of a folder."""
    path = path.resolve()
    if not path.is_dir():
        raise ConfigError(f"{path}: there is no such folder")
    if (path / SECTIONS_FILE).exists() or (path / ABOUT_FILE).exists():
        root, ids = path.parent.parent, [f"{path.parent.name}/{path.name}"]
    else:
        root = path if any(path.glob(f"*/*/{SECTIONS_FILE}")) or any(path.glob(f"*/*/{ABOUT_FILE}")) else path.parent
        own = Shelf((root,)).ids()
        ids = own if root == path else [i for i in own if i.startswith(f"{path.name}/")]
    if not ids:
        raise ConfigError(f"{path}: there is no template in it (a folder in a folder, with {ABOUT_FILE})")
    shelf = Shelf((root, *installed().roots)) if root != installed().roots[0].resolve() else Shelf((root,))
    return [(shelf, id_) for id_ in ids]
