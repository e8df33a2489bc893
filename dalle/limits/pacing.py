"""The pace of image calls over all workers: a token bucket that holds one token.

A bucket that saves up tokens would send a burst and, with the tokens added meanwhile, exceed a provider's limit per
minute. The interval is 5 % longer than the rate requires, since calls do not arrive as evenly as they leave. A call
that leaves late, after a slow disk or on a busy machine, delays the ones behind it: two never leave closer together
than the rate permits.
"""

import time
from collections.abc import Callable

from dalle.errors import DeadlinePassed
from dalle.storage.protocol import Documents

MARGIN = 1.05


class Pacing:
    """Assigns each caller its moment to call, in the order of arrival. `per_minute` 0: no pacing."""

    def __init__(
        self,
        documents: Documents,
        *,
        per_minute: float = 0.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._documents = documents
        self._interval = 60.0 / per_minute * MARGIN if per_minute else 0.0
        self._clock = clock
        self._sleep = sleep

    def wait(self, patience: float) -> None:
        """Sleep until it is this caller's turn.

        Raises DeadlinePassed, and takes no turn, when that is more than `patience` seconds away.
        """
        if not self._interval:
            return
        delay = self._turn(patience) - self._clock()
        if delay > 0:
            self._sleep(delay)

    def _turn(self, patience: float) -> float:
        with self._documents.edit("pace") as document:
            now = self._clock()
            following, last_asked = document.get("next"), document.get("asked")
            if (
                not isinstance(following, int | float)
                or not isinstance(last_asked, int | float)
                or now < last_asked - 1
            ):
                following = now  # no document, or the clock was put back
            if document.get("interval", self._interval) != self._interval:
                following = now  # the turns were assigned at another rate
            turn = max(now, float(following))
            if turn - now > patience:
                late = DeadlinePassed("too many pictures are waiting for their turn at the provider")
                late.billed = "no"
                raise late
            document |= {"next": turn + self._interval, "asked": now, "interval": self._interval}
            return turn

    def keep_distance(self) -> None:
        """Sleep while the previous call has only just left; to be called immediately before sending."""
        while self._interval and (wait := self._wait_to_leave()) > 0:
            self._sleep(wait)

    def _wait_to_leave(self) -> float:
        """Return the seconds until this call may leave; 0.0: it has left."""
        gap = self._interval / MARGIN
        with self._documents.edit("pace") as document:
            now, last = self._clock(), document.get("left")
            wait = float(last) + gap - now if isinstance(last, int | float) else 0.0
            if 0 < wait <= gap:  # more than that: the clock was put back
                return wait
            document["left"] = now
            return 0.0
