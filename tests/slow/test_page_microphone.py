"""The browser's microphone: what it heard reaches the service, whatever becomes of the line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.slow.page import Service, new_visit, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def start_recording(page: Page, service: Service, name: str) -> tuple[str, float]:
    """Open a visit with the browser's microphone; return its id and how many seconds are recorded."""
    sign_in(page, service)
    new_visit(page, "This browser's microphone")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("The patient agrees to be recorded").check()
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator(".meter")).to_be_visible()
    visit = page.url.rsplit("/", 1)[1]
    return visit, recorded(page, service, visit, least=1.0)


def cut_the_line(page: Page, service: Service) -> None:
    """Kill the service; a second and a half of sound are kept in the browser."""
    service.stop()
    expect(page.locator(".line")).to_contain_text("Reconnecting")
    page.wait_for_timeout(1500)


def end(page: Page) -> None:
    page.get_by_role("button", name="End visit").click()
    page.get_by_role("dialog").get_by_role("button", name="End visit").click()


def recorded(page: Page, service: Service, visit: str, *, least: float) -> float:
    """Wait until `least` seconds are recorded; return how many are."""
    seconds = 0.0
    for _ in range(300):
        answer = page.request.get(f"{service.address}/api/v1/visits/{visit}/audio.wav")
        seconds = (len(answer.body()) - 44) / 32_000 if answer.ok else 0.0
        if seconds >= least:
            return seconds
        page.wait_for_timeout(100)
    raise AssertionError(f"only {seconds} s were recorded")


def test_the_browsers_microphone_is_recorded_and_goes_on_after_a_power_cut(page: Page, service: Service) -> None:
    visit, before = start_recording(page, service, "Micro Phone")
    cut_the_line(page, service)
    service.start()
    expect(page.locator(".line")).to_have_text("Connected", timeout=30_000)
    recorded(page, service, visit, least=before + 3.0)
    end(page)
    expect(page.locator(".pill")).to_have_text("In review")
    view = service.call("GET", f"/visits/{visit}", None)
    assert view["visit"]["gaps"] == []  # type: ignore[index]


def test_a_visit_is_not_ended_silently_while_sound_waits_for_the_line(page: Page, service: Service) -> None:
    visit, before = start_recording(page, service, "End Cut")
    cut_the_line(page, service)
    end(page)
    expect(page.get_by_role("dialog")).to_contain_text("could not be sent yet", timeout=15_000)
    service.start()
    expect(page.locator(".line")).to_have_text("Connected", timeout=30_000)
    recorded(page, service, visit, least=before + 1.0)
    page.get_by_role("dialog").get_by_role("button", name="End without it").click()
    expect(page.locator(".pill")).to_have_text("In review")
    view = service.call("GET", f"/visits/{visit}", None)
    assert view["visit"]["gaps"] == []  # type: ignore[index]


def test_what_was_said_before_a_pause_is_kept_though_the_line_was_cut(page: Page, service: Service) -> None:
    visit, before = start_recording(page, service, "Pause Cut")
    cut_the_line(page, service)
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(1000)  # of this nothing may be kept
    service.start()
    expect(page.locator(".pill")).to_have_text("Paused", timeout=30_000)
    assert recorded(page, service, visit, least=before + 1.0) < before + 8.0
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".pill")).to_have_text("Recording")
    recorded(page, service, visit, least=before + 3.0)
    end(page)
    expect(page.locator(".pill")).to_have_text("In review")
    view = service.call("GET", f"/visits/{visit}", None)
    assert view["visit"]["gaps"] == []  # type: ignore[index]
