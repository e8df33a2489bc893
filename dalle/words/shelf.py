"""A series, the filters and the purpose that make its pictures look related, and the shelf where series are found."""

import hashlib
import logging
import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from dalle import data
from dalle.key import SERIES
from dalle.words.series import BadSeries, Series

log = logging.getLogger(__name__)

BUILT_IN = data.FOLDER / "series"
YOUNG = 0.02
"""Seconds. A file or folder that changed later than this ago may change again under the same time stamp."""
ROUND = 1.0
"""Seconds between two looks at every file when only the list is asked for."""
LARGEST = 1_000_000

Stamp = tuple[int, int, int]
ABSENT: Stamp = (0, 0, 0)
"""Of a folder that is not there."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file as it was read; `stamp` is None when it was too young to be trusted. One of series and problem is set."""

    stamp: Stamp | None
    series: Series | None
    problem: str
    sha256: str


class SeriesShelf:
    """Finds series by name among the built-in ones and the user's files.

    Safe to use from several threads; a change is seen by every process by itself.

    `get` costs one stat of the asked file, so that an edit in place counts from the next call on. `names` costs one
    stat of the folder, which tells of files that came, went or were replaced; an edit in place, which does not
    touch the folder, is seen there within a second, or at once after a `get` of that name.

    A user's file shadows the built-in series of its name also when it is deleted or broken: painting something
    that was not meant would be worse than painting nothing.
    """

    def __init__(
        self,
        folder: Path,
        *,
        built_in: Path = BUILT_IN,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._folder_name = str(folder)
        self._now = now
        self._monotonic = monotonic
        self._lock = RLock()
        self._files: dict[str, _Entry] = {}
        self._folder_stamp: Stamp | None = None
        self._looked = float("-inf")
        self._names: list[str] | None = None
        self._built_in: dict[str, _Entry] = {}
        for path in sorted(built_in.glob("*.json")):
            text = path.read_bytes()
            self._built_in[path.stem] = _Entry(
                None, Series.parse(path.stem, text), "", hashlib.sha256(text).hexdigest()
            )

    def names(self) -> list[str]:
        """Every series that can be painted, sorted: neither deleted nor broken."""
        with self._lock:
            self._look()
            if self._names is None:
                everything = {**self._built_in, **self._files}
                self._names = sorted(
                    name for name, entry in everything.items() if entry.series and not entry.series.deleted
                )
            return list(self._names)

    def get(self, name: str) -> Series | None:
        """The series, or None when it is unknown, deleted or broken."""
        entry = self._entry(name)
        if entry is None or entry.series is None or entry.series.deleted:
            return None
        return entry.series

    def problems(self) -> dict[str, str]:
        """The user's files that cannot be used: name → reason, for the public (no path of the server)."""
        with self._lock:
            self._look()
            return {_shown(name): entry.problem for name, entry in sorted(self._files.items()) if entry.problem}

    def _entry(self, name: str) -> _Entry | None:
        if not SERIES.fullmatch(name):
            return None
        with self._lock:
            self._refresh(name)
            return self._files.get(name) or self._built_in.get(name)

    def _look(self) -> None:
        """Bring the list of files up to date."""
        try:
            folder = os.stat(self._folder)
        except OSError:
            stamp = ABSENT
            mtime = 0.0
        else:
            stamp = _stamp(folder)
            mtime = folder.st_mtime
        due = self._monotonic() - self._looked >= ROUND
        if stamp == self._folder_stamp and not due:
            return
        self._looked = self._monotonic()
        self._folder_stamp = stamp if self._now() - mtime >= YOUNG else None
        try:
            present = [entry for entry in os.listdir(self._folder) if entry.endswith(".json") and entry[0] != "."]
        except OSError:
            present = []
        stems = {entry.removesuffix(".json") for entry in present}
        for name in [*stems, *(self._files.keys() - stems)]:
            self._refresh(name)

    def _refresh(self, name: str) -> None:
        """Read one file again unless it is as it was."""
        path = f"{self._folder_name}/{name}.json"
        known = self._files.get(name)
        try:
            status = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            if known:
                del self._files[name]
                self._names = None
            return
        except OSError as exc:
            self._put(name, _Entry(None, None, f"cannot be read ({exc.strerror})", ""))
            return
        stamp = _stamp(status)
        if known and known.stamp == stamp:
            return
        self._put(name, self._read(name, path, status))

    def _read(self, name: str, path: str, status: os.stat_result) -> _Entry:
        # The stamp is from before the reading: what changes meanwhile is read again.
        trusted = _stamp(status) if self._now() - status.st_mtime >= YOUNG else None
        if not SERIES.fullmatch(name):
            return _Entry(trusted, None, "the name must be 1 to 64 of a-z, 0-9 and -", "")
        if not stat.S_ISREG(status.st_mode):
            return _Entry(trusted, None, "not a file", "")
        if status.st_size > LARGEST:
            return _Entry(trusted, None, f"larger than {LARGEST} bytes", "")
        try:
            text = Path(path).read_bytes()
        except OSError as exc:
            return _Entry(None, None, f"cannot be read ({exc.strerror})", "")
        sha256 = hashlib.sha256(text).hexdigest()
        try:
            return _Entry(trusted, Series.parse(name, text), "", sha256)
        except BadSeries as exc:
            return _Entry(trusted, None, str(exc), sha256)

    def _put(self, name: str, entry: _Entry) -> None:
        known = self._files.get(name)
        self._files[name] = entry
        self._names = None
        if entry.problem and not (known and (known.problem, known.sha256) == (entry.problem, entry.sha256)):
            log.warning("series %s cannot be used: %s", _shown(name), entry.problem)


def _shown(name: str) -> str:
    """A file's name, which may hold anything, as it may stand in a log line and in JSON."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:64])


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size, status.st_ino
