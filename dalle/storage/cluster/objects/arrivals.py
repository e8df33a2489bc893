"""The originals that came since the last time they were asked for."""

from collections.abc import Iterator

from dalle.key import Key
from dalle.storage.blob import Original
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.objects.rows import ARRIVED

MOST = 1000  # at each call
OVERLAP_NS = 60_000_000_000
"""A row may become visible so much later than the time in it says."""


class Arrivals:
    """What one process has seen of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._since = 0
        self._seen: dict[tuple[object, ...], int] = {}

    def new(self) -> Iterator[Original]:
        """Yield those that were not yielded before, the oldest first: a bounded number."""
        rows = self._database.read(ARRIVED, (self._since, MOST + len(self._seen)))
        new = [row for row in rows if row not in self._seen]
        self._seen.update((row, row[-1]) for row in new)
        if rows:
            self._since = max(self._since, rows[-1][-1] - OVERLAP_NS)
            self._seen = {row: moment for row, moment in self._seen.items() if moment >= self._since}
        for series, address, run_id, number, kind, _ in new:
            yield Original.of(Key(series, address), run_id, number, kind)
