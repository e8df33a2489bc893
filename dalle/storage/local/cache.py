"""What can be made again: a file for each name, in one folder for each first digit of the names.

    <digit>/<name>    four bytes of checksum, then the bytes

Each of the sixteen folders has its part of the room and is listed when something comes into it, which takes a
thousandth of what making it took. So no process needs to know what the others have put in.
"""

import os
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from dalle.atomic import read_bytes, write_atomic

MOST_BYTES = 64 * 1024 * 1024
"""Of all files together: some two thousand sketches of the usual size."""
FOLDERS = 16
BLOCK = 4096  # bytes that the smallest file takes
CHECKSUM = 4  # bytes


class LocalCache:
    """Satisfies `Cache`. A file that was not asked for longest goes first: its time is that of its last reader.

    `place`: where the file of a name is.
    """

    def __init__(self, place: Callable[[str], Path], *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._place = place
        self._now_ns = now_ns

    def get(self, name: str) -> bytes | None:
        path = self._place(name)
        with suppress(OSError):
            data = checked(read_bytes(path))
            if data is not None:
                self._touch(path)
            return data
        return None

    def put(self, name: str, data: bytes) -> None:
        """Nothing is made durable: the checksum shows what a power cut has left."""
        path = self._place(name)
        with suppress(OSError):
            write_atomic(path, (zlib.crc32(data).to_bytes(CHECKSUM, "big"), data))
            self._touch(path)
            make_room(path.parent, MOST_BYTES // FOLDERS)

    def _touch(self, path: Path) -> None:
        now_ns = self._now_ns()
        os.utime(path, ns=(now_ns, now_ns))


def checked(stored: bytes | None) -> bytes | None:
    """Return the bytes behind their checksum, None for those of a torn or damaged file."""
    if stored and zlib.crc32(data := stored[CHECKSUM:]) == int.from_bytes(stored[:CHECKSUM], "big"):
        return data
    return None


def make_room(folder: Path, most: int) -> None:
    """Remove the files that were not asked for longest, and what killed processes left, until the rest fits."""
    files = sorted(sizes(folder))
    size = sum(size for _, size, _ in files)
    for _, freed, path in files:
        if size <= most:
            return
        with suppress(FileNotFoundError):  # another process makes room too
            os.unlink(path)
        size -= freed


def sizes(folder: Path) -> Iterator[tuple[int, int, str]]:
    """Yield time, bytes on the disk and path of each file."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                yield status.st_mtime_ns, -(-status.st_size // BLOCK) * BLOCK, entry.path
