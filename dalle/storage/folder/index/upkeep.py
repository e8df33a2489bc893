"""Keeps the index up to date: a little of it before each query, the rest in the background."""

import math
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from dalle.key import Key
from dalle.storage.folder.index.background import Background
from dalle.storage.folder.index.file import PATIENCE as QUICKLY
from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.following import MOST_NAMES
from dalle.storage.folder.index.listing import Listing
from dalle.storage.folder.index.picture_files import PictureFiles
from dalle.storage.folder.index.table import PictureTable, Row
from dalle.storage.picture import Picture, Progress, Upkeep

# So many new pictures are read before a filter is applied; what is beyond waits for the background.
MOST_READ = 300
BATCH = 200
# Large parts of the words. FTS5 itself leaves up to fourteen when it learns a million, with which a filter takes up to
# twice as long as with two. Those of a size are merged, so that more than this may be left.
MOST_PARTS = 4
# The words of more pictures than this, read in one go, are merged in any case: they take a fifth less room.
MANY = 5000
# Seconds after which others' changes are looked for again: reading a million pictures takes minutes.
PAUSE = 1.0
# Seconds: a caretaker, where there is one, calls every second.
PATIENCE = 2.0
MOST_REPORTED = 500


class IndexUpkeep:
    """The work on one index file."""

    def __init__(self, file: IndexFile, table: PictureTable, listing: Listing, files: PictureFiles) -> None:
        self._file = file
        self._table = table
        self._listing = listing
        self._files = files
        self._background = Background(self.catch_up)
        self._unread_since = math.inf
        self._merging = False
        self._merged = 0  # parts that the last merge left

    def refresh(self) -> None:
        """List the small folders that changed, and see to it that the others are listed."""
        if not self._list_quickly() or self._is_left_alone():
            self._background.start()

    def _is_left_alone(self) -> bool:
        """Return whether pictures have waited for so long to be read that no caretaker seems to do it."""
        if not self._table.unread(1):
            self._unread_since = math.inf
        elif self._unread_since == math.inf:
            self._unread_since = time.monotonic()
        return time.monotonic() - self._unread_since > PATIENCE

    def _list_quickly(self) -> bool:
        """Return whether all changed folders were small ones."""
        try:
            return self._listing.update_small(self._listing.unsettled())
        except sqlite3.OperationalError:  # busy, or the disk is full: what is known is still worth showing
            return False

    def progress(self) -> Progress:
        """Return how far the index is."""
        known, about = self._table.counted()
        return Progress(known, about + self._listing.estimate(), self._table.count_unread())

    def read_new(self) -> None:
        """Read the pictures that came last, so that they are found by their titles."""
        self._read(self._table.unread(MOST_READ))

    def tend(self, seconds: float) -> Upkeep:
        """Read new pictures for at most about so long; what takes longer is left to the background."""
        with self._file.patient():
            return self._tend(seconds)

    def _tend(self, seconds: float) -> Upkeep:
        if not self._list_quickly():
            self._background.start().join(seconds)
        end = time.monotonic() + seconds
        while not self._background.is_running and (rows := self._table.unread(BATCH)):
            self._read(rows)
            if time.monotonic() > end:
                self._background.start()
        if self._table.parts() > max(MOST_PARTS, self._merged):
            self._background.start()
        torn = self._read(self._table.torn(MOST_REPORTED))
        names = self._table.vanished(MOST_REPORTED)
        # Nothing belongs to a file that is not called after a key.
        self._table.forget_vanished(name for name in names if Picture(*name, 0).key is None)
        count, self._listing.listed = self._listing.listed, 0
        return Upkeep(keys(torn), keys(Picture(*name, 0) for name in names), count)

    def catch_up(self) -> None:
        """List all folders that changed, and read all new pictures, with as much rest as work."""
        with self._file.alone() as alone, self._file.patient():
            if not alone:
                return
            self._list()
            listed, read = time.monotonic(), 0
            while (rows := self._table.unread(BATCH)) or self._merge(1 if read > MANY else MOST_PARTS):
                with self._rested(), suppress(sqlite3.OperationalError):
                    self._read(rows)
                    read += len(rows)
                if time.monotonic() - listed > PAUSE:
                    self._list()
                    listed = time.monotonic()
            self._tidy()

    def _merge(self, most_parts: int) -> bool:
        """Merge some of the words where they are in too many parts; return whether there is more to be merged."""
        more = False
        with suppress(sqlite3.OperationalError):  # busy, or the disk is full: another time
            if self._merging or self._table.parts() > most_parts:
                with self._rested(), self._file.writing():
                    more = self._table.merge()
        self._merging = more
        if not more:
            self._merged = self._table.parts()
        return more

    def _tidy(self) -> None:
        """Leave no room in the files that nothing needs."""
        loose = True
        with suppress(sqlite3.OperationalError):
            while loose:
                with self._rested():
                    loose = self._file.compact()
            with self._file.patient(QUICKLY):
                self._file.empty_journal()

    @contextmanager
    def _rested(self) -> Iterator[None]:
        """Rest as long as the work took."""
        began = time.monotonic()
        yield
        time.sleep(time.monotonic() - began)

    def _list(self) -> None:
        """List all folders that changed, first those that nothing is known of."""
        for folder in sorted(self._listing.unsettled(MOST_NAMES), key=lambda folder: folder.size):
            self._listing.update(folder)
        self._listing.name()
        self._listing.join()

    def _read(self, rows: list[Row]) -> list[Picture]:
        """Read pictures and keep what they say; return the torn ones."""
        read = [(row, self._files.read(row.picture)) for row in rows]
        if read:
            with self._file.writing():
                self._table.note(read)
        return [row.picture for row, picture in read if picture is None]


def keys(pictures: Iterable[Picture]) -> list[Key]:
    """The keys of pictures that have one."""
    return [picture.key for picture in pictures if picture.key]
