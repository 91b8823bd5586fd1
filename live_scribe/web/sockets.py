"""What both websockets share: who may come in, and how they are told why not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from live_scribe.core.commands import Actor
from live_scribe.errors import LiveScribeError, NotFound, NotSignedIn
from live_scribe.session import MicrophoneBusy, VisitSession
from live_scribe.web.auth import open_visit, signed_in
from live_scribe.web.problems import Forbidden

CLOSE_NOT_SIGNED_IN = 4401
CLOSE_FORBIDDEN = 4403
CLOSE_NOT_FOUND = 4404
CLOSE_BUSY = 4409
CLOSE_TOO_LARGE = 4413
CLOSE_FAULT = 1011

CLOSES: dict[type[LiveScribeError], int] = {
    NotSignedIn: CLOSE_NOT_SIGNED_IN,
    Forbidden: CLOSE_FORBIDDEN,
    NotFound: CLOSE_NOT_FOUND,
    MicrophoneBusy: CLOSE_BUSY,
}

MAX_TEXT_BYTES = 256 * 1024
"""A command with the longest text that is allowed, in UTF-8, and its envelope."""


class CloseSocket(Exception):
    """Ends a socket with a code of docs/protocol.md and a reason of a few plain words."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@asynccontextmanager
async def visit_socket(socket: WebSocket, visit_id: str) -> AsyncIterator[tuple[Actor, VisitSession]]:
    """Accept a socket and hand out who it is and their visit; an error inside closes it with its code.

    The socket is accepted first: a browser learns a closing code only of a socket that was open.
    """
    await socket.accept()
    try:
        actor = await signed_in(socket)
        yield actor, await open_visit(socket, actor, visit_id)
    except WebSocketDisconnect:
        return
    except CloseSocket as exc:
        await _close(socket, exc.code, exc.reason)
    except LiveScribeError as exc:
        await _close(socket, CLOSES.get(type(exc), CLOSE_FAULT), exc.code)


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    try:
        await socket.close(code, reason)
    except RuntimeError:  # the other side was gone before it could be told
        return


async def send(socket: WebSocket, message: dict[str, Any]) -> None:
    """Send a JSON message. Raises WebSocketDisconnect where nobody is there any more."""
    try:
        await socket.send_text(json.dumps(message, ensure_ascii=False, separators=(",", ":")))
    except RuntimeError as exc:  # starlette's word for a socket that is closed already
        raise WebSocketDisconnect(1006) from exc


def read_json(text: str) -> dict[str, Any]:
    """Return a message's object. Raises ValueError where it is none, or too long."""
    if len(text) > MAX_TEXT_BYTES:
        raise ValueError("the message is too long")
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("a message is a JSON object")
    return value
