"""Rows of pictures in a database, without their bytes: as many as are wanted, in five series."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterator

from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.pictures.index import ClusterIndex
from dalle.storage.cluster.pictures.words import pieces_of, words_of

SERIES = ("amber", "blue", "cyan", "dune", "ember")
FIRST_NS, STEP_NS = 1_700_000_000_000_000_000, 30_000_000_000
WORDS = [
    hashlib.sha1(str(number).encode(), usedforsecurity=False)
    .hexdigest()[:6]
    .translate(str.maketrans("0123456789", "ghijklmnop"))
    for number in range(2000)
]
SIZE = 1_500_000

PICTURES = """
    COPY pictures (series, name, object, modified_ns, size, whole, version, width, height, title, painter, words,
    painting) FROM STDIN
"""


def row(number: int, chance: random.Random) -> tuple[str, str, str]:
    """Return series, name and title of a picture: words are as frequent as words are.

    Each hundredth has an otter, all of them in one series, and each 101st a heron, in all of them.
    """
    name = f"0x{hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()}"
    words = [WORDS[min(int(chance.paretovariate(0.6)), len(WORDS)) - 1] for _ in range(5)]
    if number % 100 == 7:
        words.append("otter")
    if number % 101 == 7:
        words.append("heron")
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
        transaction.unhurried("SELECT")
        for statement in (
            "SET LOCAL idle_in_transaction_session_timeout = 0",
            "SET LOCAL session_replication_role = replica",
            "SET LOCAL maintenance_work_mem = '1GB'",
            "DROP INDEX grams_pieces",
        ):
            transaction.run(statement)
        with connection.cursor() as cursor, cursor.copy(PICTURES) as copy:
            for number, series, name, title in rows(count):
                moment = FIRST_NS + number * STEP_NS
                sums[series, moment // 3_600_000_000_000] += 1
                known = ("0123456789abcdef", 1024, 1138, title, "openai", words_of(series, name, title), 1024)
                copy.write_row((series, name, f"{series}/{name}", moment, SIZE, True, *known))
        ids = {row[1]: row[0] for row in transaction.run("SELECT id, name FROM pictures")}
        with connection.cursor() as cursor, cursor.copy("COPY grams (id, pieces) FROM STDIN") as copy:
            for _, series, name, title in rows(count):
                copy.write(f"{ids[name]}\t{{{','.join(pieces_of(series, name, title))}}}\n")  # none needs quotes
        for (series, hour), number in sums.items():
            transaction.later(80, "INSERT INTO changes VALUES (%s, %s, %s)", (series, hour, number))
        transaction.run("CREATE INDEX grams_pieces ON grams USING gin (pieces) WITH (fastupdate = off)")
    database.run("ANALYZE")
    ClusterIndex(database).tend(1)
