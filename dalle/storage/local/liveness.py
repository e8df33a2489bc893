"""Whether a process still lives, as its open files show: an flock is free at the moment of death."""

import fcntl
import os
import time
import uuid
from pathlib import Path

from dalle.atomic import open_lock, remove


def boot_id() -> str:
    """Name this start of this machine; the same in every container and pid namespace on it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        # No Linux: the machine's own number does. A claim from before a restart has no living flock anyway.
        return f"{uuid.getnode():012x}"


def boot_clock() -> float:
    """Return the seconds since the machine started, the same for all its processes and never set back."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class LiveFile:
    """A new file that this process keeps flocked until `end`, or until it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = open_lock(path)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            self.end()
            raise

    @property
    def is_open(self) -> bool:
        """Whether it has not been ended."""
        return self._descriptor >= 0

    def end(self) -> None:
        """Remove the file; harmless when that was done before."""
        if self._descriptor >= 0:
            remove(self._path)
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Return whether a process holds an exclusive flock on the file; False when there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
