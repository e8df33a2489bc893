"""The database's time: asked for now and then, and counted on by this machine's clock in between."""

import threading
from collections.abc import Callable

from dalle.storage.cluster.database.database import Database
from dalle.storage.local.liveness import boot_clock
from dalle.storage.protocol import StorageError

FRESH = 60.0
"""Seconds after which the time is asked for again: clocks of machines differ by some parts of a million."""
STEP_NS = 5_000_000_000
"""A clock that went back by less stands still for that long; by more, it was set, and is followed."""


class Clock:
    """Unix nanoseconds by the database's clock. `monotonic`: seconds, also while the machine sleeps."""

    def __init__(self, database: Database, *, monotonic: Callable[[], float] = boot_clock) -> None:
        self._database = database
        self._monotonic = monotonic
        self._mutex = threading.Lock()
        self._offset_ns: int | None = None
        self._sampled = 0.0
        self._last_ns = 0

    def monotonic(self) -> float:
        """Return this machine's seconds."""
        return self._monotonic()

    def now_ns(self) -> int:
        """Return the time; what one caller was given, no later one is given less. Raises StorageError at first."""
        if self._offset_ns is None or self._monotonic() - self._sampled > FRESH:
            self._sample()
        with self._mutex:
            now_ns = round(self._monotonic() * 1e9) + (self._offset_ns or 0)
            if not 0 < self._last_ns - now_ns < STEP_NS:
                self._last_ns = now_ns
            return self._last_ns

    def skew_ns(self, own_ns: int) -> int:
        """Return by how much a clock is ahead of the database's."""
        return own_ns - self.now_ns()

    def _sample(self) -> None:
        """Ask the database; while it is away, the known difference counts."""
        before = self._monotonic()
        try:
            ((there_ns,),) = self._database.read("SELECT now_ns()")
        except StorageError:
            if self._offset_ns is None:
                raise
            self._sampled = before
            return
        after = self._monotonic()
        with self._mutex:
            self._offset_ns, self._sampled = there_ns - round((before + after) / 2 * 1e9), after
