"""Corrections that repeat become rules, once a person has approved them; a rule offers, it never changes anything.

A rule says that what is heard as `heard` mostly reads `text`. Whatever speaks against one keeps it from being proposed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from live_scribe.core.commands import ReadAnew
from live_scribe.core.learning import OUTER_SIGNS, Correction, HeardWords, Piece, keys
from live_scribe.core.numerals import is_number_word
from live_scribe.core.readings import ReadingReason
from live_scribe.core.words import Utterance, Word, match_key

OFTEN_ENOUGH, VISITS_ENOUGH = 3, 2
"""How often, and in how many visits, the same correction makes a rule worth proposing: once is a slip of the tongue,
and one visit is one speaker's way to say a word."""

MOST_EXAMPLES = 3
"""Passages that are shown with a rule: enough to judge it."""

AROUND = 4
"""Words shown on each side of what a rule would change."""


class RuleState(StrEnum):
    """Where a rule stands: a closed list (docs/protocol.md).

    CONTRADICTED: the correction repeats, and something speaks against it; it cannot be approved.
    """

    PROPOSED = "proposed"
    CONTRADICTED = "contradicted"
    APPROVED = "approved"
    DECLINED = "declined"


class Verdict(StrEnum):
    """What people did in one visit with what a rule is about."""

    SAME = "same"
    OTHERWISE = "otherwise"
    LEFT = "left"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is heard as `heard` is offered as `text`. `times` and `visits`: how often, and where, people said so.

    `against`: how often people set the same right to something else, or left it though something was offered.
    """

    heard: str = field(repr=False)
    text: str = field(repr=False)
    state: RuleState = RuleState.PROPOSED
    times: int = 0
    visits: frozenset[str] = frozenset()
    against: int = 0
    decided_by: str | None = None
    decided_at: str | None = None

    @property
    def key(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """By which two rules are the same."""
        return keys(self.heard.split()), keys(self.text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A passage as it stands in a visit, and as it would read."""

    visit: str
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a rule is about in stored visits: how often it was heard there, and what people did with it.

    `same`, `otherwise`, `left` and `open` count visits: set right as the rule has it; to something else, or kept though
    something was offered; left standing in a signed visit; still standing where nobody has signed. `standing` counts
    the places that the rule would touch.
    """

    times: int = 0
    standing: int = 0
    same: int = 0
    otherwise: int = 0
    left: int = 0
    open: int = 0
    examples: tuple[Example, ...] = ()

    @property
    def contradicts(self) -> bool:
        """Whether something speaks against the rule."""
        return self.otherwise > 0 or self.left > 0


def proposals(found: Iterable[Correction]) -> list[Rule]:
    """Return the rules that these corrections make, those that something speaks against among them as such."""
    by_heard: dict[tuple[str, ...], list[Correction]] = defaultdict(list)
    for correction in found:
        by_heard[keys(correction.heard.split())].append(correction)
    rules = []
    for heard, group in by_heard.items():
        if not heard or _has_a_number(group[0].heard):
            continue
        for text, same in _by_text(group).items():
            if text in ((), heard) or _has_a_number(same[0].text):
                continue
            visits = frozenset(c.visit for c in same)
            if len(same) < OFTEN_ENOUGH or len(visits) < VISITS_ENOUGH:
                continue
            back = sum(1 for c in by_heard.get(text, ()) if keys(c.text.split()) in (heard, text))
            rules.append(_rule(same, visits, len(group) - len(same) + back))
    return rules


def _by_text(group: Iterable[Correction]) -> dict[tuple[str, ...], list[Correction]]:
    by_text: dict[tuple[str, ...], list[Correction]] = defaultdict(list)
    for correction in group:
        by_text[keys(correction.text.split())].append(correction)
    return by_text


def _rule(same: Sequence[Correction], visits: frozenset[str], against: int) -> Rule:
    return Rule(
        heard=_commonest(c.heard.lower() for c in same),
        text=_commonest(c.text for c in same),
        state=RuleState.CONTRADICTED if against else RuleState.PROPOSED,
        times=len(same),
        visits=visits,
        against=against,
    )


def _commonest(texts: Iterable[str]) -> str:
    counted = Counter(texts)
    return min(counted, key=lambda text: (-counted[text], text))


def _has_a_number(text: str) -> bool:
    """A dose is what was said that day: no habit makes another of it."""
    return any(c.isdigit() for c in text) or any(is_number_word(key) for key in keys(text.split()))


def standing(proposed: Iterable[Rule], decided: Iterable[Rule]) -> list[Rule]:
    """Return all rules as they stand: what a person has decided counts, with what speaks for and against it today."""
    rules = {rule.key: rule for rule in proposed}
    for rule in decided:
        known = rules.get(rule.key)
        told = {} if known is None else {"times": known.times, "visits": known.visits, "against": known.against}
        rules[rule.key] = replace(rule, **told)  # type: ignore[arg-type]  # mypy cannot follow the three names
    return sorted(rules.values(), key=lambda r: (list(RuleState).index(r.state), r.heard, r.text))


def judged(rule: Rule, effect: Effect) -> Rule:
    """Return the rule with what stored visits say: one that they contradict is not proposed."""
    if rule.state is RuleState.PROPOSED and effect.contradicts:
        return replace(rule, state=RuleState.CONTRADICTED)
    return rule


def effect(rule: Rule, visits: Iterable[HeardWords]) -> Effect:
    """Return what the rule is about in these visits."""
    counts: Counter[Verdict] = Counter()
    times = standing_ = 0
    examples: list[Example] = []
    for heard in visits:
        places = list(_places(rule, heard))
        times += len(places)
        untouched = [(pieces, hit) for pieces, hit, verdict in places if verdict is Verdict.OPEN]
        standing_ += len(untouched)
        wanted = untouched[: MOST_EXAMPLES - len(examples)]
        examples += [_example(rule, heard.visit, pieces, hit) for pieces, hit in wanted]
        verdict = _of_the_visit(rule, heard, {v for _, _, v in places})
        if verdict is not None:
            counts[verdict] += 1
    by_verdict = {str(v): counts[v] for v in Verdict}
    return Effect(times=times, standing=standing_, examples=tuple(examples), **by_verdict)


def _of_the_visit(rule: Rule, heard: HeardWords, verdicts: set[Verdict]) -> Verdict | None:
    """One correction of several speaks for all of the visit: people set the first right and read on."""
    if Verdict.OTHERWISE in verdicts or any(keys(c.heard.split()) == rule.key[0] for c in heard.kept):
        return Verdict.OTHERWISE
    if Verdict.SAME in verdicts:
        return Verdict.SAME
    if not verdicts:
        return None
    return Verdict.LEFT if heard.finished else Verdict.OPEN


def _places(rule: Rule, heard: HeardWords) -> Iterator[tuple[Sequence[Piece], Sequence[int], Verdict]]:
    """Yield where the rule's words were heard: the utterance, which of its pieces they are, and what became of them."""
    wanted, text = rule.key
    for passage in heard.said:
        if f" {' '.join(wanted)} " not in f" {passage.spoken} ":
            continue
        pieces = passage.all_pieces()
        spoken = [(i, key) for i, piece in enumerate(pieces) for key in keys(piece.heard)]
        for at in _found([key for _, key in spoken], wanted):
            hit = sorted({i for i, _ in spoken[at : at + len(wanted)]})
            touched = [pieces[i] for i in hit]
            changed = Verdict.SAME if _reads(touched, text) else Verdict.OTHERWISE
            yield pieces, hit, changed if any(p.seq for p in touched) else Verdict.OPEN


