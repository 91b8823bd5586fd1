"""What whisper is known to make up, and how each of it is recognised. Every guard has a name, and a test that shows it.

Numbers after Koenecke et al., "Careless Whisper" (FAccT 2024): about one segment in a hundred is invented, mostly where
nobody speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from live_scribe.core.hearing import HeardWord, Hypothesis
from live_scribe.core.sounds import likeness, sound_of_phrase
from live_scribe.core.words import match_key

Voiced = Callable[[float, float], float]
"""Share (0 to 1) of a stretch of seconds in which the speech detector heard a voice."""

LOOP_TIMES = {1: 8, 2: 4, 3: 4}
"""A phrase of so many words, said so often in a row, is a loop. People do say "no, no, no, no"."""

SHORT_LOOP = 2
"""People say up to so many different words as often as they like, but take their time for each; a loop does not."""

LOOP_TIMELESS = 0.2
"""Share of a short loop's words that get no sound: of recorded loops about half."""

LONG_LOOP_TIMES = 3
"""Nobody says four words or more three times in a row."""

LOOP_WORDS = 8
"""Loops of longer phrases do not fit a look often enough to be one."""

LEAST_VOICED = 0.15
"""A word with less voice in it was not said; a stretched word still has a fifth."""

SLACK_S = 0.15
"""How far whisper's word times lie off the detector's."""

NO_SPEECH = ((0.5, 0.3), (0.6, 0.55), (0.8, 0.85))
"""Above this probability of no speech, words that are less sure than this (their mean) were not said.

Whisper has 0.6 and its own unsureness (Radford et al. 2022, section 4.5). Recorded: babble that a detector takes for
voices has 0.57 and words of 0.09 to 0.94 and words of 0.77; but what was really said has up to 0.62 (base, a dose at
0.67) and in noise 0.55 (a dose at 0.37): a word too many can be heard and struck out, a dose that is lost cannot.
"""

LOOPS_OVER_NOISE = 0.4
"""Above this probability of no speech a text that loops was not said: said loops, laughter say, have far less."""

LOOPING = 2.4
"""Above this compression ratio a text repeats itself (the same section)."""

UNSURE = 0.5

ECHO_SLACK_S = 0.05

TIMELESS_S = 0.06
"""A word that the alignment gives no more sound than this; single real ones have as little, three in a row do not."""

TIMELESS_WORDS = 3
"""One or two such words are a real end, squeezed at a look's edge; three cannot be said in a fifth of a second."""

REPLAY_TIMELESS = 0.6
"""Share of a replay's words that get no sound; people who say a sentence twice take their time for both."""

UNLIKELY = 0.1
UNLIKELY_WORDS = 5
"""So many words in a row, none of them likelier than this, were not said: recorded, a sentence of before once more, at
0.00 to 0.04. Of words that were said one or two in a row are as unlikely."""

UNHEARD_S = 1.5
"""So much voice without a word was passed over: whisper sometimes ends its text at a question and skips the answer."""

BOOSTED = 0.35
"""A name that whisper was told of must be this sure of itself: right ones were at 0.38 to 0.83."""

BOOSTED_ALIKE = 0.7
"""And what was heard at its place without being told must sound so like it: else the telling made it up."""

PHANTOMS = frozenset(
    {
        ("thank", "you"),
        ("thank", "you", "for", "watching"),
        ("thanks", "for", "watching"),
        ("thank", "you", "very", "much"),
        ("bye",),
        ("bye", "bye"),
        ("you",),
        ("the", "end"),
        ("subtitles", "by", "the", "amara", "org", "community"),
    }
)
"""Ends of videos, by which whisper was trained: heard as a whole look of their own, and unsure, they are not speech."""


