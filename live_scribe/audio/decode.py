"""Any recording to 16 kHz PCM, piece by piece, by PyAV (FFmpeg): wav, flac, mp3, m4a, ogg/opus, webm and more."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from live_scribe.core.audio import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from live_scribe.core.pcm import LONGEST_S
from live_scribe.errors import AudioError

FORMATS = "wav, flac, mp3, m4a, ogg/opus or webm"
INSTALL = "pip install 'live-scribe[asr]'"


class Decoder:
    """An open recording. `channels` is 1 or 2; of more, one is mixed. Use it as a context manager; it blocks.

    `truncated` says, once all pieces were read, that the file broke off: what came before is whole.
    """

    def __init__(self, source: Path | bytes) -> None:
        self._name = str(source) if isinstance(source, Path) else "the uploaded file"
        self._container = self._open(source)
        streams = self._container.streams.audio
        if not streams:
            raise self._error(f"there is no sound in it: give {FORMATS}")
        self._stream = streams[0]
        count = self._stream.codec_context.channels
        if not count or not self._stream.codec_context.sample_rate:
            raise self._error("its sound has no channels: record it again")
        self.channels = 2 if count == 2 else 1
        self.duration = self._told_duration()
        self.truncated = False
        if self.duration is not None and self.duration > LONGEST_S:
            raise self._too_long()

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._container.close()

    def pieces(self) -> Iterator[bytes]:
        """Yield 16-bit little-endian PCM at 16 kHz, channels interleaved. Raises AudioError where there is nothing."""
        import av

        layout = "stereo" if self.channels == 2 else "mono"
        resampler = av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE_HZ)
        length = 0
        try:
            for frame in self._container.decode(self._stream):
                for piece in self._resampled(resampler, frame):
                    length += len(piece)
                    self._check_length(length)
                    yield piece
        except (av.error.FFmpegError, EOFError):
            self.truncated = True
        for piece in self._resampled(resampler, None):
            length += len(piece)
            yield piece
        if not length:
            raise self._error("no sound could be read from it: it is empty or broken off")

    def _resampled(self, resampler: Any, frame: Any) -> Iterator[bytes]:
        import av

        try:
            frames = resampler.resample(frame)
        except (av.error.FFmpegError, ValueError):  # a change of rate or layout inside a damaged file
            self.truncated = True
            return
        for made in frames:
            raw = bytes(made.planes[0])[: made.samples * BYTES_PER_SAMPLE * self.channels]
            if raw:
                yield raw

    def _check_length(self, length: int) -> None:
        if length > LONGEST_S * SAMPLE_RATE_HZ * BYTES_PER_SAMPLE * self.channels:
            raise self._too_long()

    def _too_long(self) -> AudioError:
        return self._error(f"it is longer than {LONGEST_S // 3600} hours, the longest there may be: cut it")

    def _told_duration(self) -> float | None:
        if self._container.duration:
            return float(self._container.duration) / 1_000_000
        return None

    def _error(self, what: str) -> AudioError:
        return AudioError(f"{self._name}: {what}")

    def _open(self, source: Path | bytes) -> Any:
        try:
            import av
        except ImportError:
            raise AudioError(f"reading recordings is not installed: {INSTALL}") from None
        if isinstance(source, Path):
            self._check_file(source)
        elif not source:
            raise self._error("it is empty")
        try:
            return av.open(str(source) if isinstance(source, Path) else BytesIO(source), metadata_errors="ignore")
        except (av.error.FFmpegError, ValueError, OSError):
            raise self._error(f"not a recording that can be read: give {FORMATS}") from None

    def _check_file(self, path: Path) -> None:
        if path.is_dir():
            raise self._error("is a folder: give a recording")
        try:
            with path.open("rb") as file:
                first = file.read(1)
        except FileNotFoundError:
            raise self._error("there is no such file") from None
        except OSError as exc:
            raise self._error(f"cannot be read: {exc.strerror}") from None
        if not first:
            raise self._error("it is empty")
