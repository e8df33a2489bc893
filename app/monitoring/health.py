"""The health of the service: four components, each really checked, at most once a second in each worker.

    filesystem   writes, fsyncs, reads and removes a small file in the data folder, looks for room, and whether what
                 runs write belongs to others (read-only servers list the folder); its details name unusable series
                 files, which do not affect the status
    openai       the circuit breaker that all workers share, the model watch and the budget
    memory       of all workers together, against the cgroup's limit if it has one
    disk_space   of the data folder's disk: bytes and inodes

The service is as healthy as its worst component. It is *ready* when it can serve: the provider does not count there,
because finished pictures and reports are served without it, and a load balancer must not take them offline.
"""

import logging
import os
import platform
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from dalle.errors import DalleError
from dalle.host.trouble import explained

Status = Literal["healthy", "degraded", "unhealthy"]
WORSE: tuple[Status, ...] = ("healthy", "degraded", "unhealthy")
FRESH = 1.0  # seconds that an assessment is reused
STUCK = 5.0  # seconds after which a check that has not ended makes the service unhealthy

log = logging.getLogger("app.health")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check. `message` and `details` are public: they contain no path and no key.

    `private` is for the log.
    """

    status: Status
    message: str
    details: dict[str, Any] = field(default_factory=dict)
    private: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """The result of the check of one component, with its time (Unix seconds) and duration."""

    name: str
    status: Status
    last_checked: float
    duration_ms: float
    message: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The health of the whole service at `timestamp` (Unix seconds). `private` is for the log."""

    components: dict[str, Component]
    timestamp: float
    private: str = ""

    @property
    def status(self) -> Status:
        return max((component.status for component in self.components.values()), key=WORSE.index, default="healthy")

    @property
    def ready(self) -> bool:
        return all(part.status != "unhealthy" for part in self.components.values() if part.name != "openai")

    @property
    def trouble(self) -> str:
        """What is wrong, as one sentence; empty when healthy."""
        return "; ".join(
            f"{part.name}: {part.message}" for part in self.components.values() if part.status != "healthy"
        )


class Health:
    """Runs the checks and reuses their assessment for a second.

    checks   component name → function that returns a CheckResult; a component whose check raises is unhealthy
    version  of the service
    started  when the service started, in Unix seconds
    """

    def __init__(
        self,
        checks: dict[str, Callable[[], CheckResult]],
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
        self.last: Assessment | None = None

    def assess(self) -> Assessment:
        """Returns the current assessment. One thread checks at a time; others get the last result without waiting."""
        if self.last and self.clock() - self.ended < FRESH:
            return self.last
        if self.lock.acquire(timeout=STUCK if self.last is None else 0):
            try:
                if not self.last or self.clock() - self.ended >= FRESH:
                    self.began = self.clock()
                    self.keep(self.run_all())
                    self.ended = self.clock()
            finally:
                self.lock.release()
        elif self.last is None or self.clock() - self.began > STUCK:
            return self.stuck()
        return self.last or self.stuck()

    def run_all(self) -> Assessment:
        """Runs every check."""
        results = {name: self.run(name) for name in self.checks}
        private = "; ".join(result.private for _, result in results.values() if result.private)
        return Assessment({name: part for name, (part, _) in results.items()}, self.now(), private)

    def run(self, name: str) -> tuple[Component, CheckResult]:
        """Runs one check and times it."""
        began = self.clock()
        try:
            result = self.checks[name]()
        except (OSError, DalleError) as exc:
            result = CheckResult("unhealthy", f"cannot be checked: {reason(exc)}", private=explained(exc))
        duration = round((self.clock() - began) * 1000, 3)
        return Component(name, result.status, self.now(), duration, result.message, result.details), result

    def stuck(self) -> Assessment:
        """Returns the assessment while a check hangs, for example on an unreachable network disk."""
        seconds = self.clock() - self.began
        message = f"the check has been running for {seconds:.0f} s"
        part = Component("filesystem", "unhealthy", self.now(), seconds * 1000, message, {})
        return Assessment({**(self.last.components if self.last else {}), "filesystem": part}, self.now())

    def keep(self, assessment: Assessment) -> None:
        """Stores the assessment, and logs a change of the status."""
        if assessment.status != (self.last.status if self.last else "healthy"):
            level = logging.INFO if assessment.status == "healthy" else logging.WARNING
            trouble = assessment.trouble + (assessment.private and f" ({assessment.private})")
            log.log(level, "the service is %s%s", assessment.status, trouble and f": {trouble}")
        self.last = assessment

    def data(self, assessment: Assessment) -> dict[str, Any]:
        """Returns the data of /health."""
        return {
            "status": assessment.status,
            **self.liveness(),
            "timestamp": int(assessment.timestamp),
            "components": {name: asdict(component) for name, component in assessment.components.items()},
            "system": {
                "python": platform.python_version(),
                "platform": platform.system(),
                "cpus": os.cpu_count(),
                "load_average": [round(load, 2) for load in os.getloadavg()],
                "worker": os.getpid(),
            },
        }

    def liveness(self) -> dict[str, Any]:
        """Returns what is known without any check."""
        return {
            "timestamp": int(self.now()),
            "version": self.version,
            "uptime_seconds": round(max(self.now() - self.started, 0), 3),
        }


def reason(exc: Exception) -> str:
    """Returns the public reason, without a path: the text of an OSError, or the message of a DalleError."""
    if isinstance(exc, OSError):
        return os.strerror(exc.errno) if exc.errno else type(exc).__name__
    return getattr(exc, "message", type(exc).__name__)
