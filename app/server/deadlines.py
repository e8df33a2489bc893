"""How long things may wait for something."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Deadlines(Generic[T]):
    """Things that wait, all of them at most `seconds` long: the first is the one that has waited longest."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._ends: dict[T, float] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, thing: T) -> None:
        """Begins the wait of a thing, or begins it again."""
        self._ends.pop(thing, None)
        self._ends[thing] = self._clock() + self.seconds

    def discard(self, thing: T) -> None:
        """Ends the wait of a thing; it may not be waiting."""
        self._ends.pop(thing, None)

    def first(self) -> T | None:
        """Returns what has waited longest."""
        return next(iter(self._ends), None)

    def left(self) -> float:
        """Returns the seconds until the first wait is over: 0 when it is, infinity when nothing waits."""
        return max(0.0, next(iter(self._ends.values())) - self._clock()) if self._ends else float("inf")

    def over(self) -> list[T]:
        """Returns the things that have waited too long. They wait until they are discarded."""
        now = self._clock()
        over = []
        for thing, end in self._ends.items():
            if end > now:
                break
            over.append(thing)
        return over

    def began_within(self, seconds: float) -> int:
        """Returns how many waits began in the last `seconds`."""
        since = self._clock() + self.seconds - seconds
        count = 0
        for end in reversed(self._ends.values()):
            if end < since:
                break
            count += 1
        return count

    def shorten(self, seconds: float) -> None:
        """Lets everything that waits, and what will wait, do so for `seconds` at most."""
        self.seconds = min(self.seconds, seconds)
        most = self._clock() + seconds
        self._ends = {thing: min(end, most) for thing, end in self._ends.items()}
