"""Facts and commands to JSON values and back, by their field types. What does not fit the type is a ValueError.

A name on the wire is the class's name in snake case. Unknown fields are an error in a command (a typing mistake must
not pass for a wish) and are passed over in a fact (a newer version may have added one).
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

Json = dict[str, Any] | list[Any] | str | int | float | bool | None


def type_name(cls: type) -> str:
    """Return a class's name on the wire: `WordsCommitted` is `words_committed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@cache
def by_name(union: UnionType) -> dict[str, type]:
    """Return the members of a union of classes by their names on the wire."""
    return {type_name(cls): cls for cls in get_args(union)}


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def encode(value: object) -> Any:
    """Return `value` as what `json.dumps` takes; dataclasses become objects of their fields."""
    if is_dataclass(value):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [encode(v) for v in value]
    if isinstance(value, dict):
        return {k: encode(v) for k, v in value.items()}
    return str(value) if isinstance(value, StrEnum) else value


def decode(cls: type[T], value: object, *, strict: bool = False) -> T:
    """Return the dataclass `cls` made of the JSON object `value`.

    Raises ValueError naming the field (never its value) where something is missing or of the wrong type, and with
    `strict` where a field is not known.
    """
    if not isinstance(value, dict):
        raise ValueError(f"{type_name(cls)}: an object is needed")
    hints = _hints(cls)  # type: ignore[arg-type]  # mypy takes type[T] for unhashable
    if strict and (unknown := sorted(value.keys() - hints.keys())):
        name = unknown[0] if unknown[0].isascii() and unknown[0].isidentifier() else "of another name"
        raise ValueError(f"{type_name(cls)}: unknown field {name[:40]}")
    made: dict[str, Any] = {}
    for f in fields(cls):  # type: ignore[arg-type]  # T is a dataclass by contract
        if f.name in value:
            made[f.name] = _convert(hints[f.name], value[f.name], f.name)
        elif f.default is MISSING and f.default_factory is MISSING:
            raise ValueError(f"{type_name(cls)}: {f.name} is missing")
    return cls(**made)


def _convert(kind: Any, value: object, name: str) -> Any:
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin in (Union, UnionType):
        return _convert_union(get_args(kind), value, name)
    if origin is Literal:
        if value in get_args(kind):
            return value
    elif origin is tuple:
        if isinstance(value, list | tuple):
            return tuple(_convert(get_args(kind)[0], v, name) for v in value)
    elif origin is dict:
        if isinstance(value, dict) and all(isinstance(k, str) for k in value):
            return {k: _convert(get_args(kind)[1], v, name) for k, v in value.items()}
    elif isinstance(kind, type) and is_dataclass(kind):
        return decode(kind, value)
    elif _is_plain(kind, value):
        return kind(value)
    raise ValueError(f"{name} has the wrong type or a value that is not allowed")


def _convert_union(kinds: tuple[Any, ...], value: object, name: str) -> Any:
    if value is None and NoneType in kinds:
        return None
    # Exact types first, so that a JSON 1 stays an int where both int and float are allowed.
    for kind in sorted(kinds, key=lambda k: type(value) is not k):
        if kind is NoneType:
            continue
        try:
            return _convert(kind, value, name)
        except ValueError:
            continue
    raise ValueError(f"{name} has the wrong type or a value that is not allowed")


def _is_plain(kind: Any, value: object) -> bool:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return isinstance(value, str) and value in set(kind)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is str:
        return isinstance(value, str)
    return kind is bool and isinstance(value, bool)


def is_text(value: str) -> bool:
    """Return whether a text can be written as UTF-8: JSON may carry half a surrogate pair, which no screen shows."""
    return not any("\ud800" <= character <= "\udfff" for character in value)
