"""What a speaker takes back at once: "since Monday, no, Sunday" says Sunday.

The parts have the names of Shriberg, "Preliminaries to a Theory of Speech Disfluencies" (1994): the *reparandum* is
what is taken back, the *interregnum* says so ("no", "I mean"), the *repair* stands instead. A repair is believed where
it is of the reparandum's kind: a day for a day, a dose for a dose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from live_scribe.core.numerals import is_number_word, read_number
from live_scribe.drafting.tokens import Phrase
from live_scribe.drafting.vocabulary import Vocabulary

Filler = tuple[str, ...]
CORRECTING: frozenset[Filler] = frozenset({("i", "mean"), ("actually",)})
"""Fillers that may be an interregnum: they stay until what is taken back has gone."""

_KINDS = {
    "day": "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow",
    "month": "january february march april may june july august september october november december",
    "season": "winter spring summer fall autumn",
    "daytime": "morning mornings afternoon afternoons evening evenings night nights noon midnight bedtime",
    "side": "left right both upper lower inner outer inside outside front back",
    "span": "second seconds minute minutes hour hours day days week weeks month months year years",
    "kin": "mother father mom dad brother sister aunt uncle grandmother grandfather grandma grandpa son daughter "
    "cousin",
    "count": "once twice thrice",
    "order": "first second third fourth fifth sixth seventh eighth ninth tenth",
    "change": "increase decrease raise lower start stop hold continue double halve",
    "course": "better worse",
    "place": "head neck shoulder elbow wrist hand finger thumb chest back hip knee ankle foot toe heel leg arm shin "
    "calf thigh stomach belly groin throat ear eye nose",
}
_KIND_OF: dict[str, tuple[str, ...]] = {}
for _kind_name, _members in _KINDS.items():
    for _member in _members.split():
        _KIND_OF[_member] = (*_KIND_OF.get(_member, ()), _kind_name)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_PAIR = re.compile(r"\d+/\d+")

_EDIT_TERMS = tuple(
    tuple(term.split())
    for term in sorted(
        "i mean|i meant|i meant to say|i should say|make that|make it|let's make it|let's make that|let's say|"
        "or rather|excuse me|i'm sorry|my mistake|my bad|i misspoke|scratch that|strike that|correction|"
        "let me recheck|let me recheck that|let me check that again|let me check again|let me correct that|"
        "not that|that's not right|that's wrong|that was wrong|"
        "it was|it's|that was|that's|more like|no more like|no|sorry|rather|wait|actually".split("|"),
        key=lambda term: -len(term.split()),
    )
)
"""What an interregnum is made of, the longest first."""
_SOFT = frozenset({("it", "was"), ("it's",), ("that", "was"), ("that's",), ("more", "like"), ("not", "that")})
"""Terms that take nothing back by themselves."""
_BEFORE = frozenset({"well", "oh", "or", "hold", "on"})
"""Words that may come before the first of them: "well, no"."""
_WEAK = ("actually",)
_WEAKLY = frozenset({"number", "count", "day", "month", "unit", "daytime"})
"""What "actually" alone takes back: of two sides, places or drugs it more often adds the second."""
_ADDS = frozenset({"too", "also", "well", "both"})
"""With one of these behind it, a second value is one more: "actually my right leg too"."""
_TRAILING = frozenset({("i", "mean"), ("i", "meant"), ("rather",), ("sorry",), ("excuse", "me")})
"""Terms that may also come behind the repair: "101, uh, 102 I mean"."""
_LINKS = frozenset(
    "on in at the a an my about for it it's was like maybe your his her say more we'll start make try do go with "
    "closer to take last this next of around that's".split()
)
_MAX_LINKS = 5
_MAX_ASIDE = 4
"""Words of an aside between the interregnum and the repair: "no, let's go easy, 25"."""
_MAX_BETWEEN = 6
"""Words between a count with its noun and the repair of both: "two tablets in the morning. Sorry, one tablet."."""
_MAX_NOUN_PHRASE = 4
_GOES_ON = frozenset("of in at every for a an per twice once daily by with on each".split())
"""Words before which the comma behind a repair was that of the interregnum: "500, make that 1000, of metformin"."""
_NEAR, _MAX_TAIL = 2, 4
"""Words (a unit, a noun, "a day") between a value and the interregnum; with more than two of them, nothing but the
repair may follow."""
_NOT_NOUNS = frozenset("over to or and point of in at by".split())
_BEGINNINGS = frozenset("i he she it we they you there is was are were".split())
"""Words behind a value that show that it begins a sentence of its own."""
_OWNERS = frozenset("the a an my your his her its their this that".split())


def corrected(tokens: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return the phrase with the repair alone wherever a speaker took back what was said before it."""
    i = 1
    while i < len(tokens):
        step = _repair(tokens, i, vocabulary) or _noun_phrase(tokens, i) or _trailing(tokens, i, vocabulary)
        if step is None:
            i += 1
            continue
        begin, resume, kept = step
        tokens = (*tokens[:begin], *kept, *tokens[resume:])
        i = max(1, begin)
    return tokens


