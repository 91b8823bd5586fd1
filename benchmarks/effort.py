"""A scribe's effort: what makes a drafted note equal in facts to the reference, in edits and modelled seconds.

    python -m benchmarks.effort [--heard FOLDER] [--edits]

The samples' notes, drafted of the written dialogues, or of the transcripts that `benchmarks.heard_notes` left in
FOLDER. Both notes are taken apart into statements. A statement of the reference is *there* if drafted statements of the
same polarity hold its words (as many as ENOUGH) and all its numbers; it is *to change* if they hold some of it, or if
the polarity is wrong; otherwise *to add*. What is drafted and speaks for nothing in the reference is *to delete*; what
stands in another part of the note than it should is *to move*. `--edits` prints them.

Seconds are those of the keystroke-level model (Card, Moran & Newell 1980) and a reader's (Brysbaert 2019). It knows of
no doubt, no listening again and no interruption, so only what it says of two drafts, or of a draft and an empty page,
should be believed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.heard_notes import note_of, printed
from live_scribe import samples, templates
from tests.exchanges import DENIAL, holds, plain

KEY_S, POINT_S, CLICK_S, HOME_S, THINK_S = 0.2, 1.1, 0.2, 0.4, 1.35
"""Card, Moran & Newell, "The keystroke-level model", CACM 23 (1980): a key of an average typist, pointing, a click,
hands between mouse and keys, and making up one's mind."""

READ_WORDS_S = 238 / 60
"""Brysbaert, "How many words do we read per minute?", J. of Memory and Language 109 (2019): non-fiction, silently."""

ENOUGH = 0.6
"""Of a statement's words; the rest is how one says it ("limped off the field", "limped off"). Numbers must all be."""

SOME = 0.4
"""With less than this of a statement there, it is typed anew."""

MOST_TOGETHER = 4
"""So many drafted statements at most make one of the reference ("denies fevers", "denies chills")."""

_IDLE = frozenset(
    """
    a an the and or but of to in on at for with by from as is are was were be been has have had do does did he she
    they it his her their him them its this that these those there not no denies denied deny reports reported report
    patient mr mrs ms family history above any also some very about per day time times one who which when while if
    than then so up into onto over under none never without negative positive normal will would can could should
    """.split()
)
_SAME = {
    variant: name
    for name, variants in {
        "mother": "mom mum",
        "father": "dad",
        "child": "kid children",
        "tear": "torn",
        "pain": "hurt painful sore ache",
        "fine": "ok okay good well",
        "hypertension": "hypertens",
        "stop": "quit discontinu",
        "daily": "dai",
        "acetaminophen": "tylenol",
        "shot": "vaccin immuniz",
    }.items()
    for variant in variants.split()
}
"""Words that people and notes use for the same."""

