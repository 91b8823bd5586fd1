"""Takes out of speech what is not meant: fillers, stutters, words cut off, and what a speaker corrected at once."""

from __future__ import annotations

import re
from dataclasses import replace

from live_scribe.core.numerals import is_number_word, read_number
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

_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today".split())
_MONTHS = frozenset("january february march april may june july august september october november december".split())
_SIDES = frozenset({"left", "right", "both", "upper", "lower", "inner", "outer", "inside", "outside"})
_COUNTS = frozenset({"once", "twice", "thrice"})
_SPANS = frozenset("minute minutes hour hours day days week weeks month months year years".split())
_RELATED = frozenset("mother father mom dad brother sister aunt uncle grandmother grandfather son daughter".split())
_MARKERS = tuple(
    tuple(marker.split())
    for marker in (
        "no more like|no it was|"
        "no i mean|no wait|no sorry|sorry no|i mean|make that|no let's say|let's say|or rather|no actually|"
        "excuse me|i'm sorry|wait no|"
        "no|sorry|rather|correction|wait"
    ).split("|")
)
"""Signs that the value before is taken back, the longest first."""
_LINKS = frozenset(
    "on in at the a my about for it it's was like maybe your say more we'll start make try do go with closer "
    "to take".split()
)
_MAX_LINKS = 4
_MAX_ASIDE = 4
"""Words of an aside between the sign of correction and the new value: "no, let's go easy, 25"."""
_SOUNDS = frozenset("u ur uh uhh um uhm umm er err erm ah eh hm hmm mm".split())


