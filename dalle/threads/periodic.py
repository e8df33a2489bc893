"""A thread that does one thing again and again."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Pulse:
    """Calls `action` at once and then every `interval` seconds; a failure is logged, and the next call tries again."""

    def __init__(self, name: str, interval: float, action: Callable[[], None]) -> None:
        self._name = name
        self._interval = interval
        self._action = action
        self._trouble = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Wait for the call that runs, and make no other."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def once(self) -> None:
        """One call of the action. A disk in trouble is told once, not every second."""
        try:
            self._action()
            self._trouble = ""
        except OSError as exc:
            if str(exc) != self._trouble:
                log.error("the %s failed and tries again: %s", self._name, exc)
            self._trouble = str(exc)
        except Exception:
            log.exception("the %s failed and tries again", self._name)

    def _loop(self) -> None:
        while True:
            self.once()
            if self._stopping.wait(self._interval):
                return
