"""What kind of thing a sentence is: listening, small talk, a word to a machine, a question, or something told."""

from __future__ import annotations

import re
from dataclasses import replace

from live_scribe.core.words import Role
from live_scribe.drafting.tokens import SENTENCE_ENDS, Phrase, Token, words
from live_scribe.drafting.vocabulary import Vocabulary

LONG_RUN, UNSIGNED_RUN = 22, 7
"""Words without any sign, from which on a recogniser has plainly left the punctuation out: where the
utterance has signs elsewhere, and where it has none."""
_SUBJECTS = frozenset(
    "i i'm i've i'd i'll you you're you've you'll he she it it's its they they're we we're we'll we've there "
    "there's that's"
    " this let's my your the so do does did are is have has how what when where any".split()
)
_PAUSED = frozenset(
    "right good great fine perfect excellent well look listen then now also otherwise again true correct".split()
)
_STARTS = frozenset(
    "i i'm i've i'd i'll you're you've it's there's let's we'll we're he's she's they're that's".split()
)
_NOT_BEFORE = frozenset(
    "that if when because who which what where while since than as until think believe know said say sure so "
    "and but or the a"
    " an of to in on with for from at like how why before after feel guess mean want hope see hear tell told "
    "is are was were"
    " do does did have has can could will would should am be though although whenever think thought whether "
    "unless cause".split()
)
_QUESTION = re.compile(
    r"(?:do|does|did|have|has|are|is|was|were|can|could|would|will|should) (?:you|he|she|they|it|that|this|"
    r"your|there|the|"
    r"any|anyone|anybody|anything|his|her|these|those)\b|any\b|(?:and )?how (?:about|long|often|many|much|bad|"
    r"is|are|do|did|does|old|severe|"
    r"was|were|have|has|far)\b|how's\b|what (?:about|kind|type|do|does|did|is|are|have|has|brings|makes|happened|else|"
    r"medications?|other|seems|was|were|can|sort|part|side)\b|what's\b|when (?:did|do|does|was|is|were)\b|"
    r"where (?:does|do|did|is|are|exactly|was|else)\b|which\b|who\b|why\b|no other\b.*\?|ever had\b|(?:so "
    r")?(?:you|it) (?:never|ever)\b.*\?"
)


def punctuate(tokens: Phrase, *, signed: bool) -> Phrase:
    """Return the utterance with stops put in where a long run has none, before words that begin a new clause.

    Some recognisers leave all signs out; the clauses are then found by their first words. `signed`: whether the
    utterance had any sign as it was heard.
    """
    out = list(tokens)
    longest = LONG_RUN if signed else UNSIGNED_RUN
    begin = 0
    for i in range(1, len(out) + 1):
        if i < len(out) and not out[i - 1].after:
            continue
        if i - begin >= longest:
            _break_run(out, begin, i)
        begin = i
    return tuple(out)


def _break_run(out: list[Token], begin: int, end: int) -> None:
    last = begin
    for i in range(begin + 1, end):
        if i - last >= 3 and end - i >= 2 and _begins_clause(out, i, last):
            out[i - 1] = replace(out[i - 1], after="?" if is_question(tuple(out[last:i]), None) else ".")
            last = i


_ASKING = frozenset(
    {"do you", "have you", "are you", "did you", "does it", "how about", "what about", "is there", "any other"}
)
_PLACES = frozenset({"on your", "for your"})
_HOLDING = frozenset(
    "think thought know believe said say guess mean hope feel like if when because that whether where while how".split()
)
_TURNING = frozenset("for on i i'm i'd let's your we we'll the in as when do did have are you you're".split())
"""Words behind a "now" that turns to something else: "now for my impression"."""
SHORTEST_CLAUSE = 4
"""Words before a bare "I" or "it" may begin a new clause: nearer, it more likely goes on ("I think here I'm …")."""


def _begins_clause(out: list[Token], i: int, last: int) -> bool:
    """Whether a new clause surely begins at `i`, the one before it having begun at `last`."""
    word, before = out[i].lower, out[i - 1].lower
    following = out[i + 1].lower if i + 1 < len(out) else ""
    pair = f"{word} {following}"
    if word in {"okay", "alright"}:
        return True
    if word == "now" and following in _TURNING and before not in {"right", "and", "so", "for", "by", "from", "until"}:
        return True
    if before in _NOT_BEFORE or before in {"okay", "alright"}:
        return False
    if word in {"so", "but", "and"}:
        return following in _SUBJECTS - {"do", "does", "did", "have", "has"} or following in {
            "then",
            "okay",
            "on",
            "for",
        }
    if pair in _ASKING or pair in _PLACES:
        return True
    held = any(t.lower in _HOLDING for t in out[max(last, i - 3) : i])
    if held or i - last < SHORTEST_CLAUSE or before in _STARTS:
        return False
    if word in _PRONOUNS and following in _NO_VERB:
        return False  # an object: "I'm going to put you on Lipitor"
    return (
        word in _STARTS or word in {"i", "you", "we", "it", "your"} or pair in {"there is", "there was", "no evidence"}
    )


