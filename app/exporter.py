"""prometheus-flask-exporter beside our own figures: the names that dashboards for Flask services ask for.

It counts every endpoint but the hot one: polls and pictures come a thousand times as often as all the rest, and our
own hook counts those for a third of the cost (`python -m bench.instrumentation`).
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, request
from prometheus_client import CollectorRegistry
from prometheus_flask_exporter import PrometheusMetrics

HOT = "images.show"
UNMATCHED = "unmatched"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10)  # few: each is a series for every endpoint, method and status


class Exporter:
    """Counts into `registry`, which somebody else shows.

    The package hangs three hooks around all requests of an application. This object takes them in the application's
    place and calls them for the requests that shall be counted; the others do not even pay for the question.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.count: Callable[[Response], Response]
        self.break_down: Callable[[BaseException], None]
        Unversioned(None, path=None, group_by=endpoint, buckets=SECONDS, registry=registry).init_app(self)

    def before_request(self, hook: Callable[[], None]) -> None:
        """Not needed: it looks at the clock, as whoever calls `answered` has done."""

    def after_request(self, hook: Callable[[Response], Response]) -> None:
        self.count = hook

    def teardown_request(self, hook: Callable[[BaseException], None]) -> None:
        self.break_down = hook

    def register(self, app: Flask) -> None:
        """Count the exceptions that nobody handles in `app`."""
        app.teardown_request(self.ended)

    def answered(self, asked: Request, response: Response, began: float) -> None:
        """The present request is answered; `began` is of `time.perf_counter`."""
        if not is_spared(asked):
            asked.prom_start_time = began  # type: ignore[attr-defined]  # where the package looks for it
            self.count(response)

    def ended(self, error: BaseException | None) -> None:
        if error is not None and not is_spared(request):
            self.break_down(error)


class Unversioned(PrometheusMetrics):  # type: ignore[misc]  # it carries no types
    def info(self, *_: Any, **__: Any) -> None:
        """Tell no version: as a plain gauge it would stay for every worker that ever was, under its pid."""


def is_spared(asked: Request) -> bool:
    """Whether this request is counted by our own hook alone; made-up methods would be labels without end."""
    return asked.endpoint == HOT or asked.method not in METHODS


def endpoint(asked: Request) -> str:
    """The label, named after this function; never the path, which holds addresses."""
    return asked.endpoint or UNMATCHED
