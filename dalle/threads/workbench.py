"""Makes small files that are asked for, one at a time, and keeps the latest of them in memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from dalle.errors import ServiceUnavailable

MOST_BYTES = 16 * 1024 * 1024
"""Kept in each process: about a hundred cards."""
MOST_AT_ONCE = 3
"""Callers that make a file or wait for their turn: a worker has four threads, and one goes on answering polls."""


class Workbench:
    """Files by name. A name stands for its content: whatever changes that is a part of it."""

    def __init__(self, most_bytes: int = MOST_BYTES, most_at_once: int = MOST_AT_ONCE) -> None:
        self._most_bytes = most_bytes
        self._most_at_once = most_at_once
        self._callers = 0
        self._turn = threading.Lock()
        self._mutex = threading.Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0

    def get(self, name: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the file of a name, made if it is not kept.

        Raises ServiceUnavailable, at once, when too many others wait for theirs, and what `make` raises.
        """
        if kept := self._find(name):
            return kept
        self._enter()
        try:
            with self._turn:
                return self._find(name) or self._keep(name, make())
        finally:
            with self._mutex:
                self._callers -= 1

    @property
    def is_full(self) -> bool:
        """Whether the next caller would be refused, unless what it wants is kept."""
        return self._callers >= self._most_at_once

    def _enter(self) -> None:
        with self._mutex:
            if self.is_full:
                raise ServiceUnavailable("too many pictures are being made for others; ask again", retry_after=1)
            self._callers += 1

    def _find(self, name: Hashable) -> bytes | None:
        with self._mutex:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def _keep(self, name: Hashable, made: bytes) -> bytes:
        """Keep a file, if need be in place of those that were not asked for longest; one that is too large is not."""
        if len(made) <= self._most_bytes:
            with self._mutex:
                self._kept[name] = made
                self._size += len(made)
                while self._size > self._most_bytes:
                    self._size -= len(self._kept.popitem(last=False)[1])
        return made
