"""Keeps the runs of a worker alive: renews their claims, refreshes their reports, ends late ones."""

import logging
import threading
import time
from collections.abc import Callable

from dalle.quiet_log import QuietLog
from dalle.runs.run import Run
from dalle.storage.protocol import ClaimLost

log = logging.getLogger(__name__)


class Heartbeat:
    """`beat` is called in time by a thread of its own, in which nothing else may wait."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._runs: set[Run] = set()
        self._begun: set[Run] = set()
        self._mutex = threading.Lock()
        self._quiet = QuietLog(log)

    def add(self, run: Run) -> None:
        """Look after a run whose claim is new, and whose report is about to be written: the next beat can miss it."""
        with self._mutex:
            self._begun.add(run)

    def discard(self, run: Run) -> None:
        with self._mutex:
            self._runs.discard(run)
            self._begun.discard(run)

    def beat(self) -> None:
        """One beat for each run but those that began since the last one; none can spoil it for another.

        So a run of less than a second has no beat, which would take 3 % of its processor time.
        """
        with self._mutex:
            runs = list(self._runs)
            self._runs |= self._begun
            self._begun.clear()
        for run in runs:
            try:
                self._beat(run)
            except Exception:
                log.exception("%s %s: the heartbeat failed", run.journal.run_id, run.key)

    def _beat(self, run: Run) -> None:
        try:
            if self._clock() > run.deadline:
                self.discard(run)
                run.expire()
            else:
                run.beat()
        except ClaimLost:
            self.discard(run)
        except OSError as exc:
            self._quiet.error(exc, "%s %s: the heartbeat cannot be written", run.journal.run_id, run.key)
