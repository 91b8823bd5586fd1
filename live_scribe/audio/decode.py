"""Any recording to 16 kHz PCM, piece by piece, by PyAV (FFmpeg): wav, flac, mp3, m4a, ogg/opus, webm and more."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from live_scribe.core.audio import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, seconds
from live_scribe.core.pcm import LONGEST_S
from live_scribe.errors import AudioError

FORMATS = "wav, flac, mp3, m4a, ogg/opus or webm"
INSTALL = "pip install 'live-scribe[asr]'"

DEMUXERS = "wav,w64,flac,mp3,mov,ogg,matroska,aac,aiff,caf,amr,asf"
"""FFmpeg's names of what is opened: files that hold their own sound. Playlists, `ffconcat` and session descriptions
are not among them: they name other files and addresses, which an upload must not have read or opened for it."""

MOST_BROKEN_READS = 100
"""So often in a row may reading go wrong before what follows is given up: damage is passed over, garbage is not."""

MOST_HZ = 384_000
"""Twice what the best recorders use. The resampler's filter grows with the rate: a forged one would take gigabytes."""

SHORTFALL_S = 1.0
"""A recording that is so much shorter than its head says has lost sound; encoders' padding is a tenth of this."""

RIFF_HEAD_BYTES = 8
"""Bytes before those that a RIFF file's size counts."""

UNKNOWN_SIZES = (0, 0xFFFF_FFFF)

WITHOUT_LENGTH = frozenset({"mp3", "aac", "amr"})
"""Their heads say no length: FFmpeg guesses one from the first frame's bit rate, tenfold too long where it varies."""

MP3_LENGTH_MARKS = (b"Xing", b"Info", b"VBRI")
"""Of MP3, an encoder's first frame may say it, in its first bytes."""

ID3_HEAD_BYTES, FIRST_FRAME_BYTES = 10, 1500


