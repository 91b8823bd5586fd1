"""Whisper as a streaming engine: the encoder hears what is there, not 30 seconds of padding around it.

faster-whisper pads every call to whisper's 30 s (Radford et al. 2022, section 2.2). CTranslate2's encoder takes shorter
features: a 12 s look costs a fifth. A margin of silence behind the sound keeps the model from mishearing its end.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import _LANGUAGE_CODES as LANGUAGE_CODES
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from live_scribe.asr.whisper_sentences import sentences_of, told_of
from live_scribe.core.audio import SAMPLE_RATE_HZ, seconds
from live_scribe.core.guards import LOOPING, without_replay, without_timeless, without_unlikely
from live_scribe.core.hearing import HeardWord, Hypothesis, LookRequest, Sentence
from live_scribe.core.languages import DEFAULT
from live_scribe.core.words import match_key
from live_scribe.ports import Samples, SpeechEngine

MARGIN_S = 2.0
"""Silence behind the sound in a shortened look. Measured in benchmarks/README.md."""

TOKENS_PER_S = 6
"""Tokens that a second of English takes at most, but of the fastest talkers. A loop takes all it is given."""

FOREIGN_TOKENS_PER_S = 10
"""Other languages take more tokens for the same sound: whisper's were made for English."""

FEWEST_TOKENS = 16
"""Tokens that even the shortest look may take."""

ROOM_FOR_FAST = 2
"""What a look may take, in these terms, where it ran out of tokens and no loop is seen: somebody talks very fast."""

STYLE = {
    "en": "Okay. How are you, today? Well, I'm fine, thank you. Was it far? No.",
    "es": "Vale. ¿Cómo está usted, hoy? Bueno, estoy bien, gracias. ¿Estaba lejos? No.",
    "de": "Gut. Wie geht es Ihnen, heute? Nun, mir geht es gut, danke. War es weit? Nein.",
    "fr": "D'accord. Comment allez-vous, aujourd'hui ? Eh bien, ça va, merci. C'était loin ? Non.",
}
"""What a look is told was said before the visit, by language: whisper then writes sentences with their signs, by which
turns and the note are cut. Behind it stands what was really said before the window; what is said in it must not stand
there: whisper then says it twice. Nothing clinical may stand here, should it ever leak past `Doubt.LEAKED`.
"""

LEAK_PROBABILITY = 0.3
"""Words of the style that were really said are surer than this."""

SAID_ONCE = 0.5
"""Mean probability from which on the words before a replay are taken for said; made-up ones lie far below."""

LEAST_SCORE = -1.0
"""Below this mean log probability of its tokens a text is a guess (the same section)."""

PROMPT_TOKENS = 60
"""Of what was said before so much is told: enough for names and style, few enough to cost nothing."""

LEAST_PROBABILITY = 1e-6
"""A token that cannot be is no less likely than this: one alone must not decide."""

TERM_TOKENS = 60
"""Names told at once: about ten. Whisper takes 223 tokens of prompt; each costs time, and more names pull less each."""

MEL_FRAMES_PER_S = 100
"""Whisper's features: one for each 10 ms."""

CONTEXT_S = 30.0
"""Whisper's whole context."""

MAX_WORD_S = 1.5
"""Cross-attention stretches a word over a silence before it; nobody says one for longer."""

_PREPENDED = "\"'“¿([{-"
_APPENDED = "\"'.。,，!！?？:：”)]}、"


class Doubt(IntEnum):
    """What is wrong with a look, worst last. A look in doubt is repeated in another way.

    UNSURE: guessed; REPLAYED: says something twice, once in no time, and LOOPED: says the same over and over
    (`core.guards` cuts both); LEAKED: says what it was told to write like, so it never counts.
    """

    NONE = 0
    UNSURE = 1
    REPLAYED = 2
    LOOPED = 3
    LEAKED = 4


WORTH_WIDE = Doubt.LOOPED
"""From here on a look is heard again in whisper's whole context, at five times the price: little of it can be used."""


@dataclass(frozen=True, slots=True)
class _Decoded:
    tokens: list[int] = field(repr=False)
    text: str = field(repr=False)
    no_speech_probability: float
    score: float
    broken_off: bool = False
    sentences: tuple[Sentence, ...] = ()
    complete: float | None = None
    words: tuple[HeardWord, ...] = ()
    doubt: Doubt = Doubt.NONE

    @property
    def is_good(self) -> bool:
        return self.doubt is Doubt.NONE and not self.broken_off


