"""The pace of image calls over all workers: a token bucket that holds one token.

A bucket that saves up tokens would send a burst and, with what drips in meanwhile, exceed a provider's minute.
The interval is 5 % longer than the rate asks, since calls do not arrive as evenly as they leave. And a call that
leaves late, after a slow disk or on a busy machine, holds back the ones behind it: two never leave closer together
than the rate asks.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dalle.errors import DeadlinePassed
from dalle.storage.folder import atomic as files

MARGIN = 1.05


class Pacing:
    """Hands out moments to call, in the order of asking. `per_minute` 0 is no pacing."""

    def __init__(
        self,
        path: Path,
        *,
        per_minute: float = 0.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path = path
        self._interval = 60.0 / per_minute * MARGIN if per_minute else 0.0
        self._clock = clock
        self._sleep = sleep

    def wait(self, patience: float) -> None:
        """Sleep until it is this caller's turn.

        Raises DeadlinePassed, and takes no turn, when that is more than `patience` seconds away.
        """
        if not self._interval:
            return
        turn, refused = 0.0, False

        def change(present: dict[str, Any]) -> dict[str, Any] | None:
            nonlocal turn, refused
            now = self._clock()
            following, asked = present.get("next"), present.get("asked")
            if not isinstance(following, int | float) or not isinstance(asked, int | float) or now < asked - 1:
                following = now  # no file, or the clock was put back
            if present.get("interval", self._interval) != self._interval:
                following = now  # the turns were given at another rate
            turn = max(now, following)
            refused = turn - now > patience
            if refused:
                return None
            return present | {"next": turn + self._interval, "asked": now, "interval": self._interval}

        files.update_json(self._path, change)
        if refused:
            late = DeadlinePassed("too many pictures wait for their turn at the provider")
            late.billed = "no"
            raise late
        delay = turn - self._clock()
        if delay > 0:
            self._sleep(delay)

    def leave(self) -> None:
        """Call this last of all before sending: sleeps as long as the call ahead has only just left."""
        while self._interval and (wait := self._ahead()) > 0:
            self._sleep(wait)

    def _ahead(self) -> float:
        """Seconds until this caller may leave; 0.0: it has left."""
        gap, wait = self._interval / MARGIN, 0.0

        def change(present: dict[str, Any]) -> dict[str, Any] | None:
            nonlocal wait
            now, last = self._clock(), present.get("left")
            wait = last + gap - now if isinstance(last, int | float) else 0.0
            if 0 < wait <= gap:  # more than that: the clock was put back
                return None
            wait = 0.0
            return present | {"left": now}

        files.update_json(self._path, change)
        return wait
