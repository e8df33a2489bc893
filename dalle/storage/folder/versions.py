"""Which version a finished picture is, and the bytes of each version under a name that says so.

A web server sends these names as what never changes, without asking anybody. So a name is given only to bytes that were
hashed, as a hard link to the staged file, before it becomes the picture; whatever has the picture's place a moment
later, the name is right. The note comes first and goes last: a version that no note names has no file.

    versions/<address>.txt   the note, a line for each version: version, time in nanoseconds and size of its file

A line counts for the picture that has this time and size. No two pictures of a key have the same time, because it is
set when they are staged (`blobs`). So a line survives a copy of the folder, and never counts for a picture that version
1.0 or an operator has put there. Where links are not possible the application serves versions, by the note alone.

Accepted: when something else puts another picture in its place, a version stays named until the next publication,
removal or report of its key. The name is still right. And when something writes into the file itself, the bytes in the
link change too. The note does not count for them, but a web server does not read it.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import NamedTuple

from dalle.atomic import CHUNK, make_folder, remove, write_atomic
from dalle.key import Key
from dalle.storage.blob import WIDTHS, Blob, OpenBlob, Staged
from dalle.storage.folder.layout import Layout
from dalle.storage.open_file import read_bounded
from dalle.storage.protocol import Busy
from dalle.storage.version import VERSION, version_of

MOST_NOTED = 4096  # bytes


class Line(NamedTuple):
    """A line of a note."""

    version: str
    modified_ns: int
    size: int

    def is_of(self, status: os.stat_result) -> bool:
        """Return whether it counts for the file of that status."""
        return (self.modified_ns, self.size) == (status.st_mtime_ns, status.st_size)


class Versions:
    """The notes and names of one data folder. What changes them is called under the key's guard."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def of(self, key: Key, modified_ns: int, size: int | None = None) -> str:
        """Return the version of the picture that has this time and, if it is known, size; "" if it is not noted."""
        lines = self._lines(key)
        return next(
            (line.version for line in lines if line.modified_ns == modified_ns and size in (None, line.size)), ""
        )

    def noted(self, key: Key) -> list[str]:
        """Return all versions that are noted."""
        return [line.version for line in self._lines(key)]

    def determine(self, key: Key, picture: OpenBlob, guard: AbstractContextManager[object]) -> str:
        """Return the version of an open picture, computed and noted where it is not; `guard` may raise Busy.

        It is "" if the picture changes meanwhile, since it is being written.
        """
        if noted := self.of(key, picture.modified_ns, picture.size):
            return noted
        version = version_of(pieces(picture))
        status = os.fstat(picture.file.fileno())
        if (status.st_mtime_ns, status.st_size) != (picture.modified_ns, picture.size):
            return ""
        with suppress(OSError, Busy), guard:
            self.note(key, picture, version)
        return version

    def announce(self, key: Key, staged: Sequence[Staged], version: str) -> None:
        """Note and name a version whose picture, the first of what is staged, is about to be placed. Never raises."""
        if not version:
            return
        with suppress(OSError):
            status = os.stat(staged[0].place)
            self._write(key, [Line(version, status.st_mtime_ns, status.st_size), *self._lines(key)])
            names = {Blob.thumbnail(key, width): Blob.thumbnail(key, width, version) for width in WIDTHS}
            names[Blob.picture(key)] = Blob.version(key, version)
            for part in staged:
                if part.blob in names:
                    self._link(part.place, names[part.blob])

    def settle(self, key: Key) -> None:
        """Forget all versions but that of the present picture. Never raises."""
        with suppress(OSError):
            lines = self._lines(key)
            if not lines:
                return
            status = os.stat(self._layout.annotated_name(key))
            self._keep(key, lines, [line for line in lines if line.is_of(status)][:1])

    def hide(self, key: Key) -> None:
        """Take the names away; the note stays for a picture that may come back."""
        self._unname(key, self._lines(key))

    def show(self, key: Key) -> None:
        """Name the previous picture again, which is about to come back. Never raises."""
        with suppress(OSError):
            previous = self._layout.previous(key)
            status = previous.stat()
            for line in self._lines(key):
                if line.is_of(status):
                    self._link(previous, Blob.version(key, line.version))

    def forget(self, key: Key) -> None:
        """Take the names away, then the note."""
        self._keep(key, self._lines(key), [])

    def note(self, key: Key, picture: OpenBlob, version: str) -> None:
        """Note the version of a picture that something else has put there, if it still is the present one.

        It gets no name: who puts files there may write into this one.
        """
        line = Line(version, picture.modified_ns, picture.size)
        if line.is_of(os.stat(self._layout.annotated_name(key))):
            self._keep(key, self._lines(key), [line])

    def _lines(self, key: Key) -> list[Line]:
        content = read_bounded(self._layout.version_note(key), MOST_NOTED) or b""
        lines = []
        for row in content.decode("ascii", errors="replace").splitlines():
            version, *numbers = row.split(" ")
            if VERSION.fullmatch(version) and len(numbers) == 2 and all(number.isdecimal() for number in numbers):
                lines.append(Line(version, *map(int, numbers)))
        return lines

    def _keep(self, key: Key, lines: Sequence[Line], kept: Sequence[Line]) -> None:
        """Let a note have these lines only, once the names of its other versions are gone."""
        self._unname(key, [line for line in lines if line.version not in [other.version for other in kept]])
        if lines != kept:
            self._write(key, kept)

    def _write(self, key: Key, lines: Sequence[Line]) -> None:
        path = Path(self._layout.version_note(key))
        if lines:
            write_atomic(path, "".join(f"{' '.join(map(str, line))}\n" for line in lines).encode())
        else:
            remove(path)

    def _unname(self, key: Key, lines: Iterable[Line]) -> None:
        for version in {line.version for line in lines}:
            remove(self._layout.blob(Blob.version(key, version)))
            for width in WIDTHS:
                remove(self._layout.blob(Blob.thumbnail(key, width, version)))

    def _link(self, place: str | Path, name: Blob) -> None:
        """Raises OSError, also where the file system has no links."""
        path = self._layout.blob(name)
        remove(path)
        try:
            os.link(place, path)
        except FileNotFoundError:
            make_folder(path.parent)
            os.link(place, path)


def pieces(picture: OpenBlob) -> Iterator[bytes]:
    """Yield the bytes of a file without moving its reader."""
    at = 0
    while piece := os.pread(picture.file.fileno(), CHUNK, at):
        at += len(piece)
        yield piece
