"""Asks an OpenAI-compatible server for a chat completion: bounded in time, size and stubbornness."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from live_scribe.drafting.llm_endpoint import NEVER_S, NearOnly, checked_url
from live_scribe.errors import WriterError

MOST_ANSWER_BYTES = 256 * 1024
"""A stretch of talk makes a note of a few hundred words; what is longer than a book chapter is a fault."""
MOST_ATTEMPTS = 3
"""A stretch is asked for so often; the talk goes on meanwhile."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
"""Between attempts it is waited twice as long each time, and never longer than this, whatever the server wishes."""
TIMEOUT_S = 120.0
"""A small model on two cores writes ten words a second; who takes longer for a stretch is not heard in this visit."""
OPENS_AFTER = 3
"""So many questions in a row that came to nothing, and the server is left alone for a while."""
OPEN_S = 60.0
"""The while."""
AT_ONCE = 2
"""Questions of all visits that go on at once: a local model has one set of weights."""

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_WITHOUT_SCHEMA = frozenset({400, 404, 415, 422, 501})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Which model, where, and with what key."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    local_only: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How time passes for a client: tests put their own clock in."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    deadline: Callable[[float], AbstractAsyncContextManager[Any]] = asyncio.timeout
    jitter: Callable[[], float] = random.random
    timeout_s: float = TIMEOUT_S


class Breaker:
    """Leaves a server alone that failed again and again; then tries it once."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failed = 0
        self._until = 0.0

    def check(self) -> None:
        """Raise WriterError while the server is left alone."""
        wait = self._until - self._now()
        if wait > 0:
            raise WriterError("the language model has failed repeatedly and is left alone for a while", wait_s=wait)

    def succeeded(self) -> None:
        """The server answered."""
        self._failed = 0

    def failed(self, wait_s: float = 0.0) -> None:
        """The server did not; ask no earlier than after `wait_s`."""
        self._failed += 1
        if wait_s or self._failed >= OPENS_AFTER:
            self._until = self._now() + max(wait_s, OPEN_S if self._failed >= OPENS_AFTER else 0.0)


class _Passing(Exception):
    """An attempt came to nothing, and another may not."""

    def __init__(self, what: str, wait_s: float | None = None) -> None:
        super().__init__(what)
        self.wait_s = wait_s


class ChatClient:
    """One for all visits. `async with` it. Its errors never hold a word of what was asked or answered."""

    def __init__(
        self, endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None, patience: Patience | None = None
    ) -> None:
        """Raises ConfigError where the address is none, or not allowed."""
        self.model = endpoint.model
        self._url = checked_url(endpoint.url, local_only=endpoint.local_only)
        self._patience = patience or Patience()
        inner = transport or httpx.AsyncHTTPTransport(trust_env=False)
        if endpoint.local_only and not isinstance(inner, NearOnly):
            inner = NearOnly(inner)
        self._client = httpx.AsyncClient(
            transport=inner,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(self._patience.timeout_s, connect=5.0),
            headers={"authorization": f"Bearer {endpoint.key}"} if endpoint.key else {},
        )
        self._breaker = Breaker(self._patience.now)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._takes_schema = True
        self.trouble: str | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def complete(self, messages: list[dict[str, str]], schema: dict[str, Any], most_tokens: int = 1024) -> str:
        """Return what the model answers, perhaps broken off after `most_tokens`. Raises WriterError."""
        async with self._places:
            self._breaker.check()
            try:
                answer = await self._persistently(messages, schema, most_tokens)
            except WriterError as exc:
                self.trouble = str(exc)
                self._breaker.failed(exc.wait_s)
                raise
            self._breaker.succeeded()
            return answer

    async def _persistently(self, messages: list[dict[str, str]], schema: dict[str, Any], most_tokens: int) -> str:
        wait = FIRST_WAIT_S
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                async with self._patience.deadline(self._patience.timeout_s):
                    return await self._once(messages, schema, most_tokens)
            except _Passing as exc:
                what, asked = str(exc), exc.wait_s
            except (TimeoutError, httpx.TimeoutException):
                raise WriterError("the language model was too slow") from None
            except httpx.HTTPError:
                what, asked = "the language model's server cannot be reached", None
            if attempt < MOST_ATTEMPTS:
                await self._patience.sleep(min(LONGEST_WAIT_S, asked or wait * (1 + self._patience.jitter())))
                wait *= 2
        raise WriterError(what, wait_s=min(asked or 0.0, NEVER_S))

    async def _once(self, messages: list[dict[str, str]], schema: dict[str, Any], most_tokens: int) -> str:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "temperature": 0,
            "max_tokens": most_tokens,
            "stream": False,
        }
        if self._takes_schema:
            named = {"name": "note", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        async with self._client.stream("POST", self._url, json=body) as response:
            if response.status_code in _WITHOUT_SCHEMA and self._takes_schema:
                self._takes_schema = False  # a server that knows no such thing is asked in words alone
                raise _Passing("the language model's server refuses the question", wait_s=0.001)
            _check(response)
            return _content(await _read(response))


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status in _PASSING:
        raise _Passing(f"the language model's server answers with status {status}", _retry_after(response))
    if status in (401, 403):
        raise WriterError("the language model's server refuses the key: set LIVE_SCRIBE_LLM_KEY", wait_s=NEVER_S)
    if status != 200:
        raise WriterError(f"the language model's server answers with status {status}")


def _retry_after(response: httpx.Response) -> float | None:
    asked = response.headers.get("retry-after", "")
    return float(asked) if asked.isdecimal() and len(asked) < 8 else None


async def _read(response: httpx.Response) -> bytes:
    held = bytearray()
    async for part in response.aiter_bytes():
        held += part
        if len(held) > MOST_ANSWER_BYTES:
            raise WriterError("the language model's answer has no end")
    return bytes(held)


def _content(raw: bytes) -> str:
    """Return the text of the answer."""
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise _Passing("the language model's server answers with something else than a chat completion") from None
    if not isinstance(content, str):
        raise WriterError("the language model answered without a word")
    return content
