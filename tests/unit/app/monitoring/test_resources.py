"""Memory and disk, from control group files as kernels write them and from this machine."""

import os
from pathlib import Path

import psutil
import pytest

from app.monitoring import resources


class Machine:
    """A folder in place of /sys/fs/cgroup and one in place of /proc."""

    def __init__(self, root: Path) -> None:
        self.cgroups, self.proc = root / "cgroup", root / "proc"
        (self.proc / "self").mkdir(parents=True)

    def belongs(self, text: str) -> None:
        (self.proc / "self/cgroup").write_text(text)

    def group(self, path: str, **values: str) -> None:
        folder = self.cgroups / path
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in values.items():
            (folder / name.replace("__", ".")).write_text(value)

    @property
    def limit(self) -> tuple[int, int] | None:
        return resources.cgroup(self.cgroups, self.proc)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_reads_the_limit_of_version_two_without_what_can_be_reclaimed(machine: Machine) -> None:
    machine.belongs("0::/system.slice/dalle.service\n")
    machine.group(
        "system.slice/dalle.service",
        memory__max="1000000\n",
        memory__current="700000\n",
        memory__stat="anon 500000\ninactive_file 200000\n",
    )
    assert machine.limit == (500000, 1000000)


def test_takes_the_limit_that_is_nearest_to_being_reached(machine: Machine) -> None:
    machine.belongs("0::/slice/service\n")
    machine.group("slice", memory__max="1000", memory__current="900")
    machine.group("slice/service", memory__max="800", memory__current="400")
    assert machine.limit == (900, 1000)


def test_reads_the_limit_of_version_one(machine: Machine) -> None:
    machine.belongs("4:memory:/box\n0::/\n")
    machine.group(
        "memory/box",
        memory__limit_in_bytes="1000",
        memory__usage_in_bytes="600",
        memory__stat="total_inactive_file 100\n",
    )
    assert machine.limit == (500, 1000)


def test_finds_the_group_of_a_container_at_the_root(machine: Machine) -> None:
    machine.belongs("0::/../../elsewhere\n")
    machine.group("", memory__max="1000", memory__current="10")
    assert machine.limit == (10, 1000)


@pytest.mark.parametrize("limit", ["max", "9223372036854771712"])
def test_knows_a_group_without_a_limit(machine: Machine, limit: str) -> None:
    machine.belongs("0::/a\n4:memory:/a\n")
    machine.group("a", memory__max=limit, memory__current="10")
    machine.group("memory/a", memory__limit_in_bytes=limit, memory__usage_in_bytes="10")
    assert machine.limit is None


def test_does_without_control_groups(machine: Machine) -> None:
    assert machine.limit is None


def test_prefers_a_limit_to_the_machine(machine: Machine) -> None:
    machine.belongs("0::/a\n")
    machine.group("a", memory__max="2000000", memory__current="1000000")
    seen = resources.memory([os.getpid()], cgroups=machine.cgroups, proc=machine.proc)
    assert (seen.percent, seen.source) == (50, "cgroup")


def test_reads_the_memory_of_the_machine_as_its_kernel_writes_it(machine: Machine) -> None:
    (machine.proc / "meminfo").write_text("MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  400 kB\n")
    assert resources.machine(machine.proc) == (600 * 1024, 1000 * 1024)


def test_knows_the_memory_of_a_machine_without_such_a_file(machine: Machine) -> None:
    used, total = resources.machine(machine.proc)
    assert 0 < used < total


def test_counts_the_memory_of_all_processes_together() -> None:
    memory = resources.memory([os.getpid()])
    assert memory.service > 1_000_000
    assert memory.processes == 1
    assert 0 < memory.percent <= 100
    assert resources.memory([os.getpid(), os.getpid()]).service >= 1.5 * memory.service


def test_takes_a_process_that_is_gone_for_nothing() -> None:
    assert resources.proportional(2**22 + 1) == 0
    assert resources.resident(2**22 + 1) == 0


def test_knows_the_resident_memory_of_a_process() -> None:
    assert resources.resident(os.getpid()) >= 0.9 * resources.proportional(os.getpid()) > 1_000_000


def test_measures_the_disk_of_a_folder(tmp_path: Path) -> None:
    seen = resources.disk(tmp_path)
    assert 0 < seen.free <= seen.total
    assert 0 <= seen.percent <= 100
    assert seen.percent == pytest.approx(psutil.disk_usage(str(tmp_path)).percent, abs=1)
    assert 0 <= seen.inodes <= 100
