"""What a language model answers, held against its form: whatever does not fit is no answer."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from live_scribe.errors import WriterError

MOST_STATEMENTS = 40
"""Sentences for one stretch of talk; a whole note has so many."""


class Written(BaseModel):
    """One sentence of the answer."""

    model_config = ConfigDict(hide_input_in_errors=True)

    section: Annotated[str, Field(max_length=64)]
    text: Annotated[str, Field(max_length=2000)]
    cites: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=64)]


class Answer(BaseModel):
    """All of it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    statements: Annotated[list[Written], Field(max_length=MOST_STATEMENTS)]


def most_statements(utterances: Collection[object]) -> int:
    """Return how many sentences a stretch may have: one an utterance and a few, so that a model that loops ends."""
    return min(MOST_STATEMENTS, len(utterances) + 4)


def schema(sections: Collection[str], utterances: Collection[str]) -> dict[str, Any]:
    """Return the JSON schema of an answer that names these sections and utterances alone."""
    statement = {
        "type": "object",
        "properties": {
            "section": {"type": "string", "enum": list(sections)},
            "text": {"type": "string", "maxLength": 400},
            "cites": {
                "type": "array",
                "minItems": 1,
                "maxItems": 4,
                "items": {"type": "string", "enum": list(utterances)},
            },
        },
        "required": ["section", "text", "cites"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"statements": {"type": "array", "maxItems": most_statements(utterances), "items": statement}},
        "required": ["statements"],
        "additionalProperties": False,
    }


def read_answer(content: str) -> list[Written]:
    """Return the sentences of an answer, also of one in a fence, between other words, or that breaks off.

    Raises WriterError where there is none.
    """
    begin, end = content.find("{"), content.rfind("}")
    if begin < 0:
        raise WriterError("the language model answered with something else than JSON")
    try:
        return Answer.model_validate_json(content[begin : end + 1]).statements
    except ValidationError:
        whole = _before_the_break(content[begin:])
    if not whole:
        raise WriterError("the language model's JSON has another form than was asked for")
    return whole


def _before_the_break(content: str) -> list[Written]:
    """Return the sentences that are whole in an answer that breaks off: each is checked by itself anyway."""
    found: list[Written] = []
    for piece in re.findall(r"\{[^{}]*\}", content)[:MOST_STATEMENTS]:
        try:
            found.append(Written.model_validate_json(piece))
        except ValidationError:
            continue
    return found
