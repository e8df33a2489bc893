"""The composition root: builds every object once and passes it down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dalle.events import Observer, Observers
from dalle.painters.openai.provider import Provider, build
from dalle.painters.openai.settings import ProviderSettings
from dalle.painters.protocol import Painter
from dalle.painters.sketch import Sketch
from dalle.runs.retry import Pauses
from dalle.studio import Studio


@dataclass(frozen=True, kw_only=True)
class StudioSettings:
    """What an operator decides about a studio. Times in seconds.

    catalog       version of the word databases; "": the data folder's, or the newest
    databases     a folder with other word databases
    lock_ttl      longest silence of a run before others take it over
    jobs          runs at once in this process; 0: others on the same data folder do the work
    queue         open runs over all workers
    provider      None: the offline artist paints
    fallback      whether the offline artist paints while the provider is away
    """

    data_dir: Path
    catalog: str = ""
    databases: Path | None = None
    lock_ttl: float = 300
    longest_run: float = 600
    jobs: int = 2
    queue: int = 200
    pauses: Pauses = field(default_factory=Pauses)
    provider: ProviderSettings | None = None
    fallback: bool = False


def open_studio(settings: StudioSettings, observers: Sequence[Observer] = ()) -> Studio:
    """Return the studio that the settings describe; `observers` see what happens in it. Nothing is started."""
    observer = Observers(observers)
    chosen = settings.provider
    provider = build(settings.data_dir / "provider", chosen, observer=observer) if chosen else None
    painter: Painter = provider.painter if provider else Sketch()
    status: Callable[[], dict[str, Any] | None] = provider.status if provider else lambda: None
    return Studio(
        settings.data_dir,
        painter=painter,
        fallback=Sketch() if provider and settings.fallback else None,
        writer=_writer(provider, chosen),
        background=provider.start if provider else lambda: None,
        provider_status=status,
        catalog_version=settings.catalog,
        databases_dir=settings.databases,
        lock_ttl=settings.lock_ttl,
        longest_run=settings.longest_run,
        jobs=settings.jobs,
        queue=settings.queue,
        pauses=settings.pauses,
        configuration=chosen.configuration if chosen else "",
        observer=observer,
    )


def _writer(provider: Provider | None, settings: ProviderSettings | None) -> Any:
    return provider.writer if provider and settings and settings.enhance else None
