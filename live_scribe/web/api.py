"""`/api/v1`: signing in, and the way of a visit from its opening to its addenda (docs/protocol.md)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from live_scribe.core import commands as c
from live_scribe.core.access import MAY_AUDIT, MAY_OPEN, may_read, may_see
from live_scribe.core.events import Consent, VisitOpened
from live_scribe.core.languages import DRAFTED
from live_scribe.core.states import VisitState
from live_scribe.core.wire import content_hash, entry_json, snapshot_json, unconfirmed_json, visit_json
from live_scribe.errors import CommandRefused, LiveScribeError, NotSignedIn
from live_scribe.session import VisitSession
from live_scribe.web import forms
from live_scribe.web.auth import COOKIE, TheirVisit, User, address_of, open_visit, parts, token_of
from live_scribe.web.problems import Forbidden, Invalid, problem
from live_scribe.web.service import Parts, Service, line_json

router = APIRouter(prefix="/api/v1")

SESSION_COOKIE_S = 12 * 3600
"""The cookie lives as long as a long shift; the session behind it has limits of its own (storage/accounts.py)."""


class NoConsent(LiveScribeError):
    """Nobody may be recorded who has not agreed to it."""

    code = "consent"


def service_of(request: Request) -> Service:
    """Return the running service's settings."""
    service: Service = request.app.state.service
    return service


@router.post("/session")
async def sign_in(request: Request, form: forms.SignIn) -> JSONResponse:
    """Sign in: a cookie for browsers, the token for programs."""
    accounts = parts(request).accounts
    token = await accounts.sign_in(form.username, form.password, address_of(request))
    actor = await accounts.session(token)
    if actor is None:
        raise NotSignedIn("the session ended at once: check this computer's clock")
    response = JSONResponse({"token": token, "user": actor.name, "role": str(actor.role)})
    secure = service_of(request).secure_cookies
    response.set_cookie(COOKIE, token, max_age=SESSION_COOKIE_S, httponly=True, samesite="strict", secure=secure)
    return response


@router.get("/session")
async def who_am_i(actor: User) -> dict[str, str]:
    """Return who is signed in."""
    return {"user": actor.name, "role": str(actor.role)}


@router.delete("/session", status_code=204)
async def sign_out(request: Request, actor: User) -> Response:
    """End this session."""
    token = token_of(request)
    if token:
        await parts(request).accounts.sign_out(token)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE)
    return response


@router.get("/templates")
async def templates(request: Request, actor: User) -> list[dict[str, str]]:
    """Return the note templates that a visit may be opened with."""
    return await asyncio.to_thread(service_of(request).templates)


@router.get("/languages")
async def languages(request: Request, actor: User) -> list[dict[str, object]]:
    """Return the languages that a visit may be heard in, and whether its note is drafted."""
    return [{"id": code, "drafted": code in DRAFTED} for code in parts(request).visits.languages]


@router.get("/samples")
async def samples(request: Request, actor: User) -> list[dict[str, object]]:
    """Return the recorded encounters that come with live_scribe."""
    listed = service_of(request).samples.values()
    return [{"name": s.name, "title": s.title, "summary": s.summary, "duration": s.duration} for s in listed]


@router.post("/visits", status_code=201)
async def open_new_visit(request: Request, actor: User, form: forms.NewVisit) -> dict[str, Any]:
    """Open a visit. Without consent nothing is opened, let alone recorded."""
    session = await create_visit(service_of(request), parts(request), actor, form)
    return visit_json(session.visit)


async def create_visit(
    service: Service, opened: Parts, actor: c.Actor, form: forms.NewVisit, *, sample: str | None = None
) -> VisitSession:
    """Open a visit as `form` says. Raises Forbidden, NoConsent, Invalid, TemplateError."""
    if actor.role not in MAY_OPEN:
        raise Forbidden(f"a {actor.role} does not open visits")
    if not form.consent.given:
        raise NoConsent("consent.given: no recording without the patient's consent")
    if form.language not in opened.visits.languages:
        raise Invalid("language: the speech model of this service does not know it; GET /api/v1/languages lists them")
    template, sections = service.template(form.template)
    fact = VisitOpened(
        template=template,
        sections=sections,
        consent=Consent(given=True, method=form.consent.method),
        patient=form.patient.model_dump(),
        participants=form.names(),
        language=form.language,
        channels=form.channels,
        sample=sample,
    )
    return await opened.visits.create(fact, actor.name)


