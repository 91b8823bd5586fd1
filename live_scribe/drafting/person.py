"""Turns what people say of themselves and to each other into the third person of a note, with its verbs.

"My knee has been hurting and I take Advil" becomes "his knee has been hurting and he takes Advil".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from live_scribe.core.words import Role
from live_scribe.drafting.tokens import Phrase, Token
from live_scribe.drafting.verbs import PAST_FORMS, SINGULAR, third_person
from live_scribe.drafting.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Person:
    """The words for the patient: "he", "him", "his", "himself"; `plural` for the verbs of "they"."""

    subject: str
    object: str
    possessive: str
    own: str
    reflexive: str
    plural: bool = False


HE = Person("he", "him", "his", "his", "himself")
SHE = Person("she", "her", "her", "hers", "herself")
THEY = Person("they", "them", "their", "theirs", "themselves", plural=True)


def person_of(sex: str | None) -> Person | None:
    """Return the words for a patient of this recorded sex, or None where it is not known."""
    return {"m": HE, "male": HE, "f": SHE, "female": SHE}.get((sex or "").strip().lower())


_WOMEN = frozenset("mother mom mum wife daughter sister grandmother grandma aunt girlfriend niece".split())
_MEN = frozenset("father dad husband son brother grandfather grandpa uncle boyfriend nephew".split())


def is_woman(kin: str) -> bool | None:
    """Whether this relative is a woman; None where the word does not say ("cousin")."""
    return True if kin in _WOMEN else False if kin in _MEN else None


def _pronouns(companion: str | None) -> Person:
    return SHE if companion in _WOMEN else HE if companion in _MEN else THEY


FULL_FORMS: Mapping[str, str] = dict(
    pair.split("=")
    for pair in (
        "can't=cannot|won't=will not|shan't=shall not|ain't=is not|let's=let us|gonna=going to|wanna=want to|"
        "gotta=have to|'cause=because|cause=because|cuz=because|'em=them|til=until|'til=until|dr=Dr.|meds=medications|"
        "ok=okay|there's=there is|here's=here is|that'll=that will|it'll=it will|ya=you|y'all=you|lemme=let me"
    ).split("|")
)
"""Forms of speech, and how they are written out. "Cause" the noun does not occur before a subject (see below)."""

_BE = {"am", "are", "'m", "'re"}
_PLURAL = {"am": "are", "is": "are", "was": "were", "has": "have", "does": "do"}
_OURS = {"us": "them", "our": "their", "ours": "theirs", "ourselves": "themselves"}
_MODALS = frozenset("will would can could should may might must shall cannot".split())
_PARTICIPLES = frozenset(
    "been had done seen taken gotten got become come run started stopped lost felt gained tried used found kept known"
    " made left put told given noticed worked helped changed moved swollen hurt broken torn".split()
)
_OBJECT_BEFORE = frozenset(
    "to for with of on at from by about like behind between against near over under give gives gave see get "
    "let put refer"
    " tell told send show start help make ask call want prescribe write advise encourage bring have bother "
    "bothers bothering"
    " bothered hurt hurts hurting wakes wake keeps keep makes gave got get gets helps helped helping around "
    "into through"
    " teach check thank remind believe hear put switch inject treat had asked".split()
)
_SUBORDINATORS = frozenset(
    "when if because that since until while as once where what how whether although though".split()
)
_CAUSATIVE = frozenset(
    {"made", "makes", "making", "lets", "have", "let", "make", "help", "see", "had", "get", "hear", "watch"}
)
_NEGATED = re.compile(r"(is|are|was|were|have|has|had|do|does|did|would|could|should|must|need|might)n't")
_CLITIC = re.compile(r"(.+)'(m|re|ve|ll|d|s)")


def written_out(phrase: Phrase) -> Phrase:
    """Return the phrase without contractions: "doesn't" is "does not", "it's been" is "it has been"."""
    out: list[Token] = []
    for i, token in enumerate(phrase):
        following = phrase[i + 1].lower if i + 1 < len(phrase) else ""
        parts = _full_form(token.lower, following)
        if parts is None:
            out.append(token)
            continue
        head, *rest = parts
        if token.text[:1].isupper() and head not in {"i"}:
            head = head[:1].upper() + head[1:]
        texts = [head, *rest]
        out.extend(
            replace(token, text=t, after=token.after if n == len(texts) - 1 else "") for n, t in enumerate(texts)
        )
    return tuple(out)


_BEHIND_BECAUSE = frozenset("i i'm it it's he she they we my you i've of".split())
"""Words before which "cause" is "because", not the noun."""


def _full_form(word: str, following: str) -> list[str] | None:
    if word == "cause" and following not in _BEHIND_BECAUSE:
        return None
    if word in FULL_FORMS:
        return FULL_FORMS[word].split()
    if match := _NEGATED.fullmatch(word):
        return [match.group(1), "not"]
    match = _CLITIC.fullmatch(word)
    if match is None:
        return None
    stem, clitic = match.groups()
    if clitic == "s":
        if stem not in {
            "it",
            "that",
            "he",
            "she",
            "what",
            "this",
            "everything",
            "nothing",
            "something",
            "who",
            "where",
        }:
            return None  # a possessive: "mother's"
        return [stem, "has" if _participle(following) else "is"]
    if clitic == "d":
        return [stem, "had" if _participle(following) or following == "better" else "would"]
    return [stem, {"m": "am", "re": "are", "ve": "have", "ll": "will"}[clitic]]


def _participle(word: str) -> bool:
    return word in _PARTICIPLES


@dataclass(frozen=True, slots=True)
class Narrator:
    """Says in the third person what a speaker of the visit said of, or to, the patient."""

    person: Person
    vocabulary: Vocabulary
    companion: str | None = None
    """Who came along: "mother", "wife"; None while it is not known."""
    listener: Role = Role.PATIENT
    """To whom the clinician's "you" is said."""

    def tell(self, phrase: Phrase, role: Role) -> Phrase:
        """Return `phrase` as the note tells it; `role` is who said it."""
        full = written_out(phrase)
        if role is Role.DOCTOR:
            return self._to_companion(full) if self.listener is Role.COMPANION else self._to_patient(full)
        if role is Role.COMPANION:
            return self._of_companion(full)
        return self._by_patient(full)

    def _by_patient(self, phrase: Phrase) -> Phrase:
        first = Person("the patient", *self._rest()) if self.person.plural else self.person
        names = {
            "you": "the doctor",
            "your": "the doctor's",
            "me": first.object,
            "my": first.possessive,
            "mine": first.own,
            "myself": first.reflexive,
            **_OURS,
        }
        out: list[Token] = []
        for i, token in enumerate(phrase):
            named = {**names, "i": first.subject if i == 0 else self.person.subject, "we": "they"}
            out.append(replace(token, text=named.get(token.lower, token.text)))
        return self._agree(phrase, out, {"i", "we"})

    def _rest(self) -> tuple[str, str, str, str]:
        return self.person.object, self.person.possessive, self.person.own, self.person.reflexive

    def _to_patient(self, phrase: Phrase) -> Phrase:
        names = {"your": self.person.possessive, "yours": self.person.own, "yourself": self.person.reflexive}
        out: list[Token] = []
        for i, token in enumerate(phrase):
            you = self.person.subject if self._is_subject(phrase, i) else self.person.object
            out.append(replace(token, text={**names, "you": you}.get(token.lower, token.text)))
        return self._agree(phrase, out, {"you"})

    @property
    def kin(self) -> str:
        """Who came along, as a note names them: "his mother"."""
        return f"{self.person.possessive} {self.companion}" if self.companion else "the companion"

    def _to_companion(self, phrase: Phrase) -> Phrase:
        """What is asked of the companion; "your son" is the patient's side of the family as it was said."""
        names = {"you": self.kin, "your": f"{self.kin}'s"}
        return self._agree(phrase, [replace(t, text=names.get(t.lower, t.text)) for t in phrase], {"you"}, {self.kin})

    def _of_companion(self, phrase: Phrase) -> Phrase:
        """The companion's "I" is "his mother" at first and "she" from then on; what is said of the patient stays."""
        kin = self.kin
        again = _pronouns(self.companion)
        out: list[Token] = []
        named = False
        for token in phrase:
            text = {"i": again.subject, "me": again.object, "my": again.possessive, **_OURS, "we": "they"}.get(
                token.lower
            )
            if text is not None and token.lower in {"i", "me", "my"} and not named:
                text, named = (f"{kin}'s" if token.lower == "my" else kin), True
            out.append(token if text is None else replace(token, text=text))
        return self._agree(phrase, out, {"i", "we"}, {kin, again.subject})

    def _is_subject(self, phrase: Phrase, i: int) -> bool:
        """Whether the clinician's "you" is who does something, not whom something is done to."""
        before = phrase[i - 1].lower if i and not phrase[i - 1].after else ""
        at = i + 1
        while at < len(phrase) and phrase[at].lower in self.vocabulary.adverbs:
            at += 1
        following = phrase[at].lower if at < len(phrase) and not phrase[i].after else ""
        if following in _MODALS | set(SINGULAR) | {"was", "had", "did"}:
            return not (before in _CAUSATIVE and following in {"have", "do"})
        if before in _SUBORDINATORS or (following in PAST_FORMS and before not in _CAUSATIVE):
            return True
        if before in _OBJECT_BEFORE or before in _CAUSATIVE:
            return False
        return following in self.vocabulary.base_verbs or not before or following.endswith("ed")

    def _agree(self, before: Phrase, out: list[Token], subjects: set[str], told: set[str] | None = None) -> Phrase:
        """Make the verbs agree with the subjects that took the place of these."""
        told = (told or {self.person.subject, "the patient"}) | {"they"}
        for i, token in enumerate(before):
            if token.lower in subjects and out[i].lower in told:
                self._conjugate(out, before, i, plural=out[i].lower == "they")
        return tuple(out)

    def _conjugate(self, out: list[Token], before: Phrase, i: int, plural: bool) -> None:
        """Make the verb behind the subject at `i` agree with it, and verbs that follow by "and"."""
        if i and not before[i - 1].after and before[i - 1].lower in {"did", "do", "does"}:
            return
        at = self._verb_after(out, i + 1)
        if at is None:
            return
        changed = self._inflect(out, at, plural)
        while changed and (at := self._coordinated(out, at)) is not None:
            changed = self._inflect(out, at, plural)

    def _verb_after(self, out: list[Token], at: int) -> int | None:
        if at and out[at - 1].after:
            return None
        while at < len(out) and out[at].lower in self.vocabulary.adverbs:
            at += 1
        return at if at < len(out) else None

    def _inflect(self, out: list[Token], at: int, plural: bool) -> bool:
        """Inflect the verb at `at`; False where it needs no change (a past form, a modal), so none behind it does."""
        word = out[at].lower
        if plural:
            if word in _PLURAL:
                out[at] = replace(out[at], text=_PLURAL[word])
            return False
        if word in SINGULAR or word in self.vocabulary.base_verbs:
            out[at] = replace(out[at], text=third_person(word))
            return word not in {"am", "are", "were", "have", "do"}
        return False

    def _coordinated(self, out: list[Token], at: int) -> int | None:
        """The next verb of the same subject: behind "and", "or" or "but", before any other subject."""
        for i in range(at + 1, min(len(out) - 1, at + 12)):
            if set(out[i].after) & set(".?") or out[i].lower in {"to", "that", "when", "if", "because", "who", "which"}:
                return None
            if out[i].lower in {"and", "or", "but", "then"} and (verb := self._verb_after(out, i + 1)) is not None:
                if out[verb].lower in self.vocabulary.base_verbs and not self._is_noun(out, verb):
                    return verb
        return None

    def _is_noun(self, out: list[Token], at: int) -> bool:
        """Whether a word that may be a verb ("cough", "work") stands where a list of nouns goes on."""
        return at + 1 >= len(out) or bool(out[at].after) or out[at + 1].lower in {"and", "or", "but", "for", "in", "at"}
