"""The draft, and corrections back: `/api/v1/visits/{id}/live`. A snapshot or the facts since, then every fact."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from live_scribe.core.access import may_see
from live_scribe.core.codec import is_text
from live_scribe.core.commands import Actor
from live_scribe.core.log import Entry
from live_scribe.core.wire import current_json, decode_command, entry_json, snapshot_json, summary
from live_scribe.errors import CommandRefused, LiveScribeError
from live_scribe.hub import Lagged, Subscription
from live_scribe.session import VisitSession
from live_scribe.web.auth import parts
from live_scribe.web.sockets import CloseSocket, read_json, send, visit_socket

router = APIRouter()

MOST_FACTS = 2000
"""Facts that are sent one by one to a screen that comes back; above that a snapshot is shorter."""


@router.websocket("/api/v1/visits/{visit_id}/live")
async def live(socket: WebSocket, visit_id: str, since: Annotated[int | None, Query(ge=0)] = None) -> None:
    """Serve one screen."""
    async with visit_socket(socket, visit_id) as (actor, session):
        store = parts(socket).visits.store
        with session.hub.subscribe() as screen:
            known = session.visit.seq
            if since is None or since > known or known - since > MOST_FACTS:
                await send(socket, snapshot_json(session.visit, session.note()))
            else:
                for entry in await store.read(session.visit.id, since=since):
                    if entry.seq <= known:
                        await send(socket, entry_json(entry))
                await send(socket, session.lacks())
            await _serve(socket, session, screen, actor, known)


async def _serve(socket: WebSocket, session: VisitSession, screen: Subscription, actor: Actor, known: int) -> None:
    """Send and receive until either ends."""
    closing: CloseSocket | None = None
    try:
        async with asyncio.TaskGroup() as both:
            sending = both.create_task(_send(socket, session, screen, actor, known))
            both.create_task(_receive(socket, session, actor, sending))
    except* WebSocketDisconnect:
        pass
    except* CloseSocket as group:
        closing = next(exc for exc in group.exceptions if isinstance(exc, CloseSocket))
    if closing is not None:
        raise closing


async def _send(socket: WebSocket, session: VisitSession, screen: Subscription, actor: Actor, known: int) -> None:
    """Send what happens. A screen that could not keep up starts again from a snapshot."""
    while True:
        try:
            async for message in screen:
                if not isinstance(message, Entry):
                    await send(socket, message)
                elif message.seq > known:
                    known = message.seq
                    await send(socket, entry_json(message))
                    if not may_see(actor, summary(session.visit)):
                        raise CloseSocket(4404, "not-found")
        except Lagged:
            snapshot = snapshot_json(session.visit, session.note())
            known = snapshot["seq"]
            await send(socket, snapshot)


async def _receive(socket: WebSocket, session: VisitSession, actor: Actor, sending: asyncio.Task[None]) -> None:
    """Carry out commands, one after the other, and answer each."""
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            await send(socket, await _answer(session, actor, message.get("text") or ""))
    finally:
        sending.cancel()


async def _answer(session: VisitSession, actor: Actor, text: str) -> dict[str, Any]:
    command_id: object = None
    try:
        message = read_json(text)
        command_id = message.get("id")
        if not isinstance(command_id, str) or not 0 < len(command_id) <= 100 or not is_text(command_id):
            command_id = None
            raise CommandRefused("invalid", "id: the command's own id is missing")
        seq = await session.handle(decode_command(message), actor, command_id)
        return {"type": "accepted", "id": command_id, "seq": seq}
    except CommandRefused as exc:
        current = current_json(session.visit, exc.subject)
        return {"type": "refused", "id": command_id, "code": exc.code, "message": str(exc), "current": current}
    except (ValueError, RecursionError):
        return {"type": "refused", "id": command_id, "code": "invalid", "message": "not a JSON object", "current": None}
    except LiveScribeError as exc:
        return {"type": "refused", "id": command_id, "code": exc.code, "message": str(exc), "current": None}
