"""Time that a test moves."""

import itertools


class Clock:
    """Stands still until it is moved: set `now`, or let the code under test sleep."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def ns(self) -> int:
        return round(self.now * 1e9)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Ticking:
    """Nanoseconds that advance by a second at each call: no folder is ever too young to be listed again."""

    def __init__(self) -> None:
        self._seconds = itertools.count(2_000_000_000)

    def __call__(self) -> int:
        return next(self._seconds) * 1_000_000_000
