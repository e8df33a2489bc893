"""A thread that repeats one action."""

import logging
import threading
from collections.abc import Callable

from dalle.quiet_log import QuietLog

log = logging.getLogger(__name__)


class PeriodicThread:
    """Calls `action` at once and then every `interval` seconds. A failure is logged, and the next call tries again."""

    def __init__(self, name: str, interval: float, action: Callable[[], None]) -> None:
        self._name = name
        self._interval = interval
        self._action = action
        self._quiet = QuietLog(log)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Waits for the running call, and makes no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def once(self) -> None:
        """Calls the action once. A failure is logged, but not again for every repetition."""
        try:
            self._action()
        except Exception as exc:
            self._quiet.error(exc, "the %s failed and will be retried", self._name)

    def _loop(self) -> None:
        while True:
            self.once()
            if self._stopping.wait(self._interval):
                return
