"""prometheus-flask-exporter beside our own metrics: the names that dashboards for Flask services expect.

It counts every endpoint except the hot one: polls and pictures are a thousand times as frequent as the rest, and our
own metrics count them at a third of the cost (`python -m bench.instrumentation`).
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
    """Counts into `registry`, which exports our own metrics too.

    The package declares the families. It would also add three hooks around all requests, which look up each counter by
    its labels for every request: that takes three times as long as counting. This object poses as the application,
    drops those hooks, and is called by our own.
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
        """Counts a request, unless it is one of the hot endpoint or with an invented method."""
        child = self.children.get((endpoint, method, status))
        if child is None:
            if is_spared(endpoint, method):
                return
            total = self.total.labels(method=method, status=status)
            duration = self.duration.labels(method=method, status=status, endpoint=endpoint)
            child = self.children[endpoint, method, status] = total.inc, duration.observe
        count, observe = child
        count()
        observe(seconds)

    def failed(self, current: Request) -> None:
        """Counts a request whose exception was not handled."""
        if not is_spared(current.endpoint, current.method):
            self.exceptions.labels(method=current.method, status=500).inc()


class Families:
    """Passes collectors on to a registry and keeps them by name."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.by_name: dict[str, Any] = {}

    def register(self, collector: Any) -> None:
        self.registry.register(collector)
        self.by_name[collector.describe()[0].name] = collector


class Unversioned(PrometheusMetrics):  # type: ignore[misc]  # it carries no types
    def info(self, *_: Any, **__: Any) -> None:
        """Declares no version: as a plain gauge it would remain for every dead worker, under its pid."""


def is_spared(endpoint: str | None, method: str) -> bool:
    """Returns whether only our own metrics count this request; invented methods would be unlimited labels."""
    return endpoint == HOT or method not in METHODS
