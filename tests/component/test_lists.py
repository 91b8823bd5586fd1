"""The clinic's words over HTTP: who may change which list, what corrections teach, and rules from proposal to undo."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from live_scribe import wiring
from live_scribe.asr.scripted import script_of
from live_scribe.core import commands as c
from live_scribe.core import events as e
from live_scribe.core.states import UserRole
from live_scribe.core.vocabulary import TermSource
from live_scribe.core.words import Word
from tests.component.running import Running, receive_until, running, scripted_parts, speak
from tests.component.stored_visits import bytes_on_disk

SCRIPT = script_of("I take lysine a pril daily.", pause_s=0.8)
NUMBERS = count()


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, SCRIPT) as up:
        yield up


async def listed(service: Running, user: str = "scribe") -> list[tuple[str, str]]:
    found = (await service.call(user, "GET", "/terms")).json()
    return [(t["scope"], t["text"]) for t in found]


async def add(service: Running, user: str, text: str, **more: str) -> Any:
    return await service.call(user, "POST", "/terms", json={"text": text, **more})


async def heard_visit(service: Running, **more: Any) -> str:
    """Return a visit in which somebody said the script's one sentence."""
    visit = await service.open_visit("scribe", **more)
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        await receive_until(live, "snapshot")
        async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
            await speak(audio, SCRIPT)
        await receive_until(live, "settled")
    return visit


async def command(service: Running, visit: str, **told: Any) -> dict[str, Any]:
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        await live.send(json.dumps({"id": f"c{next(NUMBERS)}", **told}))
        return (await receive_until(live, "accepted"))[-1]


async def correct(service: Running, visit: str, text: str = "lisinopril") -> None:
    where = {"utterance": "u1", "start_word": 2, "end_word": 5}
    await command(service, visit, type="correct_words", text=text, **where)


async def learnt(service: Running, text: str) -> dict[str, Any]:
    found = (await service.call("scribe", "GET", "/terms")).json()
    (term,) = (term for term in found if term["text"] == text and term["learnt"])
    return dict(term)


async def rules(service: Running, user: str = "provider") -> list[dict[str, Any]]:
    answer = await service.call(user, "GET", "/rules")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_a_term_is_added_shown_and_taken_out(service: Running) -> None:
    made = await add(service, "scribe", " Dr.  Okonkwo ", kind="name")
    assert made.status_code == 201
    assert made.json() | {"id": "", "added_at": ""} == {
        "id": "",
        "text": "Dr. Okonkwo",
        "kind": "name",
        "scope": "own",
        "added_by": "scribe",
        "added_at": "",
        "learnt": None,
        "editable": True,
    }
    assert await listed(service) == [("own", "Dr. Okonkwo")]
    assert await listed(service, "provider") == []
    gone = await service.call("provider", "DELETE", f"/terms/{made.json()['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "not-found")
    assert (await service.call("scribe", "DELETE", f"/terms/{made.json()['id']}")).status_code == 204
    assert await listed(service) == []


async def test_the_clinics_list_is_changed_by_providers_and_admins_and_seen_by_all(service: Running) -> None:
    for user, status in {"scribe": 403, "reviewer": 403, "coder": 403, "provider": 201, "admin": 201}.items():
        answer = await add(service, user, f"Term of the {user}", scope="clinic")
        assert answer.status_code == status, user
    term = (await service.call("coder", "GET", "/terms")).json()[0]
    assert (term["scope"], term["editable"]) == ("clinic", False)
    for user, status in {"scribe": 403, "provider": 204}.items():
        assert (await service.call(user, "DELETE", f"/terms/{term['id']}")).status_code == status
    assert (await service.http.get("/api/v1/terms")).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": ""}, 422, "term"),
        ({"text": "x" * 61}, 422, "term"),
        ({"text": "x" * 2000}, 422, "invalid"),
        ({"text": "a\u0000b"}, 422, "term"),
        ({"text": "a", "kind": "herb"}, 422, "invalid"),
        ({"text": "a", "scope": "world"}, 422, "invalid"),
        ({"text": "zepbound!"}, 409, "duplicate"),
    ],
)
async def test_what_is_no_term_is_refused_in_plain_words(
    service: Running, body: dict[str, str], status: int, code: str
) -> None:
    await add(service, "scribe", "Zepbound")
    answer = await service.call("scribe", "POST", "/terms", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    half = await service.call("scribe", "POST", "/terms", content='{"text":"\\ud800"}')
    assert half.status_code == 422


async def test_a_file_is_added_exported_and_put_in_the_lists_place(service: Running) -> None:
    await add(service, "provider", "Zepbound", kind="drug", scope="clinic")
    call = service.call
    added = await call("provider", "POST", "/terms.txt?scope=clinic", content="# ours\nzepbound\nname: Ward 7\n")
    assert added.json() == {"added": 1}
    told = await call("scribe", "GET", "/terms.txt?scope=clinic")
    assert (told.text, told.headers["content-type"]) == ("drug: Zepbound\nname: Ward 7\n", "text/plain; charset=utf-8")
    put = await call("admin", "PUT", "/terms.txt?scope=clinic", content="condition: gout\nother: zepbound\n")
    assert put.json() == {"added": 1}
    assert (await call("scribe", "GET", "/terms.txt?scope=clinic")).text == "condition: gout\nother: zepbound\n"
    assert (await call("scribe", "PUT", "/terms.txt?scope=clinic", content="x y")).status_code == 403
    assert (await call("scribe", "PUT", "/terms.txt?scope=own", content="mine\n")).json() == {"added": 1}
    assert await listed(service, "scribe") == [("clinic", "gout"), ("clinic", "zepbound"), ("own", "mine")]


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [(b"ok\nname:\n", 422, "line 2"), (b"\xff\xfe", 422, "UTF-8"), (b"x\n" * 600_000, 413, "larger")],
)
async def test_a_file_that_cannot_be_taken_changes_nothing(
    service: Running, content: bytes, status: int, told: str
) -> None:
    await add(service, "scribe", "mine")
    answer = await service.call("scribe", "PUT", "/terms.txt", content=content)
    assert answer.status_code == status and told in answer.json()["detail"]
    assert await listed(service) == [("own", "mine")]


