"""What this program itself changes in the folders: noted in the index together with the folder's new time.

Nobody has to list a folder because a run published a picture there. In one transaction of the index the folder has the
known time, the file is changed, the folder is marked, and nobody else changed it meanwhile. Wherever the process is
killed in between, the folder has another time than the index knows, and is listed again.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from dalle.key import Key
from dalle.storage.folder.index.file import SHORT, IndexFile
from dalle.storage.folder.index.stamps import PNG, Stamps, signed, status_of
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.index.watch import Watch
from dalle.storage.picture import Picture


@dataclass(frozen=True, slots=True)
class Known:
    """A folder before a change. `changed`: what happens in it from now on; None: its time is not known."""

    number: int
    stamp: int
    listing: bool
    changed: Callable[[], Counter[str]] | None


class Changes:
    """Notes the changes of single pictures. Where that is not possible, the folder is listed again later."""

    def __init__(self, file: IndexFile, table: PictureTable, stamps: Stamps, watch: Watch) -> None:
        self._file = file
        self._table = table
        self._stamps = stamps
        self._watch = watch

    @contextmanager
    def noted(self, key: Key, *, report: bool = False) -> Iterator[None]:
        """Note that the file of a key's picture is changed, at most once, inside the `with` statement.

        `report`: a picture that is gone afterwards is reported as one that was removed by hand. Raises nothing itself.
        """
        with ExitStack() as stack:
            known = self._begin(stack, key)
            yield
            if known:
                with suppress(OSError, sqlite3.Error):
                    self._note(key, known, report=report)
                    self._file.base().execute("COMMIT")

    def _begin(self, stack: ExitStack, key: Key) -> Known | None:
        """Begin a transaction; None when there is no index, it is busy, or it does not know the folder."""
        if not self._file.exists:
            return None
        try:
            base = self._file.base()
            with self._file.patient(SHORT):
                base.execute("BEGIN IMMEDIATE")
            stack.callback(roll_back, base)
            query = "SELECT id, stamp, listing FROM folders WHERE series=?"
            row = base.execute(query, (key.series,)).fetchone()
            if row is None:
                return None
            number, stamp, listing = row
            try:
                changed = stack.enter_context(self._watch.changes(self._stamps.path(key.series)))
                chained = self._stamps.read(key.series) == stamp
            except OSError:
                return Known(number, stamp, bool(listing), None)
            return Known(number, stamp, bool(listing), changed if chained else None)
        except (OSError, sqlite3.Error):
            return None

    def _note(self, key: Key, known: Known, *, report: bool) -> None:
        name = f"{key.address}{PNG}"
        status = status_of(f"{self._stamps.path(key.series)}/{name}")
        row = self._table.seek(key.series, key.address)
        if row and status and (row.inode, row.picture.modified_ns) == (signed(status.st_ino), status.st_mtime_ns):
            return
        if row:
            self._table.delete(row)
        if status:
            self._table.add(known.number, Picture(key.series, key.address, status.st_mtime_ns), signed(status.st_ino))
        elif row and report:
            self._table.vanish((key.series, key.address))
        # What a listing has met before it was removed, that listing may still add.
        if known.changed and known.changed() == Counter({name: 1}) and (status or not known.listing):
            mark = self._stamps.mark(key.series, known.stamp)
            if mark and not known.changed():
                self._file.base().execute("UPDATE folders SET stamp=? WHERE id=?", (mark, known.number))


def roll_back(base: sqlite3.Connection) -> None:
    if base.in_transaction:
        with suppress(sqlite3.Error):
            base.execute("ROLLBACK")
