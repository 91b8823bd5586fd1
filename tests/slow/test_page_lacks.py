"""What the note lacks, in the page: heard and not noted, added or put aside by one key; what is not asked yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from live_scribe import templates
from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.visit import Visit
from live_scribe.core.wire import summary
from live_scribe.core.words import Role
from live_scribe.storage.keys import load_master_key
from live_scribe.storage.sqlite import open_database
from live_scribe.storage.store import VisitStore
from tests.core.visits import Desk
from tests.slow.page import Service, open_visit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

TALK = [
    ("S1", "What medications do you take?"),
    ("S2", "I take metformin, 500 milligrams."),
    ("S1", "Any fevers or chills?"),
    ("S2", "No."),
    ("S2", "I had diarrhea on Sunday."),
]


def _spoken() -> Desk:
    desk = Desk()
    desk.log, desk.visit = [], Visit(id="v1")
    template = templates.load("soap")
    consent = e.Consent(given=True, method="verbal")
    opened = e.VisitOpened(
        template=template.id, sections=template.sections, consent=consent, patient={"name": "Acted", "sex": "male"}
    )
    desk.record((opened,), "sam")
    desk.machine(c.NameRole(speaker="S1", role=Role.DOCTOR, confidence=0.9))
    desk.machine(c.NameRole(speaker="S2", role=Role.PATIENT, confidence=0.9))
    for speaker, text in TALK:
        desk.say(text, speaker)
    desk.do(c.End())
    return desk


async def _store(data: Path) -> None:
    desk = _spoken()
    master = load_master_key(data, {})
    async with open_database(data) as database:
        store = VisitStore(database, master)
        await store.prepare()
        for name in ("walked", "signed"):
            await store.append(name, desk.log, replace(summary(desk.visit), visit=name))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("lacks")
    with ThreadPoolExecutor(1) as apart:  # this thread has a browser's loop already
        apart.submit(lambda: asyncio.run(_store(data))).result()
    running = Service(data)
    running.start()
    yield running
    running.stop()


def _empty_the_note(page: Page) -> None:
    """Take out what the writer has drafted meanwhile, so that all that was heard is lacking."""
    statements = page.locator(".note-section .statement")
    expect(page.locator(".lacks, .note-section").first).to_be_attached()
    while statements.count():
        before = statements.count()
        statements.first.locator(".statement-line").click()
        page.keyboard.press("Delete")
        expect(statements).to_have_count(before - 1)


def test_a_fact_is_added_by_one_key_with_its_words_and_another_put_aside(
    page: Page, service: Service, browser: Browser
) -> None:
    other = browser.new_context().new_page()
    for screen in (page, other):
        open_visit(screen, service, "walked")
    _empty_the_note(page)
    rows = page.locator(".lacks-row")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("metformin")
    expect(rows.nth(1)).to_contain_text("He denies fevers or chills.")
    page.keyboard.press("o")
    expect(rows.first).to_be_focused()
    expect(page.locator(".said .lit").nth(2)).to_contain_text("metformin")
    page.keyboard.press("y")
    expect(page.locator("[data-section=medications] .statement.human")).to_contain_text("metformin")
    expect(rows.first).to_be_focused()
    expect(rows.first).to_contain_text("fevers")
    page.keyboard.press("n")
    for screen in (page, other):
        expect(screen.locator(".lacks-row")).to_have_count(1)
    page.get_by_role("button", name="Undo").last.click()
    expect(rows).to_have_count(2)
    other.context.close()


def test_what_is_not_in_the_note_is_shown_before_signing_and_does_not_keep_from_it(
    page: Page, service: Service
) -> None:
    open_visit(page, service, "signed", user="pat")
    _empty_the_note(page)
    page.get_by_role("button", name="Sign", exact=True).click()
    dialog = page.get_by_role("dialog", name="Sign this note")
    expect(dialog).to_contain_text("3 facts were heard that are not in the note.")
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    expect(dialog.get_by_role("button", name="Sign", exact=True)).to_be_enabled()
    dialog.get_by_role("button", name="Show").click()
    expect(page.locator(".lacks-row").first).to_be_focused()


def test_the_head_of_the_note_says_what_is_covered_and_opens_to_what_is_not(page: Page, service: Service) -> None:
    open_visit(page, service, "signed")
    expect(page.locator(".coverage")).to_contain_text("covered")
    page.keyboard.press("t")
    panel = page.get_by_role("dialog", name="What was covered")
    expect(panel.locator("[data-state=not_asked]")).to_contain_text("Allergies")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator(".missing")).to_contain_text("Allergies: not asked")