async def test_a_correction_teaches_this_visit_and_the_next_and_a_strike_takes_that_back(service: Running) -> None:
    visit = await heard_visit(service)
    await correct(service, visit)
    term = await learnt(service, "lisinopril")
    assert (term["scope"], term["kind"]) == ("clinic", "drug")
    assert term["learnt"] == {"heard": ["lysine a pril"], "times": 1, "visits": 1}
    await command(service, visit, type="strike_audio", start=0.0, end=9.0)
    assert await listed(service) == []


async def test_a_learnt_term_that_was_taken_out_does_not_come_back_but_may_be_written_again(
    service: Running,
) -> None:
    await correct(service, await heard_visit(service))
    term = await learnt(service, "lisinopril")
    assert (await service.call("scribe", "DELETE", f"/terms/{term['id']}")).status_code == 403
    assert (await service.call("provider", "DELETE", f"/terms/{term['id']}")).status_code == 204
    assert await listed(service) == []
    again = await add(service, "admin", "Lisinopril", scope="clinic")
    assert again.status_code == 201 and again.json()["learnt"]["times"] == 1
    assert await listed(service) == [("clinic", "Lisinopril")]


async def test_the_patients_name_is_not_learnt(service: Running, tmp_path: Path) -> None:
    visit = await heard_visit(service, patient={"name": "Ana Quispe"})
    await correct(service, visit, "Quispe")
    other = await heard_visit(service)
    await correct(service, other, "losartan")
    assert await listed(service) == [("clinic", "losartan")]
    assert b"Quispe" not in bytes_on_disk(tmp_path)


async def three_corrections(service: Running) -> list[str]:
    visits = [await heard_visit(service) for _ in range(3)]
    for visit in visits:
        await correct(service, visit)
    return visits


async def offered_by_rules(service: Running, visit: str) -> list[str]:
    readings = (await service.call("scribe", "GET", f"/visits/{visit}")).json()["readings"]
    return [" ".join(w["text"] for w in r["heard"]) for r in readings if r["reason"] == "rule"]


async def test_a_rule_goes_from_proposal_to_approval_and_back_by_one_call(service: Running) -> None:
    await three_corrections(service)
    visit = await heard_visit(service)
    (rule,) = await rules(service)
    assert {k: rule[k] for k in ("heard", "text", "state", "times", "visits", "against")} == {
        "heard": "lysine a pril",
        "text": "lisinopril",
        "state": "proposed",
        "times": 3,
        "visits": 3,
        "against": 0,
    }
    effect = rule["effect"]
    assert (effect["times"], effect["standing"], effect["same"], effect["open"]) == (4, 1, 3, 1)
    assert effect["examples"] == [
        {"visit": visit, "before": "I take lysine a pril daily.", "after": "I take lisinopril daily."}
    ]
    for user, status in {"scribe": 403, "reviewer": 403, "coder": 403}.items():
        assert (await service.call(user, "POST", f"/rules/{rule['id']}/approve")).status_code == status
    (approved,) = (await service.call("provider", "POST", f"/rules/{rule['id']}/approve")).json()
    assert (approved["state"], approved["decided_by"]) == ("approved", "provider")
    later = await heard_visit(service)
    assert await offered_by_rules(service, later) == ["lisinopril"]
    view = (await service.call("scribe", "GET", f"/visits/{later}")).json()
    assert view["transcript"][0]["text"] == "I take lysine a pril daily."
    (undone,) = (await service.call("admin", "POST", f"/rules/{rule['id']}/undo")).json()
    assert undone == rule | {"effect": None}
    assert await offered_by_rules(service, await heard_visit(service)) == []
    assert (await service.call("provider", "POST", f"/rules/{rule['id']}/undo")).status_code == 409
    assert (await service.call("provider", "POST", "/rules/none/approve")).status_code == 404


