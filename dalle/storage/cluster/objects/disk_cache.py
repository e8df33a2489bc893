"""Copies of objects on the disk of one host, so that a picture is sent without the bucket.

    <digit>/<owner>.<object>    a copy, with the time of its object: its ETag is the same on every host
    locks/<2 digits>            held while a copy is fetched

Owner and object are hashes: the owner is what the object is a version of, a picture say. The bytes of a name never
change, so a copy is whole and right, or it is not there. When it was last asked for is the file's time of access,
which is set here, since a file system may be mounted without.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from dalle.atomic import flocked, is_temporary, remove_temporaries, replace, stage
from dalle.storage.blob import Content, OpenBlob
from dalle.storage.cluster.objects.memory_file import memory_file
from dalle.storage.open_file import open_file
from dalle.storage.protocol import StorageError

MOST_BYTES = 1024 * 1024 * 1024
SHARDS = "0123456789abcdef"
BLOCK = 4096  # bytes that the smallest file takes
PARTS = 32
"""A process looks whether there is room once it has brought such a part of a shard."""
YOUNG_NS = 60_000_000_000
"""A copy that was asked for so lately is not marked again: that would be a write for each picture that is sent."""


class Wanted(NamedTuple):
    """An object of which there may be a copy. `owner`: what it is a version of."""

    owner: str
    name: str
    modified_ns: int
    size: int


class DiskCache:
    """The copies of one host, about `most` bytes over all of its processes."""

    def __init__(self, folder: Path, most: int = MOST_BYTES, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._folder = folder
        self._most = max(most // len(SHARDS), BLOCK)
        self._now_ns = now_ns
        self._brought: dict[str, int] = {}

    def open(self, wanted: Wanted) -> OpenBlob | None:
        """Open a copy; None where there is none. Never raises."""
        with suppress(OSError):
            opened = open_file(self._path(wanted))
            if opened and opened.size == wanted.size:
                self._mark(opened)
                # Not as the file has it: some file systems keep less than nanoseconds.
                return OpenBlob(opened.file, opened.size, wanted.modified_ns)
            if opened:
                opened.close()
        return None

    def newest(self, owner: str) -> OpenBlob | None:
        """Open the newest object of an owner of which there is a copy, though it may not be the present one any more.

        Lists a part of the cache: for when nobody can be asked.
        """
        start, found = f"{digits(owner)}.", list[tuple[int, str]]()
        with suppress(OSError), os.scandir(self._folder / start[0]) as entries:
            for entry in entries:
                if entry.name.startswith(start):
                    found.append((entry.stat().st_mtime_ns, entry.path))
        with suppress(OSError):
            return open_file(max(found)[1]) if found else None
        return None

    def fetch(self, wanted: Wanted, source: Callable[[], Iterable[bytes]]) -> OpenBlob:
        """Open a copy that is made from the pieces of its object; one process makes it, and others wait for that.

        Where the disk takes none, the bytes are in memory. Raises what `source` raises.
        """
        with self._alone(wanted):
            if opened := self.open(wanted):
                return opened
            try:
                self.put(wanted, source())
            except StorageError:
                raise
            except OSError:
                pass
            if opened := self.open(wanted):
                return opened
        return memory_file(b"".join(source()), wanted.modified_ns)

    def put(self, wanted: Wanted, pieces: Iterable[bytes]) -> None:
        """Make a copy. Raises OSError."""
        self.adopt(wanted, stage(self._path(wanted), pieces))

    def stage(self, owner: str, data: Content) -> Path:
        """Write what may become a copy to a file that is no copy yet. Raises OSError."""
        shard = digits(owner)
        return stage(self._folder / shard[0] / shard, data)

    def adopt(self, wanted: Wanted, temporary: Path) -> None:
        """Make a staged file a copy. Raises OSError."""
        path = self._path(wanted)
        os.utime(temporary, ns=(self._now_ns(), wanted.modified_ns))
        replace(temporary, path)
        self._make_room(path.parent, wanted.size)

    def tidy(self, older_than: float) -> None:
        """Remove what killed processes left."""
        for digit in SHARDS:
            remove_temporaries(self._folder / digit, older_than, now=lambda: self._now_ns() / 1e9)

    def _path(self, wanted: Wanted) -> Path:
        owner = digits(wanted.owner)
        return self._folder / owner[0] / f"{owner}.{digits(wanted.name)}"

    def _mark(self, opened: OpenBlob) -> None:
        now_ns = self._now_ns()
        if not 0 <= now_ns - os.fstat(opened.file.fileno()).st_atime_ns < YOUNG_NS:
            os.utime(opened.file.fileno(), ns=(now_ns, opened.modified_ns))

    @contextmanager
    def _alone(self, wanted: Wanted) -> Iterator[None]:
        """Hold the right to make a copy; where the disk takes no lock, each process makes its own."""
        try:
            held = flocked(self._folder / "locks" / digits(wanted.name)[:2])
            held.__enter__()
        except OSError:
            yield
            return
        try:
            yield
        finally:
            held.__exit__(None, None, None)

    def _make_room(self, shard: Path, size: int) -> None:
        """Remove the copies that were not asked for longest, once the others have too little room."""
        brought = self._brought.get(shard.name, self._most) + size
        self._brought[shard.name] = brought
        if brought * PARTS < self._most:
            return
        self._brought[shard.name] = 0
        files = sorted(copies(shard))
        taken = sum(size for _, size, _ in files)
        if taken <= self._most * (PARTS - 4) // PARTS:
            return
        for _, freed, path in files:
            if taken <= self._most * 3 // 4:
                return
            with suppress(FileNotFoundError):  # another process makes room too
                os.unlink(path)
            taken -= freed


def digits(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:32]


def copies(shard: Path) -> Iterator[tuple[int, int, str]]:
    """Yield time of access, bytes on the disk and path of each copy."""
    with os.scandir(shard) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if not is_temporary(entry.name):
                    status = entry.stat(follow_symlinks=False)
                    yield status.st_atime_ns, -(-status.st_size // BLOCK) * BLOCK, entry.path
