"""Forms of English verbs, as far as turning questions and first persons into statements needs them."""

from __future__ import annotations

import re

SINGULAR = {"have": "has", "do": "does", "go": "goes", "am": "is", "are": "is", "were": "was"}
"""Verbs whose form after "he" follows no rule."""

_PAST = dict(
    pair.split(":")
    for pair in (
        "begin:began bleed:bled blow:blew break:broke bring:brought buy:bought catch:caught choose:chose come:came"
        " cut:cut do:did drink:drank drive:drove eat:ate fall:fell feed:fed feel:felt fight:fought find:found fly:flew"
        " forget:forgot get:got give:gave go:went grow:grew hang:hung have:had hear:heard hit:hit hold:held hurt:hurt"
        " keep:kept know:knew leave:left let:let lie:lay lose:lost make:made mean:meant meet:met pay:paid put:put"
        " quit:quit read:read ride:rode run:ran say:said see:saw send:sent shake:shook sit:sat sleep:slept speak:spoke"
        " spend:spent stand:stood stick:stuck swell:swelled swim:swam swing:swung take:took teach:taught tear:tore"
        " tell:told think:thought throw:threw understand:understood wake:woke wear:wore write:wrote stop:stopped"
        " drop:dropped step:stepped slip:slipped trip:tripped plan:planned pop:popped jog:jogged limp:limped"
    ).split()
)


PAST_FORMS = frozenset(_PAST.values())
"""Past forms by which a subject before them is known."""


def third_person(verb: str) -> str:
    """Return the form of a base verb after "he": "takes", "goes", "carries"."""
    if verb in SINGULAR:
        return SINGULAR[verb]
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def past(verb: str) -> str:
    """Return the past form of a base verb: "took", "smoked", "carried"."""
    if verb in _PAST:
        return _PAST[verb]
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if re.search(r"[^aeiou]y$", verb) else verb + "ed"


def base_of_gerund(word: str, known: frozenset[str]) -> str | None:
    """Return the base form of "starting" or "stopping", if it is among the `known` verbs."""
    if not word.endswith("ing"):
        return None
    stem = word[:-3]
    for base in (stem, stem + "e", stem[:-1]):
        if base in known:
            return base
    return None