class Decoder:
    """An open recording. `channels` is 1 or 2; of more, one is mixed, and of two where `mixed` says so. It blocks.

    `damaged` says, once all pieces were read, that sound was lost: the file broke off, or parts of it cannot be read.
    """

    def __init__(self, source: Path | bytes, *, mixed: bool = False) -> None:
        self._name = str(source) if isinstance(source, Path) else "the uploaded file"
        self._container = self._open(source)
        try:
            self._stream = self._find_stream()
            self.duration = self._told_duration(source)
            if self.duration is not None and self.duration > LONGEST_S:
                raise self._too_long()
        except AudioError:
            self._container.close()
            raise
        self.channels = 2 if self._stream.codec_context.channels == 2 and not mixed else 1
        self.damaged = _breaks_off(source)

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._container.close()

    def pieces(self) -> Iterator[bytes]:
        """Yield 16-bit little-endian PCM at 16 kHz, channels interleaved. Raises AudioError where there is nothing."""
        length = 0
        for piece in self._resampled(self._frames()):
            length += len(piece) // (BYTES_PER_SAMPLE * self.channels)
            if length > LONGEST_S * SAMPLE_RATE_HZ:
                raise self._too_long()
            yield piece
        if not length:
            raise self._error("no sound could be read from it: it is empty or broken off")
        if self.duration is not None and seconds(length) < self.duration - SHORTFALL_S:
            self.damaged = True

    def _frames(self) -> Iterator[Any]:
        """Yield decoded frames; a packet that cannot be decoded costs its own sound alone."""
        import av

        for packet in self._packets():
            try:
                yield from (frame for frame in packet.decode() if frame.sample_rate <= MOST_HZ)
            except (av.error.FFmpegError, EOFError):
                self.damaged = True

    def _packets(self) -> Iterator[Any]:
        import av

        broken = 0
        while broken < MOST_BROKEN_READS:
            try:
                for packet in self._container.demux(self._stream):
                    broken = 0
                    yield packet
                return
            except (av.error.FFmpegError, EOFError):
                self.damaged = True
                broken += 1

    def _resampled(self, frames: Iterator[Any]) -> Iterator[bytes]:
        """Yield the frames' sound at 16 kHz; rate and layout may change on the way, as in joined recordings."""
        resampler, form = None, None
        for frame in frames:
            this = (frame.sample_rate, frame.layout.name, frame.format.name)
            if resampler is None or this != form:
                yield from self._resample(resampler, None)
                resampler, form = self._make_resampler(), this
            yield from self._resample(resampler, frame)
        yield from self._resample(resampler, None)

    def _make_resampler(self) -> Any:
        import av

        layout = "stereo" if self.channels == 2 else "mono"
        return av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE_HZ)

    def _resample(self, resampler: Any, frame: Any) -> Iterator[bytes]:
        import av

        try:
            made = [] if resampler is None else resampler.resample(frame)
        except (av.error.FFmpegError, ValueError):  # a frame that says of itself what cannot be
            self.damaged = True
            return
        for piece in made:
            raw = bytes(piece.planes[0])[: piece.samples * BYTES_PER_SAMPLE * self.channels]
            if raw:
                yield raw

    def _find_stream(self) -> Any:
        streams = self._container.streams.audio
        if not streams:
            raise self._error(f"there is no sound in it: give {FORMATS}")
        context = streams[0].codec_context
        if context is None:
            raise self._error(f"its sound is written in a way that cannot be read: give {FORMATS}")
        if not context.channels or not context.sample_rate:
            raise self._error("its sound has no channels: record it again")
        if context.sample_rate > MOST_HZ:
            raise self._error(f"it says {context.sample_rate} Hz of itself: record it at {MOST_HZ} Hz or less")
        return streams[0]

    def _told_duration(self, source: Path | bytes) -> float | None:
        """Return the length of the sound in seconds; None where the file does not say it, or only of its picture."""
        if self._container.format.name in WITHOUT_LENGTH and not _says_length(source):
            return None
        if self._stream.duration:
            return float(self._stream.duration * self._stream.time_base)
        if self._container.duration and not self._container.streams.video:
            return float(self._container.duration) / 1_000_000
        return None

    def _too_long(self) -> AudioError:
        return self._error(f"it is longer than {LONGEST_S // 3600} hours, the longest there may be: cut it")

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
        file = str(source) if isinstance(source, Path) else BytesIO(source)
        try:
            return av.open(file, metadata_errors="ignore", options={"format_whitelist": DEMUXERS})
        except (av.error.FFmpegError, ValueError, OSError):
            raise self._error(f"not a recording that can be read, or broken off: give {FORMATS}") from None

    def _check_file(self, path: Path) -> None:
        try:
            if path.is_dir():
                raise self._error("is a folder: give a recording")
            if path.exists() and not path.is_file():
                raise self._error("is a pipe or a device: save it to a file first")
            with path.open("rb") as file:
                first = file.read(1)
        except FileNotFoundError:
            raise self._error("there is no such file") from None
        except OSError as exc:
            raise self._error(f"cannot be read: {exc.strerror}") from None
        if not first:
            raise self._error("it is empty")


def _breaks_off(source: Path | bytes) -> bool:
    """Return whether a WAV is shorter than its head says; FFmpeg believes the file. Writers to pipes leave no size."""
    head = _cut(source, 0, 12)
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    told = int.from_bytes(head[4:8], "little")
    return head[:4] == b"RIFF" and head[8:] == b"WAVE" and told not in UNKNOWN_SIZES and told + RIFF_HEAD_BYTES > size


def _says_length(source: Path | bytes) -> bool:
    """Return whether the first frame of an MP3, behind a tag that may be megabytes, says how many there are."""
    head = _cut(source, 0, ID3_HEAD_BYTES)
    begin = 0
    if head[:3] == b"ID3" and len(head) == ID3_HEAD_BYTES:  # seven bits of each of four bytes are the tag's size
        begin = ID3_HEAD_BYTES + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(head[6:])))
    return any(mark in _cut(source, begin, FIRST_FRAME_BYTES) for mark in MP3_LENGTH_MARKS)


def _cut(source: Path | bytes, begin: int, size: int) -> bytes:
    if isinstance(source, bytes):
        return source[begin : begin + size]
    with source.open("rb") as file:
        file.seek(begin)
        return file.read(size)
