"""`listen`: this computer's microphone, heard here or sent to a running service."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Annotated

import typer

from live_scribe import scribing, wiring
from live_scribe.asr.clock import RealClock
from live_scribe.asr.scheduler import Scheduler
from live_scribe.audio.memory import MemoryRecording
from live_scribe.audio.microphone import MicrophoneSource
from live_scribe.commands import feeding
from live_scribe.commands.hearing import Language, Model, engine_of, known_language
from live_scribe.commands.notes import NoteFormat, TemplateOption, local_session, print_document
from live_scribe.commands.output import say, tell
from live_scribe.commands.shelf import own_shelf
from live_scribe.commands.writing import LlmLocalOnly, LlmModel, LlmUrl, Writer, endpoint_of, tell_trouble
from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.audio import AudioFrame, seconds
from live_scribe.core.languages import DEFAULT
from live_scribe.core.log import Entry
from live_scribe.drafting.llm_client import Endpoint
from live_scribe.errors import AudioError, ConfigError
from live_scribe.hub import Message
from live_scribe.ports import SpeechEngine
from live_scribe.session import VisitSession

LONGEST_TAIL = 100
"""Characters of the tail that are shown on the terminal's last line."""

CONSENT_QUESTION = "Does everybody in the room agree to be recorded? [y/N] "


def listen(
    device: Annotated[
        str | None, typer.Option("--device", help="Number or name of the microphone: `live-scribe devices`.")
    ] = None,
    template: TemplateOption = "soap",
    server: Annotated[
        str | None, typer.Option("--server", help="Address of a running service to feed instead.")
    ] = None,
    consent: Annotated[
        str | None, typer.Option("--consent", help="With --server: how the patient agreed; asked for where not given.")
    ] = None,
    model: Model = None,
    language: Language = DEFAULT,
    writer: Writer = None,
    llm_url: LlmUrl = None,
    llm_model: LlmModel = None,
    llm_local_only: LlmLocalOnly = None,
) -> None:
    """Hear this computer's microphone: words and note as they come; Ctrl-C ends the visit."""
    chosen: int | str | None = int(device) if device is not None and device.isdecimal() else device
    endpoint = endpoint_of(writer, llm_url, llm_model, llm_local_only)
    source = MicrophoneSource(chosen)  # whether it can be had is known before a model is loaded for it
    if server is None:
        engine = engine_of(model)
        asyncio.run(listen_here(engine, source, template, known_language(language, engine), endpoint))
        return
    place = feeding.Server.at(server)
    asyncio.run(_feed(place, source, template, consent or ask_consent(), language))


def ask_consent() -> str:
    """Ask at the terminal whether recording was agreed to; return how. Raises ConfigError where it was not."""
    if not sys.stdin.isatty():
        raise ConfigError("--consent: say how the patient agreed to be recorded, as in --consent verbal")
    sys.stderr.write(CONSENT_QUESTION)
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise ConfigError("without consent nothing is recorded")
    return "verbal, said at the terminal"


async def _feed(place: feeding.Server, source: MicrophoneSource, template: str, consent: str, language: str) -> None:
    visit = await asyncio.to_thread(place.open_visit, template, consent, language)
    tell(f"the service hears visit {visit}; Ctrl-C ends it")
    async with until_interrupted() as stop:
        await feeding.feed(place, visit, until(stop, source))


async def listen_here(
    engine: SpeechEngine,
    source: MicrophoneSource,
    template: str,
    language: str = DEFAULT,
    endpoint: Endpoint | None = None,
) -> None:
    """Hear the microphone until Ctrl-C; show words as they come, then print the note.

    Raises AudioError where the microphone stopped by itself: after the note of what was heard until then.
    """
    recording, shelf = MemoryRecording(), own_shelf(None)
    async with wiring.open_advisors(endpoint, shelf) as advisors:
        with Scheduler() as scheduler:
            clock = RealClock(scheduler)
            session = await local_session(
                template, {}, engine, clock, language=language, advisors=advisors, shelf=shelf
            )
            tell("listening; Ctrl-C ends the visit")
            async with until_interrupted() as stop, asyncio.TaskGroup() as tasks:
                feeding_it = tasks.create_task(_fill(until(stop, source), recording, session))
                await scribing.hear_recording(session, recording, show)
        tell_trouble(advisors)
    say(print_document(session.visit, NoteFormat.TEXT, shelf))
    if (lost := feeding_it.result()) is not None:
        raise lost


async def _fill(
    frames: AsyncIterator[AudioFrame], recording: MemoryRecording, session: VisitSession
) -> AudioError | None:
    """Put the sound into the recording, and its holes into the log; return what ended it before its time."""
    try:
        async for frame in frames:
            for start, end in recording.append(frame):
                await session.handle(c.NoteGap(start=seconds(start), end=seconds(end), reason=str(frame.missing)))
    except AudioError as exc:
        return exc
    finally:
        recording.end()
    return None


async def until(stop: asyncio.Event, source: MicrophoneSource) -> AsyncIterator[AudioFrame]:
    """Yield the microphone's frames until `stop` is set; then it is closed."""
    async with aclosing(source.frames()) as frames:
        async for frame in frames:
            if stop.is_set():
                return
            yield frame


@asynccontextmanager
async def until_interrupted() -> AsyncIterator[asyncio.Event]:
    """Give an event that Ctrl-C sets, so that what was said last is still heard."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    try:
        yield stop
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def show(message: Message) -> None:
    """Show what is said, the tail on the last line, on a terminal's standard error."""
    if not sys.stderr.isatty():
        return
    if not isinstance(message, Entry):
        if message.get("type") == "tail":
            sys.stderr.write(f"\r\x1b[K\x1b[2m{message['text'][-LONGEST_TAIL:]}\x1b[0m")
    elif isinstance(message.fact, e.WordsCommitted):
        sys.stderr.write("\r\x1b[K" + " ".join(w.text for w in message.fact.words) + " ")
    elif isinstance(message.fact, e.AudioGap):
        gap = message.fact
        sys.stderr.write(
            f"\r\x1b[K    \x1b[33mno sound from {gap.start:.1f} to {gap.end:.1f} s ({gap.reason})\x1b[0m\n"
        )
    elif isinstance(message.fact, e.UtteranceClosed):
        sys.stderr.write("\n")
    elif isinstance(message.fact, e.StatementProposed):
        sys.stderr.write(f"\r\x1b[K    \x1b[32m{message.fact.section}: {message.fact.text}\x1b[0m\n")
    sys.stderr.flush()
