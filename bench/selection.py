"""Measures the selection of attributes and the writing of texts: python bench/selection.py [addresses]"""

import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dalle.storage.folder.series import SeriesFolder  # noqa: E402  the checkout beside this file, installed or not
from dalle.words.catalog import Catalog  # noqa: E402
from dalle.words.prompts import write  # noqa: E402
from dalle.words.selection import select  # noqa: E402
from dalle.words.shelf import SeriesShelf  # noqa: E402

ADDRESSES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


def main() -> None:
    loads = []
    for _ in range(7):
        start = time.perf_counter()
        catalog = Catalog.load()
        loads.append(time.perf_counter() - start)
    rows = sum(len(database.rows) for database in catalog.databases.values())
    first, best = loads[0] * 1e3, min(loads) * 1e3
    print(f"load {len(catalog.databases)} databases, {rows} rows: first {first:.1f} ms, best {best:.1f} ms")
    rng = random.Random(1)
    addresses = [f"0x{rng.getrandbits(160):040x}" for _ in range(ADDRESSES)]
    with tempfile.TemporaryDirectory() as folder:
        shelf = SeriesShelf(SeriesFolder(Path(folder)))
        names = shelf.names()
        start = time.perf_counter()
        for _ in range(1000):
            shelf.get("simple")
        print(f"get a series: {(time.perf_counter() - start) * 1e3:.1f} µs")
        start = time.perf_counter()
        for _ in range(1000):
            shelf.names()
        print(f"names of {len(names)} series: {(time.perf_counter() - start) * 1e3:.1f} µs")
        for name in ("empty", "five-tone-postal-protozoa"):
            series = shelf.get(name)
            assert series
            for address in addresses[:1000]:  # the words that every process learns once
                write(select(address, series, catalog))
            start = time.process_time()
            for address in addresses:
                select(address, series, catalog)
            selected = time.process_time()
            for address in addresses:
                write(select(address, series, catalog))
            written = time.process_time()
            alone, both = (selected - start) / ADDRESSES * 1e6, (written - selected) / ADDRESSES * 1e6
            print(f"{name}: select {alone:.0f} µs, select and write {both:.0f} µs of processor per address")


main()
