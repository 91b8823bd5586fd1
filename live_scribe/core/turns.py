"""Whose words are whose: a run of words between two pauses becomes turns, one voice each.

Voices are known to about a quarter of a second, words often no better; a change in mid-phrase is nearly always a change
at the sentence's end, heard a little early or late. So the cut is the one that agrees with most of the sound, where
a cut at a sentence's end or a pause costs little and one inside a phrase much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from live_scribe.core.words import match_key


class TimedWord(Protocol):
    """What is needed of a word: HeardWord and Word both fit."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> float | None: ...
    @property
    def end(self) -> float | None: ...


W = TypeVar("W", bound=TimedWord)
VoiceOf = Callable[[float, float], str | None]
_Names = Sequence[str | None]

# All costs are in seconds of speech that would have to disagree with the label to be worth it.
COST_AT_SENTENCE = 0.15
COST_AT_PAUSE = 0.25
COST_AT_COMMA = 0.6
COST_IN_PHRASE = 1.0
ANSWER_GAIN = 0.7
"""A question is answered by somebody else, even where the answer is too short to know its voice."""

NEXT_QUESTION_GAIN = 0.3
"""After a one-word answer whoever asked goes on."""

PAUSE_S = 0.35
"""Between words; nobody stops so long inside a phrase without hesitating."""

SHORTEST_WORD_S = 0.1
"""Models give some words no length at all; they count all the same."""

LISTENER_GAIN = 0.35
"""A listener's "mm-hm" in the middle of somebody's talk, each way: too short, and too drowned, for its voice."""

LISTENING = frozenset({("mm-hm",), ("mhm",), ("uh-huh",), ("mmhmm",), ("hmm",), ("got", "it"), ("i", "see")})
"""Whole sentences that listeners say. "Okay." and "Right." are not among them: those who talk say them too."""

SHORT_ANSWER_WORDS = 4

ANSWERS = frozenset(
    """yes yeah yep yup no nope nah not never none nothing okay ok sure right correct mm-hm mhm uh-huh mmhmm sometimes
    maybe absolutely definitely""".split()
)
"""First words that make what follows a question an answer to it. Closed: an answer may begin with any word, but only
these are never the asker going on."""


OPENERS = frozenset(
    """alright and any are but can could did do does good great has have how is it let no now okay right so tell the
    then there was well were what when where which who why will would yeah yes""".split()
)
"""Words that have a capital letter only where a sentence begins: it shows where a model left out the stop before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The turn before the run: who spoke, and the last words."""

    speaker: str | None
    text: str = field(repr=False)


def split(
    words: Sequence[W], label: VoiceOf, *, before: Before | None = None, voices: Sequence[str] = ()
) -> list[tuple[str | None, tuple[W, ...]]]:
    """Return the run as turns, each with its voice; null where the voice is not known.

    `label` gives the voice of a stretch of sound, or None. `before` lets the run's first words answer a question asked
    before the pause; `voices` are those of the whole visit, so that "the other one" has a name.
    """
    if not words:
        return []
    heard = [_voice(word, label) for word in words]
    asker = before.speaker if before else None
    states = _states([*heard, *voices, asker])
    if not any(heard) and not _answers_somebody(words, before):
        states = [None] * len(states)
    path = _path(words, heard, states, before)
    turns: list[tuple[str | None, tuple[W, ...]]] = []
    begin = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or path[i] != path[begin]:
            turns.append((states[path[begin]], tuple(words[begin:i])))
            begin = i
    return turns


def _voice(word: TimedWord, label: VoiceOf) -> str | None:
    return None if word.start is None or word.end is None else label(word.start, word.end)


def _states(seen: _Names) -> list[str | None]:
    """Return the voices there may be: those seen, and at least two, the unknown one being somebody."""
    known: list[str | None] = [name for name in dict.fromkeys(seen) if name is not None]
    return known + [None] * max(0, 2 - len(known))


