"""Earlier contents of series files: `<name>/<number>.json` in one folder, the last ten of each name."""

import errno
from contextlib import suppress
from pathlib import Path

from dalle.atomic import remove, write_atomic
from dalle.key import SERIES
from dalle.storage.open_file import read_bounded
from dalle.words.series import MOST_BYTES
from dalle.words.series_files import KEPT, SeriesVersion


class KeptVersions:
    """What the files held before they were replaced. The caller excludes other writers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, name: str) -> list[SeriesVersion]:
        """Return the versions of a name, newest first."""
        versions = []
        if SERIES.fullmatch(name):
            with suppress(FileNotFoundError, NotADirectoryError):
                for path in (self._folder / name).iterdir():
                    if path.suffix == ".json" and path.stem.isdecimal():
                        with suppress(FileNotFoundError):
                            status = path.stat()
                            versions.append(SeriesVersion(int(path.stem), status.st_mtime_ns, status.st_size))
        return sorted(versions, key=lambda version: version.number, reverse=True)[:KEPT]

    def read(self, name: str, number: int) -> bytes:
        """Return what a version holds. Raises FileNotFoundError."""
        content = read_bounded(self._file(name, number), MOST_BYTES) if SERIES.fullmatch(name) else None
        if content is None:
            raise FileNotFoundError(errno.ENOENT, f"no version {number}")
        return content

    def keep(self, name: str, content: bytes) -> None:
        """Keep a content, unless it is that of the newest version: its writer may have died before it went on."""
        versions = self.of(name)
        newest = versions[0].number if versions else 0
        if newest and self.read(name, newest) == content:
            return
        write_atomic(self._file(name, newest + 1), content, durable=True)
        for path in (self._folder / name).iterdir():
            if path.stem.isdecimal() and int(path.stem) <= newest + 1 - KEPT:
                remove(path)

    def _file(self, name: str, number: int) -> Path:
        return self._folder / name / f"{number}.json"
