"""Sound that does not come from a browser: uploads, packaged samples, and this computer's own microphone."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from live_scribe.core import commands as c
from live_scribe.core.states import Action, VisitState, step
from live_scribe.core.wire import visit_json
from live_scribe.errors import AudioError, CommandRefused, NotFound
from live_scribe.ports import AudioSource
from live_scribe.session import VisitSession
from live_scribe.web import forms
from live_scribe.web.api import create_visit, service_of
from live_scribe.web.auth import TheirVisit, User, parts
from live_scribe.web.problems import Invalid, TooLarge

router = APIRouter(prefix="/api/v1")

MAX_UPLOAD_BYTES = 512 * 1024 * 1024
"""Four hours of 16 kHz WAV, or days of Opus."""

# An upload is held in memory: starlette would otherwise write sound, unencrypted, to a temporary file.
MultiPartParser.spool_max_size = MAX_UPLOAD_BYTES + 1


@router.post("/visits/import", status_code=201)
async def import_recording(request: Request, actor: User) -> dict[str, Any]:
    """Open a visit and play a recording into it: an upload (`file`, with the `visit` as JSON), or `{sample, speed}`."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        session, source = await _upload(request, actor)
    else:
        session, source = await _sample(request, actor)
    visits = parts(request).visits

    async def play() -> None:
        await visits.play(session, source)
        if session.visit.state in (VisitState.RECORDING, VisitState.PAUSED):
            await session.handle(c.End(), actor)

    visits.start(session.visit.id, play)
    return visit_json(session.visit)


async def _sample(request: Request, actor: c.Actor) -> tuple[VisitSession, AudioSource]:
    try:
        form = forms.PlaySample.model_validate_json(await request.body())
    except ValidationError as exc:
        raise _invalid(exc) from None
    service = service_of(request)
    sample = service.samples.get(form.sample)
    if sample is None:
        raise NotFound("there is no such sample: GET /api/v1/samples lists them")
    source = service.sources.sample(form.sample, speed=form.speed)
    visit = forms.NewVisit(
        template=sample.template,
        patient=forms.Patient(**{k: sample.patient.get(k) for k in forms.Patient.model_fields}),
        participants=form.participants,
        consent=forms.GivenConsent(given=True, method="sample: nobody real"),
        channels=1 if source.channels == 1 else 2,
    )
    return await create_visit(service, parts(request), actor, visit, sample=form.sample), source


async def _upload(request: Request, actor: c.Actor) -> tuple[VisitSession, AudioSource]:
    if int(request.headers.get("content-length") or 0) > MAX_UPLOAD_BYTES:
        raise TooLarge(f"file: larger than {MAX_UPLOAD_BYTES // 1024 // 1024} MB; send it as Opus, FLAC or MP3")
    try:
        async with request.form(max_files=1, max_fields=4) as form:
            upload, told = form.get("file"), form.get("visit")
            if not isinstance(upload, UploadFile):
                raise Invalid("file: an audio file is needed")
            content = await upload.read(MAX_UPLOAD_BYTES + 1)
    except MultiPartException:
        raise Invalid("the body: not a multipart form") from None
    if len(content) > MAX_UPLOAD_BYTES:
        raise TooLarge(f"file: larger than {MAX_UPLOAD_BYTES // 1024 // 1024} MB; send it as Opus, FLAC or MP3")
    visit = _told(told if isinstance(told, str) else "{}")
    source = service_of(request).sources.upload(content, channels=visit.channels)
    if source.channels != visit.channels:
        raise Invalid("visit.channels: the recording has one channel alone")
    return await create_visit(service_of(request), parts(request), actor, visit), source


def _told(told: str) -> forms.NewVisit:
    """Return the visit of an upload. Who uploads a recording of a patient says that there was consent to it."""
    try:
        return forms.NewVisit.model_validate_json(told)
    except ValidationError as exc:
        raise _invalid(exc) from None


def _invalid(exc: ValidationError) -> Invalid:
    first = exc.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "the body"
    return Invalid(f"{field}: {first['type'].replace('_', ' ')}")


@router.post("/visits/{visit_id}/microphone", status_code=202)
async def own_microphone(
    request: Request, session: TheirVisit, actor: User, form: forms.MicrophoneForm | None = None
) -> dict[str, Any]:
    """Let this computer's own microphone hear the visit until it ends. Raises AudioError where there is none."""
    form = form or forms.MicrophoneForm()
    step(session.visit.state, Action.RECORD, actor.role)
    if form.channels != session.visit.channels:
        raise AudioError(f"this visit was opened with {session.visit.channels} channel(s)")
    if session.has_microphone:
        raise CommandRefused("stale", "another microphone has this visit")
    source = service_of(request).sources.microphone(form.device, form.channels)
    visits = parts(request).visits
    visits.start(session.visit.id, lambda: visits.play(session, source))
    return visit_json(session.visit)
