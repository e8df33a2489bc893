"""One folder of series files. A file's series is named after it, as the older server names what people type freely."""

import os
import time
from collections.abc import Callable, Mapping

from dalle.words.series import name_of

YOUNG = 0.02
"""Seconds. A file or folder that changed later than this ago may change again under the same time stamp."""

Stamp = tuple[int, int, int]
ABSENT: Stamp = (0, 0, 0)
"""Of a folder that does not exist."""


class Place:
    """The series files of one folder by the names of their series. The list of its files is read once a change."""

    def __init__(self, path: str, *, now: Callable[[], float] = time.time) -> None:
        self.path = path
        self._now = now
        self._known: tuple[Stamp | None, Mapping[str, list[str]]] = None, {}

    def stamp(self) -> Stamp:
        try:
            return _stamp(os.stat(self.path))
        except OSError:
            return ABSENT

    def files(self) -> tuple[Mapping[str, list[str]], Stamp | None]:
        """Return the paths of each series' files, the one that counts first, and the stamp of that list."""
        try:
            status = os.stat(self.path)
        except OSError:
            return {}, ABSENT
        stamp, files = self._known
        if stamp != _stamp(status):
            stamp, files = self.lasting(status), self._list()
            self._known = stamp, files
        return files, stamp

    def find(self, name: str) -> tuple[str, os.stat_result] | None:
        """Return the path of the series' file and its status, None without one."""
        for path in self.files()[0].get(name, ()):
            try:
                return path, os.stat(path)
            except (FileNotFoundError, NotADirectoryError):
                continue
        return None

    def lasting(self, status: os.stat_result) -> Stamp | None:
        """Return the stamp of a file or folder, None as long as a change might hide behind it."""
        return _stamp(status) if self._now() - status.st_mtime >= YOUNG else None

    def _list(self) -> Mapping[str, list[str]]:
        try:
            entries = os.listdir(self.path)
        except OSError:
            entries = []
        files: dict[str, list[str]] = {}
        for stem in sorted(entry.removesuffix(".json") for entry in entries if entry.endswith(".json")):
            if not stem.startswith("."):
                paths = files.setdefault(name_of(stem), [])
                # A file of exactly that name counts before one that is only spelled like it.
                paths.insert(0 if stem == name_of(stem) else len(paths), f"{self.path}/{stem}.json")
        return files


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size, status.st_ino
