"""What the web needs of the rest: handed in by `wiring`, so that nothing here knows an adapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from live_scribe.core.commands import Actor
from live_scribe.core.log import VisitSummary
from live_scribe.core.note import Section
from live_scribe.core.states import UserRole
from live_scribe.core.visit import Visit
from live_scribe.ports import AudioSource
from live_scribe.render import Format
from live_scribe.rulebook import Rulebook
from live_scribe.samples import Sample
from live_scribe.visits import Visits
from live_scribe.wordbook import Wordbook


class User(Protocol):
    """Whose session it is."""

    @property
    def name(self) -> str:
        """The name that stands in the log."""
        ...

    @property
    def role(self) -> UserRole:
        """What the account is for."""
        ...


class Accounts(Protocol):
    """Who may come in."""

    async def sign_in(self, name: str, password: str, address: str = "") -> str:
        """Return a session's token. Raises NotSignedIn (never saying which was wrong), TooManyAttempts."""
        ...

    async def sign_out(self, token: str) -> None:
        """End a session."""
        ...

    async def session(self, token: str) -> User | None:
        """Return whose session this is; null where it has ended or never was."""
        ...

    async def check_password(self, name: str, password: str, address: str = "") -> bool:
        """Return whether this is the user's password. Raises TooManyAttempts."""
        ...


class Sources(Protocol):
    """Where sound can come from, besides a browser."""

    def microphone(self, device: int | str | None, channels: int) -> AudioSource:
        """Return this computer's microphone. Raises AudioError where there is none."""
        ...

    def sample(self, name: str, *, speed: float) -> AudioSource:
        """Return the sound of a packaged sample. Raises NotFound."""
        ...

    def upload(self, content: bytes, *, channels: int) -> AudioSource:
        """Return the sound of an uploaded recording, as fast as it can be read. Raises AudioError.

        Two `channels` are kept apart where each person had a microphone; with one, they are mixed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The running service. `parts` opens store and visits for the time the service runs."""

    parts: Callable[[], AbstractAsyncContextManager[Parts]]
    sources: Sources
    samples: Mapping[str, Sample]
    template: Callable[[str], tuple[str, tuple[Section, ...]]]
    templates: Callable[[], list[dict[str, str]]]
    render: Callable[[Visit, Format], str]
    summary: Callable[[Visit], dict[str, Any]]
    render_summary: Callable[[Visit, Format], str]
    static: Path
    secure_cookies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is open while the service runs."""

    visits: Visits
    accounts: Accounts
    wordbook: Wordbook
    rulebook: Rulebook


def line_json(line: VisitSummary, actor: Actor, *, readable: bool) -> dict[str, object]:
    """Return a line of the worklist; without the patient where the asker may not read."""
    return {
        "id": line.visit,
        "state": str(line.state),
        "template": line.template,
        "created_at": line.created_at,
        "created_by": line.created_by,
        "participants": list(line.participants),
        "patient": dict(line.patient) if readable else {},
        "seq": line.seq,
    }
