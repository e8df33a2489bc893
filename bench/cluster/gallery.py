"""Measures the cluster's gallery: `python -m bench.cluster.gallery [pictures…]`, 10,000 and 1,000,000 by default.

Rows only, in a PostgreSQL of its own: no picture is painted or stored. All numbers of pictures are asked each question
by turns, so that a busy minute of the machine changes all of them. For each question and number: the median of 40 in
milliseconds, the processor time of PostgreSQL and of the client, and the blocks of 8 kB that PostgreSQL read, which
depend on nothing else. Target: pages and filters take at most twice as long with the last number as with the first,
in processor time and more than a millisecond.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from bench.cluster.rows import FIRST_NS, STEP_NS, WORDS, fill
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.pictures.index import ClusterIndex
from dalle.storage.cluster.schema import Schema
from tests.kit import postgres

TIMES = 40
MOST, FREE = 2.0, 1.0  # times as long, but for the first millisecond


class Gallery:
    """The index of one database, over its only connection."""

    def __init__(self, name: str, count: int) -> None:
        self.database = Database(postgres.server().url(name, postgres.SUPERUSER), most=1)
        Schema(self.database).migrate()
        began = time.monotonic()
        fill(self.database, count)
        print(f"{count:,} rows: filled in {time.monotonic() - began:.0f} s", flush=True)
        self.questions = questions(ClusterIndex(self.database), count)
        self.backend = 0

    def connect(self) -> None:
        """Look which process of the database answers: one that had nothing to do for a minute is another one."""
        ((self.backend,),) = self.database.read("SELECT pg_backend_pid()")

    def blocks(self) -> int:
        """Return how many blocks were looked at in this database so far."""
        self.database.read("SELECT pg_stat_force_next_flush()")
        ((count,),) = self.database.read(
            "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(count)

    def cpu(self) -> tuple[float, float]:
        """Return the milliseconds of processor time that the database's process and this thread have used."""
        there = int(Path(f"/proc/{self.backend}/schedstat").read_text().split()[0])
        return there / 1e6, time.thread_time() * 1000


class Cost:
    """What one question costs one gallery."""

    def __init__(self, gallery: Gallery, what: str) -> None:
        self._gallery, self._question = gallery, gallery.questions[what]
        gallery.connect()
        self._question()
        rest = -gallery.blocks() + gallery.blocks()
        before = gallery.blocks()
        self._question()
        self.blocks = max(gallery.blocks() - before - rest, 0)
        self._walls: list[float] = []
        self._cpus: list[tuple[float, float]] = []

    def measure(self) -> None:
        before, began = self._gallery.cpu(), time.perf_counter()
        self._question()
        self._walls.append((time.perf_counter() - began) * 1000)
        there, here = self._gallery.cpu()
        self._cpus.append((there - before[0], here - before[1]))

    @property
    def cpu(self) -> float:
        return median(there + here for there, here in self._cpus)

    def __str__(self) -> str:
        there, here = (median(times) for times in zip(*self._cpus, strict=True))
        return f"{median(self._walls):8.2f} {there:8.2f} + {here:5.2f} {self.blocks:7}"


def questions(index: ClusterIndex, count: int) -> dict[str, Callable[[], object]]:
    page = index.page(limit=48)
    middle, end = index.position(share=0.5), index.position(share=0.999)
    some = index.page(after=middle, limit=1).pictures[0]
    return {
        "folders": index.folders,
        "first page": index.page,
        "second page": lambda: index.page(after=page.after),
        "page in the middle": lambda: index.page(after=middle),
        "page near the end": lambda: index.page(after=end),
        "back from the middle": lambda: index.page(until=middle),
        "page of a series": lambda: index.page(series="dune"),
        "position of a share": lambda: index.position(share=0.37),
        "position of a moment": lambda: index.position(before_ns=FIRST_NS + count // 3 * STEP_NS),
        "share of a position": lambda: index.share(middle),
        "around": lambda: index.around(some),
        "find": lambda: index.find(some.series, some.name),
        **filters(index, some.name),
        "frequent word, middle": lambda: index.page(words=WORDS[0], after=middle),
        "a hundredth, in a series": lambda: index.page(words="heron", series="dune"),
        "a hundredth, middle": lambda: index.page(words="heron", after=middle),
        "a hundredth, back": lambda: index.page(words="heron", until=middle),
        "around a hundredth": lambda: index.around(some, words="heron"),
        "around one series' word": lambda: index.around(some, words="otter"),
        "around a frequent word": lambda: index.around(some, words=WORDS[0]),
        "count of all": lambda: index.matches("the"),
        "count of a hundredth": lambda: index.matches("heron"),
        "count of none": lambda: index.matches("walrus"),
        "count of one letter": lambda: index.matches("q"),
    }


def filters(index: ClusterIndex, address: str) -> dict[str, Callable[[], object]]:
    words = {
        "word of all": "the",
        "frequent word": WORDS[0],
        "word of a hundredth": "heron",
        "… in one series only": "otter",
        "word of five": "quokka",
        "word of none": "walrus",
        "one letter": "q",
        "one digit": "7",
        "two letters": "qu",
        "two frequent words": f"{WORDS[0]} {WORDS[1]}",
        "frequent and hundredth": f"{WORDS[0]} heron",
        "two hundredths": "heron otter",
        "frequent and none": f"{WORDS[0]} walrus",
        "address": address,
        "beginning of an address": address[:5],
        "longer beginning": address[:8],
        "six digits": address[10:16],
        "three digits": address[10:13],
    }
    return {what: partial(index.page, words=text) for what, text in words.items()}


@contextmanager
def galleries(counts: list[int]) -> Iterator[list[Gallery]]:
    if not counts:
        yield []
        return
    with postgres.database() as name:
        gallery = Gallery(name, counts[0])
        with galleries(counts[1:]) as others:
            yield [gallery, *others]
        gallery.database.close()


def main() -> int:
    counts = [int(argument.replace(",", "")) for argument in sys.argv[1:]] or [10_000, 1_000_000]
    missed = []
    with galleries(counts) as measured:
        print(f"load {os.getloadavg()[0]:.1f}; for each of {', '.join(f'{count:,}' for count in counts)} pictures:")
        print(
            "ms of wall time, processor time in the database and here, blocks; at the end the ratio of processor time"
        )
        for what in measured[0].questions:
            costs = [Cost(gallery, what) for gallery in measured]
            for _ in range(TIMES):
                for cost in costs:
                    cost.measure()
            first, last = costs[0].cpu, costs[-1].cpu
            ok = last <= max(MOST * first, FREE)
            missed += [] if ok else [what]
            print(f"  {what:24}", *costs, f"{last / first:6.1f} ×", "" if ok else "missed", flush=True)
        print(f"load {os.getloadavg()[0]:.1f}; missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
