"""Brings the index up to date with folders that others changed: operators, other programs, older versions.

A folder is listed by difference: names and inodes are compared (a rename over a file changes its inode), and each
picture that differs is looked at again inside the transaction that changes its row, so that what runs publish and
remove meanwhile is never undone. Measured: listing 100,000 names with inodes 81 ms, with a stat each 478 ms.

Accepted, where a folder is not followed (`following`): an overwrite in place changes neither folder nor inode, and a
picture that is deleted and put back between two listings may get its old inode. Such a picture keeps its old position
until it is replaced.
"""

import os
import secrets
import sqlite3
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.following import Following, Settling
from dalle.storage.folder.index.loading import Begun, Loading
from dalle.storage.folder.index.sequences import HIDDEN, close, discard, staged
from dalle.storage.folder.index.stamps import PNG, Stamps, signed
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.index.watch import Watch

# A query lists folders of so many pictures in all itself: it takes 10 ms. Larger ones are listed in the background.
QUICK = 1000
# Pictures that one transaction moves to another sequence, with their words, and the seconds until the next: SQLite does
# not queue those who wait, it has each try again after at most 0.1 s. With 2,000 at once a busy machine takes 30 s.
JOINED, REST = 20, 0.11
# So many files that were changed are settled by a query: it takes 10 ms.
MOST_SETTLED = 100


@dataclass(frozen=True, slots=True)
class Changed:
    """A folder to be listed; `size`: pictures that the index knows there, -1 when it was never listed to the end."""

    series: str
    size: int


