"""Measures the gallery's pages of a cluster beside those of a data folder: `python -m bench.cluster.pages [pictures]`.

Both sides have the same pictures (100,000 by default; in the cluster rows without bytes), two workers and complete
indexes; they are asked by turns. For each page: milliseconds to the first byte, median and slowest twentieth,
processor time a request in the service and in PostgreSQL, and the size.
"""

import http.client
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.cluster.rows import FIRST_NS, STEP_NS, WORDS, fill, rows
from bench.parts import cpu
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.schema import Schema
from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.layout import Layout
from tests.kit import postgres
from tests.kit.images import png
from tests.kit.service import Service

TIMES = 40
PATHS = {
    "first page": "/preview/items?limit=48",
    "a series": "/preview/items?series=cyan",
    "96 pictures": "/preview/items",
    "in the middle": "/preview/items?share=0.5",
    "frequent word": f"/preview/items?q={WORDS[0]}",
    "word of a hundredth": "/preview/items?q=heron",
    "no match": "/preview/items?q=walrus",
    "one letter": "/preview/items?q=q",
}


def fill_folder(root: Path, count: int) -> None:
    picture = png(size=(96, 96))
    for number, series, name, title in rows(count):
        top = root / "output" / series
        if number < 10:
            for kind in ("annotated", "title"):
                (top / kind).mkdir(parents=True, exist_ok=True)
        path = top / "annotated" / f"{name}.png"
        path.write_bytes(picture)
        os.utime(path, ns=(FIRST_NS + number * STEP_NS,) * 2)
        (top / "title" / f"{name}.txt").write_text(f"{title}\n")
    index = FolderIndex(Layout(root))
    index.folders()
    index.tend(3600)


class Asked:
    """One page of one service. `pids`: the services' and PostgreSQL's."""

    def __init__(self, service: Service, path: str, *pids: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)
        self._path = path
        self._pids = pids
        self.times: list[float] = []
        self.used = [0.0] * len(pids)
        self.size = 0
        for _ in range(4):  # both workers
            self.ask()
        self.times.clear()

    def ask(self) -> None:
        began = time.perf_counter()
        self._connection.request("GET", self._path)
        answer = self._connection.getresponse()
        self.times.append((time.perf_counter() - began) * 1000)
        self.size = len(answer.read())
        assert answer.status == 200, self._path

    def burst(self, times: int) -> None:
        before = [cpu(pid) for pid in self._pids]
        for _ in range(times):
            self.ask()
        self.used = [used + cpu(pid) - then for used, pid, then in zip(self.used, self._pids, before, strict=True)]

    def __str__(self) -> str:
        used = " + ".join(f"{seconds * 1000 / len(self.times):5.1f}" for seconds in self.used)
        times = f"{median(self.times):8.1f}{quantiles(self.times, n=20)[-1]:8.1f}"
        return f"{times}  {used:>13} {self.size / 1024:6.0f} kB"


def main() -> None:
    count = int(sys.argv[1].replace(",", "")) if sys.argv[1:] else 100_000
    with tempfile.TemporaryDirectory() as name, postgres.database() as database:
        folders = [Path(name) / part for part in ("folder", "cluster")]
        for top in folders:
            top.mkdir()
        fill_folder(folders[0] / "data", count)
        filled = Database(postgres.server().url(database), most=1)
        Schema(filled).migrate()
        filled.close()
        filled = Database(postgres.server().url(database, postgres.SUPERUSER), most=1)
        fill(filled, count)
        filled.run("VACUUM")
        filled.close()
        urls: dict[str, Any] = {"DATABASE_URL": postgres.server().url(database), "BUCKET_URL": f"file://{name}/bucket"}
        with Service(folders[0]) as folder, Service(folders[1], **urls) as cluster:
            print(
                f"{count:,} pictures, load {os.getloadavg()[0]:.1f}; ms to the first byte, ms of processor time, size"
            )
            server = postgres.server().process.pid
            for what, path in PATHS.items():
                sides = Asked(folder, path, folder.process.pid), Asked(cluster, path, cluster.process.pid, server)
                for _ in range(TIMES // 8):
                    for side in sides:
                        side.burst(8)
                print(f"  {what:22}", *sides, flush=True)


if __name__ == "__main__":
    main()
