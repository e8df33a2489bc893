"""The rows of the gallery's index: what is known of each picture, and of those that disappeared."""

from collections.abc import Iterable, Iterator
from typing import Any

from dalle.storage.folder.index.file import TORN, UNREAD, WHOLE, IndexFile
from dalle.storage.picture import Folder, Picture

Name = tuple[str, str]
"""Series and name of a picture, which need not be a key."""

MOST_WORDS = 8
COLUMNS = "series, name, moment, width, height, title, painter, state"
SELECT = f"SELECT {COLUMNS} FROM pictures WHERE"  # noqa: S608


class PictureTable:
    """Reads and changes the rows of one index file. Raises sqlite3.Error."""

    def __init__(self, file: IndexFile) -> None:
        self._file = file

    def folders(self) -> list[Folder]:
        """Return all series with pictures, the one with the newest first."""
        query = "SELECT series, count, newest FROM folders WHERE count ORDER BY newest DESC, series"
        return [Folder(*row) for row in self._file.base().execute(query)]

    def walk(
        self, series: str, words: str, position: tuple[int, str] | None = None, *, back: bool = False
    ) -> Iterator[tuple[Picture, bool]]:
        """Yield the pictures of a series behind a position (time and name), newest first, and whether each was read.

        `back`: those before it, in the opposite order. Torn pictures are left out.
        """
        query, values = f"{SELECT} series=? AND state!={TORN}", [series]
        for word in parts(words):
            query += " AND instr(words, ?)"
            values.append(word)
        if position:
            query += f" AND (moment, name) {'>' if back else '<'} (?, ?)"
            values += position  # type: ignore[arg-type]
        order = "moment, name" if back else "moment DESC, name DESC"
        yield from map(picture_of, self._file.base().execute(f"{query} ORDER BY {order}", values))

    def count(self, series: str, words: str) -> int:
        """Return how many pictures of a series, or of all with "", have each of the words; torn ones are left out."""
        query, values = f"SELECT count(*) FROM pictures WHERE state!={TORN}", list(parts(words))  # noqa: S608
        query += " AND instr(words, ?)" * len(values)
        if series:
            query, values = f"{query} AND series=?", [*values, series]
        number: int = self._file.base().execute(query, values).fetchone()[0]
        return number

    def find(self, series: str, name: str) -> tuple[Picture, bool] | None:
        """Return a picture that is not known to be torn, and whether it was read."""
        query = f"{SELECT} series=? AND name=? AND state!={TORN}"
        row = self._file.base().execute(query, (series, name)).fetchone()
        return picture_of(row) if row else None

    def unread(self, limit: int, *, torn: bool = False) -> list[Picture]:
        """Return pictures that were not read yet, then, with `torn`, those that were torn when they were read."""
        query = f"{SELECT} state{'!=' + str(WHOLE) if torn else '=' + str(UNREAD)} ORDER BY state LIMIT ?"
        return [picture_of(row)[0] for row in self._file.base().execute(query, (limit,))]

    def note(self, whole: Iterable[Picture], torn: Iterable[Picture] = ()) -> None:
        """Keep what was read of pictures, unless they were replaced meanwhile."""
        rows = [values_of(picture, WHOLE) for picture in whole] + [values_of(picture, TORN) for picture in torn]
        self._file.base().executemany(
            "UPDATE pictures SET width=?, height=?, title=?, painter=?, words=?, state=? "
            "WHERE series=? AND name=? AND moment=?",
            rows,
        )

    def vanished(self, limit: int) -> list[Name]:
        """Return pictures that disappeared and were not acknowledged."""
        return self._file.base().execute("SELECT series, name FROM vanished LIMIT ?", (limit,)).fetchall()

    def forget_vanished(self, names: Iterable[Name]) -> None:
        """Forget that these pictures disappeared."""
        self._file.base().executemany("DELETE FROM vanished WHERE series=? AND name=?", names)

    def forget(self, series: str, name: str) -> None:
        """Delete a picture's row, and have its series listed again."""
        self._file.base().execute("DELETE FROM pictures WHERE series=? AND name=?", (series, name))
        self._file.base().execute("UPDATE folders SET stamp=0 WHERE series=?", (series,))


def parts(words: str) -> list[str]:
    """Return the words of a filter, as the index has them."""
    return words.casefold().split()[:MOST_WORDS]


def picture_of(row: tuple[Any, ...]) -> tuple[Picture, bool]:
    return Picture(*row[:-1]), row[-1] == WHOLE


def values_of(picture: Picture, state: int) -> tuple[Any, ...]:
    words = f"{picture.series} {picture.name} {picture.title}".casefold()
    read = picture.width, picture.height, picture.title, picture.painter, words, state
    return *read, picture.series, picture.name, picture.modified_ns
