"""Regular expressions that others wrote: compiled, or told what is wrong with them; and strings that try their cost."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

LONGEST_PATTERN = 20_000
"""Characters: the longest pattern of the general note has a tenth of this."""
REPEATS = (28, 300)
"""How often a repeated part of a pattern is repeated in a string that tries it: so that a cost that doubles with each
repetition shows in the first, one that grows with their third power or faster in the second."""
TOO_SLOW = 3
"""Exit status of the process that tries patterns, where one takes too long."""
_STOPPED = (-26, -9)
"""What the system ends it with where a single search does: SIGVTALRM, or SIGKILL."""
MOST_TRIALS = 400
"""Strings tried for one pattern; a pattern with more repeated parts is tried in its first ones."""

_NOWHERE = object()
_REPEATED = {_constants.MAX_REPEAT, _constants.MIN_REPEAT}
_IN_CLASS = {_constants.CATEGORY_DIGIT: "7", _constants.CATEGORY_SPACE: " ", _constants.CATEGORY_WORD: "a"}


def wrong_pattern(source: str) -> str | None:
    """Return what is wrong with a regular expression, None where nothing is."""
    if len(source) > LONGEST_PATTERN:
        return f"the pattern is longer than {LONGEST_PATTERN} characters"
    try:
        re.compile(source)
    except (re.error, RecursionError, OverflowError) as exc:
        return f"not a regular expression: {exc.msg if isinstance(exc, re.error) else 'too large'}"
    return None


def trials(source: str) -> Iterator[str]:
    """Yield strings that nearly match a pattern, each with one of its parts repeated, and then end otherwise."""
    tree = _parser.parse(source)
    made = 0
    for target in _repeats(tree):
        for times in REPEATS:
            if made >= MOST_TRIALS:
                return
            made += 1
            text, _ = _text(tree, target, times)
            yield text + "\n\x00"


def _repeats(tree: Any) -> Iterator[Any]:
    for op, value in tree:
        if op in _REPEATED and value[1] > 1:
            yield value
        for inner in _inner(op, value):
            yield from _repeats(inner)


def _inner(op: Any, value: Any) -> list[Any]:
    if op in _REPEATED or op is _constants.POSSESSIVE_REPEAT:
        return [value[2]]
    if op is _constants.SUBPATTERN:
        return [value[3]]
    if op is _constants.BRANCH:
        return list(value[1])
    if op in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [value[1]]
    return [value] if op is _constants.ATOMIC_GROUP else []


def _text(tree: Any, target: Any, times: int) -> tuple[str, bool]:
    """Return a text that the tree matches up to the repeated `target`, and whether that was reached."""
    made = ""
    for op, value in tree:
        if value is target:
            return made + _text(value[2], _NOWHERE, 1)[0] * times, True
        part, reached = _part(op, value, target, times)
        made += part
        if reached:
            return made, True
    return made, False


def _part(op: Any, value: Any, target: Any, times: int) -> tuple[str, bool]:
    if op is _constants.LITERAL:
        return chr(value), False
    if op is _constants.IN:
        return _of_class(value), False
    if op in (_constants.ANY, _constants.NOT_LITERAL):
        return "a", False
    if op is _constants.BRANCH:
        tried = [_text(branch, target, times) for branch in value[1]]
        return next((t for t in tried if t[1]), tried[0])
    inner = [] if op is _constants.ASSERT_NOT else _inner(op, value)
    if not inner:
        return "", False
    text, reached = _text(inner[0], target, times)
    needed = value[0] if op in _REPEATED and not reached else 1
    return text * min(needed, REPEATS[0]), reached


def _of_class(members: Any) -> str:
    for op, value in members:
        if op is _constants.LITERAL:
            return chr(value)
        if op is _constants.RANGE:
            return chr(value[0])
        if op is _constants.CATEGORY:
            return _IN_CLASS.get(value, "!")
    return "!"


def cost_of(patterns: Sequence[str], cpu_s: float, wall_s: float) -> int:
    """Return how many of the patterns, from the first on, are each done with their trials in `cpu_s` seconds.

    They are tried in a process of its own: a search that does not end cannot be stopped from within.
    """
    command = [sys.executable, "-I", "-c", _TRIER, str(Path(__file__).resolve()), str(cpu_s)]
    asked = "".join(json.dumps(p) + "\n" for p in patterns)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            answer, _ = process.communicate(asked, timeout=wall_s)
        except subprocess.TimeoutExpired:
            process.kill()
            answer, _ = process.communicate()
    if process.returncode not in (0, TOO_SLOW, *_STOPPED):
        raise OSError("the patterns could not be tried")
    return answer.count("+")


_TRIER = """
import importlib.util, json, re, signal, sys, time
spec = importlib.util.spec_from_file_location("patterns", sys.argv[1])
patterns = importlib.util.module_from_spec(spec)
spec.loader.exec_module(patterns)
for line in sys.stdin:
    source = json.loads(line)
    start = time.process_time()
    if hasattr(signal, "setitimer"):  # the system ends the process where a search takes longer
        signal.setitimer(signal.ITIMER_VIRTUAL, float(sys.argv[2]))
    try:
        compiled, tried = re.compile(source), patterns.trials(source)
    except re.error:
        compiled, tried = None, ()
    for text in tried:
        compiled.search(text)
        if time.process_time() - start > float(sys.argv[2]):
            raise SystemExit(3)
    print("+", end="", flush=True)
"""
