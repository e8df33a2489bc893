"""Composes the parts of the paid provider, and returns its state."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from dalle.events import Observer
from dalle.key import Key
from dalle.limits.breaker import Breaker, BreakerSettings
from dalle.limits.budget import Budget
from dalle.limits.limits import Limits
from dalle.limits.pacing import Pacing
from dalle.limits.prices import Prices
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client
from dalle.painters.openai.finisher import OpenAIFinisher
from dalle.painters.openai.models import ModelWatch
from dalle.painters.openai.painter import OpenAIPainter
from dalle.painters.openai.settings import ProviderSettings
from dalle.painters.openai.tasks import Tasks
from dalle.painters.openai.writer import OpenAIWriter
from dalle.storage.protocol import Storage
from dalle.webhooks.alarms import Alarms


@dataclass(frozen=True, slots=True)
class Provider:
    """The parts of a paid provider."""

    painter: OpenAIPainter
    finisher: OpenAIFinisher
    writer: OpenAIWriter
    limits: Limits
    watch: ModelWatch
    key_set: bool
    clock: Callable[[], float] = time.time

    def start(self) -> None:
        """Start the model watch in the background; call it in the worker, after the fork."""
        if self.key_set:
            self.watch.start()

    def status(self) -> dict[str, Any]:
        """Return the state that all workers share, for health and metrics.

        key_set, state (CLOSED, HALF_OPEN, OPEN), reason ("", failures, key, quota), failures (in a row), opened (how
        often), last_failure (Unix seconds; 0: never), last_code, retry_after (seconds), budget (`Budget.left`),
        models (`ModelWatch.status`).
        """
        record = self.limits.breaker.read()
        return {
            "key_set": self.key_set,
            **{name: record[name] for name in ("state", "reason", "failures", "opened", "last_failure", "last_code")},
            "retry_after": max(0.0, record["until"] - self.clock()) if record["state"] == "OPEN" else 0.0,
            "budget": self.limits.budget.left(),
            "models": self.watch.status(),
        }


def build_provider(
    storage: Storage,
    settings: ProviderSettings,
    *,
    observer: Observer | None = None,
    alarms: Alarms | None = None,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    backoff: float = 1.0,
) -> Provider:
    """Compose the provider without importing, sending or starting anything; `clock` is the engine's by default.

    Raises ValueError for an invalid price file.
    """
    observer = observer or Observer()
    clock = clock or (lambda: storage.now_ns() / 1e9)
    client = Client(
        api_key=settings.api_key,
        base_url=settings.base_url,
        connect=settings.connect_timeout,
        hosts=settings.provider_hosts,
        scratch=storage.blobs.scratch,
    )
    calls = Calls(
        secret=settings.api_key,
        observer=observer,
        attempts=settings.image_attempts,
        repeat_unknown=settings.repeat_unknown,
        backoff=backoff,
        sleep=sleep,
    )
    limits = build_limits(storage, settings, observer, clock, sleep, alarms=alarms)
    watch = ModelWatch(storage, client, calls, settings, clock=clock)
    tasks = Tasks(client, pause=backoff, sleep=sleep)
    painter = OpenAIPainter(client, calls, watch, tasks, limits, settings)
    finisher = OpenAIFinisher(client, calls, tasks, limits, settings)
    writer = OpenAIWriter(client, calls, limits, observer, settings, price=painter.price, now_ns=storage.now_ns)
    return Provider(painter, finisher, writer, limits, watch, bool(settings.api_key), clock)


def build_limits(
    storage: Storage,
    settings: ProviderSettings,
    observer: Observer,
    clock: Callable[[], float],
    sleep: Callable[[float], None] = time.sleep,
    *,
    alarms: Alarms | None = None,
) -> Limits:
    """Compose the limits, whose documents all workers share."""
    documents = storage.documents
    return Limits(
        Breaker(
            documents,
            BreakerSettings(
                failures=settings.breaker_failures,
                pause=settings.breaker_pause,
                probes=settings.breaker_probes,
                successes=settings.breaker_successes,
                identity=settings.identity,
            ),
            is_held=partial(is_held, storage),
            observer=observer,
            alarms=alarms,
            clock=clock,
        ),
        Budget(documents, images=settings.daily_images, usd=settings.daily_budget, alarms=alarms, clock=clock),
        Pacing(documents, per_minute=settings.images_per_minute, clock=clock, sleep=sleep),
        Prices(settings.prices),
    )


def is_held(storage: Storage, holder: str) -> bool:
    """Return whether the claim that `Order.holder` names is still held."""
    series, _, rest = holder.partition("/")
    address, _, token = rest.partition("/")
    return storage.is_claimed(Key(series, address), token)
