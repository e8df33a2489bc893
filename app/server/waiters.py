"""The requests of a worker that wait for the end of a run. One thread looks after all of them."""

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


class Waiters(Generic[T]):
    """At most so many at once. `call_back` is called in the thread with each waiter whose wait is over."""

    def __init__(self, most: int, call_back: Callable[[T], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
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
            if len(self._waits) >= self._most:
                return False
            self._waits[waiter] = wait
            return True

    def begin(self, waiter: T) -> None:
        """Lets a waiter wait, that has a place."""
        with self._change:
            if wait := self._waits.get(waiter):
                self._ends[waiter] = self._clock() + wait.seconds
                self._start()
                self._change.notify()

    def discard(self, waiter: T) -> Wait | None:
        """Frees a place; returns the wait, None without one."""
        if waiter not in self._waits:
            return None  # nearly always, and without a lock
        with self._change:
            self._ends.pop(waiter, None)
            return self._waits.pop(waiter, None)

    def close(self) -> list[T]:
        """Lets nobody wait any more; returns those that do."""
        with self._change:
            self._most = 0
            return list(self._ends)

    def over(self) -> list[T]:
        """Returns those whose run or time has ended. They wait until they are discarded. Looks at each key once."""
        with self._change:
            present = [(waiter, self._waits[waiter], end) for waiter, end in self._ends.items()]
        looks: dict[Key, bool] = {}
        for _, wait, _ in present:
            if wait.key not in looks:
                looks[wait.key] = self._has_ended(wait)
        now = self._clock()
        return [waiter for waiter, wait, end in present if looks[wait.key] or end <= now]

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
            for waiter in self.over():
                self._call_back(waiter)
            time.sleep(PAUSE)
