"""Measures what counting and logging cost per request, and what a scrape costs: `python -m bench.instrumentation`.

All variants answer the same 4 KB body from the same Flask route in this process, interleaved, so that a busy
machine slows all of them; the medians of the rounds are compared. Counting goes into mapped files, as it does under
gunicorn. Logging goes to /dev/null through the whole chain of filter and formatter.

The scrape is timed over HTTP at a real service of 4 workers that have seen every endpoint, made pictures and lost
some of their number; the client's own response times are compared with those that the service reports.
"""

import http.client
import logging
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 15
REQUESTS = 1500
BODY = b'{"success":true,"data":{"x":"' + b"x" * 4000 + b'"}}'

SHARED = tempfile.TemporaryDirectory()
os.environ["PROMETHEUS_MULTIPROC_DIR"] = SHARED.name  # before the exporter imports prometheus_client
(Path(SHARED.name) / "owner").touch()

from flask import Flask, Response, request  # noqa: E402
from prometheus_client import CollectorRegistry  # noqa: E402
from prometheus_flask_exporter import PrometheusMetrics  # noqa: E402
from werkzeug.test import EnvironBuilder  # noqa: E402

from app import logs  # noqa: E402
from app.monitoring import access_log, multiprocess  # noqa: E402
from app.monitoring.metrics import Metrics  # noqa: E402
from tests.kit.service import Service  # noqa: E402


def bare() -> Flask:
    app = Flask(__name__, root_path=str(Path(__file__).parent))

    @app.get("/dalle/<series>/<address>")
    def show(series: str, address: str) -> Response:
        return Response(BODY, mimetype="application/json")

    return app


def hooked(counting: bool, level: int | None) -> Flask:
    """Returns an application with our own hooks, as in `create_app`: counting, and a log line per request."""
    app = bare()
    multiprocess.enter()
    metrics = Metrics()
    clock = time.perf_counter

    @app.before_request
    def begin() -> None:
        request.environ["dalle.began"] = clock()

    @app.after_request
    def end(response: Response) -> Response:
        seconds = clock() - request.environ["dalle.began"]
        if counting:
            rule = request.url_rule
            metrics.answered(rule.rule if rule else "unmatched", request.method, response.status_code, seconds)
        if level is not None and access_log.access.isEnabledFor(level):
            access_log.answered(request, response, seconds)
        return response

    return app


def exported() -> Flask:
    """Returns an application with prometheus-flask-exporter and its defaults, grouped by rule."""
    app = bare()
    PrometheusMetrics(app, path=None, group_by="url_rule", registry=CollectorRegistry())
    return app


def timed(app: Flask) -> float:
    """Returns microseconds per request."""
    environ = EnvironBuilder("/dalle/simple/0xf503017d7baf7fbc0fff7492b751025c6a78179b").get_environ()

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
        return lambda data: None

    began = time.perf_counter()
    for _ in range(REQUESTS):
        answer = app.wsgi_app(dict(environ), start)
        b"".join(answer)
        answer.close()  # type: ignore[attr-defined]
    return (time.perf_counter() - began) / REQUESTS * 1e6


def quiet_logging() -> None:
    handler = logging.FileHandler(os.devnull)
    handler.setFormatter(logs.Text(["a-key-to-mask"]))
    handler.addFilter(logs.RequestId(access_log.request_id))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


PATHS = (
    *("/", "/series", "/nowhere", "/dalle/simple/0x1", "/dalle/nope/0x1", "/preview", "/runs", "/health", "/errors"),
    *("/metrics", "/robots.txt", "/files/nothing", "/health?check=liveness", "/health?check=nothing"),
)
SCRAPES = 200


def share(values: list[float], of: float) -> float:
    return sorted(values)[min(int(of * len(values)), len(values) - 1)]


def fetched(service: Service, path: str, times: int) -> list[float]:
    """Returns the milliseconds of each of `times` requests over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    took = []
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", path)
        connection.getresponse().read()
        took.append((time.perf_counter() - began) * 1000)
    connection.close()
    return took


def row(name: str, took: list[float]) -> None:
    print(f"{name:48} {statistics.median(took):8.2f} {share(took, 0.95):8.2f} {share(took, 0.99):8.2f}")


def scraped() -> None:
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder), WORKERS=4) as service:
        for number in range(12):
            service.ask(f"/dalle/simple/0x{number:040x}?generate=1")
        service.wait_for(lambda: not service.ask("/runs").data["runs"], "the pictures")
        for path in PATHS:
            for _ in range(40):
                service.ask(path)
        print(f"\n{'ms over HTTP, 4 workers':48} {'median':>8} {'p95':>8} {'p99':>8}")
        row("liveness", fetched(service, "/health?check=liveness", SCRAPES))
        row(f"scrape, {len(service.client.figures())} series", fetched(service, "/metrics", SCRAPES))
        for _ in range(20):
            victim = service.workers()[0]
            os.kill(victim, signal.SIGKILL)
            service.wait_for(lambda gone=victim: gone not in service.workers(), "the death of a worker")
            service.wait_for(lambda: len(service.workers()) == 4, "its successor")
            fetched(service, "/series", 20)
        row("scrape after 20 dead workers", fetched(service, "/metrics", SCRAPES))
        row("health", fetched(service, "/health", SCRAPES))
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder), WORKERS=4) as service:
        took = [ms for _ in range(8) for ms in fetched(service, "/preview", 250)]
        row("2000 × /preview, as the client sees it", took)
        figures = service.client.figures()
        shown = [figures[f'dalleserver_response_time_ms{{quantile="{name}"}}'] for name in ("avg", "0.95", "0.99")]
        print(f"{'the same as the service reports (avg, p95, p99)':48} " + " ".join(f"{ms:8.2f}" for ms in shown))


def main() -> None:
    quiet_logging()
    variants = {
        "bare route": bare(),
        "counted": hooked(True, None),
        "counted, a poll (its line is below the level)": hooked(True, logging.DEBUG),
        "counted, with a line": hooked(True, logging.INFO),
        "prometheus-flask-exporter": exported(),
    }
    figures: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(ROUNDS):
        for name, app in variants.items():
            figures[name].append(timed(app))
    base = statistics.median(figures["bare route"])
    print(f"{'variant':48} {'µs':>8} {'more':>8}")
    for name, values in figures.items():
        median = statistics.median(values)
        print(f"{name:48} {median:8.1f} {median - base:+8.1f}")


if __name__ == "__main__":
    main()
    scraped()