class Listing:
    """Lists the folders of one data folder into the index's tables. `listed`: how many folders it has listed."""

    def __init__(self, file: IndexFile, table: PictureTable, stamps: Stamps, watch: Watch) -> None:
        self._file = file
        self._table = table
        self._stamps = stamps
        self._loading = Loading(file, stamps)
        self._settling = Settling(file, table, stamps)
        self._following = Following(file, self._settling, stamps, watch)
        self.listed = 0

    def changed(self) -> list[Changed]:
        """Return the folders that others changed, or that are gone."""
        return self._compared()[0]

    def unsettled(self, most: int = MOST_SETTLED) -> list[Changed]:
        """Settle the folders where no more than `most` files were changed, if they are known; return the others."""
        present = self._following.present()
        changed, unchanged = self._compared()
        self._following.keep(unchanged, present, most)
        return [folder for folder in changed if not self._following.settle(folder.series, present, most)]

    def _compared(self) -> tuple[list[Changed], list[str]]:
        """Return the folders that others changed, or that are gone, and the series of all others."""
        query = "SELECT series, stamp, listing, count FROM folders"
        known = {row[0]: row[1:] for row in self._file.base().execute(query)}
        changed, unchanged = [], []
        for series, moment in self._stamps.series():
            stamp, listing, count = known.pop(series, (0, 0, -1))
            if moment != stamp or listing:
                changed.append(Changed(series, count))
            else:
                unchanged.append(series)
        return changed + [Changed(series, count) for series, (_, _, count) in known.items()], unchanged

    def estimate(self) -> int:
        """Return about how many pictures are in folders that were never listed."""
        return sum(self._stamps.estimate(folder.series) for folder in self.changed() if folder.size < 0)

    def update_small(self, folders: Iterable[Changed]) -> bool:
        """List folders as long as they have no more than QUICK pictures together; return whether these were all."""
        left, done = QUICK, True
        for folder in folders:
            size = folder.size if folder.size > left else max(folder.size, self._count(folder.series, left + 1))
            if size > left:
                done = False
            else:
                left -= size
                self.update(folder)
        return done

    def update(self, folder: Changed) -> None:
        """List a folder, however long it takes."""
        followed = self._following.begin(folder.series)
        try:
            begun = self._begin(folder.series)
        except (FileNotFoundError, NotADirectoryError):
            self._remove(folder)
            return
        self.listed += 1
        if folder.size > 0 or not self._loading.load(begun):
            self._compare(begun)
        self._following.listed(folder.series, followed)

    def name(self) -> None:
        """Do what a first listing leaves for later."""
        self._loading.name()

    def join(self) -> None:
        """Join the short sequences of each series."""
        for folder in self._table.folders():
            number = self._table.folder(folder.series)
            if number is None:
                continue
            rows = self._table.scattered(number)
            for at in range(0, len(rows), JOINED):
                with self._file.writing():
                    self._table.join(number, rows[at : at + JOINED])
                time.sleep(REST)
            if rows:
                with self._file.writing() as base:
                    close(base, folder.series)

    def _count(self, series: str, most: int) -> int:
        """Return how many files a folder has, counted up to `most`."""
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._stamps.path(series)) as entries:
            return sum(1 for _ in islice(entries, most))
        return 0

    def _begin(self, series: str) -> Begun:
        """Mark the folder, so that each change from now on is seen."""
        token = secrets.randbits(60) + 1
        with self._file.writing() as base:
            row = base.execute("SELECT id, stamp FROM folders WHERE series=?", (series,)).fetchone()
            stamp = self._stamps.mark(series, row[1] if row else 0)
            if row is None:
                row = base.execute("INSERT INTO folders (series) VALUES (?) RETURNING id", (series,)).fetchone()
            number: int = row[0]
            base.execute("UPDATE folders SET stamp=?, listing=? WHERE id=?", (stamp, token, number))
        return Begun(series, number, token)

    def _remove(self, folder: Changed) -> None:
        """Remove what the index knows of a series whose folder is gone."""
        names = [row[0] for row in self._names(folder.series)]
        self._settling.settle(folder.series, names)
        with self._file.writing() as base:
            number = self._table.folder(folder.series)
            if number and not any(self._names(folder.series)) and not os.path.isdir(self._stamps.path(folder.series)):
                for sequence in staged(base, HIDDEN, number):
                    discard(base, sequence)
                base.execute("DELETE FROM sequences WHERE folder=?", (number,))
                base.execute("DELETE FROM folders WHERE id=?", (number,))

    def _names(self, series: str) -> sqlite3.Cursor:
        query = "SELECT name FROM folders JOIN names ON folder=folders.id WHERE series=?"
        return self._file.base().execute(query, (series,))

    def _compare(self, begun: Begun) -> None:
        """Compare the folder with the table. SQLite does so: it needs no memory for it, and lets requests through."""
        self._loading.name()
        base = self._file.base()
        base.execute("CREATE TEMP TABLE IF NOT EXISTS found (name TEXT, inode INTEGER)")
        base.execute("CREATE TEMP TABLE IF NOT EXISTS present (name TEXT PRIMARY KEY, inode INTEGER) WITHOUT ROWID")
        base.execute("BEGIN")
        try:
            rows = ((entry.name[: -len(PNG)], signed(entry.inode())) for entry in self._stamps.pictures(begun.series))
            base.executemany("INSERT INTO found VALUES (?, ?)", rows)
            base.execute("INSERT OR IGNORE INTO present SELECT * FROM found ORDER BY name")
            fresh = (
                "SELECT name FROM present WHERE NOT EXISTS (SELECT 1 FROM names AS known "
                "WHERE folder=? AND known.name=present.name AND known.inode=present.inode)"
            )
            gone = (
                "SELECT name FROM names AS known WHERE folder=? "
                "AND NOT EXISTS (SELECT 1 FROM present WHERE present.name=known.name)"
            )
            names = [row[0] for query in (fresh, gone) for row in base.execute(query, (begun.number,))]
        finally:
            base.execute("ROLLBACK")
        self._settling.settle(begun.series, names)
        with self._file.writing():
            end = "UPDATE folders SET listing=0, seen=0, about=0 WHERE id=? AND listing=?"
            base.execute(end, (begun.number, begun.token))
