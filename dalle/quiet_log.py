"""A log that does not repeat itself: on a full disk the same line for each request would fill what is left."""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from dalle.errors import DalleError
from dalle.host.trouble import explained, is_passing

INTERVAL = 60.0  # seconds
MOST = 256  # subjects


@dataclass(slots=True)
class Line:
    """When a subject was logged last, and how often it was left out since."""

    logged: float
    left_out: int = 0


class QuietLog:
    """Logs the same failure at most once a minute in this process, and says then how often it was left out.

    While the storage cannot be used, it is the same failure for all keys and files.
    """

    def __init__(self, log: logging.Logger, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._clock = clock
        self._lines: dict[Hashable, Line] = {}
        self._mutex = threading.Lock()

    def error(self, error: Exception, text: str, *values: object) -> None:
        """Log `text`, and the error behind it: a bug with its traceback."""
        number = error.errno if isinstance(error, OSError) and is_passing(error) else None
        left_out = self._due((text, number) if number else (text, values, repr(error)))
        if left_out is None:
            return
        more = f" ({left_out} more like this since the last line)" if left_out else ""
        known = isinstance(error, OSError | DalleError)
        self._log.error(f"{text}: %s%s", *values, explained(error), more, exc_info=None if known else error)

    def _due(self, subject: Hashable) -> int | None:
        """Return how many lines were left out before this one, None if this one is to be left out."""
        now = self._clock()
        with self._mutex:
            line = self._lines.get(subject)
            if line and now - line.logged < INTERVAL:
                line.left_out += 1
                return None
            if len(self._lines) >= MOST:
                self._lines.clear()
            self._lines[subject] = Line(now)
            return line.left_out if line else 0
