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


class DyingAtWrite:
    """Call it in the process that is to die: it is killed when the nth function that writes has returned."""

    def __init__(self, number: int) -> None:
        self._left = number

    def __call__(self) -> None:
        sys.setprofile(self._profile)

    def _profile(self, frame: FrameType, event: str, function: Any) -> None:
        if event != "c_return" or function.__name__ not in WRITING:
            return
        if (
            getattr(function, "__module__", None) != "posix"
            and type(getattr(function, "__self__", None)).__module__ != "_io"
        ):
            return
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)
