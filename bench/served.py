"""Measures a gallery through HTTP alone, so that any version of the service can be measured.

Rows of one version and number of pictures: from no index to the first answer and to all names; polls meanwhile, as a
ratio to those of a service without pictures; pages, filters and links of a complete index; and the processor time of a
run with the page after it. Medians, and as a ratio to the first number of pictures that was measured.
"""

import http.client
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import psutil

from bench.figures import Figures, took
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.kit.waiting import wait

SERIES = "blue"
POLLING = 4.0  # seconds
LONGEST = 900.0  # seconds for all names
PATHS = {
    "first page": "/preview",
    "96 pictures": "/preview/items",
    "96 of a series": "/preview/items?series=dune",
    "a frequent word": "/preview/items?q=otter",
    "no match": "/preview/items?q=walrus",
    "one letter": "/preview/items?q=q",
    "the beginning of an address": "/preview/items?q=0xabc",
}


class Served:
    """A version of the service on a data folder. `name`: what its rows begin with; `tree`: its code."""

    def __init__(self, figures: Figures, data: Path, name: str, tree: Path = ROOT) -> None:
        self._figures = figures
        self._data = data
        self._name = name
        self._tree = tree
        (data / "series").mkdir(exist_ok=True)
        (data / "series" / f"{SERIES}.json").write_text("{}")

    def measure(self, number: int, names: list[str], restore: Callable[[], None] = lambda: None) -> None:
        """Measure with the pictures that are there. `names`: one of them in each part of the list.

        `restore`: puts an index with all titles in the place of the one that this has begun.
        """
        with tempfile.TemporaryDirectory() as empty, self._service(Path(empty)) as service:
            alone = median(poll(service, POLLING))
        shutil.rmtree(self._data / "gallery", ignore_errors=True)
        with self._service(self._data) as service:
            self._build(service, number, alone)
        restore()
        with self._service(self._data) as service:
            wait_for_names(service, number)
            self._read(service, names)
            self._run(service)

    @contextmanager
    def _service(self, data: Path) -> Iterator[Service]:
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "data").symlink_to(data)
            with Service(Path(name), root=self._tree, WORKERS=2) as service:
                yield service

    def _build(self, service: Service, number: int, alone: float) -> None:
        began, own = time.monotonic(), processor(service)
        service.client.ask("/preview", timeout=LONGEST)
        self._add("cold: first answer", f"{time.monotonic() - began:.3f} s, processor {processor(service) - own:.3f} s")
        meanwhile = poll(service, POLLING)
        self._add(
            "cold: poll meanwhile", f"{median(meanwhile):.2f} ms, {median(meanwhile) / alone:.2f} × without pictures"
        )
        wait_for_names(service, number)
        self._add("cold: all names", f"{time.monotonic() - began:.1f} s, processor {processor(service) - own:.1f} s")

    def _read(self, service: Service, names: list[str]) -> None:
        links = {f"link at {at / len(names):.0%}": f"/preview/picture?picture={name}" for at, name in enumerate(names)}
        for row, path in {**PATHS, **links}.items():
            assert service.ask(path).status == 200, path
            times = took(partial(service.ask, path), partial(processor, service))
            self._figures.ratio(f"{self._name}: {row}", times)

    def _run(self, service: Service) -> None:
        """Runs of the offline artist, and a page after each, as someone sees it who waits for the picture."""

        def run() -> None:
            path = f"/dalle/{SERIES}/0x{secrets.token_hex(20)}"
            service.ask(f"{path}?generate=1")
            wait(lambda: service.ask(path).headers["content-type"] == "image/png", path)
            service.ask("/preview/items")
            time.sleep(1)  # the caretaker comes every second

        self._figures.ratio(f"{self._name}: a run", took(run, partial(processor, service)))

    def _add(self, row: str, text: str) -> None:
        self._figures.add(f"{self._name}: {row}", text)


def wait_for_names(service: Service, number: int) -> None:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        series = service.client.ask("/preview/items", timeout=LONGEST).data["series"]
        if sum(folder["count"] for folder in series) >= number:
            return
        time.sleep(0.2)
    raise AssertionError("not all pictures are shown")


def processor(service: Service) -> float:
    """Seconds of processor time of all workers."""
    return sum(sum(psutil.Process(worker).cpu_times()[:2]) for worker in service.workers())


def poll(service: Service, seconds: float) -> list[float]:
    """Ask for progress all the time; return the milliseconds of each answer."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        connection.request("GET", f"/dalle/{SERIES}/0x{'7' * 40}")
        connection.getresponse().read()
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.002)
    connection.close()
    return times
