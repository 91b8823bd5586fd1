"""Who is asking: a session cookie for browsers, a bearer token for programs; and what they may see."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from live_scribe.core.access import may_read, may_see
from live_scribe.core.commands import Actor
from live_scribe.core.wire import summary
from live_scribe.errors import NotFound, NotSignedIn
from live_scribe.session import VisitSession
from live_scribe.web.problems import Forbidden
from live_scribe.web.service import Parts

COOKIE = "live_scribe_session"


def parts(connection: HTTPConnection) -> Parts:
    """Return what is open while the service runs."""
    opened: Parts = connection.app.state.parts
    return opened


def token_of(connection: HTTPConnection) -> str | None:
    """Return the session's token. A cookie counts only where the request comes from our own page.

    A browser sends cookies with other sites' requests too; those carry an Origin that is not ours (OWASP CSRF
    Prevention Cheat Sheet, "Verifying Origin With Standard Headers"), and so do other sites' websockets.
    """
    scheme, _, bearer = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        return bearer.strip()
    cookie = connection.cookies.get(COOKIE)
    return cookie if cookie and same_origin(connection) else None


def same_origin(connection: HTTPConnection) -> bool:
    """Return whether no other site's page made the request: browsers name the page in Origin, programs send none."""
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")


async def signed_in(connection: HTTPConnection) -> Actor:
    """Return who is asking. Raises NotSignedIn."""
    token = token_of(connection)
    user = await parts(connection).accounts.session(token) if token else None
    if user is None:
        raise NotSignedIn("sign in first")
    return Actor(name=user.name, role=user.role)


def address_of(connection: HTTPConnection) -> str:
    """Return where a request comes from, by which attempts to sign in are counted."""
    return connection.client.host if connection.client else "unknown"


async def open_visit(connection: HTTPConnection, actor: Actor, visit_id: str, *, read: bool = True) -> VisitSession:
    """Return a visit that this user may see. Raises NotFound (also where it is not theirs), Forbidden."""
    session = await parts(connection).visits.session(visit_id)
    if not may_see(actor, summary(session.visit)):
        raise NotFound("there is no such visit")
    if read and not may_read(actor):
        raise Forbidden("an admin's account does not read notes")
    return session


async def _user(request: Request) -> Actor:
    return await signed_in(request)


async def _visit(request: Request, visit_id: str, actor: Annotated[Actor, Depends(_user)]) -> VisitSession:
    return await open_visit(request, actor, visit_id)


User = Annotated[Actor, Depends(_user)]
TheirVisit = Annotated[VisitSession, Depends(_visit)]
