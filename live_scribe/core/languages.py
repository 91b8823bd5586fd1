"""Which language a visit is heard in, and what there is for each. A language is its code: "en", "es"."""

from __future__ import annotations

import re

DEFAULT = "en"
"""What a visit is heard in where nobody says otherwise."""

WRITTEN = frozenset({"en"})
"""Languages whose numbers `core/written.py` knows."""

DRAFTED = frozenset({"en"})
"""Languages that the note writer has phrases for: of what is said in another it drafts nothing at all."""

ROLES = frozenset({"en"})
"""Languages whose words tell doctor and patient apart; in others a voice's role is unknown until a person names it."""

SURE = 0.8
"""A language less probable than this is not offered: accents and names are often taken for one."""

UNKNOWN = "und"
"""Some other language, nobody knows which (ISO 639-2, "undetermined")."""

_COMMON_ENGLISH = frozenset(
    """
    the a an i you he she it we they my your his her and but or so of to in on at for with is are was were am be
    been have has had do does did not no yes yeah okay this that there what when how any if can will would just like
    know about get got up out some as don't it's i'm
    """.split()
)
_COMMON_ELSEWHERE = frozenset(
    """
    la duele dolor días semana semanas ayer hoy porque también cuando cuándo dónde cuánto gracias toma tomo nada todo
    el los las una unos que qué del en es está estoy tengo tiene por para con pero como cómo muy más sí usted desde
    le lo su sus os uma não em está estou tenho tem com mas muito você seu sua ao dos je vous il elle nous et du
    dans est suis ai avez pas pour avec mais très depuis oui c'est j'ai io lei ho sono che non mi ha di da della nel
    molto questo questa sì grazie ich sie wir und oder aber nicht kein keine ist sind bin habe haben der ein eine
    mein meine ihr mit seit von zu auf für ja nein ik het een niet geen heb heeft mijn uw voor wel maar nie jest mam
    się tak czy od ze ile ve bir bu ben siz yok için çok ama evet hayır ang ng ako ikaw po opo hindi mga ko
    """.split()
)
"""The commonest words of nine other languages; none is an English word, nor a name that is often said in a visit."""

_LEAST_WORDS = 3
"""Two words of another language are a name or a dish: "que tal", "e coli"."""

_OWN_LETTERS = "\u0250"
"""Below it lie the letters of the Latin script."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def reads_as_other(text: str) -> bool:
    """Return whether a text is in another language than English, by its commonest words or its letters.

    Only what speaks for another language counts: a list of drugs has no common word of any and is English.
    """
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    letters = "".join(words)
    if 2 * sum(letter >= _OWN_LETTERS for letter in letters) > len(letters):
        return True
    other = sum(w in _COMMON_ELSEWHERE for w in words)
    return len(words) >= _LEAST_WORDS and other >= 2 and other > sum(w in _COMMON_ENGLISH for w in words)
