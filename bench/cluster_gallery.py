"""Measures the cluster's gallery: `python -m bench.cluster_gallery [pictures…]`, 10,000 and 1,000,000 by default.

Rows only, in a PostgreSQL of its own: no picture is painted or stored. For each question the time of the median and of
the slowest tenth of 40, in milliseconds, with the load of the machine, and the blocks of 8 kB that PostgreSQL read,
which do not depend on that load.
"""

import hashlib
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from statistics import median, quantiles

from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.pictures.index import ClusterIndex
from dalle.storage.cluster.pictures.words import pieces_of, words_of
from dalle.storage.cluster.schema import Schema
from tests.kit import postgres

SERIES = ("amber", "blue", "cyan", "dune", "ember")
FIRST_NS, STEP_NS = 1_700_000_000_000_000_000, 30_000_000_000
WORDS = [
    hashlib.sha1(str(number).encode(), usedforsecurity=False)
    .hexdigest()[:6]
    .translate(str.maketrans("0123456789", "ghijklmnop"))
    for number in range(2000)
]
TIMES = 40

PICTURES = """
    COPY pictures (series, name, object, modified_ns, size, whole, version, width, height, title, painter, words)
    FROM STDIN
"""


def row(number: int, chance: random.Random) -> tuple[str, str, str]:
    """A picture: words of a title are as frequent as words are, and each hundredth has an otter."""
    name = f"0x{hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()}"
    words = [WORDS[min(int(chance.paretovariate(0.6)), len(WORDS)) - 1] for _ in range(5)]
    if number % 100 == 7:
        words.append("otter")
    if number < 5:
        words.append("quokka")
    return SERIES[number % len(SERIES)], name, f"The {' '.join(words)}"


def rows(count: int) -> Iterator[tuple[int, str, str, str]]:
    chance = random.Random(1)
    for number in range(count):
        yield (number, *row(number, chance))


def fill(database: Database, count: int) -> None:
    """Without triggers and the index of pieces, which are made at the end: it takes an hour otherwise."""
    sums: Counter[tuple[str, int]] = Counter()
    with database.begin() as transaction:
        connection = transaction._connection
        for statement in (
            "SET LOCAL statement_timeout = 0",
            "SET LOCAL session_replication_role = replica",
            "DROP INDEX grams_pieces",
        ):
            transaction.run(statement)
        with connection.cursor() as cursor, cursor.copy(PICTURES) as copy:
            for number, series, name, title in rows(count):
                moment = FIRST_NS + number * STEP_NS
                sums[series, moment // 3_600_000_000_000] += 1
                known = ("0123456789abcdef", 1024, 1138, title, "openai", words_of(series, name, title))
                copy.write_row((series, name, f"{series}/{name}", moment, 1_500_000, True, *known))
        ids = {row[1]: row[0] for row in transaction.run("SELECT id, name FROM pictures")}
        with connection.cursor() as cursor, cursor.copy("COPY grams (id, pieces) FROM STDIN") as copy:
            for _, series, name, title in rows(count):
                copy.write_row((ids[name], pieces_of(series, name, title)))
        for (series, hour), number in sums.items():
            transaction.later(80, "INSERT INTO changes VALUES (%s, %s, %s)", (series, hour, number))
        transaction.run("CREATE INDEX grams_pieces ON grams USING gin (pieces) WITH (fastupdate = off)")
    database.run("ANALYZE")
    ClusterIndex(database).tend(1)


def questions(index: ClusterIndex, count: int) -> dict[str, Callable[[], object]]:
    page = index.page(limit=48)
    middle = index.position(share=0.5)
    some = index.page(after=middle, limit=1).pictures[0]
    return {
        "folders": index.folders,
        "first page": index.page,
        "second page": lambda: index.page(after=page.after),
        "page in the middle": lambda: index.page(after=middle),
        "back from the middle": lambda: index.page(until=middle),
        "position of a share": lambda: index.position(share=0.37),
        "position of a moment": lambda: index.position(before_ns=FIRST_NS + count // 3 * STEP_NS),
        "share of a position": lambda: index.share(middle),
        "around": lambda: index.around(some),
        "find": lambda: index.find(some.series, some.name),
        "word of all": lambda: index.page(words="the"),
        "word of a hundredth": lambda: index.page(words="otter"),
        "word of five": lambda: index.page(words="quokka"),
        "word of none": lambda: index.page(words="walrus"),
        "two words": lambda: index.page(words=f"otter {WORDS[1]}"),
        "address": lambda: index.page(words=some.name),
        "six digits": lambda: index.page(words=some.name[10:16]),
        "three digits": lambda: index.page(words=some.name[10:13]),
        "two letters": lambda: index.page(words="qu"),
        "around a hundredth": lambda: index.around(some, words="otter"),
        "count of all": lambda: index.matches("the"),
        "count of a hundredth": lambda: index.matches("otter"),
        "count of none": lambda: index.matches("walrus"),
    }


def blocks(database: Database) -> int:
    """Return how many blocks were looked at in this database so far, by the only connection."""
    database.read("SELECT pg_stat_force_next_flush()")
    ((count,),) = database.read("SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()")
    return int(count)


def measure(database: Database, question: Callable[[], object]) -> tuple[float, float, int]:
    times = []
    question()
    rest = -blocks(database) + blocks(database)
    before = blocks(database)
    question()
    looked_at = blocks(database) - before - rest
    for _ in range(TIMES):
        began = time.perf_counter()
        question()
        times.append((time.perf_counter() - began) * 1000)
    return median(times), quantiles(times, n=10)[-1], max(looked_at, 0)


def main() -> None:
    counts = [int(argument.replace(",", "")) for argument in sys.argv[1:]] or [10_000, 1_000_000]
    found: dict[str, list[tuple[float, float, int]]] = {}
    for count in counts:
        with postgres.database() as name:
            database = Database(postgres.server().url(name, postgres.SUPERUSER), most=1)
            Schema(database).migrate()
            began = time.monotonic()
            fill(database, count)
            print(
                f"{count:,} rows: filled in {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True
            )
            for what, question in questions(ClusterIndex(database), count).items():
                found.setdefault(what, []).append(measure(database, question))
            database.close()
    print(
        f"load {os.getloadavg()[0]:.1f}; median and slowest tenth in ms, and blocks, for",
        *[f"{count:,}" for count in counts],
    )
    for what, times in found.items():
        print(f"  {what:22}", *[f"{half:9.2f} {tenth:9.2f} {looked:6}" for half, tenth, looked in times])


if __name__ == "__main__":
    main()
