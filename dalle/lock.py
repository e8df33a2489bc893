"""One holder a key, over all threads, processes and hosts that share the data folder.

Three kinds of file, all under `locks/`:

    guard-<00..ff>             flocked for the moment of a decision, never unlinked; keys share 256 of them
    <series>.<address>.lock    the claim: token, generation, beat, ttl, boot id and expiry
    <claim>.<token>.live       the holder keeps it flocked as long as it lives

Whoever decides about a key holds its guard. A claim is busy while it has not expired and its holder lives. On the
machine that took it (same boot id) both are certain: expiry is on the boot clock, which all processes share, and
the kernel frees the flock at the moment of death. Elsewhere clocks and flocks prove nothing, so a claim counts as
silent only after this process has itself seen the same beat for a whole TTL.

`flock` belongs to the open file, so threads of one process exclude each other like processes do.
"""

import fcntl
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from dalle.errors import FileSystemError
from dalle.files import flocked, open_lock, read_json, remove, write_json
from dalle.key import Key


class ClaimLost(Exception):
    """Somebody else holds the key now: this holder publishes nothing."""


def boot_id() -> str:
    """Names this start of this machine; the same in every container and pid namespace on it."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def boot_clock() -> float:
    """Seconds since the machine started, the same for all its processes and never set back."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Locks:
    """The claims of one data folder. `ttl` (seconds) is the longest silence of a holder."""

    def __init__(
        self,
        folder: Path,
        ttl: float,
        *,
        boot: str | None = None,
        now: Callable[[], float] = boot_clock,
        observe: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.ttl = ttl
        self._boot = boot or boot_id()
        self._now = now
        self._observe = observe
        self._seen: dict[str, tuple[str, int, float]] = {}
        self._mutex = threading.Lock()

    def guard(self, key: Key) -> AbstractContextManager[None]:
        """Hold this while deciding about the key; not reentrant, and only ever one at a time in a thread."""
        return flocked(self.folder / f"guard-{crc32(str(key).encode()) & 0xFF:02x}")

    def claim(self, key: Key) -> "Claim | None":
        """Take the key, or None when it is busy. The caller must not hold the guard."""
        with self.guard(key):
            present = self._read(key)
            if present and self._busy(key, present):
                return None
            if present:
                self._forget(key, present)
            generation = int(present.get("generation", 0)) + 1 if present else 1
            return Claim(self, key, secrets.token_hex(8), generation)

    def busy(self, key: Key) -> bool:
        """Whether a living holder has the key. Needs no guard: the answer may be old when it arrives."""
        present = self._read(key)
        return bool(present) and self._busy(key, present)

    def _path(self, key: Key) -> Path:
        return self.folder / f"{key.series}.{key.address}.lock"

    def _live(self, key: Key, token: str) -> Path:
        return self.folder / f"{key.series}.{key.address}.{token}.live"

    def _read(self, key: Key) -> dict[str, Any]:
        try:
            present = read_json(self._path(key))
        except FileSystemError:
            return {}  # a claim that nobody can read binds nobody
        return present if isinstance(present, dict) else {}

    def _busy(self, key: Key, present: dict[str, Any]) -> bool:
        token = str(present.get("token", ""))
        if present.get("boot") == self._boot:
            return float(present.get("expires", 0)) > self._now() and is_locked(self._live(key, token))
        beat, moment = int(present.get("beat", 0)), self._observe()
        with self._mutex:
            seen = self._seen.get(str(key))
            if seen is None or seen[:2] != (token, beat):
                self._seen[str(key)] = (token, beat, moment)
                return True
            return moment - seen[2] < float(present.get("ttl", self.ttl))

    def _forget(self, key: Key, present: dict[str, Any]) -> None:
        """Clear away a claim that is over; a holder that only stalls keeps its own file flocked."""
        live = self._live(key, str(present.get("token", "")))
        if not is_locked(live):
            remove(live)
        remove(self._path(key))
        with self._mutex:
            self._seen.pop(str(key), None)


class Claim:
    """The right to work on a key, made by `Locks.claim` under the guard. Any thread may renew and release it."""

    def __init__(self, locks: Locks, key: Key, token: str, generation: int) -> None:
        self.key = key
        self.token = token
        self.generation = generation
        self._locks = locks
        self._beat = 0
        self._live = locks._live(key, token)
        self._descriptor = open_lock(self._live)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._write()
        except BaseException:
            remove(self._live)
            os.close(self._descriptor)
            raise

    @contextmanager
    def held(self) -> Iterator[None]:
        """The guard, for a holder: what happens inside happens while the claim is surely its own.

        Raises ClaimLost when it is not any more.
        """
        with self._locks.guard(self.key):
            if self._locks._read(self.key).get("token") != self.token:
                raise ClaimLost(str(self.key))
            yield

    def renew(self) -> None:
        """Break the silence. Raises ClaimLost."""
        with self.held():
            self._beat += 1
            self._write()

    def release(self) -> None:
        """Give the key back; harmless when it was lost, or released before."""
        with suppress(ClaimLost), self.held():
            remove(self._locks._path(self.key))
        self._close()

    def release_held(self) -> None:
        """`release` for a caller that is inside `held()`."""
        remove(self._locks._path(self.key))
        self._close()

    def _close(self) -> None:
        if self._descriptor >= 0:
            remove(self._live)
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def _write(self) -> None:
        write_json(
            self._locks._path(self.key),
            {
                "token": self.token,
                "generation": self.generation,
                "beat": self._beat,
                "ttl": self._locks.ttl,
                "boot": self._locks._boot,
                "expires": self._locks._now() + self._locks.ttl,
            },
        )


def is_locked(path: Path) -> bool:
    """Whether somebody holds an exclusive flock on the file; False when there is none."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
