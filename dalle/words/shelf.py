"""Finds series by name, among the built-in ones and the operator's."""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from dalle import data
from dalle.key import SERIES
from dalle.words.series import BadSeries, Series
from dalle.words.series_files import SeriesFiles, Stamp

log = logging.getLogger(__name__)

BUILT_IN = data.FOLDER / "series"
ROUND = 1.0
"""Seconds between two checks of every file when only the list is asked for."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file as it was read: a series, or else the problem with it."""

    stamp: Stamp | None
    series: Series | None
    problem: str
    sha256: str


class SeriesShelf:
    """The series that can be painted. Safe to use from several threads; each process sees every change by itself.

    `get` costs one look at one file's stamp, so that an edit in place counts from the next call on. `names` costs one
    look at the list's stamp, which shows files that came, went or were replaced; an edit in place shows there within
    a second, or at once after a `get` of that name.

    An operator's file shadows the built-in series of its name even when it is deleted or broken: painting something
    that was not meant would be worse than painting nothing.
    """

    def __init__(
        self, files: SeriesFiles, *, built_in: Path = BUILT_IN, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._files = files
        self._monotonic = monotonic
        self._lock = RLock()
        self._entries: dict[str, _Entry] = {}
        self._names_stamp: Stamp | None = None
        self._looked = float("-inf")
        self._names: list[str] | None = None
        self._built_in = {path.stem: Series.parse(path.stem, path.read_bytes()) for path in built_in.glob("*.json")}

    def names(self) -> list[str]:
        """Returns the names of all series that are neither deleted nor broken, sorted."""
        with self._lock:
            self._look()
            if self._names is None:
                operators = {name: entry.series for name, entry in self._entries.items()}
                every = {**self._built_in, **operators}
                self._names = sorted(name for name, series in every.items() if series and not series.deleted)
            return list(self._names)

    def get(self, name: str) -> Series | None:
        """Returns the series; None when it is unknown, deleted or broken."""
        if not SERIES.fullmatch(name):
            return None
        with self._lock:
            self._refresh(name)
            entry = self._entries.get(name)
            series = entry.series if entry else self._built_in.get(name)
        return series if series and not series.deleted else None

    def hidden(self) -> list[str]:
        """Returns the names of all series that are marked as deleted, sorted."""
        with self._lock:
            self._look()
            return sorted(name for name, entry in self._entries.items() if entry.series and entry.series.deleted)

    def problems(self) -> dict[str, str]:
        """Returns the operator's files that cannot be used: name → reason, which shows no path."""
        with self._lock:
            self._look()
            return {_shown(name): entry.problem for name, entry in sorted(self._entries.items()) if entry.problem}

    def _look(self) -> None:
        """Brings all entries up to date, unless the list is the same and the last look was a moment ago."""
        due = self._monotonic() - self._looked >= ROUND
        if not due and self._files.names_stamp() == self._names_stamp:
            return
        names, self._names_stamp = self._files.names()
        self._looked = self._monotonic()
        for name in sorted({*names, *self._entries}):
            self._refresh(name)

    def _refresh(self, name: str) -> None:
        """Reads one file again, unless its stamp is the same."""
        known = self._entries.get(name)
        try:
            stamp = self._files.stamp(name)
            if known and known.stamp == stamp:
                return
            entry = self._read(name, stamp)
        except FileNotFoundError:
            if known:
                del self._entries[name]
                self._names = None
            return
        except OSError as exc:
            entry = _Entry(None, None, f"cannot be read ({exc.strerror})" if exc.strerror else str(exc), "")
        self._entries[name] = entry
        self._names = None
        if entry.problem and not (known and (known.problem, known.sha256) == (entry.problem, entry.sha256)):
            log.warning("series %s cannot be used: %s", _shown(name), entry.problem)

    def _read(self, name: str, stamp: Stamp) -> _Entry:
        if not SERIES.fullmatch(name):
            return _Entry(stamp, None, "the name must be 1 to 64 of a-z, 0-9 and -", "")
        text, lasting = self._files.read(name)
        sha256 = hashlib.sha256(text).hexdigest()
        try:
            return _Entry(lasting, Series.parse(name, text), "", sha256)
        except BadSeries as exc:
            return _Entry(lasting, None, str(exc), sha256)


def _shown(name: str) -> str:
    """A file's name, which may hold anything, as it may stand in a log line and in JSON."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:64])
