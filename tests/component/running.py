"""The real service on a free port, in this process: real store, real sockets, a scripted engine."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from argon2 import PasswordHasher
from websockets.asyncio.client import ClientConnection, connect

from live_scribe import printing, samples, templates, wiring
from live_scribe.asr.clock import RealClock
from live_scribe.asr.scheduler import Scheduler
from live_scribe.asr.scripted import LoudnessDetector, ScriptedEngine, ScriptLine, script_of, spoken
from live_scribe.asr.shipped import handover_weights, packaged_vocabulary, role_weights
from live_scribe.audio.pcm import from_samples
from live_scribe.core.audio import AudioFrame
from live_scribe.core.pcm import encode_message
from live_scribe.core.roles import RoleTracker
from live_scribe.core.states import UserRole
from live_scribe.core.visit import Visit
from live_scribe.listening import Ears
from live_scribe.ports import NoteWriter, SoundStore
from live_scribe.rulebook import Rulebook
from live_scribe.storage.accounts import open_accounts
from live_scribe.storage.keys import load_master_key
from live_scribe.storage.sqlite import open_database
from live_scribe.storage.store import VisitStore
from live_scribe.storage.terms import ListStore
from live_scribe.visits import Visits
from live_scribe.web.app import create_app
from live_scribe.web.service import Parts, Service
from live_scribe.wordbook import Wordbook, open_wordbook

PASSWORD = "correct horse"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SCRIPT = script_of("Any fevers or chills?\nNo, no fevers.\nI take lisinopril ten milligrams daily.", pause_s=0.8)
LANGUAGES = ("en", "es")
CONSENT = {"given": True, "method": "verbal"}
BLOCK = 1600


class ScriptedWorkshop(wiring.Workshop):
    """Makes what visits need, with ears that know the script."""

    def __init__(
        self, store: VisitStore, data_dir: Path, script: list[ScriptLine], scheduler: Scheduler, wordbook: Wordbook
    ) -> None:
        super().__init__(store, data_dir, ScriptedEngine(script, languages=LANGUAGES), scheduler, wordbook)
        self._lists = wordbook
        self._script = script
        self._own_scheduler = scheduler

    def ears(self, visit: Callable[[], Visit]) -> Ears:
        """Return scripted ears."""
        return Ears(
            engine=ScriptedEngine(self._script, languages=LANGUAGES, spoken="es"),
            clock=RealClock(self._own_scheduler),
            detector=LoudnessDetector(),
            roles=RoleTracker(role_weights()),
            vocabulary=lambda: self._lists.vocabulary(wiring.people_of(visit())),
            rules=self._lists.approved,
            handover=handover_weights(),
        )

    def writer(self, visit: Visit) -> NoteWriter:
        """Return the real writer."""
        return super().writer(visit)

    async def sound(self, visit: Visit, opened: AsyncExitStack) -> SoundStore:
        """Return the real recorder."""
        return await super().sound(visit, opened)


@asynccontextmanager
async def scripted_parts(data: Path, script: list[ScriptLine]) -> AsyncIterator[Parts]:
    """Open store, accounts (one of each role, named after it) and visits."""
    master = load_master_key(data, {})
    with Scheduler() as scheduler:
        async with open_database(data) as database, open_accounts(database, now=lambda: 1e9, hasher=CHEAP) as accounts:
            for role in UserRole:
                if role not in {user.name for user in await accounts.users()}:
                    await accounts.add(str(role), role, PASSWORD)
            store = VisitStore(database, master)
            await store.prepare()
            lists = ListStore(database, master)
            async with open_wordbook(lists, store, wiring.wall_clock, packaged_vocabulary()) as wordbook:
                workshop = ScriptedWorkshop(store, data, script, scheduler, wordbook)
                async with Visits(store, workshop, wiring.wall_clock) as visits:
                    yield Parts(visits=visits, accounts=accounts, wordbook=wordbook, rulebook=Rulebook(wordbook, store))


@dataclass
class Running:
    """A running service and how to talk to it."""

    address: str
    http: httpx.AsyncClient = field(repr=False)
    tokens: dict[str, str] = field(default_factory=dict)

    async def token(self, user: str) -> str:
        """Return a session's token for a user."""
        if user not in self.tokens:
            answer = await self.http.post("/api/v1/session", json={"username": user, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self.tokens[user] = answer.json()["token"]
            self.http.cookies.clear()
        return self.tokens[user]

    async def call(self, user: str, method: str, path: str, **options: Any) -> httpx.Response:
        """Make an API call as a user."""
        headers = {"Authorization": f"Bearer {await self.token(user)}"}
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **options)

    async def open_visit(self, user: str = "scribe", **more: Any) -> str:
        """Open a visit and return its id."""
        answer = await self.call(user, "POST", "/visits", json={"consent": CONSENT, **more})
        assert answer.status_code == 201, answer.text
        visit: str = answer.json()["id"]
        return visit

    @asynccontextmanager
    async def socket(self, user: str, path: str) -> AsyncIterator[ClientConnection]:
        """Connect a websocket as a user."""
        headers = {"Authorization": f"Bearer {await self.token(user)}"}
        address = f"{self.address.replace('http', 'ws')}/api/v1{path}"
        async with connect(address, additional_headers=headers) as connection:
            yield connection


class PromptServer(uvicorn.Server):
    """Stops when told to: uvicorn itself looks ten times a second whether it should."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told_to_stop = asyncio.Event()

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        await self.told_to_stop.wait()


@asynccontextmanager
async def running(data: Path, script: list[ScriptLine] | None = None) -> AsyncIterator[Running]:
    """Run the service on a data folder until the block ends."""
    chosen = SCRIPT if script is None else script
    service = Service(
        parts=lambda: scripted_parts(data, chosen),
        sources=wiring.Sources(),
        samples=samples.listed(),
        template=wiring.find_template,
        templates=templates.listed,
        render=wiring.render_note,
        summary=lambda visit: printing.summary_of(visit, templates.installed()),
        render_summary=lambda visit, form: printing.printed_summary(visit, form, templates.installed()),
        static=Path(wiring.__file__).parent / "web" / "static",
    )
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(create_app(service), log_config=None, ws="websockets-sansio", timeout_graceful_shutdown=1)
    server = PromptServer(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listening]))
        try:
            # The address is http: to read this machine's certificates for it would only take time.
            async with httpx.AsyncClient(base_url=address, timeout=20, verify=False) as http:
                await _until_ready(http)
                yield Running(address, http)
        finally:
            server.told_to_stop.set()


async def _until_ready(http: httpx.AsyncClient) -> None:
    # The socket listens already: the first request waits in its queue until the service accepts.
    assert (await http.get("/readyz")).status_code == 200


async def speak(connection: ClientConnection, script: list[ScriptLine], *, end: bool = True) -> int:
    """Send the script's sound from where the service wants it; return the last acknowledged sample."""
    ready = json.loads(await connection.recv())
    assert ready["type"] == "ready"
    sound = from_samples(spoken(script, script[-1][2] + 1.5))
    for begin in range(ready["next_sample"], len(sound) // 2, BLOCK):
        pcm = sound[2 * begin : 2 * (begin + BLOCK)]
        await connection.send(encode_message(AudioFrame(offset=begin, pcm=pcm)))
    if end:
        await connection.send('{"type":"end"}')
    acknowledged = 0
    while acknowledged < len(sound) // 2:
        acknowledged = json.loads(await connection.recv())["next_sample"]
    return acknowledged


async def receive_until(connection: ClientConnection, type_: str) -> list[dict[str, Any]]:
    """Return the messages up to the first of a type."""
    messages: list[dict[str, Any]] = []
    while not messages or messages[-1]["type"] != type_:
        messages.append(json.loads(await connection.recv()))
    return messages
