"""The page, driven in a real browser against the real service: all but the speech model (scripted_page.py)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from live_scribe.commands.serving import listen_on
from tests.slow.scripted_page import PASSWORD, SAMPLE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip("no chromium on this machine: apt-get install chromium", allow_module_level=True)

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

HEARD_MS = 60_000
"""Until the first statement of the sample, at the pace of speech, on a busy machine."""

HOSTILE = "<img src=x onerror=alert(1)>"


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


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("page"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield launched
    launched.close()


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A page of its own, that must not fail and must not ask anybody else for anything."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    strangers: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("dialog", lambda dialog: faults.append(f"a dialog: {dialog.type}"))
    ours = f"127.0.0.1:{service.port}"

    def check(url: str) -> None:
        if urlsplit(url).netloc != ours and not url.startswith(("blob:", "data:")):
            strangers.append(url)

    opened.on("request", lambda request: check(request.url))
    opened.on("websocket", lambda socket: check(socket.url))
    yield opened
    context.close()
    assert faults == []
    assert strangers == []


@pytest.fixture(scope="module")
def heard(service: Service) -> str:
    """The id of a visit whose sample has been heard to its end."""
    visit = str(service.call("POST", "/visits/import", {"sample": SAMPLE, "speed": 0})["id"])
    until = time.monotonic() + 150
    while time.monotonic() < until:
        view = service.call("GET", f"/visits/{visit}", None)
        if "plan" not in view["note"]["missing"] and view["visit"]["clock"] > 250:  # type: ignore[index]
            return visit
        time.sleep(1)
    raise TimeoutError("the sample has not been heard")


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


def test_a_wrong_password_is_said_and_nobody_comes_in(page: Page, service: Service) -> None:
    page.goto(service.address)
    page.get_by_label("User name").fill("sam")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_role("heading", name="Visits")).to_be_hidden()


def test_a_sample_is_heard_and_an_edit_during_the_visit_survives_a_reload(page: Page, service: Service) -> None:
    sign_in(page, service)
    new_visit(page, "A sample encounter")
    page.get_by_label("Knee injury").check()
    page.get_by_role("button", name="Play the sample").click()
    expect(page.get_by_role("heading", name="Owen Brandt")).to_be_visible()
    expect(page.locator(".utterance [data-word]").first).to_be_visible(timeout=HEARD_MS)
    first = page.locator(".statement").first
    expect(first).to_be_visible(timeout=HEARD_MS)
    expect(page.locator(".pill")).to_have_text("Recording")
    first.locator(".statement-text").dblclick()
    page.locator(".editor-text").fill("Written by a person.")
    page.keyboard.press("Control+Enter")
    written = page.locator(".statement.human", has_text="Written by a person.")
    expect(written).to_be_visible()
    expect(written).not_to_contain_text("Saving")
    page.reload()
    expect(written).to_be_visible()
    page.get_by_role("button", name="End visit").click()
    page.get_by_role("dialog").get_by_role("button", name="End visit").click()
    expect(page.locator(".pill")).to_have_text("In review")
    expect(page.get_by_text("nothing heard yet")).to_have_count(0)


def test_a_chosen_statement_lights_its_words_and_plays_its_sound(page: Page, service: Service, heard: str) -> None:
    open_visit(page, service, heard)
    expect(page.locator(".lit")).to_have_count(0)
    with page.expect_request(re.compile(r"/audio\.wav\?start=")) as asked:
        page.locator(".statement", has_text="numbness").locator(".statement-text").click()
    expect(page.locator(".lit", has_text="numbness")).to_have_count(1)
    answer = asked.value.response()
    assert answer is not None
    assert answer.status in (200, 206)


def test_what_is_typed_survives_a_power_cut_of_the_service(page: Page, service: Service, heard: str) -> None:
    open_visit(page, service, heard)
    page.locator(".statement").nth(1).locator(".statement-text").dblclick()
    page.locator(".editor-text").fill("Typed before the cut")
    service.stop()
    expect(page.locator(".line")).to_contain_text("Reconnecting")
    page.keyboard.type(" and after it")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".statement.pending")).to_contain_text("Typed before the cut and after it")
    service.start()
    expect(page.locator(".line")).to_have_text("Connected", timeout=30_000)
    expect(page.locator(".statement.pending")).to_have_count(0)
    page.reload()
    expect(page.locator(".statement", has_text="Typed before the cut and after it")).to_have_count(1)


def test_two_people_on_one_statement_both_keep_their_words(
    browser: Browser, page: Page, service: Service, heard: str
) -> None:
    """The second to save is shown both texts and chooses."""
    other = browser.new_page()
    open_visit(page, service, heard)
    open_visit(other, service, heard, "pat")
    for turn in ("first", "second"):
        for screen in (page, other):
            screen.locator(".statement").nth(2).locator(".statement-text").dblclick()
        other.locator(".editor-text").fill(f"Theirs, {turn}")
        other.keyboard.press("Control+Enter")
        expect(other.locator(".statement").nth(2)).not_to_have_class(re.compile("pending"))
        page.locator(".editor-text").fill(f"Mine, {turn}")
        page.keyboard.press("Control+Enter")
        refusal = page.locator(".refusal")
        expect(refusal).to_contain_text(f"Mine, {turn}")
        expect(refusal).to_contain_text(f"Theirs, {turn}")
        page.get_by_role("button", name="Keep yours").click()
        expect(other.locator(".statement").nth(2)).to_contain_text(f"Mine, {turn}")
    other.close()


def test_statements_are_added_moved_deleted_and_brought_back_by_keyboard(
    page: Page, service: Service, heard: str
) -> None:
    open_visit(page, service, heard)
    page.locator(".statement").nth(3).locator(".statement-text").click()
    page.keyboard.press("a")
    expect(page.locator(".editor-text")).to_be_focused()
    page.keyboard.type("Added by hand")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".statement").nth(4)).to_contain_text("Added by hand")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".statement").nth(2)).to_contain_text("Added by hand")
    page.keyboard.press("Delete")
    added = page.locator(".statement", has_text="Added by hand")
    expect(added).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(added).to_have_count(1)


def test_a_word_is_corrected_in_place_and_a_voice_is_named(page: Page, service: Service, heard: str) -> None:
    open_visit(page, service, heard)
    first = page.locator(".utterance").first
    first.locator("[data-word]").nth(1).dblclick()
    page.locator(".word-input").fill("evening,")
    page.keyboard.press("Enter")
    expect(first).to_contain_text("Good evening, Owen,")
    first.locator(".speaker").click()
    page.get_by_role("menuitemradio", name="Companion", exact=True).click()
    expect(first.locator(".speaker")).to_have_text("Companion")
    first.locator(".speaker").click()
    page.get_by_role("menuitemradio", name="Doctor", exact=True).click()
    expect(first.locator(".speaker")).to_have_text("Doctor")


def test_a_passage_is_taken_off_the_record_with_its_words(page: Page, service: Service, heard: str) -> None:
    open_visit(page, service, heard)
    passage = page.locator(".utterance", has_text="grapefruit")
    passage.locator(".speaker").click()
    page.get_by_role("menuitem", name="Off the record").click()
    page.get_by_role("dialog").get_by_role("button", name="Off the record").click()
    expect(page.locator(".mark-line.struck")).to_contain_text("Off the record")
    expect(passage).to_have_count(0)


def test_a_session_that_ends_asks_again_and_keeps_what_was_typed(page: Page, service: Service, heard: str) -> None:
    open_visit(page, service, heard)
    page.locator(".statement").nth(1).locator(".statement-text").dblclick()
    page.locator(".editor-text").fill("Typed while signed in")
    page.context.clear_cookies()
    service.stop()
    service.start()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("what you typed is kept", timeout=30_000)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.locator(".line")).to_have_text("Connected")
    expect(page.locator(".statement", has_text="Typed while signed in")).to_have_count(1)


def test_a_hostile_name_is_only_a_name(page: Page, service: Service) -> None:
    visit = service.call(
        "POST", "/visits", {"patient": {"name": HOSTILE}, "consent": {"given": True, "method": "verbal"}}
    )
    sign_in(page, service)
    expect(page.locator(".visit-row", has_text=HOSTILE)).to_be_visible()
    page.goto(f"{service.address}/#/visits/{visit['id']}")
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    page.get_by_role("button", name="Add to another section").click()
    page.get_by_role("menuitem", name="Allergies").click()
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".statement")).to_contain_text(HOSTILE)
    assert page.locator("img").count() == 0


def test_no_visit_is_opened_without_consent(page: Page, service: Service) -> None:
    sign_in(page, service)
    new_visit(page, "This browser's microphone")
    page.get_by_label("Name", exact=True).fill("Without Consent")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".visit-row", has_text="Without Consent")).to_have_count(0)


def test_the_browsers_microphone_is_recorded_and_goes_on_after_a_power_cut(page: Page, service: Service) -> None:
    sign_in(page, service)
    new_visit(page, "This browser's microphone")
    page.get_by_label("Name", exact=True).fill("Micro Phone")
    page.get_by_label("The patient agrees to be recorded").check()
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator(".meter")).to_be_visible()
    visit = page.url.rsplit("/", 1)[1]
    before = _recorded(page, service, visit, least=1.0)
    service.stop()
    expect(page.locator(".line")).to_contain_text("Reconnecting")
    page.wait_for_timeout(1500)  # sound that nobody takes: it must wait in the browser
    service.start()
    expect(page.locator(".line")).to_have_text("Connected", timeout=30_000)
    after = _recorded(page, service, visit, least=before + 3.0)
    assert after > before
    page.get_by_role("button", name="End visit").click()
    page.get_by_role("dialog").get_by_role("button", name="End visit").click()
    expect(page.locator(".pill")).to_have_text("In review")
    view = service.call("GET", f"/visits/{visit}", None)
    assert view["visit"]["gaps"] == []  # type: ignore[index]


def _recorded(page: Page, service: Service, visit: str, *, least: float) -> float:
    """Wait until `least` seconds are recorded; return how many are."""
    seconds = 0.0
    for _ in range(300):
        answer = page.request.get(f"{service.address}/api/v1/visits/{visit}/audio.wav")
        seconds = (len(answer.body()) - 44) / 32_000 if answer.ok else 0.0
        if seconds >= least:
            return seconds
        page.wait_for_timeout(100)
    raise AssertionError(f"only {seconds} s were recorded")


def test_an_admin_sees_visits_but_no_names(page: Page, service: Service, heard: str) -> None:
    sign_in(page, service, "ada")
    expect(page.locator("a.visit-row").first).to_be_visible()
    expect(page.get_by_text("Owen Brandt")).to_have_count(0)
    expect(page.get_by_role("button", name="New visit")).to_have_count(0)


def test_a_note_goes_from_submission_over_return_to_signature_and_addendum(
    page: Page, service: Service, heard: str
) -> None:
    """Runs last: a signed note can only be added to."""
    open_visit(page, service, heard)
    submit = page.get_by_role("button", name="Submit")
    for _ in range(60):  # a service that was killed looks again at the end of the recording first
        submit.click()
        page.wait_for_timeout(1000)
        if not submit.count():
            break
    expect(page.locator(".pill")).to_have_text("Submitted")
    page.context.clear_cookies()
    open_visit(page, service, heard, "pat")
    page.get_by_role("button", name="Return").click()
    page.get_by_label("What should be changed?").fill("Which knee?")
    page.get_by_role("dialog").get_by_role("button", name="Return").click()
    expect(page.get_by_text("Returned: Which knee?")).to_be_visible()
    while page.locator("button.confirm").count():
        flags = page.locator("button.confirm").count()
        page.locator("button.confirm").first.click()
        expect(page.locator("button.confirm")).to_have_count(flags - 1)
    page.get_by_role("button", name="Sign", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox").check()
    dialog.get_by_label("Password").fill("not this one")
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("password")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator(".pill")).to_have_text("Signed")
    expect(page.locator(".signature")).to_contain_text("Signed by pat")
    page.locator(".statement").first.locator(".statement-text").dblclick()
    expect(page.locator(".editor-text")).to_have_count(0)
    page.get_by_role("button", name="Addendum").click()
    dialog.get_by_label("Text").fill("MRI booked for Friday.")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Addendum").click()
    expect(page.locator(".addendum")).to_contain_text("MRI booked for Friday.")
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Markdown").click()
    assert "MRI booked for Friday." in download.value.path().read_text()
