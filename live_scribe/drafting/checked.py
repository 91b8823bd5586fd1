"""Whatever a note writer proposes is held against what was said: a check of its own, not the writer's.

It lies between the writer and the visit, so no writer can leave it out. When words are corrected, all that rests on
them is checked anew, also what its writer does not say again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from live_scribe.core.draft import DraftChange, Proposal
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.vigilance import doubted
from live_scribe.core.words import Utterance
from live_scribe.ports import NoteWriter


class CheckedWriter:
    """A NoteWriter: `writer`, with a doubt for each critical term of its proposals that was not said, or not surely."""

    def __init__(self, writer: NoteWriter, lexicon: Lexicon) -> None:
        """Check what `writer` says by `lexicon`."""
        self._writer = writer
        self._lexicon = lexicon
        self._utterances: dict[str, Utterance] = {}
        self._standing: dict[str, tuple[Proposal, Proposal]] = {}
        self._resting: dict[str, set[str]] = {}

    def observe(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        """Return what changes in the draft now that `utterance` was said."""
        self._utterances[utterance.id] = utterance
        return self._checked(self._writer.observe(utterance), (utterance.id,))

    def correct(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        """Return what changes now that the utterance of this id reads differently or has another speaker."""
        self._utterances[utterance.id] = utterance
        return self._checked(self._writer.correct(utterance), (utterance.id,))

    def forget(self, utterances: Sequence[str]) -> tuple[DraftChange, ...]:
        """Drop these utterances and return what changes in the rest of the draft."""
        for gone in utterances:
            self._utterances.pop(gone, None)
        return self._checked(self._writer.forget(utterances), utterances)

    def _checked(self, changes: Iterable[DraftChange], touched: Sequence[str]) -> tuple[DraftChange, ...]:
        told: list[DraftChange] = []
        for change in changes:
            self._drop(change.key)
            told.append(self._stand(change) if isinstance(change, Proposal) else change)
        said = {change.key for change in told}
        for key in sorted({k for u in touched for k in self._resting.get(u, ())} - said):
            own, shown = self._standing[key]
            if (anew := self._stand(own)) != shown:
                told.append(anew)
        return tuple(told)

    def _drop(self, key: str) -> None:
        if before := self._standing.pop(key, None):
            for part in before[0].evidence:
                self._resting.get(part.utterance, set()).discard(key)

    def _stand(self, proposal: Proposal) -> Proposal:
        """Return the proposal with its doubts, and remember what it rests on."""
        checked = doubted(proposal, self._utterances, self._lexicon)
        self._standing[proposal.key] = (proposal, checked)
        for part in proposal.evidence:
            self._resting.setdefault(part.utterance, set()).add(proposal.key)
        return checked
