"""The rows of the gallery's index: what is known of each picture, and of those that disappeared."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dalle.storage.folder.index.file import TORN, UNREAD, WHOLE, IndexFile
from dalle.storage.folder.index.sequences import (
    COLUMNS,
    NAMELESS,
    Place,
    bounds,
    close,
    extend,
    sequences,
    short,
    staged,
    texts,
    walk,
)
from dalle.storage.folder.index.sequences import count as count_rows
from dalle.storage.folder.index.unread import count, expect, shrink, unread
from dalle.storage.picture import Folder, Picture
from dalle.storage.searching.grams import document, searched, words_of

Name = tuple[str, str]
"""Series and name of a picture, which need not be a key."""

MOST_WORDS = 8
# Pages of words that are merged at once, in some 10 ms.
MERGED = 64
# Pages of a part of the words that is worth being merged: what runs publish one by one, FTS5 merges soon enough.
LARGE = 16
SELECT = f"SELECT {COLUMNS} FROM pictures JOIN folders ON folders.id=folder WHERE"  # noqa: S608

# `pgno` is twice a page's number, or one more; that of the last term is in the last page.
PARTS = f"""WITH RECURSIVE part (id) AS (SELECT min(segid) FROM grams_idx
    UNION ALL SELECT (SELECT min(segid) FROM grams_idx WHERE segid > id) FROM part WHERE id NOTNULL)
    SELECT count(*) FROM part WHERE {LARGE} <
    (SELECT pgno / 2 FROM grams_idx WHERE segid = part.id ORDER BY term DESC LIMIT 1)"""  # noqa: S608

UPDATE = f"""UPDATE pictures SET width=?, height=?, title=?, painter=?, state=?
    WHERE id=? AND inode=? AND state!={WHOLE}"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Row:
    """A picture as the index has it."""

    id: int
    picture: Picture
    state: int
    inode: int

    @property
    def is_read(self) -> bool:
        return self.state == WHOLE

    @property
    def is_torn(self) -> bool:
        return self.state == TORN

    @classmethod
    def of(cls, values: tuple[Any, ...]) -> "Row":
        number, *picture, state, inode = values
        return cls(number, Picture(*picture), state, inode)


