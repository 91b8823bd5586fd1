"""A language model's server that fails in every way it can: each fault is bounded, told plainly, and leaks no word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import httpx
import pytest

from live_scribe.drafting.llm_answer import read_answer
from live_scribe.drafting.llm_client import LONGEST_WAIT_S, MOST_ATTEMPTS, ChatClient, Endpoint, Patience
from live_scribe.drafting.llm_endpoint import NearOnly, checked_url, is_near
from live_scribe.drafting.scripted_model import Endless, Reply, ScriptedModel, completion
from live_scribe.errors import ConfigError, WriterError

SECRET = "the patient has a secret"
ASKED = [{"role": "user", "content": SECRET}]


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


def client(
    *replies: Reply, clock: Clock | None = None, timeout_s: float = 60.0, key: str | None = None
) -> tuple[ChatClient, ScriptedModel]:
    clock = clock or Clock()
    server = ScriptedModel(*replies)
    patience = Patience(now=clock.now, sleep=clock.sleep, jitter=lambda: 0.5, timeout_s=timeout_s)
    endpoint = Endpoint(url="http://127.0.0.1:9/v1", model="m", key=key)
    return ChatClient(endpoint, server, patience), server


async def test_an_answer_is_asked_for_with_its_schema_and_the_key() -> None:
    asking, server = client("fine", key="k-123")
    async with asking:
        assert await asking.complete(ASKED, {"type": "object"}) == "fine"
    assert server.asked[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert server.headers[0]["authorization"] == "Bearer k-123"


async def test_a_server_without_schemas_is_asked_in_words_alone_from_then_on() -> None:
    asking, server = client(httpx.Response(400), "fine")
    async with asking:
        assert await asking.complete(ASKED, {}) == "fine"
        await asking.complete(ASKED, {})
    assert ["response_format" in body for body in server.asked] == [True, False, False]


@pytest.mark.parametrize("fault", [httpx.Response(500), httpx.Response(503), httpx.ConnectError("refused")])
async def test_what_may_pass_is_tried_again_after_growing_waits(fault: Reply) -> None:
    clock = Clock()
    asking, server = client(fault, fault, "fine", clock=clock)
    async with asking:
        assert await asking.complete(ASKED, {}) == "fine"
    assert len(server.asked) == 3 and clock.waits == [0.75, 1.5]


async def test_a_server_that_asks_for_patience_gets_it_up_to_a_bound() -> None:
    clock = Clock()
    slow_down = [httpx.Response(429, headers={"retry-after": wait}) for wait in ("7", "86400")]
    asking, _ = client(*slow_down, "fine", clock=clock)
    async with asking:
        await asking.complete(ASKED, {})
    assert clock.waits == [7.0, LONGEST_WAIT_S]


FAULTS: Sequence[tuple[Reply, int]] = [
    (httpx.Response(500), MOST_ATTEMPTS),
    (httpx.Response(302, headers={"location": "http://elsewhere.example/"}), 1),
    (httpx.Response(401), 1),
    (httpx.Response(200, content=b"<html>" + SECRET.encode()), MOST_ATTEMPTS),
    (httpx.Response(200, json={"choices": []}), MOST_ATTEMPTS),
    (httpx.Response(200, content=b"[" * 100_000), MOST_ATTEMPTS),
    (httpx.Response(200, stream=Endless()), 1),
    (httpx.ReadTimeout("slow"), 1),
    (httpx.ConnectError(SECRET), MOST_ATTEMPTS),
]


@pytest.mark.parametrize(("fault", "attempts"), FAULTS)
async def test_every_fault_ends_in_one_plain_line_without_a_word_of_the_talk(fault: Reply, attempts: int) -> None:
    asking, server = client(fault)
    async with asking:
        with pytest.raises(WriterError) as told:
            await asking.complete(ASKED, {})
    assert len(server.asked) == attempts
    assert SECRET not in str(told.value) and "\n" not in str(told.value)
    assert asking.trouble == str(told.value)


async def test_a_server_that_says_nothing_is_left_at_the_deadline() -> None:
    asking, _ = client(httpx.Response(200, stream=Endless(hang=True)), timeout_s=0.0)
    async with asking:
        with pytest.raises(WriterError, match="too slow"):
            await asking.complete(ASKED, {})


async def test_a_server_that_fails_again_and_again_is_left_alone_and_tried_later() -> None:
    clock = Clock()
    asking, server = client(*[httpx.Response(404)] * 4, "fine", clock=clock)
    async with asking:
        for _ in range(3):
            with pytest.raises(WriterError):
                await asking.complete(ASKED, {})
        asked = len(server.asked)
        with pytest.raises(WriterError, match="left alone") as told:
            await asking.complete(ASKED, {})
        assert len(server.asked) == asked and told.value.wait_s > 0
        clock.time += told.value.wait_s
        assert await asking.complete(ASKED, {}) == "fine"


@pytest.mark.parametrize(
    "answer", ["", "no", "{", '{"statements": 3}', '{"statements": [{"text": "x"}]}', '{"statements": [{}]}', "[]"]
)
def test_what_has_another_form_is_no_answer(answer: str) -> None:
    with pytest.raises(WriterError):
        read_answer(answer)


def test_of_an_answer_that_breaks_off_the_whole_sentences_count() -> None:
    one = {"section": "hpi", "text": "Cough.", "cites": ["u1"]}
    held = json.dumps({"statements": [one, one, one]})
    assert len(read_answer(held[: len(held) - 10])) == 2
    with pytest.raises(WriterError):
        read_answer(held[:40])


def test_an_answer_is_found_in_a_fence() -> None:
    held = json.dumps({"statements": [{"section": "hpi", "text": "Cough.", "cites": ["u1"]}]})
    assert read_answer(f"Here it is:\n```json\n{held}\n```")[0].text == "Cough."


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.9", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_this_machine_and_private_networks_are_near(address: str) -> None:
    assert is_near(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "169.254.169.254", "172.32.0.1", "0.0.0.0", "::", "2001:db8::1", "::ffff:8.8.8.8", "fe80::1", "x"],
)
def test_everything_else_is_not(address: str) -> None:
    assert not is_near(address)


@pytest.mark.parametrize(
    ("url", "local_only"),
    [
        ("http://8.8.8.8/v1", True),
        ("https://[2001:4860:4860::8888]/v1", True),
        ("http://api.example.com/v1", False),
        ("http://user:pw@127.0.0.1/v1", True),
        ("http://127.0.0.1/v1?key=1", True),
        ("ftp://127.0.0.1/", True),
        ("127.0.0.1:8080", True),
        ("", True),
    ],
)
def test_an_address_that_may_not_be_asked_is_a_clear_error(url: str, local_only: bool) -> None:
    with pytest.raises(ConfigError, match="--llm-url"):
        checked_url(url, local_only=local_only)


async def ask_at(name: str, *looked_up: list[str]) -> ScriptedModel:
    """Ask a server of this name twice, while its addresses change."""
    server, answers = ScriptedModel("fine"), list(looked_up)

    async def look_up(_host: str, _port: int) -> list[str]:
        return answers.pop(0)

    endpoint = Endpoint(url=f"https://{name}/v1", model="m")
    async with ChatClient(endpoint, NearOnly(server, look_up)) as asking:
        for _ in looked_up:
            await asking.complete(ASKED, {})
    return server


async def test_a_name_in_a_private_network_is_asked_at_the_address_that_was_checked() -> None:
    server = await ask_at("gpu.clinic.example", ["10.0.0.7"])
    assert server.headers[0]["host"] == "gpu.clinic.example"
    assert server.urls[0].host == "10.0.0.7"


@pytest.mark.parametrize("addresses", [["8.8.8.8"], ["10.0.0.7", "8.8.8.8"], []])
async def test_a_name_that_leads_elsewhere_is_not_asked(addresses: list[str]) -> None:
    with pytest.raises(WriterError, match="no-llm-local-only"):
        await ask_at("gpu.clinic.example", addresses)


async def test_a_name_that_leads_elsewhere_a_moment_later_is_not_asked_again() -> None:
    with pytest.raises(WriterError, match="no-llm-local-only"):
        await ask_at("gpu.clinic.example", ["10.0.0.7"], ["93.184.216.34"])


async def test_two_questions_go_on_at_once_and_no_more() -> None:
    going, most = 0, 0

    class Counting(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal going, most
            going += 1
            most = max(most, going)
            await asyncio.sleep(0)
            going -= 1
            return completion("fine")

    async with ChatClient(Endpoint(url="http://127.0.0.1/v1", model="m"), Counting()) as asking:
        await asyncio.gather(*(asking.complete(ASKED, {}) for _ in range(6)))
    assert most == 2
