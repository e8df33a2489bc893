"""A bucket that is a folder which all hosts share, on NFS say.

The folder is made once, before there is any object. Later it is there or the bucket is away: what is written below the
mount point of a file system that is not mounted would be on the wrong disk.

Not by obstore: it does not fsync what it writes, and an answer that was paid for must survive a power cut.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from mmap import mmap
from pathlib import Path

from dalle.atomic import CHUNK, is_temporary, make_folder, remove, stage, sync_folder
from dalle.storage.protocol import StorageError


class FolderBucket:
    """Satisfies `Bucket`."""

    def __init__(self, root: Path) -> None:
        self.url = root.as_uri()
        self._root = root

    def put(self, name: str, data: bytes | mmap, *, durable: bool = True) -> None:
        path = self._root / name
        self._require()
        try:
            self._link(path, data, durable=durable)
        except FileExistsError:
            if self.size(name) != len(data):
                raise
        except OSError as exc:
            raise StorageError(exc.errno or errno.EIO, f"{self.url}: {exc.strerror}") from exc

    def _link(self, path: Path, data: bytes | mmap, *, durable: bool = False) -> None:
        temporary = stage(path, (data,), durable=durable)  # type: ignore[arg-type]
        try:
            os.link(temporary, path)
        finally:
            with suppress(OSError):
                temporary.unlink()
        if durable:
            sync_folder(path.parent)

    def get(self, name: str) -> Iterator[bytes] | None:
        try:
            descriptor = os.open(self._root / name, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            self._require()
            return None
        except OSError as exc:
            raise StorageError(exc.errno or errno.EIO, f"{self.url}: {exc.strerror}") from exc
        return pieces(descriptor)

    def size(self, name: str) -> int | None:
        try:
            return (self._root / name).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            self._require()
            return None

    def delete(self, names: Sequence[str]) -> None:
        for name in names:
            remove(self._root / name)

    def list(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        for folder, _, files in os.walk(self._root / prefix):
            for name in files:
                path = Path(folder, name)
                if not is_temporary(name):
                    with suppress(FileNotFoundError):
                        yield path.relative_to(self._root).as_posix(), path.stat().st_size

    def prepare(self) -> None:
        try:
            make_folder(self._root, durable=True)
        except OSError as exc:
            raise StorageError(exc.errno or errno.EIO, f"{self.url}: {exc.strerror}") from exc

    def _require(self) -> None:
        if not self._root.is_dir():
            raise StorageError(errno.ENODEV, f"{self.url} is not there")

    def refuses_second(self, name: str) -> bool:
        self._require()
        self._link(self._root / name, b"1")
        try:
            self._link(self._root / name, b"2")
        except FileExistsError:
            return True
        finally:
            self.delete([name])
        return False


def pieces(descriptor: int) -> Iterator[bytes]:
    """Yield the bytes of an open file, and close it."""
    try:
        while piece := os.read(descriptor, CHUNK):
            yield piece
    finally:
        os.close(descriptor)
