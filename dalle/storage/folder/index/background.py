"""The thread in which the index catches up with what takes longer than a request may wait."""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable

from dalle.threads.pool import lower_priority

log = logging.getLogger(__name__)


class Background:
    """Runs an action in a daemon thread, one at a time in a process. A process that ends does not wait for it."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._owner = 0
        self._error = ""

    @property
    def is_running(self) -> bool:
        # A forked process has the object of its parent's thread, and not the thread.
        return self._thread is not None and self._owner == os.getpid() and self._thread.is_alive()

    def start(self) -> threading.Thread:
        """Start the action unless it is running; return its thread."""
        with self._starting:
            if self._thread is None or not self.is_running:
                self._thread = threading.Thread(target=self._run, name="gallery", daemon=True)
                self._owner = os.getpid()
                self._thread.start()
            return self._thread

    def _run(self) -> None:
        lower_priority()
        try:
            self._action()
            self._error = ""
        except (OSError, sqlite3.Error) as exc:
            if str(exc) != self._error:
                log.warning("the gallery's index cannot be brought up to date: %s", exc)
            self._error = str(exc)
