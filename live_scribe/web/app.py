"""The ASGI application: routes, the page, and what every answer carries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint

import live_scribe
from live_scribe.web import api, audio_socket, files, lists, live_socket, problems, recordings
from live_scribe.web.service import Service

HEADERS = {
    # Everything from here and nowhere else; no inline script, so that a script in a patient's name stays a name.
    "content-security-policy": "default-src 'self'; media-src 'self' blob:; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}

PRIVATE = "no-store"
"""What the API says is a patient's: no cache keeps it."""


def create_app(service: Service) -> FastAPI:
    """Return the application; store and visits open when it starts and close when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service.parts() as opened:
            app.state.parts = opened
            yield

    app = FastAPI(
        title="live_scribe",
        version=live_scribe.__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    problems.install(app)
    app.add_middleware(BaseHTTPMiddleware, dispatch=_headers)
    # Before api's `/visits/{visit_id}`, so that "import" is not taken for a visit's id.
    for part in (recordings, api, files, lists, audio_socket, live_socket):
        app.include_router(part.router)
    _add_probes(app)
    _add_page(app, service)
    return app


async def _headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/api/"):
        response.headers.setdefault("cache-control", PRIVATE)
    return response


def _add_probes(app: FastAPI) -> None:
    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Return that the process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz(request: Request) -> dict[str, str]:
        """Return that the store answers too."""
        await request.app.state.parts.visits.summaries()
        return {"status": "ready"}

    @app.get("/metrics")
    async def metrics(request: Request) -> PlainTextResponse:
        """Return counts for Prometheus (text format 0.0.4)."""
        figures = request.app.state.parts.visits.figures()
        lines = [f"# TYPE live_scribe_{name} gauge\nlive_scribe_{name} {value}" for name, value in figures.items()]
        return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _add_page(app: FastAPI, service: Service) -> None:
    @app.get("/", include_in_schema=False)
    async def index() -> FileResponse:
        """Return the page."""
        return FileResponse(service.static / "index.html", headers={"cache-control": "no-cache"})

    app.mount("/static", _Modules(directory=service.static), name="static")


class _Modules(StaticFiles):
    """The page's own files: asked for anew each time, so that an upgrade never mixes old modules with new ones."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they are
        response.headers["cache-control"] = "no-cache"
        return response