def without_openers(phrase: Phrase, vocabulary: Vocabulary) -> Phrase:
    """Return the sentence without "okay, so" at its front. "Right knee" and "well controlled" keep their words."""
    while phrase:
        length = _opener(phrase, vocabulary)
        if not length:
            return phrase
        phrase = phrase[length:]
    return phrase


def _opener(phrase: Phrase, vocabulary: Vocabulary) -> int:
    lower = [t.lower for t in phrase[:4]]
    for opener in vocabulary.openers.get(lower[0], ()):
        length = len(opener)
        if tuple(lower[:length]) != opener:
            continue
        paused = bool(phrase[length - 1].after) or length == len(phrase)
        if opener[0] in _PAUSED and length == 1 and not paused and phrase[1].lower not in _SUBJECTS - {"the", "any"}:
            return 0
        return length
    return 0


_VOCATIVES = frozenset("mom mum dad buddy sir ma'am doctor doc miss sweetie honey dear".split())


def without_address(phrase: Phrase, vocabulary: Vocabulary, *, names: bool) -> Phrase:
    """Return the sentence without whom it is said to: "any rash, Mom"; with `names`, also "Theo, does it hurt".

    A word before a comma is a name only where a question or "you" follows: a list of drugs begins the same way.
    """

    def addressed(token: Token) -> bool:
        written = token.text[:1].isupper() and token.text[1:].islower() and token.lower not in _NOT_NAMES
        return token.lower in _VOCATIVES or (names and written and token.lower not in vocabulary.drugs)

    if len(phrase) > 2 and phrase[-2].after == "," and addressed(phrase[-1]):
        phrase = (*phrase[:-2], replace(phrase[-2], after=phrase[-1].after))
    if len(phrase) > 3 and phrase[0].after == "," and phrase[1].lower in _ADDRESSING and addressed(phrase[0]):
        phrase = phrase[1:]
    return phrase


_ADDRESSING = frozenset(
    "do does did is are have has can how what i'm i'll you your let's it's we'll we're we any".split()
)


_ANY_QUESTIONS = re.compile(r" (?:and )?(?:do you have )?any (?:other )?questions(?: for me| about that)?$")


def split_answer(phrase: Phrase, vocabulary: Vocabulary) -> list[Phrase]:
    """Return a clinician's sentence cut where something else was run together with it.

    A recogniser that takes two voices for one writes "calf pain or swelling nope"; and "in two weeks, any questions?"
    asks only at its end.
    """
    if tail := _ANY_QUESTIONS.search(words(phrase)):
        count = len(words(phrase)[: tail.start()].split())
        return [(*phrase[: count - 1], replace(phrase[count - 1], after="."))]
    answer = phrase[-1].lower in {"no", "nope", "yes", "yep", "yeah"} and 1 < len(phrase) <= LONG_RUN
    body = phrase[:-1]
    if answer and not phrase[-2].after and (is_question(body, vocabulary) or vocabulary.symptom.match(words(body))):
        return [(*body[:-1], replace(body[-1], after="?")), phrase[-1:]]
    return [phrase]


def without_tail(phrase: Phrase) -> Phrase:
    """Return the sentence without what only hands the turn back: "…, yeah", a "but" with nothing behind it."""
    while len(phrase) > 1:
        last = phrase[-1].lower
        if last in _DANGLING or last == "okay" or (phrase[-2].after == "," and last in _TAGS):
            asks = "?" in phrase[-1].after and (last in _CONFIRMING or _QUESTION.match(words(phrase)))
            sign = phrase[-1].after if asks or "?" not in phrase[-1].after else "."
            phrase = (*phrase[:-2], replace(phrase[-2], after=sign))
        else:
            break
    return phrase


_CONFIRMING = frozenset({"right", "correct", "yes", "no", "huh"})
"""Tags that ask; "…, okay?" behind an order does not."""
_DANGLING = frozenset("but and so or because cause the a with uh um".split())
_TAGS = frozenset("yeah yes yep okay ok right no though huh hmm correct sure alright then too-".split())
_NOT_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow later sometimes usually "
    "mostly first"
    " second third yes no okay well right so now then also both ice rest".split()
)


