"""Measures the gallery: `python -m bench.gallery [pictures…]`, with a title beside each picture, in five series.

For each number of pictures, first the index alone: the first listing of everything (cold), reading all titles, a page,
a filter that matches nothing, and a page after one more picture. Then a service of two workers: the time from the
request to the first byte of an answer (milliseconds, warm, over one connection) and the answer's size.
"""

import hashlib
import http.client
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.layout import Layout
from tests.kit.images import png
from tests.kit.service import Service

SERIES = ("amber", "blue", "cyan", "dune", "ember")
PATHS = ("/preview", "/preview?series=cyan", "/preview/items", "/preview/items?q=walrus", "/runs")
REQUESTS = 300


def fill(root: Path, number: int) -> None:
    picture = png(size=(96, 96))
    for series in SERIES:
        for kind in ("annotated", "title"):
            (root / "output" / series / kind).mkdir(parents=True)
    for count in range(number):
        folder = root / "output" / SERIES[count % 5]
        name = f"0x{hashlib.sha1(str(count).encode(), usedforsecurity=False).hexdigest()}"
        (folder / "annotated" / f"{name}.png").write_bytes(picture)
        (folder / "title" / f"{name}.txt").write_text(f"The Quiet Otter the Baker, Gently Rowing {count}\n")


def took(work: Callable[[], object]) -> str:
    wall, own = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - wall:8.4f} s, CPU {time.process_time() - own:7.4f} s"


def index_alone(root: Path) -> None:
    store = Layout(root)
    index = FolderIndex(store)
    print("  first listing     ", took(index.folders))
    print("  titles            ", took(lambda: index.tend(3600)))
    print("  page              ", took(index.page))
    print("  filter, no match  ", took(lambda: index.page(words="walrus")))
    time.sleep(1.1)
    (store.output / "blue" / "annotated" / f"0x{'1' * 40}.png").write_bytes(b"")
    print("  after one more    ", took(index.page))


def first_bytes(port: int, path: str) -> tuple[list[float], int]:
    """Returns the milliseconds until each answer began, and its size in bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times, size = [], 0
    for count in range(REQUESTS + 20):
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        if count >= 20:  # the first ones warm it up
            times.append((time.perf_counter() - began) * 1000)
        size = len(answer.read())
    connection.close()
    return times, size


def served(folder: Path) -> None:
    with Service(folder, WORKERS=2) as service:
        print(f"  {'first byte, ms':32}{'median':>8}{'p95':>8}{'max':>8}{'KB':>8}")
        for path in PATHS:
            times, size = first_bytes(service.port, path)
            row = (median(times), quantiles(times, n=20)[-1], max(times), size / 1024)
            print(f"  {path:32}" + "".join(f"{figure:8.1f}" for figure in row))


def measure(number: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{number} pictures", flush=True)
        fill(folder / "data", number)
        index_alone(folder / "data")
        served(folder)


if __name__ == "__main__":
    for argument in sys.argv[1:] or ("100", "10000", "100000"):
        measure(int(argument))
