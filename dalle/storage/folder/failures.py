"""The newest failed runs, without reading the journals of all keys.

    metrics/failures.txt          a line each: when it ended, series, address; appended
    metrics/failures.earlier.txt  the same of the time before; at first collected from the journals

A line only says where to look: the key's journal says whether its last run has failed.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from heapq import nlargest
from pathlib import Path

from dalle.atomic import append_line, read_bytes, write_atomic
from dalle.key import ADDRESS, SERIES, Key
from dalle.storage.folder.journals import LARGEST_JOURNAL
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.patrol import subfolders

log = logging.getLogger(__name__)

LARGEST = 1_000_000
"""Bytes of a file, about 10,000 failures. More are not listed."""
MOST = 10_000

FAILED = b'"state":"failed"'


class Failures:
    """The failures of one data folder."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._recent = layout.metrics / "failures.txt"
        self._earlier = layout.metrics / "failures.earlier.txt"
        self._search: Iterator[tuple[int, Key] | None] | None = None
        self._collected: list[tuple[int, Key]] = []

    def note(self, key: Key, ended_ns: int) -> None:
        """A failing disk is logged, and keeps no run from ending."""
        try:
            append_line(self._recent, line_of(key, ended_ns))
        except OSError as exc:
            log.error("%s: its failure cannot be listed: %s", key, exc)

    def newest(self) -> Iterator[Key]:
        """Yield keys that have failed, newest failure first. Where none were collected yet, all journals are read."""
        yield from keys_in(self._recent)
        if self._earlier.exists():
            yield from keys_in(self._earlier)
        else:
            yield from (key for _, key in nlargest(MOST, filter(None, self._failed())))

    def keep_up(self, over: Callable[[], bool]) -> bool:
        """Collect earlier failures, once, and bound the files; return whether all is done.

        `over()`: whether that is to be left for the next time. The caller excludes others that do the same.
        """
        if not self._earlier.exists():
            return self._collect(over)
        with suppress(FileNotFoundError):
            if self._recent.stat().st_size > LARGEST:
                os.replace(self._recent, self._earlier)
        return True

    def _collect(self, over: Callable[[], bool]) -> bool:
        self._search = self._search or self._failed()
        for failed in self._search:
            if failed:
                self._collected.append(failed)
            if len(self._collected) >= 2 * MOST:
                self._collected = nlargest(MOST, self._collected)
            if over():
                return False
        lines = [line_of(key, ended_ns) for ended_ns, key in sorted(nlargest(MOST, self._collected))]
        write_atomic(self._earlier, b"".join(lines))
        self._search, self._collected = None, []
        return True

    def _failed(self) -> Iterator[tuple[int, Key] | None]:
        """Yield end and key for each journal of a failed run, None for another."""
        for folder in subfolders(self._layout.runs):
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    address, suffix = os.path.splitext(entry.name)
                    if suffix == ".json" and SERIES.fullmatch(folder.name) and ADDRESS.fullmatch(address):
                        key = Key(folder.name, address)
                        yield failure_of(key, self._layout.journal(key))


def failure_of(key: Key, path: Path) -> tuple[int, Key] | None:
    """Return when a key's last run failed; None if it did not. Few have: the others are not parsed."""
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        data = read_bytes(path, most=LARGEST_JOURNAL) or b""
        if FAILED in data and (journal := json.loads(data))["state"] == "failed":
            return int(journal["endedNs"]), key
    return None


def line_of(key: Key, ended_ns: int) -> bytes:
    return f"{ended_ns:020d} {key.series} {key.address}\n".encode()


def keys_in(path: Path) -> Iterator[Key]:
    """Yield the keys of the last lines, the last one first; torn lines are left out."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - LARGEST))
            lines = file.read(LARGEST).splitlines()
    except FileNotFoundError:
        return
    for line in reversed(lines):
        match line.decode(errors="replace").split(" "):
            case [_, series, address] if SERIES.fullmatch(series) and ADDRESS.fullmatch(address):
                yield Key(series, address)
