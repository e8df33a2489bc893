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
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.storage.folder.atomic import flocked, open_lock, read_json, remove, write_json


class ClaimLost(Exception):
    """Somebody else holds the key now: this holder publishes nothing."""


def boot_id() -> str:
    """Names this start of this machine; the same in every container and pid namespace on it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        # No Linux: the machine's own number does. A claim from before a restart has no living flock anyway.
        return f"{uuid.getnode():012x}"


def boot_clock() -> float:
    """Seconds since the machine started, the same for all its processes and never set back."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


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

    def guard(self, key: Key, *, wait: bool = True) -> AbstractContextManager[None]:
        """Hold this while deciding about the key; not reentrant, and only ever one at a time in a thread.

        Without `wait` it raises BlockingIOError when somebody has it: a process that sleeps with the guard of one
        key must not hold up who cares for all keys.
        """
        return flocked(self.folder / f"guard-{crc32(str(key).encode()) & 0xFF:02x}", wait=wait)

    def claim(self, key: Key, *, wait: bool = True) -> "Claim | None":
        """Take the key, or None when it is busy. The caller must not hold the guard.

        Without `wait`, a guard that somebody has counts as busy.
        """
        try:
            return self._claim(key, wait=wait)
        except BlockingIOError:
            return None

    def _claim(self, key: Key, *, wait: bool) -> "Claim | None":
        with self.guard(key, wait=wait):
            present = self._read(key)
            if present and self._busy(key, present):
                return None
            if present:
                self._forget(key, present)
            generation = present["generation"] + 1 if present else 1
            return Claim(self, key, secrets.token_hex(8), generation)

    def busy(self, key: Key) -> bool:
        """Whether a living holder has the key. Needs no guard: the answer may be old when it arrives."""
        present = self._read(key)
        return bool(present) and self._busy(key, present)

    def tidy(self) -> None:
        """Clear away what dead holders left: claims that are over, and live files that no claim names."""
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return
        for name in names:
            match name.split("."):
                case [series, address, "lock"]:
                    with suppress(BlockingIOError):
                        self._tidy_claim(Key(series, address))
                case [series, address, token, "live"]:
                    with suppress(BlockingIOError):
                        self._tidy_live(Key(series, address), token)

    def _tidy_claim(self, key: Key) -> None:
        with self.guard(key, wait=False):
            present = self._read(key)
            if not present or not self._busy(key, present):
                self._forget(key, present)

    def _tidy_live(self, key: Key, token: str) -> None:
        # Under the guard, so that this is no claim on its way: its live file is there before the claim is.
        with self.guard(key, wait=False):
            if self._read(key).get("token") != token and not is_locked(self._live(key, token)):
                remove(self._live(key, token))

    def _path(self, key: Key) -> Path:
        return self.folder / f"{key.series}.{key.address}.lock"

    def _live(self, key: Key, token: str) -> Path:
        return self.folder / f"{key.series}.{key.address}.{token}.live"

    def _read(self, key: Key) -> dict[str, Any]:
        try:
            present = read_json(self._path(key))
            return {
                "token": str(present["token"]),
                "generation": int(present["generation"]),
                "beat": int(present["beat"]),
                "ttl": float(present["ttl"]),
                "boot": str(present["boot"]),
                "expires": float(present["expires"]),
            }
        except (FileSystemError, TypeError, KeyError, ValueError):
            return {}  # none, or one that nobody can read: it binds nobody

    def _busy(self, key: Key, present: dict[str, Any]) -> bool:
        token, beat, moment = present["token"], present["beat"], self._observe()
        if present["boot"] == self._boot:
            return bool(present["expires"] > self._now()) and is_locked(self._live(key, token))
        with self._mutex:
            seen = self._seen.get(str(key))
            if seen is None or seen[:2] != (token, beat):
                self._seen[str(key)] = (token, beat, moment)
                return True
            return moment - seen[2] < float(present["ttl"])

    def _forget(self, key: Key, present: dict[str, Any]) -> None:
        """Clear away a claim that is over; a holder that only stalls keeps its own file flocked."""
        if present and not is_locked(self._live(key, present["token"])):
            remove(self._live(key, present["token"]))
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
        self._renewed = 0.0
        self._sign = Sign(locks._live(key, token))
        try:
            self._write()
        except BaseException:
            self._sign.end()
            raise

    @contextmanager
    def held(self) -> Iterator[None]:
        """The guard, for a holder: what happens inside happens while the claim is surely its own.

        It breaks the silence too, once it has lasted for a tenth of the TTL: a slow disk may keep the holder inside for
        longer than the TTL, and whoever waits for the guard must not find the claim expired. Raises ClaimLost when it
        is not the holder's any more.
        """
        with self._owned():
            yield
            if self._sign.given and self._locks._now() - self._renewed >= self._locks.ttl / 10:
                with suppress(OSError):  # then the next beat tells
                    self._renew()

    def renew(self) -> None:
        """Break the silence. Raises ClaimLost, OSError."""
        with self._owned():
            self._renew()

    def release(self) -> None:
        """Give the key back; harmless when it was lost, or released before."""
        with suppress(ClaimLost), self._owned():
            self.release_held()
        self._sign.end()

    def release_held(self) -> None:
        """`release` for a caller that is inside `held()`."""
        remove(self._locks._path(self.key))
        self._sign.end()

    @contextmanager
    def _owned(self) -> Iterator[None]:
        with self._locks.guard(self.key):
            if self._locks._read(self.key).get("token") != self.token:
                raise ClaimLost(str(self.key))
            yield

    def _renew(self) -> None:
        self._beat += 1
        self._write()

    def _write(self) -> None:
        now = self._locks._now()
        write_json(
            self._locks._path(self.key),
            {
                "token": self.token,
                "generation": self.generation,
                "beat": self._beat,
                "ttl": self._locks.ttl,
                "boot": self._locks._boot,
                "expires": now + self._locks.ttl,
            },
        )
        self._renewed = now


class Sign:
    """A sign of life: a new file that this process keeps flocked until `end`, or until it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = open_lock(path)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            self.end()
            raise

    @property
    def given(self) -> bool:
        """Whether it has not been ended."""
        return self._descriptor >= 0

    def end(self) -> None:
        """Take the file away; harmless when that was done before."""
        if self._descriptor >= 0:
            remove(self._path)
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether somebody holds an exclusive flock on the file; False when there is none."""
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
