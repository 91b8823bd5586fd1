"""The model that says in which section something belongs."""

from __future__ import annotations

import pytest

from live_scribe import templates
from live_scribe.core.dialogue import parse_dialogue
from live_scribe.core.words import Role
from live_scribe.drafting.placing import Features, Placer, place_features, vector_of
from live_scribe.drafting.reading import Reader
from live_scribe.drafting.tokens import Phrase
from live_scribe.drafting.vocabulary import vocabulary
from tests.component.drafted import drafted


def features_of(dialogue: str) -> list[Features]:
    """Each sentence of a dialogue as the model sees it."""
    words = vocabulary(templates.load("soap"))
    reader = Reader(words, None)
    found: list[Features] = []
    earlier: Phrase = ()
    for utterance in parse_dialogue(dialogue):
        heard = reader.hear(utterance)
        for phrase in heard.sentences:
            found.append(place_features(phrase, earlier, heard.role or Role.UNKNOWN, words))
            earlier = phrase
    return found


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ("[doctor] Any drug allergies?\n[patient] I'm allergic to penicillin.", "allergies"),
        ("[doctor] Have you had any surgeries?\n[patient] I had my appendix removed.", "psh"),
        ("[doctor] What medications do you take?\n[patient] Metformin 500 milligrams.", "medications"),
        ("[doctor] Does anyone in your family have cancer?\n[patient] My mother had breast cancer.", "family_history"),
        ("[doctor] Your lungs are clear to auscultation and there is no tenderness on palpation.", "exam"),
    ],
)
def test_what_is_talked_of_tells_the_section(said: str, section: str) -> None:
    assert Placer.shipped().section(features_of(said)) == section


def test_another_section_stands_only_if_it_is_far_enough_ahead() -> None:
    placer = Placer(("hpi", "pmh"), {"": (0, 0), "~chronic": (0, 100)})
    vector = vector_of([("~chronic",)])
    assert placer.best(vector, ("hpi", "pmh"), 100) == "pmh"
    assert placer.best(vector, ("hpi", "pmh"), 101) == "hpi"
    assert placer.best(vector, ("hpi",)) == "hpi"


def test_the_order_in_which_sentences_are_said_does_not_matter() -> None:
    found = features_of("[doctor] Do you smoke?\n[patient] No. I work as a cook.")
    assert vector_of(found) == vector_of(found[::-1])


def test_nothing_said_has_a_section_all_the_same() -> None:
    assert Placer.shipped().section([]) in Placer.shipped().sections


def test_a_finding_told_amid_the_plan_stands_under_the_examination() -> None:
    said = "[doctor] For your knee pain, let's start ibuprofen. No tenderness to palpation of the right medial knee."
    assert [p.section for p in drafted(said) if "palpation" in p.text] == ["exam"]


def test_what_a_patient_says_of_a_relative_by_name_is_never_the_patients_own() -> None:
    sections = {p.section for p in drafted("[patient] My brother had heart trouble.")}
    assert sections == {"family_history"}
