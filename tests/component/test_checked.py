"""The check between the note writer and the visit: no writer, and no correction, gets round it."""

from __future__ import annotations

from dataclasses import replace

from live_scribe import wiring
from live_scribe.core import commands as c
from live_scribe.core.draft import DraftChange, Proposal, Withdrawal
from live_scribe.core.note import Evidence, Item
from live_scribe.core.visit import Visit
from live_scribe.core.words import Utterance, Word
from live_scribe.drafting.checked import CheckedWriter
from tests.component.drafted import TEMPLATE
from tests.core.visits import PROVIDER, SCRIBE, Desk

LEXICON = wiring.make_lexicon(TEMPLATE)


def said(text: str, id_: str = "u1") -> Utterance:
    return Utterance(id=id_, words=tuple(Word(id=f"{id_}w{n}", text=w) for n, w in enumerate(text.split())))


class Invents:
    """A writer that says one thing whatever was said, once, and goes on with nothing."""

    def __init__(self, text: str) -> None:
        self._text = text

    def observe(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        evidence = (Evidence(utterance=utterance.id, quote="", words=tuple(w.id for w in utterance.words)),)
        return (Proposal(key="k", section="plan", text=self._text, evidence=evidence),)

    def correct(self, utterance: Utterance) -> tuple[DraftChange, ...]:
        return ()

    def forget(self, utterances: object) -> tuple[DraftChange, ...]:
        return (Withdrawal(key="k"),)


def doubtful(changes: tuple[DraftChange, ...]) -> list[tuple[str, str | None]]:
    return [(p.text[d.start : d.end], d.why) for p in changes if isinstance(p, Proposal) for d in p.doubts]


def test_what_a_writer_made_up_is_doubted() -> None:
    writer = CheckedWriter(Invents("Start lisinopril 20 mg."), LEXICON)
    assert doubtful(writer.observe(said("start lisinopril ten milligrams"))) == [("20", "unheard")]


def test_after_a_correction_what_its_writer_does_not_say_again_is_checked_anew() -> None:
    writer = CheckedWriter(Invents("Start lisinopril 20 mg."), LEXICON)
    assert doubtful(writer.observe(said("start lisinopril twenty milligrams"))) == []
    assert doubtful(writer.correct(said("start lisinopril ten milligrams"))) == [("20", "unheard")]
    mended = writer.correct(said("start lisinopril twenty milligrams"))
    assert len(mended) == 1 and doubtful(mended) == []
    assert writer.correct(said("start lisinopril twenty milligrams")) == ()
    assert writer.forget(["u1"]) == (Withdrawal(key="k"),)


def test_every_writer_that_the_program_makes_is_checked() -> None:
    assert isinstance(wiring.make_writer(Visit(id="v1", template="soap/general")), CheckedWriter)


def desk_with(text: str, heard: str) -> tuple[Desk, CheckedWriter]:
    desk = Desk()
    desk.machine(c.CommitWords(words=said(heard).words))
    desk.machine(c.CloseUtterance(count=len(heard.split()), speaker="S1"))
    writer = CheckedWriter(Invents(text), LEXICON)
    desk.machine(c.Draft(changes=writer.observe(desk.visit.utterances["u1"])))
    return desk, writer


def test_a_doubt_about_a_persons_statement_is_raised_where_the_text_is_still_the_machines() -> None:
    desk, writer = desk_with("Start lisinopril 20 mg.", "start lisinopril twenty milligrams")
    desk.do(c.MoveStatement(statement="s1", base_version=1, section="hpi"))
    desk.do(c.CorrectWords(utterance="u1", start_word=2, end_word=3, text="ten"))
    desk.machine(c.Draft(changes=writer.correct(desk.visit.utterances["u1"])))
    assert [f.why for f in desk.visit.statements["s1"].flags] == ["unheard"]


def test_what_a_person_wrote_is_theirs_and_is_not_doubted() -> None:
    desk, writer = desk_with("Start lisinopril 20 mg.", "start lisinopril twenty milligrams")
    desk.do(c.EditStatement(statement="s1", base_version=1, text="Start lisinopril 40 mg on the left."))
    desk.do(c.CorrectWords(utterance="u1", start_word=2, end_word=3, text="ten"))
    desk.machine(c.Draft(changes=writer.correct(desk.visit.utterances["u1"])))
    assert desk.visit.statements["s1"].flags == ()


def test_a_suggestion_that_is_taken_brings_its_doubts_with_it() -> None:
    desk, _ = desk_with("Start lisinopril 20 mg.", "start lisinopril twenty milligrams")
    desk.do(c.EditStatement(statement="s1", base_version=1, text="Start something."))
    other = CheckedWriter(Invents("Start lisinopril 25 mg."), LEXICON)
    desk.machine(c.Draft(changes=other.observe(desk.visit.utterances["u1"])))
    assert [d.why for d in desk.visit.suggestions["g1"].doubts] == ["unheard"]
    desk.do(c.AcceptSuggestion(suggestion="g1"))
    (flag,) = desk.visit.statements["s1"].flags
    assert (flag.kind, flag.blocks) == ("number", True)
    desk.do(c.End(), SCRIBE)
    desk.do(c.ConfirmFlag(statement="s1", flag=flag.id), PROVIDER)
    assert list(desk.visit.unconfirmed()) == []


def test_the_same_draft_again_changes_nothing_even_where_a_person_has_confirmed() -> None:
    desk, _ = desk_with("Start lisinopril 25 mg.", "start lisinopril twenty milligrams")
    desk.do(c.ConfirmFlag(statement="s1", flag="f1"))
    again = CheckedWriter(Invents("Start lisinopril 25 mg."), LEXICON)
    assert desk.machine(c.Draft(changes=again.observe(desk.visit.utterances["u1"]))) == ()


def test_an_implausible_vital_sign_is_flagged_and_can_still_be_signed() -> None:
    class Measures(Invents):
        def observe(self, utterance: Utterance) -> tuple[DraftChange, ...]:
            (made,) = super().observe(utterance)
            assert isinstance(made, Proposal)
            item: Item = {"kind": "vital", "name": "Blood pressure", "value": "12/80", "unit": "mmHg", "where": None}
            return (replace(made, item=item),)

    writer = CheckedWriter(Measures("Blood pressure 12/80 mmHg."), LEXICON)
    (made,) = writer.observe(said("blood pressure twelve over eighty"))
    assert isinstance(made, Proposal) and [d.code for d in made.doubts] == ["implausible"]
