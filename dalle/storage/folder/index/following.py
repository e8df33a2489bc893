"""What others change in folders that the index knows completely: settled by name, without listing the folder.

From a moment when the index was equal to a folder on, the kernel reports the name of each file that is changed there
(`watch`). The pictures with these names are all that may differ; once they are looked at again, the folder is marked
like one that was listed. Listings remain for the start, for folders that other machines change as well, and for
changes by the ten thousand.
"""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.sequences import NAMELESS, staged
from dalle.storage.folder.index.stamps import PNG, Stamps, is_public, signed, status_of
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.index.watch import Watch
from dalle.storage.picture import Picture

# Names of one folder that are kept: with more changes a listing takes less time.
MOST_NAMES = 20_000
# Pictures that one transaction adds or removes, in some 10 ms: runs that publish wait for it.
SLICE = 500


class Settling:
    """Settles pictures of one index file. Each is looked at inside the transaction that changes its row."""

    def __init__(self, file: IndexFile, table: PictureTable, stamps: Stamps) -> None:
        self._file = file
        self._table = table
        self._stamps = stamps

    def settle(self, series: str, names: Sequence[str]) -> None:
        """Make the rows of these pictures equal to their files, in the order in which they are to be listed."""
        folder = self._stamps.path(series)
        times = ((status_of(f"{folder}/{name}{PNG}"), name) for name in names)
        order = sorted((status.st_mtime_ns if status else 0, name) for status, name in times)
        for at in range(0, len(order), SLICE):
            with self._file.writing():
                for _, name in order[at : at + SLICE]:
                    self._settle_one(series, name)

    def differs(self, series: str, name: str) -> bool:
        """Return whether a picture is to be settled; of one that is not in the table of names it is not known."""
        row, status = self._table.find(series, name), status_of(f"{self._stamps.path(series)}/{name}{PNG}")
        if row and status:
            return (row.inode, row.picture.modified_ns) != (signed(status.st_ino), status.st_mtime_ns)
        return bool(row or status)

    def _settle_one(self, series: str, name: str) -> None:
        row, folder = self._table.seek(series, name), self._table.folder(series)
        status = status_of(f"{self._stamps.path(series)}/{name}{PNG}")
        if row and status and (row.inode, row.picture.modified_ns) == (signed(status.st_ino), status.st_mtime_ns):
            return
        if row:
            self._table.delete(row)
        if status and folder:
            self._table.add(folder, Picture(series, name, status.st_mtime_ns), signed(status.st_ino))
        elif row:
            self._table.vanish((series, name))


@dataclass(eq=False, slots=True)
class Followed:
    """A folder whose changes are reported. `names`: those changed, each with a number that rises with every change.

    `index`: the file that knows it. `equal`: whether that knew all else once. `shown`: those that it shows.
    """

    index: object
    watch: int = -1
    equal: bool = False
    lost: bool = False
    names: dict[str, int] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)
    one: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str) -> None:
        with self.one:
            if not name or len(self.names) == MOST_NAMES:
                self.lost = True
                self.names.clear()
            if not self.lost:
                self.names[name] = next(self.numbers)

    def so_far(self) -> dict[str, int]:
        with self.one:
            return dict(self.names)

    def forget(self, names: dict[str, int]) -> None:
        """Drop names that were settled, unless they were changed again."""
        with self.one:
            for name, number in names.items():
                if self.names.get(name) == number:
                    del self.names[name]


class Following:
    """Follows the folders of one index file. Raises sqlite3.Error."""

    def __init__(self, file: IndexFile, settling: Settling, stamps: Stamps, watch: Watch) -> None:
        self._file = file
        self._settling = settling
        self._stamps = stamps
        self._watch = watch
        self._followed: dict[str, Followed] = {}

    def present(self) -> dict[str, Followed]:
        """Return the folders that are followed, with all changes until now; then their times are to be read."""
        with suppress(OSError):
            self._watch.read()
        return dict(self._followed)

    def begin(self, series: str) -> Followed:
        """Follow a folder: what is changed from now on need not be listed."""
        if old := self._followed.pop(series, None):
            self._watch.ignore(old.watch, old.note)
        followed, path = Followed(self._file.identity), self._stamps.path(series)
        with suppress(OSError):
            if self._watch.is_local(path):
                followed.watch = self._watch.listen(path, followed.note)
                self._followed[series] = followed
        return followed

    def listed(self, series: str, followed: Followed) -> None:
        """Note that the index is equal to the folder, but for what was changed since `begin`."""
        followed.equal = self._is_valid(series, followed)

    def keep(self, unchanged: Iterable[str], present: dict[str, Followed], most: int) -> None:
        """Follow the folders whose times the index knows, and settle files that were written where they are."""
        index = self._file.identity
        for series in unchanged:
            followed = present.get(series)
            if followed is None or followed.lost or followed.index != index:
                self.begin(series)
            elif not followed.equal:
                self.listed(series, followed)
            elif (names := followed.so_far()) and len(names) <= most and not self._is_unnamed(series):
                differing = [name for name in pictures(names) if self._settling.differs(series, name)]
                self._settling.settle(series, differing)
                followed.forget(names)

    def settle(self, series: str, present: dict[str, Followed], most: int) -> bool:
        """Settle what was changed in a folder, of no more than `most` files; return False if that is not known."""
        followed = present.get(series)
        if followed is None or not followed.equal or not self._is_valid(series, followed):
            return False
        names = followed.so_far()
        if not names or self._is_unnamed(series):
            return False
        # While another process lists the folder, it is not settled as a whole, but what is changed is shown.
        fresh = [name for name, number in names.items() if followed.shown.get(name) != number]
        if len(fresh) <= most:
            self._settling.settle(series, pictures(fresh))
            followed.shown = names
        if len(names) > most:
            return False
        if len(fresh) < len(names):
            self._settling.settle(series, pictures(names))
        with self._file.writing() as base:
            query = "SELECT id, stamp FROM folders WHERE series=? AND listing=0"
            row = base.execute(query, (series,)).fetchone()
            mark = self._mark(series, row[1]) if row else 0
            # What is reported by now was changed before it was marked, and all that was is reported.
            self._watch.read()
            if mark and followed.so_far() == names and not followed.lost:
                base.execute("UPDATE folders SET stamp=? WHERE id=?", (mark, row[0]))
        if mark:
            followed.forget(names)
        return bool(row)

    def _mark(self, series: str, known: int) -> int:
        with suppress(FileNotFoundError, NotADirectoryError):
            return self._stamps.mark(series, known)
        return 0

    def _is_valid(self, series: str, followed: Followed) -> bool:
        """Return whether it is the same folder and the same index still."""
        with suppress(OSError):
            same = self._watch.watches(self._stamps.path(series), followed.watch)
            return same and not followed.lost and followed.index == self._file.identity
        return False

    def _is_unnamed(self, series: str) -> bool:
        """Return whether the table of names is not complete, which takes a tenth of a second for each name."""
        base = self._file.base()
        row = base.execute("SELECT id FROM folders WHERE series=?", (series,)).fetchone()
        return row is None or bool(staged(base, NAMELESS, row[0]))


def pictures(names: Iterable[str]) -> list[str]:
    return [name[: -len(PNG)] for name in names if name.endswith(PNG) and is_public(name)]
