"""What hearing the sound a second time, with more context, would change in words that stand.

The confirmed words of a stretch and the words of a second look at it are aligned by key and time; where they part, each
difference is as small as it can be and lies in one utterance. It is told apart what a person must decide: numbers,
denials, sides, names. Case and signs alone are no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from live_scribe.core.alignment import EDITS_PER_S
from live_scribe.core.critical import Known, concern, may_name, misspelt_anew, same_when_joined
from live_scribe.core.decide_readings import is_a_persons
from live_scribe.core.guards import (
    LOOPING,
    Voiced,
    without_echo,
    without_loop,
    without_phantoms,
    without_timeless,
    without_unlikely,
)
from live_scribe.core.hearing import HeardWord, Hypothesis
from live_scribe.core.readings import WEIGHT, Concern
from live_scribe.core.words import Utterance, Word, match_key

EDGE_S = 0.5
"""Two hearings of a word lie no further apart at a window's edge: a word so near to it is not missed."""

FOUND = 0.5
"""Mean probability that words passed over by the first look need; below it the second may leave words out."""

LIKELY = 0.25
"""So much less sure (mean probability) than the first look the second may be, and still a person is asked."""

LEAST = 0.1
"""A word that the second look is less sure of was not said: such words are whisper's way out at a window's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """In one utterance, `words` (in a row, at least one) were heard as `heard` (at least one) the second time.

    `apart`: the words stay, and `heard` was said beside them, an utterance of its own.
    `concern`: what changes that a person must decide; null where nothing does. Then the second look was at least as
    sure as the first.
    """

    utterance: str
    words: tuple[Word, ...] = field(repr=False)
    heard: tuple[HeardWord, ...] = field(repr=False)
    concern: Concern | None
    apart: bool = False

    @property
    def critical(self) -> bool:
        """Whether a number, a denial, a side or a name changes, and a person must decide."""
        return self.concern is not None


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the alignment: a confirmed word, a word of the second look, or one as the other.

    `settled`: nothing is to be changed here; `theirs`: because a person wrote the word.
    """

    utterance: str
    word: Word | None = field(repr=False)
    heard: HeardWord | None = field(repr=False)
    settled: bool = False
    theirs: bool = False


def believed(look: Hypothesis, voiced: Voiced, before: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """Return the words of a second look that may have been said; none where the whole look is in doubt.

    `before`: the words that were heard just before it.
    """
    if look.compression_ratio > LOOPING:
        return ()
    return without_echo(without_unlikely(without_loop(without_timeless(without_phantoms(look, voiced)))), before)


def differences(
    said: Sequence[Utterance], heard: Sequence[HeardWord], start: float, end: float, known: Known
) -> tuple[Difference, ...]:
    """Return where the second look `heard`, of `start` to `end` (seconds), parts from what was `said`, what a person
    must decide before the rest, names and numbers before other words.

    Words that a person wrote, and what stands beside them, are in none.
    """
    steps, apart = _without_answers(_aligned(_confirmed(said, start - EDGE_S, end + EDGE_S), heard, start, end), known)
    found = apart + [
        d for first, last in _ranges(steps) if (d := _difference(steps[first:last], said, known)) is not None
    ]
    return tuple(sorted(found, key=lambda d: len(WEIGHT) if d.concern is None else WEIGHT[d.concern]))


def _confirmed(said: Sequence[Utterance], start: float, end: float) -> list[tuple[str, Word]]:
    """Return the words between two times, with their utterances. Words without times are nowhere."""
    return [
        (u.id, w)
        for u in said
        for w in u.words
        if w.start is not None and w.end is not None and start <= (w.start + w.end) / 2 < end
    ]


def _aligned(
    confirmed: Sequence[tuple[str, Word]], heard: Sequence[HeardWord], start: float, end: float
) -> list[_Step]:
    """Return the cheapest way from the confirmed words to the heard ones, word by word."""
    table = _costs(confirmed, heard)
    i, j, steps = len(confirmed), len(heard), list[_Step]()
    while i or j:
        pair = table[i - 1][j - 1] + _apart(confirmed[i - 1][1], heard[j - 1]) if i and j else None
        if pair is not None and pair <= table[i][j] + 1e-9:
            i, j = i - 1, j - 1
            steps.append(_pair(confirmed[i], heard[j]))
        elif i and table[i - 1][j] + 1 <= table[i][j] + 1e-9:
            i -= 1
            steps.append(_left_out(confirmed[i], start, end))
        else:
            j -= 1
            steps.append(_Step(_nearest(confirmed, i, heard[j]), None, heard[j], settled=not confirmed))
    return steps[::-1]


def _costs(confirmed: Sequence[tuple[str, Word]], heard: Sequence[HeardWord]) -> list[list[float]]:
    table = [[float(j) for j in range(len(heard) + 1)]]
    for i, (_, word) in enumerate(confirmed, 1):
        above, row = table[-1], [float(i)]
        for j, other in enumerate(heard, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + _apart(word, other)))
        table.append(row)
    return table


def _apart(word: Word, heard: HeardWord) -> float:
    """Return what taking one for the other costs: nothing where words and times agree, 2 where neither does."""
    off = abs((word.start or 0.0) + (word.end or 0.0) - heard.start - heard.end) / 2
    return (match_key(word.text) != match_key(heard.text)) + min(1.0, EDITS_PER_S * off)


def _pair(confirmed: tuple[str, Word], heard: HeardWord) -> _Step:
    utterance, word = confirmed
    if match_key(word.text) == match_key(heard.text):
        return _Step(utterance, word, heard, settled=True)
    return _Step(utterance, word, heard, settled=is_a_persons(word), theirs=is_a_persons(word))


