"""Sound in: `/api/v1/visits/{id}/audio`. What is acknowledged survives `kill -9` and a power cut."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from live_scribe.core import commands as c
from live_scribe.core.access import MAY_OPEN
from live_scribe.core.audio import SAMPLE_RATE_HZ, GapReason
from live_scribe.core.pcm import decode_message
from live_scribe.errors import AudioError, CommandRefused
from live_scribe.ports import SoundStore
from live_scribe.session import VisitSession
from live_scribe.web.problems import Forbidden
from live_scribe.web.sockets import (
    CLOSE_BUSY,
    CLOSE_FORBIDDEN,
    CLOSE_TOO_LARGE,
    CloseSocket,
    read_json,
    send,
    visit_socket,
)

router = APIRouter()

ACK_S = 0.5
"""Sound is put on the disk and acknowledged this often: docs/protocol.md promises at least every second."""

CONTROLS: dict[str, c.Pause | c.Resume | c.End] = {"pause": c.Pause(), "resume": c.Resume(), "end": c.End()}


@router.websocket("/api/v1/visits/{visit_id}/audio")
async def audio(socket: WebSocket, visit_id: str, channels: Annotated[int, Query(ge=1, le=2)] = 1) -> None:
    """Take a microphone's sound."""
    async with visit_socket(socket, visit_id) as (actor, session):
        sound = session.sound
        if actor.role not in MAY_OPEN:
            raise Forbidden(f"a {actor.role} does not record")
        if sound is None or sound.ended:
            raise CloseSocket(CLOSE_BUSY, "the visit is over")
        if channels != sound.channels:
            raise CloseSocket(CLOSE_FORBIDDEN, f"this visit was opened with {sound.channels} channel(s)")
        with session.microphone():
            await send(socket, {"type": "ready", "next_sample": sound.next_sample, "sample_rate": SAMPLE_RATE_HZ})
            await _Intake(socket, session, sound, actor).run()


class _Intake:
    """One microphone's connection: takes messages, and acknowledges what is safe."""

    def __init__(self, socket: WebSocket, session: VisitSession, sound: SoundStore, actor: c.Actor) -> None:
        self._socket = socket
        self._session = session
        self._sound = sound
        self._actor = actor
        self._acknowledged = sound.next_sample
        self._missing = GapReason.NETWORK

    async def run(self) -> None:
        """Take messages until the client or the visit ends; acknowledge in between."""
        now = asyncio.get_running_loop().time
        due, going = now() + ACK_S, True
        while going:
            message = await self._receive(due)
            going = message is None or await self._take(message)
            if not going or now() >= due:
                await self._acknowledge()
                due = now() + ACK_S
        await self._socket.close(1000)

    async def _receive(self, due: float) -> MutableMapping[str, Any] | None:
        """Return the next message; null where none came in time. Only the waiting is ever cut short."""
        try:
            async with asyncio.timeout_at(due):
                return await self._socket.receive()
        except TimeoutError:
            return None

    async def _acknowledge(self) -> None:
        if self._sound.next_sample == self._acknowledged:
            return
        self._acknowledged = await self._sound.flush()
        await send(self._socket, {"type": "ack", "next_sample": self._acknowledged})

    async def _take(self, message: MutableMapping[str, Any]) -> bool:
        if message["type"] == "websocket.disconnect":
            await self._sound.flush()
            raise WebSocketDisconnect(1006)
        if message.get("bytes") is not None:
            return await self._frame(message["bytes"])
        return await self._control(message.get("text") or "")

    async def _frame(self, content: bytes) -> bool:
        try:
            frame = decode_message(content, self._sound.channels)
        except AudioError as exc:
            raise CloseSocket(CLOSE_TOO_LARGE, str(exc)) from None
        missing, self._missing = self._missing, GapReason.NETWORK
        try:
            await self._session.feed(replace(frame, missing=missing))
        except CommandRefused:  # the visit was ended elsewhere
            return False
        return True

    async def _control(self, text: str) -> bool:
        try:
            told = read_json(text)
            if told.get("type") == "gap":  # why the next message's offset jumps
                self._missing = GapReason(told["reason"])
                return True
            command = CONTROLS[str(told.get("type"))]
        except (ValueError, KeyError):
            await send(self._socket, {"type": "error", "code": "invalid"})
            return True
        try:
            await self._session.handle(command, self._actor)
        except CommandRefused as exc:
            await send(self._socket, {"type": "error", "code": exc.code})
        return not isinstance(command, c.End)
