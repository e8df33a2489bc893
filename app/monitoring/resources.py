"""Memory and disk that this service may use: the cgroup's limit counts, and all processes together."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

CGROUPS = Path("/sys/fs/cgroup")
PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Memory:
    """In bytes. `limit` is the cgroup's or else the machine's; `service` is what our processes hold together."""

    used: int
    limit: int
    service: int
    processes: int
    source: str

    @property
    def percent(self) -> float:
        return 100 * self.used / self.limit if self.limit else 0.0


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of the data folder, in bytes and percent; `inodes` in percent, 0 if the file system has none."""

    free: int
    total: int
    percent: float
    inodes: float


def memory(processes: list[int], *, cgroups: Path = CGROUPS, proc: Path = PROC) -> Memory:
    """Returns the memory in use and its limit. A machine's `used` is everything that is not available."""
    service = sum(proportional(pid, proc) for pid in processes)
    used, total = machine(proc)
    group = cgroup(cgroups, proc)
    if group and group[1] < total:
        return Memory(*group, service, len(processes), "cgroup")
    return Memory(used, total, service, len(processes), "machine")


def machine(proc: Path = PROC) -> tuple[int, int]:
    """Returns the memory of the machine that is not available, and all of it."""
    try:
        rows = dict(line.split(":", 1) for line in (proc / "meminfo").read_text().splitlines())
        total, available = (int(rows[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable"))
    except (OSError, ValueError, LookupError):
        found = elsewhere().virtual_memory()
        total, available = found.total, found.available
    return total - available, total


def proportional(pid: int, proc: Path = PROC) -> int:
    """Returns a process's memory with its share of shared pages: a sum over the workers counts each page once."""
    try:
        for line in (proc / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        psutil = elsewhere()
        with suppress(psutil.Error):
            return int(psutil.Process(pid).memory_info().rss)
    return 0


def elsewhere() -> ModuleType:
    """Returns what knows of systems whose `/proc` is not that of Linux."""
    import psutil  # noqa: PLC0415 — a fortieth of the start

    return psutil


def cgroup(cgroups: Path = CGROUPS, proc: Path = PROC) -> tuple[int, int] | None:
    """Returns (used, limit) of the tightest memory limit on this process, cgroup v2 or v1; None without one.

    File pages that the kernel can reclaim at once do not count as used.
    """
    limits = [pair for folder in groups(cgroups, proc) if (pair := limited(folder))]
    return max(limits, key=lambda pair: pair[0] / pair[1], default=None)


def groups(cgroups: Path, proc: Path) -> Iterator[Path]:
    """Yields the control groups of this process that have a memory controller, from its own outwards."""
    try:
        lines = (proc / "self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0":
            root = cgroups
        elif "memory" in controllers.split(","):
            root = cgroups / "memory"
        else:
            continue
        inner = root / path.lstrip("/")
        # in a container the process's group is often mounted at the root, and the path does not exist
        yield from (folder for folder in (inner, *inner.parents) if folder == root or root in folder.parents)


def limited(folder: Path) -> tuple[int, int] | None:
    """Returns (used, limit) of one group, or None if it has no limit."""
    for names in (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")):
        try:
            limit, used = ((folder / name).read_text().strip() for name in names)
            if limit == "max" or not 0 < int(limit) < 1 << 60:  # version 1 writes "none" as a huge number
                return None
            return max(int(used) - reclaimable(folder), 0), int(limit)
        except (OSError, ValueError):
            continue
    return None


def reclaimable(folder: Path) -> int:
    """Returns the bytes of inactive file pages of a group."""
    with suppress(OSError, ValueError):
        rows = dict(line.split(maxsplit=1) for line in (folder / "memory.stat").read_text().splitlines())
        return int(rows.get("total_inactive_file", rows.get("inactive_file", "0")))
    return 0


def disk(folder: Path) -> Disk:
    """Returns the disk that holds the folder. Raises OSError."""
    usage = shutil.disk_usage(folder)
    percent = round(100 * usage.used / (usage.used + usage.free or 1), 1)  # as df: what root alone may use is used
    nodes = os.statvfs(folder)
    inodes = 100 * (1 - nodes.f_favail / nodes.f_files) if nodes.f_files else 0.0
    return Disk(usage.free, usage.total, percent, inodes)


def resident(pid: int, proc: Path = PROC) -> int:
    """Returns a process's resident memory with shared pages: cheap, for scrapes. 0 if it has ended."""
    try:
        return int((proc / str(pid) / "statm").read_text().split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0
