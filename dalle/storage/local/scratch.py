"""What an inventory has listed, in a database without a name that SQLite keeps on disk as soon as it is large.

So a million keys take temporary space (SQLITE_TMPDIR says where), and little memory. It is gone when it is closed.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dalle.key import ADDRESS, SERIES, Key
from dalle.storage.codec import decode_object

SCHEMA = """
    CREATE TABLE calls (series TEXT, address TEXT, sent INTEGER, line BLOB);
    CREATE TABLE others (name TEXT);
    CREATE TABLE pictures (series TEXT PRIMARY KEY, count INTEGER);
"""
SORTED = """
    CREATE INDEX calls_by_key ON calls (series, address, sent);
    CREATE VIEW keys AS SELECT series, address FROM {held} UNION SELECT series, address FROM calls;
"""


class ScratchInventory:
    """What the inventories of all engines have in common.

    series, addresses  of these only, unless they are empty
    held               a table of the engine's own, which `tables` makes: its first columns are series and address

    It is filled, then sorted, then read.
    """

    def __init__(self, held: str, tables: str, *, series: str = "", addresses: Sequence[str] = ()) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._held = held
        self._series = series
        self._addresses = frozenset(addresses)
        self._base.executescript(SCHEMA + tables)
        self._base.execute("BEGIN")

    def close(self) -> None:
        self._base.close()

    def __len__(self) -> int:
        return int(self._base.execute("SELECT COUNT(*) FROM keys").fetchone()[0])

    def series(self) -> list[str]:
        query = "SELECT DISTINCT series FROM keys UNION SELECT series FROM pictures ORDER BY series"
        return [name for (name,) in self._base.execute(query)]

    def pictures(self, series: str) -> int:
        row = self._base.execute("SELECT count FROM pictures WHERE series=?", (series,)).fetchone()
        return int(row[0]) if row else 0

    def others(self) -> Iterator[str]:
        for (name,) in self._base.execute("SELECT name FROM others ORDER BY name"):
            yield name

    # -- for the engine ----------------------------------------------------------------------------------------

    def _wants(self, series: str, address: str) -> bool:
        """Return whether they are a key that is to be listed."""
        valid = SERIES.fullmatch(series) and ADDRESS.fullmatch(address)
        return bool(valid and self._series in ("", series) and (not self._addresses or address in self._addresses))

    def _fill(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self._base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - our own

    def _sort(self) -> None:
        """Make what was filled in readable by key."""
        self._base.executescript(SORTED.format(held=self._held))  # which commits first

    def _keys(self) -> Iterator[Key]:
        for series, address in self._base.execute("SELECT series, address FROM keys ORDER BY series, address"):
            yield Key(series, address)

    def _calls(self, key: Key) -> tuple[dict[str, Any], ...]:
        query = "SELECT line FROM calls WHERE series=? AND address=? ORDER BY sent"
        return tuple(decode_object(line) for (line,) in self._base.execute(query, (key.series, key.address)))
