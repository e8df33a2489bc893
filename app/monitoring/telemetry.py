"""What is noticed of the service: every request and every event is counted, logged, and remembered if it went wrong.

One object for each application: the observer of its studio, and of its requests.
"""

import os
import time
from functools import partial
from typing import Any

from flask import Request, Response, g, has_request_context, request

import dalle
from app.config import Config
from app.monitoring import access_log, health, metrics, resources
from app.monitoring import multiprocess as tally
from app.monitoring.flask_exporter import UNMATCHED, Exporter
from app.monitoring.gauges import Reading
from app.monitoring.health import Health
from app.monitoring.incidents import Incident, Incidents
from app.monitoring.metrics import Metrics
from app.web import replies
from dalle.key import ADDRESS, SERIES, Key
from dalle.studio import Studio

MONITORING = frozenset({"ops.health", "ops.metrics", "ops.errors", "gallery.runs"})


class Telemetry(Metrics):
    """Counts, and knows the last errors and the state of the service besides. `watch` comes before the first scrape."""

    def __init__(self, config: Config) -> None:
        super().__init__(version=dalle.__version__, started=time.time(), read=self.reading)
        self.config = config
        self.incidents = Incidents(self.folder)
        self.exporter = Exporter(self.registry)
        self.studio: Studio | None = None
        self.health = Health({}, version=self.version, started=self.started)

    def watch(self, studio: Studio) -> None:
        """Look after this studio and its folder."""
        self.studio = studio
        folder = studio.store.root
        limits = {"degraded": self.config.degraded_percent, "unhealthy": self.config.unhealthy_percent}
        self.health = Health(
            {
                "filesystem": partial(
                    health.filesystem, folder, read_only=self.config.read_only, broken=studio.shelf.problems
                ),
                "openai": partial(health.openai, studio.provider_status),
                "memory": partial(health.memory, self.processes, **limits),
                "disk_space": partial(health.disk_space, folder, **limits),
            },
            version=self.version,
            started=self.started,
        )

    def request_answered(self, asked: Request, response: Response, began: float) -> None:
        """The present request is answered; `began` is of `time.perf_counter`."""
        seconds = time.perf_counter() - began
        endpoint, status = asked.endpoint or UNMATCHED, response.status_code
        self.answered(endpoint, asked.method, status, seconds)
        self.exporter.answered(endpoint, asked.method, status, seconds)
        if status >= 400:
            self.note(response, endpoint)
        access_log.answered(asked, response, seconds, quiet=is_quiet(response, endpoint))

    def note(self, response: Response, endpoint: str) -> None:
        """Count an error answer, and remember it unless it only says that the service is not well.

        A load balancer asks for that every few seconds: its answers would push out what explains them.
        """
        fallback = "INTERNAL_SERVER_ERROR" if response.status_code >= 500 else "INVALID_REQUEST"
        code = g.get("error_code", fallback)
        self.failed(code, endpoint)
        if endpoint == "ops.health" and response.status_code == 503:
            return
        self.incidents.record(
            Incident(
                time=time.time(),
                code=code,
                endpoint=endpoint,
                status=response.status_code,
                request_id=g.get("request_id", ""),
                key=asked_key(),
                details=g.get("error_details", ""),
            )
        )

    def run_queued(self) -> None:
        super().run_queued()
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

    def totals(self) -> dict[str, Any]:
        """Errors since the start of the service, over all workers: total, by code and by endpoint, most first."""
        counted = {family.name: family.samples for family in self.counted()}

        def ranked(name: str, label: str) -> dict[str, int]:
            rows = ((sample.labels[label], int(sample.value)) for sample in counted[name] if label in sample.labels)
            return dict(sorted(rows, key=lambda row: (-row[1], row[0])))

        by_code = ranked("dalleserver_error_code", "code")
        by_endpoint = ranked("dalleserver_error_endpoint", "endpoint")
        return {"total": sum(by_code.values()), "by_code": by_code, "by_endpoint": by_endpoint}

    def workers(self) -> list[int]:
        """The pids of the workers."""
        return tally.workers(self.folder) if self.folder else [os.getpid()]

    def processes(self) -> list[int]:
        """The pids of the service: its workers, and the master that watches over them."""
        return [*self.workers(), *([tally.master(self.folder)] if self.folder else [])]

    def reading(self) -> Reading:
        """The state of the service now."""
        if self.studio is None:
            return Reading()
        processes = self.processes()
        tickets = self.studio.queue.tickets()
        waiting = [ticket.queued_ns for ticket in tickets if ticket.state == "waiting"]
        status = self.studio.provider_status()
        disk = resources.disk(self.studio.store.root)
        return Reading(
            jobs={"queued": len(waiting), "running": len(tickets) - len(waiting)},
            oldest=max(0.0, time.time() - min(waiting) / 1e9) if waiting else 0.0,
            breaker=status["state"] if status else "CLOSED",
            budget_left=status["budget"]["usd_left"] if status else None,
            images_left=status["budget"]["images_left"] if status else None,
            workers=len(self.workers()),
            memory=sum(resources.resident(pid) for pid in processes),
            disk_free=disk.free,
            disk_used=disk.percent / 100,
        )


def is_quiet(response: Response, endpoint: str) -> bool:
    """Whether the line of this request is for debugging only: a poll, or a question of the monitoring.

    A report that answers `generate=1` is a poll too, unless it began the run: scripts poll like that.
    """
    if endpoint in MONITORING:
        return True
    report = endpoint == "images.show" and response.status_code == 200 and response.content_type == replies.JSON
    return report and not g.get("started_run", False)


def asked_key() -> str:
    """The key that was asked for, as far as it looks like one."""
    series, _, address = (request.view_args or {}).get("rest", "").lower().partition("/")
    return f"{series}/{address}" if SERIES.fullmatch(series) and ADDRESS.fullmatch(address) else ""
