"""The requests of a worker that wait: for the end of a run, at which one thread looks for all of them, or for a sketch,
which calls back.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from app.web.waiting import PAUSE, Wait
from dalle.key import Key
from dalle.quiet_log import QuietLog

T = TypeVar("T", bound=Hashable)

log = logging.getLogger(__name__)

MOST_FOR_SKETCHES = 200
"""Requests that wait for sketches at once, besides those for runs: a page of them; fifteen seconds of drawing."""


class Waiters(Generic[T]):
    """At most so many at once for runs. `call_back` is called in some thread with each waiter whose wait is over."""

    def __init__(
        self, most: int, call_back: Callable[[T, Wait], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = {True: MOST_FOR_SKETCHES, False: most}  # by whether it is a sketch that they wait for
        self._call_back = call_back
        self._clock = clock
        self._waits: dict[T, Wait] = {}
        self._ends: dict[T, float] = {}  # of those that have begun to wait
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._quiet = QuietLog(log)

    def add(self, waiter: T, wait: Wait) -> bool:
        """Reserves a place; returns whether there was one. Any thread may ask."""
        with self._change:
            if self._count(for_sketch=bool(wait.sketch)) >= self._most[bool(wait.sketch)]:
                return False
            self._waits[waiter] = wait
            return True

    def begin(self, waiter: T) -> None:
        """Lets a waiter wait, that has a place."""
        with self._change:
            wait = self._waits.get(waiter)
            if wait:
                self._ends[waiter] = self._clock() + wait.seconds
                self._start()
                self._change.notify()
        if wait and wait.sketch:
            wait.sketch.add_done_callback(lambda _: self._call_back(waiter, wait))

    def has(self, waiter: T, wait: Wait) -> bool:
        """Returns whether a waiter waits for that, and not for something else by now."""
        return self._waits.get(waiter) is wait

    def is_for_sketch(self, waiter: T) -> bool:
        """Returns whether a waiter waits for a sketch."""
        wait = self._waits.get(waiter)
        return bool(wait and wait.sketch)

    def discard(self, waiter: T) -> Wait | None:
        """Frees a place; returns the wait, None without one. A sketch that only this one waits for is not drawn."""
        if waiter not in self._waits:
            return None  # nearly always, and without a lock
        with self._change:
            self._ends.pop(waiter, None)
            wait = self._waits.pop(waiter, None)
        if wait and wait.sketch:
            wait.sketch.cancel()
        return wait

    def close(self) -> list[T]:
        """Lets nobody wait any more; returns those that do."""
        with self._change:
            self._most = dict.fromkeys(self._most, 0)
            return list(self._ends)

    def over(self) -> dict[T, Wait]:
        """Returns those whose run or time has ended. They wait until they are discarded. Looks at each key once."""
        with self._change:
            present = [(waiter, self._waits[waiter], end) for waiter, end in self._ends.items()]
        looks: dict[Key, bool] = {}
        for _, wait, _ in present:
            if not wait.sketch and wait.key not in looks:
                looks[wait.key] = self._has_ended(wait)
        now = self._clock()
        ended = (wait.sketch.done() if wait.sketch else looks[wait.key] for _, wait, _ in present)
        return {
            waiter: wait for (waiter, wait, end), is_over in zip(present, ended, strict=True) if is_over or end <= now
        }

    def _count(self, *, for_sketch: bool) -> int:
        return sum(bool(wait.sketch) == for_sketch for wait in self._waits.values())

    def _has_ended(self, wait: Wait) -> bool:
        try:
            return wait.has_ended()
        except OSError as exc:
            self._quiet.error(exc, "a run that a request waits for cannot be looked at")
            return False

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="waiters", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._ends)
            for waiter, wait in self.over().items():
                self._call_back(waiter, wait)
            time.sleep(PAUSE)
