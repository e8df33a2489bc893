"""Everything of the cluster that is bytes: what the engine and its entries ask for."""

import errno
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from dalle.atomic import make_folder
from dalle.imaging.probe import PNG_END
from dalle.key import Key
from dalle.storage.blob import Blob, OpenBlob, Original, Stat
from dalle.storage.cluster.buckets.bucket import Bucket, open_bucket
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.cluster.objects.arrivals import Arrivals
from dalle.storage.cluster.objects.blobs import ClusterBlobs
from dalle.storage.cluster.objects.depot import Depot, Missing, Stored
from dalle.storage.cluster.objects.disk_cache import MOST_BYTES, DiskCache, Wanted
from dalle.storage.cluster.objects.examination import examine
from dalle.storage.cluster.objects.holdings import Held, Holdings
from dalle.storage.cluster.objects.intake import Intake
from dalle.storage.cluster.objects.names import key_of
from dalle.storage.cluster.objects.pointer import COLUMNS, NOWHERE, Pointer
from dalle.storage.cluster.objects.publication import KeyPictures
from dalle.storage.cluster.objects.spool import Spool
from dalle.storage.cluster.objects.versions import ClusterVersions
from dalle.storage.finding import Finding
from dalle.storage.protocol import StorageError

__all__ = ["KeyPictures", "Objects"]

POINTER = f"SELECT {COLUMNS} FROM pictures p WHERE p.series = %s AND p.name = %s"
SHA256 = "SELECT sha256 FROM objects WHERE name = %s"
PREVIOUS = "SELECT series, name FROM previous WHERE kept_ns <= now_ns() - %s"
ANYTHING = "SELECT 1 FROM objects LIMIT 1"
PROBE = b"dalleserver writes this to see whether it can, and deletes it"