def _path(words: Sequence[TimedWord], heard: _Names, states: _Names, before: Before | None) -> list[int]:
    """Return the number of the state of each word: the course (Viterbi) that agrees with most sound at least cost."""
    best = [_agreement(words[0], heard[0], state) + _answer_gain(words, state, before) for state in states]
    back: list[list[int]] = []
    for i in range(1, len(words)):
        cost = _cost(words, i, before)
        came = [_came_from(best, j, cost) for j in range(len(states))]
        back.append(came)
        best = [
            best[k] - (cost if k != j else 0.0) + _agreement(words[i], heard[i], states[j]) for j, k in enumerate(came)
        ]
    path = [best.index(max(best))]
    for came in reversed(back):
        path.append(came[path[-1]])
    return path[::-1]


def _came_from(best: Sequence[float], state: int, cost: float) -> int:
    """Return the state before `state` that leaves most; itself where that is no worse."""
    values = [value - (cost if k != state else 0.0) for k, value in enumerate(best)]
    return state if values[state] >= max(values) else values.index(max(values))


def _answer_gain(words: Sequence[TimedWord], state: str | None, before: Before | None) -> float:
    """Return what speaks for `state` as the voice of the run's first word, after what was said before it."""
    return ANSWER_GAIN if before and state != before.speaker and _answers_somebody(words, before) else 0.0


def _answers_somebody(words: Sequence[TimedWord], before: Before | None) -> bool:
    """Whether the run begins with the answer to a known voice's question."""
    return before is not None and before.speaker is not None and _is_question(before.text) and _answers(words, 0)


def _agreement(word: TimedWord, voice: str | None, state: str | None) -> float:
    if voice is None or voice != state or word.start is None or word.end is None:
        return 0.0
    return max(word.end - word.start, SHORTEST_WORD_S)


def _cost(words: Sequence[TimedWord], i: int, before: Before | None) -> float:
    """Return what a change of speaker before word `i` costs; less than nothing where it must be expected."""
    last = words[i - 1].text
    if _is_question(last) and _answers(words, i):
        return -ANSWER_GAIN
    if _ends_sentence(last) and _is_beside_listening(words, i):
        return -LISTENER_GAIN
    if _ends_sentence(last) or _opens_sentence(words[i].text):
        return -NEXT_QUESTION_GAIN if _is_short_answer(words, i, before) and _asks(words, i) else COST_AT_SENTENCE
    if _gap(words[i - 1], words[i]) >= PAUSE_S:
        return COST_AT_PAUSE
    return COST_AT_COMMA if last.endswith(",") else COST_IN_PHRASE


def _gap(left: TimedWord, right: TimedWord) -> float:
    return 0.0 if left.end is None or right.start is None else right.start - left.end


def _ends_sentence(text: str) -> bool:
    return text.endswith((".", "?", "!")) and text.lower() not in {"dr.", "mr.", "mrs.", "ms.", "st."}


def _opens_sentence(text: str) -> bool:
    return text[:1].isupper() and match_key(text) in OPENERS


def _is_question(text: str) -> bool:
    return text.rstrip().endswith("?")


def _answers(words: Sequence[TimedWord], i: int) -> bool:
    return match_key(words[i].text) in ANSWERS


def _is_beside_listening(words: Sequence[TimedWord], i: int) -> bool:
    """Whether a listener's sentence begins with word `i` or ends before it."""
    return _listens(words[i : i + 2]) or any(
        _listens(words[begin:i]) and (begin == 0 or _ends_sentence(words[begin - 1].text))
        for begin in (i - 1, i - 2)
        if begin >= 0
    )


def _listens(words: Sequence[TimedWord]) -> bool:
    """Whether `words` begin with a sentence of LISTENING."""
    keys = tuple(match_key(word.text) for word in words)
    return any(keys[: len(said)] == said and _ends_sentence(words[len(said) - 1].text) for said in LISTENING)


def _asks(words: Sequence[TimedWord], begin: int) -> bool:
    """Whether the sentence that begins with word `begin` is a question."""
    return next((_is_question(word.text) for word in words[begin:] if _ends_sentence(word.text)), False)


def _is_short_answer(words: Sequence[TimedWord], end: int, before: Before | None) -> bool:
    """Whether the sentence that ends before word `end` answers, in a few words, a question asked just before it."""
    for begin in range(end - 1, max(0, end - SHORT_ANSWER_WORDS) - 1, -1):
        if begin > 0 and _ends_sentence(words[begin - 1].text):
            return _is_question(words[begin - 1].text) and _answers(words, begin)
    return end <= SHORT_ANSWER_WORDS and _answers_somebody(words, before)