def _repair(tokens: Phrase, i: int, vocabulary: Vocabulary) -> tuple[int, int, Phrase] | None:
    """For an interregnum at `i`: where its reparandum begins, where the text goes on, and what to put in between."""
    length = _interregnum(tokens, i)
    if not length or not (tokens[i - 1].after or _between_numbers(tokens, i, length) or _twice(tokens, i)):
        return None
    weak = _term(tokens, i) == _WEAK and length == 1
    for right, kind in _values(tokens, _behind_aside(tokens, i + length, vocabulary), vocabulary):
        if (weak and kind not in _WEAKLY) or _adds(tokens, right):
            continue
        if kind == "number" and (same := _same_noun(tokens, i, right) or _same_dose(tokens, i, right, vocabulary)):
            return same
        left = _value_before(tokens, i, right, kind, vocabulary)
        if left is None or not _replaces(tokens, left, i, right, kind):
            continue
        kept, resume = _carried(tokens, left, i, right, kind, vocabulary)
        return left, resume, kept
    return None


def _values(tokens: Phrase, at: int, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """Yield where a value may begin and its kind, over words that may lead to one: "we'll start at 25"."""
    for right in range(at, min(len(tokens), at + _MAX_LINKS)):
        for kind in kinds_at(tokens, right, vocabulary):
            yield right, kind
        if tokens[right].lower not in _LINKS:
            break


def _adds(tokens: Phrase, right: int) -> bool:
    for token in tokens[right:]:
        if token.lower in _ADDS:
            return True
        if set(token.after) & set(",.?!"):
            break
    return False


def _replaces(tokens: Phrase, left: int, i: int, right: int, kind: str) -> bool:
    """Whether the value at `right` stands for that at `left`, and does not begin another sentence.

    "Back hurts. No, neck is fine" says something of both; "left knee. I mean right knee" goes on as before.
    """
    if kind in {"number", "count"}:
        said = [t.lower for t in tokens]
        number = read_number(said, right)
        end = number[1] if number else right + 1
        return bool(tokens[end - 1].after) or end == len(tokens) or said[end] not in _BEGINNINGS
    end = right + 1
    if tokens[right].after or end == len(tokens):
        return True
    tail = [t.lower for t in tokens[left + 1 : i]]
    if tail and any(set(t.after) & set(".?!") for t in tokens[left:i]):
        return [t.lower for t in tokens[end : end + len(tail)]] == tail
    return tokens[end].lower not in _BEGINNINGS


def kinds_at(tokens: Phrase, at: int, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The kinds of value that the word at `at` begins, the likeliest first."""
    if not 0 <= at < len(tokens):
        return ()
    word = tokens[at].lower
    if is_number_word(word) or _PAIR.fullmatch(word):
        times = at + 1 < len(tokens) and tokens[at + 1].lower == "times"
        return ("count",) if times else ("number",)
    found = _KIND_OF.get(word, ())
    if word in vocabulary.drugs or vocabulary.drug_class.fullmatch(word):
        return (*found, "drug")
    if word in vocabulary.units:
        return (*found, "unit")
    return (*found, "order") if _ORDINAL.fullmatch(word) and "order" not in found else found


def _interregnum(tokens: Phrase, i: int) -> int:
    """How many words from `i` on take back what was said before them."""
    end, decided = i, False
    if "?" in tokens[i - 1].after:
        return 0  # an answer, not a repair
    while end < len(tokens) and tokens[end].lower in _BEFORE and end - i < 2:
        end += 1
    while end < len(tokens):
        term = _term(tokens, end)
        if not term or (term in _SOFT and not decided):
            break
        last = tokens[end + len(term) - 1]
        following = _term(tokens, end + len(term))
        if term == ("no",) and not last.after and not following:
            break  # "no five" may deny five; a correction has its pause
        decided, end = True, end + len(term)
    return end - i if decided else 0


def _term(tokens: Phrase, at: int) -> Filler:
    said = tuple(t.lower for t in tokens[at : at + max(map(len, _EDIT_TERMS))])
    return next((term for term in _EDIT_TERMS if said[: len(term)] == term), ())


def _between_numbers(tokens: Phrase, i: int, length: int) -> bool:
    """Whether an interregnum stands between two numbers: "400 no, 600 milligrams" needs no comma before."""
    after = i + length
    pause = bool(tokens[after - 1].after)
    return pause and after < len(tokens) and is_number_word(tokens[i - 1].lower) and is_number_word(tokens[after].lower)


def _twice(tokens: Phrase, i: int) -> bool:
    """Whether a "no" without a pause before it is followed by another term: "15 minutes no. Let's say 20."."""
    return tokens[i].lower == "no" and bool(tokens[i].after) and bool(_term(tokens, i + 1))


def _behind_aside(tokens: Phrase, at: int, vocabulary: Vocabulary) -> int:
    """Return the index behind an aside that is closed by a comma and names no value: "they changed it, 1000"."""
    for i in range(at, min(len(tokens) - 1, at + _MAX_ASIDE)):
        if kinds_at(tokens, i, vocabulary) or "?" in tokens[i].after:
            return at
        if set(tokens[i].after) & set(",.") and (end := _interregnum(tokens, i + 1) + i + 1) < len(tokens):
            return _behind_aside(tokens, end, vocabulary)
    return at


def _value_before(tokens: Phrase, i: int, right: int, kind: str, vocabulary: Vocabulary) -> int | None:
    """Where the value just before `i` begins, if it is of this kind; its unit or noun may stand behind it."""
    at = i - 1
    tail = 0
    while at >= 0 and kind not in kinds_at(tokens, at, vocabulary):
        if tail >= _MAX_TAIL or (at < i - 1 and tokens[at].after):
            return None
        at, tail = at - 1, tail + 1
    if at < 0 or (tail and tokens[at].after):
        return None
    if tail > _NEAR and not _closes(tokens, right, kind):
        return None
    while kind == "number" and kinds_at(tokens, at - 1, vocabulary) == ("number",) and not tokens[at - 1].after:
        at -= 1
    pair = at > 1 and tokens[at - 1].lower == "over" and kinds_at(tokens, at - 2, vocabulary) == ("number",)
    return at - 2 if kind == "number" and pair and _is_pair(tokens, right) else at


def _closes(tokens: Phrase, right: int, kind: str) -> bool:
    """Whether a clause ends with the value at `right`."""
    number = read_number([t.lower for t in tokens], right) if kind == "number" else None
    end = number[1] if number else right + 1
    end += kind == "count" and tokens[right].lower not in _KIND_OF
    return end >= len(tokens) or bool(tokens[end - 1].after)


def _is_pair(tokens: Phrase, at: int) -> bool:
    """Whether two numbers begin at `at`, as pressures are said: "130 over 90"."""
    said = [t.lower for t in tokens]
    number = read_number(said, at, spoken_pairs=True)
    return bool(_PAIR.fullmatch(said[at])) or (number is not None and said[number[1] : number[1] + 1] == ["over"])


def _carried(tokens: Phrase, left: int, i: int, right: int, kind: str, vocabulary: Vocabulary) -> tuple[Phrase, int]:
    """The repair with the unit or noun of the reparandum, where it came without one ("fifty milligrams, no, fifteen").

    Returns it with the index where the text goes on; nothing where the repair stands as it was said.
    """
    said = [t.lower for t in tokens]
    if kind == "count":
        return _frequency(tokens, left, i, right)
    if kind != "number":
        return _with_rest(tokens, left + 1, i, right)
    first, second = read_number(said[:i], left, spoken_pairs=True), read_number(said, right, spoken_pairs=True)
    if first is None or second is None or _is_pair(tokens, right):
        return (), right
    end = second[1]
    while end + 1 < len(said) and said[end] in {"or", "to"} and (more := read_number(said, end + 1)):
        end = more[1]  # "two or three minutes" brings its own noun
    value = tokens[right:end]
    behind = said[end] if end < len(said) else ""
    if value[-1].after == "," and behind in _GOES_ON:
        value = (*value[:-1], replace(value[-1], after=""))
    noun = tokens[first[1] : i]
    if noun and noun[0].lower == "over":  # "140 over 90, no, 85": the last number alone was taken back
        noun = ()
    own = bool(noun) and behind == noun[0].lower
    if not noun or (not value[-1].after and (own or behind in vocabulary.units or behind in _KINDS["span"].split())):
        return value, end
    return (*(replace(t, after="") for t in value), *noun[:-1], replace(noun[-1], after=value[-1].after)), end


def _with_rest(tokens: Phrase, rest: int, i: int, right: int) -> tuple[Phrase, int]:
    """The repair with what was said of the reparandum: "my mother had it. No, my aunt." tells that the aunt had it."""
    repair, said = tokens[right], tokens[rest:i]
    if not said or not (repair.after or right + 1 == len(tokens)):
        return (), right
    return (replace(repair, after=""), *said[:-1], replace(said[-1], after=repair.after or said[-1].after)), right + 1


def _frequency(tokens: Phrase, left: int, i: int, right: int) -> tuple[Phrase, int]:
    """The repair of how often, with what was said of the time: "twice a day, no, three times" keeps "a day"."""

    def end_of(at: int) -> int:
        return at + (2 if tokens[at + 1 : at + 2] and tokens[at + 1].lower == "times" else 1)

    end = end_of(right)
    value, rest = tokens[right:end], tokens[end_of(left) : i]
    if not rest or not value[-1].after:
        return value, end
    return (*value[:-1], replace(value[-1], after=""), *rest[:-1], replace(rest[-1], after=value[-1].after)), end


def _same_noun(tokens: Phrase, i: int, right: int) -> tuple[int, int, Phrase] | None:
    """The repair of a count and its noun some words back: "two tablets in the morning. Sorry, one tablet."."""
    said = [t.lower for t in tokens]
    second = read_number(said, right)
    if second is None or second[1] >= len(said) or tokens[second[1] - 1].after or not _is_noun(said[second[1]]):
        return None
    noun, end = said[second[1]].rstrip("s"), second[1] + 1
    for at in range(max(0, i - 2 - _MAX_BETWEEN), i - 1):
        first = read_number(said[:i], at)
        if first is None or first[1] >= i - 1 or said[first[1]].rstrip("s") != noun:
            continue
        if not tokens[end - 1].after and end < len(tokens):
            return at, right, ()  # it goes on: all of it is said anew
        between = tokens[first[1] + 1 : i]
        after = tokens[end - 1].after or between[-1].after
        repair = (*tokens[right : end - 1], replace(tokens[end - 1], after=tokens[first[1]].after))
        return at, end, (*repair, *between[:-1], replace(between[-1], after=after))
    return None


def _same_dose(tokens: Phrase, i: int, right: int, vocabulary: Vocabulary) -> tuple[int, int, Phrase] | None:
    """The repair of how often, with the dose said again: "500 once a day. Let me correct that, 500 twice a day."."""
    for at in range(i - 1, max(-1, i - 1 - _MAX_BETWEEN), -1):
        again = tokens[at].lower == tokens[right].lower
        if again and all("count" in kinds_at(tokens, n + 1, vocabulary) for n in (at, right)):
            return at, right, ()
    return None


def _is_noun(word: str) -> bool:
    return word[:1].isalpha() and word not in _NOT_NOUNS


def _noun_phrase(tokens: Phrase, i: int) -> tuple[int, int, Phrase] | None:
    """The repair of a noun's description: "the pinky finger, I mean the ring finger"."""
    length = _interregnum(tokens, i)
    if not length or not tokens[i - 1].after:
        return None
    right = i + length
    end = right
    while end < len(tokens) and end - right < _MAX_NOUN_PHRASE and not tokens[end].after:
        end += 1
    end = min(end + 1, len(tokens))
    said = [t.lower for t in tokens]
    if end - right < 2 or said[end - 1] != said[i - 1] or said[right] not in _OWNERS:
        return None
    left = next((at for at in range(i - 2, max(-1, i - 1 - _MAX_NOUN_PHRASE), -1) if said[at] in _OWNERS), None)
    if left is None or any(t.after for t in tokens[left : i - 1]):
        return None
    return left, right, ()


def _trailing(tokens: Phrase, i: int, vocabulary: Vocabulary) -> tuple[int, int, Phrase] | None:
    """The repair with its sign behind it: "a fever of 101, 102 I mean"."""
    term = next((t for t in _TRAILING if tuple(x.lower for x in tokens[i : i + len(t)]) == t), ())
    end = i + len(term)
    if not term or i < 2 or not (end == len(tokens) or set(tokens[end - 1].after) & set(".?!")):
        return None
    kinds = kinds_at(tokens, i - 1, vocabulary)
    if not kinds or not set(kinds) & set(kinds_at(tokens, i - 2, vocabulary)) or tokens[i - 1].after not in {"", ","}:
        return None
    return i - 2, end, (replace(tokens[i - 1], after=tokens[end - 1].after),)
