"""Objects: each in the bucket once, with a row in the database that was there before, and copies on the hosts."""

import errno
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from mmap import mmap
from typing import NamedTuple

from dalle.quiet_log import QuietLog
from dalle.storage.blob import Blob, Content, OpenBlob
from dalle.storage.cluster.buckets.bucket import Bucket
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.objects.disk_cache import DiskCache, Wanted
from dalle.storage.cluster.objects.incoming import incoming
from dalle.storage.cluster.objects.names import new_name, owner_of
from dalle.storage.protocol import StorageError

log = logging.getLogger(__name__)

PATIENCE = 300.0
"""Seconds that a finished run waits for a bucket that is away: as long as for room on a full disk."""
PAUSE = 0.5  # seconds
MOST, TIMES = 1000, 20  # objects that are deleted at once, and how often in one sweep

# Nothing is lost with such a row but an object that nobody names: the commit need not wait for the disk.
INTEND = """
    INSERT INTO objects (name, size, sha256, modified_ns, whole, data, free_ns)
    SELECT %s, %s, %s, %s, %s, %s, now_ns() FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quickly
"""
DOOM = """
    WITH doomed AS (UPDATE objects SET doomed = true WHERE name = ANY(%s) AND free_ns IS NOT NULL)
    SELECT name FROM objects WHERE name = ANY(%s) AND free_ns IS NULL
"""
SWEEP = """
    UPDATE objects SET doomed = true WHERE name IN (
        SELECT name FROM objects WHERE free_ns < now_ns() - %s ORDER BY free_ns LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING name
"""
BURY = "DELETE FROM objects WHERE name = ANY(%s) AND doomed"


class Stored(NamedTuple):
    """The row of an object, without the bytes of a text."""

    name: str
    size: int
    modified_ns: int
    sha256: bytes


class Missing(StorageError):
    """The bucket has no such object."""


class Depot:
    """The objects of one bucket as this host sees them. Raises StorageError."""

    def __init__(
        self,
        database: Database,
        bucket: Bucket,
        cache: DiskCache,
        *,
        now_ns: Callable[[], int],
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.bucket = bucket
        self.cache = cache
        self.now_ns = now_ns
        self._database = database
        self._patience = patience
        self._sleep = sleep
        self._quiet = QuietLog(log)

    def upload(
        self, blob: Blob, content: Content, *, durable: bool = False, patient: bool = False, modified_ns: int = 0
    ) -> Stored:
        """Put bytes into the bucket under a new name, which nothing names yet. `patient`: wait while it is away."""
        owner = owner_of(blob)
        with incoming(self.cache, owner, content) as data:
            stored = Stored(new_name(blob), data.size, modified_ns or self.now_ns(), data.sha256)
            whole = blob != Blob.picture(blob.key) or data.ends_as_png
            self._database.run(INTEND, (*place(stored), whole, None))
            self._put(stored.name, data.data, self._patience if patient else 0.0, durable=durable)
            data.keep(self.cache, wanted(owner, stored))
        return stored

    def store(self, blob: Blob, content: Content, modified_ns: int = 0) -> Stored:
        """Keep a text in the row itself, which nothing names yet."""
        data = content if isinstance(content, bytes) else b"".join(content)
        stored = Stored(new_name(blob), len(data), modified_ns or self.now_ns(), sha256(data).digest())
        self._database.run(INTEND, (*place(stored), True, data))
        return stored

    def _put(self, name: str, data: bytes | mmap, patience: float, *, durable: bool) -> None:
        rest = patience
        while True:
            try:
                self.bucket.put(name, data, durable=durable)
                return
            except StorageError as exc:
                if rest <= 0:
                    raise
                self._quiet.error(exc, "a finished picture waits for the bucket")
                self._sleep(PAUSE)
                rest -= PAUSE

    def open(self, owner: str, stored: Stored) -> OpenBlob:
        """Open an object, from this host's copy if there is one. Raises Missing, StorageError."""
        copy = wanted(owner, stored)
        return self.cache.open(copy) or self.cache.fetch(copy, lambda: self._pieces(stored))

    def _pieces(self, stored: Stored) -> Iterator[bytes]:
        pieces = self.bucket.get(stored.name)
        if pieces is None:
            raise Missing(errno.EIO, f"{self.bucket.url}/{stored.name} is missing")
        return checked(pieces, stored)

    def discard(self, names: Sequence[str]) -> None:
        """Delete those objects of a list that nothing names, and has named."""
        used = {name for (name,) in self._database.run(DOOM, (list(names), list(names)))}
        self._bury([name for name in names if name not in used])

    def sweep(self, older_than: float) -> None:
        """Delete what nothing has named for so many seconds: a part at each call."""
        for _ in range(TIMES):
            names = [name for (name,) in self._database.run(SWEEP, (round(older_than * 1e9), MOST))]
            self._bury(names)
            if len(names) < MOST:
                break

    def _bury(self, names: Sequence[str]) -> None:
        """Delete doomed objects, first the bytes: a row that stays is found again by the next sweep."""
        if names:
            self.bucket.delete(names)
            self._database.run(BURY, (list(names),))


def place(stored: Stored) -> tuple[str, int, bytes, int]:
    """Return the values of a row in the order of INTEND."""
    return stored.name, stored.size, stored.sha256, stored.modified_ns


def wanted(owner: str, stored: Stored) -> Wanted:
    return Wanted(owner, stored.name, stored.modified_ns, stored.size)


def checked(pieces: Iterable[bytes], stored: Stored) -> Iterator[bytes]:
    """Yield pieces; raises StorageError at the end of those that are not the object's."""
    digest, size = sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        yield piece
    if (size, digest.digest()) != (stored.size, stored.sha256):
        raise StorageError(errno.EIO, f"{stored.name}: the bucket has other bytes under this name")
