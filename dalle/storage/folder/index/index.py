"""The index of all finished pictures of a data folder: one SQLite file that every worker reads.

It is a cache of `output/*/annotated/`, brought up to date by `listing` before each query. What is slower than a stat,
namely the title, the size in pixels and whether the file is whole, is read later by `tend`, and at once for the
pictures of a page.
"""

import functools
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

from dalle.key import Key
from dalle.storage.folder.index.file import IndexFile, storage_error
from dalle.storage.folder.index.listing import Listing
from dalle.storage.folder.index.picture_files import PictureFiles
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.layout import Layout
from dalle.storage.picture import Folder, Page, Picture, Position, Upkeep

P = ParamSpec("P")
R = TypeVar("R")

# So many new pictures are read before a filter is applied; what is beyond waits for `tend`.
MOST_READ = 300
BATCH = 500


def translated(method: Callable[P, R]) -> Callable[P, R]:
    """Raises StorageError where SQLite raises its own."""

    @functools.wraps(method)
    def translating(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except sqlite3.Error as exc:
            raise storage_error(exc) from exc

    return translating


class FolderIndex:
    """The PictureIndex of one data folder. Series come with the newest picture first, then newest first."""

    def __init__(self, layout: Layout, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._layout = layout
        self._files = PictureFiles(layout)
        self._file = IndexFile(layout.index)
        self._table = PictureTable(self._file)
        self._listing = Listing(layout, self._file, now_ns=now_ns)

    @translated
    def folders(self) -> list[Folder]:
        """Return the series that have pictures, in order."""
        self._listing.refresh()
        return self._table.folders()

    @translated
    def page(self, *, series: str = "", words: str = "", after: Position | None = None, limit: int = 48) -> Page:
        """Return the pictures behind a position, of one series or of all, whose words contain each of `words`."""
        folders = self.folders()
        if words:
            self._read_new()
        if after:
            folders = behind(folders, after)
        pictures: list[Picture] = []
        newest_ns = 0
        for folder in folders:
            if series and folder.series != series:
                continue
            start = (after.modified_ns, after.name) if after and after.series == folder.series else None
            for picture in self._walk(folder.series, words, start):
                if len(pictures) == limit:
                    last = pictures[-1]
                    return Page(pictures, Position(newest_ns, last.series, last.modified_ns, last.name))
                pictures.append(picture)
                newest_ns = folder.newest_ns
        return Page(pictures, None)

    @translated
    def count(self, *, series: str = "", words: str = "") -> int:
        """Return how many pictures `page` returns over all of its pages; some that nothing has read yet may be torn."""
        self._listing.refresh()
        if words:
            self._read_new()
        return self._table.count(series, words)

    @translated
    def around(self, picture: Picture, *, series: str = "", words: str = "") -> dict[str, Picture | None]:
        """Return the neighbours in the order of `page`: first, previous, next, last; None where there is none."""
        folders = [folder.series for folder in self.folders() if series in ("", folder.series)]
        if picture.series not in folders:
            return dict.fromkeys(("first", "previous", "next", "last"))
        position, at = (picture.modified_ns, picture.name), folders.index(picture.series)

        def end_of(folders: list[str], *, back: bool) -> Picture | None:
            ends = (next(self._walk(name, words, back=back), None) for name in folders)
            return next((end for end in ends if end), None)

        previous = next(self._walk(picture.series, words, position, back=True), None)
        following = next(self._walk(picture.series, words, position), None)
        return {
            "first": end_of(folders, back=False),
            "previous": previous or end_of(folders[:at][::-1], back=True),
            "next": following or end_of(folders[at + 1 :], back=False),
            "last": end_of(folders[::-1], back=True),
        }

    @translated
    def find(self, series: str, name: str) -> Picture | None:
        """Return one picture; one that was finished a moment ago is found before its folder has been listed again."""
        self._listing.refresh()
        if row := self._table.find(series, name):
            picture, read = row
            return picture if read else self._files.read(picture)
        key = Picture(series, name, 0).key
        if key is None:
            return None
        try:
            status = self._layout.annotated(key).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self._files.read(Picture(series, name, status.st_mtime_ns)) if stat.S_ISREG(status.st_mode) else None

    @translated
    def tend(self, seconds: float) -> Upkeep:
        """List the folders that changed, however long it takes, and read new pictures for at most about so long."""
        self._listing.refresh(thorough=True)
        torn = self._read_all(time.monotonic() + seconds)
        names = self._table.vanished(BATCH)
        # Nothing belongs to a file that is not called after a key.
        self._table.forget_vanished(name for name in names if Picture(*name, 0).key is None)
        return Upkeep(keys(torn), keys(Picture(*name, 0) for name in names))

    @translated
    def acknowledge(self, upkeep: Upkeep) -> None:
        """Forget what `tend` reported as vanished. A torn picture is reported until its file changes."""
        self._table.forget_vanished((key.series, key.address) for key in upkeep.vanished)

    @translated
    def forget(self, key: Key) -> None:
        """Take note that a picture was withdrawn: its successor may get its inode. Harmless when the index is busy."""
        if self._file.exists:
            with suppress(sqlite3.OperationalError):
                self._table.forget(key.series, key.address)

    @property
    def folder(self) -> Path:
        """Where the index and its locks are."""
        return self._file.folder

    def _walk(
        self, series: str, words: str, position: tuple[int, str] | None = None, *, back: bool = False
    ) -> Iterator[Picture]:
        """The whole pictures of `PictureTable.walk`, with what only their files say."""
        for picture, read in self._table.walk(series, words, position, back=back):
            if whole := picture if read else self._files.read(picture):
                yield whole

    def _read_new(self) -> None:
        """Read pictures that came just now, so that they are found by their titles."""
        pictures = [self._files.read(picture) for picture in self._table.unread(MOST_READ)]
        if whole := [picture for picture in pictures if picture]:
            with suppress(sqlite3.OperationalError):  # busy or full: `tend` does it later
                self._table.note(whole)

    def _read_all(self, end: float) -> list[Picture]:
        """Read new pictures, until a moment of the monotonic clock or until a batch had torn ones; return these."""
        while pictures := self._table.unread(BATCH, torn=True):
            read = [(picture, self._files.read(picture)) for picture in pictures]
            torn = [picture for picture, whole in read if whole is None]
            self._table.note([whole for _, whole in read if whole], torn)
            if torn or time.monotonic() > end:
                return torn
        return []


def behind(folders: list[Folder], position: Position) -> list[Folder]:
    """The series from a position's own one on; a newer picture may have moved that one up meanwhile."""
    rest = [one for one in folders if (-one.newest_ns, one.series) >= (-position.newest_ns, position.series)]
    if any(folder.series == position.series for folder in rest):
        return rest
    return [Folder(position.series, 1, position.newest_ns), *rest]


def keys(pictures: Iterator[Picture] | list[Picture]) -> list[Key]:
    """The keys of pictures that have one."""
    return [picture.key for picture in pictures if picture.key]
