"""Builds everything that belongs to the provider and tells health about it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dalle.events import Observer
from dalle.limits.breaker import Breaker
from dalle.limits.budget import Budget
from dalle.limits.pacing import Pacing
from dalle.limits.prices import Prices
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client
from dalle.painters.openai.models import ModelWatch
from dalle.painters.openai.painter import OpenAIPainter
from dalle.painters.openai.parameters import Choices
from dalle.painters.openai.settings import ProviderSettings
from dalle.painters.openai.writer import Writer


@dataclass(frozen=True, slots=True)
class Provider:
    """The parts, and `identity`: it changes with key, base URL or model, and then earlier failures mean nothing."""

    painter: OpenAIPainter
    writer: Writer
    breaker: Breaker
    budget: Budget
    watch: ModelWatch
    identity: str
    key_set: bool

    def start(self) -> None:
        """Start the model watch in the background; call it in the worker, after the fork."""
        if self.key_set:
            self.watch.start()

    def status(self) -> dict[str, Any]:
        """For health and metrics: what all workers know.

        key_set, state (CLOSED, HALF_OPEN, OPEN), reason ("", failures, key, quota), failures (in a row), opened (how
        often), last_failure (Unix seconds; 0: never), last_code, retry_after (seconds), budget (`Budget.left`),
        models (`ModelWatch.status`).
        """
        record = self.breaker.read()
        return {
            "key_set": self.key_set,
            **{name: record[name] for name in ("state", "reason", "failures", "opened", "last_failure", "last_code")},
            "retry_after": max(0.0, record["until"] - time.time()) if record["state"] == "OPEN" else 0.0,
            "budget": self.budget.left(),
            "models": self.watch.status(),
        }


def build(
    folder: Path,
    settings: ProviderSettings,
    *,
    observer: Observer | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    backoff: float = 1.0,
) -> Provider:
    """Compose the provider; `folder` is `<data>/provider`. Nothing is imported, sent or started by this.

    Raises ValueError for a price file that is not one.
    """
    observer = observer or Observer()
    client = Client(api_key=settings.api_key, base_url=settings.base_url, connect=settings.connect_timeout)
    calls = Calls(
        secret=settings.api_key,
        observer=observer,
        attempts=settings.image_attempts,
        repeat_unknown=settings.repeat_unknown,
        backoff=backoff,
        sleep=sleep,
    )
    table = Prices(settings.prices)
    watch = ModelWatch(
        folder / "models.json",
        models=(settings.image_model, *settings.fallback_models),
        client=client,
        calls=calls,
        identity=settings.identity,
        clock=clock,
    )
    breaker = Breaker(
        folder / "breaker.json",
        failures=settings.breaker_failures,
        pause=settings.breaker_pause,
        probes=settings.breaker_probes,
        successes=settings.breaker_successes,
        identity=settings.identity,
        observer=observer,
        clock=clock,
    )
    budget = Budget(folder / "budget.json", images=settings.daily_images, usd=settings.daily_budget, clock=clock)
    painter = OpenAIPainter(
        client=client,
        calls=calls,
        watch=watch,
        breaker=breaker,
        budget=budget,
        pacing=Pacing(folder / "pace.json", per_minute=settings.images_per_minute, sleep=sleep),
        prices=table,
        choices=Choices(
            settings.image_size,
            settings.image_quality,
            settings.image_style,
            settings.image_moderation,
            settings.image_format,
            dict(settings.image_params),
        ),
        observer=observer,
        timeout=settings.image_timeout,
        download_timeout=settings.download_timeout,
    )
    writer = Writer(
        client=client,
        calls=calls,
        breaker=breaker,
        budget=budget,
        prices=table,
        observer=observer,
        model=settings.chat_model,
        seed=settings.chat_seed,
        temperature=settings.chat_temperature,
        timeout=settings.enhance_timeout,
        price=painter.price,
    )
    return Provider(painter, writer, breaker, budget, watch, settings.identity, bool(settings.api_key))