@router.get("/visits")
async def worklist(
    request: Request,
    actor: User,
    state: VisitState | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
) -> list[dict[str, object]]:
    """Return the visits this user may see, newest first; `q` searches the patient's name and number."""
    lines = [s for s in await parts(request).visits.summaries() if may_see(actor, s)]
    readable = may_read(actor)
    wanted = q.strip().lower() if readable else ""
    found = [
        line
        for line in lines
        if (state is None or line.state is state)
        and (not wanted or any(wanted in (line.patient.get(k) or "").lower() for k in ("name", "mrn")))
    ]
    return [line_json(line, actor, readable=readable) for line in found]


@router.get("/visits/{visit_id}")
async def one_visit(
    request: Request, session: TheirVisit, at: Annotated[float | None, Query(ge=0)] = None
) -> dict[str, Any]:
    """Return the visit as it stands, or as it stood `at` seconds into its sound."""
    if at is None:
        return snapshot_json(session.visit, session.note())
    visit = await parts(request).visits.at(session.visit.id, at)
    return snapshot_json(visit, session.note(visit))


async def _go(session: VisitSession, command: c.Command, actor: c.Actor) -> dict[str, Any]:
    await session.handle(command, actor)
    return visit_json(session.visit)


@router.post("/visits/{visit_id}/end")
async def end(session: TheirVisit, actor: User) -> dict[str, Any]:
    """End the recording; what was said last is still heard and drafted."""
    return await _go(session, c.End(), actor)


@router.post("/visits/{visit_id}/submit")
async def submit(session: TheirVisit, actor: User, form: forms.SubmitForm | None = None) -> dict[str, Any]:
    """Hand the note to the provider."""
    return await _go(session, c.Submit(attestation=form.attestation if form else None), actor)


@router.post("/visits/{visit_id}/return")
async def give_back(session: TheirVisit, actor: User, form: forms.ReturnForm | None = None) -> dict[str, Any]:
    """Give the note back to the scribe."""
    return await _go(session, c.Return(comment=form.comment if form else None), actor)


@router.post("/visits/{visit_id}/sign")
async def sign(request: Request, session: TheirVisit, actor: User, form: forms.SignForm) -> Any:
    """Sign the note as it stands, with the password again. A refusal names what is still to be confirmed."""
    await _same_person(request, actor, form.password)
    signed = form.content_hash or content_hash(session.visit)
    try:
        return await _go(session, c.Sign(content_hash=signed, attestation=form.attestation), actor)
    except CommandRefused as refused:
        if refused.code != "unconfirmed-token":
            raise
        # The words go to the signer alone, beside the message: an error's message may be logged.
        return problem(409, refused.code, str(refused), unconfirmed=unconfirmed_json(session.visit))


@router.post("/visits/{visit_id}/addenda", status_code=201)
async def addendum(request: Request, session: TheirVisit, actor: User, form: forms.AddendumForm) -> dict[str, Any]:
    """Add to a signed note, with the password again."""
    await _same_person(request, actor, form.password)
    return await _go(session, c.AddAddendum(text=form.text), actor)


async def _same_person(request: Request, actor: c.Actor, password: str) -> None:
    if not await parts(request).accounts.check_password(actor.name, password, address_of(request)):
        raise Forbidden("the password is not right; nothing was signed")


@router.get("/visits/{visit_id}/audit")
async def audit(request: Request, actor: User, visit_id: str) -> dict[str, Any]:
    """Return who did what when, without what was said, and whether the chain is whole."""
    session = await open_visit(request, actor, visit_id, read=False)
    if actor.role not in MAY_AUDIT:
        raise Forbidden(f"a {actor.role} does not read the audit trail")
    store = parts(request).visits.store
    proof = await store.verify(session.visit.id)
    entries = [entry_json(entry) for entry in await store.read(session.visit.id)]
    kept = ("seq", "at", "by", "clock", "type")
    return {
        "entries": [{k: entry[k] for k in kept} for entry in entries],
        "chain": {"head": proof.head, "intact": proof.intact, "first_bad": proof.first_bad, "reason": proof.reason},
    }
