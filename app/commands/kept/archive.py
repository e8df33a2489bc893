"""A folder or a zip file that is written whole or not at all: it has a temporary name until all of it is there."""

import hashlib
import io
import os
import pickle
import secrets
import shutil
import struct
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

MANIFEST = "manifest.sha256"
PIECE = 1 << 20  # bytes
LARGE = 1 << 31
"""Bytes of a file from which on a zip file needs its larger format; a little less than it can do without."""
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""That zip files know."""


class Container(Protocol):
    """Takes files, one after the other."""

    def add(self, name: str, pieces: Iterable[bytes], size: int, modified_ns: int) -> None:
        """Adds a file of that size; names have slashes. Raises OSError."""


class Archive:
    """Files with their checksums, in a container. `count` and `size` (bytes) are those so far."""

    def __init__(self, container: Container, spool: IO[bytes]) -> None:
        self.count = self.size = 0
        self._container = container
        self._manifest = spool

    def add(self, name: str, pieces: Iterable[bytes], size: int, modified_ns: int) -> None:
        """Adds a file, piece by piece. Raises OSError."""
        digest = hashlib.sha256()
        self._container.add(name, hashed(pieces, digest), size, modified_ns)
        self._manifest.write(line_of(digest.hexdigest(), name))
        self.count += 1
        self.size += size

    def finish(self) -> None:
        """Adds the manifest, as `sha256sum --check` reads it."""
        size = self._manifest.tell()
        self._manifest.seek(0)
        self._container.add(MANIFEST, read(self._manifest), size, time.time_ns())


def read(file: IO[bytes] | io.FileIO) -> Iterator[bytes]:
    """Yields what an open file has, piece by piece."""
    while piece := file.read(PIECE):
        yield piece


def hashed(pieces: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def line_of(checksum: str, name: str) -> bytes:
    """Returns a line of the manifest; an odd name is escaped as sha256sum does it."""
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return f"{'' if escaped == name else chr(92)}{checksum}  {escaped}\n".encode(errors="surrogateescape")


class FolderContainer:
    """A folder; files keep their times."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, pieces: Iterable[bytes], size: int, modified_ns: int) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.writelines(pieces)
        os.utime(path, ns=(modified_ns, modified_ns))


class ZipContainer:
    """A zip file. Pictures are compressed already, and texts are small: nothing is compressed."""

    def __init__(self, archive: zipfile.ZipFile, spool: IO[bytes]) -> None:
        self._archive = archive
        self._archive.filelist = Listed(spool)  # type: ignore[assignment]

    def add(self, name: str, pieces: Iterable[bytes], size: int, modified_ns: int) -> None:
        with self._archive.open(zip_entry(name, modified_ns), "w", force_zip64=size >= LARGE) as entry:
            for piece in pieces:
                entry.write(piece)
        self._archive.NameToInfo.clear()


class Listed:
    """What a zip file lists at its end; on disk until then, since a million entries would take 600 MB."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._count = 0

    def append(self, entry: zipfile.ZipInfo) -> None:
        pickle.dump(entry, self._spool)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[zipfile.ZipInfo]:
        self._spool.seek(0)
        return (pickle.load(self._spool) for _ in range(self._count))  # noqa: S301  `append` wrote it


def zip_entry(name: str, modified_ns: int) -> zipfile.ZipInfo:
    """Returns an entry with its time: to two seconds without a zone, and exactly to the second beside that."""
    seconds = max(0, modified_ns // 1_000_000_000)
    entry = zipfile.ZipInfo(name, max(EARLIEST, time.gmtime(seconds)[:6]))
    entry.external_attr = 0o100644 << 16
    if seconds < 1 << 31:
        entry.extra = struct.pack("<HHBl", 0x5455, 5, 1, seconds)  # the "extended timestamp" of Info-ZIP
    return entry


@contextmanager
def written(target: Path) -> Iterator[Archive]:
    """An archive that appears under its name when the body is done, and of which nothing is left when it raises.

    A zip file if the name ends so, otherwise a folder. What is there under that name is replaced: `check` before.
    """
    target = target.absolute()
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        with tempfile.TemporaryFile(dir=target.parent) as spool:
            if is_zip(target):
                with tempfile.TemporaryFile(dir=target.parent) as listed, zipfile.ZipFile(temporary, "x") as file:
                    yield (archive := Archive(ZipContainer(file, listed), spool))
                    archive.finish()
                synced(temporary)
            else:
                temporary.mkdir()
                yield (archive := Archive(FolderContainer(temporary), spool))
                archive.finish()
        put_in_place(temporary, target)
    except BaseException:
        if temporary.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            with suppress(OSError):
                temporary.unlink()
        raise


def is_zip(target: Path) -> bool:
    return target.suffix.lower() == ".zip"


def put_in_place(temporary: Path, target: Path) -> None:
    """Renames; an earlier export, which a folder cannot be renamed over, is moved out of the way and deleted."""
    old = target.with_name(f".{target.name}.{secrets.token_hex(6)}.old")
    if target.is_dir() and any(target.iterdir()):
        target.rename(old)
    temporary.replace(target)
    if old.exists():
        shutil.rmtree(old)


def synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refusal(target: Path, *, force: bool) -> str:
    """Returns why nothing may be written under a name, "" if it may: all that is there must be an earlier export."""
    parent = target.absolute().parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        return f"{parent} is not a writable folder"
    if not target.exists() or (target.is_dir() and not is_zip(target) and not any(target.iterdir())):
        return ""
    if target.is_dir() == is_zip(target) or (target.exists() and not target.is_file() and not target.is_dir()):
        return f"{target} is there, and is no {'file' if is_zip(target) else 'folder'}"
    if target.is_dir() and not (target / MANIFEST).is_file():
        return f"{target} is not empty, and is no earlier export"
    return "" if force else f"{target} is there already: --force replaces it"
