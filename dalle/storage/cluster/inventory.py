"""The inventory of a cluster: the rows of one moment, copied to this host's disk.

So the transaction that reads everything is over before anything is done with it.
"""

import json
from collections.abc import Iterator, Sequence

from dalle.key import Key
from dalle.storage.blob import Blob, Original
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.objects.objects import Objects
from dalle.storage.inventory import Fault, Holding
from dalle.storage.local.scratch import ScratchInventory

HOLDINGS = """
    CREATE TABLE holdings (series TEXT, address TEXT, blobs TEXT, originals TEXT, PRIMARY KEY (series, address));
"""
CALLS = """
    SELECT sent_ns, id, series, address, line FROM calls WHERE (sent_ns, id) > (%s, %s) ORDER BY sent_ns, id LIMIT %s
"""
PART = 2_000
"""Rows that are read in one journey."""


class ClusterInventory(ScratchInventory):
    """Satisfies `Inventory`. `series` and `addresses`: of these only, unless they are empty."""

    def __init__(
        self, database: Database, objects: Objects, *, series: str = "", addresses: Sequence[str] = ()
    ) -> None:
        super().__init__("holdings", HOLDINGS, series=series, addresses=addresses)
        with database.begin(snapshot=True):
            self._fill("holdings", map(row_of, objects.holdings(series, addresses)))
            self._fill("calls", self._calls_of(database))
            self._fill("pictures", objects.picture_counts())
            self._fill("others", ((name,) for name in objects.others()))
        self._sort()

    def _calls_of(self, database: Database) -> Iterator[tuple[str, str, int, bytes]]:
        place = (-1, 0)
        while rows := database.read(CALLS, (*place, PART)):
            for sent_ns, number, series, address, line in rows:
                place = (sent_ns, number)
                if self._wants(series, address):
                    yield series, address, sent_ns, line

    def __iter__(self) -> Iterator[Holding]:
        for key in self._keys():
            yield self._holding(key)

    def _holding(self, key: Key) -> Holding:
        this = (key.series, key.address)
        row = self._base.execute("SELECT blobs, originals FROM holdings WHERE series=? AND address=?", this).fetchone()
        paths, names = (json.loads(part) for part in row) if row else ([], [])
        originals = tuple(Original.of(key, *name) for name in names)
        return Holding(key, tuple(Blob(key, path) for path in paths), originals, self._calls(key))

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
