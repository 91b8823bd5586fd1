"""Names on the whole way: a look is told them where words are in doubt, and look-alikes are weighed and offered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from live_scribe import scribing
from live_scribe.asr.clock import SimulatedClock
from live_scribe.asr.scripted import LoudnessDetector, ScriptedEngine, script_of, spoken
from live_scribe.asr.shipped import packaged_vocabulary, role_weights
from live_scribe.core.hearing import HeardWord, Hypothesis, LookRequest
from live_scribe.core.readings import ReadingReason
from live_scribe.core.roles import RoleTracker
from live_scribe.core.visit import Visit
from live_scribe.core.vocabulary import Vocabulary
from live_scribe.listening import Ears
from live_scribe.ports import Samples
from live_scribe.storage.memory import MemoryStore
from tests.component.test_hearing import Tape


class Spells(ScriptedEngine):
    """Mishears a name, unless it is told of it; weighs texts as `scores` says, by a word in them."""

    def __init__(self, text: str, name: str = "", misheard: str = "", scores: dict[str, float] | None = None) -> None:
        super().__init__(script_of(text))
        self._name, self._misheard = name, misheard
        self._scores = scores or {}
        self.told: set[tuple[str, ...]] = set()
        self.weighed = 0

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        look = super().transcribe(samples, request)
        self.told.add(request.terms)
        return replace(look, words=tuple(self._spelt(w, request.terms) for w in look.words))

    def _spelt(self, word: HeardWord, terms: tuple[str, ...]) -> HeardWord:
        misheard = word.text == self._name and self._name not in terms
        return replace(word, text=self._misheard) if misheard else word

    def weigh(self, samples: Samples, request: LookRequest, texts: Sequence[str]) -> tuple[float, ...]:
        self.weighed += 1
        assert len(samples) > 0
        return tuple(next((s for word, s in self._scores.items() if word in text), -100.0) for text in texts)


async def visit_of(engine: ScriptedEngine, vocabulary: Callable[[], Vocabulary] = packaged_vocabulary) -> Visit:
    clock = SimulatedClock()
    session = await scribing.open_local(
        MemoryStore(),
        lambda _visit: scribing.Silent(),
        template="",
        sections=(),
        patient={},
        at="2026-01-01T00:00:00.000Z",
        ears=lambda: Ears(
            engine=engine,
            clock=clock,
            detector=LoudnessDetector(),
            roles=RoleTracker(role_weights()),
            vocabulary=vocabulary,
        ),
    )
    script = engine._script
    return await scribing.hear_recording(session, Tape(spoken(script, script[-1][2] + 2.0)))


def text_of(visit: Visit) -> str:
    return " ".join(u.text for u in visit.utterances.values())


async def test_a_name_that_is_misspelt_is_heard_again_and_stands_as_it_is_written() -> None:
    engine = Spells("I take glipizide every morning", "glipizide", "glipazide")
    visit = await visit_of(engine)
    assert text_of(visit) == "I take glipizide every morning"
    assert any(terms[:1] == ("glipizide",) for terms in engine.told)


async def test_without_a_vocabulary_no_look_is_told_anything() -> None:
    engine = Spells("I take glipizide every morning", "glipizide", "glipazide")
    visit = await visit_of(engine, Vocabulary)
    assert text_of(visit) == "I take glipazide every morning"
    assert engine.told == {()} and not visit.readings


async def test_a_name_that_is_not_heard_again_is_offered_and_never_written() -> None:
    visit = await visit_of(Spells("I take lysine a pril every morning"))
    assert text_of(visit) == "I take lysine a pril every morning"
    (reading,) = visit.readings.values()
    assert (reading.text, reading.reason) == ("lisinopril", ReadingReason.VOCABULARY)


@pytest.mark.parametrize(("other", "offered"), [(-11.0, ["hydroxyzine."]), (-25.0, [])])
async def test_a_look_alike_is_offered_where_it_fits_nearly_as_well(other: float, offered: list[str]) -> None:
    engine = Spells("She takes hydralazine.", scores={"hydralazine": -9.0, "hydroxyzine": other})
    visit = await visit_of(engine)
    assert engine.weighed == 1
    assert text_of(visit) == "She takes hydralazine."
    assert [r.text for r in visit.readings.values() if r.reason is ReadingReason.LOOK_ALIKE] == offered


async def test_a_model_that_fails_at_a_look_alike_harms_nothing() -> None:
    class Fails(Spells):
        def weigh(self, samples: Samples, request: LookRequest, texts: Sequence[str]) -> tuple[float, ...]:
            raise RuntimeError

    visit = await visit_of(Fails("She takes hydralazine."))
    assert text_of(visit) == "She takes hydralazine." and not visit.readings
