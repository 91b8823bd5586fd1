"""The browser's microphone where something goes wrong with it: unplugged, muted, changed, asleep."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from live_scribe import samples
from live_scribe.audio.decode import Decoder
from live_scribe.audio.pcm import to_samples
from live_scribe.core.audio import SAMPLE_RATE_HZ
from live_scribe.core.pcm import wav_header
from live_scribe.core.sample_clock import SampleClock
from live_scribe.ports import Samples
from tests.slow.page import CHROMIUM, FLAGS, Service, open_visit
from tests.slow.test_page_microphone import end, recorded, start_recording

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

MICROPHONE = """
async (change) => {
  const { BrowserMicrophone } = await import("/static/js/microphone.js");
  const { input } = BrowserMicrophone.of(location.hash.split("/").at(-1));
  const devices = navigator.mediaDevices;
  if (change === "unplug") {
    devices.real = devices.getUserMedia;
    devices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
    input.track.stop();
    input.track.dispatchEvent(new Event("ended"));
  } else if (change === "plug") {
    devices.getUserMedia = devices.real;
    devices.dispatchEvent(new Event("devicechange"));
  } else {
    input.track.enabled = change === "unmute";
  }
}
"""
"""What a hand does to a microphone; a fake one cannot be unplugged otherwise."""

WARNED_AT = """
new MutationObserver(() => {
  if (document.querySelector(".meter-words").textContent.startsWith("No sound")) window.warnedAt ??= Date.now();
}).observe(document.querySelector(".meter-words"), { childList: true, characterData: true, subtree: true }) && null
"""
"""Lets a page note when it begins to warn."""


def gaps(service: Service, visit: str) -> list[dict[str, Any]]:
    view: Any = service.call("GET", f"/visits/{visit}", None)
    found: list[dict[str, Any]] = view["visit"]["gaps"]
    return found


def test_an_unplugged_microphone_is_told_waited_for_and_leaves_a_gap_with_its_times(
    page: Page, service: Service
) -> None:
    visit, before = start_recording(page, service, "Un Plugged")
    page.evaluate(MICROPHONE, "unplug")
    expect(page.locator(".meter.warn")).to_contain_text("The microphone is gone")
    page.wait_for_timeout(2000)
    page.evaluate(MICROPHONE, "plug")
    expect(page.locator(".meter-words")).not_to_contain_text("The microphone is gone")
    expect(page.locator(".toast").last).to_contain_text("Recording goes on with")
    recorded(page, service, visit, least=before + 4.0)
    (gap,) = gaps(service, visit)
    assert gap["reason"] == "device" and 1.5 < gap["end"] - gap["start"] < 10
    expect(page.locator(".mark-line.gap")).to_contain_text("(microphone)")
    end(page)
    expect(page.locator(".pill")).to_have_text("In review")


def test_a_microphone_that_never_comes_back_leaves_a_gap_up_to_the_end(page: Page, service: Service) -> None:
    visit, before = start_recording(page, service, "Never Back")
    page.evaluate(MICROPHONE, "unplug")
    page.wait_for_timeout(2000)
    end(page)
    expect(page.locator(".pill")).to_have_text("In review")
    (gap,) = gaps(service, visit)
    assert gap["reason"] == "device" and gap["start"] >= before - 0.5 and gap["end"] - gap["start"] > 1.5


def test_dead_silence_is_told_within_three_seconds_on_every_screen(
    page: Page, browser: Browser, service: Service
) -> None:
    visit, _ = start_recording(page, service, "Mu Ted")
    other = browser.new_context().new_page()
    open_visit(other, service, visit, "pat")
    other.wait_for_timeout(3500)  # sound arrives: nobody is warned
    expect(other.locator(".meter-words")).not_to_contain_text("No sound")
    for screen in (page, other):
        screen.evaluate(WARNED_AT)
    page.evaluate(MICROPHONE, "mute")
    muted = page.evaluate("Date.now()")
    for screen in (page, other):
        expect(screen.locator(".meter.warn")).to_contain_text("No sound is arriving", timeout=10_000)
        # Three seconds, and a tenth or two for a piece of sound that is on its way; more on a machine that is busy.
        assert 1800 < screen.evaluate("window.warnedAt") - muted < 5000
    page.evaluate(MICROPHONE, "unmute")
    for screen in (page, other):
        expect(screen.locator(".meter-words")).not_to_contain_text("No sound", timeout=3000)
    other.context.close()
    assert gaps(service, visit) == []
    end(page)


def test_a_microphone_is_chosen_from_a_menu_and_known_again(page: Page, service: Service) -> None:
    visit, before = start_recording(page, service, "Cho Sen")
    button = page.get_by_role("button", name="Choose the microphone")
    button.click()
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitemradio", checked=True)).to_have_count(1)
    menu.get_by_role("menuitemradio").last.click()
    recorded(page, service, visit, least=before + 2.0)
    button.click()
    expect(menu.get_by_role("menuitemradio").last).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    assert page.evaluate("localStorage.getItem('live_scribe.microphone')")
    assert all(gap["reason"] == "device" and gap["end"] - gap["start"] < 2 for gap in gaps(service, visit))
    end(page)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are found in /proc")
def test_the_sleep_of_the_computer_is_a_gap_of_its_own_kind(page: Page, service: Service) -> None:
    visit, before = start_recording(page, service, "A Sleep")
    with asleep():
        time.sleep(5)
    recorded(page, service, visit, least=before + 6.0)
    found = gaps(service, visit)
    assert [gap["reason"] for gap in found if gap["end"] - gap["start"] > 3] == ["sleep"]
    expect(page.locator(".mark-line.gap").first).to_contain_text("computer slept")
    end(page)


@contextmanager
def asleep() -> Iterator[None]:
    """Stop the browser that this test has started, with all its processes, and let it go on."""
    ours = browser_processes()
    assert ours
    for process in ours:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in reversed(ours):
            os.kill(process, signal.SIGCONT)


def browser_processes() -> list[int]:
    """Return the browser's processes: those that descend from this one."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = status.read_text().rsplit(")", 1)[1].split()
        except OSError:  # it has ended meanwhile
            continue
        parents[int(status.parent.name)] = int(told[1])
    ours = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in ours} - ours:
        ours |= more
    commands = {process: Path(f"/proc/{process}/cmdline").read_bytes() for process in ours - {os.getpid()}}
    assert CHROMIUM is not None
    return sorted(process for process, command in commands.items() if b"chrom" in command.split(b"\0")[0])


