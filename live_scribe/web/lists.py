"""`/api/v1/terms` and `/api/v1/rules`: the clinic's words and one's own, and the rules that corrections make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse

from live_scribe.core.access import MAY_SEE_RULES, may_read, may_see
from live_scribe.core.codec import encode, is_text
from live_scribe.core.commands import Actor
from live_scribe.core.log import VisitSummary
from live_scribe.core.rules import RuleState
from live_scribe.core.states import UserRole
from live_scribe.core.term_lists import CLINIC, LONGEST_FILE, may_edit
from live_scribe.rulebook import Judged
from live_scribe.web import forms
from live_scribe.web.auth import User, parts
from live_scribe.web.problems import Forbidden, Invalid, TooLarge
from live_scribe.wordbook import Line

router = APIRouter(prefix="/api/v1")

Scope = Annotated[Literal["clinic", "own"], Query()]
MOST_FILE_BYTES = 4 * LONGEST_FILE
"""A character takes up to four bytes in UTF-8."""


def _owner(scope: str, actor: Actor) -> str:
    return CLINIC if scope == "clinic" else actor.name


def _editable(scope: str, actor: Actor) -> str:
    """Return the owner of a list that this user may change. Raises Forbidden."""
    owner = _owner(scope, actor)
    if not may_edit(actor.role, actor.name, owner):
        raise Forbidden("the clinic's list is changed by providers and admins; your own is yours")
    return owner


def _term_json(line: Line, actor: Actor) -> dict[str, Any]:
    term, learnt = line.term, line.learnt
    return {
        "id": term.id,
        "text": term.text,
        "kind": str(term.kind),
        "scope": "clinic" if term.owner == CLINIC else "own",
        "added_by": term.added_by or None,
        "added_at": term.added_at or None,
        "learnt": {"heard": list(learnt.heard), "times": learnt.times, "visits": learnt.visits} if learnt else None,
        "editable": may_edit(actor.role, actor.name, term.owner),
    }


@router.get("/terms")
async def terms(request: Request, actor: User) -> list[dict[str, Any]]:
    """Return the clinic's list and one's own, by alphabet; the clinic's with what corrections have taught."""
    lines = await parts(request).wordbook.lines(CLINIC, actor.name)
    return [_term_json(line, actor) for line in lines]


@router.post("/terms", status_code=201)
async def add_term(request: Request, actor: User, form: forms.NewTerm) -> dict[str, Any]:
    """Write a term into one's own list, or into the clinic's."""
    if not is_text(form.text):
        raise Invalid("text: half a character is none")
    owner = _editable(form.scope, actor)
    return _term_json(await parts(request).wordbook.add(owner, form.text, form.kind, actor.name), actor)


@router.delete("/terms/{term_id}", status_code=204)
async def remove_term(request: Request, actor: User, term_id: str) -> Response:
    """Take a term out; a learnt one does not come back by itself."""
    wordbook = parts(request).wordbook
    if any(line.term.id == term_id for line in await wordbook.lines(CLINIC)):
        await wordbook.remove([_editable("clinic", actor)], term_id)
    else:
        await wordbook.remove([actor.name], term_id)
    return Response(status_code=204)


@router.get("/terms.txt")
async def terms_file(request: Request, actor: User, scope: Scope = "own") -> PlainTextResponse:
    """Return a list as a file: one term a line, `kind: text`."""
    text = await parts(request).wordbook.file(_owner(scope, actor))
    return PlainTextResponse(text, headers={"content-disposition": f'attachment; filename="terms-{scope}.txt"'})


@router.post("/terms.txt")
async def add_file(request: Request, actor: User, scope: Scope = "own") -> dict[str, int]:
    """Add the terms of a file to a list: one a line, `kind: text` or `text` alone, `#` for a comment."""
    owner = _editable(scope, actor)
    return {"added": await parts(request).wordbook.read_file(owner, await _file(request), actor.name)}


@router.put("/terms.txt")
async def replace_by_file(request: Request, actor: User, scope: Scope = "own") -> dict[str, int]:
    """Put the terms of a file in the place of what people wrote into a list; what was learnt stays."""
    owner = _editable(scope, actor)
    return {"added": await parts(request).wordbook.read_file(owner, await _file(request), actor.name, instead=True)}


async def _file(request: Request) -> str:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FILE_BYTES:
            raise TooLarge(f"the file: larger than {MOST_FILE_BYTES // 1024} KB")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("the file: not a text in UTF-8") from None


def _rules_json(found: Iterable[Judged]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "heard": one.rule.heard,
            "text": one.rule.text,
            "state": str(one.rule.state),
            "times": one.rule.times,
            "visits": len(one.rule.visits),
            "against": one.rule.against,
            "decided_by": one.rule.decided_by,
            "decided_at": one.rule.decided_at,
            "effect": encode(one.effect) if one.effect else None,
        }
        for one in found
    ]


async def _readable(request: Request, actor: Actor) -> list[VisitSummary] | None:
    """Return the visits whose words this user may read, newest first; null for who reads none."""
    if not may_read(actor):
        return None
    return [line for line in await parts(request).visits.summaries() if may_see(actor, line)]


@router.get("/rules")
async def rules(request: Request, actor: User, effect: bool = True) -> list[dict[str, Any]]:
    """Return the rules that corrections make, each with its effect on the stored visits that the user may read.

    Without `effect` no visit is opened: an answer at once, in which what visits speak against is not known yet.
    """
    if actor.role not in MAY_SEE_RULES:
        raise Forbidden(f"a {actor.role} does not work with rules")
    readable = await _readable(request, actor) if effect else None
    return _rules_json(await parts(request).rulebook.rules(readable))


@router.post("/rules/{rule_id}/{step}")
async def decide(
    request: Request, actor: User, rule_id: str, step: Literal["approve", "decline", "undo"]
) -> list[dict[str, Any]]:
    """Approve a rule (from then on it offers readings), decline it, or take that back; return all rules."""
    if actor.role not in (UserRole.PROVIDER, UserRole.ADMIN):
        raise Forbidden("rules are decided on by providers and admins")
    readable, rulebook = await _readable(request, actor), parts(request).rulebook
    if step == "undo":
        return _rules_json(await rulebook.undo(rule_id, readable))
    state = RuleState.APPROVED if step == "approve" else RuleState.DECLINED
    return _rules_json(await rulebook.decide(rule_id, state, actor.name, readable))
