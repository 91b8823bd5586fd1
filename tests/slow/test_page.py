"""The page, driven in a real browser against the real service: all but the speech model (scripted_page.py)."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from live_scribe.resources import folder
from tests.slow.page import Service, new_visit, open_visit, sign_in
from tests.slow.scripted_page import PASSWORD, SAMPLE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

HEARD_MS = 60_000
"""Until the first statement of the sample, at the pace of speech, on a busy machine."""

HOSTILE = "<img src=x onerror=alert(1)>"


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


def test_a_wrong_password_is_said_and_nobody_comes_in(page: Page, service: Service) -> None:
    page.goto(service.address)
    page.get_by_label("User name").fill("sam")
    page.get_by_label("Password").fill(PASSWORD + " ")
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


def test_one_key_swaps_doctor_and_patient_and_one_gives_words_to_another_voice(page: Page, service: Service) -> None:
    visit = str(service.call("POST", "/visits/import", {"sample": SAMPLE, "speed": 0})["id"])
    open_visit(page, service, visit)
    for role in ("doctor", "patient"):
        expect(page.locator(f".utterance[data-role={role}]").first).to_be_visible(timeout=HEARD_MS)
    row = page.locator(".utterance[data-role=doctor][data-utterance]").first
    first = page.locator(f".utterance[data-utterance='{row.get_attribute('data-utterance')}']")
    page.keyboard.press("x")
    expect(first).to_have_attribute("data-role", "patient")
    page.keyboard.press("x")
    expect(first).to_have_attribute("data-role", "doctor")
    first.locator(".said").hover()
    page.keyboard.press("2")
    expect(first).to_have_attribute("data-role", "patient")
    page.keyboard.press("1")
    expect(first).to_have_attribute("data-role", "doctor")
    page.keyboard.press("9")
    expect(first).to_have_attribute("data-role", "doctor")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Swap doctor and patient")


def test_a_chosen_statement_lights_its_words_and_plays_its_sound(page: Page, service: Service, heard: str) -> None:
    open_visit(page, service, heard)
    expect(page.locator(".lit")).to_have_count(0)
    with page.expect_request(re.compile(r"/audio\.wav\?start=")) as asked:
        page.locator(".statement", has_text="numbness").locator(".statement-text").click(delay=150)
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


def test_an_edit_that_was_not_answered_is_saved_though_its_desk_was_left(
    page: Page, service: Service, heard: str
) -> None:
    open_visit(page, service, heard)
    page.locator(".statement").nth(2).locator(".statement-text").dblclick()
    page.locator(".editor-text").fill("Left before the answer")
    service.stop()
    expect(page.locator(".line")).to_contain_text("Reconnecting")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".statement.pending")).to_have_count(1)
    page.get_by_role("link", name="All visits").click()
    service.start()
    page.goto(f"{service.address}/#/visits/{heard}")
    expect(page.locator(".line")).to_have_text("Connected", timeout=30_000)
    expect(page.locator(".statement", has_text="Left before the answer")).to_have_count(1)
    expect(page.locator(".statement.pending")).to_have_count(0)


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


def test_a_pressure_is_shown_as_it_is_written_and_lit_and_corrected_as_a_whole(
    page: Page, service: Service, heard: str
) -> None:
    open_visit(page, service, heard)
    form = page.locator("[data-word][title='138 over 84,']")
    expect(form).to_have_text("138/84,")
    page.locator(".statement", has_text="138/84").first.locator(".statement-text").click()
    expect(form).to_have_class(re.compile("lit"))
    form.dblclick()
    expect(page.locator(".word-input")).to_have_value("138/84,")
    page.locator(".word-input").fill("136/84,")
    page.keyboard.press("Enter")
    expect(page.locator(".utterance", has_text="136/84")).to_be_visible()
    expect(form).to_have_count(0)


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


def test_a_visit_that_sounds_like_another_language_is_heard_in_it_after_one_click(page: Page, service: Service) -> None:
    sign_in(page, service)
    new_visit(page, "Upload a recording")
    page.get_by_label("Name", exact=True).fill("Ana Ruiz")
    page.get_by_label("Language spoken").select_option("Spanish")
    page.locator("input[type=file]").set_input_files(folder("samples") / f"{SAMPLE}.opus")
    page.get_by_label("The patient agrees to be recorded").check()
    page.get_by_role("button", name=re.compile("Upload")).click()
    expect(page.get_by_role("heading", name="Ana Ruiz")).to_be_visible()
    notice = page.locator(".desk-head .notice")
    expect(notice).to_contain_text("This sounds like English, and is heard as Spanish.", timeout=HEARD_MS)
    notice.get_by_role("button", name="Hear it as English").click()
    expect(notice).to_be_hidden()


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
    asked = page.get_by_role("dialog", name="Submit the note as it stands?")
    for _ in range(60):  # a service that was killed looks again at the end of the recording first
        # Facts that were heard and are not in the note are shown in a dialog, and keep nobody from it.
        (asked if asked.count() else page).get_by_role("button", name="Submit").click()
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
