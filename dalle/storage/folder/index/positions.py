"""Places in the gallery's order by share or by time, found without counting up to them."""

from collections.abc import Sequence

from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.sequences import bounds, in_front, last, seek, sequences
from dalle.storage.picture import Folder, Picture, Position

BEHIND_ALL = "\U0010ffff"
"""As a name it comes after all others of its moment, so that a page behind it begins with these."""


class Positions:
    """Finds places in one index file. Raises sqlite3.Error."""

    def __init__(self, file: IndexFile) -> None:
        self._file = file

    def at(
        self,
        folders: Sequence[Folder],
        *,
        share: float | None = None,
        before_ns: int | None = None,
        picture: Picture | None = None,
    ) -> Position | None:
        """Return the place after a share (0 to 1) of all pictures of these series, before a moment, or with a picture.

        A share is exact but for pictures that were removed. A moment counts in the first series that is so old; where
        none is, it is the end. None: the beginning.
        """
        if picture:
            return self._with(folders, picture)
        if before_ns is not None:
            return self._before(folders, before_ns) or self.at(folders, share=1)
        rest = round((share or 0) * sum(folder.count for folder in folders))
        for folder in folders:
            if 0 < rest <= folder.count:
                return self._nth(folder, rest)
            rest -= folder.count
        return None

    def share(self, folders: Sequence[Folder], position: Position) -> float:
        """Return which share of all pictures of these series is in front of a place, as exact as `at` is."""
        total, before = sum(folder.count for folder in folders), 0.0
        for folder in folders:
            if folder.series == position.series:
                before += folder.count * self._part(folder, position)
            elif (-folder.newest_ns, folder.series) < (-position.newest_ns, position.series):
                before += folder.count
        return before / total if total else 0.0

    def _part(self, folder: Folder, position: Position) -> float:
        found = self._longest(folder)
        if not found:
            return 0.0
        length, first_id, sequence = found
        number = seek(self._file.base(), sequence, (position.modified_ns, position.name))
        return min(max(first_id + length - number, 0), length) / length

    @staticmethod
    def _with(folders: Sequence[Folder], picture: Picture) -> Position | None:
        newest = {folder.series: folder.newest_ns for folder in folders}.get(picture.series)
        begins = in_front((picture.modified_ns, picture.name))
        return Position(newest, picture.series, *begins) if newest is not None else None

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
        longest = self._longest(folder)
        if not longest:
            return None
        length, first_id, _ = longest
        wanted = first_id + max(length - round(number / folder.count * length), 0)
        query = "SELECT moment, name FROM pictures WHERE id >= ? LIMIT 1"
        found = self._file.base().execute(query, (wanted,)).fetchone()
        return Position(folder.newest_ns, folder.series, *found) if found else None

    def _longest(self, folder: Folder) -> tuple[int, int, int] | None:
        """The length of the longest sequence of a series, the first id in it, and its number."""
        base = self._file.base()
        row = base.execute("SELECT id FROM folders WHERE series=?", (folder.series,)).fetchone()
        ends = []
        for sequence in sequences(base, row[0]) if row else []:
            end = last(base, sequence)
            first = base.execute("SELECT id FROM pictures WHERE id >= ? LIMIT 1", bounds(sequence)[:1]).fetchone()
            if end and first:
                ends.append((end[0] - first[0] + 1, first[0], sequence))
        return max(ends, default=None)
