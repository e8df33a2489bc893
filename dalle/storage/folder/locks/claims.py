"""One holder a key, over all threads, processes and hosts that share the data folder.

Three kinds of file, all under `locks/`:

    guard-<00..ff>             flocked for the moment of a decision, never unlinked; keys share 256 of them
    <series>.<address>.lock    the claim: token, generation, beat, ttl, boot id and expiry
    <claim>.<token>.live       the holder keeps it flocked as long as it lives

Every decision about a key is made under its guard. A claim is busy while it has not expired and its holder lives. On
the machine that took it (same boot id) both are certain: expiry is on the boot clock, which all processes share, and
the kernel frees the flock at the moment of death. Elsewhere clocks and flocks prove nothing, so a claim counts as
silent only after this process has itself seen the same beat for a whole TTL.

`flock` belongs to the open file, so threads of one process exclude each other like processes do.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from dalle.atomic import flocked, read_bytes, remove, write_atomic
from dalle.key import Key
from dalle.storage.codec import decode_object, encode_json
from dalle.storage.local.liveness import LiveFile, boot_clock, boot_id, is_locked
from dalle.storage.protocol import Busy, ClaimLost


class Claims:
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
        """Hold this while deciding about the key; not reentrant, and one at a time in a thread.

        Without `wait` it raises BlockingIOError when it is taken: a process that sleeps with the guard of one key must
        not hold up the sweep of all keys.
        """
        return flocked(self.folder / f"guard-{crc32(str(key).encode()) & 0xFF:02x}", wait=wait)

    def claim(self, key: Key, *, wait: bool = True) -> "Lease | None":
        """Take the key, or None when it is busy. The caller does not hold the guard.

        Without `wait`, a guard that is taken counts as busy.
        """
        try:
            return self._claim(key, wait=wait)
        except BlockingIOError:
            return None

    def _claim(self, key: Key, *, wait: bool) -> "Lease | None":
        with self.guard(key, wait=wait):
            present = self._read(key)
            if present and self._busy(key, present):
                return None
            if present:
                self._forget(key, present)
            generation = present["generation"] + 1 if present else 1
            return Lease(self, key, secrets.token_hex(8), generation, taken_over=bool(present))

    def is_claimed(self, key: Key, token: str = "") -> bool:
        """Return whether a living holder has the key; with `token`, whether that one has. Needs no guard."""
        present = self._read(key)
        return bool(present) and token in ("", present["token"]) and self._busy(key, present)

    def tidy(self, name: str) -> bool:
        """Clear a file away that a dead holder left: a claim that is over, or a live file that no claim names.

        Return False where it is to be looked at again, since its holder may die.
        """
        try:
            match name.split("."):
                case [series, address, "lock"]:
                    return self._tidy_claim(Key(series, address))
                case [series, address, token, "live"]:
                    return self._tidy_live(Key(series, address), token)
        except BlockingIOError:
            return False
        return True

    def _tidy_claim(self, key: Key) -> bool:
        with self.guard(key, wait=False):
            present = self._read(key)
            if present and self._busy(key, present):
                return False
            self._forget(key, present)
            return True

    def _tidy_live(self, key: Key, token: str) -> bool:
        # Under the guard, so that this is no claim on its way: its live file is there before the claim is.
        with self.guard(key, wait=False):
            if self._read(key).get("token") == token or is_locked(self._live(key, token)):
                return False
            remove(self._live(key, token))
            return True

    def _path(self, key: Key) -> Path:
        return self.folder / f"{key.series}.{key.address}.lock"

    def _live(self, key: Key, token: str) -> Path:
        return self.folder / f"{key.series}.{key.address}.{token}.live"

    def _read(self, key: Key) -> dict[str, Any]:
        present = decode_object(read_bytes(self._path(key)))
        try:
            return {
                "token": str(present["token"]),
                "generation": int(present["generation"]),
                "beat": int(present["beat"]),
                "ttl": float(present["ttl"]),
                "boot": str(present["boot"]),
                "expires": float(present["expires"]),
            }
        except (TypeError, KeyError, ValueError):
            return {}  # absent or unreadable: it does not bind

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


class Lease:
    """The right to work on a key, made by `Claims.claim` under the guard. Any thread may renew and release it."""

    def __init__(self, claims: Claims, key: Key, token: str, generation: int, *, taken_over: bool = False) -> None:
        self.key = key
        self.token = token
        self.generation = generation
        self.taken_over = taken_over
        self._claims = claims
        self._beat = 0
        self._renewed = 0.0
        self._live = LiveFile(claims._live(key, token))
        try:
            self._write()
        except BaseException:
            self._live.end()
            raise

    @contextmanager
    def held(self) -> Iterator[None]:
        """The guard, for a holder: what happens inside happens while the claim is surely its own.

        It breaks the silence too, once it has lasted for a tenth of the TTL: a slow disk may keep the holder inside for
        longer than the TTL, and the next holder of the guard must not find the claim expired. Raises ClaimLost when it
        is not the holder's any more.
        """
        with self._owned():
            yield
            if self._live.is_open and self._claims._now() - self._renewed >= self._claims.ttl / 10:
                with suppress(OSError):  # then the next beat fails too, and says so
                    self._renew()

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """`held`, and the silence is broken first. Raises ClaimLost, OSError."""
        with self._owned():
            self._renew()
            yield

    def remaining(self) -> float:
        """Return the seconds until others may take the key."""
        return self._renewed + self._claims.ttl - self._claims._now()

    def release(self) -> None:
        """Give the key back; harmless when it was lost, or released before."""
        try:
            with suppress(ClaimLost), self._owned():
                self.release_held()
        finally:
            self._live.end()  # on a failing disk too: the claim of nobody alive is free

    def release_held(self) -> None:
        """`release` for a caller that is inside `held()`."""
        remove(self._claims._path(self.key))
        self._live.end()

    @contextmanager
    def _owned(self) -> Iterator[None]:
        with self._claims.guard(self.key):
            if self._claims._read(self.key).get("token") != self.token:
                raise ClaimLost(str(self.key))
            yield

    def _renew(self) -> None:
        self._beat += 1
        self._write()

    def _write(self) -> None:
        now = self._claims._now()
        claim = {
            "token": self.token,
            "generation": self.generation,
            "beat": self._beat,
            "ttl": self._claims.ttl,
            "boot": self._claims._boot,
            "expires": now + self._claims.ttl,
        }
        write_atomic(self._claims._path(self.key), encode_json(claim))
        self._renewed = now


@contextmanager
def entered(lock: AbstractContextManager[None]) -> Iterator[None]:
    """Enter a lock. Raises Busy where it is taken; what the body raises is the body's."""
    with ExitStack() as stack:
        try:
            stack.enter_context(lock)
        except BlockingIOError as exc:
            raise Busy(str(exc)) from exc
        yield
