"""A template that others wrote reaches nothing but the note, and neither works nor writes for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from live_scribe import templates
from live_scribe.errors import TemplateError
from live_scribe.render import render

TEMPLATE = templates.load("soap")
NOTE: dict[str, Any] = {
    "template": "soap/general",
    "visit": "v1",
    "state": "draft",
    "missing": [],
    "sections": [
        {
            "id": "hpi",
            "part": "subjective",
            "title": "History",
            "statements": [{"text": "It <b>hurts</b>.", "problem": None, "item": None}],
        }
    ],
}


def printed(source: str, html: bool = False, files: dict[str, str] | None = None) -> str:
    """Print a note by this source; `files` are others of its folder."""
    name = "note.html.j2" if html else "note.txt.j2"
    return render(replace(TEMPLATE, sources={**(files or {}), name: source}), NOTE, "html" if html else "text")


ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ note.__class__.__init__.__globals__ }}",
    "{{ ''['__class__'] }}",
    "{{ note['__cla' ~ 'ss__'] }}",
    "{{ note | attr('__class__') }}",
    "{{ [note] | map('attr', '__class__') | list }}",
    "{{ [note] | sort(attribute='__class__.__mro__') }}",
    "{{ [note] | groupby('__class__.__base__') }}",
    "{{ [note] | sum(attribute='__class__') }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ lipsum.__globals__ }}",
    "{{ namespace.__init__ }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ range(3).__class__ }}",
    "{{ loop.__class__ }}",
    "{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% for x in [1] %}{{ loop._iterable.__class__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{{ '{0.__class__}'.format(note) }}",
    "{{ '{0.__class__}' | format(note) }}",
    "{{ '%s' % note }}",
    "{{ note.sections.append(1) }}",
    "{{ note.update({'state': 'signed'}) }}",
    "{{ note.pop('state') }}",
    "{{ note.sections.clear() }}",
    "{{ config }}",
    "{{ request }}",
    "{{ environment }}",
    "{{ __import__('os') }}",
    "{{ open('x') }}",
    "{{ note.sections | tojson }}",
    "{{ '<b>' | safe }}",
    "{{ x.real.__class__ if (x := 1) else 1 }}",
    "{% include 'note.html.j2' %}",
    "{% include '../general/cues.toml' %}",
    "{% include '/etc/hostname' %}",
    "{% include note.visit %}",
    "{% import '/etc/hostname' as e %}",
    "{% extends '../../soap/general/note.txt.j2' %}",
    "{% from 'os' import system %}",
    "{% do note.clear() %}",
    "{% set note.state = 'signed' %}",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_the_known_ways_out_are_closed_and_told_with_file_and_line(source: str) -> None:
    with pytest.raises(TemplateError, match=r"soap/general/note.txt.j2, line \d+"):
        printed(source)
    assert NOTE["state"] == "draft" and len(NOTE["sections"]) == 1


def test_an_attribute_that_is_kept_from_a_template_prints_nothing_of_python() -> None:
    assert printed("{{ [note] | map(attribute='__class__') | list }}") == "[Undefined]\n"


ENDLESS = [
    "{% for i in range(10 ** 9) %}x{% endfor %}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}{% endfor %}{% endfor %}{% endfor %}",
    "{{ 'x' * 10 ** 9 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 'x' | center(1000000000) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ 'x'.ljust(1000000000) }}",
    "{{ 'x' | indent(1000000000) }}",
    "{{ lipsum(n=100000000) }}",
    "{{ 'aaaa'.replace('a', 'a' ~ 'a') }}",
    "{% set a = 'xxxxxxxxxx' %}" + "".join("{% set a = a ~ a ~ a ~ a %}" for _ in range(20)) + "{{ a }}",
    "{% set a = [1, 1] %}" + "".join("{% set a = [a, a] | sum(start=[]) %}" for _ in range(40)) + "{{ a }}",
    "{% set a = [1, 1, 1, 1] %}" + "".join("{% set a = [a, a, a, a] %}" for _ in range(20)) + "{{ a }}",
    "{% set a = ['xxxx'] %}"
    + "".join("{% set a = [a, a, a, a] | map('join', 'yy') | list %}" for _ in range(16))
    + "{{ a }}",
    "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
    "{% macro m(x) %}{{ x }}{{ x }}{{ x }}{{ x }}{% endmacro %}" + "{{ " + "m(" * 20 + "'xxxx'" + ")" * 20 + " }}",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
    "{% for x in range(900) recursive %}{{ loop(range(900)) }}{% endfor %}",
    "{% include 'note.txt.j2' %}",
    "{% include 'note.txt.j2' %}{% include 'note.txt.j2' %}",
    "{% extends 'note.txt.j2' %}",
    "{% import 'note.txt.j2' as me %}",
    "{% for i in range(999) %}{% for j in range(999) %}{{ note.sections | sort }}{% endfor %}{% endfor %}",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    "{{ " + "not " * 3000 + "1 }}",
    "".join("{% if 1 %}" for _ in range(400)) + "".join("{% endif %}" for _ in range(400)),
    "".join("{% for x in [1] %}" for _ in range(30)) + "x" + "".join("{% endfor %}" for _ in range(30)),
    "x" * 200_000,
]


@pytest.mark.parametrize("source", ENDLESS, ids=range(len(ENDLESS)))
def test_what_would_not_end_or_grow_without_end_is_stopped(source: str) -> None:
    with pytest.raises(TemplateError, match=r"soap/general/note.txt.j2, line \d+"):
        printed(source)


def test_files_that_include_each_other_twice_are_stopped() -> None:
    chain = {f"f{n}.j2": f"{{% include 'f{n + 1}.j2' %}}" * 2 for n in range(40)}
    with pytest.raises(TemplateError, match="steps"):
        printed("{% include 'f0.j2' %}", files={**chain, "f40.j2": "x"})


def test_a_template_uses_the_files_of_its_folder() -> None:
    files = {"head.j2": "Head ", "m.j2": "{% macro twice(x) %}{{ x ~ x }}{% endmacro %}"}
    source = "{% include 'head.j2' %}{% from 'm.j2' import twice %}{{ twice('a') }}"
    assert printed(source, files=files) == "Head aa\n"


def test_what_patients_say_is_escaped_in_html_however_it_is_joined() -> None:
    text = "note.sections[0].statements[0].text"
    for source in (
        f"{{{{ {text} }}}}",
        f"{{{{ 'a' ~ {text} }}}}",
        f"{{{{ [{text}, {text}] | join(' ') }}}}",
        f"{{% macro m(x) %}}<i>{{{{ x }}}}</i>{{% endmacro %}}{{{{ m({text}) ~ {text} }}}}",
        f"{{% set x %}}{{{{ {text} }}}}{{% endset %}}{{{{ x }}}}",
    ):
        assert "<b>" not in printed(source, html=True) and "&lt;b&gt;hurts" in printed(source, html=True)


@pytest.mark.parametrize(
    "source", ["{% autoescape false %}{{ note.visit }}{% endautoescape %}", "{{ note.visit | safe }}"]
)
def test_escaping_is_not_turned_off(source: str) -> None:
    with pytest.raises(TemplateError, match=r"note.html.j2, line 1"):
        printed(source, html=True)


def test_a_whole_days_note_is_printed() -> None:
    rows = [{"text": f"Statement number {n} of a very long day.", "problem": None, "item": None} for n in range(5000)]
    long = {**NOTE, "sections": [{**NOTE["sections"][0], "id": "exam", "statements": rows}]}
    assert render(TEMPLATE, long, "markdown").count("Statement number") == 5000
