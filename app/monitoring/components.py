"""The checks of the four components of health; app.monitoring.health describes them."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from app.monitoring import resources
from app.monitoring.health import CheckResult, Status, reason
from dalle.host.trouble import explained
from dalle.runs.settings import LEAST_ROOM


class Check(Protocol):
    """`Storage.check`."""

    def __call__(self, *, write: bool) -> OSError | None: ...


def filesystem(
    check: Check,
    *,
    read_only: bool,
    broken: Callable[[], dict[str, str]] = dict,
    free: Callable[[], int | None] = lambda: None,
) -> CheckResult:
    """Lets the storage try what a run does with its files (`Storage.check`); a read-only server only reads.

    `broken` returns which of the operator's series files cannot be used, and why; `free` how many bytes can be written.
    """
    try:
        refused = check(write=not read_only)
        room = free()
    except OSError as exc:
        if read_only:
            raise
        return unwritable(exc)
    if read_only:
        return CheckResult(
            "healthy", "readable; the server is read-only", {"writable": False, "broken_series": broken()}
        )
    if room is not None and room < LEAST_ROOM:
        return unwritable(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    details = {"writable": True, "broken_series": broken()}
    if refused:
        message = f"a part of it cannot be written: {reason(refused)}"
        return CheckResult("degraded", message, details | {"error": code_of(refused)}, explained(refused))
    return CheckResult("healthy", "writable", details)


def unwritable(exc: OSError) -> CheckResult:
    """Nothing can be written."""
    details = {"writable": False, "error": code_of(exc)}
    return CheckResult("unhealthy", f"cannot be written: {reason(exc)}", details, explained(exc))


def code_of(exc: OSError) -> str:
    """Returns the system's name of an error, e.g. ENOSPC."""
    return errno.errorcode.get(exc.errno or 0, "")


def openai(status: Callable[[], dict[str, Any] | None]) -> CheckResult:
    """Judges the provider by `Provider.status`, which all workers share; None, or no key: the offline artist paints."""
    provider = status()
    if provider is None or not provider["key_set"]:
        return CheckResult("healthy", "no key is set: the offline artist paints", {"key_set": False})
    why = {
        "key": "the API key was refused",
        "quota": "the account has no credit left",
        "failures": f"{provider['failures']} runs in a row failed" if provider["failures"] != 1 else "a run failed",
    }.get(provider["reason"], "")
    match provider["state"]:
        case "CLOSED" if provider["models"]["warnings"]:
            return CheckResult("degraded", "; ".join(provider["models"]["warnings"]), provider)
        case "CLOSED":
            return CheckResult("healthy", "the circuit breaker is CLOSED", provider)
        case "HALF_OPEN":
            return CheckResult("degraded", "the circuit breaker is HALF_OPEN: the next run probes", provider)
    return CheckResult("unhealthy", "the circuit breaker is OPEN" + (why and f": {why}"), provider)


def memory(processes: Callable[[], list[int]], *, degraded: float, unhealthy: float) -> CheckResult:
    """Compares the memory in use with the limit; thresholds in percent."""
    used = resources.memory(processes())
    status = judged(used.percent, degraded, unhealthy)
    against = "of the control group's limit" if used.source == "cgroup" else "of the machine's memory"
    return CheckResult(
        status,
        f"{used.percent:.1f} % {against} in use",
        {
            "used_percent": round(used.percent, 2),
            "used_bytes": used.used,
            "limit_bytes": used.limit,
            "limit_from": used.source,
            "service_bytes": used.service,
            "service_processes": used.processes,
        },
    )


def disk_space(folder: Path, *, degraded: float, unhealthy: float) -> CheckResult:
    """Compares bytes and inodes in use with the thresholds, in percent; the scarcer resource decides."""
    disk = resources.disk(folder)
    status = judged(max(disk.percent, disk.inodes), degraded, unhealthy)
    return CheckResult(
        status,
        f"{disk.percent:.1f} % in use, {disk.free / 1e9:.1f} GB free",
        {
            "used_percent": disk.percent,
            "free_bytes": disk.free,
            "total_bytes": disk.total,
            "inodes_used_percent": round(disk.inodes, 2),
        },
    )


def judged(percent: float, degraded: float, unhealthy: float) -> Status:
    if percent > unhealthy:
        return "unhealthy"
    return "degraded" if percent > degraded else "healthy"
