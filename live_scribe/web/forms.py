"""What requests may say, checked at the edge. A field that is not known is an error, not a wish unheard."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from live_scribe.core.vocabulary import TermKind

Text = Annotated[str, Field(max_length=100_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Password = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1000)]


class Form(BaseModel):
    """Base of all forms."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SignIn(Form):
    """Name and password."""

    username: Name
    password: Password


class Patient(Form):
    """Who the visit is with. `sex`: female, male, other or unknown (HL7 administrative gender), or its first letter."""

    name: Annotated[str, Field(max_length=200)] | None = None
    mrn: Annotated[str, Field(max_length=100)] | None = None
    birth_date: str | None = None
    sex: Annotated[str, Field(max_length=20)] | None = None

    @field_validator("birth_date")
    @classmethod
    def _a_date(cls, value: str | None) -> str | None:
        return None if not value else date.fromisoformat(value).isoformat()


class GivenConsent(Form):
    """Whether the patient agrees to be recorded, and how they said so."""

    given: bool
    method: Annotated[str, Field(max_length=200)] | None = None


class Participant(Form):
    """A user who takes part."""

    name: Name
    role: Annotated[str, Field(max_length=50)] | None = None


class NewVisit(Form):
    """A visit to open. `participants`: names of the users who may see it; none for the whole desk."""

    template: Annotated[str, Field(max_length=200)] = "soap"
    patient: Patient = Patient()
    participants: Annotated[list[Name | Participant], Field(max_length=50)] = []
    consent: GivenConsent
    language: Annotated[str, Field(max_length=10)] = "en"
    channels: Literal[1, 2] = 1

    def names(self) -> tuple[str, ...]:
        """Return the participants' names."""
        return tuple(p if isinstance(p, str) else p.name for p in self.participants)


class PlaySample(Form):
    """Play a packaged sample in: at the pace of speech (`speed` 1) or as fast as it can be heard (0)."""

    sample: Annotated[str, Field(max_length=100)]
    speed: Literal[0, 1] = 0
    participants: Annotated[list[Name | Participant], Field(max_length=50)] = []

    @field_validator("sample")
    @classmethod
    def _a_name(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z0-9-]+", value):
            raise ValueError("letters, digits and hyphens")
        return value


class NewTerm(Form):
    """A term for one's own list, or for the clinic's."""

    text: Annotated[str, Field(max_length=1000)]
    kind: TermKind = TermKind.OTHER
    scope: Literal["clinic", "own"] = "own"


class SubmitForm(Form):
    """What the scribe attests."""

    attestation: Text | None = None


class ReturnForm(Form):
    """What the provider wants changed."""

    comment: Text | None = None


class SignForm(Form):
    """The signer's password again, and the hash of the note they read, so that nothing changes under their hand."""

    password: Password
    attestation: Text | None = None
    content_hash: Annotated[str, Field(max_length=64)] | None = None


class AddendumForm(Form):
    """Text to stand behind a signed note, and the signer's password again."""

    text: Annotated[str, Field(min_length=1, max_length=100_000)]
    password: Password


class MicrophoneForm(Form):
    """Which of this computer's microphones, and with how many channels."""

    device: int | str | None = None
    channels: Literal[1, 2] = 1