@dataclass(frozen=True, slots=True)
class _Tongue:
    """What the engine needs of one language."""

    tokenizer: Tokenizer
    style: str
    tokens_per_s: int


class WhisperEngine(SpeechEngine):
    """ports.SpeechEngine over a loaded faster-whisper model."""

    def __init__(self, model: Any, *, name: str, batch: int = 1) -> None:
        self.name = name
        self._model = model
        self.parallel = int(model.model.num_workers)
        self.batch = batch
        self.languages = tuple(sorted(LANGUAGE_CODES)) if model.model.is_multilingual else (DEFAULT,)
        self._tongues: dict[str, _Tongue] = {}

    def _tongue(self, language: str) -> _Tongue:
        """Return what is needed of a language; English for one that another model knew when the visit was opened."""
        language = language if language in self.languages else DEFAULT
        if language not in self._tongues:
            tokenizer = Tokenizer(
                self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe", language=language
            )
            most = TOKENS_PER_S if language == DEFAULT else FOREIGN_TOKENS_PER_S
            self._tongues[language] = _Tongue(tokenizer, STYLE.get(language, ""), most)
        return self._tongues[language]

    def detect_language(self, samples: Samples) -> tuple[str, float]:
        """Return the language of some seconds of speech (n,), and how probable it is. Blocks for a look's time."""
        if len(self.languages) == 1:
            return self.languages[0], 1.0
        (found,) = self._model.model.detect_language(self._encode(samples, padded=False))
        token, probability = found[0]
        return token.strip("<|>"), float(probability)

    def transcribe(self, samples: Samples, request: LookRequest) -> Hypothesis:
        """Return what is said in `samples` (n,). Blocks for a tenth of its length.

        Where the outcome is in doubt it looks again without a prompt, and where it is useless with whisper's whole
        context; the least doubtful counts.
        """
        return _hypothesis(self._hear(samples, request), samples, request)

    def transcribe_batch(self, looks: Sequence[tuple[Samples, LookRequest]]) -> list[Hypothesis]:
        """Return what is said in each of `looks`, heard in one call; only those in doubt are heard again, alone."""
        if len(looks) < 2:
            return [self.transcribe(samples, request) for samples, request in looks]
        return [
            _hypothesis(heard, samples, request) if heard.is_good else self.transcribe(samples, request)
            for heard, (samples, request) in zip(self._judged_together(looks), looks, strict=True)
        ]

    def _judged_together(self, looks: Sequence[tuple[Samples, LookRequest]]) -> list[_Decoded]:
        """Hear all looks at once, the shorter with more silence behind them."""
        sounds, (_, asked) = [samples for samples, _ in looks], looks[0]
        longest = max(len(sound) for sound in sounds)
        features = [self._features(np.pad(sound, (0, longest - len(sound))), asked.padded) for sound in sounds]
        encoded = self._model.encode(np.stack(features))
        tongue = self._tongue(asked.language)
        prompts = _of_one_length([self._prompt(request) for _, request in looks], tongue)
        found = self._generate(encoded, prompts, seconds(longest), asked)
        frames = [_frames(len(sound)) for sound in sounds]
        aligned = self._model.find_alignment(tongue.tokenizer, [f.tokens for f in found], encoded, frames)
        judged = []
        for one, placed, prompt, (_, request) in zip(found, aligned, prompts, looks, strict=True):
            words = tuple(_placed(word, request.start) for word in _whole(_with_punctuation(placed)))
            judged.append(replace(one, words=words, doubt=self._doubt(one, words, tongue.style if prompt else "")))
        return judged

    def weigh(self, samples: Samples, request: LookRequest, texts: Sequence[str]) -> tuple[float, ...]:
        """Return the log probability of each text for `samples`, its tokens forced one after the other. Blocks."""
        encoded = self._encode(samples, request.padded)
        tokenizer, frames = self._tongue(request.language).tokenizer, _frames(len(samples))
        return tuple(self._forced(encoded, tokenizer, text, frames) for text in texts)

    def _forced(self, encoded: Any, tokenizer: Tokenizer, text: str, frames: int) -> float:
        tokens = tokenizer.encode(" " + text.strip())
        (found,) = self._model.model.align(encoded, tokenizer.sot_sequence, [tokens], [frames])
        return sum(log(max(p, LEAST_PROBABILITY)) for p in found.text_token_probs)

    def _hear(self, samples: Samples, request: LookRequest) -> _Decoded:
        encoded = self._encode(samples, request.padded)
        best = self._judged(encoded, self._prompt(request), samples, request)
        # Without its names, a look that was told names would be the one that was taken before.
        if best.doubt is Doubt.NONE or request.terms:
            return best
        best = min(self._judged(encoded, [], samples, request), best, key=_doubt_of)
        if best.doubt < WORTH_WIDE or request.padded:
            return best
        return min(self._judged(self._encode(samples, padded=True), [], samples, request), best, key=_doubt_of)

    def _judged(self, encoded: Any, prompt: list[int], samples: Samples, request: LookRequest) -> _Decoded:
        found = self._aligned(encoded, prompt, samples, request)
        if found.broken_off and found.doubt in (Doubt.NONE, Doubt.UNSURE):
            found = self._aligned(encoded, prompt, samples, request, room=ROOM_FOR_FAST)
        if found.doubt not in (Doubt.REPLAYED, Doubt.LOOPED):
            return found
        once = self._said_once(encoded, found, samples, request)
        return once if once.doubt is Doubt.NONE else found

    def _aligned(
        self, encoded: Any, prompt: list[int], samples: Samples, request: LookRequest, *, room: int = 1
    ) -> _Decoded:
        found = self._decode(encoded, prompt, room * seconds(len(samples)), request)
        words = self._align(encoded, found.tokens, len(samples), request)
        style = self._tongue(request.language).style if prompt and not request.padded else ""
        return replace(found, words=words, doubt=self._doubt(found, words, style))

    def _said_once(self, encoded: Any, found: _Decoded, samples: Samples, request: LookRequest) -> _Decoded:
        """Return a look without its replay, aligned anew: cheaper than to decode again, and as good."""
        kept = without_replay(found.words)
        if len(kept) == len(found.words):
            return found
        text = " ".join(w.text for w in kept)
        tongue = self._tongue(request.language)
        tokens = tongue.tokenizer.encode(" " + text)
        once = replace(found, tokens=tokens, text=text, broken_off=False, sentences=(), complete=None)
        words = self._align(encoded, tokens, len(samples), request)
        if sum(w.probability for w in words) < SAID_ONCE * len(words):
            return found
        return replace(once, words=words, doubt=self._doubt(once, words, tongue.style))

    def _doubt(self, found: _Decoded, words: Sequence[HeardWord], style: str) -> Doubt:
        if leaks(words, style):
            return Doubt.LEAKED
        if compression_ratio(found.text) > LOOPING:
            return Doubt.LOOPED
        if len(without_unlikely(without_timeless(words))) < len(words):
            return Doubt.REPLAYED
        return Doubt.UNSURE if found.score < LEAST_SCORE else Doubt.NONE

    def _encode(self, samples: Samples, padded: bool) -> Any:
        return self._model.encode(self._features(samples, padded))

    def _features(self, samples: Samples, padded: bool) -> NDArray[np.float32]:
        # What fills the whole context has no margin: whisper leaves a broken end to the next look (core/again.py).
        margin = np.zeros(int(max(0.0, min(MARGIN_S, CONTEXT_S - seconds(len(samples)))) * SAMPLE_RATE_HZ), np.float32)
        features: NDArray[np.float32] = self._model.feature_extractor(np.concatenate([samples, margin]))
        # An even number of frames: the encoder's second convolution halves them.
        frames = features.shape[-1] // 2 * 2
        return np.asarray(pad_or_trim(features) if padded else features[..., : min(frames, 3000)], np.float32)

    def _decode(self, encoded: Any, prompt: list[int], length: float, asked: LookRequest) -> _Decoded:
        return self._generate(encoded, [prompt], length, asked)[0]

    def _generate(
        self, encoded: Any, prompts: Sequence[list[int]], length: float, asked: LookRequest
    ) -> list[_Decoded]:
        """Decode each row of `encoded`; the prompts must be of one length."""
        # Timestamps are asked for though nobody reads them: without, whisper skips turns of a lively talk (7.3 % word
        # errors against 4.8 % on two minutes of a sample, base).
        tongue = self._tongue(asked.language)
        tokens = [[*prompt, *tongue.tokenizer.sot_sequence] for prompt in prompts]
        most = int(FEWEST_TOKENS + length * tongue.tokens_per_s)
        results = self._model.model.generate(
            encoded,
            tokens,
            beam_size=max(1, asked.beam),
            # CTranslate2 takes half of this, or what the prompt leaves of it, whichever is less.
            max_length=min(most + max(most, len(tokens[0])), self._model.max_length),
            return_no_speech_prob=True,
            return_scores=True,
            suppress_blank=True,
            suppress_tokens=[-1],
        )
        return [_decoded(result, tongue.tokenizer, most, in_sentences=asked.padded) for result in results]

    def _prompt(self, request: LookRequest) -> list[int]:
        tongue, before = self._tongue(request.language), request.prompt.strip()
        tokenizer = tongue.tokenizer
        if request.terms:
            # The names alone: behind style and what was said they were heard less often (docs/vocabulary.md).
            told = tokenizer.encode(f" {', '.join(request.terms)}.")
            return [tokenizer.sot_prev, *told[:TERM_TOKENS]]
        if request.padded:
            return told_of(request.before, tokenizer)
        style = tokenizer.encode(" " + tongue.style) if tongue.style else []
        said = tokenizer.encode(" " + before)[-PROMPT_TOKENS:] if before else []
        return [tokenizer.sot_prev, *style, *said] if style or said else []

    def _align(self, encoded: Any, tokens: list[int], count: int, request: LookRequest) -> tuple[HeardWord, ...]:
        if not tokens:
            return ()
        tokenizer = self._tongue(request.language).tokenizer
        (found,) = self._model.find_alignment(tokenizer, [tokens], encoded, _frames(count))
        return tuple(_placed(word, request.start) for word in _whole(_with_punctuation(found)))


