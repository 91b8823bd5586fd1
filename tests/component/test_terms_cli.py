"""Lists of words by the command line: add, list, import, export; one plain line for what cannot be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.component.stored_lists import store_visits
from tests.component.stored_visits import lay_out
from tests.component.test_cli import Runner, run  # noqa: F401  # a fixture


@pytest.fixture
def lists(run: Runner, tmp_path: Path) -> Runner:  # noqa: F811  # the fixture
    lay_out(tmp_path / "data")
    (tmp_path / "data" / "master.key").write_text("A" * 43 + "=\n")
    return run


def test_terms_are_added_and_listed_by_alphabet(lists: Runner) -> None:
    assert lists("terms", "add", "Zepbound", "--kind", "drug")[0] == 0
    assert lists("terms", "add", "  Ward   7 ")[0] == 0
    assert lists("terms", "list") == (0, "other\tWard 7\ndrug\tZepbound\n", "")


def test_what_was_exported_is_imported_elsewhere(lists: Runner, tmp_path: Path) -> None:
    file = tmp_path / "ours.txt"
    file.write_text("# ours\ndrug: Zepbound\nWard 7\n", encoding="utf-8")
    assert lists("terms", "import", file) == (0, "", "2 new term(s)\n")
    assert lists("terms", "export") == (0, "drug: Zepbound\nother: Ward 7\n", "")
    out = tmp_path / "out.txt"
    assert lists("terms", "export", "--out", out) == (0, "", "")
    out.write_text(out.read_text(encoding="utf-8").replace("Zepbound", "Wegovy"), encoding="utf-8")
    assert lists("terms", "import", out, "--replace") == (0, "", "1 new term(s)\n")
    assert lists("terms", "list")[1] == "other\tWard 7\ndrug\tWegovy\n"


def test_a_users_own_list_is_apart(lists: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse\n"))
    assert lists("users", "add", "ann", "--role", "scribe")[0] == 0
    assert lists("terms", "add", "Okonkwo", "--user", "ann")[0] == 0
    assert lists("terms", "list")[1] == ""
    assert lists("terms", "export", "--user", "ann")[1] == "other: Okonkwo\n"


def test_stored_visits_teach_when_asked_to(run: Runner, tmp_path: Path) -> None:  # noqa: F811  # the fixture
    store_visits(tmp_path / "data", learn=False)
    assert run("terms", "list")[1] == ""
    assert run("terms", "learn") == (0, "", "4 visit(s) read\n")
    assert "drug\tlisinopril\tset right 3 times\n" in run("terms", "list")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "x" * 61], "at most"),
        (["add", "a", "--user", "nobody"], "no account nobody"),
        (["import", "none.txt"], "no such file"),
        (["add"], "--help` says more"),
    ],
)
def test_what_cannot_be_is_one_plain_line(lists: Runner, arguments: list[str], said: str) -> None:
    status, out, err = lists("terms", *arguments)
    assert status in (1, 2) and out == "" and said in err and err.count("\n") == 1


def test_a_file_with_a_mistake_changes_nothing_and_names_the_line(lists: Runner, tmp_path: Path) -> None:
    file = tmp_path / "bad.txt"
    file.write_bytes(b"Wegovy\nname:\n")
    assert lists("terms", "import", file)[2] == "live-scribe: line 2: a term has at least one letter or digit\n"
    file.write_bytes(b"\xff\xfe")
    assert "not a text in UTF-8" in lists("terms", "import", file)[2]
    assert lists("terms", "list")[1] == ""
