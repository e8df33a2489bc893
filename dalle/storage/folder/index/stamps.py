"""The times of the folders, by which the index knows that others changed one.

A change sets a folder's time to that of a clock that ticks every few milliseconds, so that two changes in one tick
look like one. Therefore the index sets it back by a nanosecond whenever it has accounted for all changes: any later one
sets another time.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from dalle.storage.folder.older.hidden import HiddenFolders

PNG = ".png"
# Bytes of a folder that a picture's entry takes, named by an address. Source: measured on ext4, 81; XFS and Btrfs are
# close to it.
ENTRY = 80
# A tick of the coarsest clock. Source: measured, 4 to 10 ms.
COARSE_NS = 20_000_000


class Stamps:
    """The folders `<output>/<series>/annotated`."""

    def __init__(
        self, output: str, *, now_ns: Callable[[], int] = time.time_ns, hidden: HiddenFolders | None = None
    ) -> None:
        self._output = output
        self._hidden = hidden or HiddenFolders(output)
        self._now_ns = now_ns

    def path(self, series: str) -> str:
        if self._hidden.series_of(series) != series:  # listed under the name that it had before
            return f"{self._output}/.{series}/annotated"
        return f"{self._hidden.of(series)}/annotated"

    def series(self) -> Iterator[tuple[str, int]]:
        """Yield each series that has a folder of pictures, with that folder's time."""
        with suppress(FileNotFoundError), os.scandir(self._output) as entries:
            for entry in entries:
                series = self._hidden.series_of(entry.name)
                if series and is_public(entry.name):
                    with suppress(FileNotFoundError, NotADirectoryError):
                        status = os.stat(f"{entry.path}/annotated", follow_symlinks=False)
                        if entry.is_dir(follow_symlinks=False) and stat.S_ISDIR(status.st_mode):
                            yield series, status.st_mtime_ns

    def pictures(self, series: str) -> Iterator[os.DirEntry[str]]:
        """Yield the entry of each picture in a folder, and none when there is no folder."""
        with self.entries(series) as entries:
            for entry in entries:
                name = entry.name
                plain = name.isascii() and name[0] != "."  # what most names are: a call takes longer
                if name.endswith(PNG) and (plain or is_public(name)) and entry.is_file(follow_symlinks=False):
                    yield entry

    @contextmanager
    def entries(self, series: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        """Yield all that is in a folder, nothing when there is no folder.

        Ask an entry for its status before the next one comes: it is asked by its name in the open folder, which takes a
        seventh less than by its path.
        """
        try:
            folder = os.open(self.path(series), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            yield iter(())
            return
        try:
            with suppress(FileNotFoundError), os.scandir(folder) as entries:  # it may be removed meanwhile
                yield entries
        finally:
            os.close(folder)

    def read(self, series: str) -> int:
        """Return the time of a folder. Raises OSError."""
        return os.stat(self.path(series), follow_symlinks=False).st_mtime_ns

    def estimate(self, series: str) -> int:
        """Return about how many pictures a folder has, by its size."""
        try:
            return os.stat(self.path(series)).st_size // ENTRY
        except (FileNotFoundError, NotADirectoryError):
            return 0

    def mark(self, series: str, known: int) -> int:
        """Set the folder's time so that any later change is seen, and return it; it is not the `known` one.

        0 when the folder belongs to another user and has changed just now. Raises OSError when there is none.
        """
        path = self.path(series)
        changed = self.read(series)
        try:
            mark = changed - 1 if changed - 1 != known else changed - 2
            os.utime(path, ns=(mark, mark), follow_symlinks=False)
        except PermissionError:
            return changed if self._now_ns() - changed >= COARSE_NS else 0
        except OSError:
            if not os.access(path, os.W_OK):  # a read-only file system
                return changed if self._now_ns() - changed >= COARSE_NS else 0
            raise
        marked = self.read(series)
        return 0 if marked == known else marked


def is_public(name: str) -> bool:
    """Return whether `/files/` would serve a part of that name, and text can hold it."""
    return not name.startswith(".") and (name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name))


def signed(inode: int) -> int:
    """Return an inode as the index keeps it: SQLite's integers have a sign."""
    return inode - (inode >> 63 << 64)


def status_of(path: str) -> os.stat_result | None:
    """Return the status of a regular file, None when there is none."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None
