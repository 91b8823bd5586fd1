"""How each word of a sentence is meant: denied, in doubt, over, or of a relative. Note and talk are read alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from live_scribe.drafting.plain_words import Plain, word_lists
from live_scribe.drafting.vocabulary import Vocabulary

DENIED, UNSURE, IF, OVER = "denied", "unsure", "if", "over"
KIN = "kin:"
SOMEBODY = KIN + "family"
"""A relative of whom is not said which."""

Meant = frozenset[str]

_DENIERS = frozenset(
    "no not never none nothing neither nor without deny denied cannot ruled absence nobody nowhere negative"
    " unable".split()
)
_INTERJECTED = frozenset(
    "i he she it they we you that there just but not yes the my im i'm i've it's so because".split()
)
"""A "no" before one of these answers or hesitates: it denies nothing that follows."""
_ENDS = frozenset(
    "but however although though except besides because since so which who when until unless if whereas and/or yet"
    " despite apart only".split()
)
"""A denial does not reach beyond these."""
_STARTS_CLAUSE = frozenset(
    "i he she it they we you there this that patient is are was were has have had do does did report state endorse"
    " describe also take use can will would feel".split()
)
"""What stands behind a comma or "and" and begins a clause of its own."""
_BACKWARD = frozenset("absent negative none denied unremarkable".split())
"""These deny what stands before them: "murmur absent"."""
_IFS = frozenset("if unless whether case".split())
_OVERS = frozenset("=stop former formerly previous previously ex hold held avoid avoided withhold withheld".split())


def meant(words: Sequence[Plain], vocabulary: Vocabulary, *, carried: str | None = None) -> list[Meant]:
    """Return how each word of one sentence is meant. `carried`: the relative that the talk is about, null for none."""
    denied = _denied(words)
    whole: set[str] = set()
    plain = [w.word for w in words]
    if "=maybe" in plain or "suspect" in plain or "unsur" in plain:
        whole.add(UNSURE)
    if not _IFS.isdisjoint(plain):
        whole.add(IF)
    if not _OVERS.isdisjoint(plain) or _is_over(plain):
        whole.add(OVER)
    kin = _kin(plain, vocabulary, carried)
    return [
        frozenset(whole | ({DENIED} if d else set()) | ({k} if k else set())) for d, k in zip(denied, kin, strict=True)
    ]


def _is_over(plain: Sequence[str]) -> bool:
    pairs = set(pairwise(plain))
    return bool({("used", "to"), ("use", "to"), ("no", "longer"), ("not", "anymore")} & pairs) or "anymore" in plain


def denies(word: str) -> bool:
    """Whether a word denies."""
    return word in _DENIERS or word.endswith("n't")


def denies_twice(words: Sequence[Plain]) -> bool:
    """Whether a sentence denies a denial ("denies not having"), or denies nothing at all: who can say what it means?"""
    deniers = [i for i, w in enumerate(words) if denies(w.word) and not _is_idle(words, i)]
    frame = word_lists().frame
    if any(all(w.word in frame for w in words[at + 1 : _reach(words, at)]) for at in deniers):
        return True
    return any(
        not any(w.after or w.word in _ENDS or w.word in {"and", "or"} for w in words[one:other])
        for one, other in pairwise(deniers)
    )


def _denied(words: Sequence[Plain]) -> list[bool]:
    out = [False] * len(words)
    for at, word in enumerate(words):
        if denies(word.word) and not _is_idle(words, at):
            for i in range(at + 1, _reach(words, at)):
                out[i] = True
        if word.word in _BACKWARD or (word.word == "free" and at and words[at - 1].token is word.token):
            for i in range(_clause_start(words, at), at):
                out[i] = True
    return out


def _is_idle(words: Sequence[Plain], at: int) -> bool:
    """Whether the "no" answers, or is the beginning of "no longer"."""
    if words[at].word != "no":
        return words[at].word == "not" and at + 1 < len(words) and words[at + 1].word == "only"
    following = words[at + 1].word if at + 1 < len(words) else ""
    return bool(words[at].after) or following in _INTERJECTED or following == "longer"


def _reach(words: Sequence[Plain], at: int) -> int:
    """Return the index behind the last word that a denial at `at` reaches."""
    for i in range(at + 1, len(words)):
        if words[i].word in _ENDS or (i > at + 1 and denies(words[i].word)):
            return i
        begins = words[i].word in _STARTS_CLAUSE
        if begins and i > at + 1 and (words[i - 1].after or words[i - 1].word in {"and", "or"}):
            return i
        if words[i - 1].after[:1] in {";", ":"} and i > at + 1:
            return i
    return len(words)


def _clause_start(words: Sequence[Plain], at: int) -> int:
    for i in range(at - 1, -1, -1):
        if words[i].word in _ENDS or words[i].after:
            return i + 1
    return 0


def _kin(plain: Sequence[str], vocabulary: Vocabulary, carried: str | None) -> list[str | None]:
    """Return for each word the relative it is about: the nearest before it, else the first of the sentence."""
    named = [
        w.removeprefix("=") if w.removeprefix("=") in vocabulary.relatives else _singular(w, vocabulary) for w in plain
    ]
    if "family" in plain or "hereditary" in plain:
        named = [n or ("family" if w in {"family", "hereditary"} else None) for n, w in zip(named, plain, strict=True)]
    first = next((n for n in named if n), None)
    about = KIN + first if first else carried
    out: list[str | None] = []
    for name in named:
        about = KIN + name if name else about
        out.append(about)
    return out


def _singular(word: str, vocabulary: Vocabulary) -> str | None:
    return word if word in vocabulary.relatives or f"{word}s" in vocabulary.relatives else None


def carries_on(words: Sequence[Plain], meant_before: Sequence[Meant]) -> str | None:
    """Return the relative that a next sentence goes on about, when it begins with "he", "she", "they" or "his"."""
    kin = {m for each in meant_before for m in each if m.startswith(KIN)}
    begins = next((w.word for w in words if w.word not in {"and", "but", "so", "well", "yes", "yeah"}), "")
    return min(kin) if kin and begins in {"he", "she", "they", "his", "her", "their", "both", "=both"} else None


def allows(said: Meant, claimed: Meant) -> bool:
    """Whether a word that was said so may be claimed so: neither side denies, doubts or ends what the other does."""
    for mark in (DENIED, UNSURE, IF, OVER):
        if (mark in said) != (mark in claimed):
            return False
    one, other = ({m for m in each if m.startswith(KIN)} for each in (said, claimed))
    if not one and not other:
        return True
    return bool(one) and bool(other) and (one == other or SOMEBODY in one | other)
