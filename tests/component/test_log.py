"""No word that was spoken or typed reaches a log, at any level, by any of the ways it usually does."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from live_scribe import log
from tests.component.running import SCRIPT, receive_until, running, speak

CANARY = "Rumpelstiltskin"


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in log.PINNED}
    log.set_up("DEBUG")
    yield capsys
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_arguments_exceptions_and_foreign_fields_are_left_out(logged: pytest.CaptureFixture[str]) -> None:
    own, foreign = logging.getLogger("live_scribe.x"), logging.getLogger("websockets.client")
    own.info("said %s", CANARY)
    own.info("said", extra={"text": CANARY, "visit": "v1"})
    foreign.debug(CANARY)
    foreign.warning("> TEXT '%s'", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError:
        own.exception("failed")
    out = logged.readouterr().err
    assert CANARY not in out
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[1]["visit"] == "v1" and lines[-1]["error"] == "ValueError"


def test_on_a_console_the_same_fields_and_no_others_are_shown(logged: pytest.CaptureFixture[str]) -> None:
    log.set_up("DEBUG", "console")
    logging.getLogger("live_scribe.x").warning("said %s", CANARY, extra={"text": CANARY, "visit": "v1", "count": 3})
    line = logged.readouterr().err
    assert line.rstrip().endswith("WARNING live_scribe.x: said %s visit=v1 count=3") and CANARY not in line


async def test_a_whole_visit_at_debug_says_no_word_of_it(tmp_path: Path, logged: pytest.CaptureFixture[str]) -> None:
    script = [(CANARY if word == "lisinopril" else word, start, end) for word, start, end in SCRIPT]
    async with running(tmp_path, script) as service:
        visit = await service.open_visit(patient={"name": CANARY})
        async with service.socket("scribe", f"/visits/{visit}/live") as live:
            async with service.socket("scribe", f"/visits/{visit}/audio") as audio:
                await speak(audio, script)
            await receive_until(live, "settled")
            await live.send(json.dumps({"id": "1", "type": "add_statement", "section": "plan", "text": CANARY}))
            await receive_until(live, "accepted")
            await live.send(json.dumps({"id": "2", "type": CANARY}))
            refused = (await receive_until(live, "refused"))[-1]
        assert CANARY in (await service.call("scribe", "GET", f"/visits/{visit}")).text
        metrics = (await service.http.get("/metrics")).text
    assert CANARY not in metrics and CANARY not in json.dumps(refused)
    assert CANARY not in logged.readouterr().err