async def test_a_rule_that_something_speaks_against_says_so_and_cannot_be_approved(service: Running) -> None:
    await three_corrections(service)
    await correct(service, await heard_visit(service), "captopril")
    (rule,) = await rules(service)
    assert (rule["state"], rule["against"], rule["effect"]["otherwise"]) == ("contradicted", 1, 1)
    answer = await service.call("provider", "POST", f"/rules/{rule['id']}/approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "rule")
    (declined,) = (await service.call("provider", "POST", f"/rules/{rule['id']}/decline")).json()
    assert declined["state"] == "declined"
    again = await service.call("admin", "POST", f"/rules/{rule['id']}/approve")
    assert (again.status_code, again.json()["code"]) == (409, "rule")
    assert (await service.call("provider", "POST", f"/rules/{rule['id']}/decline")).json() == [declined]
    assert (await service.call("provider", "POST", f"/rules/{rule['id']}/undo")).json() == [rule]


async def test_visits_that_are_not_ones_own_are_neither_counted_nor_shown(service: Running) -> None:
    await three_corrections(service)
    visit = await heard_visit(service, participants=["scribe"])
    (theirs,) = await rules(service, "scribe")
    assert (theirs["effect"]["times"], [x["visit"] for x in theirs["effect"]["examples"]]) == (4, [visit])
    (others,) = await rules(service, "provider")
    assert (others["effect"]["times"], others["effect"]["examples"]) == (3, [])
    quick = (await service.call("provider", "GET", "/rules?effect=false")).json()
    assert quick == [others | {"effect": None}]
    (admins,) = await rules(service, "admin")
    assert admins["effect"] is None
    for user in ("reviewer", "coder"):
        assert (await service.call(user, "GET", "/rules")).status_code == 403


async def test_what_was_taught_is_there_after_a_restart_and_in_no_line_of_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(tmp_path, SCRIPT) as service:
        await add(service, "provider", "Zepbound", scope="clinic")
        await three_corrections(service)
        (rule,) = await rules(service)
        await service.call("provider", "POST", f"/rules/{rule['id']}/approve")
    async with running(tmp_path, SCRIPT) as service:
        assert await listed(service) == [("clinic", "lisinopril"), ("clinic", "Zepbound")]
        assert [r["state"] for r in await rules(service)] == ["approved"]
    ours = [r for r in caplog.records if r.name.startswith("live_scribe")]
    assert not any(word in str(vars(r)) for r in ours for word in ("lisinopril", "lysine", "Zepbound"))


async def test_a_visit_is_heard_with_the_clinics_words_its_peoples_and_the_learnt_ones(tmp_path: Path) -> None:
    async with scripted_parts(tmp_path, SCRIPT) as parts:
        book = parts.wordbook
        before = book.vocabulary(["provider"])
        for owner, text in (("", "Ward 7"), ("provider", "Okonkwo"), ("scribe", "Quispe")):
            await book.add(owner, text, kind=before.terms[0].kind, by="x")
        now = book.vocabulary(["provider"])
        new = {t.text: t.source for t in now.terms if t.source is not TermSource.PACKAGED}
        assert new == {"Ward 7": TermSource.CLINIC, "Okonkwo": TermSource.PROVIDER}
        said = "doctor okonkwo of ward 7 and quispe"
        assert book.names(["provider"])(said) == ("okonkwo", "ward 7")
        assert book.names(["scribe"])(said) == ("ward 7", "quispe")
        assert book.vocabulary(["provider"]) is now and now.ordinary == before.ordinary


async def test_a_correction_counts_for_the_rest_of_the_same_visit(tmp_path: Path) -> None:
    template, sections = wiring.find_template("soap")
    opened = e.VisitOpened(template=template, sections=sections, consent=e.Consent(given=True), patient={})
    heard = "I take lysine a pril daily.".split()
    words = [Word(id="", text=t, start=i / 2, end=i / 2 + 0.4, probability=0.8) for i, t in enumerate(heard)]
    async with scripted_parts(tmp_path, SCRIPT) as parts:
        session = await parts.visits.create(opened, "scribe")
        await session.handle(c.CommitWords(words=tuple(words)))
        await session.handle(c.CloseUtterance(count=len(words), speaker="S1"))
        correction = c.CorrectWords(utterance="u1", start_word=2, end_word=5, text="lisinopril")
        await session.handle(correction, c.Actor(name="scribe", role=UserRole.SCRIBE))
        await parts.wordbook.learn_asked()
        known = {t.text: t for t in parts.wordbook.vocabulary(wiring.people_of(session.visit)).terms}
        assert known["lisinopril"].source is TermSource.LEARNT
        assert known["lisinopril"].aliases == ()
