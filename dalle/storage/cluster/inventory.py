"""The inventory of a cluster: the rows of one moment, copied into a database without a name on this host's disk.

SQLite keeps it on disk as soon as it is large (SQLITE_TMPDIR says where), and it is gone when it is closed. So the
transaction that reads everything is over before anything is done with it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dalle.key import ADDRESS, SERIES, Key
from dalle.storage.blob import Blob, Original
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.objects.objects import Objects
from dalle.storage.inventory import Fault, Holding

SCHEMA = """
    CREATE TABLE holdings (series TEXT, address TEXT, blobs TEXT, originals TEXT, PRIMARY KEY (series, address));
    CREATE TABLE calls (series TEXT, address TEXT, sent INTEGER, line BLOB);
    CREATE INDEX calls_by_key ON calls (series, address, sent);
    CREATE TABLE pictures (series TEXT PRIMARY KEY, count INTEGER);
    CREATE TABLE others (name TEXT);
    CREATE VIEW keys AS SELECT series, address FROM holdings UNION SELECT series, address FROM calls;
"""
CALLS = """
    SELECT sent_ns, id, series, address, line FROM calls WHERE (sent_ns, id) > (%s, %s) ORDER BY sent_ns, id LIMIT %s
"""
PART = 2_000
"""Rows that are read in one journey."""


class ClusterInventory:
    """Satisfies `Inventory`. `series` and `addresses`: of these only, unless they are empty."""

    def __init__(
        self, database: Database, objects: Objects, *, series: str = "", addresses: Sequence[str] = ()
    ) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._series = series
        self._addresses = frozenset(addresses)
        self._base.executescript(SCHEMA)
        self._base.execute("BEGIN")
        with database.begin(snapshot=True):
            self._fill("holdings", map(row_of, objects.holdings(series, addresses)))
            self._fill("calls", self._calls_of(database))
            self._fill("pictures", objects.picture_counts())
            self._fill("others", ((name,) for name in objects.others()))
        self._base.execute("COMMIT")

    def close(self) -> None:
        self._base.close()

    def _fill(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self._base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def _calls_of(self, database: Database) -> Iterator[tuple[str, str, int, bytes]]:
        place = (-1, 0)
        while rows := database.read(CALLS, (*place, PART)):
            for sent_ns, number, series, address, line in rows:
                place = (sent_ns, number)
                if self._wants(series, address):
                    yield series, address, sent_ns, line

    def _wants(self, series: str, address: str) -> bool:
        valid = SERIES.fullmatch(series) and ADDRESS.fullmatch(address)
        return bool(valid and self._series in ("", series) and (not self._addresses or address in self._addresses))

    # -- what is in it -----------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return int(self._base.execute("SELECT COUNT(*) FROM keys").fetchone()[0])

    def __iter__(self) -> Iterator[Holding]:
        for series, address in self._base.execute("SELECT series, address FROM keys ORDER BY series, address"):
            yield self._holding(Key(series, address))

    def _holding(self, key: Key) -> Holding:
        this = (key.series, key.address)
        row = self._base.execute("SELECT blobs, originals FROM holdings WHERE series=? AND address=?", this).fetchone()
        paths, names = (json.loads(part) for part in row) if row else ([], [])
        originals = tuple(Original.of(key, *name) for name in names)
        calls = self._base.execute("SELECT line FROM calls WHERE series=? AND address=? ORDER BY sent", this)
        return Holding(
            key, tuple(Blob(key, path) for path in paths), originals, tuple(json.loads(line) for (line,) in calls)
        )

    def series(self) -> list[str]:
        query = "SELECT DISTINCT series FROM keys UNION SELECT series FROM pictures ORDER BY series"
        return [name for (name,) in self._base.execute(query)]

    def pictures(self, series: str) -> int:
        row = self._base.execute("SELECT count FROM pictures WHERE series=?", (series,)).fetchone()
        return int(row[0]) if row else 0

    def others(self) -> Iterator[str]:
        for (name,) in self._base.execute("SELECT name FROM others ORDER BY name"):
            yield name

    # -- what is wrong with it ---------------------------------------------------------------------------------

    def faults(self, key: Key) -> list[Fault]:
        """Return none: names, copies and leftovers are rows, whose constraints hold."""
        return []

    def stray(self) -> list[Fault]:
        return []


def row_of(holding: tuple[Key, Sequence[Blob], Sequence[Original]]) -> tuple[str, str, str, str]:
    """Return a key's holding as SQLite keeps it."""
    key, blobs, originals = holding
    paths = sorted(blob.path for blob in blobs)
    names = sorted((original.number, original.run_id, original.kind) for original in originals)
    known = [(run_id, number, kind) for number, run_id, kind in names]
    return key.series, key.address, json.dumps(paths), json.dumps(known)
