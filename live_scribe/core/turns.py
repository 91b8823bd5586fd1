"""Whose words are whose: a run of words between two pauses becomes turns, one voice each.

Voices are known to about a quarter of a second, words often no better; a change in mid-phrase is nearly always a change
at the sentence's end, heard a little early or late. So the cut is the one that agrees with most of the sound, where
a cut at a sentence's end or a pause costs little and one inside a phrase much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol, TypeVar

from live_scribe.core.handover import WHOLE_WORDS, HandoverWeights
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
COST_AT_PAUSE = 0.25
COST_AT_COMMA = 0.6
COST_IN_PHRASE = 1.0
WORTH_OF_ODDS = 0.17
"""What one of the log-odds of a change between two sentences is worth: a question's one-word answer (4) 0.7 s."""

MOST_ODDS = 4.0
"""Beyond this the odds only say that the model has never seen the contrary."""

SURE_ODDS = 2.0
"""From here on the words alone say that another voice answers, even where no voice was heard (held-out dialogues: nine
of ten such changes are changes)."""

PAUSE_S = 0.35
"""Between words; nobody stops so long inside a phrase without hesitating."""

SHORTEST_WORD_S = 0.1
"""Models give some words no length at all; they count all the same."""

DROWNED = 0.3
"""A sentence of a word or two that sounds like the talk around it tells a third of what it would tell alone: a voice is
known by a second of sound, and most of that second is the others'."""

ONE_VOICE = 0.3
"""While only one voice is known, all sounds like it: the first answer of a visit too."""

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
    words: Sequence[W],
    label: VoiceOf,
    handover: HandoverWeights,
    *,
    before: Before | None = None,
    voices: Sequence[str] = (),
) -> list[tuple[str | None, tuple[W, ...]]]:
    """Return the run as turns, each with its voice; null where the voice is not known.

    `label` gives the voice of a stretch of sound, or None; `handover` how likely somebody else says the next sentence.
    `before` lets the run's first words answer what was said before the pause; `voices` are those of the whole visit, so
    that "the other one" has a name.
    """
    if not words:
        return []
    heard = [_voice(word, label) for word in words]
    asker = before.speaker if before else None
    states = _states([*heard, *voices, asker])
    run = _Run(words, heard, handover, before)
    if len({*heard, *voices, asker} - {None}) == 1:
        run.weights = [ONE_VOICE * weight for weight in run.weights]
    if not any(heard) and run.opening < SURE_ODDS:
        states = [None] * len(states)
    path = _path(run, states)
    turns: list[tuple[str | None, tuple[W, ...]]] = []
    begin = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or path[i] != path[begin]:
            turns.append((states[path[begin]], tuple(words[begin:i])))
            begin = i
    return turns


class _Run:
    """What is known of a run of words: what its sound weighs, and what a change of speaker costs where."""

    def __init__(
        self, words: Sequence[TimedWord], heard: _Names, handover: HandoverWeights, before: Before | None
    ) -> None:
        self.heard = heard
        self.asker = before.speaker if before else None
        begins = [0, *(i for i in range(1, len(words)) if _begins_sentence(words, i)), len(words)]
        sentences = [" ".join(w.text for w in words[i:j]) for i, j in pairwise(begins)]
        self.opening = 0.0 if self.asker is None or before is None else handover.log_odds(before.text, sentences[0])
        odds = dict(zip(begins[1:], (handover.log_odds(a, b) for a, b in pairwise(sentences)), strict=False))
        self.costs = [-_worth(odds[i]) if i in odds else _cost_inside(words, i) for i in range(len(words))]
        self.weights = [_length(word) for word in words]
        for i, j in pairwise(begins):
            if j - i <= WHOLE_WORDS and _is_drowned(heard, i, j):
                self.weights[i:j] = [DROWNED * weight for weight in self.weights[i:j]]

    def agreement(self, i: int, state: str | None) -> float:
        """Return what speaks for `state` as the voice of word `i` by its sound."""
        return self.weights[i] if state is not None and self.heard[i] == state else 0.0

    def opening_gain(self, state: str | None) -> float:
        """Return what speaks for `state` as the voice of the first word, after what was said before it."""
        return _worth(self.opening) if self.asker is not None and state != self.asker else 0.0


def _voice(word: TimedWord, label: VoiceOf) -> str | None:
    return None if word.start is None or word.end is None else label(word.start, word.end)


def _states(seen: _Names) -> list[str | None]:
    """Return the voices there may be: those seen, and at least two, the unknown one being somebody."""
    known: list[str | None] = [name for name in dict.fromkeys(seen) if name is not None]
    return known + [None] * max(0, 2 - len(known))


def _path(run: _Run, states: Sequence[str | None]) -> list[int]:
    """Return the number of the state of each word: the course (Viterbi) that agrees with most sound at least cost."""
    best = [run.agreement(0, state) + run.opening_gain(state) for state in states]
    back: list[list[int]] = []
    for i in range(1, len(run.heard)):
        cost = run.costs[i]
        came = [_came_from(best, j, cost) for j in range(len(states))]
        back.append(came)
        best = [best[k] - (cost if k != j else 0.0) + run.agreement(i, states[j]) for j, k in enumerate(came)]
    path = [best.index(max(best))]
    for came in reversed(back):
        path.append(came[path[-1]])
    return path[::-1]


def _came_from(best: Sequence[float], state: int, cost: float) -> int:
    """Return the state before `state` that leaves most; itself where that is no worse."""
    values = [value - (cost if k != state else 0.0) for k, value in enumerate(best)]
    return state if values[state] >= max(values) else values.index(max(values))


def _worth(odds: float) -> float:
    """Return what a change of these log-odds is worth, in seconds of speech."""
    return WORTH_OF_ODDS * max(-MOST_ODDS, min(MOST_ODDS, odds))


def _length(word: TimedWord) -> float:
    return 0.0 if word.start is None or word.end is None else max(word.end - word.start, SHORTEST_WORD_S)


def _is_drowned(heard: _Names, begin: int, end: int) -> bool:
    """Whether the words from `begin` to `end` sound like those on both sides of them."""
    around = {*heard[max(0, begin - 1) : begin], *heard[end : end + 1]}
    return bool(around) and around == set(heard[begin:end])


def _cost_inside(words: Sequence[TimedWord], i: int) -> float:
    """Return what a change of speaker before word `i`, inside a sentence, costs."""
    if i and _gap(words[i - 1], words[i]) >= PAUSE_S:
        return COST_AT_PAUSE
    return COST_AT_COMMA if i and words[i - 1].text.endswith(",") else COST_IN_PHRASE


def _gap(left: TimedWord, right: TimedWord) -> float:
    return 0.0 if left.end is None or right.start is None else right.start - left.end


def _begins_sentence(words: Sequence[TimedWord], i: int) -> bool:
    return _ends_sentence(words[i - 1].text) or _opens_sentence(words[i].text)


def _ends_sentence(text: str) -> bool:
    return text.endswith((".", "?", "!")) and text.lower() not in {"dr.", "mr.", "mrs.", "ms.", "st."}


def _opens_sentence(text: str) -> bool:
    return text[:1].isupper() and match_key(text) in OPENERS
