"""`draft` and `scribe`: a written dialogue or a recording to a note, by the same drafting code as live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from live_scribe import scribing, wiring
from live_scribe.commands.hearing import (
    Language,
    Model,
    SecondLook,
    Speed,
    engine_of,
    hear_file,
    language_of,
    load_recording,
)
from live_scribe.commands.output import check_place, say, tell, write
from live_scribe.commands.shelf import OwnTemplates, own_shelf
from live_scribe.commands.writing import LlmLocalOnly, LlmModel, LlmUrl, Writer, endpoint_of, tell_trouble
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.languages import DEFAULT, DRAFTED
from live_scribe.core.notices import TEXTS, Notice
from live_scribe.core.visit import Visit
from live_scribe.core.wire import notice_json
from live_scribe.drafting.llm_client import Endpoint
from live_scribe.errors import ConfigError, DialogueError
from live_scribe.ports import Clock, SpeechEngine
from live_scribe.printing import printed_note, printed_summary, summary_of
from live_scribe.render import Format
from live_scribe.session import VisitSession
from live_scribe.storage.memory import MemoryStore
from live_scribe.templates import Shelf, installed

MOST_DIALOGUE_BYTES = 32 * 1024 * 1024
"""A written dialogue of a whole day is a tenth of this."""


MOST_NAMED = 5
"""A line that names more utterances than this is not read."""


class NoteFormat(StrEnum):
    """How a note is printed."""

    MARKDOWN = "markdown"
    TEXT = "text"
    JSON = "json"


ENDINGS = {NoteFormat.MARKDOWN: "md", NoteFormat.TEXT: "txt", NoteFormat.JSON: "json"}
FORMS: dict[NoteFormat, Format] = {NoteFormat.MARKDOWN: "markdown", NoteFormat.TEXT: "text"}

TemplateOption = Annotated[str, typer.Option("--template", help="The note's template: its path under templates/.")]
FormatOption = Annotated[NoteFormat, typer.Option("--format", help="markdown, text or json.")]
Sex = Annotated[str | None, typer.Option("--sex", help="The patient's: female or male, for the note's pronouns.")]


class Document(StrEnum):
    """What is printed of a visit."""

    NOTE = "note"
    SUMMARY = "summary"


DocumentOption = Annotated[Document, typer.Option("--document", help="The note, or the summary for the patient.")]


def print_document(
    visit: Visit,
    form: NoteFormat,
    shelf: Shelf,
    document: Document = Document.NOTE,
    notices: Sequence[Notice] = (),
) -> str:
    """Return a visit's note, or its summary for the patient, in a format. Raises TemplateError."""
    summary = document is Document.SUMMARY
    if form is NoteFormat.JSON:
        told = summary_of(visit, shelf) if summary else wiring.complete_note(visit, shelf)
        told |= {"notices": [notice_json(n) for n in notices]}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    printed = printed_summary if summary else printed_note
    return printed(visit, FORMS[form], shelf)


async def local_session(
    template: str,
    patient: dict[str, str | None],
    engine: SpeechEngine | None = None,
    clock: Clock | None = None,
    *,
    second_look: bool = False,
    language: str = DEFAULT,
    advisors: wiring.Advisors | None = None,
    shelf: Shelf | None = None,
) -> VisitSession:
    """Return a session whose visit is drafted and not kept. Raises TemplateError."""
    shelf = shelf or installed()
    found = shelf.load(template)
    ears = (lambda: wiring.make_ears(engine, clock)) if engine and clock else None
    again = (lambda: wiring.make_attention(engine, clock, found)) if engine and clock and second_look else None
    return await scribing.open_local(
        MemoryStore(),
        partial(wiring.writer_of, shelf=shelf),
        template=found.id,
        sections=found.sections,
        patient=patient,
        at=wiring.wall_clock(),
        language=language,
        ears=ears,
        attention=again,
        advisor=advisors,
        lexicon=wiring.make_lexicon(found),
    )


