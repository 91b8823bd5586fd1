"""Answers that are neither yes nor no: "a little numbness, but no tingling"; "only when I walk"; "like crazy"."""

from __future__ import annotations

import re
from dataclasses import replace

from live_scribe.core.note import Assertion
from live_scribe.core.words import Role
from live_scribe.drafting.corrections import kinds_at
from live_scribe.drafting.drafts import Draft
from live_scribe.drafting.lists import kin_of, parts_of
from live_scribe.drafting.person import Narrator, written_out
from live_scribe.drafting.questions import Answer, Answered, declared, from_list, noun_asked, subject
from live_scribe.drafting.speech import without_openers
from live_scribe.drafting.tokens import Phrase, bare, made, words

LONGEST_PART = 14
"""Words of a part of an answer that may stand behind "reports": longer ones are sentences and are told as such."""
_MANNER = re.compile(
    r"(?:like (?:crazy|hell|mad)|a lot|all the time|constantly|badly|terribly|really bad(?:ly)?|pretty bad(?:ly)?|"
    r"every (?:day|night|morning|time|once in a while|now and then|few|so often)|once in a while|from time to time|"
    r"sometimes|occasionally|often|usually|especially)\b|"
    r"(?:only |just |mostly |mainly )?(?:when|whenever|if|after|before|during|at night|"
    r"in the (?:morning|evening)|at work|with (?:exercise|walking))\b"
)
"""First words of an answer that says how or when it is so."""
_WHEN = re.compile(r"(?:only |just |mostly |mainly )?(?:when|whenever|if|after|before|during|at|in|on|with|while)\b")
_RATHER = re.compile(r"(?:more like|more of|just|rather|it's|it is) ")
_BUT = frozenset({"but", "though", "although"})
_SOME = frozenset({"some", "just", "only", "mild", "slight", "occasional"})
_DENYING = frozenset({"no", "nothing", "not", "none", "never"})


def in_part(body: Phrase, asked: Phrase, narrator: Narrator, role: Role) -> list[Draft]:
    """Return what an answer without a verb reports and denies of the complaints that were `asked` by name."""
    drafts = []
    for part in _parts(body):
        plain = bare(without_openers(part, narrator.vocabulary))
        while plain and plain[-1].lower in _BUT | {"exactly", "really", "so"}:
            plain = bare(plain[:-1])
        if match := _RATHER.match(words(plain) + " "):
            plain = plain[len(match.group().split()) :]
        denied = bool(plain) and plain[0].lower in _DENYING
        if denied and not _names(plain, asked, narrator):
            continue  # "nothing serious" denies no complaint
        if not plain or len(plain) > LONGEST_PART or not _names(plain, asked, narrator) or _WHEN.match(words(plain)):
            return []
        if denied and len(plain) > 1:
            told = from_list(narrator.tell(plain[1:], role), Answer.NO, plain[:1], narrator).phrase
        else:
            told = (*made(f"{subject(narrator)} reports"), *narrator.tell(_without_just(plain), role))
        drafts.append(
            Draft(
                section="ros",
                phrase=told,
                support=asked,
                assertion=Assertion.ABSENT if denied else Assertion.PRESENT,
            )
        )
    if len(drafts) == 1 and body[0].lower in {"just", "only"}:
        drafts = [*_denied_besides(body, asked, narrator), *drafts]
    return drafts


def _denied_besides(body: Phrase, asked: Phrase, narrator: Narrator) -> list[Draft]:
    """What was asked for by name and is not what there is "just" of: "Nausea, fever, or cough?" "Just a cough."."""
    items = parts_of(bare(noun_asked(asked, narrator.vocabulary)), "or")
    others = [item for item in items if not kin_of(item) & kin_of(body)]
    if not others or len(others) == len(items):
        return []
    listed = [t for item in others[:-1] for t in (*item[:-1], replace(item[-1], after=","))]
    if len(others) > 1:
        listed = [*listed[:-1], replace(listed[-1], after=""), *made("or")]
    told = from_list((*listed, *others[-1]), Answer.NO, body[:1], narrator)
    return [Draft(section="ros", phrase=told.phrase, support=body, assertion=Assertion.ABSENT)]


def side_told(body: Phrase, question: Phrase, narrator: Narrator, role: Role) -> Draft | None:
    """Return the side that answers "which knee is it?", with the part of the body that it is the side of."""
    which = next((i for i, t in enumerate(question[:-1]) if t.lower == "which"), None)
    side = next((t for t in body if t.lower in _SIDES), None)
    if which is None or side is None or len(body) > LONGEST_PART:
        return None
    if "place" not in kinds_at(question, which + 1, narrator.vocabulary):
        return None
    part = replace(question[which + 1], after="")
    part = replace(part, text=part.text + "s") if side.lower == "both" else part
    told = tuple(part if t.lower == "one" else replace(t, after="") for t in body)
    told = told if part in told else (*told, part)
    return Draft(section="hpi", phrase=narrator.tell(told, role), support=question)


