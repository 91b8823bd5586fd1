"""This computer's microphone, by sounddevice (PortAudio), which is imported only when it is used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame
from live_scribe.errors import AudioError

BLOCK = SAMPLE_RATE_HZ // 10
"""Samples in one of PortAudio's callbacks."""

QUEUE_BLOCKS = 300
"""Half a minute that a busy event loop may be behind; beyond it sound is lost, and the loss is a gap that is seen."""

INSTALL = (
    "install PortAudio (Debian: apt install libportaudio2) and the microphone part: pip install 'live-scribe[mic]'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Microphone:
    """An input device: the number or name to choose it by, and its most channels."""

    number: int
    name: str
    channels: int


def devices(module: Any = None) -> list[Microphone]:
    """Return the input devices there are. Raises AudioError where PortAudio is missing."""
    sounddevice = module or _sounddevice()
    return [
        Microphone(number=i, name=d["name"], channels=d["max_input_channels"])
        for i, d in enumerate(sounddevice.query_devices())
        if d["max_input_channels"] > 0
    ]


class MicrophoneSource:
    """ports.AudioSource: hears until its consumer stops asking. `module` stands in for sounddevice in tests.

    Raises AudioError where there is no PortAudio or no such device.
    """

    def __init__(self, device: int | str | None = None, channels: int = 1, *, module: Any = None) -> None:
        self._sounddevice = module or _sounddevice()
        self._device = device
        self.channels = channels
        try:
            self._sounddevice.check_input_settings(
                device=device, channels=channels, dtype="int16", samplerate=SAMPLE_RATE_HZ
            )
        except Exception as exc:  # PortAudioError or ValueError, by version
            raise AudioError(
                f"{_called(device)} cannot be used: {_reason(exc)}; `live-scribe devices` lists them"
            ) from exc

    async def frames(self) -> AsyncGenerator[AudioFrame, None]:
        """Yield frames as the device hears them; where sound was lost, the next frame's offset jumps.

        Raises AudioError where the device cannot be opened, or stops.
        """
        loop = asyncio.get_running_loop()
        blocks: asyncio.Queue[AudioFrame | None] = asyncio.Queue(QUEUE_BLOCKS + 1)  # one place is for the end
        count = _SampleCount()

        def put(frame: AudioFrame | None) -> None:
            if frame is None or blocks.qsize() < QUEUE_BLOCKS:
                blocks.put_nowait(frame)

        def heard(data: Any, length: int, time: Any, status: Any) -> None:
            offset = count.next(length, time.inputBufferAdcTime, overflow=bool(status and status.input_overflow))
            frame = AudioFrame(offset=offset, pcm=bytes(data), channels=self.channels)
            _tell(loop, put, frame)

        def stopped() -> None:
            _tell(loop, put, None)

        with ExitStack() as opened:
            self._open(opened, heard, stopped)
            while (frame := await blocks.get()) is not None:
                yield frame
        raise AudioError(f"{_called(self._device)} stopped: was it unplugged?")

    def _open(self, opened: ExitStack, heard: Any, stopped: Any) -> None:
        """Open the device and start it, either of which fails where another program has it, until `opened` closes."""
        try:
            stream = self._sounddevice.RawInputStream(
                samplerate=SAMPLE_RATE_HZ,
                blocksize=BLOCK,
                device=self._device,
                channels=self.channels,
                dtype="int16",
                callback=heard,
                finished_callback=stopped,
            )
            opened.enter_context(stream)
        except Exception as exc:  # PortAudioError or ValueError, by version
            raise AudioError(f"{_called(self._device)} cannot be opened: {_reason(exc)}") from exc


class _SampleCount:
    """Where each block of a device begins, in samples since the first; what PortAudio lost is left out."""

    def __init__(self) -> None:
        self._next = 0
        self._began: float | None = None

    def next(self, length: int, adc_time: float, *, overflow: bool) -> int:
        """Return the offset of a block of `length` samples that the device took at its own time `adc_time`."""
        if self._began is None:
            self._began = adc_time
        if overflow:
            # Systems without a clock for their devices say 0: then a block was lost, and nobody knows how many.
            at = round((adc_time - self._began) * SAMPLE_RATE_HZ) if adc_time else self._next + BLOCK
            self._next = max(self._next, at)
        offset = self._next
        self._next += length
        return offset


def _tell(loop: asyncio.AbstractEventLoop, put: Callable[[AudioFrame | None], None], frame: AudioFrame | None) -> None:
    """Hand over from PortAudio's thread; where the loop has closed meanwhile, nobody listens any more."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(put, frame)


def _sounddevice() -> Any:
    try:
        import sounddevice
    except (ImportError, OSError):  # OSError: the package is there, PortAudio is not
        raise AudioError(f"no microphone can be used: {INSTALL}") from None
    return sounddevice


def _called(device: int | str | None) -> str:
    return "the default microphone" if device is None else f"microphone {device}"


def _reason(exc: Exception) -> str:
    return " ".join(str(exc).split())[:120] or type(exc).__name__
