"""The one way to wait in a test."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 60.0  # seconds; only to end a test that would hang
T = TypeVar("T")


def wait(condition: Callable[..., T | None], what: str = "it to happen", seconds: float = PATIENCE) -> T:
    """Returns the condition's value as soon as it is true. An OSError counts as not yet: a service may be starting."""
    end = time.monotonic() + seconds
    trouble: OSError | None = None
    while True:
        try:
            if value := condition():
                return value
        except OSError as error:
            trouble = error
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain for {what}") from trouble
        time.sleep(0.02)
