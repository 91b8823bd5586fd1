"""This computer's microphone, with a device that is made up: no hardware, no PortAudio."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from live_scribe.audio import microphone
from live_scribe.audio.microphone import Microphone, MicrophoneSource, devices
from live_scribe.core.audio import AudioFrame, GapReason
from live_scribe.errors import AudioError


@dataclass
class Time:
    """PortAudio's times of a block; systems that have none say 0."""

    inputBufferAdcTime: float = 0.0


@dataclass
class Status:
    """PortAudio's flags of a block."""

    input_overflow: bool = True


@dataclass
class Clocks:
    """Stands in for the module `time`: on the wall, and without the time that the computer slept."""

    wall: float = 1e9
    awake: float = 50.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.awake


class FakeStream:
    """Says `blocks` blocks at once when it is opened, then stops as an unplugged device does."""

    def __init__(self, blocks: int, callback: Callable[..., None], finished_callback: Callable[[], None]) -> None:
        self._blocks, self._callback, self._finished = blocks, callback, finished_callback

    def __enter__(self) -> FakeStream:
        for number in range(self._blocks):
            self._callback(bytes([number % 256, 0]) * microphone.BLOCK, microphone.BLOCK, Time(), None)
        self._finished()
        return self

    def __exit__(self, *_exc: object) -> None:
        return None


class FakeSounddevice:
    """Stands in for the module."""

    def __init__(self, blocks: int = 3) -> None:
        self._blocks = blocks

    def check_input_settings(self, *, device: object, **_settings: object) -> None:
        if device == 9:
            raise ValueError("Invalid device")

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {"name": "Loudspeaker", "max_input_channels": 0},
            {"name": "Desk microphone", "max_input_channels": 2},
        ]

    def RawInputStream(self, *, callback: Any, finished_callback: Any, **_settings: object) -> FakeStream:
        return FakeStream(self._blocks, callback, finished_callback)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    """The computer's clocks, set by the test."""
    set_by_test = Clocks()
    monkeypatch.setattr(microphone, "time", set_by_test)
    return set_by_test


async def frames(module: FakeSounddevice) -> list[AudioFrame]:
    taken: list[AudioFrame] = []
    with pytest.raises(AudioError, match="unplugged"):
        async for frame in MicrophoneSource(module=module).frames():
            taken += [frame]
    return taken


async def heard(module: FakeSounddevice) -> list[int]:
    taken = await frames(module)
    assert all(frame.length == microphone.BLOCK for frame in taken)
    return [frame.offset for frame in taken]


async def test_frames_come_in_order_until_the_device_is_unplugged() -> None:
    assert await heard(FakeSounddevice(3)) == [0, microphone.BLOCK, 2 * microphone.BLOCK]


async def test_sound_that_nobody_took_in_time_leaves_a_hole_in_the_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphone, "QUEUE_BLOCKS", 2)

    class Slow(FakeStream):
        def __enter__(self) -> FakeStream:
            self._callback(bytes(2 * microphone.BLOCK), microphone.BLOCK, Time(), None)
            return self

    class Module(FakeSounddevice):
        def RawInputStream(self, *, callback: Any, finished_callback: Any, **_settings: object) -> FakeStream:
            self.say = callback
            self.stop = finished_callback
            return Slow(0, callback, finished_callback)

    module = Module()
    offsets = []
    with pytest.raises(AudioError):
        async for frame in MicrophoneSource(module=module).frames():
            offsets.append(frame.offset)
            if len(offsets) == 1:
                for _ in range(4):
                    module.say(bytes(2 * microphone.BLOCK), microphone.BLOCK, Time(), None)
            elif len(offsets) == 3:
                module.say(bytes(2 * microphone.BLOCK), microphone.BLOCK, Time(), None)
                module.stop()
    assert offsets == [n * microphone.BLOCK for n in (0, 1, 2, 5)]


class Scripted(FakeSounddevice):
    """Says blocks with the times and flags that a test gives, then stops."""

    def __init__(self, *told: tuple[float, Status | None], clocks: Clocks | None = None, slept_s: float = 0.0) -> None:
        super().__init__()
        self._told, self._clocks, self._slept_s = told, clocks, slept_s

    def RawInputStream(self, *, callback: Any, finished_callback: Any, **_settings: object) -> FakeStream:
        for number, (time, status) in enumerate(self._told):
            if self._clocks:
                self._clocks.awake += 0.1
                self._clocks.wall += 0.1 + (self._slept_s if number == 2 else 0.0)
            callback(bytes(2 * microphone.BLOCK), microphone.BLOCK, Time(time), status)
        return FakeStream(0, callback, finished_callback)


async def test_sound_that_portaudio_lost_leaves_a_hole_as_long_as_it_was() -> None:
    told = ((5.0, None), (5.1, Status(input_overflow=False)), (5.7, Status()), (5.8, None))
    assert await heard(Scripted(*told)) == [n * microphone.BLOCK for n in (0, 1, 7, 8)]