def is_back_channel(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether there is nothing in it but listening: "mm-hmm, okay, that sounds good"."""
    text = words(phrase)
    parts: list[str] = [words(p) for p in _at_signs(phrase)]
    return not text or text in vocabulary.back_channels or all(p in vocabulary.back_channels for p in parts)


def _at_signs(phrase: Phrase) -> list[Phrase]:
    found, begin = [], 0
    for i, token in enumerate(phrase, 1):
        if token.after or i == len(phrase):
            found.append(phrase[begin:i])
            begin = i
    return found


def is_question(phrase: Phrase, vocabulary: Vocabulary | None) -> bool:
    """Whether the sentence asks: by its sign, or by its first words where the sign is missing."""
    if phrase and "?" in phrase[-1].after:
        return True
    rest = without_openers(phrase, vocabulary) if vocabulary else phrase
    return bool(_QUESTION.match(words(rest))) and not (
        rest and set(rest[-1].after) & SENTENCE_ENDS - {"?"} and len(rest) > 25
    )


def is_small_talk(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether the sentence is about the meeting itself, not about the patient's health."""
    return bool(vocabulary.small_talk.search(words(phrase)))


def without_wake_word(phrase: Phrase, vocabulary: Vocabulary) -> tuple[Phrase, bool]:
    """Return the sentence without "hey dragon" and whether a machine was spoken to."""
    rest = without_openers(phrase, vocabulary) if words(phrase[:1]) not in {"hey", "ok", "okay"} else phrase
    text = words(rest)
    for wake in vocabulary.wake_words:
        length = len(wake.replace(",", "").split())
        if text == wake or text.startswith(wake.replace(",", "") + " "):
            return rest[length:], True
    return phrase, False


DOCTOR_FORMS = re.compile(
    r"\b(?:do you (?:have|feel|smoke|drink|take)|have you (?:had|noticed|been|ever)|any (?:chest|fever|fevers|"
    r"pain|allerg|other)|how long|"
    r"on (?:your )?exam|i(?:'m| am) (?:going to|gonna) (?:prescribe|order|refer|listen|start|examine|press)|i "
    r"want you to|i'd like you to|"
    r"your (?:blood pressure|x-?ray|labs?|lungs|heart|exam|results|knee|vitals?)|are you (?:taking|having|"
    r"still)|let me|what brings you|follow up in|"
    r"milligrams|we'll (?:get|have|see|do)|let's)\b"
)
PATIENT_FORMS = re.compile(
    r"\b(?:i(?:'ve| have) (?:been|had|got)|i(?:'m| am) (?:taking|having|allergic|worried|on)|i (?:feel|felt|"
    r"had|take|took|was|noticed|get|got|smoke|drink|do n't|don't)|"
    r"my (?:wife|husband|mom|mother|dad|father|knee|back|head|chest|stomach|pain|arm|leg|doctor|job)|it hurts|doctor)\b"
)


CLEARLY = 2
"""Turns of phrase of the other side, none of one's own, that outweigh a recorded role: recognisers swap voices."""


def role_of(recorded: Role | None, phrase: Phrase, vocabulary: Vocabulary) -> Role:
    """Return who speaks: as recorded, unless the words plainly are the clinician's or nothing was recorded."""
    if recorded is None or recorded is Role.UNKNOWN:
        return role_by_form(phrase, vocabulary)
    text = words(phrase)
    doctor = len(DOCTOR_FORMS.findall(text)) + CLEARLY * len(_ONLY_DOCTOR.findall(text))
    patient = len(PATIENT_FORMS.findall(text))
    if recorded is Role.PATIENT and doctor >= CLEARLY and doctor > 2 * patient:
        return Role.DOCTOR
    return Role.PATIENT if recorded is Role.DOCTOR and patient >= CLEARLY and not doctor else recorded


_ONLY_DOCTOR = re.compile(
    r"\b(?:on (?:physical |your )?exam(?:ination)?|i(?:'m| am) (?:also )?(?:going to|gonna) (?:prescribe|order|"
    r"refer)|i (?:do |can )?(?:not |n't )?appreciate|"
    r"i don't appreciate|i (?:want|would like|'d like) you to|reviewed your|hey dragon|no (?:tenderness|"
    r"wheezes|rales|edema|guarding)|clear to auscultation)\b"
)


def role_by_form(phrase: Phrase, vocabulary: Vocabulary) -> Role:
    """Return who speaks so, doctor or patient; unknown where the words do not tell."""
    text = words(phrase)
    doctor, patient = len(DOCTOR_FORMS.findall(text)), len(PATIENT_FORMS.findall(text))
    asks = is_question(phrase, vocabulary)
    if doctor + asks > patient:
        return Role.DOCTOR
    return Role.PATIENT if patient > doctor or not asks else Role.UNKNOWN


_INVERTED = re.compile(
    r"\b(?:do|does|did|are|have|has) (?:you|they|he|she) "
    r"(?:have|feel|any|taking|been|ever|had|get|know|want|think|notice)\b"
)
_PRONOUNS = frozenset({"it", "they", "he", "she", "you", "i", "we"})
_NO_VERB = frozenset("a an the to of in and on for at my your his her their or so with".split())


def is_broken(phrase: Phrase) -> bool:
    """Whether a piece of unpunctuated speech was cut so that it says nothing: "you a referral", "it do you have …"."""
    lower = [t.lower for t in phrase[:2]]
    headless = len(lower) == 2 and lower[0] in _PRONOUNS and lower[1] in _NO_VERB and not phrase[0].after
    return headless or bool(_INVERTED.search(words(phrase)))
