"""How much memory pictures take: all processes of the service together, beside the limits of the shipped unit."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.monitoring.resources import proportional
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.service.paying import Paying, paying

UNIT = (ROOT / "deploy/systemd/dalleserver.service").read_text(encoding="utf-8")
MEGABYTE = 1 << 20
EIGHT = 8
SAMPLING = 0.05  # seconds
PATIENCE = 600  # seconds; only to end a test that would hang


def limit(name: str) -> int:
    """A limit of the unit, in bytes."""
    found = re.search(rf"^{name}=([0-9]+)M$", UNIT, re.MULTILINE)
    assert found
    return int(found[1]) * MEGABYTE


def memory(service: Paying) -> int:
    """What the processes take together; a page that they share counts once."""
    return sum(proportional(pid) for pid in (service.process.pid, *service.workers()))


@contextmanager
def watched(service: Paying) -> Iterator[list[int]]:
    """Looks at the memory again and again; the only item is the highest value."""
    seen = [memory(service)]
    done = threading.Event()

    def look() -> None:
        while not done.wait(SAMPLING):
            seen[0] = max(seen[0], memory(service))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        done.set()
        looking.join()


@pytest.mark.timeout(PATIENCE)
def test_paints_eight_pictures_of_sixteen_megapixels_at_once_within_the_units_memory(tmp_path: Path) -> None:
    with paying(tmp_path, WORKERS=2, JOBS=4, IMAGE_SIZE="4096x4096", IMAGE_TIMEOUT="10m") as service:
        order = json.dumps({"prompt": "made once, and then sent again", "size": "4096x4096"}).encode()
        assert service.stub.client.ask("/v1/images/generations", "POST", order, timeout=PATIENCE).status == 200
        at_rest = memory(service)
        with watched(service) as seen:
            paths = service.generate(EIGHT)
            service.wait_for(lambda: all(is_painted(service, path) for path in paths), "eight pictures", PATIENCE)
        assert seen[0] < limit("MemoryHigh")
        most = at_rest + (seen[0] - at_rest) // 2
        service.wait_for(lambda: memory(service) < most, "memory to be given back")


def is_painted(service: Paying, path: str) -> bool:
    """Asks for the report: a picture has 34 MB."""
    report = service.ask(f"{path}?generate=1").data
    assert report["error"] == ""
    return bool(report["done"])


def test_gives_back_what_a_reload_has_replaced(tmp_path: Path) -> None:
    """The modules and settings of one reload take 6 MB in the master, and then in every worker."""

    def reloaded(service: Service, times: int) -> int:
        for _ in range(times):
            before = set(service.workers())
            service.reload()
            service.wait_for(lambda before=before: service.workers() and not before & set(service.workers()), "reload")
        return resident(service.process.pid)

    with Service(tmp_path, WORKERS=1) as service:
        settled = reloaded(service, 4)
        assert reloaded(service, 4) < settled + 12 * MEGABYTE


def resident(pid: int) -> int:
    return psutil.Process(pid).memory_info().rss


def test_has_the_same_limit_in_a_container() -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert re.search(rf"^ +mem_limit: {limit('MemoryMax') // MEGABYTE}m$", compose, re.MULTILINE)
    assert limit("MemoryHigh") < limit("MemoryMax")
