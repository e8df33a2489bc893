"""Places in the gallery's order by share or by time, found without counting up to them."""

from collections.abc import Sequence

from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.sequences import bounds, last, seek, sequences
from dalle.storage.picture import Folder, Position

BEHIND_ALL = "\U0010ffff"
"""As a name it comes after all others of its moment, so that a page behind it begins with these."""


class Positions:
    """Finds places in one index file. Raises sqlite3.Error."""

    def __init__(self, file: IndexFile) -> None:
        self._file = file

    def at(
        self, folders: Sequence[Folder], *, share: float | None = None, before_ns: int | None = None
    ) -> Position | None:
        """Return the place after a share (0 to 1) of all pictures of these series, or before a moment; None: the begin.

        A share is exact but for pictures that were removed. A moment counts in the first series that is so old.
        """
        if before_ns is not None:
            return self._before(folders, before_ns)
        rest = round((share or 0) * sum(folder.count for folder in folders))
        for folder in folders:
            if 0 < rest <= folder.count:
                return self._nth(folder, rest)
            rest -= folder.count
        return None

    def _before(self, folders: Sequence[Folder], moment: int) -> Position | None:
        base = self._file.base()
        for folder in folders:
            row = base.execute("SELECT id FROM folders WHERE series=?", (folder.series,)).fetchone()
            for sequence in sequences(base, row[0]) if row else []:
                low, high = bounds(sequence)[0], seek(base, sequence, (moment, ""))
                if base.execute("SELECT 1 FROM pictures WHERE id >= ? AND id < ? LIMIT 1", (low, high)).fetchone():
                    return Position(folder.newest_ns, folder.series, moment, "")
        return None

    def _nth(self, folder: Folder, number: int) -> Position | None:
        """The place behind the nth picture of a series, as its longest sequence has it."""
        base = self._file.base()
        row = base.execute("SELECT id FROM folders WHERE series=?", (folder.series,)).fetchone()
        ends = []
        for sequence in sequences(base, row[0]) if row else []:
            end = last(base, sequence)
            first = base.execute("SELECT id FROM pictures WHERE id >= ? LIMIT 1", bounds(sequence)[:1]).fetchone()
            if end and first:
                ends.append((end[0] - first[0] + 1, first[0]))
        if not ends:
            return None
        length, first_id = max(ends)
        wanted = first_id + max(length - round(number / folder.count * length), 0)
        query = "SELECT moment, name FROM pictures WHERE id >= ? LIMIT 1"
        found = base.execute(query, (wanted,)).fetchone()
        return Position(folder.newest_ns, folder.series, *found) if found else None
