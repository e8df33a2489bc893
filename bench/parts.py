"""The parts of the benchmarks: load by wrk, servers, measurements of processes."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
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


@dataclass
class Row:
    """One line of the table. `value` and `baseline` are medians; `holds` is None if nothing is required."""

    name: str
    value: str
    baseline: str = ""
    ratio: str = ""
    bar: str = ""
    holds: bool | None = None
    notes: list[str] = field(default_factory=list)


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


def cpu(pid: int) -> float:
    """Returns the seconds of processor time that the workers of a server have used."""
    total = 0
    for worker in family(pid)[1:]:
        with suppress(OSError):
            fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def against(
    name: str, url: str, pid: int, base: str, base_pid: int, bar: float, *, rounds: int = 5, seconds: int = 1
) -> Row:
    """Measures requests per second at `url` and `base` by turns; `url` must reach `bar` of the baseline.

    The ratio is the median of the ratios of the rounds. Processor time per request is shown too: other work on the
    machine disturbs it least.
    """
    wrk(url, seconds=1)
    wrk(base, seconds=1)
    rates: dict[str, list[float]] = {url: [], base: []}
    micros: dict[str, list[float]] = {url: [], base: []}
    p99 = []
    for _ in range(rounds):
        for asked, server in ((base, base_pid), (url, pid)):
            before = cpu(server)
            load = wrk(asked, seconds=seconds)
            assert not load.bad, f"{name}: {load.bad} answers that are not 2xx"
            rates[asked].append(load.rate)
            micros[asked].append((cpu(server) - before) * 1e6 / (load.rate * seconds))
        p99.append(load.p99)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(rates[url], rates[base], strict=True))
    value, baseline = (
        f"{statistics.median(rates[one]):,.0f}/s, {statistics.median(micros[one]):.0f} µs" for one in (url, base)
    )
    value += f", p99 {statistics.median(p99):.1f} ms"
    return Row(name, value, baseline, f"{ratio:.0%}", f"≥ {bar:.0%}", ratio >= bar)


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
    """gunicorn with the settings of the service and another application, which serves /small.json too."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", "gunicorn", "-c", "/dev/null", "-b", self.url.removeprefix("http://")]
        settings = ("-k", "app.server.worker.Worker", "--keep-alive", "75", "--no-control-socket")
        super().__init__([*command, *settings, *arguments], ROOT, {**os.environ, **variables}, folder / "bare.log")

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


class Peak(threading.Thread):
    """Samples the memory of a process and its children ten times a second: a sample takes the kernel 8 ms."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.bytes = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(0.1):
            self.bytes = max(self.bytes, sum(map(pss, family(self.pid))))

    def stop(self) -> int:
        self.stopping.set()
        self.join()
        return self.bytes


def machine() -> str:
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    cores = len(os.sched_getaffinity(0))
    return (
        f"{model[1] if model else 'unknown'}, {cores} cores, Python {sys.version.split()[0]}; load from the same cores"
    )
