"""Ctrl-C and SIGTERM while this process makes pictures: the first one asks for an end, the second one ends at once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from types import FrameType

from app.client import exits

LEFT = b"\nStopped at once. Run the command again to continue; unanswered calls are marked OUTCOME_UNKNOWN.\n"


@contextmanager
def handled(first: Callable[[str], None]) -> Iterator[None]:
    """Calls `first` with the name of the first signal, and exits at once at the second one.

    A signal that was ignored when this process started stays ignored: Ctrl-C does not concern a background job.
    """
    calls = count()

    def handle(number: int, _frame: FrameType | None) -> None:
        if next(calls):  # the first call may still be running: nothing in between can swallow the second signal
            os.write(2, LEFT)
            os._exit(exits.INTERRUPTED)  # a normal exit would wait for the threads
        first(signal.Signals(number).name)

    present = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before = {number: handler for number, handler in present.items() if handler != signal.SIG_IGN}
    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt(_name: str) -> None:
    """A `first` that raises KeyboardInterrupt where the command waits."""
    raise KeyboardInterrupt
