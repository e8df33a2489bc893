"""What happens in a folder while this process changes a file there, as the kernel reports it (inotify(7)).

A folder has one time for all its changes: a process that changes it cannot see from that time whether another one did
so in the same moment.
"""

import ctypes
import os
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHANGES = 0x40 | 0x80 | 0x100 | 0x200  # IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE
ONLY_FOLDERS = 0x01000000
OVERFLOW, IGNORED = 0x4000, 0x8000
EVENT = struct.Struct("iIII")
MOST = 1 << 16  # bytes at a time


class Watch:
    """Watches one folder at a time. The descriptor is kept: closing one takes 10 ms."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._one = threading.Lock()
        self._descriptor, self._owner = -1, 0

    @contextmanager
    def changes(self, folder: str) -> Iterator[Callable[[], Counter[str]]]:
        """Yield what returns how often each name in the folder was changed since it was last asked. Raises OSError.

        Hidden names are left out: bytes are staged under them. "" stands for changes that nobody knows.
        """
        with self._one:
            descriptor = self._open()
            watch = self._libc.inotify_add_watch(descriptor, os.fsencode(folder), CHANGES | ONLY_FOLDERS)
            if watch < 0:
                raise failure(folder)
            try:
                yield lambda: count(descriptor, watch)
            finally:
                self._libc.inotify_rm_watch(descriptor, watch)

    def _open(self) -> int:
        if self._owner != os.getpid():  # a forked process would share the events of its parent
            if self._owner:
                os.close(self._descriptor)
            self._descriptor = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            if self._descriptor < 0:
                raise failure("inotify")
            self._owner = os.getpid()
        return self._descriptor


def failure(name: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), name)


def count(descriptor: int, watch: int) -> Counter[str]:
    """Return the changes of public names since the last call; those of earlier watches have other numbers."""
    changed: Counter[str] = Counter()
    while True:
        try:
            data = os.read(descriptor, MOST)
        except BlockingIOError:
            return changed
        at = 0
        while at < len(data):
            number, mask, _, length = EVENT.unpack_from(data, at)
            name = data[at + EVENT.size : at + EVENT.size + length].rstrip(b"\0")
            at += EVENT.size + length
            if mask & OVERFLOW:
                changed[""] += 1
            elif number == watch and not mask & IGNORED and not name.startswith(b"."):
                changed[os.fsdecode(name)] += 1
