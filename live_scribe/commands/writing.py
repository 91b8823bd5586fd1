"""Which note writer drafts: options and settings, the same for every command that drafts."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from live_scribe.commands.output import tell
from live_scribe.config import read_writer
from live_scribe.drafting.llm_client import Endpoint
from live_scribe.drafting.llm_endpoint import checked_url
from live_scribe.errors import ConfigError
from live_scribe.wiring import Advisors


class WriterName(StrEnum):
    """The built-in writer alone, or a language model beside it."""

    BUILT_IN = "built-in"
    LLM = "llm"


Writer = Annotated[
    WriterName | None,
    typer.Option("--writer", help="built-in, or llm: a language model beside it.", show_default="built-in"),
]
LlmUrl = Annotated[
    str | None, typer.Option("--llm-url", help="An OpenAI-compatible server, like http://127.0.0.1:8080/v1.")
]
LlmModel = Annotated[str | None, typer.Option("--llm-model", help="What the server calls the model.")]
LlmLocalOnly = Annotated[
    bool | None,
    typer.Option(
        "--llm-local-only/--no-llm-local-only",
        help="Ask no server but on this computer or in a private network.",
        show_default="on",
    ),
]


def endpoint_of(
    writer: WriterName | None, url: str | None, model: str | None, local_only: bool | None
) -> Endpoint | None:
    """Return the language model that options and settings name, null for the built-in writer. Raises ConfigError."""
    settings = read_writer(os.environ)
    chosen = writer or WriterName(settings.writer)
    url, model = url or settings.url, model or settings.model
    if chosen is WriterName.BUILT_IN:
        return None
    if not url or not model:
        raise ConfigError(
            "--writer llm: say where, and which model: --llm-url http://127.0.0.1:8080/v1 --llm-model NAME"
        )
    near = settings.local_only if local_only is None else local_only
    checked_url(url, local_only=near)
    return Endpoint(url=url, model=model, key=settings.key, local_only=near)


def tell_trouble(advisors: Advisors) -> None:
    """Say where the language model was not there for all of the talk."""
    if advisors.trouble is not None:
        tell(f"live-scribe: {advisors.trouble}; where it gave no answer the built-in writer's draft stands")
