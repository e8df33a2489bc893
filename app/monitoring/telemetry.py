"""Watches one application: counts every request and event, logs requests, and remembers errors."""

import time

from flask import Request, Response, g, has_request_context, request

import dalle
from app.config import Config
from app.monitoring import access_log, metrics, multiprocess
from app.monitoring.exposition import Exposition
from app.monitoring.flask_exporter import UNMATCHED, Exporter
from app.monitoring.incidents import Incident, Incidents
from app.monitoring.metrics import Metrics
from app.monitoring.state import ServiceState
from dalle.events import Observer
from dalle.key import ADDRESS, SERIES, Key


class Telemetry(Observer):
    """Metrics, incidents and state of one service; give `observers` to its studio."""

    def __init__(self, config: Config) -> None:
        folder = multiprocess.enter()
        started = multiprocess.started(folder) if folder else time.time()
        self.state = ServiceState(config, folder, started)
        self.metrics = Metrics()
        self.exposition = Exposition(
            self.metrics, version=dalle.__version__, started=started, read=self.state.reading, folder=folder
        )
        self.incidents = Incidents(folder)
        self.exporter = Exporter(self.metrics.registry)
        self.observers: tuple[Observer, ...] = (self.metrics, self)

    def request_answered(self, current: Request, response: Response, began: float) -> None:
        """Counts and logs the current request, and records its error. `began` is of `time.perf_counter`."""
        seconds = time.perf_counter() - began
        endpoint, status = current.endpoint or UNMATCHED, response.status_code
        self.metrics.answered(endpoint, current.method, status, seconds)
        self.exporter.answered(endpoint, current.method, status, seconds)
        if status >= 400:
            self.record_error(response, endpoint)
        access_log.answered(current, response, seconds, quiet=access_log.is_quiet(response, endpoint))

    def record_error(self, response: Response, endpoint: str) -> None:
        """Counts an error response, and remembers it unless it reports bad health.

        Load balancers ask for health every few seconds: those answers would displace the incidents that explain them.
        """
        fallback = "INTERNAL_SERVER_ERROR" if response.status_code >= 500 else "INVALID_REQUEST"
        code = g.get("error_code", fallback)
        self.metrics.failed(code, endpoint)
        if endpoint == "ops.health" and response.status_code == 503:
            return
        self.incidents.record(
            Incident(
                time=time.time(),
                code=code,
                endpoint=endpoint,
                status=response.status_code,
                request_id=g.get("request_id", ""),
                key=requested_key(),
                details=g.get("error_details", ""),
            )
        )

    def run_queued(self) -> None:
        if has_request_context():
            g.started_run = True

    def run_failed(self, key: Key, request_id: str, code: str, error: str) -> None:
        self.incidents.record(
            Incident(
                time=time.time(),
                code=code,
                endpoint=metrics.GENERATION,
                status=200,
                request_id=request_id,
                key=f"{key.series}/{key.address}",
                details=error,
            )
        )


def requested_key() -> str:
    """Returns `<series>/<address>` of the current request; empty unless it looks like a key."""
    series, _, address = (request.view_args or {}).get("rest", "").lower().removesuffix(".png").partition("/")
    return f"{series}/{address}" if SERIES.fullmatch(series) and ADDRESS.fullmatch(address) else ""
