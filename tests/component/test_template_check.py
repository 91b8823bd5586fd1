"""`templates check` explains every mistake with file and line, and a wrong template stops nothing."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from live_scribe import printing, resources, templates
from live_scribe.cli import app
from live_scribe.errors import TemplateError
from live_scribe.template_check import check
from live_scribe.templates import Shelf, installed
from live_scribe.templates.patterns import cost_of, wrong_pattern


def write(root: Path, id_: str, **files: str) -> Path:
    """Write a template's files; a "__" in a name is a dot."""
    folder = root / id_
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def told(root: Path, id_: str, *, costs: bool = False) -> list[str]:
    return [str(m) for m in check(Shelf((root, *installed().roots)), id_, costs=costs)]


BASED = 'title = "Mine"\nextends = "soap/general"\n'


@pytest.mark.parametrize("id_", installed().ids())
def test_what_comes_with_live_scribe_has_no_mistake(id_: str) -> None:
    assert check(installed(), id_, costs=False) == []


def test_all_mistakes_of_a_template_are_told_each_with_file_and_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        "soap/mine",
        template__toml=BASED + 'titel = "Mine"\n',
        sections__toml='[[section]]\nid = "new"\npart = "middle"\ntitle = "N"\n\n[[section]]\nid = "ros"\nrequired = 3',
        cues__toml='[speach]\nfillers = []\n\n[[question]]\npattern = "(a"\nlead = "A"\nsection = "nowhere"\n',
        note__md__j2="fine\n{% if %}\n",
        note__txt__j2="{{ note.visit | attr('x') }}\n",
    )
    found = told(tmp_path, "soap/mine")
    for expected in (
        "soap/mine/template.toml, line 3: unknown key 'titel'",
        "soap/mine/sections.toml, line 3: part must be one of",
        "soap/mine/sections.toml, line 8: required must be true or false",
        "soap/mine/cues.toml, line 1: unknown table 'speach'",
        "soap/mine/cues.toml, line 5: not a regular expression",
        "soap/mine/cues.toml, line 5: [[question]]: the template has no section 'nowhere'",
        "soap/mine/note.md.j2, line 2:",
        "soap/mine/note.txt.j2, line 1: the filter 'attr'",
    ):
        assert any(line.startswith(expected) for line in found), (expected, found)


def test_every_undefined_name_is_told_at_its_line(tmp_path: Path) -> None:
    printing_all = "{% for s in note.sections %}{% for t in s.statements %}{{ t.text }}{% endfor %}{% endfor %}\n"
    source = "{{ a }}\n{{ patient.naem }}\n{% for x in b %}{% endfor %}\n" + printing_all
    write(tmp_path, "soap/mine", template__toml=BASED, note__txt__j2=source)
    found = told(tmp_path, "soap/mine")
    for line, what in ((1, "'a' is undefined"), (2, "no attribute 'naem'"), (3, "'b' is undefined")):
        assert any(f"note.txt.j2, line {line}:" in text and what in text for text in found), found
    assert len(found) == 3


def test_a_section_that_is_never_printed_is_told(tmp_path: Path) -> None:
    source = (
        '{% for s in note.sections if s.id != "risk" %}{% for t in s.statements %}{{ t.text }}{% endfor %}{% endfor %}'
    )
    section = '[[section]]\nid = "risk"\npart = "objective"\ntitle = "Risk"\n'
    write(tmp_path, "soap/mine", template__toml=BASED, sections__toml=section, note__md__j2=source)
    assert told(tmp_path, "soap/mine") == [
        "soap/mine/note.md.j2, line 1: the section 'risk' is never printed: what it holds would be lost"
    ]


@pytest.mark.parametrize(
    ("extends", "expected"),
    [("soap/nothing", "there is no template"), ("../../etc", "there is no template"), ("soap/two", "a circle")],
)
def test_a_template_that_builds_on_nothing_or_on_itself_is_told(tmp_path: Path, extends: str, expected: str) -> None:
    write(tmp_path, "soap/one", template__toml=f'title = "One"\nextends = "{extends}"\n')
    write(tmp_path, "soap/two", template__toml='title = "Two"\nextends = "soap/one"\n')
    (found,) = [line for line in told(tmp_path, "soap/one") if "extends" in line]
    assert "template.toml, line 2" in found and expected in found


@pytest.mark.parametrize("pattern", ["(?:a+)+$", "(a|aa)+$", r"\b(?:\w+\s?)*:", "x(?:(?:b|c)*d?)*y"])
def test_a_pattern_that_would_take_for_ever_is_stopped(pattern: str) -> None:
    assert cost_of(["fine", pattern, "fine"], 0.1, 60) == 1


def test_a_pattern_that_would_take_for_ever_is_told_at_its_line(tmp_path: Path) -> None:
    cues = '[[question]]\npattern = "fine"\nlead = "A"\nsection = "hpi"\n\n[[question]]\npattern = "(?:\\\\w+ ?)*:"\n'
    write(tmp_path, "soap/mine", template__toml=BASED, cues__toml=cues + 'lead = "B"\nsection = "hpi"\n')
    (found,) = told(tmp_path, "soap/mine", costs=True)
    assert found.startswith("soap/mine/cues.toml, line 7: the pattern takes too long")


