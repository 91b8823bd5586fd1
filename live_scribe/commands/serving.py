"""`serve` and `demo`: the service, for real use and for a first look."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

from live_scribe import samples, wiring
from live_scribe.commands.hearing import Model, ModelDevice, engine_of
from live_scribe.commands.output import say, tell
from live_scribe.commands.shelf import OwnTemplates, own_folder
from live_scribe.commands.writing import LlmLocalOnly, LlmModel, LlmUrl, Writer, endpoint_of
from live_scribe.config import DEFAULT_HOST, DEFAULT_PORT, check_address, is_loopback, read_settings
from live_scribe.core import commands as c
from live_scribe.core.events import Consent, VisitOpened
from live_scribe.core.states import UserRole, VisitState
from live_scribe.errors import ConfigError
from live_scribe.storage.accounts import Accounts
from live_scribe.web.app import create_app
from live_scribe.web.auth import COOKIE
from live_scribe.web.service import Parts, Service

DEMO_SAMPLE = "knee-injury"
UVICORN = logging.getLogger("uvicorn.error")
MOST_AT_ONCE = 64
"""Visits that can go on at once; no more looks are carried out at once than there are cores for."""

STOP_S = 5
"""Connections get so long to end when the service stops."""

Host = Annotated[str, typer.Option(help="The address to serve on.")]
Port = Annotated[int, typer.Option(help="The port; 0 for any that is free.")]


def listen_on(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises ConfigError where the port is taken or the address is not this computer's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            raise ConfigError(f"port {port} is in use: stop what uses it, or give another with --port") from None
        if exc.errno == errno.EACCES:
            raise ConfigError(f"port {port} needs more rights than you have: give one above 1023 with --port") from None
        raise ConfigError(f"cannot serve on {host} port {port}: {exc.strerror or 'no such address'}") from None


def serve_until_stopped(
    service: Service,
    listening: socket.socket,
    ready: Callable[[Parts], Awaitable[None]],
    *,
    behind_proxy: bool = False,
    doors: Callable[[FastAPI], None] | None = None,
) -> None:
    """Serve until the process is told to stop; `ready` is called once store and visits are open.

    Raises StorageError, SchemaTooNew and what else keeps the service from opening or closing its parts.
    """
    failed: list[Exception] = []
    UVICORN.setLevel(logging.CRITICAL)  # what keeps the parts from opening is told once, by the command line
    app = create_app(_reporting(service, ready, failed))
    if doors is not None:
        doors(app)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=1024 * 1024,
        timeout_graceful_shutdown=STOP_S,
        proxy_headers=behind_proxy,
        server_header=False,
    )
    # uvicorn leaves by its own status where the parts did not open: what kept them from it is told instead.
    with suppress(KeyboardInterrupt, SystemExit):
        asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))
    if failed:
        raise failed[0]


def _reporting(service: Service, ready: Callable[[Parts], Awaitable[None]], failed: list[Exception]) -> Service:
    @asynccontextmanager
    async def parts() -> AsyncIterator[Parts]:
        try:
            async with service.parts() as opened:
                UVICORN.setLevel(logging.WARNING)
                await ready(opened)
                yield opened
        except Exception as exc:
            failed.append(exc)
            raise

    return replace(service, parts=parts)


def stop_as_by_keyboard() -> None:
    """Let a system that stops the process, or a terminal that closes, end it as Ctrl-C does: with all put away."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    def hung_up(_number: int, _frame: object) -> None:
        signal.raise_signal(signal.SIGTERM)  # which uvicorn takes to finish what is going on first

    signal.signal(signal.SIGTERM, interrupt)
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_DFL:  # under nohup it stays ignored
        signal.signal(hang_up, hung_up)


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(
    host: Host = DEFAULT_HOST,
    port: Port = DEFAULT_PORT,
    data: Annotated[Path | None, typer.Option(help="The data folder.", show_default="the user's data folder")] = None,
    model: Model = None,
    fallback_model: Annotated[
        str | None,
        typer.Option(help="A smaller model that hears while the machine cannot keep up.", show_default="none"),
    ] = None,
    device: ModelDevice = None,
    own: OwnTemplates = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A TLS proxy stands before this; other addresses are allowed.")
    ] = False,
    writer: Writer = None,
    llm_url: LlmUrl = None,
    llm_model: LlmModel = None,
    llm_local_only: LlmLocalOnly = None,
) -> None:
    """Run the service. Ctrl-C stops it."""
    check_address(host, port, behind_proxy=behind_proxy)
    endpoint = endpoint_of(writer, llm_url, llm_model, llm_local_only)
    folder = data or read_settings().data
    stop_as_by_keyboard()
    with listen_on(host, port) as listening:
        engine = engine_of(model, visits=MOST_AT_ONCE, device=device)
        fallback = fallback_model or read_settings().fallback_model
        smaller = engine_of(fallback, visits=MOST_AT_ONCE, device=device) if fallback else None
        service = wiring.build_service(folder, os.environ, engine, smaller, endpoint, own_folder(own, folder))
        address = _address(listening)

        async def ready(parts: Parts) -> None:
            tell(f"live_scribe is ready: open {address} (data in {folder}; Ctrl-C stops it)")
            accounts = parts.accounts
            if isinstance(accounts, Accounts) and not await accounts.users():
                tell(f"nobody can sign in yet: live-scribe users add NAME --role scribe --data {folder}")

        secure = replace(service, secure_cookies=behind_proxy)
        serve_until_stopped(secure, listening, ready, behind_proxy=behind_proxy)