def _decoded(result: Any, tokenizer: Tokenizer, most: int, *, in_sentences: bool = False) -> _Decoded:
    found, broken_off = result.sequences_ids[0], len(result.sequences_ids[0]) >= most
    written, sentences, complete = sentences_of(found, tokenizer) if in_sentences else (found, (), None)
    said = [token for token in written if token < tokenizer.eot]
    text = tokenizer.decode(said).strip()
    return _Decoded(said, text, result.no_speech_prob, result.scores[0], broken_off, sentences, complete)


def _of_one_length(prompts: Sequence[list[int]], tongue: _Tongue) -> list[list[int]]:
    """Return prompts that CTranslate2 takes together: the shorter with more of the style before them."""
    if len({len(prompt) for prompt in prompts}) == 1:
        return list(prompts)
    style = tongue.tokenizer.encode(" " + tongue.style) if tongue.style else []
    if not style:
        return [[] for _ in prompts]
    longest = max(len(prompt) for prompt in prompts)
    more = style * (longest // len(style) + 1)
    return [[p[0], *more[len(more) - (longest - len(p)) :], *p[1:]] for p in prompts]


def _hypothesis(heard: _Decoded, samples: Samples, request: LookRequest) -> Hypothesis:
    return Hypothesis(
        start=request.start,
        end=request.start + seconds(len(samples)),
        words=heard.words,
        no_speech_probability=heard.no_speech_probability,
        compression_ratio=compression_ratio(heard.text),
        sentences=heard.sentences,
        complete=None if heard.complete is None else request.start + heard.complete,
    )


def _frames(count: int) -> int:
    """Return the frames of features that so many samples have, an even number."""
    return max(2, int(seconds(count) * MEL_FRAMES_PER_S) // 2 * 2)


def _doubt_of(heard: _Decoded) -> Doubt:
    return heard.doubt


def _placed(word: dict[str, Any], start: float) -> HeardWord:
    begin, end = float(word["start"]), float(word["end"])
    return HeardWord(
        text=word["word"].strip(),
        start=start + max(begin, end - MAX_WORD_S),
        end=start + end,
        probability=min(1.0, float(word["probability"])),
    )


def _whole(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return whole words: what begins without a space goes on the word before ("x" and "-ray")."""
    words: list[dict[str, Any]] = []
    for word in found:
        if words and not word["word"].startswith(" "):
            last = words[-1]
            probability = min(last["probability"], word["probability"])
            words[-1] = {**last, "word": last["word"] + word["word"], "end": word["end"], "probability": probability}
        elif word["word"].strip():
            words.append(word)
    return words


def _with_punctuation(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the words with the signs that belong to them, as faster-whisper joins them."""
    from faster_whisper.transcribe import merge_punctuations

    merge_punctuations(found, _PREPENDED, _APPENDED)
    return [word for word in found if word["word"]]


def leaks(words: Sequence[HeardWord], style: str) -> bool:
    """Return whether two words in a row of `style` stand among `words`, heard too badly to have been said."""
    told = [match_key(word) for word in style.split()]
    pairs = set(pairwise(told))
    return any(
        (match_key(a.text), match_key(b.text)) in pairs and min(a.probability, b.probability) < LEAK_PROBABILITY
        for a, b in pairwise(words)
    )


def compression_ratio(text: str) -> float:
    """Return how well zlib shrinks the text: above 2.4 it repeats itself (Radford et al. 2022, section 4.5)."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 1.0