def without_loop(words: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """Return the words up to the first repetition of a phrase that a loop of the decoder says over and over."""
    for begin in range(len(words)):
        for size in range(1, LOOP_WORDS + 1):
            if _loops(words[begin:], size):
                return tuple(words[: begin + size])
    return tuple(words)


def _loops(words: Sequence[HeardWord], size: int) -> bool:
    """Return whether the first `size` words are said over and over."""
    run = words[: size * LOOP_TIMES.get(size, LONG_LOOP_TIMES)]
    keys = [match_key(w.text) for w in run]
    if len(keys) < size * LOOP_TIMES.get(size, LONG_LOOP_TIMES) or keys[size:] != keys[:-size]:
        return False
    return len(set(keys)) > SHORT_LOOP or sum(_is_timeless(w) for w in run) >= LOOP_TIMELESS * len(run)


def _is_timeless(word: HeardWord) -> bool:
    return word.end - word.start <= TIMELESS_S


def without_timeless(words: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """Return the words without runs that no sound was left for: whisper says what it has heard once more.

    Loops under the decoder's own thresholds look so: a sentence twice, the second time in no time at all.
    """
    kept: list[HeardWord] = []
    for is_timeless, run in groupby(words, key=_is_timeless):
        found = list(run)
        if not is_timeless or len(found) < TIMELESS_WORDS:
            kept += found
    return tuple(kept)


def without_replay(words: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """Return the words up to where their end is said over again, once or often, in no time.

    What comes before is what was said; nothing but a replay may follow, else the words come back as they are.
    """
    keys = [match_key(w.text) for w in words]
    for count in (len(keys), len(keys) - 1):  # the very last word may be one that was broken off
        for size in range(1, count):
            begin = count
            while begin > size and keys[begin - 1] == keys[begin - 1 - size]:
                begin -= 1
            replay = words[begin:count]
            timeless = sum(_is_timeless(w) for w in replay)
            if len(replay) >= TIMELESS_WORDS and timeless >= REPLAY_TIMELESS * len(replay):
                return tuple(words[:begin])
    return tuple(words)


def without_unlikely(words: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """Return the words without runs that the sound does not bear out: whisper goes on from what it was told instead."""
    kept: list[HeardWord] = []
    for is_unlikely, run in groupby(words, key=lambda w: w.probability < UNLIKELY):
        found = list(run)
        if not is_unlikely or len(found) < UNLIKELY_WORDS:
            kept += found
    return tuple(kept)


def without_phantoms(hypothesis: Hypothesis, voiced: Voiced) -> tuple[HeardWord, ...]:
    """Return the words that somebody can have said: where there was a voice, and not the end of a video."""
    words = hypothesis.words
    if not words or nobody_spoke(hypothesis):
        return ()
    sure = _sureness(words)
    if sure < UNSURE and tuple(match_key(w.text) for w in words) in PHANTOMS:
        return ()
    return tuple(w for w in words if voiced(w.start - SLACK_S, w.end + SLACK_S) >= LEAST_VOICED)


def without_cut_word(look: Hypothesis, confirmed: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """Return the words without what was heard of half a word: where the look begins, a settled word's end still sounds.

    Of "chills?" whisper makes "pills?", of "600" it makes "100". What is heard surely stays, and so does what
    takes more time than the half: it is the next word, stretched over it.
    """
    cut = next((w for w in confirmed if w.start < look.start < w.end and w.start + w.end <= 2 * look.start), None)
    if cut is None:
        return look.words
    begin, end = 0, cut.end + SLACK_S
    while begin < len(look.words) and look.words[begin].end <= end and look.words[begin].probability < UNSURE:
        begin += 1
    return look.words[begin:]


def nobody_spoke(look: Hypothesis) -> bool:
    """Whether the words were made up over a noise: whisper itself takes it for no speech, and is unsure or loops."""
    sure, silent = _sureness(look.words), look.no_speech_probability
    looped = look.compression_ratio > LOOPING and silent > LOOPS_OVER_NOISE
    return looped or any(silent > least and sure < surely for least, surely in NO_SPEECH)


def _sureness(words: Sequence[HeardWord]) -> float:
    return sum(w.probability for w in words) / len(words) if words else 0.0


def unheard_from(look: Hypothesis, voiced: Voiced) -> float | None:
    """Return where (seconds) a stretch of voice begins that the look has no words for; null where there is none."""
    ends = [look.start, *(w.end for w in look.words)]
    starts = [*(w.start for w in look.words), look.end]
    for end, start in zip(ends, starts, strict=True):
        if (start - end) * voiced(end, start) >= UNHEARD_S:
            return end
    return None


def joined(look: Hypothesis, rest: Hypothesis) -> Hypothesis:
    """Return the look with the words that were heard in a second look at its `rest`."""
    return replace(look, words=(*(w for w in look.words if w.start < rest.start), *rest.words))


def without_echo(words: Sequence[HeardWord], confirmed: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """Return the words without those at their beginning that are the last confirmed ones heard once more.

    An echo lies in sound that is settled; a word that was really said twice lies behind it.
    """
    if not confirmed:
        return tuple(words)
    last_keys = {match_key(w.text) for w in confirmed[-LOOP_WORDS:]}
    settled = confirmed[-1].end + ECHO_SLACK_S
    begin = 0
    while begin < len(words) and words[begin].end <= settled and match_key(words[begin].text) in last_keys:
        begin += 1
    return tuple(words[begin:])


def with_boosted(
    plain: Hypothesis, told: Hypothesis, terms: Sequence[str], places: Sequence[tuple[float, float]], voiced: Voiced
) -> Hypothesis:
    """Return `plain`, the look as it was heard, with those names in it that `told` (heard with `terms` told) confirms.

    A name counts where a voice is, sure of itself, in one of the `places` (seconds) in doubt, and only for words that
    sound like it: a decoder that is told names says them over silence and noise.
    """
    keys = {match_key(term) for term in terms}
    words = list(plain.words)
    around = [match_key(w.text) for w in told.words]
    for i, name in enumerate(told.words):
        if around[i] not in keys or name.probability < BOOSTED or voiced(name.start, name.end) < LEAST_VOICED:
            continue
        first, last = _sounding_like(words, name, beside={*around[max(0, i - 1) : i], *around[i + 1 : i + 2]})
        if first < last and any(_lies_in(words[first:last], place) for place in places):
            end = words[last - 1].text[-1:]
            text = name.text.rstrip(".,?!") + (end if end in ".,?!" else "")
            words[first:last] = [replace(name, text=text, start=words[first].start, end=words[last - 1].end)]
    return replace(plain, words=tuple(words))


def _sounding_like(words: Sequence[HeardWord], name: HeardWord, beside: set[str]) -> tuple[int, int]:
    """Return which words, that share the name's time, sound most like it; none (0, 0) where none sound like it enough.

    Words that both looks have `beside` the name (as keys) are no part of it: "on a proxon" may be "on naproxen".
    """
    sound = sound_of_phrase([name.text])
    near = [i for i, w in enumerate(words) if w.start < name.end + SLACK_S and w.end > name.start - SLACK_S]
    edges = {i for i in near if match_key(words[i].text) in beside}
    spans = [(i, j + 1) for i in near for j in near if i <= j and not {i, j} & edges]
    alike = [(likeness(sound_of_phrase([w.text for w in words[i:j]]), sound, BOOSTED_ALIKE), i, j) for i, j in spans]
    best = max(alike, default=(0.0, 0, 0), key=lambda found: (found[0], found[1] - found[2]))
    return (best[1], best[2]) if best[0] >= BOOSTED_ALIKE else (0, 0)


def _lies_in(words: Sequence[HeardWord], place: tuple[float, float]) -> bool:
    return words[0].start >= place[0] - ECHO_SLACK_S and words[-1].end <= place[1] + ECHO_SLACK_S
