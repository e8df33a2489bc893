"""Bytes by name: which object, or which bytes in the database, a name has."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from dalle import atomic
from dalle.key import Key
from dalle.storage.blob import Blob, Content, OpenBlob, Original, Staged
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.objects.depot import Depot, Missing
from dalle.storage.cluster.objects.intake import Intake
from dalle.storage.cluster.objects.memory_file import memory_file
from dalle.storage.cluster.objects.names import owner_of, owner_of_path, place_of
from dalle.storage.cluster.objects.rows import (
    ADDRESSES,
    ORIGINALS,
    Found,
    Statement,
    deleting,
    finding,
    finding_place,
    found,
    is_text,
    naming,
    texting,
)


class ClusterBlobs:
    """Satisfies `Blobs`. `folder`: of this host, on a disk."""

    def __init__(self, database: Database, depot: Depot, intake: Intake, folder: Path) -> None:
        self._database = database
        self._depot = depot
        self._intake = intake
        self._folder = folder

    def stage(self, blob: Blob, data: Content, *, durable: bool = False, modified_ns: int = 0) -> Staged:
        """A finished picture waits for a bucket that is away: what it was made of waits as well."""
        self._intake.check_in()
        if is_text(blob):
            return Staged(blob, self._depot.store(blob, data, modified_ns).name, durable)
        stored = self._depot.upload(blob, data, durable=durable, patient=durable, modified_ns=modified_ns)
        return Staged(blob, stored.name, durable)

    def discard(self, staged: Iterable[Staged]) -> None:
        with suppress(OSError):  # the sweep finds them
            if names := [part.place for part in staged]:
                self._depot.discard(names)

    def put(self, blob: Blob, data: Content, *, durable: bool = False, modified_ns: int = 0) -> None:
        self._intake.check_in()
        if isinstance(blob, Original):
            self._intake.put(blob, data, modified_ns)
        elif is_text(blob):
            self._database.run(*texting(blob, data if isinstance(data, bytes) else b"".join(data), modified_ns))
        else:
            self._database.run(*naming(blob, self._depot.upload(blob, data, durable=durable, modified_ns=modified_ns)))

    def scratch(self) -> IO[bytes]:
        try:
            return atomic.scratch(self._folder)
        except FileNotFoundError:
            atomic.make_folder(self._folder)
            return atomic.scratch(self._folder)

    def get(self, blob: Blob) -> bytes | None:
        opened = self.open(blob)
        if opened is None:
            return None
        with opened.file as file:
            pieces = [file.read(opened.size) or b""]
            while sum(map(len, pieces)) < opened.size and (piece := file.read(opened.size)):
                pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def open(self, blob: Blob) -> OpenBlob | None:
        if isinstance(blob, Original) and (waiting := self._intake.spool.open(blob)):
            return waiting
        return self._open(owner_of(blob), finding(blob))

    def open_public(self, path: str) -> OpenBlob | None:
        place = place_of(path)
        return self._open(owner_of_path(path), finding_place(place)) if place else None

    def _open(self, owner: str, statement: Statement) -> OpenBlob | None:
        before: Found | None = None
        while there := found(self._database.read(*statement, prepared=True)):
            if there.object is None:
                return memory_file(there.data or b"", there.modified_ns)
            try:
                return self._depot.open(owner, there.object)
            except Missing:
                if there == before:  # else it was replaced meanwhile, and swept away
                    raise
            before = there
        return None

    def has(self, blob: Blob) -> bool:
        if isinstance(blob, Original) and self._intake.spool.has(blob):
            return True
        return bool(self._database.read(*finding(blob), prepared=True))

    def delete(self, blob: Blob) -> bool:
        waited = isinstance(blob, Original) and self._intake.spool.remove(blob)
        return bool(self._database.run(*deleting(blob))) or waited

    def originals(self, key: Key) -> list[Original]:
        rows = self._database.read(ORIGINALS, (key.series, key.address))
        here = {Original.of(key, *row) for row in rows} | set(self._intake.spool.of(key))
        return sorted(here, key=lambda original: (original.number, original.kind))

    def locate(self, blob: Blob) -> str:
        """Return the URL of the object; of a text its name, as the database has it."""
        if is_text(blob):
            return f"postgresql:blobs/{blob.path}"
        with suppress(OSError):
            there = found(self._database.read(*finding(blob)))
            if there and there.object:
                return f"{self._depot.bucket.url}/{there.object.name}"
        return f"{self._depot.bucket.url}/{owner_of(blob)}"

    def addresses(self) -> set[str]:
        return {address for (address,) in self._database.read(ADDRESSES)}

    def free_bytes(self) -> int | None:
        """Of this host's disk, where an answer has to wait if the bucket is away. Nobody can say it of a bucket."""
        with suppress(OSError):
            return shutil.disk_usage(self._folder if self._folder.exists() else self._folder.parent).free
        return None
