"""Puts the parts together: the one place that knows which adapter stands behind which port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import time
from typing import Any

from live_scribe import samples, templates
from live_scribe.again import Attention
from live_scribe.asr.channels import ChannelDiarizer
from live_scribe.asr.clock import RealClock
from live_scribe.asr.diarize import Diarizer
from live_scribe.asr.scheduler import Scheduler, Urgency
from live_scribe.asr.shipped import handover_weights, packaged_vocabulary, role_weights
from live_scribe.asr.voice import SileroDetector
from live_scribe.asr.voices import VoiceEncoder
from live_scribe.audio.file import FileSource
from live_scribe.audio.microphone import MicrophoneSource
from live_scribe.audio.recorder import Recorder
from live_scribe.config import cores
from live_scribe.core import notices
from live_scribe.core.critical import Known, Names, no_names
from live_scribe.core.lexicon import Lexicon
from live_scribe.core.note import Section
from live_scribe.core.notices import Notice
from live_scribe.core.roles import RoleTracker
from live_scribe.core.rules import Rule
from live_scribe.core.states import VisitState
from live_scribe.core.visit import Visit
from live_scribe.core.vocabulary import Vocabulary
from live_scribe.core.wire import note_json
from live_scribe.core.words import Utterance
from live_scribe.drafting.checked import CheckedWriter
from live_scribe.drafting.known_words import lexicon, named
from live_scribe.drafting.llm_advisor import LanguageModelAdvisor
from live_scribe.drafting.llm_client import ChatClient, Endpoint
from live_scribe.drafting.omissions import RuleOmissions
from live_scribe.drafting.rules import RuleWriter
from live_scribe.drafting.vocabulary import vocabulary
from live_scribe.listening import Ears
from live_scribe.ports import AudioSource, Clock, NoteAdvisor, NoteWriter, OmissionFinder, SoundStore, SpeechEngine
from live_scribe.printing import OWN_FOLDER, printed_note, printed_summary, sound_shelf, summary_of, template_of
from live_scribe.render import Format
from live_scribe.rulebook import Rulebook
from live_scribe.session import VisitSession
from live_scribe.storage.accounts import open_accounts
from live_scribe.storage.keys import load_master_key
from live_scribe.storage.sqlite import open_database
from live_scribe.storage.store import VisitStore
from live_scribe.storage.terms import ListStore
from live_scribe.templates import Shelf, Template
from live_scribe.visits import Visits
from live_scribe.web.service import Parts, Service
from live_scribe.wordbook import Wordbook, open_wordbook

AUDIO_KEY = "audio"
"""What a visit's derived key for its sound is called."""


def wall_clock() -> str:
    """Return the time as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def urgency_of(visit: Visit) -> Urgency:
    """Return how urgently a visit is heard: people wait for the words of what they say now."""
    return Urgency.LIVE if visit.state in (VisitState.RECORDING, VisitState.PAUSED) else Urgency.ENDED


def people_of(visit: Visit) -> tuple[str, ...]:
    """Return whose lists a visit is heard with, besides the clinic's."""
    return (*visit.participants, visit.created_by)


def make_ears(
    engine: SpeechEngine,
    clock: Clock,
    *,
    channels: int = 1,
    vocabulary: Callable[[], Vocabulary] = packaged_vocabulary,
    rules: Callable[[], Sequence[Rule]] = tuple,
    smaller: SpeechEngine | None = None,
    again: Clock | None = None,
) -> Ears:
    """Return what one visit is heard with; `vocabulary` and `rules` are asked anew whenever it matters.

    `again`: a clock for work that nobody waits for.
    """
    return Ears(
        engine=engine,
        clock=clock,
        detector=SileroDetector(),
        roles=RoleTracker(role_weights()),
        voices=ChannelDiarizer() if channels == 2 else Diarizer(VoiceEncoder()),
        voice_detector=SileroDetector(),
        by_channel=channels == 2,
        handover=handover_weights(),
        vocabulary=vocabulary,
        rules=rules,
        smaller=smaller,
        again=again,
    )


def make_scheduler(engine: SpeechEngine) -> Scheduler:
    """Return what runs the work of all visits: as many jobs as the engine hears looks; beside a GPU one a core."""
    if engine.batch > 1:
        return Scheduler(max(engine.parallel, cores()), looks=engine.parallel)
    return Scheduler(engine.parallel)


def hears_language(engine: SpeechEngine, language: str) -> bool:
    """Return whether a model was made for a language: names that end in `.en` know English alone."""
    return language == "en" or not engine.name.endswith(".en")