def _found(spoken: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    """Yield where `wanted` begins in `spoken`, places that do not overlap."""
    at, wanted = 0, list(wanted)
    while wanted and at + len(wanted) <= len(spoken):
        if list(spoken[at : at + len(wanted)]) == wanted:
            yield at
            at += len(wanted)
        else:
            at += 1


def _reads(pieces: Sequence[Piece], text: Sequence[str]) -> bool:
    now = [key for piece in pieces for key in piece.now]
    return next(_found(now, text), None) is not None


def _example(rule: Rule, visit: str, pieces: Sequence[Piece], hit: Sequence[int]) -> Example:
    front = [w.text for p in pieces[: hit[0]] for w in p.words]
    back = [w.text for p in pieces[hit[-1] + 1 :] for w in p.words]
    here = [w for i in hit for w in pieces[i].words]
    left = ["…", *front[-AROUND:]] if len(front) > AROUND else front
    right = [*back[:AROUND], "…"] if len(back) > AROUND else back
    before = [*left, *(w.text for w in here), *right]
    after = [*left, *(w.text for w in _heard_as(rule, here)), *right]
    return Example(visit=visit, before=" ".join(before), after=" ".join(after))


def offers(rules: Iterable[Rule], said: Utterance) -> tuple[ReadAnew, ...]:
    """Return the other readings that approved rules have for an utterance. They are offered, never settled."""
    words = [w for w in said.words if keys([w.text])]
    spoken = [match_key(w.text) for w in words]
    taken: set[str] = set()
    made = []
    for rule in sorted(rules, key=lambda r: -len(r.key[0])):  # what was heard more of is surer
        if rule.state is not RuleState.APPROVED:
            continue
        for at in _found(spoken, rule.key[0]):
            here = words[at : at + len(rule.key[0])]
            ids = _between(said.words, here[0].id, here[-1].id)
            if taken.isdisjoint(ids):
                taken |= set(ids)
                heard = _heard_as(rule, here)
                made.append(ReadAnew(utterance=said.id, words=ids, heard=heard, reason=ReadingReason.RULE))
    return tuple(made)


def _between(words: Sequence[Word], first: str, last: str) -> tuple[str, ...]:
    ids = [w.id for w in words]
    return tuple(ids[ids.index(first) : ids.index(last) + 1])


def _heard_as(rule: Rule, here: Sequence[Word]) -> tuple[Word, ...]:
    """Return the rule's words in the time of those that they stand for, with the sentence's signs kept at the end."""
    texts = rule.text.split()
    last = here[-1].text
    texts[-1] += last[len(last.rstrip(OUTER_SIGNS)) :]
    start, end = here[0].start, here[-1].end
    sure = [w.probability for w in here if w.probability is not None]
    if start is None or end is None:
        return tuple(Word(id="", text=t) for t in texts)
    width = (end - start) / len(texts)
    return tuple(
        Word(
            id="",
            text=text,
            start=round(start + i * width, 3),
            end=round(start + (i + 1) * width, 3),
            probability=min(sure, default=None),
        )
        for i, text in enumerate(texts)
    )
