"""The operator's series files: `<name>.json` in one folder, edited by hand or replaced while the service runs."""

import errno
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from dalle.atomic import flocked, sync_folder, write_atomic
from dalle.key import SERIES
from dalle.storage.folder.series.place import Place
from dalle.storage.folder.series.versions import KeptVersions
from dalle.storage.open_file import read_bounded
from dalle.storage.protocol import StorageError
from dalle.words.series import MOST_BYTES
from dalle.words.series_files import SeriesConflict, SeriesVersion, Stamp

VERSIONS = ".versions"
"""The folder of earlier contents, in the folder of the files."""


class SeriesFolder:
    """Satisfies `dalle.words.series_files.SeriesFiles`. A stamp is time of change, size and inode, from one `stat`.

    `older` is a second folder, whose files count where the first one has none of that name. It is only read, but for
    a deletion: a deleted series would otherwise come back from there.
    """

    def __init__(self, path: Path, *, older: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._places = [Place(str(folder), now=now) for folder in (path, older) if folder]
        self._kept = KeptVersions(path / VERSIONS)

    @property
    def place(self) -> str:
        return str(self._path)

    def names(self) -> tuple[list[str], Stamp | None]:
        listed = [place.files() for place in self._places]
        stamps = [stamp for _, stamp in listed if stamp]
        lasting = tuple(chain.from_iterable(stamps)) if len(stamps) == len(listed) else None
        return sorted({name for files, _ in listed for name in files}), lasting

    def names_stamp(self) -> Stamp:
        return tuple(chain.from_iterable(place.stamp() for place in self._places))

    def read(self, name: str) -> tuple[bytes, Stamp | None]:
        """Raises StorageError for what is no regular file or larger than MOST_BYTES."""
        # The stamp is from before the reading: what changes meanwhile is read again.
        place, path, status = self._find(name)
        return _content(path), place.lasting(status)

    def stamp(self, name: str) -> Stamp:
        _, _, status = self._find(name)
        return status.st_mtime_ns, status.st_size, status.st_ino

    def write(self, name: str, content: bytes, *, expecting: str | None = None) -> None:
        if len(content) > MOST_BYTES:
            raise StorageError(f"larger than {MOST_BYTES // 1_000_000} MB")
        with self._changing(name, expecting) as present:
            if present is not None and present != content:
                self._kept.keep(name, present)
            write_atomic(self._path / f"{name}.json", content, durable=True)

    def delete(self, name: str, *, expecting: str | None = None) -> bool:
        if not expecting and not any(name in place.files()[0] for place in self._places):
            return False
        with self._changing(name, expecting):
            paths = [Path(path) for place in self._places for path in place.files()[0].get(name, ())]
            # What counts goes last: a process that dies in between leaves the series as it was.
            for path in reversed(paths):
                if os.path.lexists(path):
                    if path.is_file():
                        self._kept.keep(name, _content(str(path)))
                    path.unlink()
                    sync_folder(path.parent)
        return bool(paths)

    def versions(self, name: str) -> list[SeriesVersion]:
        return self._kept.of(name)

    def version(self, name: str, number: int) -> bytes:
        return self._kept.read(name, number)

    @contextmanager
    def _changing(self, name: str, expecting: str | None) -> Iterator[bytes | None]:
        """Hold all files while one is changed; yields what that one holds, None for no file."""
        if not SERIES.fullmatch(name):
            raise ValueError(f"{name[:64]!r}: expected 1 to 64 of a-z, 0-9 and -")
        with flocked(self._path / VERSIONS / "lock"):
            try:
                present = self.read(name)[0]
            except FileNotFoundError:
                present = None
            digest = "" if present is None else hashlib.sha256(present).hexdigest()
            if expecting not in (None, digest):
                raise SeriesConflict(f"series {name} was changed meanwhile")
            yield present

    def _find(self, name: str) -> tuple[Place, str, os.stat_result]:
        for place in self._places:
            if found := place.find(name):
                return place, *found
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


def _content(path: str) -> bytes:
    content = read_bounded(path, MOST_BYTES)
    if content is None:
        raise StorageError("not a file")
    if len(content) > MOST_BYTES:
        raise StorageError(f"larger than {MOST_BYTES // 1_000_000} MB")
    return content
