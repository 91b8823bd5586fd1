"""What a clinician's sentence is by itself, in whatever part of the visit it is said: a finding, a result, a plan."""

from __future__ import annotations

import re

from live_scribe.drafting.clinician import order, problem_named
from live_scribe.drafting.medications import medicines
from live_scribe.drafting.scene import Phase
from live_scribe.drafting.tokens import Phrase, bare, words
from live_scribe.drafting.vocabulary import Vocabulary

_PART = (
    r"(?:heart|lungs?|chest|abdomen|belly|ears?|ear drums?|eardrums?|eyes?|pupils?|throat|neck|skin|nose|tonsils?|"
    r"thyroid|reflex(?:es)?|pulses?|gait|strength|sensation|range of motion|extremit(?:y|ies)|lymph nodes?|glands?|"
    r"joints?|mouth|tongue|scalp|spine|back|hips?|knees?|ankles?|wrists?|elbows?|shoulders?|hands?|feet|foot|fingers?|"
    r"toes?|calf|calves|incision|wound)"
)
_STATES = r"(?:is|are|looks?|sounds?|feels?|appears?|seems?|has|have|shows?|moves?)"
_PART_STATES = re.compile(rf"(?:(?:your|the|his|her|both|right|left) )*{_PART}(?: sounds?| exam)? {_STATES}\b")
_LEAD = re.compile(
    r"(?:there(?:'s| is| are)|i(?: can| do)? (?:see|hear|feel|appreciate|notice|note)|i'm (?:seeing|hearing|feeling)|"
    r"you(?:'ve| have) got|you do have|you have|he has|she has|it(?:'s| is| looks| feels))\b"
)
_ADJECTIVE = re.compile(
    r"(?:positive|negative|normal|good|full|decreased|diminished|reduced|absent|mild|moderate|marked|trace|pitting|"
    r"tender\w*|non-?tender|alert|regular|clear|no|some|slight|bilateral|equal)\b"
)
_STATE = re.compile(
    r"\b(?:clear|regular|equal|reactive|round|intact|soft|tender\w*|non-?tender|red|swollen|symmetric\w*|supple|"
    r"unremarkable|benign|warm|dry|moist|alert|oriented|lump|bulging|inflamed|infected|bruis\w+|full|normal|good)\b"
)
_TOLD = re.compile(
    r"\b(?:since|ago|yesterday|last (?:week|month|night|year|time)|when you|if|history|at home|used to|have had|"
    r"you (?:feel|felt|said|mentioned|told|had|were|noticed|know|can|should|want|need)|you're|you've been|"
    r"i (?:know|understand|remember)|okay)\b|\bas far as\b|\bfor (?:your|the)\b"
)
"""A sentence with one of these tells of another time, or is no finding."""
_TEST = (
    r"(?:cholesterol|ldl|hdl|triglycerides|blood sugar|sugar|glucose|a1c|hemoglobin|hematocrit|potassium|sodium|"
    r"creatinine|tsh|psa|white (?:blood )?(?:cell )?count|white count|platelets|swab|culture|urine|urinalysis|strep|"
    r"flu|covid|mono|pap(?: smear)?|biopsy|x-?rays?|mri|ct|cat scan|ultrasound|echo(?:cardiogram)?|ekg|ecg|"
    r"electrocardiogram|stress test|colonoscopy|mammogram|labs?|lab work|blood work|test|scan|thyroid|vitamin d|iron|"
    r"(?:pro-?)?bnp|troponins?|d-?dimer|inr|bun|e?gfr|crp|esr|sed rate|ferritin|b12|folate|calcium|magnesium|bilirubin|"
    r"ast|alt|lfts?|albumin|lactate|lipase|uric acid|alk phos|ejection fraction|bone density|dexa|fev1|peak flow)"
)
_RESULT = re.compile(
    rf"\b{_TEST}(?: test| level| levels| scan)?(?: here| today)? "
    r"(?:was|were|is|are|came back|comes back|come back|showed|shows|show|looked|looks|look|revealed)\b"
)
_VALUE = re.compile(
    r"\d|\b(?:negative|positive|normal|abnormal|high|low|elevated|stable|showed|shows|show|clear|fine)\b"
)
_PLAN_THING = re.compile(
    r"\b(?:ice|elevat\w+|rest|fluids|water|brace|sling|splint|heat|days?|weeks?|months?|hours?|minutes?|call|"
    r"emergency|follow[- ]?up|therapy|referral|appointment|tablets?|pills?|capsules?|diet|exercise|salt|alcohol)\b"
)
_CONDITION = re.compile(
    r"(?:and )?(?:if|should|unless|once|as long as)\b.*\b(?:we|we'll|we'd|i'll|i'd|i would|i will|stop|call|come|go|"
    r"then|you'll|you can|try|take|let)\b|\bcall (?:me|us|the office)\b.*\bif\b"
)
NOT_NEEDED = re.compile(r"you (?:don't|do not|won't|will not) (?:need|have to)\b(?! to worry)")
_TO_DO = re.compile(r"(?:we|i)(?: do| still| also| really)? (?:need|have|want) to (?:rule out|exclude|check for)\b")
COULD_BE = re.compile(r"(?:it|this|that) (?:could|may|might)(?: also| just| well)? be\b")
_DOUBTED = re.compile(
    r"i (?:don't|do not|really don't) (?:think|believe|suspect)\b|(?:it's|it is|this is|that's) not\b"
)
_HERE = re.compile(r"\b(?:this|that|it|you|you've|you're)\b")
_INSTRUCTION = re.compile(
    r"(?:(?:now |and |okay )*(?:can you )?(?:push|pull|squeeze|press|resist)(?: down| up)?(?: against| on)?"
    r"(?: my| your)? (?:hands?|fingers?|arms?)|take a deep breath(?: in)?|breathe in(?: and out)?|say ah|"
    r"open (?:up|wide|your mouth)|look (?:up|down|straight(?: ahead)?))\b "
)
LEAST = 3
"""Words behind an instruction that may be a finding."""


