"""`transcribe`: a recording to words, by the live path."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from live_scribe import scribing, wiring
from live_scribe.asr.clock import RealClock, SimulatedClock
from live_scribe.asr.models import load_engine
from live_scribe.asr.scheduler import Scheduler
from live_scribe.asr.voice import SileroDetector
from live_scribe.audio.decode import Decoder
from live_scribe.audio.file import FileRecording
from live_scribe.commands.lines import Lines
from live_scribe.commands.output import progress, say, tell
from live_scribe.config import cores, read_settings
from live_scribe.core.audio import SAMPLE_RATE_HZ
from live_scribe.core.languages import DEFAULT
from live_scribe.core.visit import Visit
from live_scribe.core.wire import transcript_json
from live_scribe.errors import ModelError
from live_scribe.hub import Message
from live_scribe.language_watch import LanguageWatch
from live_scribe.ports import Clock, SpeechEngine
from live_scribe.session import VisitSession
from live_scribe.storage.memory import MemoryStore

Model = Annotated[
    str | None,
    typer.Option(
        "--model", help="base, tiny.en (both packaged), a folder, or a size that the hub has.", show_default="base"
    ),
]


def _one_or_nothing(speed: float) -> float:
    if speed not in (0.0, 1.0):
        raise typer.BadParameter("1 is the pace of speech, 0 as fast as possible; there is nothing between")
    return speed


Speed = Annotated[
    float,
    typer.Option(
        "--speed",
        callback=_one_or_nothing,
        help="1: at the pace of speech; 0: as fast as possible, on a simulated clock.",
    ),
]


SecondLook = Annotated[
    bool,
    typer.Option(
        "--second-look/--no-second-look", help="Whether the sound is heard again, with more context, after its end."
    ),
]


class Device(StrEnum):
    """Where a model runs."""

    CPU = "cpu"
    CUDA = "cuda"


ModelDevice = Annotated[
    Device | None, typer.Option("--device", help="Where the model runs: cpu or cuda.", show_default="cpu")
]


AUTO = "auto"

Language = Annotated[
    str, typer.Option("--language", help="What is spoken: en, es, de, … as far as the model knows it; auto: find out.")
]


async def language_of(language: str, recording: FileRecording, engine: SpeechEngine) -> str:
    """Return the language to hear a recording in, found out from its first speech for `auto`. Raises ModelError."""
    if language != AUTO:
        return known_language(language, engine)
    watch, detector = LanguageWatch(engine), SileroDetector()
    for start in range(0, recording.length, SAMPLE_RATE_HZ):
        if watch.ready:
            break
        sound = await recording.read(start, min(start + SAMPLE_RATE_HZ, recording.length))
        watch.hear(sound, detector.observe(sound))
    found = watch.judge()
    if found is None:
        return DEFAULT
    tell(f"live-scribe: heard as {found.language} ({found.probability:.0%})")
    return found.language


MOST_NAMED = 12
"""Languages named in an error: whisper knows a hundred, and nobody reads as many in one line."""


def known_language(language: str, engine: SpeechEngine) -> str:
    """Return the language where the model knows it. Raises ModelError."""
    if language not in engine.languages:
        named = ", ".join(engine.languages[:MOST_NAMED])
        more = len(engine.languages) - MOST_NAMED
        known = f"{named} and {more} more, by their codes (ISO 639)" if more > 0 else named
        raise ModelError(f"--language: the model {engine.name} does not know {language[:20]!r}; it knows {known}")
    return language


class TranscriptFormat(StrEnum):
    """How a transcript is printed."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


def engine_of(model: str | None, *, visits: int = 1, device: Device | None = None) -> SpeechEngine:
    """Load the model that the option or the environment names, for so many visits at once. Raises ModelError."""
    settings = read_settings()
    return load_engine(
        model or settings.model,
        device=device or settings.device,
        compute_type=settings.compute_type,
        threads=settings.threads,
        parallel=max(1, min(visits, round(cores() / settings.threads))),
        batch=settings.batch,
    )