def draft(
    dialogue: Annotated[list[Path], typer.Argument(help="Dialogues: text, a turn a line, or JSON transcripts.")],
    template: TemplateOption = "soap",
    format_: FormatOption = NoteFormat.MARKDOWN,
    out: Annotated[
        Path | None, typer.Option("--out", help="A folder: one note a dialogue, NAME.md, .txt or .json.")
    ] = None,
    sex: Sex = None,
    writer: Writer = None,
    llm_url: LlmUrl = None,
    llm_model: LlmModel = None,
    llm_local_only: LlmLocalOnly = None,
    document: DocumentOption = Document.NOTE,
    own: OwnTemplates = None,
) -> None:
    """Draft notes from written dialogues."""
    shelf = own_shelf(own)
    if len({path.stem for path in dialogue}) < len(dialogue) and out is not None:
        raise ConfigError("two dialogues have the same name: their notes would overwrite each other in --out")
    if out is not None and out.exists() and not out.is_dir():
        raise ConfigError(f"--out: {out} is a file; give a folder")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    endpoint = endpoint_of(writer, llm_url, llm_model, llm_local_only)
    for path in dialogue:
        visit, notices = asyncio.run(_draft(path, template, {"sex": sex}, shelf, endpoint))
        for notice in notices:
            tell(f"live-scribe: {path.name}: {TEXTS[notice.code]}{_where(notice)}")
        note = print_document(visit, format_, shelf, document, notices)
        if out is None:
            say(note)
        else:
            write(out / f"{path.stem}.{ENDINGS[format_]}", note)


def _where(notice: Notice) -> str:
    """Return the first utterances that a notice is about, for a reader to look at."""
    ids = notice.utterances
    more = ", …" if len(ids) > MOST_NAMED else ""
    return f" ({', '.join(ids[:MOST_NAMED])}{more})" if ids else ""


async def _draft(
    path: Path, template: str, patient: dict[str, str | None], shelf: Shelf, endpoint: Endpoint | None
) -> tuple[Visit, tuple[Notice, ...]]:
    try:
        said, notices = wiring.read_right(parse_dialogue(_read(path)))
        language = said[0].language if said else DEFAULT
        async with wiring.open_advisors(endpoint, shelf) as advisors:
            session = await local_session(template, patient, language=language, advisors=advisors, shelf=shelf)
            visit = await scribing.draft_dialogue(session, said)
            tell_trouble(advisors)
        return visit, notices
    except DialogueError as exc:
        raise DialogueError(f"{path}: {exc}") from exc


def _read(path: Path) -> str:
    if path.is_dir():
        raise DialogueError("is a folder: give a file")
    try:
        if path.stat().st_size > MOST_DIALOGUE_BYTES:
            raise DialogueError("is larger than any dialogue")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DialogueError("is not UTF-8 text; to draft from a recording use `live-scribe scribe`") from None


def scribe(
    audio: Annotated[Path, typer.Argument(help="A recording: wav, flac, mp3, m4a, ogg/opus, webm.")],
    speed: Speed = 0.0,
    template: TemplateOption = "soap",
    format_: FormatOption = NoteFormat.MARKDOWN,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write the note to.")] = None,
    model: Model = None,
    language: Language = DEFAULT,
    sex: Sex = None,
    second_look: SecondLook = True,
    writer: Writer = None,
    llm_url: LlmUrl = None,
    llm_model: LlmModel = None,
    llm_local_only: LlmLocalOnly = None,
    document: DocumentOption = Document.NOTE,
    own: OwnTemplates = None,
) -> None:
    """Hear a recording and write its note: the whole path without a browser."""
    shelf = own_shelf(own)
    shelf.load(template)
    check_place(out)
    endpoint = endpoint_of(writer, llm_url, llm_model, llm_local_only)
    recording = load_recording(audio)
    engine = engine_of(model)
    spoken = asyncio.run(language_of(language, recording, engine))
    if spoken not in DRAFTED:
        tell(f"live-scribe: the note writer knows English only, so nothing is drafted of what is said in {spoken}")

    session_of = partial(
        local_session, template, {"sex": sex}, engine, second_look=second_look, language=spoken, shelf=shelf
    )

    async def hear() -> Visit:
        async with wiring.open_advisors(endpoint, shelf) as advisors:
            visit, _ = await hear_file(audio.name, recording, speed, partial(session_of, advisors=advisors))
            tell_trouble(advisors)
            return visit

    deliver(print_document(asyncio.run(hear()), format_, shelf, document), out)


def deliver(text: str, out: Path | None) -> None:
    """Write a result to a file, or print it."""
    if out is None:
        say(text)
    else:
        write(out, text)
