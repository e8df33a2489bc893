"""The index of all finished pictures of a data folder: one SQLite file that every worker reads.

It is a cache of `output/*/annotated/`. What this program changes there is noted at once (`changes`); what others change
is listed (`listing`): a small folder before each query, a large one in the background. What is slower than a stat,
namely the title, the size in pixels and whether the file is whole, is read later, and at once for the pictures of a
page.
"""

import functools
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from itertools import islice
from typing import ParamSpec, TypeVar

from dalle.key import Key
from dalle.storage.folder.index.changes import Changes
from dalle.storage.folder.index.file import IndexFile, storage_error
from dalle.storage.folder.index.listing import Listing
from dalle.storage.folder.index.picture_files import PictureFiles
from dalle.storage.folder.index.positions import Positions
from dalle.storage.folder.index.sequences import in_front
from dalle.storage.folder.index.stamps import Stamps, status_of
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.index.upkeep import IndexUpkeep
from dalle.storage.folder.index.watch import Watch
from dalle.storage.folder.layout import Layout
from dalle.storage.picture import Folder, Matches, Page, Picture, Position, Progress, Upkeep

P = ParamSpec("P")
R = TypeVar("R")
WEEK = 7 * 24 * 3600  # seconds


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

    def __init__(
        self, layout: Layout, *, now_ns: Callable[[], int] = time.time_ns, stamps: Stamps | None = None
    ) -> None:
        self._layout = layout
        self._files = PictureFiles(layout)
        self._now_ns = now_ns
        self._file = file = IndexFile(layout.index)
        stamps = stamps or Stamps(os.fspath(layout.output), now_ns=now_ns, hidden=layout.hidden)
        self._table = PictureTable(file)
        self._positions = Positions(file)
        watch = Watch()
        self._changes = Changes(file, self._table, stamps, watch)
        self._upkeep = IndexUpkeep(file, self._table, Listing(file, self._table, stamps, watch), self._files)

    @translated
    def folders(self) -> list[Folder]:
        """Return the series that have pictures, in order."""
        self._upkeep.refresh()
        return self._table.folders()

    @translated
    def page(
        self,
        *,
        series: str = "",
        words: str = "",
        after: Position | None = None,
        until: Position | None = None,
        limit: int = 48,
    ) -> Page:
        """Return the pictures behind a position, or those in front of one, whose words contain each of `words`."""
        folders = self._prepared(words)
        folders = ahead(folders, until) if until else behind(folders, after) if after else folders
        chosen = [folder for folder in folders if series in ("", folder.series)]
        listed = self._listed(chosen, words, until or after, back=bool(until))
        found = list(islice(listed, limit + 1))
        more = len(found) > limit
        pictures = [picture for _, picture in found[:limit]]
        if until:
            return Page(pictures[::-1], before=behind_picture(*found[limit]) if more else None, after=until)
        return Page(pictures, before=after, after=behind_picture(*found[limit - 1]) if more else None)

    def _listed(
        self, folders: list[Folder], words: str, position: Position | None, *, back: bool
    ) -> Iterator[tuple[Folder, Picture]]:
        for folder in folders:
            begins = position and position.series == folder.series
            start = (position.modified_ns, position.name) if position and begins else None
            for picture in self._walk(folder.series, words, start, back=back):
                yield folder, picture

    @translated
    def matches(self, words: str, *, series: str = "", most: int = 1000) -> Matches:
        """Return how many pictures `page` would list, counted up to `most`."""
        count = 0
        for folder in self._prepared(words):
            if series in ("", folder.series):
                count += self._table.count(folder.series, words, most + 1 - count)
        return Matches(min(count, most), more=count > most)

    @translated
    def position(
        self,
        *,
        series: str = "",
        share: float | None = None,
        before_ns: int | None = None,
        picture: Picture | None = None,
    ) -> Position | None:
        """Return where a page begins after a share of all pictures, with what is older than a moment, or a picture."""
        folders = [folder for folder in self.folders() if series in ("", folder.series)]
        return self._positions.at(folders, share=share, before_ns=before_ns, picture=picture)

    @translated
    def share(self, position: Position | None, *, series: str = "") -> float:
        """Return which share of all pictures is in front of a position."""
        folders = [folder for folder in self.folders() if series in ("", folder.series)]
        return self._positions.share(folders, position) if position else 0.0

    @translated
    def around(self, picture: Picture, *, series: str = "", words: str = "") -> dict[str, Picture | None]:
        """Return the neighbours in the order of `page`: first, previous, next, last; None where there is none."""
        folders = [folder.series for folder in self._prepared(words) if series in ("", folder.series)]
        if picture.series not in folders:
            return dict.fromkeys(("first", "previous", "next", "last"))
        position, at = (picture.modified_ns, picture.name), folders.index(picture.series)

        def end_of(folders: list[str], *, back: bool) -> Picture | None:
            ends = (next(self._walk(name, words, back=back), None) for name in folders)
            return next((end for end in ends if end), None)

        previous = next(self._walk(picture.series, words, in_front(position), back=True), None)
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
        self._upkeep.refresh()
        row = self._table.find(series, name)
        if row and row.is_torn:
            return None
        if row:
            return row.picture if row.is_read else self._files.read(row.picture)
        key = Picture(series, name, 0).key
        status = status_of(self._layout.annotated_name(key)) if key else None
        return self._files.read(Picture(series, name, status.st_mtime_ns)) if status else None

    @translated
    def progress(self) -> Progress:
        """Return how far the index is."""
        return self._upkeep.progress()

    @translated
    def tend(self, seconds: float) -> Upkeep:
        """Bring the index up to date in the background, waiting at most about so long, and report what it noticed."""
        return self._upkeep.tend(seconds)

    @translated
    def catch_up(self) -> None:
        """Do all that `tend` leaves to the background, at once, unless another worker does it."""
        self._upkeep.catch_up()

    @translated
    def acknowledge(self, upkeep: Upkeep) -> None:
        """Forget what `tend` reported as vanished. A torn picture is reported until its file changes."""
        self._table.forget_vanished((key.series, key.address) for key in upkeep.vanished)

    def noted(self, key: Key, *, report: bool = False) -> AbstractContextManager[None]:
        """Note that the file of a key's picture is changed inside the `with` statement; see `Changes.noted`."""
        return self._changes.noted(key, report=report)

    def remove_old(self) -> None:
        """Remove indexes of other versions that no worker has used for a week."""
        self._file.remove_old(self._now_ns() // 1_000_000_000 - WEEK)

    def _prepared(self, words: str) -> list[Folder]:
        """Return the series; with `words`, the newest pictures are found by their titles afterwards."""
        folders = self.folders()
        if words:
            with suppress(sqlite3.OperationalError):  # busy or full: the background does it later
                self._upkeep.read_new()
        return folders

    def _walk(
        self, series: str, words: str, position: tuple[int, str] | None = None, *, back: bool = False
    ) -> Iterator[Picture]:
        """The whole pictures of `PictureTable.walk`, with what only their files say."""
        for picture, read in self._table.walk(series, words, position, back=back):
            if whole := picture if read else self._files.read(picture):
                yield whole


def behind(folders: list[Folder], position: Position) -> list[Folder]:
    """The series from a position's own one on; a newer picture may have moved that one up meanwhile."""
    rest = [one for one in folders if (-one.newest_ns, one.series) >= (-position.newest_ns, position.series)]
    if any(folder.series == position.series for folder in rest):
        return rest
    return [Folder(position.series, 1, position.newest_ns), *rest]


def ahead(folders: list[Folder], position: Position) -> list[Folder]:
    """The series from a position's own one back to the first."""
    order = (-position.newest_ns, position.series)
    names = [folder.series for folder in folders if (-folder.newest_ns, folder.series) <= order]
    end = names.index(position.series) + 1 if position.series in names else len(names)
    return folders[:end][::-1]


def behind_picture(folder: Folder, picture: Picture) -> Position:
    return Position(folder.newest_ns, picture.series, picture.modified_ns, picture.name)
