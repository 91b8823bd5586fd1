"""`listen`: this computer's microphone, heard here or sent to a running service."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import typer
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from live_scribe import scribing, wiring
from live_scribe.asr.clock import RealClock
from live_scribe.audio.memory import MemoryRecording
from live_scribe.audio.microphone import MicrophoneSource
from live_scribe.commands.hearing import Model, engine_of
from live_scribe.commands.notes import NoteFormat, local_session, print_note
from live_scribe.commands.output import say, tell
from live_scribe.config import is_loopback
from live_scribe.core import events as e
from live_scribe.core.audio import AudioFrame
from live_scribe.core.log import Entry
from live_scribe.core.pcm import encode_message
from live_scribe.errors import AudioError, ConfigError, NotSignedIn
from live_scribe.hub import Message
from live_scribe.ports import SpeechEngine

TIMEOUT_S = 20
LONGEST_TAIL = 100
"""Characters of the tail that are shown on the terminal's last line."""


def listen(
    device: Annotated[str | None, typer.Option(help="Number or name of the microphone: `live-scribe devices`.")] = None,
    template: Annotated[str, typer.Option(help="The note's template.")] = "soap",
    server: Annotated[str | None, typer.Option(help="Address of a running service to feed instead.")] = None,
    model: Model = None,
) -> None:
    """Hear this computer's microphone: words and note as they come; Ctrl-C ends the visit."""
    chosen: int | str | None = int(device) if device is not None and device.isdigit() else device
    if server is not None:
        asyncio.run(feed_server(server, chosen, template))
    else:
        check(chosen)
        asyncio.run(listen_here(engine_of(model), chosen, template))


def check(device: int | str | None) -> None:
    """Find out whether the microphone can be had, before a model is loaded for it. Raises AudioError."""
    MicrophoneSource(device)


async def listen_here(engine: SpeechEngine, device: int | str | None, template: str) -> None:
    """Hear the microphone until Ctrl-C; show words as they come, then print the note."""
    source, recording = MicrophoneSource(device), MemoryRecording()
    with wiring.hearing_worker() as worker:
        session = await local_session(template, {}, engine, RealClock(worker))
        tell("listening; Ctrl-C ends the visit")
        async with asyncio.TaskGroup() as tasks, until_interrupted() as stop:
            feeding = tasks.create_task(_fill(source, recording, stop))
            await scribing.hear_recording(session, recording, show)
            feeding.cancel()
    say(print_note(session.visit, NoteFormat.TEXT))


async def _fill(source: MicrophoneSource, recording: MemoryRecording, stop: asyncio.Event) -> None:
    try:
        async for frame in _until(stop, source.frames()):
            recording.append(frame)
    finally:
        recording.end()


async def _until(stop: asyncio.Event, frames: AsyncIterator[AudioFrame]) -> AsyncIterator[AudioFrame]:
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
    elif isinstance(message.fact, e.UtteranceClosed):
        sys.stderr.write("\n")
    elif isinstance(message.fact, e.StatementProposed):
        sys.stderr.write(f"\r\x1b[K    \x1b[32m{message.fact.section}: {message.fact.text}\x1b[0m\n")
    sys.stderr.flush()


async def feed_server(server: str, device: int | str | None, template: str) -> None:
    """Open a visit on a running service and send it this computer's microphone until Ctrl-C.

    Signs in by LIVE_SCRIBE_TOKEN. Raises ConfigError, NotSignedIn, AudioError.
    """
    token = os.environ.get("LIVE_SCRIBE_TOKEN")
    if not token:
        raise NotSignedIn("LIVE_SCRIBE_TOKEN is not set: sign in (POST /api/v1/session) and put the token there")
    parsed = urlsplit(server)
    if parsed.scheme not in ("http", "https") or not parsed.hostname:
        raise ConfigError("--server: an address that begins with http:// or https://")
    if parsed.scheme == "http" and not is_loopback(parsed.hostname):
        raise ConfigError("--server: to another computer by https:// alone, or everybody on the way hears it")
    source = MicrophoneSource(device)
    opening = {"template": template, "consent": {"given": True, "method": "said to the scribe at the terminal"}}
    visit = await asyncio.to_thread(partial(_post, f"{server.rstrip('/')}/api/v1/visits", token, opening))
    socket = urlunsplit(("wss" if parsed.scheme == "https" else "ws", parsed.netloc, parsed.path.rstrip("/"), "", ""))
    address = f"{socket}/api/v1/visits/{visit['id']}/audio"
    tell(f"the service hears visit {visit['id']}; Ctrl-C ends it")
    try:
        async with connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as connection:
            async with until_interrupted() as stop:
                await _send(connection, source, stop)
    except (OSError, WebSocketException) as exc:
        raise AudioError(f"the service is gone ({type(exc).__name__}); what it acknowledged is safe there") from exc


async def _send(connection: ClientConnection, source: MicrophoneSource, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(_read(connection))
        async for frame in _until(stop, source.frames()):
            await connection.send(encode_message(frame))
        await connection.send(json.dumps({"type": "end"}))
        await reading


async def _read(connection: ClientConnection) -> None:
    """Take acknowledgements until the service, having been told of the end, closes."""
    async for _message in connection:
        continue


def _post(address: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            made: dict[str, Any] = json.load(answer)
            return made
    except urllib.error.HTTPError as exc:
        raise NotSignedIn(f"the service refuses ({exc.code}): is LIVE_SCRIBE_TOKEN still valid?") from exc
    except OSError as exc:
        raise ConfigError(f"--server: no service answers at {address.split('/api/')[0]}") from exc
