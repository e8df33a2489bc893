"""The index of all finished pictures: one SQLite file that every worker reads.

It is a cache of `output/*/annotated/`. A question costs one stat a series; a folder is listed again when its time
changed, and a file is looked at when its name or inode is new (a rename over it changes the inode: nobody has to be
told of anything). Measured: listing 100,000 names with inodes 81 ms, with a stat each 478 ms. The rows lie in the order
in which they are shown: a filter that matches nothing reads them one after the other.

What is slower than a stat — the title, the size in pixels, whether the file is whole — is found out later by
`dalle.curator`, and at once for the pictures of a page that is asked for.

An overwrite in place changes neither folder nor inode: such a picture keeps its old position until it is replaced.
"""

import base64
import fcntl
import json
import logging
import os
import re
import sqlite3
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dalle.errors import InvalidRequest
from dalle.files import open_lock
from dalle.inspection import Inspection
from dalle.key import ADDRESS, SERIES, Key
from dalle.store import Store

log = logging.getLogger(__name__)

VERSION = 2
SCHEMA = """
CREATE TABLE IF NOT EXISTS folders (series TEXT PRIMARY KEY, stamp INTEGER, scanned INTEGER, took INTEGER,
    count INTEGER, newest INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pictures (series TEXT, name TEXT, inode INTEGER, moment INTEGER, state INTEGER,
    width INTEGER, height INTEGER, title TEXT, words TEXT,
    PRIMARY KEY (series, moment DESC, name DESC)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS names ON pictures (series, name);
CREATE INDEX IF NOT EXISTS unseen ON pictures (state) WHERE state != 1;
CREATE TABLE IF NOT EXISTS vanished (series TEXT, name TEXT, PRIMARY KEY (series, name)) WITHOUT ROWID;
"""
UNSEEN, WHOLE, TORN = 0, 1, 2

# A folder's time has a coarse clock: a change within this of a listing may not show. Source: measured, 20 ms.
COARSE_NS = 20_000_000
# Listing one folder takes at most this part of a worker's time, however often it changes, …
MOST_SHARE = 1 / 20
# … and is never put off for longer than this.
MOST_DELAY_NS = 1_000_000_000
# So many new pictures are looked into before a filter is answered; more than these wait for the curator.
MOST_LEARNT = 300
PNG = ".png"
COLUMNS = "series, name, moment, state, width, height, title"


@dataclass(frozen=True, slots=True)
class Picture:
    """One finished picture. `name` is its file's stem: an address, unless somebody put another file there.

    moment  Unix nanoseconds
    width, height  pixels, 0: unknown
    """

    series: str
    name: str
    moment: int
    state: int = WHOLE
    width: int = 0
    height: int = 0
    title: str = ""

    @property
    def key(self) -> Key | None:
        """The key under which it can be asked for; None when its name is not one."""
        if SERIES.fullmatch(self.series) and ADDRESS.fullmatch(self.name):
            return Key(self.series, self.name)
        return None


