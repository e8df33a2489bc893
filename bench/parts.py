"""The parts of the benchmarks: load by wrk, servers, measurements of processes."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.kit.ports import free_port
from tests.kit.program import Program, children
from tests.kit.repository import ROOT
from tests.kit.waiting import wait

WRK = shutil.which("wrk")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Load:
    """Results of wrk: requests a second, p50 and p99 in milliseconds, answers that were not 2xx or 3xx."""

    rate: float
    p50: float
    p99: float
    bad: int


def wrk(url: str, *, seconds: int = 2, connections: int = 16) -> Load:
    """Runs wrk with one thread; on a small machine more threads would take time from the server."""
    assert WRK
    command = [WRK, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: (.*)", text)
    assert rate, text
    assert not errors or "read 0" in errors[1] or int(errors[1].split("connect ")[1].split(",")[0]) == 0, text
    return Load(float(rate[1]), quantile(text, "50%"), quantile(text, "99%"), int(bad[1]) if bad else 0)


def quantile(text: str, name: str) -> float:
    found = re.search(rf"{name}\s+([\d.]+)(us|ms|s|m)\b", text)
    return float(found[1]) * UNITS[found[2]] if found else float("nan")


def cpu(*pids: int) -> float:
    """Returns the seconds of processor time that processes and their children have used."""
    total = 0
    for member in {member for pid in pids for member in family(pid)}:
        with suppress(OSError):
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def ask(url: str, *, timeout: float = 60) -> bytes:
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        body: bytes = answer.read()
        return body


def ended(url: str, *, timeout: float = 120) -> dict[str, object]:
    """Polls until the report says done; returns it, or only that it is done when there is the picture."""

    def done() -> dict[str, object] | None:
        body = ask(url)
        if body[:1] != b"{":
            return {"done": True}
        answer: dict[str, object] = json.loads(body)
        return answer if answer.get("done") else None

    return wait(done, f"{url} to be done", timeout)


class Bare(Program):
    """The frozen callable under gunicorn's own threaded worker; `folder` has what it serves, with a small.json."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", "gunicorn", "-c", "/dev/null", "-b", self.url.removeprefix("http://")]
        settings = ("-k", "gthread", "-w", "2", "--threads", "4", "--keep-alive", "75", "--no-control-socket")
        environ = {**os.environ, "BENCH_BARE_FOLDER": str(folder)}
        super().__init__([*command, *settings, "bench.frozen.bare:application"], ROOT, environ, folder / "bare.log")

    def wait_until_ready(self) -> None:
        self.wait_for(lambda: self.runs() and ask(f"{self.url}/small.json"), "the bare application")


def family(pid: int) -> list[int]:
    """Returns a process and its children."""
    with suppress(OSError):
        return [pid, *children(pid)]
    return [pid]


def pss(pid: int) -> int:
    """Bytes of memory, shared pages by their share."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def machine() -> str:
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    cores = len(os.sched_getaffinity(0))
    return (
        f"{model[1] if model else 'unknown'}, {cores} cores, Python {sys.version.split()[0]}; load from the same cores"
    )


def about(tree: Path) -> dict[str, str]:
    """Returns what was measured, when and where."""
    version = re.search(r'__version__ = "(.*)"', (tree / "dalle/__init__.py").read_text())
    command = ["git", "-C", str(tree), "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return {
        "version": version[1] if version else "unknown",
        "commit": commit,
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
    }