def transcribe(
    audio: Annotated[list[Path], typer.Argument(help="Recordings: wav, flac, mp3, m4a, ogg/opus, webm.")],
    speed: Speed = 0.0,
    format_: Annotated[
        TranscriptFormat, typer.Option("--format", help="text, json, or jsonl: a line for each event.")
    ] = (TranscriptFormat.TEXT),
    model: Model = None,
    device: ModelDevice = None,
    language: Language = DEFAULT,
    final: Annotated[
        bool, typer.Option("--final", help="Leave out what may still change: no tail lines in jsonl.")
    ] = False,
    second_look: SecondLook = True,
) -> None:
    """Stream recordings through the live path and print what was said."""
    for path in audio:  # a mistake in the last is told before the first was heard for an hour
        with Decoder(path):
            pass
    engine = engine_of(model, device=device)
    if language != AUTO:
        known_language(language, engine)
    for path in audio:
        printed = Printed(format_, tails=not final, second_look=second_look)
        recording = load_recording(path)
        spoken = asyncio.run(language_of(language, recording, engine))
        asyncio.run(_transcribe(path, recording, engine, speed, printed, spoken))


def load_recording(path: Path) -> FileRecording:
    """Return the recording of a file, saying so where parts of it are lost. Raises AudioError."""
    recording = FileRecording.decode(path)
    if recording.damaged:
        tell(f"live-scribe: {path}: parts of it cannot be read (damaged, or broken off); the rest is heard")
    return recording


@dataclass(frozen=True, slots=True)
class Printed:
    """What is to be printed: how, with what may still change or without, and after a second look or not."""

    form: TranscriptFormat
    tails: bool
    second_look: bool


async def _transcribe(
    path: Path, recording: FileRecording, engine: SpeechEngine, speed: float, printed: Printed, language: str
) -> None:
    lines, form = Lines(tails=printed.tails), printed.form
    begin = heard = time.process_time()

    def observe(clock: float, message: Message) -> None:
        nonlocal heard
        if isinstance(message, dict) and message["type"] == "settled":
            heard = time.process_time()
        if form is TranscriptFormat.JSONL:
            for line in lines.of(clock, message):
                say(json.dumps(line, ensure_ascii=False))

    session_of = partial(silent_session, engine, second_look=printed.second_look, language=language)
    visit, clock = await hear_file(path.name, recording, speed, session_of, observe)
    if form is TranscriptFormat.JSONL:
        end = {"type": "end", "clock": round(clock, 3), "audio": round(recording.duration, 3)}
        spent = {"cpu": round(heard - begin, 3), "cpu_again": round(time.process_time() - heard, 3)}
        say(json.dumps({**end, **spent}))
    elif form is TranscriptFormat.JSON:
        say(json.dumps(transcript_json(visit, recording.duration), ensure_ascii=False, indent=1))
    else:
        say("".join(f"[{u.role or u.speaker or 'unknown'}] {u.text}\n" for u in visit.utterances.values()))


async def hear_file(
    title: str,
    recording: FileRecording,
    speed: float,
    session_of: Callable[[Clock], Awaitable[VisitSession]],
    observe: Callable[[float, Message], None] | None = None,
) -> tuple[Visit, float]:
    """Hear a recording the live way and return the visit and the clock at its end."""
    with Scheduler() as scheduler:
        clock: Clock = RealClock(scheduler) if speed else SimulatedClock()
        session = await session_of(clock)
        with progress(title, recording.duration) as bar:

            def seen(message: Message) -> None:
                if isinstance(message, dict) and message.get("type") == "lag":
                    bar.reach(session.visit.clock)
                if observe is not None:
                    observe(clock.now(), message)

            visit = await scribing.hear_recording(session, recording, seen)
        return visit, clock.now()


async def silent_session(
    engine: SpeechEngine, clock: Clock, *, second_look: bool = True, language: str = DEFAULT
) -> VisitSession:
    """Return a session that hears, a second time too if so wished, and drafts nothing."""
    return await scribing.open_local(
        MemoryStore(),
        lambda _visit: scribing.Silent(),
        template="",
        sections=(),
        patient={},
        at=wiring.wall_clock(),
        language=language,
        ears=lambda: wiring.make_ears(engine, clock),
        attention=(lambda: wiring.make_attention(engine, clock, "soap")) if second_look else None,
    )
