"""Rules of the house that one would otherwise have to remember: imports, purity, sizes, docs that do not rot."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from live_scribe.cli import app
from live_scribe.config import SETTINGS
from live_scribe.core.codec import by_name
from live_scribe.core.commands import DeskCommand
from live_scribe.core.events import Fact

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "live_scribe"
MODULES = sorted(PACKAGE.rglob("*.py"))

INSIDE = {"core", "ports", "errors"}
READERS = {"resources", "samples", "templates"}
SERVICE = {
    *("session", "hub", "visits", "listening", "hearing", "again", "scribing", "drafting_queue"),
    *("wordbook", "rulebook", "naming", "lacks", "look_alikes", "language_watch", "advising"),
}
MAY_IMPORT = {
    "core": {"core", "errors"},
    "errors": set[str](),
    "ports": {"core"},
    **{adapter: INSIDE | READERS | {adapter} for adapter in ("audio", "asr", "drafting", "storage")},
    **dict.fromkeys(SERVICE, INSIDE | SERVICE),
    "sandbox": {"errors"},
    "render": INSIDE | READERS | {"sandbox"},
    "plain": INSIDE | READERS,
    "summary": INSIDE | READERS | {"plain", "render"},
    **dict.fromkeys(READERS, INSIDE | READERS),
    "web": INSIDE | SERVICE | {"web", "samples", "render"},
}
"""What each part may import of the others; parts that are not named (cli, commands, wiring, …) may import anything."""

IMPURE = {"asyncio", "logging", "time", "random", "secrets", "os", "pathlib", "socket", "threading", "subprocess", "io"}
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_MODULE_JS = 400, 40, 250


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_point_down() -> None:
    upward = []
    for path in MODULES:
        allowed = MAY_IMPORT.get(part_of(path))
        ours = {name.split(".")[1] for name in imports(path) if name.startswith("live_scribe.")}
        if allowed is not None and ours - allowed - {"__version__"}:
            upward.append((str(path.relative_to(PACKAGE)), sorted(ours - allowed)))
    assert upward == []


def test_the_core_is_pure() -> None:
    for path in (PACKAGE / "core").glob("*.py"):
        outside = {name.split(".")[0] for name in imports(path)} - {"live_scribe", "__future__"}
        assert outside <= sys.stdlib_module_names, path.name
        assert not outside & IMPURE, path.name
        assert not re.search(r"\bopen\(|datetime\.now|print\(", path.read_text(encoding="utf-8")), path.name


def test_files_and_functions_are_small() -> None:
    large = []
    for path, tree in TREES.items():
        if path.read_text(encoding="utf-8").count("\n") > LONGEST_FILE:
            large.append(path.name)
        # A migration lists a schema, once and for all.
        if "versions" not in path.parts:
            functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
            large += [f"{path.name}: {f.name}" for f in functions if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION]
    assert large == []


def test_the_pages_modules_are_small_and_never_write_html() -> None:
    modules = sorted((PACKAGE / "web" / "static").rglob("*.js"))
    assert modules
    for path in modules:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST_MODULE_JS, path.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), path.name


def test_fields_with_patients_words_are_not_printed() -> None:
    printed = []
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(d) for d in node.decorator_list):
                for line in node.body:
                    if isinstance(line, ast.AnnAssign) and ast.unparse(line.target) in ("text", "quote", "pcm"):
                        if line.value is None or "repr=False" not in ast.unparse(line.value):
                            printed.append(f"{node.name}.{ast.unparse(line.target)}")
    assert printed == []


def test_every_public_name_says_what_it_is() -> None:
    silent = []
    for path, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith(
                "_"
            ):
                if ast.get_docstring(node) is None:
                    silent.append(f"{path.name}: {node.name}")
    assert silent == []


def test_every_fact_and_command_is_in_the_protocol() -> None:
    protocol = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    missing = [name for name in (*by_name(Fact), *by_name(DeskCommand)) if not re.search(rf"\b{name}\b", protocol)]
    assert missing == []


COMMANDS = "demo serve listen transcribe draft scribe users terms templates devices models doctor export verify"
"""Those of docs/protocol.md."""


def test_every_command_and_option_is_in_its_line_of_the_documentation() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    group: Any = typer.main.get_command(app)
    assert set(group.commands) == set(COMMANDS.split())
    commands = {name: command for name, command in group.commands.items() if not hasattr(command, "commands")}
    for part in ("users", "terms", "templates"):
        commands |= {f"{part} {name}": command for name, command in group.commands[part].commands.items()}
    for name, command in commands.items():
        (line,) = re.findall(rf"^\| `{name}\b.*$", page, re.MULTILINE)
        told = set(re.findall(r"`(--[a-z-]+)`", line))
        assert told >= {option for p in command.params for option in p.opts if option.startswith("--")}, name
        assert told <= {option for command in commands.values() for p in command.params for option in p.opts}, name


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [name for name in SETTINGS if f"| `{name}` |" not in page] == []


def test_no_file_names_a_place_that_only_one_machine_has() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    private = re.compile(r"(?<![\w.~$}])/(?:home|Users|work)/\w+")
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".js", ".html", ".css", ".j2", ""} and path.is_file():
            assert not private.search(path.read_text(encoding="utf-8")), name
