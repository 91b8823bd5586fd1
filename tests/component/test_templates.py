"""Templates are folders; every mistake in one names its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from live_scribe import resources, templates
from live_scribe.core.note import Part
from live_scribe.drafting.vocabulary import vocabulary
from live_scribe.errors import TemplateError

ORDER = (
    "chief_complaint hpi ros pmh psh family_history social_history medications allergies vitals exam results assessment"
    " plan"
).split()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the templates that a test may break."""
    shutil.copytree(resources.folder("templates"), tmp_path / "templates")
    return tmp_path / "templates"


def edit(root: Path, file: str, old: str, new: str) -> int:
    """Change a file of soap/general; return the line of the change."""
    path = root / "soap" / "general" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_soap_is_soap_general_with_its_sections_in_order() -> None:
    template = templates.load("soap")
    assert template.id == "soap/general"
    assert [s.id for s in template.sections] == ORDER
    assert template.sections[ORDER.index("vitals")].part is Part.OBJECTIVE


def test_required_sections_without_statements_are_missing_in_order() -> None:
    template = templates.load("soap/general")
    assert templates.missing(template, {"hpi", "plan", "chief_complaint"}) == ("medications", "allergies", "assessment")


@pytest.mark.parametrize("name", ["nosuch", "soap/nosuch", "../soap", "soap/../soap", "/etc", "", "soap/general/x"])
def test_an_unknown_template_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(TemplateError, match="soap/general"):
        templates.load(name)


def test_a_mistake_of_toml_names_file_and_line(root: Path) -> None:
    line = edit(root, "sections.toml", 'id = "ros"', "id = ros")
    with pytest.raises(TemplateError, match=rf"soap/general/sections.toml, line {line}:"):
        templates.load("soap", root=root)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('part = "objective"', 'part = "middle"', "part must be"),
        ('id = "ros"', 'id = "hpi"', "twice"),
        ('id = "ros"', 'id = "R O S"', "small letters"),
        ("required = true", "required = 1", "true or false"),
        ('title = "Review of systems"', 'titel = "Review of systems"', "titel"),
    ],
)
def test_a_wrong_section_is_refused_at_its_line(root: Path, old: str, new: str, told: str) -> None:
    edit(root, "sections.toml", old, new)
    with pytest.raises(TemplateError, match=rf"sections.toml, line \d+: .*{told}"):
        templates.load("soap", root=root)


def test_a_missing_file_is_named(root: Path) -> None:
    (root / "soap" / "general" / "note.txt.j2").unlink()
    with pytest.raises(TemplateError, match=r"note.txt.j2, line 1: the file is missing"):
        templates.load("soap", root=root)


def test_a_file_that_is_no_text_is_named(root: Path) -> None:
    (root / "soap" / "general" / "cues.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match=r"cues.toml, line 1:"):
        templates.load("soap", root=root)


def test_a_wrong_pattern_in_the_cues_names_its_line(root: Path) -> None:
    line = edit(root, "cues.toml", 'family_question = "', 'family_question = "(')
    with pytest.raises(TemplateError, match=rf"cues.toml, line {line}: not a regular expression"):
        vocabulary(templates.load("soap", root=root))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("doubtful = 0.6", 'doubtful = "often"', "doubtful"),
        ("[plan]", "[plans]", "plan"),
        ('unit = "bpm"', 'units = "bpm"', "Heart rate"),
        ('fillers = ["u"', 'fillers = [3, "u"', "fillers"),
    ],
)
def test_a_wrong_cue_is_refused(root: Path, old: str, new: str, told: str) -> None:
    edit(root, "cues.toml", old, new)
    with pytest.raises(TemplateError, match=rf"cues.toml, line \d+: .*{told}"):
        vocabulary(templates.load("soap", root=root))


def test_a_section_says_what_is_asked_for_and_its_topics() -> None:
    sections = {s.id: s for s in templates.load("soap").sections}
    assert sections["allergies"].asked is not None
    topics = {t.id: t for t in sections["social_history"].topics}
    assert topics["tobacco"].required and not topics["occupation"].required


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('id = "tobacco"', 'id = "To bacco"', "small letters"),
        ('id = "tobacco"', 'id = "alcohol"', "same id"),
        ('title = "Tobacco"', 'tittle = "Tobacco"', "unknown key 'tittle'"),
        ("asked = '\\ballerg", "asked = '(\\ballerg", "not a regular expression"),
        ("asked = '\\ballerg(?:y|ies|ic)\\b'", "asked = 3", "must be a text"),
    ],
)
def test_a_mistake_in_a_topic_names_the_file_and_a_line_near_it(root: Path, old: str, new: str, what: str) -> None:
    line = edit(root, "sections.toml", old, new)
    with pytest.raises(TemplateError, match=rf"sections.toml, line \d+: .*{what}") as caught:
        templates.load("soap", root=root)
    said = int(str(caught.value).split("line ")[1].split(":")[0])
    assert abs(line - said) <= 6
