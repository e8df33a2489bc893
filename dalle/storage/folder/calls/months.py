"""The files of the call log: `metrics/calls.jsonl`, and `metrics/calls/<yyyy-mm>.jsonl` for what is over.

The log is closed by renaming it whole, with the sums of it. No line is lost to that: another process, which may be an
older version, either has it open and appends to the renamed file, whose sums go on from where they end, or opens the
name and begins the next log. So a file may hold lines of other months, and only its lines say when they were sent; its
name says when it was closed, and no name is used twice.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from dalle.storage.folder.calls.lines import call_of, lines
from dalle.storage.folder.calls.sums import Sums, load, save

MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
CURRENT = "current"
LOOK = 20
"""Lines at the beginning of the log that are asked for their month, if the first ones are torn."""


class Months:
    """The files of one log. `path`: that of the current month; the others are in a folder beside it."""

    def __init__(self, path: Path) -> None:
        self.current = path
        self._folder = path.with_suffix("")

    def closed(self) -> list[str]:
        """Return the months that have a file, oldest first."""
        try:
            names = os.listdir(self._folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
        stems = (name.removesuffix(".jsonl") for name in names if name.endswith(".jsonl"))
        return sorted(stem for stem in stems if MONTH.fullmatch(stem))

    @contextmanager
    def opened(self) -> Iterator[list[tuple[str, BinaryIO]]]:
        """Open all files, oldest first, with their names.

        The current one first, so that what is closed meanwhile is found again by its inode and not missed.
        """
        files: list[tuple[str, BinaryIO]] = []
        try:
            current = [(CURRENT, file)] if (file := opened(self.current)) else []
            inode = os.fstat(file.fileno()).st_ino if file else -1
            for month in self.closed():
                if (old := opened(self._path(month))) is None:
                    continue
                if os.fstat(old.fileno()).st_ino == inode:
                    old.close()
                else:
                    files.append((month, old))
            files += current
            yield files
        finally:
            for _, each in files:
                each.close()

    def load(self, name: str, file: BinaryIO) -> Sums:
        return load(self._beside(name), file)

    def save(self, name: str, sums: Sums) -> bool:
        """Keep the sums; False where nothing may be written, or no month was closed yet.

        The folder is made by `close` only: a command that another user runs must not own it.
        """
        if not self._folder.is_dir():
            return False
        try:
            save(self._beside(name), sums)
        except OSError:
            return False
        return True

    def close(self, now_ns: int) -> None:
        """Rename the log if it has lines of earlier months. The caller excludes others that would do so."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = opened(self.current)
        if file is None:
            return
        with file:
            changed_ns, before = os.fstat(file.fileno()).st_mtime_ns, previous_month(now_ns)
            last = max(self.closed(), default="")
            if last >= before or begun_in(file, changed_ns) > before:
                return
            month = min(month_of(changed_ns), before)
            name = month if month > last else before
            save(self._beside(name), load(self._beside(CURRENT), file))
            os.rename(self.current, self._path(name))

    def _path(self, month: str) -> Path:
        return self._folder / f"{month}.jsonl"

    def _beside(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def opened(path: Path) -> BinaryIO | None:
    try:
        return open(path, "rb")
    except (FileNotFoundError, NotADirectoryError):
        return None


def begun_in(file: BinaryIO, otherwise_ns: int) -> str:
    """Return the month of a log's first call, or of a moment in a log without calls."""
    for number, (_, line) in enumerate(lines(file, 0)):
        if call := call_of(line):
            return month_of(call[0])
        if number >= LOOK:
            break
    return month_of(otherwise_ns)


def month_of(moment_ns: int) -> str:
    return f"{datetime.fromtimestamp(moment_ns / 1e9, UTC):%Y-%m}"


def previous_month(now_ns: int) -> str:
    first = datetime.fromtimestamp(now_ns / 1e9, UTC).replace(day=1)
    return f"{first - timedelta(days=1):%Y-%m}"
