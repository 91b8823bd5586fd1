"""This computer's microphone, by sounddevice (PortAudio), which is imported only when it is used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
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

    async def frames(self) -> AsyncIterator[AudioFrame]:
        """Yield frames as the device hears them; where the loop was too slow, the next frame's offset jumps."""
        loop = asyncio.get_running_loop()
        blocks: asyncio.Queue[AudioFrame | None] = asyncio.Queue(QUEUE_BLOCKS)
        offset = 0

        def put(frame: AudioFrame | None) -> None:
            if not blocks.full():
                blocks.put_nowait(frame)

        def heard(data: Any, count: int, _time: Any, _status: Any) -> None:
            nonlocal offset
            frame = AudioFrame(offset=offset, pcm=bytes(data), channels=self.channels)
            offset += count
            loop.call_soon_threadsafe(put, frame)

        def stopped() -> None:
            loop.call_soon_threadsafe(put, None)

        with self._open(heard, stopped):
            while (frame := await blocks.get()) is not None:
                yield frame
        raise AudioError(f"{_called(self._device)} stopped: was it unplugged?")

    def _open(self, heard: Any, stopped: Any) -> Any:
        try:
            return self._sounddevice.RawInputStream(
                samplerate=SAMPLE_RATE_HZ,
                blocksize=BLOCK,
                device=self._device,
                channels=self.channels,
                dtype="int16",
                callback=heard,
                finished_callback=stopped,
            )
        except Exception as exc:  # PortAudioError or ValueError, by version
            raise AudioError(f"{_called(self._device)} cannot be opened: {_reason(exc)}") from exc


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
