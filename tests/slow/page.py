"""What tests of the page share: the service in a process of its own, and the first steps of its users."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from live_scribe.commands.serving import listen_on
from tests.slow.scripted_page import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
"""Nothing of the browser's own on the network, and a microphone that beeps."""


class Service:
    """The service in a process of its own, which can be stopped and started again on the same data."""

    def __init__(self, data: Path) -> None:
        self._data = data
        with listen_on("127.0.0.1", 0) as free:
            self.port = int(free.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-m", "tests.slow.scripted_page", str(self._data), str(self.port)]
        self._process = subprocess.Popen(command)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), urlopen(f"{self.address}/readyz", timeout=5):
                return
            time.sleep(0.1)
        raise TimeoutError("the service does not answer")

    def stop(self) -> None:
        """Kill it, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def call(self, method: str, path: str, body: object, user: str = "sam") -> dict[str, object]:
        """Call the API as a program would."""
        token = self._send("POST", "/session", {"username": user, "password": PASSWORD}, None)["token"]
        return self._send(method, path, body, str(token))

    def _send(self, method: str, path: str, body: object, token: str | None) -> dict[str, object]:
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        data = json.dumps(body).encode() if body is not None else None
        with urlopen(Request(f"{self.address}/api/v1{path}", data, headers, method=method), timeout=30) as answer:
            told: dict[str, object] = json.load(answer)
            return told


def sign_in(page: Page, service: Service, user: str = "sam") -> None:
    page.goto(service.address)
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Visits")).to_be_visible()


def open_visit(page: Page, service: Service, visit: str, user: str = "sam") -> None:
    sign_in(page, service, user)
    page.goto(f"{service.address}/#/visits/{visit}")
    expect(page.locator(".line")).to_have_text("Connected")


def new_visit(page: Page, source: str) -> None:
    page.get_by_role("button", name="New visit").click()
    page.get_by_text(source, exact=True).click()
