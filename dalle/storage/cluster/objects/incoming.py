"""Bytes on their way into the bucket: on this host's disk first, where they become its copy."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path

from dalle.imaging.probe import PNG_END
from dalle.storage.blob import Content
from dalle.storage.cluster.objects.disk_cache import DiskCache, Wanted


class Incoming:
    """Whole bytes, in a file where the disk takes them and otherwise in memory."""

    def __init__(self, data: bytes | mmap, temporary: Path | None) -> None:
        self.data = data
        self.size = len(data)
        self.sha256 = sha256(data).digest()
        self.ends_as_png = data[-len(PNG_END) :] == PNG_END
        self._temporary = temporary

    def keep(self, cache: DiskCache, wanted: Wanted) -> None:
        """Make it this host's copy, if the disk takes one."""
        if self._temporary:
            with suppress(OSError):
                cache.adopt(wanted, self._temporary)


@contextmanager
def incoming(cache: DiskCache, owner: str, content: Content) -> Iterator[Incoming]:
    """Hold bytes until the end of a block. Pieces are not put together in memory, if the disk takes them."""
    try:
        temporary = cache.stage(owner, content)
    except OSError:
        if isinstance(content, Iterator):  # the disk has had some of them
            raise
        yield Incoming(content if isinstance(content, bytes) else b"".join(content), None)
        return
    try:
        descriptor = os.open(temporary, os.O_RDONLY | os.O_CLOEXEC)
        try:
            size = os.fstat(descriptor).st_size
            data = mmap(descriptor, size, access=ACCESS_READ) if size else b""
        finally:
            os.close(descriptor)
        yield Incoming(data, temporary)
        with suppress(BufferError):
            if isinstance(data, mmap):
                data.close()
    finally:
        with suppress(OSError):
            temporary.unlink()
