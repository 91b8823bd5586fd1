"""What cited utterances bear out: each word that was said, how it was meant, and by whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from live_scribe.core.words import Role, Utterance
from live_scribe.drafting.claims import DENIED, SOMEBODY, Meant, carries_on, denies_twice, meant
from live_scribe.drafting.cleaning import repaired
from live_scribe.drafting.plain_words import Plain, plain, sentences_of
from live_scribe.drafting.questions import Answer, answer_kind, is_open
from live_scribe.drafting.speech import is_question
from live_scribe.drafting.tokens import Phrase, Token, split_sentences, tokenize
from live_scribe.drafting.tokens import words as text_of
from live_scribe.drafting.vocabulary import Vocabulary

ASKED = "asked"
"""A word that was only asked about: it bears nothing out."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One word that was said, or that a sentence of the note has.

    `sentence` counts the sentences of all that was cited, `place` is that of the utterance in the talk.
    """

    word: str = field(repr=False)
    meant: Meant
    after: str
    sentence: int
    place: int
    role: Role | None
    token: Token = field(repr=False)

    @property
    def bears(self) -> bool:
        """Whether it was told, not merely asked."""
        return ASKED not in self.meant


@dataclass(frozen=True, slots=True)
class _Sentence:
    phrase: Phrase
    words: list[Plain]
    meant: list[Meant]
    place: int
    role: Role | None


def mentions(cited: Mapping[int, Utterance], vocabulary: Vocabulary) -> list[Mention]:
    """Return the words of these utterances, given by their places in the talk, as they were meant."""
    sentences = [s for place in sorted(cited) for s in _sentences(place, cited[place], vocabulary)]
    found: list[Mention] = []
    for number, sentence in enumerate(sentences):
        marks = sentence.meant
        if _asks(sentence.phrase, vocabulary):
            marks = _answered(sentences, number, vocabulary)
        found += [
            Mention(w.word, m, w.after, number, sentence.place, sentence.role, w.token)
            for w, m in zip(sentence.words, marks, strict=True)
        ]
    return found


def _sentences(place: int, utterance: Utterance, vocabulary: Vocabulary) -> list[_Sentence]:
    out: list[_Sentence] = []
    for phrase in split_sentences(repaired(tokenize(utterance), vocabulary)):
        words = plain(phrase, vocabulary)
        carried = carries_on(words, out[-1].meant) if out else None
        out.append(_Sentence(phrase, words, meant(words, vocabulary, carried=carried), place, utterance.role))
    return out


def _answered(sentences: Sequence[_Sentence], at: int, vocabulary: Vocabulary) -> list[Meant]:
    """Return how the words of a question are meant once it is answered; asked, where it is not, or not plainly."""
    question = sentences[at]
    reply = _reply(sentences, at, vocabulary)
    asked = [m | {ASKED} for m in question.meant]
    if not reply:
        return asked
    family = {SOMEBODY} if vocabulary.family_question.search(text_of(question.phrase)) else set()
    open_question = is_open(question.phrase, vocabulary)
    kind, _ = answer_kind(reply[0].phrase, vocabulary, open_question=open_question)
    told = {w.word for s in reply for w in s.words}
    negative = any(DENIED in m for m in question.meant)
    several = bool({"or", "and"} & {w.word for w in question.words}) or any("," in w.after for w in question.words)
    if open_question and kind is Answer.OPEN:
        return [m | family for m in question.meant]
    if kind is Answer.NO:
        return [m | family | {DENIED} | ({ASKED} if w.word in told else set()) for w, m in _pairs(question)]
    if kind is Answer.YES and not negative and not several and not _limits(told):
        return [m | family | ({ASKED} if w.word in told else set()) for w, m in _pairs(question)]
    return asked


def _pairs(sentence: _Sentence) -> list[tuple[Plain, Meant]]:
    return list(zip(sentence.words, sentence.meant, strict=True))


def _limits(told: set[str]) -> bool:
    return not told.isdisjoint({"just", "only", "but", "except", "not", "sometim", "sometimes", "use"})


def _reply(sentences: Sequence[_Sentence], at: int, vocabulary: Vocabulary) -> list[_Sentence]:
    """Return what the next speaker says, if nothing but questions is said before."""
    here, role = sentences[at].place, sentences[at].role
    rest = [s for s in sentences[at + 1 :] if s.place == here]
    if not all(_asks(s.phrase, vocabulary) for s in rest):
        return []
    return [s for s in sentences if s.place == here + 1 and s.role != role and not _asks(s.phrase, vocabulary)]


def asks_last(utterance: Utterance, vocabulary: Vocabulary) -> bool:
    """Whether an utterance ends with a question."""
    sentences = split_sentences(tokenize(utterance))
    return bool(sentences) and _asks(sentences[-1], vocabulary)


_ASSURED = re.compile(r"(?:okay|ok|alright|all right)$")


def _asks(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether a sentence asks; one that ends with ", okay?" tells."""
    return is_question(phrase, vocabulary) and not (len(phrase) > 2 and _ASSURED.search(text_of(phrase)))


def is_muddled(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a sentence of the note denies a denial."""
    return any(denies_twice(plain(phrase, vocabulary)) for phrase in sentences_of(text))


def claims(text: str, vocabulary: Vocabulary) -> list[Mention]:
    """Return the words of a sentence of the note, as it means them."""
    found: list[Mention] = []
    for number, phrase in enumerate(sentences_of(text)):
        words = plain(phrase, vocabulary)
        carried = carries_on(words, [m.meant for m in found if m.sentence == number - 1]) if number else None
        marks = meant(words, vocabulary, carried=carried)
        found += [Mention(w.word, m, w.after, number, 0, None, w.token) for w, m in zip(words, marks, strict=True)]
    return found