@dataclass(frozen=True, slots=True)
class Folder:
    """A series that has pictures: their number, and the newest one's moment."""

    series: str
    count: int
    newest: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures in order, and where the next ones begin ("": nowhere)."""

    pictures: list[Picture]
    after: str


class Index:
    """The pictures of one data folder, grouped by series (the one with the newest picture first), newest first."""

    def __init__(self, store: Store, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._store = store
        self._inspection = Inspection(store)
        self._now_ns = now_ns
        self._local = threading.local()
        # A folder that cannot be written can be looked at all the same: then each worker has an index of its own.
        self._path = store.index
        self._moving = threading.Lock()

    # -- questions ---------------------------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        """All series with pictures, in the gallery's order."""
        self.refresh()
        rows = self._base().execute(
            "SELECT series, count, newest FROM folders WHERE count ORDER BY newest DESC, series"
        )
        return [Folder(*row) for row in rows]

    def page(self, *, series: str = "", words: str = "", after: str = "", limit: int = 48) -> Page:
        """The pictures behind the cursor `after`, of one series or of all, whose words hold each of `words`.

        Raises InvalidRequest for a cursor that none of these gave.
        """
        folders = self.folders()
        if words:
            self._learn()
        start = Cursor.parse(after) if after else None
        if start:
            folders = [one for one in folders if (-one.newest, one.series) >= (-start.newest, start.series)]
            if all(one.series != start.series for one in folders):
                # It has a newer picture by now, and stands further up.
                folders = [Folder(start.series, 1, start.newest), *folders]
        found: list[Picture] = []
        last: Cursor | None = None
        for folder in folders:
            if series and folder.series != series:
                continue
            position = (start.moment, start.name) if start and start.series == folder.series else None
            for picture in self._after(folder.series, words, position):
                if len(found) == limit:
                    return Page(found, str(last))
                found.append(picture)
                last = Cursor(folder.newest, folder.series, picture.moment, picture.name)
        return Page(found, "")

    def around(self, picture: Picture, *, series: str = "", words: str = "") -> dict[str, Picture | None]:
        """The picture's place in the order of `page(series, words)`: first, previous, next and last; None: nowhere."""
        folders = [one.series for one in self.folders() if series in ("", one.series)]
        if picture.series not in folders:
            return dict.fromkeys(("first", "previous", "next", "last"))
        position, at = (picture.moment, picture.name), folders.index(picture.series)

        def one(folders: list[str], *, back: bool) -> Picture | None:
            chosen = (next(self._after(name, words, None, back=back), None) for name in folders)
            return next((found for found in chosen if found), None)

        previous = next(self._after(picture.series, words, position, back=True), None)
        following = next(self._after(picture.series, words, position), None)
        return {
            "first": one(folders, back=False),
            "previous": previous or one(folders[:at][::-1], back=True),
            "next": following or one(folders[at + 1 :], back=False),
            "last": one(folders[::-1], back=True),
        }

    def find(self, series: str, name: str) -> Picture | None:
        """One picture; one that was finished a moment ago is found before its folder has been listed again."""
        self.refresh()
        query = f"SELECT {COLUMNS} FROM pictures WHERE series=? AND name=? AND state!={TORN}"  # noqa: S608
        row = self._base().execute(query, (series, name)).fetchone()
        if row:
            return self._seen(Picture(*row))
        key = Picture(series, name, 0).key
        if key is None:
            return None
        try:
            status = self._store.annotated(key).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self._seen(Picture(series, name, status.st_mtime_ns, UNSEEN)) if stat.S_ISREG(status.st_mode) else None

    def _after(
        self, series: str, words: str, position: tuple[int, str] | None, *, back: bool = False
    ) -> Iterator[Picture]:
        query = f"SELECT {COLUMNS} FROM pictures WHERE series=? AND state!={TORN}"  # noqa: S608
        values: list[Any] = [series]
        for word in words.casefold().split()[:8]:
            query += " AND instr(words, ?)"
            values.append(word)
        if position:
            query += f" AND (moment, name) {'>' if back else '<'} (?, ?)"
            values += position
        order = "moment, name" if back else "moment DESC, name DESC"
        for row in self._base().execute(f"{query} ORDER BY {order}", values):
            picture = self._seen(Picture(*row))
            if picture:
                yield picture

    def _seen(self, picture: Picture) -> Picture | None:
        """The picture with what only its file tells, when nobody has looked yet; None when it is torn."""
        if picture.state == WHOLE:
            return picture
        look = self._inspection.look(picture.series, picture.name)
        if not look.whole:
            return None
        return Picture(picture.series, picture.name, picture.moment, WHOLE, look.width, look.height, look.title)

    def _learn(self) -> None:
        """Look into pictures that came just now, so that they are found by their titles."""
        query = f"SELECT {COLUMNS} FROM pictures WHERE state={UNSEEN} LIMIT {MOST_LEARNT}"  # noqa: S608
        found = [self._seen(Picture(*row)) for row in self._base().execute(query).fetchall()]
        if whole := [(picture, True) for picture in found if picture]:
            with suppress(sqlite3.OperationalError):  # busy or full: the curator does it later
                self.note(whole)

    # -- upkeep ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """List the folders that changed; does not wait for another worker that is at it, but for the first time."""
        base = self._base()
        built = base.execute("PRAGMA user_version").fetchone()[0]
        changed, gone = self._changes(base)
        if built and not changed and not gone:
            return
        with self._alone(wait=not built) as alone:
            if not alone:
                return
            changed, gone = self._changes(base)
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
                log.warning("the gallery's index cannot be brought up to date: %s", exc)
            finally:
                if base.in_transaction:
                    base.execute("ROLLBACK")

    def _changes(self, base: sqlite3.Connection) -> tuple[dict[str, int], list[str]]:
        """The series whose folder's time is not the known one, with that time; and those that are gone."""
        known = {row[0]: row[1:] for row in base.execute("SELECT series, stamp, scanned, took FROM folders")}
        now = self._now_ns()
        changed = {}
        for series, stamp in self._stamps():
            old, scanned, took = known.pop(series, (0, 0, 0))
            if stamp == old and scanned - stamp >= COARSE_NS:
                continue
            if now - scanned >= min(took / MOST_SHARE, MOST_DELAY_NS) or now < scanned:
                changed[series] = stamp
        return changed, list(known)

    def _stamps(self) -> Iterator[tuple[str, int]]:
        output = os.fspath(self._store.output)
        with suppress(FileNotFoundError), os.scandir(output) as entries:
            for entry in entries:
                if is_public(entry.name):
                    with suppress(FileNotFoundError, NotADirectoryError):
                        status = os.stat(f"{output}/{entry.name}/annotated", follow_symlinks=False)
                        if entry.is_dir(follow_symlinks=False) and stat.S_ISDIR(status.st_mode):
                            yield entry.name, status.st_mtime_ns

    def _list(self, base: sqlite3.Connection, series: str, stamp: int) -> None:
        began = self._now_ns()
        present: dict[str, int] = {}
        folder = os.fspath(self._store.output / series / "annotated")
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(PNG) and is_public(entry.name) and entry.is_file(follow_symlinks=False):
                    present[entry.name.removesuffix(PNG)] = entry.inode()
        known = dict(base.execute("SELECT name, inode FROM pictures WHERE series=?", (series,)))
        gone = [(series, name) for name in known.keys() - present.keys()]
        base.executemany("DELETE FROM pictures WHERE series=? AND name=?", gone)
        base.executemany("INSERT OR IGNORE INTO vanished VALUES (?, ?)", gone)
        base.executemany(
            "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, 0, 0, 0, '', ?)",
            self._fresh(series, {name: inode for name, inode in present.items() if known.get(name) != inode}),
        )
        count, newest = base.execute("SELECT count(*), max(moment) FROM pictures WHERE series=?", (series,)).fetchone()
        took = self._now_ns() - began
        base.execute(
            "INSERT OR REPLACE INTO folders VALUES (?, ?, ?, ?, ?, ?)",
            (series, stamp, began, took, count, newest or 0),
        )

    def _fresh(self, series: str, inodes: dict[str, int]) -> list[tuple[str, str, int, int, str]]:
        folder = os.fspath(self._store.output / series / "annotated")
        rows = []
        for name, inode in inodes.items():
            with suppress(FileNotFoundError):
                moment = os.stat(f"{folder}/{name}{PNG}", follow_symlinks=False).st_mtime_ns
                rows.append((series, name, inode, moment, f"{series} {name}".casefold()))
        rows.sort(key=lambda row: (-row[3], row[1]))  # as they will lie: three times as fast as in any order
        return rows

    def unseen(self, limit: int) -> list[Picture]:
        """Pictures that nobody has looked into, or that were torn when somebody did."""
        query = f"SELECT {COLUMNS} FROM pictures WHERE state!={WHOLE} ORDER BY state LIMIT ?"  # noqa: S608
        return [Picture(*row) for row in self._base().execute(query, (limit,))]

    def note(self, seen: list[tuple[Picture, bool]]) -> None:
        """Keep what was found out: pictures with all they tell, and whether they are whole."""
        rows = [
            (
                WHOLE if whole else TORN,
                one.width,
                one.height,
                one.title,
                f"{one.series} {one.name} {one.title}".casefold(),
                one.series,
                one.name,
                one.moment,
            )
            for one, whole in seen
        ]
        self._base().executemany(
            "UPDATE pictures SET state=?, width=?, height=?, title=?, words=? WHERE series=? AND name=? AND moment=?",
            rows,
        )

    def vanished(self, limit: int) -> list[tuple[str, str]]:
        """Series and names of pictures that are not there any more and have not been cleared away."""
        return self._base().execute("SELECT series, name FROM vanished LIMIT ?", (limit,)).fetchall()

    def cleared(self, names: list[tuple[str, str]]) -> None:
        self._base().executemany("DELETE FROM vanished WHERE series=? AND name=?", names)

    def forget(self, key: Key) -> None:
        """Say that the picture is gone: its successor may get its inode. Harmless when the index is busy."""
        if not self._path.exists():
            return
        with suppress(sqlite3.OperationalError):
            self._base().execute("DELETE FROM pictures WHERE series=? AND name=?", (key.series, key.address))
            self._base().execute("UPDATE folders SET stamp=0 WHERE series=?", (key.series,))

    @property
    def folder(self) -> Path:
        """Where the index and its locks lie."""
        self._base()
        return self._path.parent

    @contextmanager
    def _alone(self, *, wait: bool) -> Iterator[bool]:
        """Be the only one over all workers who lists folders; gives False when somebody else is at it."""
        descriptor = open_lock(self._path.with_name("guard"))
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield True
        except BlockingIOError:
            yield False
        finally:
            os.close(descriptor)

    def _base(self) -> sqlite3.Connection:
        """This thread's connection to the present file: it is not carried over a fork, nor beyond a deletion."""
        try:
            identity = (os.getpid(), self._path, self._path.stat().st_ino)
        except (FileNotFoundError, NotADirectoryError):
            identity = (os.getpid(), self._path, 0)
        if identity[2] and getattr(self._local, "identity", None) == identity:
            found: sqlite3.Connection = self._local.base
            return found
        try:
            base = opened(self._path)
        except (OSError, sqlite3.OperationalError) as exc:
            if self._path != self._store.index:
                raise
            with self._moving:
                if self._path == self._store.index:
                    log.warning("the gallery's index cannot be kept in the data folder, and is made for now: %s", exc)
                    self._path = Path(tempfile.mkdtemp(prefix="dalleserver-")) / "index.sqlite"
            return self._base()
        self._local.base, self._local.identity = base, (os.getpid(), self._path, self._path.stat().st_ino)
        return base


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in the gallery's order, opaque to clients."""

    newest: int
    series: str
    moment: int
    name: str

    def __str__(self) -> str:
        told = json.dumps([self.newest, self.series, self.moment, self.name], separators=(",", ":"))
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises InvalidRequest."""
        try:
            value = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
            newest, series, moment, name = value
        except (ValueError, TypeError):
            raise InvalidRequest("after: not a position that this server gave") from None
        if not all(type(one) is int and abs(one) < 1 << 62 for one in (newest, moment)):
            raise InvalidRequest("after: not a position that this server gave")
        if not (isinstance(series, str) and isinstance(name, str)):
            raise InvalidRequest("after: not a position that this server gave")
        return cls(newest, series, moment, name)


def opened(path: Path) -> sqlite3.Connection:
    """A connection to the index; a file that is not one, or of another version, is replaced."""
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


def is_public(name: str) -> bool:
    """Whether `/files/` would serve a part of that name, and text can hold it."""
    return not name.startswith(".") and not re.search(r"[\ud800-\udfff\0]", name)
