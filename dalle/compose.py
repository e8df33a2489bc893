"""The composition root: builds every object once and passes it down. Nothing is started by it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dalle import studio
from dalle.engines import open_storage
from dalle.events import Observer, Observers
from dalle.gallery.caretaker import Caretaker
from dalle.library import pinned_library
from dalle.painters.kept import KeptAnswers
from dalle.painters.protocol import Finisher, Painter
from dalle.painters.sketch import Sketch
from dalle.pictures.previous import Previous
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals, Reserved
from dalle.progress.reports import Reports
from dalle.runs.admission import Admission
from dalle.runs.cancellation import Cancellation
from dalle.runs.dispatcher import Dispatcher
from dalle.runs.finishing import Finishing
from dalle.runs.heartbeat import Heartbeat
from dalle.runs.holder import Holder
from dalle.runs.pipeline import Pipeline
from dalle.runs.recovery import Reclaim, Recovery
from dalle.runs.settings import RunSettings
from dalle.runs.texts import Texts, Writer
from dalle.runs.workers import Chores, Workers
from dalle.settings import StudioSettings
from dalle.storage.protocol import Storage
from dalle.webhooks.alarms import Alarms
from dalle.webhooks.announcer import Announcer
from dalle.words.library import Library

if TYPE_CHECKING:
    from dalle.webhooks.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Painting:
    """Who paints. `status`: what is known of a paid provider; `reclaim`: see `Recovery`; `reserved`: see `Journals`."""

    painter: Painter
    finisher: Finisher = field(default_factory=KeptAnswers)
    fallback: Painter | None = None
    writer: Writer | None = None
    background: Callable[[], None] = lambda: None
    status: Callable[[], dict[str, Any] | None] = lambda: None
    reclaim: Reclaim = lambda run_id, sent: None
    reserved: Reserved = lambda run_id: {}


class Studio(studio.Studio):
    """The studio that the settings describe, or with defaults on a data folder; `observers` see what happens in it."""

    def __init__(
        self,
        settings: StudioSettings | Path,
        observers: Sequence[Observer] = (),
        *,
        storage: Storage | None = None,
        painting: Painting | None = None,
    ) -> None:
        settings = StudioSettings(data_dir=settings) if isinstance(settings, Path) else settings
        storage = storage or open_storage(settings)
        averages = Averages(storage.documents)
        observer = Observers([*observers, averages])
        painting = painting or paint(settings, storage, observer)
        provider = settings.provider
        configuration = provider.configuration if provider else settings.runs.configuration
        runs = replace(settings.runs, configuration=configuration, announcer=Announcer(settings.webhooks))
        reports = Reports(storage, Journals(storage, runs.pauses.unknown, painting.reserved), averages)
        previous = Previous(storage)
        library = pinned_library(settings, storage)
        super().__init__(
            storage,
            library,
            painting.painter,
            Admission(
                storage, reports, previous, Cancellation(storage, reports, observer, runs.announcer), observer, runs
            ),
            reports,
            assemble_workers(settings, runs, storage, reports, observer, painting, library, previous),
            provider_status=painting.status,
        )


def assemble_workers(
    settings: StudioSettings,
    runs: RunSettings,
    storage: Storage,
    reports: Reports,
    observer: Observer,
    painting: Painting,
    library: Library,
    previous: Previous,
) -> Workers:
    """Return the threads of a process, with what they do."""
    heartbeat = Heartbeat()
    holder = Holder(storage, reports, observer, runs)
    texts = Texts(storage.blobs, library, painting.writer)
    finishing = Finishing(painting.finisher, texts.compose, runs)
    pipeline = Pipeline(storage.blobs, texts, finishing, painting.painter, painting.fallback)
    recovery = Recovery(storage, holder, reports, observer, runs, reclaim=painting.reclaim)
    delivery = deliver(settings, storage, observer)
    chores = Chores(
        everywhere=(("sweep", recovery.sweep), ("averages", reports.averages.flush)),
        working=(
            ("caretaker", Caretaker(storage, previous, observer).tend),
            *((("webhooks", delivery.work),) if delivery else ()),
        ),
        background=painting.background,
        farewell=delivery.finish if delivery else lambda: None,
    )
    dispatcher = Dispatcher(storage, holder, pipeline, heartbeat)
    return Workers(dispatcher, heartbeat, chores, runs, jobs=settings.jobs, poll=storage.poll_interval)


def deliver(settings: StudioSettings, storage: Storage, observer: Observer) -> "Delivery | None":
    """Return who sends events to the receiver; None without one."""
    if settings.webhooks is None:
        return None
    from dalle.webhooks.delivery import Delivery  # noqa: PLC0415 — part of the start, for nothing

    return Delivery(storage, settings.webhooks, observer)


def paint(settings: StudioSettings, storage: Storage, observer: Observer) -> Painting:
    """Return who paints: the provider, or without one the offline artist."""
    chosen = settings.provider
    if chosen is None:
        return Painting(Sketch())
    from dalle.painters.openai.provider import build_provider  # noqa: PLC0415 — a tenth of the start, for nothing

    alarms = Alarms(storage, settings.webhooks) if settings.webhooks else None
    provider = build_provider(storage, chosen, observer=observer, alarms=alarms)
    return Painting(
        provider.painter,
        provider.finisher,
        fallback=Sketch() if settings.fallback else None,
        writer=provider.writer if chosen.enhance else None,
        background=provider.start,
        status=provider.status,
        reclaim=provider.limits.budget.reclaim,
        reserved=provider.limits.budget.reserved,
    )
