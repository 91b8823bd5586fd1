"""Accounts: who may sign in, what is kept of passwords and tokens, and when a session is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from live_scribe.core.states import UserRole
from live_scribe.errors import ConfigError, NotSignedIn, TooManyAttempts
from live_scribe.storage.accounts import IDLE_S, LONGEST_S, SEEN_EVERY_S, Accounts, User, open_accounts
from live_scribe.storage.attempts import MOST
from live_scribe.storage.sqlite import Database, open_database
from tests.component.stored_visits import bytes_on_disk, lay_out

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "correct horse"


class Now:
    """A clock that tests turn."""

    time = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(lay_out(tmp_path)) as opened:
        yield opened


@pytest.fixture
async def accounts(database: Database, now: Now) -> AsyncIterator[Accounts]:
    async with open_accounts(database, now=now, hasher=CHEAP) as opened:
        await opened.add("ana", UserRole.SCRIBE, PASSWORD)
        yield opened


async def test_whoever_signs_in_has_a_session_until_signing_out(accounts: Accounts) -> None:
    token = await accounts.sign_in("ana", PASSWORD)
    assert await accounts.session(token) == User(name="ana", role=UserRole.SCRIBE)
    await accounts.sign_out(token)
    assert await accounts.session(token) is None
    await accounts.sign_out(token)


async def test_each_session_is_apart(accounts: Accounts) -> None:
    first, second = [await accounts.sign_in("ana", PASSWORD) for _ in range(2)]
    await accounts.sign_out(first)
    assert await accounts.session(first) is None
    assert await accounts.session(second) is not None


@pytest.mark.parametrize("name", ["ana", "nobody", "", "a b", "x" * 10_000, "\ud800"])
async def test_a_wrong_name_and_a_wrong_password_are_answered_the_same(accounts: Accounts, name: str) -> None:
    with pytest.raises(NotSignedIn) as caught:
        await accounts.sign_in(name, "wrong horse")
    assert str(caught.value) == "wrong name or password"


async def test_an_unknown_name_costs_the_same_work(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str, password: str) -> bool:
        parameters.append(hash.rpartition("$")[0].rpartition("$")[0])
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for name in ("ana", "nobody"):
        with pytest.raises(NotSignedIn):
            await accounts.sign_in(name, "wrong horse")
    assert len(parameters) == 2
    assert parameters[0] == parameters[1]


@pytest.mark.parametrize("password", ["", "short", "x" * 5000, "\ud800 half", PASSWORD.upper(), PASSWORD + " "])
async def test_any_other_password_is_wrong(accounts: Accounts, password: str) -> None:
    assert not await accounts.check_password("ana", password)


async def test_the_same_letters_typed_on_another_keyboard_are_the_same_password(accounts: Accounts) -> None:
    await accounts.add("zoe", UserRole.PROVIDER, "se\u0301bastien")
    assert await accounts.check_password("zoe", "s\u00e9bastien")


async def test_too_many_wrong_passwords_must_wait_but_lock_nobody_else_out(accounts: Accounts) -> None:
    for _ in range(MOST):
        with pytest.raises(NotSignedIn):
            await accounts.sign_in("ana", "wrong horse", "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        await accounts.sign_in("ana", PASSWORD, "10.0.0.1")
    assert await accounts.sign_in("ana", PASSWORD, "10.0.0.2")


async def test_a_hundred_guesses_at_once_do_not_slip_through(accounts: Accounts) -> None:
    guesses = (accounts.check_password("ana", f"wrong horse {n}") for n in range(100))
    results = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(r is False for r in results) == MOST
    assert sum(isinstance(r, TooManyAttempts) for r in results) == 100 - MOST


async def test_signing_in_often_is_no_attack(accounts: Accounts) -> None:
    for _ in range(MOST + 2):
        assert await accounts.check_password("ana", PASSWORD)


async def test_a_session_ends_when_it_is_not_used(accounts: Accounts, now: Now) -> None:
    token = await accounts.sign_in("ana", PASSWORD)
    now.time += IDLE_S - 1
    assert await accounts.session(token) is not None
    now.time += IDLE_S - 1
    assert await accounts.session(token) is not None
    now.time += IDLE_S
    assert await accounts.session(token) is None


async def test_a_session_ends_at_last_however_much_it_is_used(accounts: Accounts, now: Now) -> None:
    token = await accounts.sign_in("ana", PASSWORD)
    begun = now.time
    while now.time - begun < LONGEST_S - IDLE_S / 2:
        now.time += IDLE_S / 2
        assert await accounts.session(token) is not None
    now.time = begun + LONGEST_S
    assert await accounts.session(token) is None


async def test_a_session_in_use_is_not_written_at_each_request(
    accounts: Accounts, database: Database, now: Now
) -> None:
    token = await accounts.sign_in("ana", PASSWORD)

    async def seen() -> float:
        return float(await database.read(lambda c: c.exec_driver_sql("SELECT seen_at FROM sessions").scalar_one()))

    begun = await seen()
    now.time += SEEN_EVERY_S - 1
    await accounts.session(token)
    assert await seen() == begun
    now.time += 1
    await accounts.session(token)
    assert await seen() == now.time


async def test_sessions_that_are_over_are_cleared_away(accounts: Accounts, database: Database, now: Now) -> None:
    await accounts.sign_in("ana", PASSWORD)
    now.time += IDLE_S
    await accounts.sign_in("ana", PASSWORD)
    count = await database.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM sessions").scalar_one())
    assert count == 1


@pytest.mark.parametrize("token", ["", "x", "\ud800", "x" * 100_000])
async def test_a_made_up_token_is_nobodys(accounts: Accounts, token: str) -> None:
    assert await accounts.session(token) is None


async def test_neither_password_nor_token_can_be_read_back(
    accounts: Accounts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = await accounts.sign_in("ana", PASSWORD)
    stored = bytes_on_disk(tmp_path)
    assert b"$argon2id$" in stored
    for secret in (token, PASSWORD):
        assert secret.encode() not in stored
        assert secret not in caplog.text


async def test_all_accounts_are_listed_by_name(accounts: Accounts) -> None:
    await accounts.add("Bob", UserRole.ADMIN, PASSWORD)
    await accounts.add("zoe@clinic.example", UserRole.PROVIDER, PASSWORD)
    assert [(u.name, u.role) for u in await accounts.users()] == [
        ("Bob", UserRole.ADMIN),
        ("ana", UserRole.SCRIBE),
        ("zoe@clinic.example", UserRole.PROVIDER),
    ]


@pytest.mark.parametrize("name", ["ana", "ANA", "Ana"])
async def test_a_name_that_people_would_take_for_another_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(ConfigError, match=f"already an account {name}: choose another name"):
        await accounts.add(name, UserRole.ADMIN, PASSWORD)
    assert await accounts.users() == [User(name="ana", role=UserRole.SCRIBE)]


@pytest.mark.parametrize("name", ["", " ", "a b", "-x", "x" * 65, "é", "a\nb", "ana\n", "\x00"])
async def test_a_name_of_another_form_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(ConfigError, match="a user's name has 1 to 64 letters"):
        await accounts.add(name, UserRole.SCRIBE, PASSWORD)


@pytest.mark.parametrize("name", ["machine", "Machine"])
async def test_nobody_can_pass_for_the_program_in_the_log(accounts: Accounts, name: str) -> None:
    with pytest.raises(ConfigError, match="what the log calls the program itself"):
        await accounts.add(name, UserRole.SCRIBE, PASSWORD)


@pytest.mark.parametrize("password", ["", "1234567", "x" * 1025, "half a \ud800 character"])
async def test_a_password_that_is_too_short_or_too_long_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(ConfigError, match="a password has"):
        await accounts.add("bob", UserRole.SCRIBE, password)
    assert len(await accounts.users()) == 1


async def test_accounts_and_sessions_are_there_after_a_restart(
    accounts: Accounts, database: Database, now: Now
) -> None:
    token = await accounts.sign_in("ana", PASSWORD)
    async with open_accounts(database, now=now, hasher=CHEAP) as again:
        assert await again.session(token) == User(name="ana", role=UserRole.SCRIBE)
        assert await again.check_password("ana", PASSWORD)


async def test_the_default_hash_is_argon2id_as_rfc_9106_recommends(database: Database, now: Now) -> None:
    async with open_accounts(database, now=now) as accounts:
        await accounts.add("ana", UserRole.SCRIBE, PASSWORD)
    stored = await database.read(lambda c: c.exec_driver_sql("SELECT password_hash FROM users").scalar_one())
    assert str(stored).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