_SIDES = frozenset({"left", "right", "both"})


def _parts(body: Phrase) -> list[Phrase]:
    """The answer cut where "but" or a comma turns it round: what is reported, and what is denied."""
    found: list[Phrase] = []
    begin = 0
    for i in range(1, len(body)):
        turned = body[i].lower in _DENYING and (body[i - 1].after or body[i - 1].lower in _BUT)
        turned = turned or bool(body[begin].lower in _DENYING and body[i - 1].after and body[i].lower in _AFFIRMING)
        if turned or (body[begin].lower == "not" and body[i - 1].after):  # "not nausea, vomiting"
            found.append(body[begin:i])
            begin = i
    found.append(body[begin:])
    return found


_AFFIRMING = frozenset("some a just but only mild slight occasional lots plenty yes".split())
"""First words of what is affirmed behind a denial: "no cough, some wheezing"."""


def _names(part: Phrase, asked: Phrase, narrator: Narrator) -> bool:
    text = words(part)
    own = narrator.vocabulary.symptom.search(text) or narrator.vocabulary.condition.search(text)
    return bool(own) or bool(kin_of(part) & kin_of(asked))


def _without_just(plain: Phrase) -> Phrase:
    while len(plain) > 1 and plain[0].lower in {"just", "only", "the", "that", "my"}:
        plain = plain[1:]
    return plain


def in_manner(body: Phrase, question: Phrase, narrator: Narrator, role: Role) -> Draft | None:
    """Return the sentence of a question that is answered by how or when: "Does it itch?" "Like crazy." """
    if not _MANNER.match(words(body)) or len(body) > LONGEST_PART:
        return None
    said = declared(question, Answer.YES, (), narrator)
    if said is None:
        return None
    told = narrator.tell(body, role)
    return Draft(section="hpi", phrase=(*bare(said.phrase), *told), support=question)


_RECALLED = re.compile(
    r"(?:(?:and|so|now|but|okay|then) )*(?:(?:you (?:said|mentioned|told (?:me|us))|"
    r"i (?:know|see|remember|think|believe|understand|recall|hear)|"
    r"it (?:looks|sounds|seems) like|looks like|sounds like|it says)(?: here)?(?: that)? )?"
)
_MEANT = re.compile(r"(?:(?:no|sorry|actually|wait|i meant|i mean|it was|it's|make that|more like|in) )+")
LONGEST_VALUE = 4
"""Words of an answer that does no more than put a value of the question right: "no, 80 milligrams"."""


def put_right(question: Phrase, first: Phrase, narrator: Narrator) -> Phrase | None:
    """Return the question with the value that the answer puts right: "You take 40?" "No, 80."."""
    match = _MEANT.match(words(first) + " ")
    given = first[len(match.group().split()) :] if match else ()
    if not given or len(given) > LONGEST_VALUE:
        return None
    kinds = set(kinds_at(given, 0, narrator.vocabulary))
    places = [i for i in range(len(question)) if kinds & set(kinds_at(question, i, narrator.vocabulary))]
    if not kinds or len(places) != 1 or given[0].lower == question[places[0]].lower:
        return None
    at = places[0]
    return (*question[:at], replace(given[0], after=question[at].after), *question[at + 1 :])


_AUXILIARY = frozenset("are were is was have has had can could will would do does did".split())
_WHO = frozenset({"you", "he", "she", "they", "it"})
_NOT_STATED = frozenset("what how where when who which why or not never n't no".split())


def confirmed(question: Phrase, kind: Answer, narrator: Narrator) -> Answered | None:
    """Return the sentence of a question put as a statement: "You take it for that?" "Yes." / "No."."""
    phrase = bare(without_openers(question, narrator.vocabulary))
    if match := _RECALLED.match(words(phrase) + " "):
        phrase = phrase[len(match.group().split()) :]
    full = written_out(phrase)
    if len(full) < 3 or full[0].lower not in _WHO | {"your", "his", "her", "the", "that", "this"}:
        return None
    if _NOT_STATED & {t.lower for t in full}:
        return None
    if kind is Answer.YES:
        return Answered(narrator.tell(full, Role.DOCTOR), Assertion.PRESENT)
    if full[0].lower not in _WHO:
        return None
    at = 1
    while at < len(full) - 1 and full[at].lower in {"still", "also", "currently", "just"}:
        at += 1
    still = {t.lower for t in full[1 : at + 2]} & {"still"}
    if full[at].lower in _AUXILIARY and full[at + 1 : at + 2]:
        rest = tuple(t for i, t in enumerate(full[at + 1 :]) if i or t.lower != "still")
        denied = (*full[: at + 1], *made("no longer" if still else "not"), *rest)
    elif full[at].lower in narrator.vocabulary.base_verbs:
        denied = (*full[:1], *made("no longer" if still else "do not"), *(full[at:] if still else full[1:]))
    else:
        return None
    return Answered(narrator.tell(denied, Role.DOCTOR), Assertion.ABSENT)
