"""The gauges: the state of the service at a scrape, as opposed to what it has counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

BREAKER = ("CLOSED", "HALF_OPEN", "OPEN")

Samples = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The state of the service at a scrape. None: unknown, and left out. Money in USD, times in seconds."""

    jobs: Mapping[str, int] = field(default_factory=dict)
    oldest: float | None = None
    breaker: str = "CLOSED"
    budget_left: float | None = None
    images_left: float | None = None
    webhooks: int | None = None
    workers: int = 1
    memory: int | None = None
    disk_free: int | None = None
    disk_used: float | None = None


def gauges(
    reading: Reading, *, version: str, started: float, response_seconds: Mapping[str, float]
) -> Iterator[Metric]:
    """Yields the gauges of a reading. `started` in Unix seconds; `response_seconds`: avg, min, max, 0.95, 0.99."""
    yield gauge("up", "1 while the service answers.", 1)
    yield labelled("build_info", "Version of the service.", ("version",), {(version,): 1})
    yield gauge("start_time_seconds", "When the service started, in Unix seconds.", started)
    yield gauge("workers", "Living worker processes.", reading.workers)
    yield labelled(
        "response_time_ms",
        "Response times since the start, of all workers; 0.95 and 0.99 interpolated in the histogram.",
        ("quantile",),
        {(name,): value * 1000 for name, value in response_seconds.items()},
    )
    yield labelled(
        "circuit_breaker_state",
        "1 for the state that the circuit breaker is in.",
        ("state",),
        {(state,): float(state == reading.breaker) for state in BREAKER},
    )
    yield labelled(
        "jobs", "Runs that wait or run.", ("state",), {(state,): count for state, count in reading.jobs.items()}
    )
    yield gauge("queue_depth", "Runs that wait.", reading.jobs.get("queued", 0))
    yield gauge("queue_oldest_seconds", "Age of the oldest run that waits; 0 without one.", reading.oldest)
    yield gauge("budget_left_usd", "What may still be spent today; absent without a limit.", reading.budget_left)
    yield gauge("budget_left_images", "Pictures left for today; absent without a limit.", reading.images_left)
    yield gauge("webhooks_pending", "Events that wait for their delivery; absent without a receiver.", reading.webhooks)
    yield gauge("memory_bytes", "Resident memory of the service's processes, added up.", reading.memory)
    yield gauge("disk_free_bytes", "Free space for the data folder.", reading.disk_free)
    yield gauge("disk_used_ratio", "Share of the data folder's disk that is in use.", reading.disk_used)


def gauge(name: str, sentence: str, value: float | None) -> Metric:
    family = GaugeMetricFamily(f"dalleserver_{name}", sentence)
    if value is not None:
        family.add_metric([], value)
    return family


def labelled(name: str, sentence: str, labels: tuple[str, ...], samples: Samples) -> Metric:
    family = GaugeMetricFamily(f"dalleserver_{name}", sentence, labels=labels)
    for values, value in samples.items():
        family.add_metric(values, value)
    return family
