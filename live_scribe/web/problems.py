"""Errors as `application/problem+json` (RFC 9457): a status, a stable code, one plain sentence."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from live_scribe.errors import LiveScribeError

log = logging.getLogger(__name__)

STATUS = {
    "not-signed-in": 401,
    "forbidden": 403,
    "not-found": 404,
    "unknown-id": 404,
    "stale": 409,
    "wrong-state": 409,
    "unconfirmed-token": 409,
    "duplicate": 409,
    "microphone-busy": 409,
    "rule": 409,
    "sequence-conflict": 409,
    "too-large": 413,
    "audio": 422,
    "config": 422,
    "consent": 422,
    "dialogue": 422,
    "invalid": 422,
    "template": 422,
    "term": 422,
    "too-many-attempts": 429,
    "storage": 507,
}
"""HTTP status of each error's code; anything else is our own fault."""


class Forbidden(LiveScribeError):
    """The user may see the visit, but not do this."""

    code = "forbidden"


class TooLarge(LiveScribeError):
    """More bytes than are taken."""

    code = "too-large"


class Invalid(LiveScribeError):
    """A field of the request is wrong; the message names it."""

    code = "invalid"


def problem(status: int, code: str, detail: str, **more: object) -> JSONResponse:
    """Return a problem document."""
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail, **more}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every error of the project, of validation, and of our own making as a problem document."""

    @app.exception_handler(LiveScribeError)
    async def known(request: Request, exc: LiveScribeError) -> JSONResponse:
        status = STATUS.get(exc.code, 500)
        if status >= 500:
            log.error("request failed", extra={"code": exc.code, "error": type(exc).__name__})
        return problem(status, exc.code, str(exc))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, exc: RequestValidationError) -> JSONResponse:
        # pydantic's own message quotes the value, which may be a patient's: name the field alone.
        first = exc.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
        return problem(422, "invalid", f"{field or 'the body'}: {first['type'].replace('_', ' ')}", field=field)

    @app.exception_handler(HTTPException)
    async def http(request: Request, exc: HTTPException) -> JSONResponse:
        codes = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}
        return problem(exc.status_code, codes.get(exc.status_code, "http"), str(exc.detail))

    @app.exception_handler(Exception)
    async def fault(request: Request, exc: Exception) -> JSONResponse:
        log.error("request failed by our own fault", extra={"error": type(exc).__name__})
        return problem(500, "error", "something went wrong here; what was recorded is safe")
