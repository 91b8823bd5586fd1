"""How written words sound, roughly, and how far two sounds lie apart: what is misheard is misspelt, not misspoken.

A small set of rules turns English letters into coarse sounds. Consonants carry a name; vowels are mostly swallowed,
so they weigh little. Two spellings of one name ("lysine a pril", "Licinapril", "lisinopril") come out nearly alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

VOWELS = frozenset("aeiou")
"""Sounds of vowels: one letter each, long and short ones not told apart."""

VOWEL_WEIGHT = 0.35
"""Of a consonant's: in drug names most vowels are a schwa, which whisper spells in any way."""

OTHER_VOWEL = 0.2
"""One vowel for another."""

UNLIKE = 1.0

_ALIKE = {
    0.2: ("sz", "pb", "td", "kg", "fv", "CJ", "SZ", "mn"),
    0.4: ("SJ", "SC", "sS", "Tf", "Ts", "Tt", "Td", "gJ", "kC", "Jz", "CS", "Zz"),
    0.6: ("lr", "wv", "bv", "pf", "lw", "rw", "nl", "tk", "dg", "pk", "tp", "dn"),
}
"""Consonants that are taken for each other, by what it costs: voiced and voiceless, nasals, hisses, then the rest.

Capitals: S is "sh", C "ch", J "dge" and "zh", T "th".
"""

_COST = {pair: cost for cost, pairs in _ALIKE.items() for two in pairs for pair in (two, two[::-1])}

_RULES: tuple[tuple[str, str], ...] = (
    (r"^(?:kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"^ps", "s"),
    (r"^x", "z"),
    (r"^y(?=[aeiou])", "y"),
    (r"^h(?=[aeiouy])", "h"),
    (r"tch", "C"),
    (r"sch", "sk"),
    (r"ch(?=[lr])", "k"),
    (r"ch", "C"),
    (r"sh", "S"),
    (r"th", "T"),
    (r"ph", "f"),
    (r"(?<=[aiou])gh", ""),
    (r"gh", "g"),
    (r"rh", "r"),
    (r"wh", "w"),
    (r"ck", "k"),
    (r"dge?", "J"),
    (r"[ts]ion", "Son"),
    (r"[tc]ia(?=[nl])", "Sa"),
    (r"qu", "kw"),
    (r"q", "k"),
    (r"x", "ks"),
    (r"ng(?=$|[^aeiouy])", "n"),
    (r"mb$", "m"),
    (r"sc(?=[eiy])", "s"),
    (r"cc(?=[eiy])", "ks"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"g(?=[eiy])", "J"),
    (r"j", "J"),
    (r"(?<=[aeiouy])s(?=[aeiouy])", "z"),
    (r"(?:ough|augh)t", "ot"),
    (r"(?<=[^aeiouy])le$", "ol"),
    (r"e(?:d)$", "d"),
    (r"(?<=[^aeiou])e$", ""),
    (r"eau|eaux", "o"),
    (r"ea|ee|ie|ei|ey|y", "i"),
    (r"oo|ou|ew|ue|eu|ui", "u"),
    (r"ai|ay|ae", "e"),
    (r"au|aw|ow|oa|oe", "o"),
    (r"oi|oy", "oi"),
    (r"[hw](?![aeiou])", ""),
    (r"[aeiou]", r"\g<0>"),
    (r"[bdfghklmnprstvwz]", r"\g<0>"),
)
_LETTERS = re.compile("|".join(f"(?P<r{i}>{pattern})" for i, (pattern, _) in enumerate(_RULES)))
_SAYS = [said for _, said in _RULES]
_D_BEFORE_GE = re.compile(r"dge?$")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """Return the sounds of one written word, a letter each; empty where it has no letters."""
    letters = re.sub(r"[^a-z]", "", word.lower().replace("é", "e"))
    said = []
    for match in _LETTERS.finditer(letters):
        rule = int((match.lastgroup or "r0")[1:])
        said.append(match.group() if _SAYS[rule] == r"\g<0>" else _SAYS[rule])
    return _TWICE.sub(r"\1", "".join(said))


def sound_of_phrase(words: Sequence[str]) -> str:
    """Return the sounds of words said in one go."""
    return _TWICE.sub(r"\1", "".join(sound_of(w) for w in words))


def weight_of(sound: str) -> float:
    """Return how much there is to hear: a consonant is 1."""
    return sum(VOWEL_WEIGHT if s in VOWELS else 1.0 for s in sound)


def _swap(a: str, b: str) -> float:
    if a == b:
        return 0.0
    if a in VOWELS:
        return OTHER_VOWEL if b in VOWELS else UNLIKE
    return UNLIKE if b in VOWELS else _COST.get(a + b, UNLIKE)


_SWAP = {(a, b): _swap(a, b) for a in "aeioubdfghklmnprstvwyzSCJT" for b in "aeioubdfghklmnprstvwyzSCJT"}
_LOSE = {s: VOWEL_WEIGHT if s in VOWELS else 1.0 for s in "aeioubdfghklmnprstvwyzSCJT"}
_LOSE["h"] = 0.4
_LOSE["y"] = 0.4


def distance(a: str, b: str, limit: float = 99.0) -> float:
    """Return what it costs to hear sounds `a` for `b`; anything above `limit` where it is more than that."""
    row = [0.0]
    for s in b:
        row.append(row[-1] + _LOSE[s])
    for x in a:
        lose = _LOSE[x]
        below = [row[0] + lose]
        for j, y in enumerate(b):
            swapped = row[j] + _SWAP[x, y]
            lost = row[j + 1] + lose
            added = below[j] + _LOSE[y]
            below.append(min(swapped, lost, added))
        row = below
        if min(row) > limit:
            return min(row)
    return row[-1]


def likeness(a: str, b: str, least: float = 0.0) -> float:
    """Return how alike two sounds are, from 0 to 1; 0 where it is less than `least`."""
    heavy = max(weight_of(a), weight_of(b))
    if not heavy:
        return 0.0
    limit = (1.0 - least) * heavy
    if abs(weight_of(a) - weight_of(b)) > limit:
        return 0.0
    found = distance(a, b, limit)
    return 0.0 if found > limit else 1.0 - found / heavy
