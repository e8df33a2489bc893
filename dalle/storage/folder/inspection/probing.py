"""Whether runs can write what they need, as a health check asks it every second.

Two things are really tried: a small file in the data folder, and one in `output` where that is another file system.
For everything else the system is asked whether this process may write: folders that `sudo` has made belong to root, and
only the runs that need them fail. The number of questions does not grow with the number of keys or series: each look
takes the next few series and guards, so that all of them come in turn. What was refused once is asked again at every
look until it is mended, or the answer would change from look to look.
"""

import errno
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from dalle.atomic import remove, remove_temporaries
from dalle.storage.blob import TEXTS, WIDTHS
from dalle.storage.folder.layout import DOCUMENTS, EXCLUSIVE, Layout

ABANDONED = 60.0  # seconds after which another process's probe is removed
SERIES_AT_ONCE = 8
GUARDS_AT_ONCE = 32
MOST_REFUSED = 32
FOLDER, FILE = os.R_OK | os.W_OK | os.X_OK, os.R_OK | os.W_OK
ESSENTIAL = ("", "output", "runs", "locks", "queue", "provider")
"""Without one of these no run, or none that is paid for, can be made."""
FURTHER = ("metrics", "gallery", "outbox", "outbox/failed")
OF_SERIES = (
    *("", *TEXTS, "selector", "generated", "annotated", "former", "progress", "thumbs", "versions"),
    *(f"{kind}/{width}" for kind in ("thumbs", "versions") for width in WIDTHS),
)
WRITTEN_IN_PLACE = (
    *("metrics/calls.jsonl", "gallery/index.sqlite", "gallery/guard", "queue/guard"),
    *(f"{path}.guard" for path in DOCUMENTS.values()),
    *EXCLUSIVE.values(),
)


class Probing:
    """The looks of one process at a data folder.

    access  asks the system whether a path can be used in a mode; with the rights that a service was given besides
    write   tries a file in a folder; raises OSError
    """

    def __init__(
        self,
        layout: Layout,
        *,
        access: Callable[[str, int], bool] | None = None,
        write: Callable[[Path], None] | None = None,
    ) -> None:
        self._access = access or partial(os.access, effective_ids=True)
        self._write = write or try_file
        self._root = layout.root
        self._output = layout.output
        self._runs = layout.runs
        self._locks = layout.locks
        self._series_turn = 0
        self._guards_turn = 0
        self._refused: dict[str, int] = {}

    def look(self) -> OSError | None:
        """Return what refuses a part of the runs, None without such a thing that was met yet.

        Raises OSError where no run can be made.
        """
        self._write(self._root)
        for name in ESSENTIAL:
            if not self._allowed(place := f"{self._root}/{name}".rstrip("/"), FOLDER):
                raise denied(place)
        with suppress(FileNotFoundError):
            if os.stat(self._output).st_dev != os.stat(self._root).st_dev:
                self._write(self._output)
        return self._further()

    def _further(self) -> OSError | None:
        self._refused = {place: mode for place, mode in self._refused.items() if not self._allowed(place, mode)}
        for place, mode in self._places():
            if len(self._refused) < MOST_REFUSED and not self._allowed(place, mode):
                self._refused[place] = mode
        return denied(next(iter(self._refused))) if self._refused else None

    def _allowed(self, place: str, mode: int) -> bool:
        """Return whether this process may do that; what is missing can be made, or its folder is refused."""
        return self._access(place, mode) or not os.path.exists(place)

    def _places(self) -> Iterator[tuple[str, int]]:
        for name in FURTHER:
            yield f"{self._root}/{name}", FOLDER
        for name in WRITTEN_IN_PLACE:
            yield f"{self._root}/{name}", FILE
        for number in range(GUARDS_AT_ONCE):
            yield f"{self._locks}/guard-{(self._guards_turn + number) & 0xFF:02x}", FILE
        self._guards_turn += GUARDS_AT_ONCE
        for top, names in ((str(self._output), OF_SERIES), (str(self._runs), ("",))):
            for series in turn(folder_names(top), self._series_turn):
                for name in names:
                    yield f"{top}/{series}/{name}".rstrip("/"), FOLDER
        self._series_turn += SERIES_AT_ONCE


def turn(names: Sequence[str], first: int) -> list[str]:
    """Return the next few names, and after the last one the first ones again."""
    first %= len(names) or 1
    return [*names[first:], *names[:first]][:SERIES_AT_ONCE]


def folder_names(top: str) -> list[str]:
    """Return the names of the folders in `top`, sorted; none where it is missing."""
    with suppress(FileNotFoundError), os.scandir(top) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    return []


def denied(place: str) -> OSError:
    """Return the error that a run would meet at a place that is refused."""
    code = errno.EROFS if os.statvfs(place).f_flag & os.ST_RDONLY else errno.EACCES
    return OSError(code, os.strerror(code), place)


def try_file(folder: Path) -> None:
    """Write, sync, read and remove a small file. Raises OSError."""
    # Named as any temporary file, so that the sweep removes one that a killed process left.
    probe = folder / f".health.{secrets.token_hex(6)}.tmp"
    text = secrets.token_bytes(64)
    try:
        descriptor = os.open(probe, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, text)
            os.fsync(descriptor)
            if os.pread(descriptor, len(text) + 1, 0) != text:
                raise OSError(errno.EIO, "a file read back differs from what was written", str(probe))
        finally:
            os.close(descriptor)
    finally:
        with suppress(OSError):
            remove(probe)
    remove_temporaries(folder, ABANDONED)
