"""What the note writer is shown: in the order of the talk, also where an answer was found later."""

from __future__ import annotations

from collections.abc import Sequence

from live_scribe.core.draft import DraftChange, Proposal, Withdrawal
from live_scribe.core.note import Evidence
from live_scribe.core.visit import Visit, with_utterance
from live_scribe.core.words import Utterance, Word
from live_scribe.drafting_queue import DraftingQueue


class LastTwo:
    """A writer whose statement of an utterance is that utterance behind the one before it."""

    def __init__(self) -> None:
        self.seen: list[Utterance] = []

    def observe(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        self.seen.append(utterance)
        text = " ".join(u.text for u in self.seen[-2:])
        return (
            Proposal(
                key=utterance.id, section="hpi", text=text, evidence=(Evidence(utterance=utterance.id, quote=text),)
            ),
        )

    def correct(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        return ()

    def forget(self, utterances: Sequence[str]) -> tuple[DraftChange, ...]:
        self.seen = [u for u in self.seen if u.id not in utterances]
        return tuple(Withdrawal(key=u) for u in utterances)


def said(id_: str, text: str) -> Utterance:
    return Utterance(id=id_, words=(Word(id=f"w{id_}", text=text),))


async def drafted(queue: DraftingQueue, visit: Visit) -> dict[str, str | None]:
    return {
        change.key: change.text if isinstance(change, Proposal) else None
        async for changes in queue.changes(lambda: visit)
        for change in changes
    }


async def test_an_answer_that_was_found_is_read_behind_its_question_and_what_follows_behind_it() -> None:
    queue, visit = DraftingQueue(LastTwo()), Visit(id="v")
    for id_, text in (("u1", "Pain?"), ("u2", "Fever?"), ("u3", "Yes.")):
        visit = with_utterance(visit, said(id_, text), None)
    queue.add(visit.utterances)
    assert (await drafted(queue, visit))["u2"] == "Pain? Fever?"
    visit = with_utterance(visit, said("u4", "No."), "u1")
    queue.add(["u4"])
    assert await drafted(queue, visit) == {"u4": "Pain? No.", "u2": "No. Fever?", "u3": "Fever? Yes."}
    assert not queue.waiting


async def test_what_was_found_last_of_all_changes_nothing_else() -> None:
    queue, visit = DraftingQueue(LastTwo()), with_utterance(Visit(id="v"), said("u1", "Pain?"), None)
    queue.add(visit.utterances)
    await drafted(queue, visit)
    visit = with_utterance(visit, said("u2", "No."), "u1")
    queue.add(["u2"])
    assert await drafted(queue, visit) == {"u2": "Pain? No."}