def without_instruction(phrase: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return the finding behind what the patient is told to do: "push against my hand good strength"."""
    match = _INSTRUCTION.match(words(phrase) + " ")
    rest = phrase[len(match.group().split()) :] if match else phrase
    return rest if match and len(rest) >= LEAST and vocabulary.finding.search(words(rest)) else phrase


_ANOTHER = re.compile(
    r"(?:give|tell|get|put|start|send|bring|page|call|check on|discharge) (?:mr|mrs|ms|miss)\b(?! .*\byour?\b)"
)


def of_another(phrase: Phrase) -> bool:
    """Whether an order is for somebody who is named, as no patient is who is spoken to: "give Mr. X morphine"."""
    return bool(_ANOTHER.match(words(phrase)))


def by_itself(phrase: Phrase, vocabulary: Vocabulary) -> Phase | None:
    """Return what the sentence plainly is though nothing before it said so; None where it is not plain."""
    text = words(phrase)
    if is_plan(phrase, vocabulary):
        return Phase.PLAN
    if _RESULT.search(text) and _VALUE.search(text) and not _TOLD.search(text):
        return Phase.RESULTS
    return Phase.EXAM if _is_finding(text, vocabulary) else None


def _is_finding(text: str, vocabulary: Vocabulary) -> bool:
    if _TOLD.search(text):
        return False
    telling = vocabulary.finding.search(text) or _STATE.search(text)
    if _PART_STATES.match(text):
        return bool(telling)
    own = bool(vocabulary.finding.search(vocabulary.symptom.sub(" ", text))) or "lump" in text or "oriented" in text
    if text.startswith(("no ", "some ")):
        return own and not re.search(r"\byour?\b", text)
    led = _LEAD.match(text) and (vocabulary.finding.search(text) or "lump" in text)
    return bool(led) or bool(_ADJECTIVE.match(text) and own)


def is_plan(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether the sentence orders, advises or says what would be done, whatever was spoken of before."""
    text = words(phrase)
    if COULD_BE.match(text) and vocabulary.problem_words.search(text):
        return True
    if _CONDITION.search(text) or NOT_NEEDED.match(text) or _TO_DO.match(text) or is_doubted(phrase, vocabulary):
        return True
    if named := problem_named(phrase, vocabulary):
        return order(phrase[named[2] :], vocabulary) is not None
    ordered = order(phrase, vocabulary)
    if ordered is None or not phrase[0].lower == ordered[0].lower or vocabulary.small_talk.search(text):
        return False
    return bool(medicines(phrase, vocabulary) or _PLAN_THING.search(text))


def is_doubted(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether the clinician takes a disease for unlikely: "I don't think this is a heart attack"."""
    text = words(phrase)
    named = vocabulary.condition.search(text) or vocabulary.problem_words.search(text)
    return bool(_DOUBTED.match(text) and _HERE.search(text) and named)


_DENIAL = frozenset({"no", "without", "not", "n't", "don't", "doesn't", "isn't"})
_AFFIRMING = frozenset({"there", "there's", "it's", "i", "you", "you've", "that's"})
_LINKING = frozenset("is was are were and or a the no be".split())


def by_denial(phrase: Phrase) -> list[Phrase]:
    """Return a finding cut where a denial begins: "regular rate and rhythm, no murmurs" are two findings."""
    if phrase[0].lower == "no" and words(phrase[1:2]) in _AFFIRMING and not _DENIAL & {t.lower for t in phrase[1:]}:
        phrase = phrase[1:]  # "does that hurt? no, there's a little tenderness": the "no" answers something else
    denies = bool(phrase) and phrase[0].lower in _DENIAL
    for i in range(2, len(phrase) - 1):
        if denies and phrase[i].lower in {"negative", "positive"} and phrase[i - 1].lower not in _LINKING:
            return [bare(phrase[:i]), phrase[i:]]  # "no effusion negative Lachman": another test
        if denies:
            continue
        before, word = phrase[i - 1], phrase[i].lower
        if word in {"no", "without"} and (before.after or before.lower in {"and", "but", "with"}):
            head = phrase[: i - 1] if before.lower in {"and", "but", "with"} else phrase[:i]
            return [head, phrase[i:]]
    return [phrase]