def _left_out(confirmed: tuple[str, Word], start: float, end: float) -> _Step:
    utterance, word = confirmed
    middle = ((word.start or 0.0) + (word.end or 0.0)) / 2
    outside = not start + EDGE_S <= middle < end - EDGE_S
    return _Step(utterance, word, None, settled=outside or is_a_persons(word), theirs=is_a_persons(word))


def _nearest(confirmed: Sequence[tuple[str, Word]], place: int, heard: HeardWord) -> str:
    """Return the utterance that a word between two confirmed ones belongs to: that of the nearer one."""
    if not confirmed:
        return ""
    if place == 0 or place == len(confirmed):
        return confirmed[max(0, place - 1)][0]
    (before, earlier), (behind, later) = confirmed[place - 1], confirmed[place]
    nearer = heard.start - (earlier.end or 0.0) <= (later.start or 0.0) - heard.end
    return before if nearer else behind


def _without_answers(steps: list[_Step], known: Known) -> tuple[list[_Step], list[Difference]]:
    """Return the steps, and apart from them what was passed over between two utterances: an answer, mostly.

    It is one of its own where its neighbours were heard the same way twice, the one before it was a whole sentence, and
    so is it.
    """
    found = list[Difference]()
    first = 0
    while first < len(steps):
        last = first
        while last < len(steps) and steps[last].word is None and steps[last].heard and not steps[last].settled:
            last += 1
        if last > first and (answer := _answer(steps, first, last, known)):
            found.append(answer)
            steps[first:last] = [replace(s, settled=True) for s in steps[first:last]]
        first = max(last, first + 1)
    return steps, found


def _answer(steps: Sequence[_Step], first: int, last: int, known: Known) -> Difference | None:
    heard = tuple(s.heard for s in steps[first:last] if s.heard is not None)
    before = steps[first - 1] if first else None
    behind = steps[last] if last < len(steps) else None
    beside = [s for s in (before, behind) if s is not None]
    if len({s.utterance for s in beside}) != len(beside) or not all(_agrees(s, s.utterance) for s in beside):
        return None
    if not _is_sentence(heard[-1].text) or (before and before.word and not _is_sentence(before.word.text)):
        return None
    weight = concern((), [w.text for w in heard], known.names)
    if _mean([w.probability for w in heard]) < FOUND - (LIKELY if weight else 0.0):
        return None
    if not beside or beside[0].word is None or any(w.probability < LEAST for w in heard):
        return None
    words = (beside[0].word,)
    return Difference(utterance=beside[0].utterance, words=words, heard=heard, concern=weight, apart=True)


def _is_sentence(text: str) -> bool:
    return text[-1:] in ".?!"


def _ranges(steps: Sequence[_Step]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of steps (first, behind the last) that are one difference each, none touching another."""
    open_first, open_last = 0, 0
    for first, last in _apart_in_place(steps):
        first, last = _with_neighbour(steps, first, last)
        if last == first:
            continue
        if open_last > first:
            open_last = last
            continue
        if open_last:
            yield open_first, open_last
        open_first, open_last = first, last
    if open_last:
        yield open_first, open_last


def _apart_in_place(steps: Sequence[_Step]) -> Iterator[tuple[int, int]]:
    """Yield the longest stretches within one utterance in which nothing agrees."""
    first = 0
    while first < len(steps):
        last = first
        while last < len(steps) and not steps[last].settled and steps[last].utterance == steps[first].utterance:
            last += 1
        if last > first and not any(s.theirs for s in (*steps[max(0, first - 1) : first], *steps[last : last + 1])):
            yield first, last
        first = max(last, first + 1)


def _with_neighbour(steps: Sequence[_Step], first: int, last: int) -> tuple[int, int]:
    """Return the stretch with an agreeing word beside it, where words are on one side alone; empty if there is none."""
    part = steps[first:last]
    if any(s.word for s in part) and any(s.heard for s in part):
        return first, last
    utterance = steps[first].utterance
    if first and _agrees(steps[first - 1], utterance):
        return first - 1, last
    if last < len(steps) and _agrees(steps[last], utterance):
        return first, last + 1
    return first, first


def _agrees(step: _Step, utterance: str) -> bool:
    pair = step.word is not None and step.heard is not None
    return (
        pair
        and not step.theirs
        and step.word is not None
        and not is_a_persons(step.word)
        and (step.utterance == utterance and step.settled)
    )


def _difference(steps: Sequence[_Step], said: Sequence[Utterance], known: Known) -> Difference | None:
    words = tuple(s.word for s in steps if s.word is not None)
    heard = tuple(s.heard for s in steps if s.heard is not None)
    texts = [w.text for w in words], [w.text for w in heard]
    if same_when_joined(*texts):
        return None
    utterance = steps[0].utterance
    before = next(u for u in said if u.id == utterance)
    ids = [w.id for w in before.words]
    place = ids.index(words[0].id)
    whole = [w.text for w in before.words]
    after = [*whole[:place], *(w.text for w in heard), *whole[place + len(words) :]]
    weight = concern(whole, after, known.names)
    if weight is None and misspelt_anew(*texts, known):
        return None
    if weight is None and any(may_name(text, known) for text in texts):
        weight = Concern.NAME
    if _gain(steps) < (0.0 if weight is None else -LIKELY) or any(w.probability < LEAST for w in heard):
        return None
    return Difference(utterance=utterance, words=words, heard=heard, concern=weight)


def _gain(steps: Sequence[_Step]) -> float:
    """Return how much surer (mean probability) the second look is of what it changes than the first was."""
    changed = [s for s in steps if not s.settled]
    first = [s.word.probability or 0.0 for s in changed if s.word is not None]
    second = [s.heard.probability for s in changed if s.heard is not None]
    if not second:
        return FOUND - _mean(first)
    return _mean(second) - (_mean(first) if first else FOUND)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
