"""The one way to wait in a test."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 60.0  # seconds; only to end a test that would hang
# Seconds between two looks: most waits are short, and in a long one every look costs a service time.
FIRST, LONGEST, GROWTH = 0.002, 0.05, 1.5
T = TypeVar("T")


def wait(condition: Callable[..., T | None], what: str = "it to happen", seconds: float = PATIENCE) -> T:
    """Returns the condition's value as soon as it is true. An OSError counts as not yet: a service may be starting."""
    end = time.monotonic() + seconds
    trouble: OSError | None = None
    pause = FIRST
    while True:
        try:
            if value := condition():
                return value
        except OSError as error:
            trouble = error
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain for {what}") from trouble
        time.sleep(pause)
        pause = min(LONGEST, pause * GROWTH)