class PictureTable:
    """Reads and changes the rows of one index file; changes are made in the caller's transaction. Raises sqlite3.Error.

    `folder` is the number of a series.
    """

    def __init__(self, file: IndexFile) -> None:
        self._file = file

    @property
    def _base(self) -> sqlite3.Connection:
        return self._file.base()

    # -- series ------------------------------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        """Return all series with pictures, the one with the newest first."""
        query = "SELECT series, count, newest FROM folders WHERE count > 0 ORDER BY newest DESC, series"
        return [Folder(*row) for row in self._base.execute(query)]

    def folder(self, series: str) -> int | None:
        """Return the number of a series, None for one that was never listed."""
        row = self._base.execute("SELECT id FROM folders WHERE series=?", (series,)).fetchone()
        return row[0] if row else None

    # -- pictures ----------------------------------------------------------------------------------------------

    def find(self, series: str, name: str) -> Row | None:
        """Return the row of a picture."""
        query = f"{SELECT} pictures.id=(SELECT id FROM names WHERE folder=? AND name=?)"  # noqa: S608
        row = self._base.execute(query, (self.folder(series), name)).fetchone()
        return Row.of(row) if row else None

    def seek(self, series: str, name: str) -> Row | None:
        """Return the row of a picture, also of one that the table of names has yet to get: 100 ms in a million."""
        if row := self.find(series, name):
            return row
        folder = self.folder(series)
        for sequence in staged(self._base, NAMELESS, folder) if folder else []:
            query = f"{SELECT} pictures.id BETWEEN ? AND ? AND name=?"
            if values := self._base.execute(query, (*bounds(sequence), name)).fetchone():
                return Row.of(values)
        return None

    def add(self, folder: int, picture: Picture, inode: int, state: int = UNREAD) -> None:
        """Add a picture that is not in the table; one that was read with its words."""
        number = extend(self._base, folder, picture.modified_ns, picture.name)
        self._base.execute(
            "INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(number, folder, picture.name, inode, picture.modified_ns, state),
                *(picture.width, picture.height, picture.title, picture.painter),
            ),
        )
        self._base.execute("INSERT INTO names VALUES (?, ?, ?, ?)", (folder, picture.name, inode, number))
        if state == UNREAD:
            expect(self._base, number, number)
        if state == WHOLE:
            self._learn([(number, picture)])
        self._base.execute(
            "UPDATE folders SET count=count+1, newest=max(newest, ?) WHERE id=?", (picture.modified_ns, folder)
        )

    def delete(self, row: Row) -> None:
        """Delete a picture's row and its words."""
        if row.state == WHOLE:
            words = document(row.picture.name, row.picture.title)
            self._base.execute("INSERT INTO grams (grams, rowid, pieces) VALUES ('delete', ?, ?)", (row.id, words))
        series, newest = row.picture.series, row.picture.modified_ns
        self._base.execute("DELETE FROM pictures WHERE id=?", (row.id,))
        if row.state == UNREAD:
            shrink(self._base, [row.id])
        self._base.execute("DELETE FROM names WHERE folder=? AND name=?", (self.folder(series), row.picture.name))
        self._base.execute("UPDATE folders SET count=count-1 WHERE series=?", (series,))
        if self._base.execute("SELECT newest FROM folders WHERE series=?", (series,)).fetchone() == (newest,):
            close(self._base, series)

    def scattered(self, folder: int) -> list[Row]:
        """Return the pictures of the short sequences of a series that are to be joined, in their order."""
        rows = [row for sequence in short(self._base, folder) for row in self._rows(sequence)]
        return sorted(rows, key=lambda row: (row.picture.modified_ns, row.picture.name))

    def join(self, folder: int, rows: Sequence[Row]) -> None:
        """Put the next of these pictures, in their order, at the end of one sequence, unless they changed meanwhile."""
        rows = [row for row in rows if self.find(row.picture.series, row.picture.name) == row]
        for row in rows:
            self.delete(row)
        for row in rows:
            self.add(folder, row.picture, row.inode, row.state)

    def _rows(self, sequence: int) -> list[Row]:
        query = f"{SELECT} pictures.id BETWEEN ? AND ?"
        return [Row.of(row) for row in self._base.execute(query, bounds(sequence))]

    def unread(self, limit: int) -> list[Row]:
        """Return pictures that were not read yet, newest first."""
        return [Row.of(row) for row in unread(self._base, limit)]

    def torn(self, limit: int) -> list[Row]:
        """Return pictures that were torn when they were read."""
        query = f"{SELECT} state={TORN} ORDER BY pictures.id DESC LIMIT ?"
        return [Row.of(row) for row in self._base.execute(query, (limit,))]

    def note(self, read: Iterable[tuple[Row, Picture | None]]) -> None:
        """Keep what was read of pictures, None of a torn one, unless they were replaced meanwhile."""
        whole, rows = [], list(read)
        for row, picture in sorted(rows, key=lambda each: each[0].id):  # FTS5 takes rising ids together
            state = TORN if picture is None else WHOLE
            values = picture or row.picture
            cursor = self._base.execute(
                UPDATE,
                (values.width, values.height, values.title, values.painter, state, row.id, row.inode),
            )
            if picture and cursor.rowcount:
                whole.append((row.id, picture))
        self._learn(whole)
        shrink(self._base, [row.id for row, _ in rows])

    def _learn(self, pictures: Iterable[tuple[int, Picture]]) -> None:
        rows = ((number, document(picture.name, picture.title)) for number, picture in pictures)
        self._base.executemany("INSERT INTO grams (rowid, pieces) VALUES (?, ?)", rows)

    def parts(self) -> int:
        """Return how many large parts the words are in: a filter looks into each."""
        number: int = self._base.execute(PARTS).fetchone()[0]
        return number

    def merge(self) -> bool:
        """Merge some pages of the words' parts; return whether there is more to be merged.

        The number must not be negative: -MERGED has FTS5 add a level above all others for what was written since, and
        a file of 2,000 levels counts as malformed (SQLite 3.40.1). Beside runs that publish that takes half a minute.
        """
        before = self._base.total_changes
        self._base.execute("INSERT INTO grams (grams, rank) VALUES ('merge', ?)", (MERGED,))
        return self._base.total_changes - before > 1

    def walk(
        self, series: str, words: str, position: Place | None = None, *, back: bool = False
    ) -> Iterator[tuple[Picture, bool]]:
        """Yield the pictures of a series behind a position, newest first, and whether each was read.

        `back`: those before it, in the opposite order; a picture at the position is the first of them. Torn pictures
        are left out.
        """
        for values in self._matching(series, words, position, back=back):
            row = Row.of(values)
            yield row.picture, row.is_read

    def count(self, series: str, words: str, most: int) -> int:
        """Return how many pictures of a series `walk` yields, counted up to `most`."""
        folder, wanted = self.folder(series), decisive(words, series)
        found, search = 0, searched(wanted)
        for sequence in sequences(self._base, folder) if folder else []:
            if search.exact:
                found += count_rows(self._base, sequence, search.match, most - found)
            else:
                matching = (1 for name, title in texts(self._base, sequence, search.match) if has(wanted, name, title))
                found += sum(islice(matching, most - found))
        return found

    def _matching(self, series: str, words: str, position: Place | None, *, back: bool) -> Iterator[tuple[Any, ...]]:
        folder, wanted = self.folder(series), decisive(words, series)
        if folder is None:
            return
        for values in walk(self._base, folder, searched(wanted).match, position, back=back):
            if has(wanted, values[2], values[6]):
                yield values

    # -- progress ----------------------------------------------------------------------------------------------

    def counted(self) -> tuple[int, int]:
        """Return how many pictures are known, and how many there may be."""
        query = "SELECT total(max(count, seen)), total(max(count, seen, about)) FROM folders"
        known, about = self._base.execute(query).fetchone()
        return round(known), round(about)

    def count_unread(self) -> int:
        """Return how many pictures were not read yet, or a few more: some may be gone."""
        return count(self._base)

    # -- vanished ----------------------------------------------------------------------------------------------

    def vanish(self, name: Name) -> None:
        """Note that a picture disappeared."""
        self._base.execute("INSERT OR IGNORE INTO vanished VALUES (?, ?)", name)

    def vanished(self, limit: int) -> list[Name]:
        """Return pictures that disappeared and were not acknowledged."""
        return self._base.execute("SELECT series, name FROM vanished LIMIT ?", (limit,)).fetchall()

    def forget_vanished(self, names: Iterable[Name]) -> None:
        """Forget that these pictures disappeared."""
        self._base.executemany("DELETE FROM vanished WHERE series=? AND name=?", names)


def decisive(words: str, series: str) -> list[str]:
    """Return the words of a filter, without those that are in the name of a series and so in all pictures of it."""
    return [word for word in words.casefold().split()[:MOST_WORDS] if word not in series.casefold()]


def has(wanted: list[str], name: str, title: str) -> bool:
    """Return whether a picture has all of these words."""
    text = words_of(name, title) if wanted else ""
    return all(word in text for word in wanted)
