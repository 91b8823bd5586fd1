"""The note as a file, and the sound behind a statement."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from live_scribe.core.audio import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, samples
from live_scribe.core.pcm import WAV_HEADER_BYTES, wav_header
from live_scribe.errors import NotFound
from live_scribe.render import Format
from live_scribe.web.api import service_of
from live_scribe.web.auth import TheirVisit
from live_scribe.web.problems import Invalid, problem
from live_scribe.web.ranges import byte_range

router = APIRouter(prefix="/api/v1")

MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
FORMATS: dict[str, Format] = {"md": "markdown", "txt": "text", "html": "html"}

PRINTED = {"content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}
"""What a note or summary that is opened as a page may do: be read. Its template may be a clinic's own."""

MOST_BYTES = 16 * 1024 * 1024
"""Sound in one answer, about eight minutes; a player asks for the next range by itself."""


@router.get("/visits/{visit_id}/note.{ending}")
async def note(request: Request, session: TheirVisit, ending: str) -> Response:
    """Return the note as Markdown, plain text, HTML or JSON."""
    name = f'inline; filename="note-{session.visit.id}.{ending}"'
    if ending == "json":
        body = json.dumps(session.note(), ensure_ascii=False, indent=1)
        return Response(body, media_type="application/json", headers={"content-disposition": name})
    if ending not in FORMATS:
        raise NotFound(f"there is no note.{ending[:20]}: md, txt, html and json are")
    # Not on the event loop: what is printed may be a clinic's own template, and takes as long as its steps.
    text = await asyncio.to_thread(service_of(request).render, session.visit, FORMATS[ending])
    return Response(text, media_type=MEDIA_TYPES[ending], headers={"content-disposition": name, **PRINTED})


@router.get("/visits/{visit_id}/summary.{ending}")
async def summary(request: Request, session: TheirVisit, ending: str) -> Response:
    """Return the summary for the patient as Markdown, text, HTML or JSON, where each line names its statements."""
    name = f'inline; filename="summary-{session.visit.id}.{ending}"'
    if ending == "json":
        told = await asyncio.to_thread(service_of(request).summary, session.visit)
        body = json.dumps(told, ensure_ascii=False, indent=1)
        return Response(body, media_type="application/json", headers={"content-disposition": name})
    if ending not in FORMATS:
        raise NotFound(f"there is no summary.{ending[:20]}: md, txt, html and json are")
    text = await asyncio.to_thread(service_of(request).render_summary, session.visit, FORMATS[ending])
    return Response(text, media_type=MEDIA_TYPES[ending], headers={"content-disposition": name, **PRINTED})


@router.get("/visits/{visit_id}/audio.wav")
async def audio(
    request: Request,
    session: TheirVisit,
    start: Annotated[float, Query(ge=0)] = 0.0,
    end: Annotated[float | None, Query(ge=0)] = None,
) -> Response:
    """Return the sound between two seconds as WAV; byte ranges (RFC 9110, section 14) are served."""
    sound = session.sound
    if sound is None or sound.next_sample == 0:
        raise NotFound("this visit has no sound")
    first = min(samples(start), sound.next_sample)
    last = sound.next_sample if end is None else min(samples(end), sound.next_sample)
    if last <= first:
        raise Invalid("start, end: no sound lies between them")
    frame = BYTES_PER_SAMPLE * sound.channels
    total = WAV_HEADER_BYTES + (last - first) * frame
    asked = byte_range(request.headers.get("range"), total)
    if asked is None:
        return problem(416, "range", "the range lies outside the sound", size=total)
    begin, stop = asked
    stop = min(stop, begin + MOST_BYTES)
    head = wav_header(last - first, sound.channels)[begin:stop]
    skip = max(0, begin - WAV_HEADER_BYTES)
    need = max(0, stop - WAV_HEADER_BYTES)
    low, high = first + skip // frame, first + -(-need // frame)
    pcm = await sound.read_pcm(low, min(high, last)) if high > low else b""
    at = low - first
    body = head + pcm[skip - at * frame : need - at * frame]
    whole = (begin, stop) == (0, total)
    headers = {"accept-ranges": "bytes", "cache-control": "no-store", "x-sample-rate": str(SAMPLE_RATE_HZ)}
    if not whole:
        headers["content-range"] = f"bytes {begin}-{stop - 1}/{total}"
    return Response(body, status_code=200 if whole else 206, media_type="audio/wav", headers=headers)