async def test_lost_sound_of_a_device_without_a_clock_is_a_hole_of_a_block() -> None:
    assert await heard(Scripted((0.0, None), (0.0, Status()), (0.0, None))) == [n * microphone.BLOCK for n in (0, 2, 3)]


async def test_a_device_that_is_busy_when_it_starts_is_named() -> None:
    class Busy(FakeStream):
        def __enter__(self) -> FakeStream:
            raise RuntimeError("Error starting stream: Device unavailable [PaErrorCode -9985]")

    class Module(FakeSounddevice):
        def RawInputStream(self, *, callback: Any, finished_callback: Any, **_settings: object) -> FakeStream:
            return Busy(0, callback, finished_callback)

    with pytest.raises(AudioError, match="the default microphone cannot be opened: Error starting stream"):
        await anext(aiter(MicrophoneSource(module=Module()).frames()))


async def test_the_end_is_told_even_where_nobody_took_the_sound_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphone, "QUEUE_BLOCKS", 2)
    assert await heard(FakeSounddevice(9)) == [0, microphone.BLOCK]


def test_devices_that_hear_are_listed() -> None:
    assert devices(FakeSounddevice()) == [Microphone(number=1, name="Desk microphone", channels=2)]


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(AudioError, match="microphone 9 cannot be used: Invalid device; `live-scribe devices`"):
        MicrophoneSource(9, module=FakeSounddevice())


def test_without_portaudio_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    for attempt in (devices, MicrophoneSource):
        with pytest.raises(AudioError, match="libportaudio2"):
            attempt()


async def test_sound_that_portaudio_lost_says_that_the_computer_was_too_busy() -> None:
    taken = await frames(Scripted((5.0, None), (5.1, None), (5.7, Status())))
    assert taken[-1].missing is GapReason.OVERRUN


async def test_a_device_that_gave_nothing_for_a_while_leaves_a_hole_of_its_own() -> None:
    taken = await frames(Scripted((5.0, None), (5.1, None), (9.2, None)))
    assert taken[-1].offset == 42 * microphone.BLOCK and taken[-1].missing is GapReason.DEVICE


@pytest.mark.parametrize("stands_still", [True, False])
async def test_while_the_computer_slept_there_is_a_hole_whether_the_devices_clock_saw_it_or_not(
    clocks: Clocks, stands_still: bool
) -> None:
    woken = 5.2 if stands_still else 65.2
    told = ((5.0, None), (5.1, None), (woken, None), (woken + 0.1, None))
    taken = await frames(Scripted(*told, clocks=clocks, slept_s=60.0))
    assert [frame.offset for frame in taken] == [n * microphone.BLOCK for n in (0, 1, 602, 603)]
    assert taken[2].missing is GapReason.SLEEP and taken[3].missing is not GapReason.SLEEP


async def test_a_microphone_that_runs_fast_stays_at_the_right_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphone, "QUEUE_BLOCKS", 10_000)
    taken = await frames(Scripted(*((1 + n * microphone.BLOCK / 16_010, None) for n in range(6000))))
    assert abs(taken[-1].offset / 16_000 - 5999 * microphone.BLOCK / 16_010) < 0.12
    ends = [0, *(frame.end for frame in taken)]
    assert all(end == frame.offset for end, frame in zip(ends, taken, strict=False))


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000])
async def test_a_device_that_has_no_rate_of_16_khz_is_heard_at_its_own(rate_hz: int) -> None:
    tone = (np.sin(np.arange(rate_hz) * 2 * np.pi * 440 / rate_hz) * 8000).astype("<i2").tobytes()

    class Module(FakeSounddevice):
        def check_input_settings(self, *, samplerate: int, **_settings: object) -> None:  # type: ignore[override]
            if samplerate != rate_hz:
                raise ValueError("Invalid sample rate")

        def query_devices(self, *_which: object) -> Any:
            return {"default_samplerate": float(rate_hz)}

        def RawInputStream(self, *, callback: Any, finished_callback: Any, **settings: Any) -> FakeStream:
            blocksize = settings["blocksize"]
            assert settings["samplerate"] == rate_hz
            for begin in range(0, len(tone), 2 * blocksize):
                callback(tone[begin : begin + 2 * blocksize], blocksize, Time(1 + begin / 2 / rate_hz), None)
            return FakeStream(0, callback, finished_callback)

    taken = await frames(Module())
    sound = np.frombuffer(b"".join(frame.pcm for frame in taken), "<i2")
    assert 0.97 * 16_000 < len(sound) <= 16_000 and taken[-1].end == len(sound)
    assert abs(np.argmax(np.abs(np.fft.rfft(sound))) * 16_000 / len(sound) - 440) < 3
    assert abs(np.abs(sound[800:-800]).max() - 8000) < 300
