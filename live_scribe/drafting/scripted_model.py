"""A language model's server that does what it is told, faults above all: for tests, without a network or a wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import httpx

Reply = httpx.Response | Exception | str | Callable[[dict[str, Any]], str]
"""What comes of one question: a response, a fault, the text of an answer, or what makes one of the question's body."""


class ScriptedModel(httpx.AsyncBaseTransport):
    """Answers each question by the next reply, the last for ever; `asked` holds the questions' bodies."""

    def __init__(self, *replies: Reply) -> None:
        self._replies: Sequence[Reply] = replies
        self.asked: list[dict[str, Any]] = []
        self.headers: list[httpx.Headers] = []
        self.urls: list[httpx.URL] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return, or raise, the next reply."""
        body = json.loads(await request.aread())
        reply = self._replies[min(len(self.asked), len(self._replies) - 1)]
        self.asked.append(body)
        self.headers.append(request.headers)
        self.urls.append(request.url)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, httpx.Response):
            return httpx.Response(reply.status_code, headers=reply.headers, stream=reply.stream)
        return completion(reply if isinstance(reply, str) else reply(body))


def completion(content: str, *, finish: str = "stop") -> httpx.Response:
    """Return a chat completion with this text."""
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}
    return httpx.Response(200, json={"object": "chat.completion", "choices": [choice]})


class Endless(httpx.AsyncByteStream):
    """A body that never ends; with `hang` it says nothing at all."""

    def __init__(self, *, hang: bool = False) -> None:
        self._hang = hang

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield for ever."""
        if self._hang:
            await asyncio.Event().wait()
        while True:
            yield b" " * 65536
