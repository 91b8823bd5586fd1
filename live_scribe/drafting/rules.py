"""The built-in note writer: rules and two small models, no network, the same note for the same words.

Each utterance is read once, with the few before it; what it puts into the note depends on nothing else but the scene
(phase of the visit, problem in view) that those before it left. So the work for an utterance does not grow with the
visit, and a corrected utterance changes only what rests on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from live_scribe.core.draft import DraftChange, Proposal
from live_scribe.core.languages import DRAFTED, reads_as_other
from live_scribe.core.words import Utterance
from live_scribe.drafting.board import Board, Fact
from live_scribe.drafting.drafts import fact_of, proposal
from live_scribe.drafting.reading import WINDOW, Heard, Reader
from live_scribe.drafting.scene import Scene
from live_scribe.drafting.vocabulary import vocabulary
from live_scribe.templates import Template

CATCH_ALL = "hpi"
"""Where a statement goes whose section the visit does not have."""
LOOK_BACK = 3
"""Utterances before a new one that it may go on with, or put right."""


@dataclass(slots=True)
class _Page:
    """What the writer keeps of one utterance. `own` is as it was said; `heard` as others completed or corrected it."""

    own: Heard
    heard: Heard
    before: Scene
    after: Scene = field(default_factory=Scene)


class RuleWriter:
    """A NoteWriter. Keys are the utterance's id and the number of the sentence made of it: "u7:2"."""

    def __init__(
        self, template: Template, patient: Mapping[str, str | None], sections: Collection[str] | None = None
    ) -> None:
        """Write by `template` for `patient`, of whom only `sex` ("M", "F", …) is used. Raises TemplateError.

        `sections`: those that the visit was opened with, where the template may have got others since.
        """
        self._vocabulary = vocabulary(template)
        self._sections = frozenset(s.id for s in template.sections)
        self._into = dict(template.into)
        if sections is not None:
            self._into |= dict.fromkeys(self._sections - set(sections), CATCH_ALL)
            self._sections = frozenset(sections)
        self._reader = Reader(self._vocabulary, patient.get("sex"))
        self._pages: list[_Page] = []
        self._index: dict[str, int] = {}
        self._board = Board()
        self._start = Scene()
        self._told: set[str] = set()

    def observe(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        """Return what changes in the draft now that `utterance` was said."""
        if utterance.language not in DRAFTED:
            return ()
        if utterance.id in self._index:
            return self.correct(utterance)
        before = self._pages[-1].after if self._pages else self._start
        at = len(self._pages)
        self._index[utterance.id] = at
        own = self._hear(utterance)
        self._pages.append(_Page(own, own, before))
        return self._net(self._told_once(self._redraft(self._connect(at), at + 1)))

    def _hear(self, utterance: Utterance) -> Heard:
        """Read an utterance by itself; nothing is made of one in a language that there are no phrases for."""
        heard = self._reader.hear(utterance)
        return replace(heard, sentences=()) if reads_as_other(utterance.heard) else heard

    def _told_once(self, changes: list[DraftChange]) -> list[DraftChange]:
        """Say the whole draft anew, once a visit, when the talk has told whether the patient is "he" or "she"."""
        if self._start.she is not None or self._pages[-1].after.she is None:
            return changes
        self._start = Scene(she=self._pages[-1].after.she)
        return [*changes, *self._redraft(0, len(self._pages))]

    def correct(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        """Return what changes now that the utterance of this id reads differently or has another speaker."""
        at = self._index.get(utterance.id)
        if at is None:
            return self.observe(utterance)
        self._pages[at].own = self._hear(utterance)
        return self._net(self._reconnect(max(0, at - LOOK_BACK), at + WINDOW))

    def _reconnect(self, start: int, stop: int) -> list[DraftChange]:
        """Connect the utterances around a change anew, and read them again.

        Those that lie further off but are connected with these are taken in: each must start from its own words.
        """
        while start > 0 and self._connected(start - LOOK_BACK, start):
            start = max(0, start - LOOK_BACK)
        while stop < len(self._pages) and self._connected(stop, stop + LOOK_BACK):
            stop += LOOK_BACK
        stop = min(stop, len(self._pages))
        for page in self._pages[start:stop]:
            page.heard = page.own
        for at in range(start, stop):
            start = min(start, self._connect(at))
        return self._redraft(start, stop)

    def _net(self, changes: Sequence[DraftChange]) -> tuple[DraftChange, ...]:
        """Return one change for each key, the last: what came between was never seen, nor what came and went."""
        last: dict[str, DraftChange] = {}
        for change in changes:
            last.pop(change.key, None)
            last[change.key] = change
        seen = [c for c in last.values() if isinstance(c, Proposal) or c.key in self._told]
        for change in seen:
            (self._told.add if isinstance(change, Proposal) else self._told.discard)(change.key)
        return tuple(seen)

    def _connected(self, start: int, stop: int) -> bool:
        return any(p.heard is not p.own for p in self._pages[max(0, start) : stop])

    def _connect(self, at: int) -> int:
        """Let utterance number `at` complete or correct one just before; return the first that reads differently."""
        page = self._pages[at]
        for back in range(at - 1, max(-1, at - 1 - LOOK_BACK), -1):
            earlier = self._pages[back]
            if not earlier.heard.sentences or self._reader.listens(earlier.heard):
                continue
            if changed := self._reader.contradicted(earlier.heard, page.own):
                earlier.heard = changed
                return back
            if joined := self._reader.joined(earlier.heard, page.own):
                earlier.heard, page.heard = joined, replace(page.own, sentences=())
                return back
            break
        return at

    def forget(self, utterances: Sequence[str]) -> tuple[DraftChange, ...]:
        """Drop these utterances and return what changes in the rest of the draft."""
        gone = sorted(self._index[u] for u in set(utterances) if u in self._index)
        if not gone:
            return ()
        changes: list[DraftChange] = []
        for at in gone:
            changes += self._board.replace(at, [])
        kept = [i for i in range(len(self._pages)) if i not in set(gone)]
        self._board.renumber({old: new for new, old in enumerate(kept)})
        self._pages = [self._pages[i] for i in kept]
        self._index = {p.own.utterance.id: n for n, p in enumerate(self._pages)}
        for at in (g - n for n, g in enumerate(gone)):
            changes += self._reconnect(max(0, at - LOOK_BACK), at + WINDOW)
        return self._net(changes)

    def _redraft(self, start: int, stop: int) -> list[DraftChange]:
        """Read the utterances from `start` to `stop`, and further as long as the scene before them has changed."""
        changes: list[DraftChange] = []
        at = start
        while at < len(self._pages):
            before = self._pages[at - 1].after if at else self._start
            if at >= stop and before == self._pages[at].before:
                break
            changes += self._read(at, before)
            at += 1
        return changes

    def _read(self, at: int, before: Scene) -> list[DraftChange]:
        page = self._pages[at]
        window = [p.heard for p in self._pages[max(0, at + 1 - WINDOW) : at + 1]]
        drafts, page.after = self._reader.read(window, before)
        if self._into:
            drafts = [replace(d, section=self._into.get(d.section, d.section)) for d in drafts]
        page.before = before
        near = self._pages[max(0, at + 1 - WINDOW) : at + 1 + LOOK_BACK]
        utterances = {p.own.utterance.id: p.own.utterance for p in near}
        facts = [
            Fact(fact_of(d), proposal(d, f"{page.own.utterance.id}:{n}", utterances, self._vocabulary))
            for n, d in enumerate((d for d in drafts if d.section in self._sections and d.phrase), 1)
        ]
        return self._board.replace(at, facts)


def draft(
    utterances: Sequence[Utterance], template: Template, patient: Mapping[str, str | None]
) -> tuple[Proposal, ...]:
    """Return the proposals that stand when a whole dialogue has been heard, in the order of the note."""
    writer = RuleWriter(template, patient)
    standing: dict[str, Proposal] = {}
    for utterance in utterances:
        for change in writer.observe(utterance):
            standing.pop(change.key, None)
            if isinstance(change, Proposal):
                standing[change.key] = change
    order = {u.id: n for n, u in enumerate(utterances)}
    rank = {s.id: n for n, s in enumerate(template.sections)}

    def place(p: Proposal) -> tuple[int, int, int]:
        name, _, number = p.key.rpartition(":")
        return rank[p.section], order[name], int(number)

    return tuple(sorted(standing.values(), key=place))
