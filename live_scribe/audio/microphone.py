"""This computer's microphone, by sounddevice (PortAudio), which is imported only when it is used."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from live_scribe.audio.pcm import stretched
from live_scribe.audio.resample import Resampler
from live_scribe.core.audio import SAMPLE_RATE_HZ, AudioFrame, GapReason
from live_scribe.core.sample_clock import SampleClock
from live_scribe.errors import AudioError

BLOCKS_A_SECOND = 10
"""Of PortAudio's callbacks."""

BLOCK = SAMPLE_RATE_HZ // BLOCKS_A_SECOND
"""Samples in one of them."""

QUEUE_BLOCKS = 300
"""Half a minute that a busy event loop may be behind; beyond it sound is lost, and the loss is a gap that is seen."""

UNSEEN_S = 2.0
"""A device's clock that falls so far behind the wall's stood still meanwhile; a thread is never so late."""

SLEPT_S = 1.0
"""Python's monotonic clock stands still while the computer sleeps (but on Windows); apart from that both go alike."""

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
        self._rate_hz = self._usable_rate()
        self._resampler = Resampler(self._rate_hz, channels) if self._rate_hz != SAMPLE_RATE_HZ else None

    def _usable_rate(self) -> int:
        """Return 16 kHz, or the device's own rate where it has no other, as telephones and some USB microphones."""
        try:
            self._check(SAMPLE_RATE_HZ)
            return SAMPLE_RATE_HZ
        except Exception as exc:  # PortAudioError or ValueError, by version
            with suppress(Exception):  # what is told is what was wrong first
                own: int = round(self._sounddevice.query_devices(self._device, "input")["default_samplerate"])
                self._check(own)
                return own
            raise AudioError(
                f"{_called(self._device)} cannot be used: {_reason(exc)}; `live-scribe devices` lists them"
            ) from exc

    def _check(self, rate_hz: int) -> None:
        self._sounddevice.check_input_settings(
            device=self._device, channels=self.channels, dtype="int16", samplerate=rate_hz
        )

    async def frames(self) -> AsyncGenerator[AudioFrame, None]:
        """Yield frames as the device hears them; where sound was lost, the next frame's offset jumps.

        Raises AudioError where the device cannot be opened, or stops.
        """
        loop = asyncio.get_running_loop()
        blocks: asyncio.Queue[AudioFrame | None] = asyncio.Queue(QUEUE_BLOCKS + 1)  # one place is for the end
        place = _Place()

        def put(frame: AudioFrame | None) -> None:
            if frame is None or blocks.qsize() < QUEUE_BLOCKS:
                blocks.put_nowait(frame)

        def heard(data: Any, length: int, time: Any, status: Any) -> None:
            began = time.inputBufferAdcTime
            ended = began + length / self._rate_hz if began else 0.0
            pcm = self._resampler.feed(bytes(data)) if self._resampler else bytes(data)
            if pcm:
                overflow = bool(status and status.input_overflow)
                _tell(loop, put, place.frame(pcm, self.channels, ended, overflow=overflow))

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
                samplerate=self._rate_hz,
                blocksize=self._rate_hz // BLOCKS_A_SECOND,
                device=self._device,
                channels=self.channels,
                dtype="int16",
                callback=heard,
                finished_callback=stopped,
            )
            opened.enter_context(stream)
        except Exception as exc:  # PortAudioError or ValueError, by version
            raise AudioError(f"{_called(self._device)} cannot be opened: {_reason(exc)}") from exc


class _Place:
    """Where each block of a device lies, by the device's clock where it has one; what was lost is left out."""

    def __init__(self) -> None:
        self._clock = SampleClock()
        self._behind: float | None = None
        self._unseen = 0.0
        self._times: tuple[float, float] | None = None

    def frame(self, pcm: bytes, channels: int, ended: float, *, overflow: bool) -> AudioFrame:
        """Return the frame of a block that the device had whole at `ended`, its own time; 0: it has no clock."""
        length = AudioFrame(offset=0, pcm=pcm, channels=channels).length
        slept = self._slept()
        placed = self._clock.place(length, self._heard_at(ended), broken=overflow)
        offset = placed.offset
        if overflow and not ended and not placed.hole:
            offset = self._clock.skip(BLOCK) - placed.length  # a block was lost, and nobody knows how many
        why = GapReason.SLEEP if slept else GapReason.OVERRUN if overflow or not placed.hole else GapReason.DEVICE
        return AudioFrame(offset=offset, pcm=stretched(pcm, channels, placed.length), channels=channels, missing=why)

    def _heard_at(self, ended: float) -> float:
        """Return when the block's end was heard: late threads do not move the device's clock, but sleep may stop it."""
        wall = time.time()
        if not ended:
            return wall
        behind = wall - ended
        if self._behind is not None and behind - self._behind > UNSEEN_S:
            self._unseen += behind - self._behind
            self._behind = behind
        elif self._behind is None or behind < self._behind:
            self._behind = behind
        return ended + self._unseen

    def _slept(self) -> bool:
        before, self._times = self._times, (time.time(), time.monotonic())
        return before is not None and self._times[0] - before[0] - (self._times[1] - before[1]) > SLEPT_S


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
