"""A process that is killed at a chosen write."""

import os
import signal
import sys
from types import FrameType
from typing import Any

WRITING = {
    *("open", "write", "flush", "close", "fsync", "ftruncate", "truncate"),
    *("replace", "rename", "link", "unlink", "remove", "mkdir", "rmdir"),
}
"""Functions in C that change files. Between two returns of them a file does not change."""
STATEMENTS = {"execute", "executemany", "executescript"}
"""Of sqlite3: each may change a database, and so may the statements that `executemany` runs."""


class DyingAtWrite:
    """Call it in the process that is to die: it is killed when the nth function that writes has returned."""

    def __init__(self, number: int) -> None:
        self._left = number

    def __call__(self) -> None:
        sys.setprofile(self._profile)

    def _profile(self, frame: FrameType, event: str, function: Any) -> None:
        if event == "c_return" and is_writing(function):
            self._count()

    def _count(self) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def is_writing(function: Any) -> bool:
    """Return whether a function in C changes files."""
    owner = type(getattr(function, "__self__", None)).__module__
    if function.__name__ in STATEMENTS:
        return owner == "sqlite3"
    return function.__name__ in WRITING and (getattr(function, "__module__", None) == "posix" or owner == "_io")
