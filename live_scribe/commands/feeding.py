"""Sends a microphone to a running service over its audio websocket; sound is kept until the service has it safe."""

from __future__ import annotations

import asyncio
import json
import os
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from live_scribe.commands.output import tell
from live_scribe.config import is_loopback
from live_scribe.core.audio import AudioFrame, seconds
from live_scribe.core.languages import DEFAULT
from live_scribe.core.pcm import encode_message
from live_scribe.errors import AudioError, ConfigError, NotSignedIn

TIMEOUT_S = 20

MOST_KEPT_S = 3600
"""Sound that waits for a service that is away: an hour takes 115 MB. What is older then is lost, a gap that is seen."""

MOST_ON_ITS_WAY = 600
"""Frames, a minute: with more, the line's own signs of life wait behind the sound until it is taken for dead."""

LAST_TRY_S = 60
"""After Ctrl-C so long is tried to hand over what the service does not have yet."""

AGAIN_S = 1.0
"""Before the next attempt: a connection that died lets go of the visit a little later, and is 4409 until then."""

CLOSE_ENDED = 1000
FINAL_CLOSES = {
    4401: "the session has ended: sign in again",
    4403: "this account may not record",
    4404: "it has no such visit",
    4413: "it does not take this sound",
}
"""Closing codes (docs/protocol.md) after which trying again is of no use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running service, and who we are there."""

    address: str
    token: str = field(repr=False)

    @classmethod
    def at(cls, address: str) -> Server:
        """Return the service at an address, with the token of LIVE_SCRIBE_TOKEN. Raises ConfigError, NotSignedIn."""
        token = os.environ.get("LIVE_SCRIBE_TOKEN")
        if not token:
            raise NotSignedIn("LIVE_SCRIBE_TOKEN is not set: sign in (POST /api/v1/session) and put the token there")
        parsed = urlsplit(address)
        if parsed.scheme not in ("http", "https") or not parsed.hostname:
            raise ConfigError("--server: an address that begins with http:// or https://")
        if parsed.scheme == "http" and not is_loopback(parsed.hostname):
            raise ConfigError("--server: to another computer by https:// alone, or everybody on the way hears it")
        return cls(address=address.rstrip("/"), token=token)

    def open_visit(self, template: str, consent: str, language: str = DEFAULT) -> str:
        """Open a visit and return its id. Blocks; raises ConfigError, NotSignedIn."""
        opening = {"template": template, "consent": {"given": True, "method": consent}, "language": language}
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/api/v1/visits", json.dumps(opening).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return str(json.load(answer)["id"])
        except urllib.error.HTTPError as exc:
            if exc.code in (401, 403):
                raise NotSignedIn("the service refuses: is LIVE_SCRIBE_TOKEN still valid, and a scribe's?") from exc
            raise ConfigError(
                f"the service does not open a visit ({exc.code}): are --template and --language its own?"
            ) from exc
        except (OSError, ValueError, LookupError) as exc:
            raise ConfigError(f"--server: no live_scribe answers at {self.address}") from exc

    def audio_socket(self, visit: str) -> connect:
        """Return the connection for a visit's sound; iterating over it connects again and again."""
        parsed = urlsplit(f"{self.address}/api/v1/visits/{visit}/audio")
        scheme = "wss" if parsed.scheme == "https" else "ws"
        address = urlunsplit((scheme, parsed.netloc, parsed.path, "", ""))
        return connect(address, additional_headers={"Authorization": f"Bearer {self.token}"})


