"""The first listing of a folder: the newest pictures at once, then all others.

Measured: a listing with a stat each takes 3.8 µs of processor time a picture, and writing a row about as much again.
So what the page shows first comes first.
"""

import heapq
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress

from dalle.storage.folder.index.file import UNREAD, IndexFile
from dalle.storage.folder.index.sequences import begin, bounds
from dalle.storage.folder.index.stamps import Stamps

FIRST = 2000
STEP = 20_000

PICTURES = f"""INSERT INTO pictures
    SELECT ?1 + rowid - 1, ?2, name, inode, moment, {UNREAD}, 0, 0, '', '' FROM ordered ORDER BY rowid"""  # noqa: S608
NAMES = "INSERT INTO names SELECT ?1, name, inode, ?2 + rowid - 1 FROM ordered ORDER BY name"

Found = tuple[int, str, int]
"""Time, name and inode."""


class Loading:
    """Loads folders that the index knows nothing of."""

    def __init__(self, file: IndexFile, stamps: Stamps) -> None:
        self._file = file
        self._stamps = stamps

    def load(self, series: str, folder: int, entries: Iterable[os.DirEntry[str]]) -> None:
        """Add all pictures of a folder, as one sequence whose upper end comes first."""
        with self._file.writing() as base:
            first = bounds(begin(base, folder))[0] + 1
            base.execute("UPDATE folders SET about=? WHERE id=?", (self._stamps.estimate(series), folder))
        found = list(self._found(folder, entries))
        newest = heapq.nlargest(FIRST, found)
        self._add(folder, first + len(found) - len(newest), newest)
        if len(found) > len(newest):
            self._add(folder, first, (row for row in found if row < newest[-1]))

    def _found(self, folder: int, entries: Iterable[os.DirEntry[str]]) -> Iterator[Found]:
        for number, entry in enumerate(entries):
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if number % STEP == STEP - 1:
                with suppress(sqlite3.OperationalError):  # busy: it is only for the page to show
                    self._file.base().execute("UPDATE folders SET seen=? WHERE id=?", (number, folder))
            yield status.st_mtime_ns, entry.name[:-4], status.st_ino

    def _add(self, folder: int, first: int, rows: Iterable[Found]) -> None:
        """Add rows from an id on, but for those that runs have published meanwhile.

        SQLite sorts them: Python would stop all other threads meanwhile.
        """
        base = self._file.base()
        base.execute("CREATE TEMP TABLE IF NOT EXISTS arrived (moment INTEGER, name TEXT, inode INTEGER)")
        base.execute("BEGIN")
        base.execute("DELETE FROM arrived")
        base.executemany("INSERT INTO arrived VALUES (?, ?, ?)", rows)
        base.execute("COMMIT")
        with self._file.writing():
            base.execute("DELETE FROM arrived WHERE name IN (SELECT name FROM names WHERE folder=?)", (folder,))
            base.execute("CREATE TEMP TABLE ordered AS SELECT * FROM arrived ORDER BY moment, name")
            added = base.execute(PICTURES, (first, folder)).rowcount
            base.execute(NAMES, (folder, first))
            newest = base.execute("SELECT max(moment) FROM ordered").fetchone()[0]
            base.execute(
                "UPDATE folders SET count=count+?, newest=max(newest, ?) WHERE id=?", (added, newest or 0, folder)
            )
            base.execute("DROP TABLE ordered")
            base.execute("DELETE FROM arrived")
