"""What happens in folders, as the kernel reports it (inotify(7)).

A folder has one time for all its changes: a process that changes it cannot see from that time whether another one did
so in the same moment, and one that sees it changed cannot see what. The kernel reports a change while it still has the
folder locked; so when a process has set the folder's time, all changes before are reported.
"""

import ctypes
import os
import struct
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE
CHANGES = 0x08 | 0x40 | 0x80 | 0x100 | 0x200
ONLY_FOLDERS = 0x01000000
OVERFLOW, IGNORED = 0x4000, 0x8000
EVENT = struct.Struct("iIII")
MOST = 1 << 16  # bytes at a time
# statfs(2) of file systems that no other machine changes: ext4, XFS, Btrfs, tmpfs, overlay, F2FS, ZFS, bcachefs.
LOCAL = {0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0x794C7630, 0xF2F52010, 0x2FC12FC1, 0xCA451A4E}

Listener = Callable[[str], None]
"""Called with the name of each file that was changed; "" stands for changes that nobody knows."""


class Watch:
    """Watches folders with one descriptor, which is kept, as the watches are: closing one takes 10 ms."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._one = threading.Lock()
        self._descriptor, self._owner = -1, 0
        self._close: Callable[[], object] = lambda: None
        self._listeners: dict[int, list[Listener]] = {}

    @contextmanager
    def changes(self, folder: str) -> Iterator[Callable[[], Counter[str]]]:
        """Yield what returns how often each name in the folder was changed since it was last asked. Raises OSError.

        Hidden names are left out.
        """
        changed: Counter[str] = Counter()

        def listener(name: str) -> None:
            if not name.startswith("."):
                changed[name] += 1

        def since() -> Counter[str]:
            self.read()
            counted = Counter(changed)
            changed.clear()
            return counted

        number = self.listen(folder, listener)
        try:
            yield since
        finally:
            self.ignore(number, listener)

    def listen(self, folder: str, listener: Listener) -> int:
        """Have a listener called in `read` from now on; return the number of the watch. Raises OSError."""
        with self._one:
            number = self._add(folder)
            self._read()
            self._listeners.setdefault(number, []).append(listener)
            return number

    def ignore(self, number: int, listener: Listener) -> None:
        """End what `listen` began."""
        with self._one:
            if listener in self._listeners.get(number, ()):
                self._listeners[number].remove(listener)

    def watches(self, folder: str, number: int) -> bool:
        """Return whether a watch is still one of the folder that has this path now. Raises OSError."""
        with self._one:
            return self._add(folder) == number

    def read(self) -> None:
        """Call the listeners for all that was changed until now."""
        with self._one:
            self._read()

    def is_local(self, folder: str) -> bool:
        """Return whether all changes of a folder are reported here, because no other machine makes any."""
        status = ctypes.create_string_buffer(256)
        if self._libc.statfs(os.fsencode(folder), status):
            return False
        return ctypes.c_long.from_buffer(status).value & 0xFFFFFFFF in LOCAL

    def _add(self, folder: str) -> int:
        """Watch a folder; a watched one keeps its number."""
        number: int = self._libc.inotify_add_watch(self._open(), os.fsencode(folder), CHANGES | ONLY_FOLDERS)
        if number < 0:
            raise failure(folder)
        return number

    def _open(self) -> int:
        if self._owner != os.getpid():  # a forked process would share the events of its parent
            self._close()
            self._owner = 0
            self._call("", *self._listeners)
            self._listeners.clear()
            self._descriptor = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            if self._descriptor < 0:
                raise failure("inotify")
            close = weakref.finalize(self, os.close, self._descriptor)  # a user may have 128
            close.atexit = False
            self._close = close
            self._owner = os.getpid()
        return self._descriptor

    def _read(self) -> None:
        if not self._listeners:
            return
        descriptor = self._open()
        while True:
            try:
                data = os.read(descriptor, MOST)
            except BlockingIOError:
                return
            at = 0
            while at < len(data):
                number, mask, _, length = EVENT.unpack_from(data, at)
                name = data[at + EVENT.size : at + EVENT.size + length].rstrip(b"\0")
                at += EVENT.size + length
                if mask & OVERFLOW:
                    self._call("", *self._listeners)
                elif mask & IGNORED:
                    self._call("", number)
                    self._listeners.pop(number, None)
                else:
                    self._call(os.fsdecode(name), number)

    def _call(self, name: str, *numbers: int) -> None:
        for number in numbers:
            for listener in self._listeners.get(number, ()):
                listener(name)


def failure(name: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), name)