def test_patterns_as_they_are_written_are_tried_in_no_time() -> None:
    assert cost_of([r"\bhow (?:bad|severe)\b", r"(?:[a-z-]+ ){0,3}?knee", r"^(?:so |and )*first"], 1.0, 60) == 3


def test_a_pattern_too_long_or_not_one_is_no_pattern() -> None:
    assert wrong_pattern("a" * 30_000) and wrong_pattern("(a") and wrong_pattern("a" * 20) is None


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("{{ note.visit }} hidden")
    folder = write(tmp_path / "own", "soap/mine", template__toml=BASED)
    (folder / "note.md.j2").symlink_to(secret)
    (found,) = told(tmp_path / "own", "soap/mine")
    assert "note.md.j2, line 1: a link that leads elsewhere is not followed" in found


def test_a_linked_folder_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", "mine", template__toml=BASED)
    (tmp_path / "own" / "soap").mkdir(parents=True)
    (tmp_path / "own" / "soap" / "mine").symlink_to(tmp_path / "elsewhere" / "mine")
    assert any("a link that leads elsewhere" in line for line in told(tmp_path / "own", "soap/mine"))


def test_a_clinic_adds_a_template_and_changes_one_by_a_folder_alone(tmp_path: Path) -> None:
    write(tmp_path, "soap/ours", template__toml='title = "Ours"\nextends = "soap/cardiology"\n')
    renamed = '[[section]]\nid = "hpi"\ntitle = "Story"\n'
    write(
        tmp_path,
        "soap/general",
        template__toml='title = "Ours too"\nextends = "soap/general"\n',
        sections__toml=renamed,
    )
    shelf = templates.with_own(tmp_path)
    assert {"id": "soap/ours", "title": "Ours", "about": ""} in shelf.listed()
    assert {s.id: s.title for s in shelf.load("soap/general").sections}["hpi"] == "Story"
    assert {s.id: s.title for s in shelf.load("soap/ours").sections}["hpi"] == "Story", (
        "what builds on it changes with it"
    )


def test_a_closed_section_names_where_its_statements_go(tmp_path: Path) -> None:
    write(tmp_path, "soap/mine", template__toml=BASED, sections__toml='[[section]]\nid = "psh"\ninto = "pmh"\n')
    template = Shelf((tmp_path, *installed().roots)).load("soap/mine")
    assert template.into == {"psh": "pmh"} and "psh" not in [s.id for s in template.sections]


def test_wrong_templates_are_left_out_and_named_in_the_log_by_id_and_count(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, "soap/wrong", template__toml=BASED, note__md__j2="{{ nothing }}{{ at_all }}")
    write(tmp_path, "soap/right", template__toml=BASED)
    with caplog.at_level(logging.WARNING):
        shelf = printing.sound_shelf(tmp_path)
    (record,) = caplog.records
    assert record.__dict__["code"] == "soap/wrong" and record.__dict__["count"] > 1
    assert {"soap/right", "soap/general"} <= {t["id"] for t in shelf.listed()}
    assert "soap/wrong" not in {t["id"] for t in shelf.listed()}
    with pytest.raises(TemplateError, match="templates check"):
        shelf.load("soap/wrong")


def test_the_command_tells_every_mistake_and_leaves_with_one(tmp_path: Path) -> None:
    write(tmp_path, "soap/wrong", template__toml=BASED + "titel = 3\n", sections__toml="order = 3\n")
    result = CliRunner().invoke(app, ["templates", "check", str(tmp_path / "soap" / "wrong")])
    assert result.exit_code == 1
    assert "soap/wrong/template.toml, line 3" in result.stdout and "soap/wrong/sections.toml, line 1" in result.stdout


def test_the_command_takes_a_folder_of_templates(tmp_path: Path) -> None:
    write(tmp_path, "soap/right", template__toml=BASED)
    write(tmp_path, "soap/wrong", template__toml='extends = "soap/none"\n')
    for folder in (tmp_path, tmp_path / "soap"):
        result = CliRunner().invoke(app, ["templates", "check", str(folder)])
        assert result.exit_code == 1 and "soap/wrong/template.toml, line 1" in result.stdout


def test_the_command_lists_the_templates_with_their_titles(tmp_path: Path) -> None:
    write(tmp_path, "soap/ours", template__toml='title = "Ours"\nabout = "For us."\nextends = "soap/general"\n')
    result = CliRunner().invoke(app, ["templates", "list", "--templates", str(tmp_path)])
    assert "soap/ours\tOurs\tFor us." in result.stdout and "soap/cardiology\tCardiology" in result.stdout


def test_a_note_may_be_drafted_by_a_template_of_ones_own(tmp_path: Path) -> None:
    renamed = '[[section]]\nid = "chief_complaint"\ntitle = "Why they came"\n'
    write(tmp_path / "own", "soap/ours", template__toml=BASED, sections__toml=renamed)
    said = tmp_path / "said.txt"
    said.write_text("[doctor] What brings you in today?\n[patient] My knee has been hurting for two weeks.\n")
    arguments = ["draft", str(said), "--template", "soap/ours", "--templates", str(tmp_path / "own")]
    assert "## Why they came" in CliRunner().invoke(app, arguments).stdout


def test_a_copy_of_the_installed_templates_is_sound(tmp_path: Path) -> None:
    shutil.copytree(resources.folder("templates") / "dap", tmp_path / "dap")
    assert told(tmp_path, "dap/general") == []
    assert templates.with_own(tmp_path / "none").roots == installed().roots
