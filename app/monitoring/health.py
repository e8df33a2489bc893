"""Is the service well? Four components, each checked for real, at most once a second in each worker.

    filesystem   writes, fsyncs, reads and removes a small file in the data folder (read-only servers: lists it);
                 its details name the series files that cannot be used, which makes nothing worse for the others
    openai       the circuit breaker that all workers share, the model watch and the budget
    memory       of all workers together, against the cgroup's limit where there is one
    disk_space   of the data folder's disk: bytes and inodes

The service is as well as its worst component. It is *ready* when it can serve: the provider does not count there,
since finished pictures and reports are served while it is away, and a load balancer must not take them offline.
"""

import errno
import logging
import os
import platform
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from app.monitoring import resources
from dalle.errors import DalleError
from dalle.storage.folder import atomic as files

Status = Literal["healthy", "degraded", "unhealthy"]
WORSE: tuple[Status, ...] = ("healthy", "degraded", "unhealthy")
FRESH = 1.0  # seconds that a report is used
STUCK = 5.0  # seconds after which a check that has not ended is a finding of its own
ABANDONED = 60.0  # seconds after which another process's probe is removed

log = logging.getLogger("app.health")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. No path and no key in `message` or `details`."""

    status: Status
    message: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Component:
    """A finding with its name, the moment (Unix seconds) and its cost."""

    name: str
    status: Status
    last_checked: float
    duration_ms: float
    message: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """The state of the service; `as_data` is the answer of /health."""

    components: dict[str, Component]
    timestamp: float

    @property
    def status(self) -> Status:
        return max((component.status for component in self.components.values()), key=WORSE.index, default="healthy")

    @property
    def ready(self) -> bool:
        return all(part.status != "unhealthy" for name, part in self.components.items() if name != "openai")

    @property
    def trouble(self) -> str:
        """One sentence on what is wrong, or an empty text."""
        return "; ".join(
            f"{name}: {part.message}" for name, part in self.components.items() if part.status != "healthy"
        )


class Health:
    """Runs the checks and keeps their report for a second.

    checks   component name → function that gives a Finding; one that raises is unhealthy
    version  shown in the report
    started  when the service started, in Unix seconds
    """

    def __init__(
        self,
        checks: dict[str, Callable[[], Finding]],
        *,
        version: str,
        started: float,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.checks = checks
        self.version = version
        self.now = now
        self.clock = clock
        self.started = started
        self.lock = threading.Lock()
        self.began = 0.0
        self.ended = float("-inf")
        self.last: Report | None = None

    def report(self) -> Report:
        """The present report. One thread checks at a time; the others take the last one and do not wait for a disk."""
        if self.last and self.clock() - self.ended < FRESH:
            return self.last
        if self.lock.acquire(timeout=STUCK if self.last is None else 0):
            try:
                if not self.last or self.clock() - self.ended >= FRESH:
                    self.began = self.clock()
                    self.keep(Report({name: self.run(name) for name in self.checks}, self.now()))
                    self.ended = self.clock()
            finally:
                self.lock.release()
        elif self.last is None or self.clock() - self.began > STUCK:
            return self.stuck()
        return self.last or self.stuck()

    def run(self, name: str) -> Component:
        """Run one check and time it."""
        began = self.clock()
        try:
            finding = self.checks[name]()
        except (OSError, DalleError) as exc:
            finding = Finding("unhealthy", f"cannot be checked: {reason(exc)}")
        duration = round((self.clock() - began) * 1000, 3)
        return Component(name, finding.status, self.now(), duration, finding.message, finding.details)

    def stuck(self) -> Report:
        """The report while a check hangs, as on a network disk that is gone."""
        seconds = self.clock() - self.began
        finding = f"the check has been running for {seconds:.0f} s"
        part = Component("filesystem", "unhealthy", self.now(), seconds * 1000, finding, {})
        return Report({**(self.last.components if self.last else {}), "filesystem": part}, self.now())

    def keep(self, report: Report) -> None:
        """Remember the report; a change of the state is told to the log."""
        if report.status != (self.last.status if self.last else "healthy"):
            level = logging.INFO if report.status == "healthy" else logging.WARNING
            log.log(level, "the service is %s%s", report.status, report.trouble and f": {report.trouble}")
        self.last = report

    def data(self, report: Report) -> dict[str, Any]:
        """The body of /health."""
        return {
            "status": report.status,
            **self.alive(),
            "timestamp": int(report.timestamp),
            "components": {name: asdict(component) for name, component in report.components.items()},
            "system": {
                "python": platform.python_version(),
                "platform": platform.system(),
                "cpus": os.cpu_count(),
                "load_average": [round(load, 2) for load in os.getloadavg()],
                "worker": os.getpid(),
            },
        }

    def alive(self) -> dict[str, Any]:
        """What can be said without looking at anything."""
        return {
            "timestamp": int(self.now()),
            "version": self.version,
            "uptime_seconds": round(max(self.now() - self.started, 0), 3),
        }


def reason(exc: Exception) -> str:
    """Why, without a path: an OSError's text for people, or the public sentence of one of ours."""
    if isinstance(exc, OSError):
        return os.strerror(exc.errno) if exc.errno else type(exc).__name__
    return getattr(exc, "message", type(exc).__name__)


