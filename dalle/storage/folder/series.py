"""The operator's series files: `<name>.json` in one folder, edited by hand or replaced while the service runs."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from dalle.atomic import write_atomic
from dalle.storage.open_file import read_bounded
from dalle.storage.protocol import StorageError
from dalle.words.series import MOST_BYTES

YOUNG = 0.02
"""Seconds. A file or folder that changed later than this ago may change again under the same time stamp."""

Stamp = tuple[int, int, int]
ABSENT: Stamp = (0, 0, 0)
"""Of a folder that does not exist."""


class SeriesFolder:
    """Satisfies `dalle.words.shelf.SeriesFiles`. A stamp is time of change, size and inode, from one `stat`."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self._path = str(path)
        self._now = now

    @property
    def place(self) -> str:
        return self._path

    def names(self) -> tuple[list[str], Stamp | None]:
        try:
            status = os.stat(self._path)
        except OSError:
            return [], ABSENT
        try:
            entries = os.listdir(self._path)
        except OSError:
            entries = []
        names = [entry.removesuffix(".json") for entry in entries if entry.endswith(".json") and entry[0] != "."]
        return names, self._lasting(status)

    def names_stamp(self) -> Stamp:
        try:
            return _stamp(os.stat(self._path))
        except OSError:
            return ABSENT

    def read(self, name: str) -> tuple[bytes, Stamp | None]:
        """Raises StorageError for what is no regular file or larger than MOST_BYTES."""
        path = self._file(name)
        # The stamp is from before the reading: what changes meanwhile is read again.
        status = self._stat(path)
        content = read_bounded(path, MOST_BYTES)
        if content is None:
            raise StorageError("not a file")
        if len(content) > MOST_BYTES:
            raise StorageError(f"larger than {MOST_BYTES // 1_000_000} MB")
        return content, self._lasting(status)

    def stamp(self, name: str) -> Stamp:
        return _stamp(self._stat(self._file(name)))

    def write(self, name: str, content: bytes) -> None:
        """Replaces a file, or adds it. Raises OSError; then the old file is untouched."""
        write_atomic(Path(self._file(name)), content)

    def _file(self, name: str) -> str:
        return f"{self._path}/{name}.json"

    def _stat(self, path: str) -> os.stat_result:
        try:
            return os.stat(path)
        except NotADirectoryError as exc:
            raise FileNotFoundError(exc.errno, exc.strerror) from exc

    def _lasting(self, status: os.stat_result) -> Stamp | None:
        return _stamp(status) if self._now() - status.st_mtime >= YOUNG else None


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size, status.st_ino