def clean(tokens: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return what is left of an utterance when its slips of the tongue are taken out. Numbers and "no" stay."""
    tokens = corrected(unfilled(tokens, vocabulary), vocabulary)
    return _without_false_starts(_without_stutters(_without_fragments(tokens)))


def unfilled(tokens: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return the utterance without "uh", "you know" and their like; the ends of sentences stay."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        length = _filler(tokens, i, vocabulary, out)
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


def _filler(tokens: Phrase, i: int, vocabulary: Vocabulary, out: list[Token]) -> int:
    """How many tokens from `i` on are a filler."""
    for filler in vocabulary.fillers.get(tokens[i].lower, ()):
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
    if filler == ("i", "mean"):
        return not (
            before == "no" and out[-1].after in {"", ","} and out[-1].source is not None and _corrects(tokens, i + 2)
        )
    return True


def _corrects(tokens: Phrase, i: int) -> bool:
    return i < len(tokens) and _kind(tokens[i].lower, None) is not None


def _kind(word: str, vocabulary: Vocabulary | None) -> str | None:
    """The class of a word that can be corrected by another of its class."""
    for name, members in (
        ("day", _DAYS),
        ("month", _MONTHS),
        ("side", _SIDES),
        ("span", _SPANS),
        ("kin", _RELATED),
        ("count", _COUNTS),
    ):
        if word in members:
            return name
    if is_number_word(word):
        return "number"
    return "drug" if vocabulary is not None and word in vocabulary.drugs else None


def corrected(tokens: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return the phrase in which the last value stands where a speaker took back the one before.

    "Since Monday, no, Sunday" and "fifty, no, fifteen milligrams" are the pattern: a value, a sign of correction
    set off by a comma or stop, a value of the same kind.
    """
    i = 1
    while i < len(tokens):
        step = _correction(tokens, i, vocabulary)
        if step is None:
            i += 1
            continue
        begin, resume, kept = step
        tokens = (*tokens[:begin], *kept, *tokens[resume:])
        i = max(1, begin)
    return tokens


def _correction(tokens: Phrase, i: int, vocabulary: Vocabulary) -> tuple[int, int, Phrase] | None:
    """For a marker at `i`: where the value before begins, where the text goes on, and what to put in between."""
    marker = _marker(tokens, i)
    if not marker or not (tokens[i - 1].after or _between_numbers(tokens, i, marker)):
        return None
    right = _behind_aside(tokens, i + marker, vocabulary)
    links = 0
    while right < len(tokens) and links < _MAX_LINKS and _kind(tokens[right].lower, vocabulary) is None:
        if tokens[right].lower not in _LINKS and tokens[right].lower not in {"no", "sorry"}:
            return None
        right, links = right + 1, links + 1
    if right >= len(tokens):
        return None
    kind = _kind(tokens[right].lower, vocabulary)
    left = _value_before(tokens, i, kind, vocabulary)
    if kind is None or left is None:
        return None
    kept, resume = _carried(tokens, left, i, right, kind, vocabulary)
    return left, resume, kept


def _between_numbers(tokens: Phrase, i: int, marker: int) -> bool:
    """Whether a sign of correction stands between two numbers: "400 no, 600 milligrams" needs no comma before."""
    after = i + marker
    pause = bool(tokens[after - 1].after)
    return pause and after < len(tokens) and is_number_word(tokens[i - 1].lower) and is_number_word(tokens[after].lower)


def _behind_aside(tokens: Phrase, at: int, vocabulary: Vocabulary) -> int:
    """Return the index behind an aside that is closed by a comma and names no value: "they changed it, 1000"."""
    for i in range(at, min(len(tokens) - 1, at + _MAX_ASIDE)):
        if _kind(tokens[i].lower, vocabulary) is not None or "?" in tokens[i].after:
            return at
        if set(tokens[i].after) & set(",.") and (end := _marker(tokens, i + 1) + i + 1) < len(tokens):
            return _behind_aside(tokens, end, vocabulary)
    return at


def _marker(tokens: Phrase, i: int) -> int:
    for marker in _MARKERS:
        if tuple(t.lower for t in tokens[i : i + len(marker)]) != marker:
            continue
        end = i + len(marker)
        if marker == ("no",) and not tokens[i].after:
            return 0  # "no five" may deny five; a correction has its pause
        return end - i
    return 0


def _value_before(tokens: Phrase, i: int, kind: str | None, vocabulary: Vocabulary) -> int | None:
    """Where the value just before `i` begins, if it is of this kind; its unit or noun may stand behind it."""
    at = i - 1
    tail = 0
    while at >= 0 and _kind(tokens[at].lower, vocabulary) != kind:
        if tail >= 2 or (at < i - 1 and tokens[at].after):
            return None
        at, tail = at - 1, tail + 1
    if at < 0 or (tail and tokens[at].after):
        return None
    while kind == "number" and at > 0 and is_number_word(tokens[at - 1].lower) and not tokens[at - 1].after:
        at -= 1
    return at


def _carried(tokens: Phrase, left: int, i: int, right: int, kind: str, vocabulary: Vocabulary) -> tuple[Phrase, int]:
    """The second value with the unit or noun of the first, where it came without one ("fifty milligrams, no, fifteen").

    Returns it with the index where the text goes on; nothing where the second value stands as it was said.
    """
    words = [t.lower for t in tokens]
    first, second = read_number(words[:i], left, spoken_pairs=True), read_number(words, right, spoken_pairs=True)
    if kind != "number" or first is None or second is None or first[1] >= i:
        return (), right
    noun = tokens[first[1] : i]
    end = second[1]
    while end + 1 < len(words) and words[end] in {"or", "to"} and (more := read_number(words, end + 1)):
        end = more[1]  # "two or three minutes" brings its own noun
    behind = words[end] if end < len(words) else ""
    value = tokens[right:end]
    if not value[-1].after and (behind == noun[0].lower or behind in vocabulary.units or behind in _SPANS):
        return (), right
    return (*(replace(t, after="") for t in value), *noun[:-1], replace(noun[-1], after=value[-1].after)), end


def _without_fragments(tokens: Phrase) -> Phrase:
    """Drop words cut off in the middle ("ex- exerting", "i-i"), and leave one plain sign behind each word."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        if token.after.startswith(("-", "—", "–")) and _is_fragment(tokens, i):
            continue
        doubled = re.fullmatch(r"(\w{1,4})-(\1.*)", token.text, re.IGNORECASE)
        out.append(replace(token, text=doubled.group(2) if doubled else token.text, after=_plain_sign(token.after)))
    return tuple(out)


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
