"""What a visit's log teaches: which words people set right, and what the machine had heard in their place.

`heard_words` walks a log once. What it returns says of each stretch of words how the machine heard it and how it reads
now; `corrections` are the stretches that a person has changed. Both are folds of the log: what has been struck from the
record is in neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from live_scribe.core import events as e
from live_scribe.core.decide_readings import is_a_persons
from live_scribe.core.log import Entry
from live_scribe.core.note import MACHINE
from live_scribe.core.states import VisitState
from live_scribe.core.words import Word, match_key

LONGEST_HEARD, LONGEST_TEXT = 6, 6
"""Words in what was heard and in what it was set right to. A longer change is a sentence told anew, not a name."""

SHORTEST_NAME = 5
"""Letters of a word that is taken for a name though it is written small: shorter ones are mostly everyday words."""

OUTER_SIGNS = '.,;:!?"()[]“”…'
"""Signs around words that belong to the sentence, not to the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """In a visit, entry `seq` of its log, a person set `heard` right to `text`.

    The two are the same where a person was offered another reading and left the words as they stand.
    """

    visit: str
    seq: int
    heard: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words that belong together: as the machine heard them, and as they read now. `seq`: the entry of a person that
    set them right last, 0 where nobody has."""

    heard: tuple[str, ...] = field(repr=False)
    words: tuple[Word, ...] = field(repr=False)
    seq: int = 0

    @property
    def now(self) -> tuple[str, ...]:
        """The words' keys as they read now."""
        return keys(w.text for w in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An utterance as it was heard: `spoken` are its words' keys. Kept small, for many visits are looked through.

    `text` are the words of one that nobody has set right; one in which somebody has is in `pieces`.
    """

    spoken: str = field(repr=False)
    text: str = field(default="", repr=False)
    pieces: tuple[Piece, ...] = field(default=(), repr=False)

    def all_pieces(self) -> tuple[Piece, ...]:
        """Return the utterance in pieces; words that nobody has touched are a piece each."""
        return self.pieces or tuple(_pieces(Word(id="", text=text) for text in self.text.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWords:
    """A visit's words by utterance. `kept`: what a person left as it was heard though something else was offered.

    `finished`: a provider has signed, so nobody is expected to set anything right any more.
    """

    visit: str
    said: tuple[Passage, ...] = field(default=(), repr=False)
    kept: tuple[Correction, ...] = field(default=(), repr=False)
    finished: bool = False
    names: frozenset[str] = field(default=frozenset(), repr=False)


def keys(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of words, without those that are signs alone."""
    return tuple(key for key in map(match_key, texts) if any(c.isalnum() for c in key))


def plain(words: Iterable[str]) -> str:
    """Return words as a name is written: single spaces, without the sentence's signs around them."""
    return " ".join(" ".join(words).split()).strip(OUTER_SIGNS + " ")


def heard_words(visit: str, entries: Iterable[Entry]) -> HeardWords:
    """Return how a visit's words were heard and how they read now, by its log."""
    reader = _Reader(visit)
    for entry in entries:
        reader.read(entry)
    return reader.result()


def corrections(heard: HeardWords) -> tuple[Correction, ...]:
    """Return what people have set right in a visit, and what they left as it stood, in the order of the log.

    Not where the patient's own name is in it: that is nobody's but this visit's.
    """
    found = [
        Correction(visit=heard.visit, seq=piece.seq, heard=plain(piece.heard), text=plain(w.text for w in piece.words))
        for passage in heard.said
        for piece in passage.pieces
        if piece.seq and 0 < len(piece.heard) <= LONGEST_HEARD and len(piece.words) <= LONGEST_TEXT
    ]
    changed = [c for c in found if keys(c.heard.split()) and keys(c.heard.split()) != keys(c.text.split())]
    told = (c for c in (*changed, *heard.kept) if heard.names.isdisjoint(keys(f"{c.heard} {c.text}".split())))
    return tuple(sorted(told, key=lambda c: c.seq))


def looks_like_a_name(correction: Correction, ordinary: frozenset[str]) -> bool:
    """Return whether what stands there now is worth knowing in the next visit: a name, not an everyday word.

    `ordinary`: keys of words of everyday talk.
    """
    words = correction.text.split()
    if not words or any(c.isdigit() for c in correction.text) or keys(correction.heard.split()) == keys(words):
        return False
    return any(_is_name(word, first=i == 0) for i, word in enumerate(words) if match_key(word) not in ordinary)


def _is_name(word: str, *, first: bool) -> bool:
    letters = [c for c in word if c.isalpha()]
    if len(letters) < 2:
        return False
    # The first word may be written large because a sentence begins with it.
    return len(letters) >= SHORTEST_NAME or any(c.isupper() for c in letters[1 if first else 0 :])


class _Reader:
    """Walks a log: words that wait for the end of their utterance, and utterances, each as pieces in order."""

    def __init__(self, visit: str) -> None:
        self._visit = visit
        self._open: list[Piece] = []
        self._said: dict[str, list[Piece]] = {}
        self._offered: dict[str, e.ReadingOffered] = {}
        self._kept: list[tuple[set[str], Correction]] = []
        self._finished = False
        self._names: frozenset[str] = frozenset()

    def result(self) -> HeardWords:
        return HeardWords(
            visit=self._visit,
            said=tuple(_passage(pieces) for pieces in self._said.values() if pieces),
            kept=tuple(correction for _, correction in self._kept),
            finished=self._finished,
            names=self._names,
        )

    def read(self, entry: Entry) -> None:
        match entry.fact:
            case e.VisitOpened(patient=patient):
                self._names = frozenset(keys((patient.get("name") or "").split()))
            case e.WordsCommitted(words=words):
                self._open += _pieces(words)
            case e.UtteranceClosed(utterance=utterance, words=ids):
                self._close(utterance, set(ids))
            case e.WordsCorrected():
                self._correct(entry.fact, 0 if entry.by == MACHINE else entry.seq)
            case e.ReadingOffered():
                self._offered[entry.fact.reading] = entry.fact
            case e.ReadingDismissed(reading=reading):
                self._keep(entry.seq, self._offered.get(reading))
            case e.AudioStruck():
                self._strike(entry.fact)
            case e.UtteranceFound(utterance=said):
                self._said[said.id] = _pieces(said.words)
            case e.UtteranceRestated(utterance=said):
                self._said[said.id] = self._restated(said.id, said.words)
            case e.OpenWordsRestated(words=words):
                self._open = _pieces(words)
            case e.StateChanged(state=state):
                self._finished = state in (VisitState.SIGNED, VisitState.AMENDED)

    def _close(self, utterance: str, ids: set[str]) -> None:
        self._said[utterance] = [p for p in self._open if _ids(p) <= ids]
        self._open = [p for p in self._open if not _ids(p) <= ids]

    def _correct(self, fact: e.WordsCorrected, seq: int) -> None:
        pieces = self._said.get(fact.utterance, [])
        removed = set(fact.removed)
        self._forget_kept(removed)  # that one reading was wrong does not make what was heard right
        at = [i for i, p in enumerate(pieces) if not removed.isdisjoint(_ids(p))]
        if not at:
            return
        first, last = at[0], at[-1] + 1
        inside = pieces[first:last]
        # A piece that people made of several words may be cut into: what stays of it belongs to what comes instead.
        whole = [w for p in inside for w in p.words]
        place = next(i for i, w in enumerate(whole) if w.id in removed)
        kept = [w for w in whole if w.id not in removed]
        words = (*kept[:place], *fact.words, *kept[place:])
        self._said[fact.utterance] = [*pieces[:first], *_merged(inside, words, seq), *pieces[last:]]

    def _keep(self, seq: int, offered: e.ReadingOffered | None) -> None:
        if offered is None:
            return
        ids = set(offered.words)
        there = [p for p in self._said.get(offered.utterance, []) if not ids.isdisjoint(_ids(p))]
        heard = plain(text for p in there for text in p.heard)
        if heard and not any(p.seq for p in there):
            left = Correction(visit=self._visit, seq=seq, heard=heard, text=heard)
            self._kept.append((ids, left))

    def _forget_kept(self, words: set[str]) -> None:
        self._kept = [(ids, correction) for ids, correction in self._kept if words.isdisjoint(ids)]

    def _strike(self, fact: e.AudioStruck) -> None:
        """What was said in the passage is gone; of an utterance that it cut, the restated words follow."""
        for utterance in fact.gone:
            self._said.pop(utterance, None)
        words = set(fact.words)
        self._open = [p for p in self._open if words.isdisjoint(_ids(p))]
        self._said = {k: [p for p in pieces if words.isdisjoint(_ids(p))] for k, pieces in self._said.items()}
        self._forget_kept(words)

    def _restated(self, utterance: str, words: Sequence[Word]) -> list[Piece]:
        """What a person wrote stays as it reads, though nobody can say any more what was heard there."""
        return [
            Piece(heard=(), words=(w,), seq=0) if is_a_persons(w) else Piece(heard=(w.text,), words=(w,)) for w in words
        ]


def _pieces(words: Iterable[Word]) -> list[Piece]:
    return [Piece(heard=(w.text,), words=(w,)) for w in words]


def _passage(pieces: Sequence[Piece]) -> Passage:
    spoken = " ".join(keys(text for p in pieces for text in p.heard))
    if all(p.seq == 0 and len(p.heard) == len(p.words) == 1 for p in pieces):
        return Passage(spoken=spoken, text=" ".join(w.text for p in pieces for w in p.words))
    return Passage(spoken=spoken, pieces=tuple(pieces))


def _ids(piece: Piece) -> set[str]:
    return {w.id for w in piece.words}


def _merged(pieces: Sequence[Piece], words: Sequence[Word], seq: int) -> Iterator[Piece]:
    """Yield what becomes of pieces that now read `words`: those at both ends that read as before stay on their own."""
    front = 0
    while front < len(pieces) and (n := _same(pieces[front], words)):
        yield replace(pieces[front], words=tuple(words[:n]))
        words = words[n:]
        front += 1
    back: list[Piece] = []
    while len(pieces) - len(back) > front and (n := _same(pieces[-1 - len(back)], words, at_end=True)):
        back.insert(0, replace(pieces[-1 - len(back)], words=tuple(words[-n:])))
        words = words[:-n]
    middle = pieces[front : len(pieces) - len(back)]
    if middle or words:
        heard = tuple(text for p in middle for text in p.heard)
        if not seq:  # the machine has heard the sound anew
            heard = tuple(w.text for w in words)
        yield Piece(heard=heard, words=tuple(words), seq=seq)
    yield from back


def _same(piece: Piece, words: Sequence[Word], *, at_end: bool = False) -> int:
    """Return how many of `words`, at their beginning or end, are just what the piece reads; 0 where they are not."""
    n = len(piece.words)
    part = words[-n:] if at_end else words[:n]
    return n if n and len(part) == n and keys(w.text for w in part) == piece.now else 0
