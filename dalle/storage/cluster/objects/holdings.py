"""What is kept of each key in the way of bytes, key by key, in bounded memory."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dalle.key import Key
from dalle.storage.blob import Blob, Original
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.objects.names import key_of

MOST = 500  # keys at a time
MADE_AGAIN = ["thumbs", "versions"]

PART = """
    (SELECT series, {address} AS address FROM {table}
    WHERE (series, {address}) > (%s, %s) AND (%s = '' OR series = %s) AND (%s::text[] = '{{}}' OR {address} = ANY(%s))
    ORDER BY series, {address} LIMIT %s)
"""
TABLES = {"pictures": "name", "previous": "name", "blobs": "address", "originals": "address"}
PARTS = " UNION ".join(PART.format(table=table, address=address) for table, address in TABLES.items())
KEYS = f"""
    SELECT series, address FROM ({PARTS}) AS keys ORDER BY series, address LIMIT %s
"""
THESE = "(SELECT * FROM unnest(%s::text[], %s::text[]))"
PICTURES = f"SELECT series, name FROM pictures WHERE (series, name) IN {THESE}"
PREVIOUS = f"SELECT series, name FROM previous WHERE (series, name) IN {THESE}"
BLOBS = f"""
    SELECT series, address, path FROM blobs WHERE (series, address) IN {THESE} AND kind <> ALL(%s) ORDER BY path
"""
ORIGINALS = f"""
    SELECT series, address, run_id, number, kind FROM originals WHERE (series, address) IN {THESE}
    ORDER BY number, kind
"""
COUNTS = "SELECT series, count(*) FROM pictures GROUP BY series ORDER BY series"
OTHERS = """
    SELECT series, name FROM pictures WHERE (series, name) > (%s, %s)
    AND (name !~ '^0x[0-9a-f]{40}$' OR series !~ '^[a-z0-9-]{1,64}$') ORDER BY series, name LIMIT %s
"""


class Held(NamedTuple):
    """What is kept of one key."""

    key: Key
    blobs: tuple[Blob, ...]
    originals: tuple[Original, ...]


class Holdings:
    """Those of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, series: str = "", addresses: Sequence[str] = ()) -> Iterator[Held]:
        """Yield what is kept of all keys, or of a series, or of some addresses, in the order of the keys."""
        last = ("", "")
        while keys := self._keys(last, series, list(addresses)):
            yield from self._held([key for row in keys if (key := key_of(*row))])
            last = keys[-1]

    def counts(self) -> list[tuple[str, int]]:
        """Return how many pictures each series has, whole or not; it counts them."""
        return [(series, count) for series, count in self._database.read(COUNTS)]

    def others(self) -> Iterator[str]:
        """Yield the public names of pictures that no key names."""
        last = ("", "")
        while rows := self._database.read(OTHERS, (*last, MOST)):
            for series, name in rows:
                yield f"{series}/annotated/{name}.png"
                last = series, name

    def _keys(self, last: tuple[str, str], series: str, addresses: list[str]) -> list[tuple[str, str]]:
        part = [*last, series, series, addresses, addresses, MOST]
        return [(row[0], row[1]) for row in self._database.read(KEYS, [*part * len(TABLES), MOST])]

    def _held(self, keys: list[Key]) -> Iterator[Held]:
        these = ([key.series for key in keys], [key.address for key in keys])
        blobs: dict[Key, list[Blob]] = {key: [] for key in keys}
        originals: dict[Key, list[Original]] = {key: [] for key in keys}
        for query, blob in ((PICTURES, Blob.picture), (PREVIOUS, Blob.previous)):
            for row in self._database.read(query, these):
                blobs[Key(*row)].append(blob(Key(*row)))
        for series, address, path in self._database.read(BLOBS, (*these, MADE_AGAIN)):
            blobs[Key(series, address)].append(Blob(Key(series, address), path))
        for series, address, run_id, number, kind in self._database.read(ORIGINALS, these):
            key = Key(series, address)
            originals[key].append(Original.of(key, run_id, number, kind))
        for key in keys:
            yield Held(key, tuple(blobs[key]), tuple(originals[key]))
