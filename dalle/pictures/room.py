"""Lets one large picture at a time into the memory of this machine; all others pass at once."""

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from dalle.host import memory
from dalle.storage.protocol import Storage

# A picture of three megapixels takes 40 MB while it is read, decoded, captioned and written, and as many are worked on
# as there are runs. One of forty megapixels takes 340 MB, and twice as much as WebP. Whatever is larger than this takes
# turns.
LARGE_PIXELS = 3 * 1024 * 1024
LARGE_BYTES = 8 * 1024 * 1024  # an answer: base64 of a noisy picture of so many pixels


class Room:
    """The turn of one run, or of one request. It is taken once, when a picture turns out to be large.

    Who has the turn waits for nobody, and loses it by dying. The others wait in the order in which they came, and
    have of their pictures no more than LARGE_BYTES each in memory: answers are on disk. What a large picture took is
    given back before the next one begins.
    """

    def __init__(self, storage: Storage, *, trim: Callable[[], None] = memory.trim) -> None:
        self._storage = storage
        self._trim = trim
        self._turn = ExitStack()
        self._taken = False

    def for_bytes(self, size: int) -> None:
        """Wait for the turn if an answer, or a file, of this size is large."""
        if size > LARGE_BYTES:
            self._take()

    def for_pixels(self, count: int) -> None:
        """Wait for the turn if a picture of so many pixels is large."""
        if count > LARGE_PIXELS:
            self._take()

    def _take(self) -> None:
        if not self._taken:
            self._turn.enter_context(self._storage.exclusive("large pictures", local=True))
            self._taken = True

    def leave(self) -> None:
        """Let the next one in; harmless without a turn."""
        if self._taken:
            self._trim()
            self._taken = False
        self._turn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()
