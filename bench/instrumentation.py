"""What counting and logging cost a request, and what a scrape costs: `python -m bench.instrumentation`.

All variants answer the same 4 KB body from the same Flask route in this process, interleaved, so that a busy
machine slows all of them; the medians of the rounds are compared. Counting goes into mapped files, as it does under
gunicorn. Logging goes to /dev/null through the whole chain of filter and formatter.
"""

import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 15
REQUESTS = 1500
BODY = b'{"success":true,"data":{"x":"' + b"x" * 4000 + b'"}}'

os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp()  # before the exporter imports prometheus_client

from flask import Flask, Response, request  # noqa: E402
from prometheus_client import CollectorRegistry  # noqa: E402
from prometheus_flask_exporter import PrometheusMetrics  # noqa: E402
from werkzeug.test import EnvironBuilder  # noqa: E402

from app import logs  # noqa: E402
from app.metrics import Metrics  # noqa: E402


def bare() -> Flask:
    app = Flask(__name__, root_path=str(Path(__file__).parent))

    @app.get("/dalle/<series>/<address>")
    def show(series: str, address: str) -> Response:
        return Response(BODY, mimetype="application/json")

    return app


def hooked(counting: bool, level: int | None) -> Flask:
    """Our own hooks, as in `create_app`: counting, and the line of the request at a level."""
    app = bare()
    metrics = Metrics(version="bench", started=0)
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
        if level is not None and logs.access.isEnabledFor(level):
            logs.answered(response, seconds)
        return response

    return app


def exported() -> Flask:
    """prometheus-flask-exporter with its defaults, grouped by rule."""
    app = bare()
    PrometheusMetrics(app, path=None, group_by="url_rule", registry=CollectorRegistry())
    return app


def timed(app: Flask) -> float:
    """Microseconds a request."""
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
    handler.addFilter(logs.RequestId())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


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
    (Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]) / "lock").touch()
    sys.exit(main())