def filesystem(folder: Path, *, read_only: bool, broken: Callable[[], dict[str, str]] = dict) -> Finding:
    """Write, fsync, read and remove a probe, as a run does with its files.

    `broken` tells which of the user's series files cannot be used, and why.
    """
    if read_only:
        os.listdir(folder)
        return Finding("healthy", "readable; the server is read-only", {"writable": False, "broken_series": broken()})
    # named as any temporary file, so that the sweep removes one that a killed process left
    probe = folder / f".health.{secrets.token_hex(6)}.tmp"
    text = secrets.token_bytes(64)
    try:
        descriptor = os.open(probe, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            written = os.write(descriptor, text)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        intact = written == len(text) and probe.read_bytes() == text
        probe.unlink()
    except OSError as exc:
        code = errno.errorcode.get(exc.errno or 0, "")
        with suppress(OSError):
            files.remove(probe)
        return Finding("unhealthy", f"cannot be written: {reason(exc)}", {"writable": False, "error": code})
    files.remove_temporaries(folder, ABANDONED)
    if not intact:
        return Finding("unhealthy", "a file read back differs from what was written", {"writable": True})
    return Finding("healthy", "writable", {"writable": True, "broken_series": broken()})


def openai(status: Callable[[], dict[str, Any] | None]) -> Finding:
    """The provider, as all workers know it (`Provider.status`); None, or no key: the offline artist paints."""
    seen = status()
    if seen is None or not seen["key_set"]:
        return Finding("healthy", "no key is set: the offline artist paints", {"key_set": False})
    why = {
        "key": "the API key was refused",
        "quota": "the account has no credit left",
        "failures": f"{seen['failures']} runs in a row failed",
    }.get(seen["reason"], "")
    match seen["state"]:
        case "CLOSED" if seen["models"]["warnings"]:
            return Finding("degraded", "; ".join(seen["models"]["warnings"]), seen)
        case "CLOSED":
            return Finding("healthy", "the circuit breaker is CLOSED", seen)
        case "HALF_OPEN":
            return Finding("degraded", "the circuit breaker is HALF_OPEN: the next run probes", seen)
    return Finding("unhealthy", "the circuit breaker is OPEN" + (why and f": {why}"), seen)


def memory(processes: Callable[[], list[int]], *, degraded: float, unhealthy: float) -> Finding:
    """Memory in use, in percent of the limit."""
    seen = resources.memory(processes())
    status = judged(seen.percent, degraded, unhealthy)
    against = "of the control group's limit" if seen.source == "cgroup" else "of the machine's memory"
    return Finding(
        status,
        f"{seen.percent:.1f} % {against} in use",
        {
            "used_percent": round(seen.percent, 2),
            "used_bytes": seen.used,
            "limit_bytes": seen.limit,
            "limit_from": seen.source,
            "service_bytes": seen.service,
            "service_processes": seen.processes,
        },
    )


def disk_space(folder: Path, *, degraded: float, unhealthy: float) -> Finding:
    """Bytes and inodes in use, in percent; the scarcer one decides."""
    seen = resources.disk(folder)
    status = judged(max(seen.percent, seen.inodes), degraded, unhealthy)
    return Finding(
        status,
        f"{seen.percent:.1f} % in use, {seen.free / 1e9:.1f} GB free",
        {
            "used_percent": seen.percent,
            "free_bytes": seen.free,
            "total_bytes": seen.total,
            "inodes_used_percent": round(seen.inodes, 2),
        },
    )


def judged(percent: float, degraded: float, unhealthy: float) -> Status:
    if percent > unhealthy:
        return "unhealthy"
    return "degraded" if percent > degraded else "healthy"