def make_attention(engine: SpeechEngine, clock: Clock, template: Template | str, own: Names = no_names) -> Attention:
    """Return what a visit is heard a second time with; `own` finds the clinic's names. Raises TemplateError."""
    found = named(vocabulary(templates.load(template) if isinstance(template, str) else template))

    def names(text: str) -> tuple[str, ...]:
        return (*found(text), *own(text))

    known = Known(names=names, ordinary=packaged_vocabulary().ordinary)
    return Attention(engine=engine, clock=clock, detector=SileroDetector, known=known)


def read_right(said: Sequence[Utterance]) -> tuple[tuple[Utterance, ...], tuple[Notice, ...]]:
    """Return a written dialogue as the note writer should see it, and what was odd about it (core/notices.py)."""
    return notices.read_right(said, role_weights().doctor.log_odds)


def make_writer(visit: Visit) -> NoteWriter:
    """Return the note writer of a visit's template and patient. Raises TemplateError."""
    return writer_of(visit, templates.installed())


def writer_of(visit: Visit, shelf: Shelf) -> NoteWriter:
    """Return the note writer of a visit, by its template on this shelf."""
    sections = [s.id for s in visit.sections] or None
    writer = RuleWriter(template_of(visit, shelf), dict(visit.patient), sections)
    return CheckedWriter(writer, lexicon_of(visit, shelf))


def lexicon_of(visit: Visit, shelf: Shelf) -> Lexicon:
    """Return what the checks of a visit's note know of words, by its template on this shelf."""
    return make_lexicon(template_of(visit, shelf))


def make_lexicon(template: Template) -> Lexicon:
    """Return what the checks of a note by this template know of words."""
    return lexicon(vocabulary(template), packaged_vocabulary().ordinary)


def make_finder(visit: Visit, shelf: Shelf | None = None) -> OmissionFinder:
    """Return what finds facts that were heard and not noted in a visit. Raises TemplateError."""
    return RuleOmissions(template_of(visit, shelf or templates.installed()), visit.patient.get("sex"))


def complete_note(visit: Visit, shelf: Shelf | None = None) -> dict[str, Any]:
    """Return a visit's note as JSON, with what it lacks. Raises TemplateError."""
    return note_json(visit, make_finder(visit, shelf).find(visit))


class Advisors:
    """Makes the language model's part of each visit; with no client there is none."""

    def __init__(self, client: ChatClient | None = None, shelf: Shelf | None = None) -> None:
        self._client = client
        self._shelf = shelf or templates.installed()

    def __call__(self, visit: Visit) -> NoteAdvisor | None:
        """Return what advises on a visit. Raises TemplateError."""
        if self._client is None:
            return None
        return LanguageModelAdvisor(self._client, template_of(visit, self._shelf), visit.patient)

    @property
    def trouble(self) -> str | None:
        """What the model last failed with, null where it has answered each time."""
        return self._client.trouble if self._client else None


@asynccontextmanager
async def open_advisors(endpoint: Endpoint | None, shelf: Shelf | None = None) -> AsyncIterator[Advisors]:
    """Hold the connections to a language model. Raises ConfigError where it may not be asked."""
    if endpoint is None:
        yield Advisors()
        return
    async with ChatClient(endpoint) as client:
        yield Advisors(client, shelf)


def render_note(visit: Visit, form: Format) -> str:
    """Return a visit's note as Markdown, text or HTML. Raises TemplateError."""
    return printed_note(visit, form, templates.installed())


def find_template(name: str, shelf: Shelf | None = None) -> tuple[str, tuple[Section, ...]]:
    """Return a template's full id and its sections. Raises TemplateError."""
    template = (shelf or templates.installed()).load(name)
    return template.id, template.sections