class Unsent:
    """Frames that the service has not acknowledged, numbered in the order in which they came."""

    def __init__(self) -> None:
        self._frames: dict[int, AudioFrame] = {}
        self._changed = asyncio.Event()
        self._ended = False
        self.first = 0
        self._behind = 0
        self._samples = 0

    def append(self, frame: AudioFrame) -> None:
        """Keep one more frame; of more than an hour the oldest goes."""
        self._frames[self._behind] = frame
        self._behind += 1
        self._samples += frame.length
        self._changed.set()
        while self.waiting_s > MOST_KEPT_S:
            self._drop()

    def end(self) -> None:
        """No more will come."""
        self._ended = True
        self._changed.set()

    def acknowledge(self, next_sample: int) -> None:
        """Let go of what is safe."""
        while self._frames and self._frames[self.first].end <= next_sample:
            self._drop()
        self._changed.set()

    def _drop(self) -> None:
        self._samples -= self._frames.pop(self.first).length
        self.first += 1

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that wait; a hole between them is none."""
        return seconds(self._samples)

    async def frames(self) -> AsyncIterator[AudioFrame]:
        """Yield what waits and what comes, until the end; never far ahead of what was acknowledged."""
        number = self.first
        while True:
            number = max(number, self.first)
            if number < min(self._behind, self.first + MOST_ON_ITS_WAY):
                yield self._frames[number]
                number += 1
            elif self._ended and number == self._behind:
                return
            else:
                self._changed.clear()
                await self._changed.wait()


async def feed(server: Server, visit: str, frames: AsyncIterator[AudioFrame]) -> None:
    """Send frames into a visit and end it with them, over as many connections as that takes.

    Raises AudioError where the service does not take them, or the microphone stopped by itself.
    """
    unsent = Unsent()
    lost: list[AudioError] = []
    try:
        async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as tasks:
            keeping = tasks.create_task(_keep(frames, unsent, lost, limit))
            try:
                await _deliver(server.audio_socket(visit), unsent)
            except AudioError as exc:
                lost.append(exc)
            keeping.cancel()
    except TimeoutError:
        waiting = f"{unsent.waiting_s:.0f} s of sound"
        raise AudioError(f"the service is still away: {waiting} could not be handed over; the rest is safe") from None
    if lost:
        raise lost[0]


async def _keep(
    frames: AsyncIterator[AudioFrame], unsent: Unsent, lost: list[AudioError], limit: asyncio.Timeout
) -> None:
    try:
        async for frame in frames:
            unsent.append(frame)
    except AudioError as exc:
        lost.append(exc)
    unsent.end()
    limit.reschedule(asyncio.get_running_loop().time() + LAST_TRY_S)


async def _deliver(socket: connect, unsent: Unsent) -> None:
    try:
        async for connection in socket:
            try:
                return await _speak(connection, unsent)
            except ConnectionClosed as exc:
                code = exc.rcvd.code if exc.rcvd else None
            if code == CLOSE_ENDED:
                return
            if code in FINAL_CLOSES:
                raise AudioError(f"the service takes no more sound: {FINAL_CLOSES[code]}")
            tell("the service is away: sound is kept, and sent when it is back")
            await asyncio.sleep(AGAIN_S)
    except InvalidHandshake as exc:
        raise AudioError(f"the service does not take sound ({type(exc).__name__}): is it a live_scribe?") from exc


async def _speak(connection: ClientConnection, unsent: Unsent) -> None:
    """Send what waits and what comes, then the end. Raises ConnectionClosed where the connection goes before that."""
    expected = json.loads(await connection.recv())["next_sample"]
    unsent.acknowledge(expected)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_read(connection, unsent))
            async for frame in unsent.frames():
                if frame.offset > expected:
                    await connection.send(json.dumps({"type": "gap", "reason": frame.missing}))
                expected = frame.end
                await connection.send(encode_message(frame))
            await connection.send(json.dumps({"type": "end"}))
    except* ConnectionClosed as closed:
        group: BaseExceptionGroup[Any] = closed
    else:
        return
    raise group.exceptions[0]


async def _read(connection: ClientConnection, unsent: Unsent) -> None:
    """Take acknowledgements until the service, having been told of the end, closes."""
    async for message in connection:
        told = json.loads(message)
        if told.get("type") == "ack":
            unsent.acknowledge(told["next_sample"])