_PHRASES = {"high blood pressure": "hypertension", "short of breath": "dyspnea", "shortness of breath": "dyspnea"}
_SYSTEM = re.compile(r"^(?:[A-Z][a-z]+(?: and [a-z]+|, [a-z]+)*): ")
"""A review of systems names the system first: nobody says it, and it is no fact."""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a note: the part it stands in, its words that tell something, its numbers, its polarity."""

    section: str
    text: str = field(repr=False)
    words: frozenset[str] = field(repr=False)
    numbers: frozenset[str] = field(repr=False)
    denies: bool = False


@dataclass(slots=True)
class Effort:
    """Edits and seconds; `there` and `asked`: statements of the reference that needed none, and all."""

    there: int = 0
    asked: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    deleted: int = 0
    seconds: float = 0.0
    told: list[str] = field(default_factory=list, repr=False)

    @property
    def edits(self) -> int:
        """All edits."""
        return self.added + self.changed + self.moved + self.deleted


def said(section: str, text: str) -> Said | None:
    """Return a statement as facts; nothing where it tells nothing."""
    text = _SYSTEM.sub("", text) if section == "ros" else text
    told = plain(text)
    for phrase, name in _PHRASES.items():
        told = told.replace(phrase, name)
    tokens = [t.strip("'°/").removesuffix("'s") for t in told.split()]
    numbers = frozenset(t for t in tokens if re.search(r"\d", t))
    words = frozenset(_stem(t) for t in tokens if t not in _IDLE and not re.search(r"\d", t) and len(t) > 1)
    if not words and not numbers:
        return None
    return Said(section, text, words, numbers, holds(told, DENIAL))


def _stem(word: str) -> str:
    for ending in ("ing", "ness", "ies", "es", "ed", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return _SAME.get(word, word)


def reference(text: str) -> Iterator[Said]:
    """Yield the statements of a reference note, by the parts of the template its headings name."""
    titles = {s.title.lower(): s.id for s in templates.load("soap").sections}
    titles |= {"vital signs": "vitals", "physical examination": "exam", "plan": "plan", "assessment": "assessment"}
    section = ""
    for line in text.splitlines():
        if line.startswith("#"):
            section = titles.get(line.lstrip("# ").lower(), line.lstrip("# ").lower())
            continue
        for sentence in re.split(r"(?<=[.!?;])\s+", re.sub(r"^\s*(?:[-*]|\d+\.)\s*", "", line)):
            if not sentence.endswith(":") and (made := said(section, sentence)):
                yield made


def effort(drafted: Sequence[Said], wanted: Sequence[Said], words: int) -> Effort:
    """Return what it takes to make the drafted note equal in facts to the wanted one; `words` are read once."""
    done = Effort(asked=len(wanted), seconds=words / READ_WORDS_S)
    used: set[int] = set()
    for want in wanted:
        chosen, covered, numbers = _best(drafted, want, same=True)
        opposite = _best(drafted, want, same=False)
        if covered >= ENOUGH and want.numbers <= numbers:
            _there(done, drafted, want, chosen)
        elif covered >= SOME or (opposite[1] >= ENOUGH and not covered >= SOME):
            chosen = chosen if covered >= SOME else opposite[0]
            lacking = (want.words | want.numbers) - {w for i in chosen for w in drafted[i].words | drafted[i].numbers}
            done.changed += 1
            done.seconds += _edit(sum(len(w) + 1 for w in lacking) or len("not "))
            done.told.append(f"change  {want.section}: {want.text}  <-  {' | '.join(drafted[i].text for i in chosen)}")
        else:
            chosen = []
            done.added += 1
            done.seconds += _edit(len(want.text))
            done.told.append(f"add     {want.section}: {want.text}")
        used.update(chosen)
    for i, one in enumerate(drafted):
        if i not in used and not _said_again(one, wanted):
            done.deleted += 1
            done.seconds += THINK_S + POINT_S + CLICK_S + KEY_S
            done.told.append(f"delete  {one.section}: {one.text}")
    return done


def _there(done: Effort, drafted: Sequence[Said], want: Said, chosen: Sequence[int]) -> None:
    done.there += 1
    parts = {s.id: s.part for s in templates.load("soap").sections}
    first = drafted[chosen[0]]
    if parts.get(first.section) != parts.get(want.section):
        done.moved += 1
        done.seconds += THINK_S + 2 * (POINT_S + CLICK_S)
        done.told.append(f"move    {first.section} to {want.section}: {first.text}")


def _edit(characters: int) -> float:
    return THINK_S + POINT_S + CLICK_S + 2 * HOME_S + characters * KEY_S


def _best(drafted: Sequence[Said], want: Said, *, same: bool) -> tuple[list[int], float, frozenset[str]]:
    """Return the drafted statements of a polarity that together hold most of `want`, how much, and their numbers."""
    whole = want.words | want.numbers
    held: frozenset[str] = frozenset()
    chosen: list[int] = []
    open_ = [i for i, d in enumerate(drafted) if (d.denies == want.denies) is same]
    while len(chosen) < MOST_TOGETHER and open_ and held != whole:
        gains = {i: (drafted[i].words | drafted[i].numbers) & whole for i in open_}
        first = max(open_, key=lambda i: (len(gains[i] - held), drafted[i].section == want.section, -i))
        if not gains[first] - held:
            break
        chosen.append(first)
        open_.remove(first)
        held |= gains[first]
    return chosen, len(held) / len(whole), held & want.numbers


def _said_again(one: Said, wanted: Sequence[Said]) -> bool:
    """Whether a drafted statement only says what the reference says too."""
    whole = one.words | one.numbers
    return any(
        want.denies == one.denies
        and one.numbers <= want.numbers
        and len(whole & (want.words | want.numbers)) >= ENOUGH * len(whole)
        for want in wanted
    )


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heard", type=Path, help="the folder of benchmarks.heard_notes")
    parser.add_argument("--edits", action="store_true", help="print each edit")
    args = parser.parse_args()
    whole = typed = 0.0
    for sample in samples.listed().values():
        path = args.heard / f"{sample.name}.json" if args.heard else sample.audio.with_suffix(".txt")
        proposals = note_of(sample, path)
        wanted = list(reference(sample.audio.with_suffix(".note.md").read_text(encoding="utf-8")))
        drafted = [made for p in proposals if (made := said(p.section, p.text))]
        done = effort(drafted, wanted, len(printed(proposals).split()))
        empty = effort([], wanted, 0)
        whole, typed = whole + done.seconds, typed + empty.seconds
        sys.stdout.write(
            f"{sample.name:18} {done.there:3} of {done.asked} there; to add {done.added}, change {done.changed}, "
            f"move {done.moved}, delete {done.deleted}: {done.edits} edits, {done.seconds:.0f} s "
            f"(typed anew {empty.seconds:.0f} s)\n"
        )
        if args.edits:
            sys.stdout.writelines(f"    {line}\n" for line in done.told)
    sys.stdout.write(f"all: {whole:.0f} s, typed anew {typed:.0f} s: {1 - whole / typed:.0%} saved\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
