"""The service as its users' programs meet it: HTTP, both websockets, and the way to the signature."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from live_scribe.core.codec import by_name
from live_scribe.core.events import Fact
from live_scribe.core.governor import LEVELS
from tests.component.running import PASSWORD, SCRIPT, Running, receive_until, running, speak


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as up:
        yield up


async def heard_visit(service: Running) -> str:
    """Return a visit that was spoken, heard and drafted to its end."""
    visit = await service.open_visit(patient={"name": "Owen Brandt", "mrn": "7", "sex": "male"})
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        await receive_until(live, "snapshot")
        async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
            await speak(audio, SCRIPT)
        await receive_until(live, "settled")
    return visit


async def snapshot(service: Running, visit: str, user: str = "scribe") -> dict[str, Any]:
    answer = await service.call(user, "GET", f"/visits/{visit}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def statements(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [s for section in view["note"]["sections"] for s in section["statements"]]


async def test_sound_in_is_words_and_statements_out_in_order_without_holes(service: Running) -> None:
    visit = await service.open_visit()
    async with service.socket("provider", f"/visits/{visit}/live") as live:
        first = (await receive_until(live, "snapshot"))[-1]
        async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
            await speak(audio, SCRIPT)
        messages = await receive_until(live, "settled")
    facts = [m for m in messages if "seq" in m]
    assert [m["seq"] for m in facts] == list(range(first["seq"] + 1, first["seq"] + 1 + len(facts)))
    assert {m["type"] for m in facts} <= set(by_name(Fact))
    assert {"words_committed", "utterance_closed", "statement_proposed", "state_changed"} <= {m["type"] for m in facts}
    view = await snapshot(service, visit)
    assert [w["text"] for u in view["transcript"] for w in u["words"]] == [word for word, _, _ in SCRIPT]
    assert any("10 mg" in u["text"] for u in view["transcript"])
    assert any("fever" in s["text"] and s["assertion"] == "absent" for s in statements(view))
    words = {w["id"] for u in view["transcript"] for w in u["words"]}
    assert all(e["words"] and set(e["words"]) <= words for s in statements(view) for e in s["evidence"])


async def test_a_screen_is_told_how_far_behind_hearing_is_and_what_it_goes_without(service: Running) -> None:
    visit = await service.open_visit()
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
            await speak(audio, SCRIPT)
        hints = [message for message in await receive_until(live, "settled") if message["type"] == "lag"]
    assert hints and hints[-1]["seconds"] == 0
    assert {hint["level"] for hint in hints} <= {shed.name for shed in LEVELS.values()}


async def test_a_screen_that_comes_back_gets_what_it_missed_and_nothing_twice(service: Running) -> None:
    visit = await heard_visit(service)
    last = (await snapshot(service, visit))["seq"]
    async with service.socket("scribe", f"/visits/{visit}/live?since=3") as live:
        seqs = [json.loads(await live.recv())["seq"] for _ in range(last - 3)]
    assert seqs == list(range(4, last + 1))
    async with service.socket("scribe", f"/visits/{visit}/live?since=999999") as live:
        assert json.loads(await live.recv())["type"] == "snapshot"


async def test_an_edit_is_answered_once_however_often_it_is_sent(service: Running) -> None:
    visit = await heard_visit(service)
    target = statements(await snapshot(service, visit))[0]
    command = {"id": "c1", "type": "edit_statement", "statement": target["id"], "base_version": target["version"]}
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        await receive_until(live, "snapshot")
        await live.send(json.dumps({**command, "text": "Mine."}))
        first = (await receive_until(live, "accepted"))[-1]
        await live.send(json.dumps({**command, "text": "Mine."}))
        assert (await receive_until(live, "accepted"))[-1] == first
    after = next(s for s in statements(await snapshot(service, visit)) if s["id"] == target["id"])
    assert (after["text"], after["owner"], after["author"], after["version"]) == ("Mine.", "human", "scribe", 2)


async def test_a_stale_edit_is_refused_and_shows_what_stands(service: Running) -> None:
    visit = await heard_visit(service)
    target = statements(await snapshot(service, visit))[0]
    command = {"type": "edit_statement", "statement": target["id"], "base_version": target["version"]}
    async with (
        service.socket("scribe", f"/visits/{visit}/live") as one,
        service.socket("provider", f"/visits/{visit}/live") as two,
    ):
        await one.send(json.dumps({**command, "id": "a", "text": "First."}))
        await receive_until(one, "accepted")
        await two.send(json.dumps({**command, "id": "b", "text": "Second."}))
        refused = (await receive_until(two, "refused"))[-1]
    assert (refused["id"], refused["code"], refused["current"]["text"]) == ("b", "stale", "First.")


GARBAGE = [
    *("", "null", "[1]", "{", "[" * 9999, '{"id":1,"type":"pause"}', '{"id":"x","type":"sign"}'),
    '{"id":"\\ud800","type":"pause"}',
    '{"id":"x","type":"pause","\\ud800":1}',
    '{"id":"x","type":"add_statement","section":"plan","text":"\\ud800"}',
]


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_on_the_live_socket_is_refused_and_the_socket_lives(service: Running, garbage: str) -> None:
    visit = await service.open_visit()
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        await live.send(garbage)
        assert (await receive_until(live, "refused"))[-1]["code"] == "invalid"
        await live.send('{"id":"ok","type":"pause"}')
        assert (await receive_until(live, "accepted"))[-1]["id"] == "ok"


async def test_the_way_from_the_end_to_the_addendum(service: Running) -> None:
    visit = await heard_visit(service)
    assert (await service.call("scribe", "POST", f"/visits/{visit}/submit")).json()["state"] == "submitted"
    returned = await service.call("provider", "POST", f"/visits/{visit}/return", json={"comment": "check the dose"})
    assert (returned.json()["state"], returned.json()["comment"]) == ("review", "check the dose")
    await service.call("scribe", "POST", f"/visits/{visit}/submit")
    assert (
        await service.call("scribe", "POST", f"/visits/{visit}/sign", json={"password": PASSWORD})
    ).status_code == 403
    wrong = await service.call("provider", "POST", f"/visits/{visit}/sign", json={"password": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "forbidden")
    await confirm_all(service, visit)
    signed = await service.call("provider", "POST", f"/visits/{visit}/sign", json={"password": PASSWORD})
    assert signed.status_code == 200 and signed.json()["signature"]["by"] == "provider"
    late = await service.call("provider", "POST", f"/visits/{visit}/sign", json={"password": PASSWORD})
    assert (late.status_code, late.json()["code"]) == (409, "wrong-state")
    added = await service.call(
        "provider", "POST", f"/visits/{visit}/addenda", json={"text": "Called.", "password": PASSWORD}
    )
    assert (added.status_code, added.json()["state"]) == (201, "amended")
    text = (await service.call("coder", "GET", f"/visits/{visit}/note.txt")).text
    assert "DRAFT" not in text and "Called." in text
    summary = await service.call("coder", "GET", f"/visits/{visit}/summary.txt")
    assert summary.status_code == 200 and "signed by provider" in summary.text and "DRAFT" not in summary.text
    proof = (await service.call("admin", "GET", f"/visits/{visit}/audit")).json()["chain"]
    assert proof["intact"] is True


async def test_a_summary_names_its_statements_and_is_a_draft_until_the_note_is_signed(service: Running) -> None:
    visit = await heard_visit(service)
    told = (await service.call("scribe", "GET", f"/visits/{visit}/summary.json")).json()
    known = {statement["id"] for statement in statements(await snapshot(service, visit))}
    named = {name for section in told["sections"] for line in section["lines"] for name in line["statements"]}
    assert told["draft"] and named and named <= known
    page = await service.call("scribe", "GET", f"/visits/{visit}/summary.html")
    assert "DRAFT" in page.text and page.headers["content-security-policy"].startswith("sandbox")
    assert (await service.call("scribe", "GET", f"/visits/{visit}/summary.exe")).status_code == 404
    assert (await service.call("admin", "GET", f"/visits/{visit}/summary.txt")).status_code in (403, 404)


async def confirm_all(service: Running, visit: str) -> None:
    async with service.socket("provider", f"/visits/{visit}/live") as live:
        for statement in statements(await snapshot(service, visit)):
            for flag in statement["flags"]:
                command = {"type": "confirm_flag", "statement": statement["id"], "flag": flag["id"], "id": flag["id"]}
                await live.send(json.dumps(command))
                await receive_until(live, "accepted")


async def test_a_wrong_hash_of_the_note_that_was_read_is_not_signed(service: Running) -> None:
    visit = await heard_visit(service)
    await confirm_all(service, visit)
    form = {"password": PASSWORD, "content_hash": "0" * 64}
    answer = await service.call("provider", "POST", f"/visits/{visit}/sign", json=form)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


async def test_what_was_acknowledged_is_heard_after_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as service:
        visit = await service.open_visit()
        async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
            await speak(audio, SCRIPT, end=False)
    async with running(tmp_path) as service:
        async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
            ready = json.loads(await audio.recv())
            assert ready["next_sample"] == int((SCRIPT[-1][2] + 1.5) * 16_000)
            await audio.send('{"type":"end"}')
        said: list[str] = []
        async with service.socket("scribe", f"/visits/{visit}/live?since=0") as live:
            while len(said) < len(SCRIPT):
                message = json.loads(await live.recv())
                said += [w["text"] for w in message["words"]] if message["type"] == "words_committed" else []
    assert said == [word for word, _, _ in SCRIPT]


async def test_a_hole_in_the_sound_is_a_fact_and_a_repeat_is_nothing(service: Running) -> None:
    visit = await service.open_visit()
    second = bytes(32_000)
    async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
        await audio.recv()
        for offset in (0, 0, 32_000):
            await audio.send(offset.to_bytes(8, "little") + second)
        await audio.send('{"type":"end"}')
        with pytest.raises(ConnectionClosed):
            while True:
                await audio.recv()
    gaps = (await snapshot(service, visit))["visit"]["gaps"]
    assert gaps == [{"start": 1.0, "end": 2.0, "reason": "network"}]


@pytest.mark.parametrize("message", [b"odd" * 3, bytes(70_000), b"short"])
async def test_a_wrong_message_of_sound_closes_the_socket_with_4413(service: Running, message: bytes) -> None:
    visit = await service.open_visit()
    async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
        await audio.recv()
        await audio.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            await audio.recv()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4413


async def closing_code(service: Running, user: str, path: str) -> int:
    async with service.socket(user, path) as connection:
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await connection.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def test_sockets_say_why_they_close(service: Running) -> None:
    visit = await service.open_visit(participants=["scribe"])
    service.tokens["nobody"] = "made-up"
    assert await closing_code(service, "nobody", f"/visits/{visit}/live") == 4401
    assert await closing_code(service, "provider", f"/visits/{visit}/live") == 4404
    assert await closing_code(service, "scribe", "/visits/none/audio") == 4404
    assert await closing_code(service, "admin", f"/visits/{visit}/live") == 4403
    async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
        await audio.recv()
        assert await closing_code(service, "scribe", f"/visits/{visit}/audio") == 4409


async def test_a_visit_of_others_is_not_there_and_a_coder_sees_what_is_signed(service: Running) -> None:
    visit = await service.open_visit(participants=["provider"], patient={"name": "Ann"})
    assert (await service.call("reviewer", "GET", f"/visits/{visit}")).status_code == 404
    assert (await service.call("coder", "GET", f"/visits/{visit}")).status_code == 404
    assert (await service.call("admin", "GET", f"/visits/{visit}")).status_code == 403
    assert (await service.call("provider", "GET", f"/visits/{visit}")).status_code == 200
    assert [v["id"] for v in (await service.call("provider", "GET", "/visits?q=ann")).json()] == [visit]
    assert (await service.call("reviewer", "GET", "/visits")).json() == []
    assert (await service.call("admin", "GET", "/visits")).json()[0]["patient"] == {}
    assert (await service.http.get(f"/api/v1/visits/{visit}")).status_code == 401


async def test_without_consent_nothing_is_opened_and_a_coder_opens_nothing(service: Running) -> None:
    refused = await service.call("scribe", "POST", "/visits", json={"consent": {"given": False}})
    assert (refused.status_code, refused.json()["code"]) == (422, "consent")
    assert (await service.call("coder", "POST", "/visits", json={"consent": {"given": True}})).status_code == 403
    unknown = await service.call("scribe", "POST", "/visits", json={"consent": {"given": True}, "template": "none"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "template")
    wrong = await service.call("scribe", "POST", "/visits", json={"consent": {"given": True}, "patient": {"sex": 5}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "patient.sex")


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(service: Running) -> None:
    answers = [
        (await service.http.post("/api/v1/session", json={"username": name, "password": "wrong pass"}))
        for name in ("scribe", "nobody")
    ]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


async def test_a_password_is_taken_as_it_was_typed(service: Running) -> None:
    typed = {"username": "scribe", "password": PASSWORD + " "}
    assert (await service.http.post("/api/v1/session", json=typed)).status_code == 401


async def test_a_cookie_serves_our_page_and_no_other(service: Running) -> None:
    await service.http.post("/api/v1/session", json={"username": "scribe", "password": PASSWORD})
    assert (await service.http.get("/api/v1/visits")).status_code == 200
    foreign = {"origin": "https://evil.example"}
    assert (await service.http.post("/api/v1/visits", headers=foreign, json={"consent": {}})).status_code == 401
    assert (await service.http.get("/api/v1/visits", headers={"origin": service.address})).status_code == 200
    await service.http.delete("/api/v1/session")
    assert (await service.http.get("/api/v1/visits")).status_code == 401


async def test_the_sound_behind_a_statement_is_served_in_ranges(service: Running) -> None:
    visit = await heard_visit(service)
    path = f"/visits/{visit}/audio.wav?start=0.5&end=1.5"
    whole = await service.call("scribe", "GET", path)
    assert whole.headers["content-type"] == "audio/wav" and len(whole.content) == 44 + 32_000
    headers = {"Authorization": f"Bearer {await service.token('scribe')}", "range": "bytes=40-99"}
    part = await service.http.get(f"/api/v1{path}", headers=headers)
    assert (part.status_code, part.content) == (206, whole.content[40:100])
    assert part.headers["content-range"] == "bytes 40-99/32044"
    assert (await service.call("scribe", "GET", f"/visits/{visit}/audio.wav?start=9999")).status_code == 422


async def test_a_struck_passage_is_gone_for_every_screen_and_from_the_sound(service: Running) -> None:
    visit = await heard_visit(service)
    async with service.socket("scribe", f"/visits/{visit}/live") as live:
        await live.send('{"id":"s","type":"strike_audio","start":0.0,"end":2.0,"reason":"asked"}')
        await receive_until(live, "accepted")
    view = await snapshot(service, visit)
    assert "fevers or chills" not in json.dumps(view)
    assert "lisinopril" in json.dumps(view)
    sound = await service.call("scribe", "GET", f"/visits/{visit}/audio.wav?start=0&end=2")
    assert set(sound.content[44:]) == {0}
    assert (await service.call("admin", "GET", f"/visits/{visit}/audit")).json()["chain"]["intact"] is True


async def test_a_visit_can_be_seen_as_it_stood(service: Running) -> None:
    visit = await heard_visit(service)
    before = (await service.call("scribe", "GET", f"/visits/{visit}?at=0")).json()
    assert before["transcript"] == [] and before["note"]["sections"] == []


async def test_a_pause_keeps_no_sound(service: Running) -> None:
    visit = await service.open_visit()
    async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
        await audio.recv()
        await audio.send('{"type":"pause"}')
        await audio.send((0).to_bytes(8, "little") + bytes(3200))
        await audio.send('{"type":"resume"}')
        await audio.send('{"type":"end"}')
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(audio.recv(), 10)
    assert (await service.call("scribe", "GET", f"/visits/{visit}/audio.wav")).status_code == 404


async def test_the_page_and_the_probes_are_served_without_signing_in(service: Running) -> None:
    page = await service.http.get("/")
    assert page.status_code == 200 and "default-src 'self'" in page.headers["content-security-policy"]
    assert (await service.http.get("/healthz")).json() == {"status": "ok"}
    metrics = (await service.http.get("/metrics")).text
    figures = ("visits_open", "lag_seconds", "level", "jobs_waiting")
    assert all(f"\nlive_scribe_{name} 0" in metrics for name in figures)
    assert (await service.http.get("/api/v1/openapi.json")).json()["info"]["title"] == "live_scribe"
    assert (await service.http.get("/static/../app.py")).status_code == 404


async def test_an_upload_that_is_no_recording_gets_a_plain_answer(service: Running) -> None:
    files = {"file": ("x.wav", b"not a recording at all")}
    form = {"visit": json.dumps({"consent": {"given": True}})}
    answer = await service.call("scribe", "POST", "/visits/import", files=files, data=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "audio")
    assert (await service.call("scribe", "POST", "/visits/import", json={"sample": "none"})).status_code == 404
    assert (await service.call("scribe", "POST", "/visits/import", json={"sample": "../x"})).status_code == 422
    assert (await service.call("scribe", "GET", "/visits")).json() == []


async def test_visits_that_nobody_looks_at_are_closed_and_open_again_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live_scribe.visits.MOST_OPEN", 0)
    monkeypatch.setattr("live_scribe.visits.IDLE_S", -1.0)
    async with running(tmp_path) as service:
        visit = await heard_visit(service)
        before = await snapshot(service, visit)
        await service.call("scribe", "GET", "/visits/another-one")
        assert "live_scribe_visits_open 0" in (await service.http.get("/metrics")).text
        assert await snapshot(service, visit) == before
