"""The medication list: a line for each drug that is taken now."""

from __future__ import annotations

import re

from live_scribe.drafting.drafts import Draft, from_text
from live_scribe.drafting.medications import Medicine, is_taking, medicines, taken
from live_scribe.drafting.questions import cue_for
from live_scribe.drafting.scene import Phase, Scene
from live_scribe.drafting.tokens import Phrase, words
from live_scribe.drafting.vocabulary import Vocabulary

_TAKES_ANY = re.compile(r"\b(?:take|taking|on) any(?:thing)?\b")


def medication_lines(phrase: Phrase, question: Phrase, scene: Scene, vocabulary: Vocabulary) -> list[Draft]:
    """Lines of the medication list, where the sentence or its question says that these are taken."""
    cue = cue_for(question, vocabulary) if question else None
    asked = (cue is not None and cue.section == "medications") or bool(_TAKES_ANY.search(words(question)))
    asked = asked or bool(question and medicines(question, vocabulary) and is_taking(question, vocabulary))
    if _of_another(phrase, vocabulary):
        return []
    named = taken(phrase, vocabulary)
    if scene.phase is Phase.PLAN or not (asked or vocabulary.taking.search(words(phrase))):
        return []
    starts = [m.start for m in medicines(phrase, vocabulary)]
    drafts = []
    for medicine in named:
        source = phrase[medicine.start : next((s for s in starts if s > medicine.start), len(phrase))]
        support = question if asked else ()
        drafts.append(
            Draft(
                section="medications",
                phrase=from_text(medicine.text, source),
                support=support,
                item=medicine.item,
                fact=medicine_fact(medicine),
            )
        )
    return drafts


def _of_another(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether somebody else takes what is named: "my wife takes lisinopril"."""
    kin = vocabulary.relatives | vocabulary.spouse
    said = [t.lower for t in phrase]
    at = next((i for i in range(1, min(len(said), 4)) if said[i] in kin and said[i - 1] == "my"), None)
    return at is not None and not _I & {*said[at:]} and bool(_TAKES.match(" ".join(said[at + 1 :])))


_I = frozenset({"i", "i'm", "i've", "we", "mine", "myself", "too", "both", "same"})
_TAKES = re.compile(
    r"(?:also |still |just )?(?:takes?|took|uses?|used|has|had|is on|was on|is taking|gets|got|swears by)\b"
)


def medicine_fact(medicine: Medicine) -> str:
    """Return what makes two lines the same: the drug and its dose."""
    return f"medication:{medicine.item['name']}:{medicine.item['dose']}"
