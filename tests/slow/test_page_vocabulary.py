"""The vocabulary in the page: lists that are edited and imported, and a rule from proposal to undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.component.stored_lists import store_visits
from tests.slow.page import Service, open_visit, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("lists")
    store_visits(data)
    running = Service(data)
    running.start()
    yield running
    running.stop()


def vocabulary(page: Page, service: Service, user: str) -> Locator:
    sign_in(page, service, user)
    page.get_by_role("button", name="Vocabulary").click()
    return page.get_by_role("dialog", name="Vocabulary")


def test_a_scribe_keeps_a_list_and_sees_what_was_learnt(page: Page, service: Service, tmp_path: Path) -> None:
    shown = vocabulary(page, service, "sam")
    learnt = shown.get_by_role("listitem").filter(has_text="lisinopril")
    expect(learnt).to_contain_text("heard as “lysine a pril” · set right 3 times in 3 visits")
    expect(shown.get_by_role("button", name="Take out lisinopril")).to_have_count(0)
    shown.get_by_text("Yours").click()
    expect(shown.get_by_text("Your list is empty")).to_be_visible()
    shown.get_by_label("Term").fill("<b>Okonkwo</b>")
    page.keyboard.press("Enter")
    expect(shown.get_by_role("listitem")).to_have_text("<b>Okonkwo</b>Drugby sam")
    shown.get_by_label("Term").fill("<B>okonkwo</B>")
    page.keyboard.press("Enter")
    expect(shown.get_by_role("status")).to_contain_text("already")
    file = tmp_path / "ours.txt"
    file.write_text("# ours\ncondition: gout\nname: Ward 7\n", encoding="utf-8")
    shown.get_by_label("Import a file").set_input_files(file)
    expect(shown.get_by_role("status")).to_contain_text("2 new terms")
    expect(shown.get_by_role("listitem")).to_have_count(3)
    shown.get_by_role("button", name="Take out gout").click()
    expect(shown.get_by_role("listitem")).to_have_count(2)
    shown.get_by_role("button", name="Undo").click()
    expect(shown.get_by_role("listitem")).to_have_count(3)
    with page.expect_download() as saved:
        shown.get_by_role("link", name="Export").click()
    assert saved.value.path().read_text(encoding="utf-8") == "drug: <b>Okonkwo</b>\ncondition: gout\nname: Ward 7\n"


def test_the_vocabulary_opens_over_a_desk_that_stays(page: Page, service: Service) -> None:
    open_visit(page, service, "visit0")
    page.get_by_role("button", name="Vocabulary").click()
    expect(page.get_by_role("dialog", name="Vocabulary").get_by_text("lisinopril")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".line")).to_have_text("Connected")


def test_a_provider_approves_a_rule_and_takes_it_back_by_one_click(page: Page, service: Service) -> None:
    shown = vocabulary(page, service, "pat")
    shown.get_by_text("Corrections").click()
    rule = shown.get_by_role("article", name="lysine a pril reads lisinopril")
    expect(rule).to_contain_text("Set right like this 3 times, in 3 visits.")
    expect(rule).to_contain_text("set right like this in 3 visits")
    expect(rule).to_contain_text("I take lisinopril, ten milligrams daily.")
    against = shown.get_by_role("article", name="metal prolol reads metoprolol")
    expect(against).to_contain_text("Something speaks against it")
    expect(against.get_by_role("button", name="Approve")).to_have_count(0)
    rule.get_by_role("button", name="Approve").click()
    expect(rule).to_contain_text("Approved by pat")
    rule.get_by_role("button", name="Undo").click()
    expect(rule.get_by_role("button", name="Approve")).to_be_visible()


def test_an_admin_edits_the_clinics_list_and_a_scribe_does_not(page: Page, service: Service) -> None:
    shown = vocabulary(page, service, "ada")
    shown.get_by_label("Term").fill("Zepbound")
    shown.get_by_role("button", name="Add").click()
    expect(shown.get_by_role("button", name="Take out Zepbound")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()
    shown = vocabulary(page, service, "sam")
    expect(shown.get_by_text("Zepbound")).to_be_visible()
    expect(shown.get_by_role("button", name="Take out Zepbound")).to_have_count(0)
    expect(shown.get_by_label("Term")).to_have_count(0)
