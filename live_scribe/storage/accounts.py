"""Who may sign in, and who has. Passwords are kept as argon2id hashes, tokens as digests: neither can be read back."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from live_scribe.core.note import MACHINE
from live_scribe.core.states import UserRole
from live_scribe.errors import ConfigError, NotSignedIn
from live_scribe.storage.attempts import Attempts
from live_scribe.storage.schema import sessions, users
from live_scribe.storage.sqlite import Database

IDLE_S = 12 * 3600
"""A session ends when nothing was asked for this long: a shift, and the walk to the next one."""

LONGEST_S = 7 * 24 * 3600
"""A session ends after this, used or not."""

SEEN_EVERY_S = 60
"""How often a session's last use is written down: each request would cost a write to the disk."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1024
"""NIST SP 800-63B, 5.1.1.2: at least 8 characters, of any kind. Very long ones are an attack on the hash."""

HASHING_THREADS = 2
"""A hash takes 64 MB and a core for a while: more at once would starve hearing."""

TOKEN_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_WRONG = "wrong name or password"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account."""

    name: str
    role: UserRole


class Accounts:
    """Accounts and sessions in the database. `now` returns seconds since 1970; use `open_accounts`."""

    def __init__(self, database: Database, *, now: Callable[[], float], hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._now = now
        self._hasher = hasher or PasswordHasher()  # argon2id with the parameters of RFC 9106, section 4
        self._attempts = Attempts(now)
        self._threads = ThreadPoolExecutor(HASHING_THREADS, thread_name_prefix="password")
        # What an unknown name's password is held against, so that knowing a name and not knowing one take as long.
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    async def add(self, name: str, role: UserRole, password: str) -> User:
        """Make an account. Raises ConfigError saying what is wrong with name or password, or that the name is taken."""
        _check_name(name)
        _check_password(password)
        hashed = await self._hash(lambda: self._hasher.hash(_one_form(password)))
        await self._database.write(lambda c: self._insert(c, name, role, hashed))
        return User(name=name, role=role)

    async def users(self) -> list[User]:
        """Return all accounts, by name."""
        return await self._database.read(lambda c: [_user(row) for row in c.execute(_ACCOUNTS)])

    async def sign_in(self, name: str, password: str, address: str = "") -> str:
        """Return a token for a new session. Raises NotSignedIn, never saying why, and TooManyAttempts.

        Attempts are counted for each name at each `address`, so that nobody can lock somebody else out.
        """
        if not await self.check_password(name, password, address):
            raise NotSignedIn(_WRONG)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._now()
        row = {"token_hash": _digest(token), "user": name, "created_at": now, "seen_at": now}
        await self._database.write(lambda c: self._start(c, row))
        return token

    async def check_password(self, name: str, password: str, address: str = "") -> bool:
        """Return whether this is the password of that account: it is asked again to sign a note.

        Raises TooManyAttempts.
        """
        # Counted before the answer is known, or a thousand guesses at once would all slip through.
        self._attempts.count(name, address)
        stored = await self._stored_hash(name)
        given = _one_form(password) if _is_text(password) and len(password) <= LONGEST_PASSWORD else ""
        right = await self._hash(lambda: self._matches(stored or self._nobody, given)) and stored is not None
        if right:
            self._attempts.forget(name, address)
        return right

    async def session(self, token: str) -> User | None:
        """Return who this token belongs to, or null where it is unknown, signed out or too old."""
        digest, now = _digest(token), self._now()
        found = await self._database.read(lambda c: c.execute(_SESSION.where(sessions.c.token_hash == digest)).first())
        if found is None or _is_over(found, now):
            return None
        if now - found.seen_at >= SEEN_EVERY_S:
            seen = update(sessions).where(sessions.c.token_hash == digest).values(seen_at=now)
            await self._database.write(lambda c: c.execute(seen))
        return _user(found)

    async def sign_out(self, token: str) -> None:
        """End the token's session, if it has one."""
        digest = _digest(token)
        await self._database.write(lambda c: c.execute(delete(sessions).where(sessions.c.token_hash == digest)))

    def close(self) -> None:
        """Finish the hashes that are under way."""
        self._threads.shutdown()

    def _insert(self, connection: Connection, name: str, role: UserRole, hashed: str) -> None:
        # Names that differ in case alone would be taken for each other by people.
        taken = select(users.c.name).where(users.c.folded == name.casefold())
        if connection.execute(taken).first():
            raise ConfigError(f"there is already an account {name}: choose another name")
        row = {"name": name, "folded": name.casefold(), "role": str(role), "password_hash": hashed}
        connection.execute(insert(users).values(created_at=self._now(), **row))

    async def _stored_hash(self, name: str) -> str | None:
        if not _NAME.fullmatch(name):
            return None
        query = select(users.c.password_hash).where(users.c.name == name)
        return await self._database.read(lambda c: c.execute(query).scalar())

    def _start(self, connection: Connection, row: dict[str, object]) -> None:
        now = self._now()
        over = (sessions.c.seen_at <= now - IDLE_S) | (sessions.c.created_at <= now - LONGEST_S)
        connection.execute(delete(sessions).where(over))
        connection.execute(insert(sessions).values(row))

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _hash(self, job: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, job)


@asynccontextmanager
async def open_accounts(
    database: Database, *, now: Callable[[], float], hasher: PasswordHasher | None = None
) -> AsyncIterator[Accounts]:
    """Open the accounts of a database. `hasher`: other argon2 parameters than the default."""
    accounts = await asyncio.to_thread(lambda: Accounts(database, now=now, hasher=hasher))
    try:
        yield accounts
    finally:
        await asyncio.to_thread(accounts.close)


_ACCOUNTS: Select[Any] = select(users.c.name, users.c.role).order_by(users.c.name)
_SESSION: Select[Any] = select(users.c.name, users.c.role, sessions.c.created_at, sessions.c.seen_at).join_from(
    sessions, users
)


def _user(row: Row[Any]) -> User:
    return User(name=row.name, role=UserRole(row.role))


def _is_over(row: Row[Any], now: float) -> bool:
    return bool(now - row.seen_at >= IDLE_S or now - row.created_at >= LONGEST_S)


def _digest(token: str) -> bytes:
    # A token has 256 random bits: a plain digest cannot be guessed back, and is found by an index.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ConfigError("a user's name has 1 to 64 letters, digits or . _ @ -, and begins with a letter or digit")
    if name.casefold() == MACHINE:
        raise ConfigError(f"{MACHINE} is what the log calls the program itself: choose another name")


def _one_form(password: str) -> str:
    # Keyboards differ in how they send an accented letter (NIST SP 800-63B, 5.1.1.2, asks for this).
    return unicodedata.normalize("NFKC", password)


def _is_text(password: str) -> bool:
    """Whether it can be written as UTF-8: JSON may carry half a surrogate pair."""
    return not any("\ud800" <= c <= "\udfff" for c in password)


def _check_password(password: str) -> None:
    if not _is_text(password):
        raise ConfigError("a password has letters, digits and signs: this one has half a character")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ConfigError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