def test_the_pages_clock_follows_the_same_rule_as_the_services(page: Page, service: Service) -> None:
    dice = random.Random(7)
    blocks: list[tuple[int, int, bool]] = []
    wall = 1e6
    for _ in range(3000):
        length = dice.choice([1600, 1600, 1600, 480])
        wall += length / dice.choice([15_980, 16_000, 16_030]) + dice.choice([0] * 60 + [0.3, 0.7, 4, 7200, -40])
        blocks.append((length, round(wall * 1000), dice.random() < 0.02))
    page.goto(service.address)
    placed = page.evaluate(
        """async (blocks) => {
          const { SampleClock, stretched } = await import("/static/js/sample_clock.js");
          const clock = new SampleClock();
          return blocks.map(([length, wall, broken]) => {
            const placed = clock.place(length, wall, broken);
            return [placed.hole, stretched(new Int16Array(length).fill(7), placed.length).length];
          });
        }""",
        blocks,
    )
    clock = SampleClock()
    own = [clock.place(length, wall / 1000, broken=broken) for length, wall, broken in blocks]
    assert [made for _, made in placed] == [block.length for block in own]
    assert all(abs(hole - block.hole) <= 1 for (hole, _), block in zip(placed, own, strict=True))
    assert sum(block.hole > 0 for block in own) > 20


def test_all_that_was_said_is_in_its_place_though_the_service_was_away(
    playwright: Playwright, service: Service, tmp_path: Path
) -> None:
    with Decoder(samples.named("knee-injury").audio) as decoder:
        pcm = b"".join(decoder.pieces())[: 2 * 40 * SAMPLE_RATE_HZ]
    raw = tmp_path / "said.wav"
    raw.write_bytes(wav_header(len(pcm) // 2) + pcm)
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={raw}%noloop"]
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with playwright.chromium.launch(executable_path=CHROMIUM, args=flags) as browser:
        page = browser.new_page()
        visit, before = start_recording(page, service, "All Said")
        service.stop()
        page.wait_for_timeout(3000)
        service.start()
        recorded(page, service, visit, least=before + 10.0)
        wav = page.request.get(f"{service.address}/api/v1/visits/{visit}/audio.wav").body()
    heard, spoken = to_samples(wav[44:]), to_samples(pcm)
    places = [place_of(heard[at : at + SAMPLE_RATE_HZ], spoken) - at for at in range(16_000, 160_000, 16_000)]
    assert max(places) - min(places) < SAMPLE_RATE_HZ // 100, "nothing is missing, nothing is there twice"


def place_of(part: Samples, whole: Samples) -> int:
    """Return where in `whole` sound is most like `part`."""
    size = 1 << 20
    alike = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)))
    return int(np.argmax(alike[: len(whole) - len(part)]))


ONE_DEAD = """
async (visit) => {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/visits/${visit}/audio?channels=2`);
  await new Promise((open) => (socket.onopen = open));
  for (let second = 0; second < 13; second++) {
    const sound = new DataView(new ArrayBuffer(8 + 4 * 16000));
    sound.setBigUint64(0, BigInt(second * 16000), true);
    for (let i = 0; i < 16000; i++) sound.setInt16(8 + 4 * i, (i % 50) * 200, true);
    socket.send(sound.buffer);
    await new Promise((done) => setTimeout(done, 300));
  }
}
"""
"""Thirteen seconds of two channels, a little faster than they were spoken; the second one is dead."""


def test_of_two_microphones_a_dead_one_is_named(page: Page, service: Service) -> None:
    opening = {"consent": {"given": True, "method": "verbal"}, "channels": 2}
    visit = str(service.call("POST", "/visits", opening)["id"])
    open_visit(page, service, visit)
    page.evaluate(ONE_DEAD, visit)
    expect(page.locator(".meter.warn")).to_have_text("Microphone 2 gives no sound")
