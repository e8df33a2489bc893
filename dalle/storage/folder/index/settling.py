"""Pictures of which something has changed: their rows are made equal to their files again."""

from collections.abc import Sequence

from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.stamps import PNG, Stamps, status_of
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.picture import Picture

# Pictures that one transaction adds or removes, in some 10 ms: runs that publish wait for it.
SLICE = 500


class Settling:
    """Settles pictures of one index file. Each is looked at inside the transaction that changes its row."""

    def __init__(self, file: IndexFile, table: PictureTable, stamps: Stamps) -> None:
        self._file = file
        self._table = table
        self._stamps = stamps

    def settle(self, series: str, names: Sequence[str]) -> None:
        """Make the rows of these pictures equal to their files, in the order in which they are to be listed."""
        folder = self._stamps.path(series)
        times = ((status_of(f"{folder}/{name}{PNG}"), name) for name in names)
        order = sorted((status.st_mtime_ns if status else 0, name) for status, name in times)
        for at in range(0, len(order), SLICE):
            with self._file.writing():
                for _, name in order[at : at + SLICE]:
                    self._settle_one(series, name)

    def differs(self, series: str, name: str) -> bool:
        """Return whether a picture is to be settled; of one that is not in the table of names it is not known."""
        row, status = self._table.find(series, name), status_of(f"{self._stamps.path(series)}/{name}{PNG}")
        if row and status:
            return (row.inode, row.picture.modified_ns) != (status.st_ino, status.st_mtime_ns)
        return bool(row or status)

    def _settle_one(self, series: str, name: str) -> None:
        row, folder = self._table.seek(series, name), self._table.folder(series)
        status = status_of(f"{self._stamps.path(series)}/{name}{PNG}")
        if row and status and (row.inode, row.picture.modified_ns) == (status.st_ino, status.st_mtime_ns):
            return
        if row:
            self._table.delete(row)
        if status and folder:
            self._table.add(folder, Picture(series, name, status.st_mtime_ns), status.st_ino)
        elif row:
            self._table.vanish((series, name))
