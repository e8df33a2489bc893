"""prometheus-flask-exporter beside our own figures: the names that dashboards for Flask services ask for.

It counts every endpoint but the hot one: polls and pictures come a thousand times as often as all the rest, and our
own hook counts those for a third of the cost (`python -m bench.instrumentation`).
"""

from collections.abc import Callable
from typing import Any

from flask import Request
from prometheus_client import CollectorRegistry
from prometheus_flask_exporter import PrometheusMetrics

HOT = "images.show"
UNMATCHED = "unmatched"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10)  # few: each is a series for every endpoint, method and status


class Exporter:
    """Counts into `registry`, which somebody else shows.

    The package makes the families, and would hang three hooks around all requests of an application, which look each
    counter up by its labels again for every request: that takes three times as long as counting. This object takes
    the hooks in the application's place, drops them, and counts when our own hooks tell it to.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        made = Families(registry)
        Unversioned(None, path=None, group_by="endpoint", buckets=SECONDS, registry=made).init_app(self)
        self.total = made.by_name["flask_http_request"]
        self.duration = made.by_name["flask_http_request_duration_seconds"]
        self.exceptions = made.by_name["flask_http_request_exceptions"]
        self.children: dict[tuple[str, str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}

    def before_request(self, hook: object) -> None:
        """Dropped."""

    after_request = teardown_request = before_request

    def answered(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """A request was answered; those of the hot endpoint and made-up methods are not counted here."""
        found = self.children.get((endpoint, method, status))
        if found is None:
            if is_spared(endpoint, method):
                return
            total = self.total.labels(method=method, status=status)
            duration = self.duration.labels(method=method, status=status, endpoint=endpoint)
            found = self.children[endpoint, method, status] = total.inc, duration.observe
        count, observe = found
        count()
        observe(seconds)

    def failed(self, asked: Request) -> None:
        """Nobody handled the error of a request."""
        if not is_spared(asked.endpoint, asked.method):
            self.exceptions.labels(method=asked.method, status=500).inc()


class Families:
    """Hands collectors on to a registry and keeps them by name."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.by_name: dict[str, Any] = {}

    def register(self, collector: Any) -> None:
        self.registry.register(collector)
        self.by_name[collector.describe()[0].name] = collector


class Unversioned(PrometheusMetrics):  # type: ignore[misc]  # it carries no types
    def info(self, *_: Any, **__: Any) -> None:
        """Tell no version: as a plain gauge it would stay for every worker that ever was, under its pid."""


def is_spared(endpoint: str | None, method: str) -> bool:
    """Whether this request is counted by our own hook alone; made-up methods would be labels without end."""
    return endpoint == HOT or method not in METHODS
