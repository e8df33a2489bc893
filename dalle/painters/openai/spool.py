"""The body of an answer while it comes: in memory, and past a bound in a file without a name."""

import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

MOST_HELD = 4 * 1024 * 1024
"""Bytes of a body that are held in memory. Each run may be receiving one, and none of them can be made to wait."""
PIECE = 1 << 20


class Spool:
    """Takes the parts of a body as they come. `scratch` opens the file; without room on the disk memory has to do."""

    def __init__(self, scratch: Callable[[], IO[bytes]], most: int = MOST_HELD) -> None:
        self._scratch = scratch
        self._most = most
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._written = 0
        self._size = 0

    def add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._file or self._size > self._most:
            with suppress(OSError):
                self._spill()

    def _spill(self) -> None:
        if self._file is None:
            self._file = self._scratch()
            weakref.finalize(self, self._file.close)
        while self._parts:
            rest = memoryview(self._parts[0])
            while rest:
                rest = rest[os.pwrite(self._file.fileno(), rest, self._written + len(self._parts[0]) - len(rest)) :]
            self._written += len(self._parts.pop(0))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        """Yield the body in pieces, any number of times."""
        if self._file:
            for at in range(0, self._written, PIECE):
                yield os.pread(self._file.fileno(), min(PIECE, self._written - at), at)
        yield from self._parts

    def __bytes__(self) -> bytes:
        whole = os.pread(self._file.fileno(), self._written, 0) if self._file else b""
        return b"".join((whole, *self._parts)) if self._parts else whole
