"""The SQLite file of the gallery's index, and each thread's connection to it."""

import errno
import logging
import os
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dalle.atomic import flocked, open_lock
from dalle.host.trouble import explained
from dalle.storage.protocol import StorageError

log = logging.getLogger(__name__)

VERSION = 3
# Rows are stored in the order in which they are shown: a filter that matches nothing reads them sequentially.
SCHEMA = """
CREATE TABLE IF NOT EXISTS folders (series TEXT PRIMARY KEY, stamp INTEGER, scanned INTEGER, took INTEGER,
    count INTEGER, newest INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pictures (series TEXT, name TEXT, inode INTEGER, moment INTEGER, state INTEGER,
    width INTEGER, height INTEGER, title TEXT, painter TEXT, words TEXT,
    PRIMARY KEY (series, moment DESC, name DESC)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS names ON pictures (series, name);
CREATE INDEX IF NOT EXISTS unseen ON pictures (state) WHERE state != 1;
CREATE TABLE IF NOT EXISTS vanished (series TEXT, name TEXT, PRIMARY KEY (series, name)) WITHOUT ROWID;
"""
# A picture's `state`: its file was not read yet; it was whole when it was read; it was torn.
UNREAD, WHOLE, TORN = 0, 1, 2


class IndexFile:
    """The file `path`; where its folder cannot be written, a temporary one for the life of this process."""

    def __init__(self, path: Path) -> None:
        self._wanted = self._path = path
        self._moving = threading.Lock()
        self._local = threading.local()

    @property
    def folder(self) -> Path:
        """Where the file and its locks are."""
        self.base()
        return self._path.parent

    @property
    def exists(self) -> bool:
        return self._path.exists()

    def base(self) -> sqlite3.Connection:
        """Return this thread's connection to the present file: it is not carried over a fork, nor beyond a deletion."""
        try:
            identity = (os.getpid(), self._path, self._path.stat().st_ino)
        except (FileNotFoundError, NotADirectoryError):
            identity = (os.getpid(), self._path, 0)
        if identity[2] and getattr(self._local, "identity", None) == identity:
            kept: sqlite3.Connection = self._local.base
            return kept
        try:
            base = connect(self._path)
        except (OSError, sqlite3.OperationalError) as exc:
            if self._path != self._wanted:
                raise
            self._move(exc)
            return self.base()
        self._local.base, self._local.identity = base, (os.getpid(), self._path, self._path.stat().st_ino)
        return base

    def _move(self, why: Exception) -> None:
        with self._moving:
            if self._path == self._wanted:
                log.warning(
                    "the gallery's index cannot be kept in the data folder, a temporary one is used: %s", explained(why)
                )
                self._path = Path(tempfile.mkdtemp(prefix="dalleserver-")) / "index.sqlite"

    @contextmanager
    def alone(self, *, wait: bool) -> Iterator[bool]:
        """Exclude all other workers from listing folders; yields False when another one does so."""
        try:
            with flocked(self._path.with_name("guard"), wait=wait):
                yield True
        except BlockingIOError:
            yield False


def storage_error(error: sqlite3.Error) -> StorageError:
    """Return SQLite's error as one of the storage."""
    full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return StorageError(errno.ENOSPC if full else errno.EIO, f"the gallery's index: {error}")


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to the index; a file that is not one, or of another version, is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(open_lock(path.with_name("guard")))
    for last in (False, True):
        base = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")
            if base.execute("PRAGMA user_version").fetchone()[0] not in (0, VERSION):
                raise sqlite3.DatabaseError("another version")
            base.executescript(SCHEMA)
            return base
        except sqlite3.OperationalError:
            base.close()
            raise
        except sqlite3.DatabaseError:
            base.close()
            if last:
                raise
            for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                path.with_name(name).unlink(missing_ok=True)
    raise AssertionError("unreachable")
