"""The first listing of a folder: the newest pictures at once, then all others.

Measured: a listing with a stat each takes 3.8 µs of processor time a picture, and writing a row about as much again.
So the page begins with what it shows first, and the rest follows in short transactions.
"""

import heapq
import os
from collections.abc import Iterable, Iterator

from dalle.storage.folder.index.file import UNREAD, IndexFile
from dalle.storage.folder.index.sequences import begin, bounds
from dalle.storage.folder.index.stamps import Stamps

FIRST = 2000
SLICE = 2000
STEP = 20_000
# Bytes of a folder that a picture's entry takes, named by an address. Source: measured on ext4, 81; XFS and Btrfs are
# close to it.
ENTRY = 80

INSERT = f"""INSERT INTO pictures SELECT ?1, ?2, ?4, ?5, ?3, {UNREAD}, 0, 0, '', ''
    WHERE NOT EXISTS (SELECT 1 FROM pictures WHERE folder=?2 AND name=?4)"""  # noqa: S608

Found = tuple[int, str, int]
"""Time, name and inode."""


class Loading:
    """Loads folders that the index knows nothing of."""

    def __init__(self, file: IndexFile, stamps: Stamps) -> None:
        self._file = file
        self._stamps = stamps

    def load(self, series: str, folder: int, entries: Iterable[os.DirEntry[str]]) -> None:
        """Add all pictures of a folder, as one sequence whose upper end comes first."""
        about = os.stat(self._stamps.path(series)).st_size // ENTRY
        found = list(self._found(folder, about, entries))
        newest = sorted(heapq.nlargest(FIRST, found))
        with self._file.writing() as base:
            first = bounds(begin(base, folder))[0] + 1
        self._add(folder, first + len(found) - len(newest), newest)
        if len(found) > len(newest):
            self._add_rest(folder, first, found, newest[0])

    def _found(self, folder: int, about: int, entries: Iterable[os.DirEntry[str]]) -> Iterator[Found]:
        for number, entry in enumerate(entries):
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if number % STEP == STEP - 1:
                self._file.base().execute("UPDATE folders SET seen=?, about=? WHERE id=?", (number, about, folder))
            yield status.st_mtime_ns, entry.name[:-4], status.st_ino

    def _add_rest(self, folder: int, first: int, found: list[Found], newest: Found) -> None:
        """SQLite sorts what is older than `newest`: Python would stop all other threads meanwhile."""
        base = self._file.base()
        base.execute("CREATE TEMP TABLE IF NOT EXISTS arrived (moment INTEGER, name TEXT, inode INTEGER)")
        base.execute("DELETE FROM arrived")
        base.execute("BEGIN")
        base.executemany("INSERT INTO arrived VALUES (?, ?, ?)", (row for row in found if row < newest))
        count = len(found)
        found.clear()
        base.execute("COMMIT")
        base.execute("CREATE TEMP TABLE ordered AS SELECT * FROM arrived ORDER BY moment, name")
        base.execute("DELETE FROM arrived")
        try:
            for high in range(count, 0, -SLICE):
                query = "SELECT moment, name, inode FROM ordered WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
                rows = base.execute(query, (max(high - SLICE, 0) + 1, high)).fetchall()
                self._add(folder, first + max(high - SLICE, 0), rows)
        finally:
            base.execute("DROP TABLE ordered")

    def _add(self, folder: int, number: int, rows: list[Found]) -> None:
        """Add rows from an id on, but for those that runs have published meanwhile."""
        with self._file.writing() as base:
            cursor = base.executemany(
                INSERT,
                ((at, folder, *row) for at, row in enumerate(rows, number)),
            )
            newest = rows[-1][0] if rows else 0
            base.execute(
                "UPDATE folders SET count=count+?, newest=max(newest, ?) WHERE id=?", (cursor.rowcount, newest, folder)
            )