class Workshop:
    """Makes what the service's visits need."""

    def __init__(
        self,
        store: VisitStore,
        data_dir: Path,
        engine: SpeechEngine,
        scheduler: Scheduler,
        wordbook: Wordbook,
        smaller: SpeechEngine | None = None,
        advisors: Advisors | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self._shelf = shelf or templates.installed()
        self._store = store
        self._wordbook = wordbook
        self._folder = data_dir / "audio"
        self._engine = engine
        self._scheduler = scheduler
        self._smaller = smaller
        self._advisors = advisors or Advisors()

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the speech model knows."""
        return self._engine.languages

    def ears(self, visit: Callable[[], Visit]) -> Ears:
        """Return fresh ears for a visit, which is asked for again whenever its state matters."""
        clock = RealClock(self._scheduler, lambda: urgency_of(visit()))
        smaller = self._smaller if self._smaller and hears_language(self._smaller, visit().language) else None
        return make_ears(
            self._engine,
            clock,
            channels=visit().channels,
            vocabulary=lambda: self._wordbook.vocabulary(people_of(visit())),
            rules=self._wordbook.approved,
            smaller=smaller,
            again=RealClock(self._scheduler, lambda: Urgency.AGAIN),
        )

    async def begun(self, session: VisitSession) -> None:
        """Let the lists learn from what people set right in a visit."""
        await self._wordbook.follow(session)

    def attention(self, visit: Visit) -> Attention:
        """Return what a visit is heard a second time with, when no other look waits."""
        clock = RealClock(self._scheduler, lambda: Urgency.AGAIN)
        people, template = people_of(visit), template_of(visit, self._shelf)
        return make_attention(self._engine, clock, template, lambda text: self._wordbook.names(people)(text))

    def lexicon(self, visit: Visit) -> Lexicon:
        """Return what is known of words in a visit's note."""
        return lexicon_of(visit, self._shelf)

    def writer(self, visit: Visit) -> NoteWriter:
        """Return a fresh writer for a visit."""
        return writer_of(visit, self._shelf)

    def finder(self, visit: Visit) -> OmissionFinder:
        """Return what finds facts that were heard and not noted in a visit."""
        return make_finder(visit, self._shelf)

    def advisor(self, visit: Visit) -> NoteAdvisor | None:
        """Return the language model beside a visit's writer, null where there is none."""
        return self._advisors(visit)

    @property
    def waiting(self) -> int:
        """How many looks and other jobs wait for a thread."""
        return self._scheduler.waiting

    async def sound(self, visit: Visit, opened: AsyncExitStack) -> SoundStore:
        """Open the visit's recording until `opened` closes."""
        key = await self._store.derived_key(visit.id, AUDIO_KEY)
        path = self._folder / f"{visit.id}.pcm.enc"
        return await opened.enter_async_context(Recorder.open(path, key, visit.id, visit.channels))


class Sources:
    """web.service.Sources on this computer."""

    def microphone(self, device: int | str | None, channels: int) -> AudioSource:
        """Return this computer's microphone. Raises AudioError where there is none."""
        return MicrophoneSource(device, channels)

    def sample(self, name: str, *, speed: float) -> AudioSource:
        """Return the sound of a packaged sample. Raises NotFound."""
        return FileSource(samples.named(name).audio, speed=speed)

    def upload(self, content: bytes, *, channels: int) -> AudioSource:
        """Return the sound of an uploaded recording, as fast as it can be read. Raises AudioError."""
        return FileSource(content, speed=0.0, mixed=channels == 1)


@asynccontextmanager
async def open_parts(
    data_dir: Path,
    environ: Mapping[str, str],
    engine: SpeechEngine,
    smaller: SpeechEngine | None = None,
    endpoint: Endpoint | None = None,
    shelf: Shelf | None = None,
) -> AsyncIterator[Parts]:
    """Open store, accounts and visits of a data folder. Raises StorageError, SchemaTooNew."""
    master = load_master_key(data_dir, environ)
    with make_scheduler(engine) as scheduler:
        async with (
            open_database(data_dir) as database,
            open_accounts(database, now=time) as accounts,
            open_advisors(endpoint, shelf) as advisors,
        ):
            store = VisitStore(database, master)
            await store.prepare()
            lists = ListStore(database, master)
            async with open_wordbook(lists, store, wall_clock, packaged_vocabulary()) as wordbook:
                workshop = Workshop(store, data_dir, engine, scheduler, wordbook, smaller, advisors, shelf)
                async with Visits(store, workshop, wall_clock) as visits:
                    yield Parts(visits=visits, accounts=accounts, wordbook=wordbook, rulebook=Rulebook(wordbook, store))


def build_service(
    data_dir: Path,
    environ: Mapping[str, str],
    engine: SpeechEngine,
    smaller: SpeechEngine | None = None,
    endpoint: Endpoint | None = None,
    own_templates: Path | None = None,
) -> Service:
    """Return the service on a data folder, ready for `web.app.create_app`. `smaller` hears where `engine` cannot.

    `endpoint`: the language model that drafts beside the built-in writer. `own_templates`: the clinic's own, where they
    are not in the data folder; those with mistakes are left out.
    """
    shelf = sound_shelf(own_templates or data_dir / OWN_FOLDER)
    return Service(
        parts=partial(open_parts, data_dir, environ, engine, smaller, endpoint, shelf),
        sources=Sources(),
        samples=samples.listed(),
        template=partial(find_template, shelf=shelf),
        templates=shelf.listed,
        render=partial(printed_note, shelf=shelf),
        summary=partial(summary_of, shelf=shelf),
        render_summary=partial(printed_summary, shelf=shelf),
        static=Path(__file__).parent / "web" / "static",
    )