class Objects:
    """The objects of a bucket, and this host's part of them below `folder`: `cache`, and `spool`.

    Nothing is opened before it is used, so that no connection outlives a fork.
    """

    def __init__(
        self,
        database: Database,
        bucket: Bucket | str,
        folder: Path,
        *,
        now_ns: Callable[[], int],
        cache_bytes: int = MOST_BYTES,
    ) -> None:
        self._database = database
        self._folder = folder
        self._cache = DiskCache(folder / "cache", cache_bytes)
        opened = open_bucket(bucket) if isinstance(bucket, str) else bucket
        self.depot = Depot(database, opened, self._cache, now_ns=now_ns)
        self.intake = Intake(Spool(folder / "spool"), self.depot, database)
        self.blobs = ClusterBlobs(database, self.depot, self.intake, folder)
        self.versions = ClusterVersions(database)
        self._holdings = Holdings(database)
        self._arrivals = Arrivals(database)

    # -- finished pictures -------------------------------------------------------------------------------------

    def finished(self, key: Key) -> OpenBlob | None:
        """Open the finished picture; None without a whole one. Without database the one that this host knows."""
        try:
            pointer = self._pointer(key)
        except StorageError:
            if picture := self.known(key):
                return picture
            raise
        return self.open_pointer(key, pointer)

    def stat(self, key: Key) -> Stat | None:
        """Return time and size of the picture that `finished` would open; it stays in the bucket."""
        try:
            pointer = self._pointer(key)
        except StorageError:
            picture = self.known(key)
            if picture is None:
                raise
            picture.close()
            return Stat(picture.modified_ns, picture.size)
        return Stat(pointer.modified_ns or 0, pointer.size or 0) if pointer.object and pointer.whole else None

    def _pointer(self, key: Key) -> Pointer:
        rows = self._database.read(POINTER, (key.series, key.address), prepared=True)
        return Pointer(*rows[0]) if rows else NOWHERE

    def open_pointer(self, key: Key, pointer: Pointer) -> OpenBlob | None:
        """Open the picture that a row names; None where the row is absent, or the picture torn."""
        if pointer.object is None or not pointer.whole:
            return None
        owner = Blob.picture(key).path
        wanted = Wanted(owner, pointer.object, pointer.modified_ns or 0, pointer.size or 0)
        if copy := self._cache.open(wanted):
            return copy
        try:
            rows = self._database.read(SHA256, (pointer.object,))
            if not rows:
                raise Missing(errno.EIO, f"{pointer.object} was swept away")
            return self.depot.open(owner, Stored(wanted.name, wanted.size, wanted.modified_ns, *rows[0]))
        except Missing:
            present = self._pointer(key)
            if present == pointer:
                raise
            return self.open_pointer(key, present)

    def known(self, key: Key) -> OpenBlob | None:
        """Open the newest picture of a key that this host has sent, though it may not be the present one any more."""
        picture = self._cache.newest(Blob.picture(key).path)
        if picture and os.pread(picture.file.fileno(), len(PNG_END), max(0, picture.size - len(PNG_END))) != PNG_END:
            picture.close()
            return None
        return picture

    def noted_version(self, key: Key, modified_ns: int, size: int | None = None) -> str:
        return self.versions.of(key, modified_ns, size)

    def version(self, key: Key, picture: OpenBlob) -> str:
        return self.versions.determine(key, picture)

    def at(self, key: Key, transaction: Transaction) -> KeyPictures:
        """Return the pictures of a key inside of its entry, whose row is locked."""
        return KeyPictures(key, transaction, self.intake.spool)

    # -- upkeep ------------------------------------------------------------------------------------------------

    def late_originals(self) -> Iterator[Original]:
        """Yield the originals that came since the last call."""
        return self._arrivals.new()

    def previous(self, older_than: float) -> Iterator[Key]:
        """Yield the keys whose previous picture has been kept for so many seconds."""
        for row in self._database.read(PREVIOUS, (round(older_than * 1e9),)):
            if key := key_of(*row):
                yield key

    def tidy(self, older_than: float) -> None:
        """Remove what killed processes left, and objects that nothing names."""
        self._cache.tidy(older_than)
        self.intake.spool.tidy(older_than)
        self.depot.sweep(older_than)

    def bring_in(self) -> None:
        """Look whether an earlier process of this host left answers to be brought in. Cheap."""
        self.intake.check_in()

    def prepare(self) -> None:
        """Make the folders of this host, and the bucket while there is no object yet."""
        make_folder(self._folder / "cache")
        make_folder(self._folder / "spool")
        if not self._database.read(ANYTHING):
            self.depot.bucket.prepare()

    def check(self, *, write: bool) -> None:
        """Raise OSError where the bucket or the disk of this host cannot be used."""
        bucket, name = self.depot.bucket, f".probes/{secrets.token_hex(8)}"
        if not write:
            bucket.size(name)
            return
        make_folder(self._folder / "spool")
        probe = self._folder / "spool" / f".{secrets.token_hex(6)}.tmp"
        probe.write_bytes(PROBE)
        os.unlink(probe)
        bucket.put(name, PROBE)
        found = bucket.get(name)
        with suppress(StorageError):
            bucket.delete([name])
        if found is None or b"".join(found) != PROBE:
            raise StorageError(errno.EIO, f"{bucket.url} does not return what was written")

    def holdings(self, series: str = "", addresses: Sequence[str] = ()) -> Iterator[Held]:
        """Yield what is kept of all keys, or of a series, or of some addresses."""
        return self._holdings.all(series, addresses)

    def picture_counts(self) -> list[tuple[str, int]]:
        """Return how many pictures each series has; it counts them."""
        return self._holdings.counts()

    def others(self) -> Iterator[str]:
        """Yield the public names of pictures that no key names."""
        return self._holdings.others()

    def examine(self, *, read_only: bool = False) -> Iterator[Finding]:
        """Yield what `doctor` says about the bucket and this host's spool."""
        return examine(self.depot.bucket, self.intake.spool, read_only=read_only)

    def close(self) -> None:
        """Stop what is going on in this process."""
        self.intake.close()
