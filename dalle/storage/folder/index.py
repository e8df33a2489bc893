"""The index of all finished pictures: one SQLite file that every worker reads.

It is a cache of `output/*/annotated/`, brought up to date by `listing` before each question. What is slower than a
stat — the title, the size in pixels, whether the file is whole — is found out later by the caretaker, and at once for
the pictures of a page that is asked for.
"""

import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dalle.gallery.cursor import Cursor
from dalle.imaging.probe import Inspection, Look
from dalle.key import ADDRESS, SERIES, Key
from dalle.storage.folder.index_file import TORN, UNSEEN, WHOLE, IndexFile
from dalle.storage.folder.layout import Store
from dalle.storage.folder.listing import Listing

# So many new pictures are looked into before a filter is answered; more than these wait for the curator.
MOST_LEARNT = 300
MOST_WORDS = 8
COLUMNS = "series, name, moment, state, width, height, title, painter"


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
    painter: str = ""

    @property
    def key(self) -> Key | None:
        """The key under which it can be asked for; None when its name is not one."""
        if SERIES.fullmatch(self.series) and ADDRESS.fullmatch(self.name):
            return Key(self.series, self.name)
        return None


def learnt(picture: Picture, look: Look) -> Picture:
    """The picture with what its file tells."""
    return replace(picture, width=look.width, height=look.height, title=look.title, painter=look.painter)


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
        self._file = IndexFile(store.index)
        self._listing = Listing(store, self._file, now_ns=now_ns)

    # -- questions ---------------------------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        """All series with pictures, in the gallery's order."""
        self._listing.refresh()
        rows = self._file.base().execute(
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
        self._listing.refresh()
        query = f"SELECT {COLUMNS} FROM pictures WHERE series=? AND name=? AND state!={TORN}"  # noqa: S608
        row = self._file.base().execute(query, (series, name)).fetchone()
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
        for word in words.casefold().split()[:MOST_WORDS]:
            query += " AND instr(words, ?)"
            values.append(word)
        if position:
            query += f" AND (moment, name) {'>' if back else '<'} (?, ?)"
            values += position
        order = "moment, name" if back else "moment DESC, name DESC"
        for row in self._file.base().execute(f"{query} ORDER BY {order}", values):
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
        return learnt(replace(picture, state=WHOLE), look)

    def _learn(self) -> None:
        """Look into pictures that came just now, so that they are found by their titles."""
        query = f"SELECT {COLUMNS} FROM pictures WHERE state={UNSEEN} LIMIT {MOST_LEARNT}"  # noqa: S608
        found = [self._seen(Picture(*row)) for row in self._file.base().execute(query).fetchall()]
        if whole := [(picture, True) for picture in found if picture]:
            with suppress(sqlite3.OperationalError):  # busy or full: the curator does it later
                self.note(whole)

    # -- upkeep ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take notice of all that changed in the folders, however long it takes."""
        self._listing.refresh(thorough=True)

    def unseen(self, limit: int) -> list[Picture]:
        """Pictures that nobody has looked into, or that were torn when somebody did."""
        query = f"SELECT {COLUMNS} FROM pictures WHERE state!={WHOLE} ORDER BY state LIMIT ?"  # noqa: S608
        return [Picture(*row) for row in self._file.base().execute(query, (limit,))]

    def note(self, seen: list[tuple[Picture, bool]]) -> None:
        """Keep what was found out: pictures with all they tell, and whether they are whole."""
        rows = [
            (
                WHOLE if whole else TORN,
                one.width,
                one.height,
                one.title,
                one.painter,
                f"{one.series} {one.name} {one.title}".casefold(),
                one.series,
                one.name,
                one.moment,
            )
            for one, whole in seen
        ]
        self._file.base().executemany(
            "UPDATE pictures SET state=?, width=?, height=?, title=?, painter=?, words=? "
            "WHERE series=? AND name=? AND moment=?",
            rows,
        )

    def vanished(self, limit: int) -> list[tuple[str, str]]:
        """Series and names of pictures that are not there any more and have not been cleared away."""
        return self._file.base().execute("SELECT series, name FROM vanished LIMIT ?", (limit,)).fetchall()

    def cleared(self, names: list[tuple[str, str]]) -> None:
        self._file.base().executemany("DELETE FROM vanished WHERE series=? AND name=?", names)

    def forget(self, key: Key) -> None:
        """Say that the picture is gone: its successor may get its inode. Harmless when the index is busy."""
        if not self._file.exists:
            return
        with suppress(sqlite3.OperationalError):
            self._file.base().execute("DELETE FROM pictures WHERE series=? AND name=?", (key.series, key.address))
            self._file.base().execute("UPDATE folders SET stamp=0 WHERE series=?", (key.series,))

    @property
    def folder(self) -> Path:
        """Where the index and its locks lie."""
        return self._file.folder
