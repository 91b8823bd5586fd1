"""This computer's microphone, with a device that is made up: no hardware, no PortAudio."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from live_scribe.audio import microphone
from live_scribe.audio.microphone import Microphone, MicrophoneSource, devices
from live_scribe.errors import AudioError


@dataclass
class Time:
    """PortAudio's times of a block; systems that have none say 0."""

    inputBufferAdcTime: float = 0.0


@dataclass
class Status:
    """PortAudio's flags of a block."""

    input_overflow: bool = True


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


async def heard(module: FakeSounddevice) -> list[int]:
    offsets = []
    with pytest.raises(AudioError, match="unplugged"):
        async for frame in MicrophoneSource(module=module).frames():
            assert frame.length == microphone.BLOCK
            offsets.append(frame.offset)
    return offsets


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

    def __init__(self, *told: tuple[float, Status | None]) -> None:
        super().__init__()
        self._told = told

    def RawInputStream(self, *, callback: Any, finished_callback: Any, **_settings: object) -> FakeStream:
        for time, status in self._told:
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
