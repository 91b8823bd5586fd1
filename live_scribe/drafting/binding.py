"""Whether numbers, sides and changes of treatment stand in a sentence by what they stood by when they were said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from live_scribe.drafting.claims import allows
from live_scribe.drafting.said import Mention

REACH = 14
"""A number may stand so many words behind what it is a number of."""
CLOSE = 3
"""A side, or what is counted, stands within so many words."""
ANCHORS = 3
"""So many words before a number are looked at, the nearest first, for what it is a number of."""

_SIDES = frozenset("left right =both upper lower inner outer lateral medial anterior posterior proximal distal".split())
_CHANGES = frozenset("=start =stop =increase =decrease =continue hold switch chang restart prescrib".split())
_JOINS = frozenset("and or nor but plus".split())


def is_side(word: str) -> bool:
    """Whether a plain word tells one side or place from another."""
    return word in _SIDES


def _number(word: str) -> bool:
    return any(c.isdigit() for c in word) and word[0].isdigit()


@dataclass(frozen=True, slots=True)
class Binding:
    """Holds the words of a sentence (`claimed`) against the words it rests on (`said`), in order."""

    claimed: Sequence[Mention]
    said: Sequence[Mention]
    drugs: frozenset[str]
    content: Callable[[str], bool]

    def faults(self, content: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield what stands by something else than it stood by: the index of the word, and a code."""
        for at in content:
            word = self.claimed[at].word
            if _number(word) and not self._number_holds(at):
                yield at, "number"
            elif word in _SIDES and not self._side_holds(at):
                yield at, "side"
            elif word in _CHANGES and not self._change_holds(at):
                yield at, "change"
        yield from self._strangers(content)
        yield from self._turned_beside(content)

    def _turned_beside(self, content: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield words that were meant otherwise where what stands beside them was said."""
        for one, other in pairwise(content):
            if self.claimed[one].sentence == self.claimed[other].sentence:
                for word, beside in ((one, other), (other, one)):
                    here = {m.sentence for m in self._all(beside)}
                    told = {m.sentence for m in self.said if m.word == self.claimed[word].word} & here
                    if told and not told & {m.sentence for m in self._all(word)}:
                        yield word, "negation"

    def _strangers(self, content: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield words that stand side by side in the sentence, and were never said near each other."""
        for one, other in pairwise(content):
            between = self.claimed[one : other + 1]
            apart = any(m.after for m in between[:-1]) or any(m.word in _JOINS for m in between)
            if between[0].sentence != between[-1].sentence or apart:
                continue
            if not any(_near(a, b) for a in self._all(one) for b in self._all(other)):
                yield other, "unrelated"

    def _all(self, at: int) -> list[Mention]:
        claim = self.claimed[at]
        return [m for m in self.said if m.word == claim.word and m.bears and allows(m.meant, claim.meant)]

    def _places(self, at: int) -> list[int]:
        claim = self.claimed[at]
        return [i for i, m in enumerate(self.said) if m.word == claim.word and m.bears and allows(m.meant, claim.meant)]

    def _number_holds(self, at: int) -> bool:
        counted = self._counted(self.claimed, at)
        before, after = self._before(self.claimed, at), self._after(self.claimed, at)
        anchors = before or [w for w in after if w != counted] or after
        drug = next((w for w in anchors if w in self.drugs), None)
        wanted = {drug} if drug else set(anchors[:ANCHORS])
        return any(self._stands_by(place, wanted, drug, counted) for place in self._places(at))

    def _stands_by(self, place: int, wanted: set[str], drug: str | None, counted: str | None) -> bool:
        if counted is not None and counted not in [m.word for m in self.said[place + 1 : place + 1 + CLOSE]]:
            return False
        before, after = self._before(self.said, place), self._after(self.said, place)
        owner = next((w for w in after[:CLOSE] if w in self.drugs), None)
        if owner is None or owner in before:
            owner = next((w for w in before if w in self.drugs), None) or owner
        if drug is not None:
            return owner == drug
        return bool(wanted & {*before, *after})

    def _counted(self, words: Sequence[Mention], at: int) -> str | None:
        """Return what is counted: the word right behind the number ("mg", "day"), null where none is."""
        if at + 1 >= len(words) or words[at].after or not self.content(words[at + 1].word):
            return None
        following = words[at + 1].word
        return None if _number(following) or following in self.drugs else following

    def _before(self, words: Sequence[Mention], at: int) -> list[str]:
        """Return what a number may be a number of: the words before it, nearest first, up to another number."""
        found: list[str] = []
        for i in range(at - 1, max(-1, at - 1 - REACH), -1):
            if _number(words[i].word) or not _near(words[i], words[at]):
                break
            if self.content(words[i].word) and not words[i].word.startswith("=once"):
                found.append(words[i].word)
        return found

    def _after(self, words: Sequence[Mention], at: int) -> list[str]:
        """Return the words behind a number up to a sign, "and" or a number; none that has its own."""
        found: list[str] = []
        for i in range(at, min(len(words), at + 1 + REACH)):
            if i > at:
                if _number(words[i].word) or words[i].word in _JOINS or words[i].sentence != words[at].sentence:
                    break
                own = any(_number(m.word) for m in words[i + 1 : i + 1 + CLOSE] if not words[i].after)
                if self.content(words[i].word) and not own:
                    found.append(words[i].word)
            if words[i].after:
                break
        return found

    def _side_holds(self, at: int) -> bool:
        target = self._target(at)
        return target is not None and any(self._beside(place, target) for place in self._places(at))

    def _target(self, at: int) -> str | None:
        """Return what the sentence says the side of: the next word that says something, else the one before."""
        sentence = self.claimed[at].sentence
        order = (*range(at + 1, len(self.claimed)), *range(at - 1, -1, -1))
        return next(
            (
                self.claimed[i].word
                for i in order
                if self.claimed[i].sentence == sentence
                and self.content(self.claimed[i].word)
                and self.claimed[i].word not in _SIDES
            ),
            None,
        )

    def _beside(self, place: int, target: str) -> bool:
        side = self.said[place]
        ahead, behind = self.said[place + 1 : place + 1 + CLOSE], self.said[max(0, place - CLOSE) : place][::-1]
        for run in (ahead, behind):
            for m in run:
                if m.word in _SIDES and m.word != side.word:
                    break
                if m.word == target and _near(m, side):
                    return True
        near = [m for m in self.said if _near(m, side)]
        sides = {m.word for m in near if m.word in _SIDES}
        return sides == {side.word} and any(m.word == target for m in near)

    def _change_holds(self, at: int) -> bool:
        claimed = self._treatment(self.claimed, at)
        return claimed is None or any(self._treatment(self.said, place) == claimed for place in self._places(at))

    def _treatment(self, words: Sequence[Mention], at: int) -> str | None:
        """Return the drug that a change is of: the next one before another change, else the one before it."""
        for step in (1, -1):
            i = at + step
            while 0 <= i < len(words) and abs(i - at) <= REACH and words[i].word not in _CHANGES:
                if words[i].word in self.drugs:
                    return words[i].word
                i += step
        return None


def _near(one: Mention, other: Mention) -> bool:
    """Whether two words were said in one breath: in one sentence or the next, or in a question and its answer."""
    apart = abs(one.sentence - other.sentence)
    return apart == 0 or (apart == 1 and abs(one.place - other.place) <= 1)
