"""Takes out of speech what is not meant: fillers, stutters, words cut off, and (corrections.py) what was taken back."""

from __future__ import annotations

import re
from dataclasses import replace

from live_scribe.core.numerals import is_number_word
from live_scribe.drafting.corrections import CORRECTING, Filler, corrected
from live_scribe.drafting.tokens import Phrase, Token
from live_scribe.drafting.vocabulary import Vocabulary

MAX_STUTTER = 4
"""Longest run of words that people start over with: "i was going i was going to"."""
REPEATABLE = frozenset(
    "i i'm i've i'll i'd the a an to and it it's my your you you're he she his her we we're they this that "
    "that's in on of"
    " for with is was are have has had do does did at so or if there there's what when how but from as like be".split()
)
"""Words that, said twice on end, are one word started twice. "No, no" and "five five" are not: each counts."""

_SOUNDS = frozenset("u ur uh uhh um uhm umm er err erm ah eh hm hmm mm".split())


def clean(tokens: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return what is left of an utterance when its slips of the tongue are taken out. Numbers and "no" stay."""
    return _without_false_starts(_without_stutters(_without_fragments(repaired(tokens, vocabulary))))


def repaired(tokens: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return the utterance without fillers and without what the speaker took back."""
    return unfilled(corrected(unfilled(tokens, vocabulary, keep=CORRECTING), vocabulary), vocabulary)


def unfilled(tokens: Phrase, vocabulary: Vocabulary, *, keep: frozenset[Filler] = frozenset()) -> Phrase:
    """Return the utterance without "uh", "you know" and their like, except those to `keep`; ends of sentences stay."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        length = _filler(tokens, i, vocabulary, out, keep)
        if length:
            last = tokens[i + length - 1]
            if out and out[-1].after == "," and tokens[i].lower in _SOUNDS and last.after in {",", ""}:
                out[-1] = replace(out[-1], after="")  # the commas were those of the sound
            runs_on = tokens[i].lower in _SOUNDS and i + length < len(tokens) and tokens[i + length].text[:1].isdigit()
            if out and not runs_on and _stronger(last.after, out[-1].after):
                out[-1] = replace(out[-1], after=last.after)
            i += length
        else:
            out.append(tokens[i])
            i += 1
    return tuple(out)


def _stronger(after: str, before: str) -> bool:
    """Whether the sign behind a filler must go on the word before it: ends of sentences must, commas need not."""
    return bool(set(after) & set(".?!")) and not set(before) & set(".?!")


def _filler(tokens: Phrase, i: int, vocabulary: Vocabulary, out: list[Token], keep: frozenset[Filler]) -> int:
    """How many tokens from `i` on are a filler."""
    for filler in vocabulary.fillers.get(tokens[i].lower, ()):
        if filler in keep:
            continue
        if tuple(t.lower for t in tokens[i : i + len(filler)]) == filler and _is_aside(tokens, i, filler, out):
            return len(filler)
    if tokens[i].lower == "like" and ("," in tokens[i].after or (out and "," in out[-1].after)):
        return 1
    return 0


def _is_aside(tokens: Phrase, i: int, filler: tuple[str, ...], out: list[Token]) -> bool:
    """Whether words that can also carry meaning stand as an aside here ("do you know", "what kind of")."""
    before = out[-1].lower if out else ""
    if filler == ("you", "know"):
        following = tokens[i + 2].lower if i + 2 < len(tokens) else ""
        return before not in {"do", "did", "if", "let", "as", "what", "don't"} and following not in {
            "what",
            "how",
            "if",
        }
    if filler in {("kind", "of"), ("sort", "of")}:
        return before not in {"what", "any", "some", "this", "that", "a", "the", "every", "another", "which"}
    return True


def _without_fragments(tokens: Phrase) -> Phrase:
    """Drop words cut off in the middle ("ex- exerting", "i-i"), and leave one plain sign behind each word."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        if token.after.startswith(("-", "—", "–")) and _is_fragment(tokens, i):
            continue
        doubled = re.fullmatch(r"(\w{1,4})-(\1.*)", token.text, re.IGNORECASE)
        text = doubled.group(2) if doubled and token.lower not in _HUMMED else token.text
        out.append(replace(token, text=text, after=_plain_sign(token.after)))
    return tuple(out)


_HUMMED = frozenset({"mm-mm", "uh-uh", "nuh-uh", "unh-unh"})
"""What sounds like a word begun twice, and says no."""


def _plain_sign(after: str) -> str:
    """One sign of those that stood behind a word; an ellipsis or dash inside a sentence is a pause."""
    for sign in "?!.":
        if sign in after:
            return "." if sign == "!" else sign
    return "," if set(after) & set(",;:…—–-") else ""


def _is_fragment(tokens: Phrase, i: int) -> bool:
    word = tokens[i].lower
    following = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    if not following:
        return len(word) <= 2 and word not in {"it", "me", "i"}
    return following.startswith(word) or (
        len(word) <= 3 and word not in REPEATABLE and not is_number_word(word) and word != "no"
    )


def _without_stutters(tokens: Phrase) -> Phrase:
    out = list(tokens)
    i = 0
    while i < len(out):
        for length in range(min(MAX_STUTTER, (len(out) - i) // 2), 0, -1):
            first = [t.lower for t in out[i : i + length]]
            again = [t.lower for t in out[i + length : i + 2 * length]]
            restarted = length == 1 and again[0].startswith(first[0] + "'") and first[0] in REPEATABLE
            if (restarted or (first == again and _may_go(first))) and not _ends(out[i + length - 1]):
                del out[i : i + length]
                i = max(-1, i - MAX_STUTTER)
                break
        i += 1
    return tuple(out)


_AUXILIARIES = frozenset("am is are was were would will could can have had do did should might just 'll".split())
_SUBJECTS = frozenset("i you he she it we they".split())
LONGEST_START = 3
"""Words of a false start: "if I, maybe if I run"."""


def _without_false_starts(tokens: Phrase) -> Phrase:
    """Drop a clause begun and begun anew: "I would, I tend to" and "if I, maybe if I run"."""
    out = list(tokens)
    i = 0
    while i + 1 < len(out):
        length = _false_start(out, i) if out[i].after == "," else 0
        if length:
            del out[i + 1 - length : i + 1]
            i = max(0, i - length)
        else:
            i += 1
    return tuple(out)


def _false_start(out: list[Token], i: int) -> int:
    """How many words up to the comma at `i` were a false start."""
    lower = [t.lower for t in out]
    if i and lower[i] in _AUXILIARIES and lower[i - 1] in _SUBJECTS and lower[i + 1] == lower[i - 1]:
        return 2
    for length in range(LONGEST_START, 0, -1):
        begun = lower[max(0, i + 1 - length) : i + 1]
        if len(begun) == length and begun[-1] in _SUBJECTS and lower[i + 2 : i + 2 + length] == begun and length > 1:
            return length
    return 0


def _ends(token: Token) -> bool:
    return bool(set(token.after) & set(".?"))


def _may_go(run: list[str]) -> bool:
    if any(is_number_word(w) or w in {"no", "not", "never"} for w in run):
        return False
    return len(run) > 1 or run[0] in REPEATABLE
