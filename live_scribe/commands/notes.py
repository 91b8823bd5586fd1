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
from live_scribe.commands.writing import LlmLocalOnly, LlmModel, LlmUrl, Writer, endpoint_of, tell_trouble
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.languages import DEFAULT, DRAFTED
from live_scribe.core.notices import TEXTS, Notice
from live_scribe.core.visit import Visit
from live_scribe.core.wire import notice_json
from live_scribe.drafting.llm_client import Endpoint
from live_scribe.errors import ConfigError, DialogueError
from live_scribe.ports import Clock, SpeechEngine
from live_scribe.render import Format
from live_scribe.session import VisitSession
from live_scribe.storage.memory import MemoryStore

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


def print_note(visit: Visit, form: NoteFormat, notices: Sequence[Notice] = ()) -> str:
    """Return a visit's note in a format. Raises TemplateError."""
    if form is NoteFormat.JSON:
        told = {**wiring.complete_note(visit), "notices": [notice_json(n) for n in notices]}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    return wiring.render_note(visit, FORMS[form])


async def local_session(
    template: str,
    patient: dict[str, str | None],
    engine: SpeechEngine | None = None,
    clock: Clock | None = None,
    *,
    second_look: bool = False,
    language: str = DEFAULT,
    advisors: wiring.Advisors | None = None,
) -> VisitSession:
    """Return a session whose visit is drafted and not kept. Raises TemplateError."""
    full, sections = wiring.find_template(template)
    ears = (lambda: wiring.make_ears(engine, clock)) if engine and clock else None
    again = (lambda: wiring.make_attention(engine, clock, full)) if engine and clock and second_look else None
    return await scribing.open_local(
        MemoryStore(),
        wiring.make_writer,
        template=full,
        sections=sections,
        patient=patient,
        at=wiring.wall_clock(),
        language=language,
        ears=ears,
        attention=again,
        advisor=advisors,
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
) -> None:
    """Draft notes from written dialogues."""
    if len({path.stem for path in dialogue}) < len(dialogue) and out is not None:
        raise ConfigError("two dialogues have the same name: their notes would overwrite each other in --out")
    if out is not None and out.exists() and not out.is_dir():
        raise ConfigError(f"--out: {out} is a file; give a folder")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    endpoint = endpoint_of(writer, llm_url, llm_model, llm_local_only)
    for path in dialogue:
        visit, notices = asyncio.run(_draft(path, template, {"sex": sex}, endpoint))
        for notice in notices:
            tell(f"live-scribe: {path.name}: {TEXTS[notice.code]}{_where(notice)}")
        note = print_note(visit, format_, notices)
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
    path: Path, template: str, patient: dict[str, str | None], endpoint: Endpoint | None
) -> tuple[Visit, tuple[Notice, ...]]:
    try:
        said, notices = wiring.read_right(parse_dialogue(_read(path)))
        language = said[0].language if said else DEFAULT
        async with wiring.open_advisors(endpoint) as advisors:
            session = await local_session(template, patient, language=language, advisors=advisors)
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
) -> None:
    """Hear a recording and write its note: the whole path without a browser."""
    wiring.find_template(template)
    check_place(out)
    endpoint = endpoint_of(writer, llm_url, llm_model, llm_local_only)
    recording = load_recording(audio)
    engine = engine_of(model)
    spoken = asyncio.run(language_of(language, recording, engine))
    if spoken not in DRAFTED:
        tell(f"live-scribe: the note writer knows English only, so nothing is drafted of what is said in {spoken}")

    async def hear() -> Visit:
        async with wiring.open_advisors(endpoint) as advisors:
            patient: dict[str, str | None] = {"sex": sex}
            session_of = partial(
                local_session, template, patient, engine, second_look=second_look, language=spoken, advisors=advisors
            )
            visit, _ = await hear_file(audio.name, recording, speed, session_of)
            tell_trouble(advisors)
            return visit

    note = print_note(asyncio.run(hear()), format_)
    if out is None:
        say(note)
    else:
        write(out, note)
