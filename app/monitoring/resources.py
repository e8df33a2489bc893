"""Memory and disk as this service may use them: the cgroup's limit counts, and all processes together."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")
PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes. `limit` is the cgroup's or, without one, the machine's; `service` what our processes hold together."""

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
    """Bytes and percent of the disk under the data folder; `inodes` is in percent, 0 where there are none."""

    free: int
    total: int
    percent: float
    inodes: float


def memory(processes: list[int], *, cgroups: Path = CGROUPS, proc: Path = PROC) -> Memory:
    """Memory in use against what there is. A machine's `used` is all that is not available to new work."""
    service = sum(proportional(pid, proc) for pid in processes)
    machine = psutil.virtual_memory()
    within = cgroup(cgroups, proc)
    if within and within[1] < machine.total:
        used, limit = within
        return Memory(used, limit, service, len(processes), "cgroup")
    return Memory(machine.total - machine.available, machine.total, service, len(processes), "machine")


def proportional(pid: int, proc: Path = PROC) -> int:
    """A process's memory, with its part of what it shares; pages shared by the workers are thus counted once."""
    try:
        for line in (proc / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        with suppress(psutil.Error):
            return int(psutil.Process(pid).memory_info().rss)
    return 0


def cgroup(cgroups: Path = CGROUPS, proc: Path = PROC) -> tuple[int, int] | None:
    """(used, limit) of the narrowest memory limit around this process, version 2 or 1; None without one.

    Cached file pages that the kernel can take back at once are not counted as used.
    """
    found = [pair for folder in around(cgroups, proc) if (pair := limited(folder))]
    return max(found, key=lambda pair: pair[0] / pair[1], default=None)


def around(cgroups: Path, proc: Path) -> Iterator[Path]:
    """The control groups with a memory controller that this process is in, from its own outwards."""
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
        # in a container the own group is often mounted at the root, and the path leads nowhere
        yield from (folder for folder in (inner, *inner.parents) if folder == root or root in folder.parents)


def limited(folder: Path) -> tuple[int, int] | None:
    """(used, limit) of one group, or None when it sets no limit."""
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
    with suppress(OSError, ValueError):
        rows = dict(line.split(maxsplit=1) for line in (folder / "memory.stat").read_text().splitlines())
        return int(rows.get("total_inactive_file", rows.get("inactive_file", "0")))
    return 0


def disk(folder: Path) -> Disk:
    """The disk that holds the folder. Raises OSError."""
    usage = psutil.disk_usage(str(folder))
    nodes = os.statvfs(folder)
    inodes = 100 * (1 - nodes.f_favail / nodes.f_files) if nodes.f_files else 0.0
    return Disk(usage.free, usage.total, usage.percent, inodes)


def resident(pid: int, proc: Path = PROC) -> int:
    """A process's resident memory, shared pages included: cheap to ask, for scrapes. 0 when it is gone."""
    try:
        return int((proc / str(pid) / "statm").read_text().split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0
