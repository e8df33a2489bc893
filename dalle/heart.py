"""One thread a worker that keeps its runs alive: renews their claims, refreshes their reports, ends late ones."""

import logging
import threading
import time
from collections.abc import Callable

from dalle.lock import ClaimLost
from dalle.run import Run

log = logging.getLogger(__name__)


class Heart:
    """Beats every `interval` seconds for each run that was added, and calls `idle` after each round."""

    def __init__(
        self, interval: float, *, idle: Callable[[], None] = lambda: None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval = interval
        self._idle = idle
        self._clock = clock
        self._runs: set[Run] = set()
        self._trouble = ""
        self._mutex = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="heart", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def add(self, run: Run) -> None:
        with self._mutex:
            self._runs.add(run)

    def discard(self, run: Run) -> None:
        with self._mutex:
            self._runs.discard(run)

    def _loop(self) -> None:
        while True:
            with self._mutex:
                runs = list(self._runs)
            for run in runs:
                self._beat(run)
            self._rest()
            if self._stopping.wait(self._interval):
                return

    def _rest(self) -> None:
        """Do the idle work. A disk in trouble is told once, not every second."""
        try:
            self._idle()
            self._trouble = ""
        except OSError as exc:
            if str(exc) != self._trouble:
                log.error("the sweep failed; the next one tries again: %s", exc)
            self._trouble = str(exc)
        except Exception:
            log.exception("the sweep failed; the next one tries again")

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
            log.error("%s %s: the heartbeat cannot be written: %s", run.journal.runId, run.key, exc)
