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

# An index of another version has another name: workers of two versions do not disturb each other during a reload.
VERSION = 7
# folders.stamp: the folder's time; others have changed nothing since, once `listing` (a random number) is 0 again.
# seen, about: pictures that the present listing has met, and how many there may be.
# sequences: in each, the pictures of a folder in the order of time and name; an id is `sequence << 32 | number`.
# `stage`: see `sequences.py`.
# pictures: what a first listing adds is appended, and there is no index that would have to be kept meanwhile.
# names: the same pictures by name; a table, because it is filled in its own order, which takes a third of the time.
# unread: ranges of ids; in them are all pictures whose files were not read yet.
# grams: the pieces of words, by the ids of pictures. usermerge: 'merge' merges as few as two parts of a size.
SCHEMA = """
CREATE TABLE IF NOT EXISTS folders (id INTEGER PRIMARY KEY AUTOINCREMENT, series TEXT UNIQUE, stamp INTEGER DEFAULT 0,
    listing INTEGER DEFAULT 0, seen INTEGER DEFAULT 0, about INTEGER DEFAULT 0,
    count INTEGER DEFAULT 0, newest INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS sequences (id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER, stage INTEGER);
CREATE TABLE IF NOT EXISTS pictures (id INTEGER PRIMARY KEY, folder INTEGER, name TEXT, inode INTEGER, moment INTEGER,
    state INTEGER DEFAULT 0, width INTEGER DEFAULT 0, height INTEGER DEFAULT 0, title TEXT DEFAULT '',
    painter TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS names (folder INTEGER, name TEXT, inode INTEGER, id INTEGER,
    PRIMARY KEY (folder, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS torn ON pictures (state) WHERE state = 2;
CREATE TABLE IF NOT EXISTS unread (first INTEGER PRIMARY KEY, last INTEGER);
CREATE TABLE IF NOT EXISTS vanished (series TEXT, name TEXT, PRIMARY KEY (series, name)) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS grams USING fts5
    (pieces, content='', columnsize=0, detail=none, tokenize='ascii');
INSERT INTO grams (grams, rank) VALUES ('usermerge', 2);
"""
# A picture's `state`: its file was not read yet; it was whole when it was read; it was torn.
UNREAD, WHOLE, TORN = 0, 1, 2
# Bytes that the write-ahead log keeps on disk when it is not needed.
MOST_JOURNAL = 4 << 20
# Seconds that a request waits for another writer of the index, and answers with what is known; that a run waits, before
# its folder has to be listed instead; and that the background waits.
PATIENCE = 0.25
SHORT, LONG = 2.0, 10.0
# Free pages that are taken out of the file at once, in some 5 ms.
TAKEN_OUT = 100


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

    def remove_old(self, before: float) -> None:
        """Remove the files of other versions that were not used since a moment, in Unix seconds."""
        for path in self._wanted.parent.glob("index*.sqlite"):
            if path != self._wanted and max(part.stat().st_mtime for part in files(path)) < before:
                for part in files(path):
                    part.unlink(missing_ok=True)

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

    @property
    def identity(self) -> object:
        """What differs from that of a file that takes the place of this one."""
        self.base()
        return self._local.identity

    def _move(self, why: Exception) -> None:
        with self._moving:
            if self._path == self._wanted:
                log.warning(
                    "the gallery's index cannot be kept in the data folder, a temporary one is used: %s", explained(why)
                )
                self._path = Path(tempfile.mkdtemp(prefix="dalleserver-")) / "index.sqlite"

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that excludes other writers. Raises sqlite3.OperationalError when they do not end."""
        base = self.base()
        base.execute("BEGIN IMMEDIATE")
        try:
            yield base
            base.execute("COMMIT")
        finally:
            if base.in_transaction:
                base.execute("ROLLBACK")

    def compact(self) -> bool:
        """Take free pages out of the file; return whether there are more."""
        with self.writing() as base:
            before = free_pages(base)
            for _ in range(min(before, TAKEN_OUT)):
                base.execute("PRAGMA incremental_vacuum(1)")
            return 0 < free_pages(base) < before

    def empty_journal(self) -> None:
        """Empty the write-ahead log, unless others read what is in it: they would have to be waited for."""
        self.base().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def patient(self, seconds: float = LONG) -> Iterator[None]:
        """Wait longer for other writers."""
        base = self.base()
        base.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
        try:
            yield
        finally:
            base.execute(f"PRAGMA busy_timeout={round(PATIENCE * 1000)}")

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Exclude all other workers from lengthy work; yields False when another one does it."""
        try:
            with flocked(self.folder / "listing", wait=False):
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
    os.close(open_lock(path.with_name("listing")))
    for last in (False, True):
        base = sqlite3.connect(path, timeout=LONG, isolation_level=None, check_same_thread=False)
        try:
            if not base.execute("PRAGMA page_count").fetchone()[0]:  # of a file that has pages it would be a write
                base.execute("PRAGMA auto_vacuum=INCREMENTAL")
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")
            base.execute(f"PRAGMA journal_size_limit={MOST_JOURNAL}")
            if base.execute("PRAGMA user_version").fetchone()[0] not in (0, VERSION):
                raise sqlite3.DatabaseError("another version")
            if not base.execute("PRAGMA user_version").fetchone()[0]:
                base.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version={VERSION}; COMMIT")
            base.execute(f"PRAGMA busy_timeout={round(PATIENCE * 1000)}")
            return base
        except sqlite3.OperationalError:
            base.close()
            raise
        except sqlite3.DatabaseError:
            base.close()
            if last:
                raise
            for part in files(path):
                part.unlink(missing_ok=True)
    raise AssertionError("unreachable")


def free_pages(base: sqlite3.Connection) -> int:
    number: int = base.execute("PRAGMA freelist_count").fetchone()[0]
    return number


def files(path: Path) -> list[Path]:
    """Return the files that SQLite keeps for a database."""
    return [part for name in ("", "-wal", "-shm") if (part := path.with_name(path.name + name)).exists()]
