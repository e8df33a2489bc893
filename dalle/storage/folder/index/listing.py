"""Brings the index up to date with the folders.

A query costs one stat a series: a folder is listed again when its time changed, and a file is looked at when its
name or inode is new (a rename over it changes the inode, so nobody has to announce anything). Measured: listing 100,000
names with inodes 81 ms, with a stat each 478 ms.

Accepted: an overwrite in place changes neither folder nor inode, and a picture that is deleted and put back between two
listings may get its old inode. Such a picture keeps its old position until it is replaced; `FolderIndex.forget` avoids
that for pictures that the service itself withdraws.
"""

import logging
import os
import re
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from dalle.quiet_log import QuietLog
from dalle.storage.folder.index.file import VERSION, IndexFile, storage_error
from dalle.storage.folder.layout import Layout

log = logging.getLogger(__name__)

# A folder's time has a coarse clock: a change within this of a listing may not show. Source: measured, 20 ms.
COARSE_NS = 20_000_000
# Listing one folder takes at most this part of a worker's time, however often it changes, …
MOST_SHARE = 1 / 20
# … and is never put off for longer than this.
MOST_DELAY_NS = 1_000_000_000
# A query does not wait for a listing that takes longer than this (some 5,000 pictures): the caretaker does it within a
# second. Only a change that is older than the patience is listed by the query itself.
QUICK_NS = 10_000_000
PATIENCE_NS = 1_200_000_000
PNG = ".png"


class Listing:
    """Lists the folders of one data folder into the index's tables."""

    def __init__(self, layout: Layout, file: IndexFile, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._output = os.fspath(layout.output)
        self._file = file
        self._now_ns = now_ns
        self._noticed: dict[str, int] = {}
        self._quiet = QuietLog(log)

    def refresh(self, *, thorough: bool = False) -> None:
        """List the folders that changed; wait for another worker that does so only the first time.

        A large folder that changed a moment ago is left to a `thorough` call.
        """
        base = self._file.base()
        built = base.execute("PRAGMA user_version").fetchone()[0]
        changed, gone = self._changes(base, thorough)
        if built and not changed and not gone:
            return
        with self._file.alone(wait=not built) as alone:
            if alone:
                self._update(base, thorough)

    def _update(self, base: sqlite3.Connection, thorough: bool) -> None:
        changed, gone = self._changes(base, thorough)
        try:
            base.execute("BEGIN IMMEDIATE")
            for series, stamp in changed.items():
                self._list(base, series, stamp)
            for series in gone:
                self._list(base, series, 0)
                base.execute("DELETE FROM folders WHERE series=?", (series,))
            base.execute(f"PRAGMA user_version={VERSION}")
            base.execute("COMMIT")
        except sqlite3.OperationalError as exc:
            # A full disk: what is known is still worth showing.
            self._quiet.error(storage_error(exc), "the gallery's index cannot be brought up to date")
        finally:
            if base.in_transaction:
                base.execute("ROLLBACK")

    def _changes(self, base: sqlite3.Connection, thorough: bool) -> tuple[dict[str, int], list[str]]:
        """Return the series whose folder's time is not the known one, with that time; and those that are gone."""
        known = {row[0]: row[1:] for row in base.execute("SELECT series, stamp, scanned, took FROM folders")}
        now = self._now_ns()
        changed = {}
        for series, stamp in self._stamps():
            old, scanned, took = known.pop(series, (0, 0, 0))
            if stamp == old and scanned - stamp >= COARSE_NS:
                self._noticed.pop(series, None)
                continue
            if now - scanned < min(took / MOST_SHARE, MOST_DELAY_NS) and now >= scanned:
                continue
            if thorough or took < QUICK_NS or self._is_late(series, stamp, now):
                changed[series] = stamp
        return changed, list(known)

    def _is_late(self, series: str, stamp: int, now: int) -> bool:
        """Return whether a change waited long enough for the caretaker, since its time or since it was noticed."""
        noticed = self._noticed.setdefault(series, now)
        return not (0 <= now - stamp < PATIENCE_NS and 0 <= now - noticed < PATIENCE_NS)

    def _stamps(self) -> Iterator[tuple[str, int]]:
        with suppress(FileNotFoundError), os.scandir(self._output) as entries:
            for entry in entries:
                if is_public(entry.name):
                    with suppress(FileNotFoundError, NotADirectoryError):
                        status = os.stat(self._folder(entry.name), follow_symlinks=False)
                        if entry.is_dir(follow_symlinks=False) and stat.S_ISDIR(status.st_mode):
                            yield entry.name, status.st_mtime_ns

    def _list(self, base: sqlite3.Connection, series: str, stamp: int) -> None:
        began = self._now_ns()
        present = self._present(series)
        known = dict(base.execute("SELECT name, inode FROM pictures WHERE series=?", (series,)))
        gone = [(series, name) for name in known.keys() - present.keys()]
        base.executemany("DELETE FROM pictures WHERE series=? AND name=?", gone)
        base.executemany("INSERT OR IGNORE INTO vanished VALUES (?, ?)", gone)
        base.executemany(
            "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, 0, 0, 0, '', '', ?)",
            self._fresh(series, {name: inode for name, inode in present.items() if known.get(name) != inode}),
        )
        count, newest = base.execute("SELECT count(*), max(moment) FROM pictures WHERE series=?", (series,)).fetchone()
        took = self._now_ns() - began
        base.execute(
            "INSERT OR REPLACE INTO folders VALUES (?, ?, ?, ?, ?, ?)",
            (series, stamp, began, took, count, newest or 0),
        )

    def _present(self, series: str) -> dict[str, int]:
        """Return name → inode of every picture in the folder."""
        inodes = {}
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._folder(series)) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith(PNG) and is_public(name) and entry.is_file(follow_symlinks=False):
                    inodes[name[: -len(PNG)]] = entry.inode()
        return inodes

    def _fresh(self, series: str, inodes: dict[str, int]) -> list[tuple[str, str, int, int, str]]:
        folder = self._folder(series)
        rows = []
        for name, inode in inodes.items():
            with suppress(FileNotFoundError):
                moment = os.stat(f"{folder}/{name}{PNG}", follow_symlinks=False).st_mtime_ns
                rows.append((series, name, inode, moment, f"{series} {name}".casefold()))
        rows.sort(key=lambda row: (-row[3], row[1]))  # in the table's order: three times as fast as in any other
        return rows

    def _folder(self, series: str) -> str:
        return f"{self._output}/{series}/annotated"


def is_public(name: str) -> bool:
    """Return whether `/files/` would serve a part of that name, and text can hold it."""
    return not name.startswith(".") and (name.isascii() or not re.search(r"[\ud800-\udfff]", name))
