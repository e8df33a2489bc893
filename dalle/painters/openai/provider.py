"""Builds everything that belongs to the provider and tells health about it."""

import hashlib
import time
from collections.abc import Callable, Mapping
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
    *,
    api_key: str,
    base_url: str = "https://api.openai.com/v1",
    image_model: str = "gpt-image-2",
    fallback_models: tuple[str, ...] = (),
    image_quality: str = "",
    image_size: str = "",
    image_style: str = "",
    image_moderation: str = "",
    image_format: str = "",
    image_params: Mapping[str, Any] | None = None,
    image_timeout: float = 300.0,
    download_timeout: float = 60.0,
    connect_timeout: float = 5.0,
    image_attempts: int = 3,
    repeat_unknown: bool = False,
    chat_model: str = "gpt-5-mini",
    chat_seed: int = 1337,
    chat_temperature: float = 0.2,
    enhance_timeout: float = 60.0,
    prices: Path | None = None,
    daily_images: int = 0,
    daily_budget: float = 0.0,
    images_per_minute: float = 0.0,
    breaker_failures: int = 5,
    breaker_pause: float = 30.0,
    breaker_probes: int = 1,
    breaker_successes: int = 2,
    observer: Observer | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    backoff: float = 1.0,
) -> Provider:
    """Compose the provider; `folder` is `<data>/provider`. Nothing is imported, sent or started by this.

    Names and units are those of the settings. Raises ValueError for a price file that is not one.
    """
    observer = observer or Observer()
    identity = hashlib.sha256("\n".join((api_key, base_url, image_model)).encode()).hexdigest()[:16]
    client = Client(api_key=api_key, base_url=base_url, connect=connect_timeout)
    calls = Calls(
        secret=api_key,
        observer=observer,
        attempts=image_attempts,
        repeat_unknown=repeat_unknown,
        backoff=backoff,
        sleep=sleep,
    )
    table = Prices(prices)
    watch = ModelWatch(
        folder / "models.json",
        models=(image_model, *fallback_models),
        client=client,
        calls=calls,
        identity=identity,
        clock=clock,
    )
    breaker = Breaker(
        folder / "breaker.json",
        failures=breaker_failures,
        pause=breaker_pause,
        probes=breaker_probes,
        successes=breaker_successes,
        identity=identity,
        observer=observer,
        clock=clock,
    )
    budget = Budget(folder / "budget.json", images=daily_images, usd=daily_budget, clock=clock)
    painter = OpenAIPainter(
        client=client,
        calls=calls,
        watch=watch,
        breaker=breaker,
        budget=budget,
        pacing=Pacing(folder / "pace.json", per_minute=images_per_minute, sleep=sleep),
        prices=table,
        choices=Choices(
            image_size, image_quality, image_style, image_moderation, image_format, dict(image_params or {})
        ),
        observer=observer,
        timeout=image_timeout,
        download_timeout=download_timeout,
    )
    writer = Writer(
        client=client,
        calls=calls,
        breaker=breaker,
        budget=budget,
        prices=table,
        observer=observer,
        model=chat_model,
        seed=chat_seed,
        temperature=chat_temperature,
        timeout=enhance_timeout,
        price=painter.price,
    )
    return Provider(painter, writer, breaker, budget, watch, identity, bool(api_key))