def demo(
    host: Host = DEFAULT_HOST,
    port: Port = DEFAULT_PORT,
    sample: Annotated[str, typer.Option(help="Which sample to play.")] = DEMO_SAMPLE,
    model: Model = None,
    writer: Writer = None,
    llm_url: LlmUrl = None,
    llm_model: LlmModel = None,
    llm_local_only: LlmLocalOnly = None,
) -> None:
    """Play a sample encounter as if it were happening now; print the address to open. Ctrl-C stops it."""
    check_address(host, port, behind_proxy=False)
    if not is_loopback(host):
        raise ConfigError("--host: the demo is for this computer alone")
    samples.named(sample)
    endpoint = endpoint_of(writer, llm_url, llm_model, llm_local_only)
    stop_as_by_keyboard()
    with listen_on(host, port) as listening, TemporaryDirectory(prefix="live_scribe-demo-") as folder:
        tell("loading the speech model …")
        service = wiring.build_service(Path(folder), os.environ, engine_of(model), endpoint=endpoint)
        demonstration = Demonstration(sample, _address(listening))
        serve_until_stopped(service, listening, demonstration.begin, doors=demonstration.add_door)


class Demonstration:
    """A visit that plays by itself, a scribe who is signed in by opening the page, and a provider who may sign."""

    def __init__(self, sample: str, address: str) -> None:
        self._sample = samples.named(sample)
        self._address = address
        self._password = secrets.token_urlsafe(9)
        self._visit = ""
        self._parts: Parts | None = None

    async def begin(self, parts: Parts) -> None:
        """Make the accounts, open the visit and start the sample; say where to look."""
        accounts = parts.accounts
        if not isinstance(accounts, Accounts):
            raise TypeError("the demo makes accounts of its own")
        await accounts.add("scribe", UserRole.SCRIBE, self._password)
        await accounts.add("provider", UserRole.PROVIDER, self._password)
        self._parts = parts
        await self._play(parts)
        say(f"open {self._address}/demo")
        tell(
            f"you are signed in as scribe; to sign the note, sign out and in again as provider\n"
            f"the password of both is {self._password}; nothing is kept; Ctrl-C ends the demo"
        )

    async def _play(self, parts: Parts) -> None:
        template, sections = wiring.find_template(self._sample.template)
        source = wiring.Sources().sample(self._sample.name, speed=1.0)
        opened = VisitOpened(
            template=template,
            sections=sections,
            consent=Consent(given=True, method="sample: nobody real"),
            patient=self._sample.patient,
            channels=source.channels,
            sample=self._sample.name,
        )
        session = await parts.visits.create(opened, "scribe")
        self._visit = session.visit.id

        async def play() -> None:
            await parts.visits.play(session, source)
            if session.visit.state in (VisitState.RECORDING, VisitState.PAUSED):
                await session.handle(c.End(), c.Actor(name="scribe", role=UserRole.SCRIBE))

        parts.visits.start(session.visit.id, play)

    def add_door(self, app: FastAPI) -> None:
        """Let `/demo`, which only this computer can open, sign the scribe in and show the visit."""

        @app.get("/demo", include_in_schema=False)
        async def door(request: Request) -> RedirectResponse:
            """Sign in and go to the visit."""
            if self._parts is None:
                return RedirectResponse("/", status_code=303)
            address = request.client.host if request.client else ""
            token = await self._parts.accounts.sign_in("scribe", self._password, address)
            response = RedirectResponse(f"/#/visits/{self._visit}", status_code=303)
            response.set_cookie(COOKIE, token, httponly=True, samesite="strict")
            return response
