"""Ctrl-C and SIGTERM while this process paints: the first asks for an end, the second takes it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from types import FrameType

from app.client import exits

LEFT = b"\nLeft. Run it again to go on; a call without an answer is marked OUTCOME_UNKNOWN.\n"


@contextmanager
def heard(first: Callable[[str], None]) -> Iterator[None]:
    """Call `first` with the name of the first signal; leave at once at a second.

    A signal that was ignored when this process began stays so: a shell's background job is no business of Ctrl-C.
    """

    calls = count()

    def handle(number: int, _frame: FrameType | None) -> None:
        if next(calls):  # whatever the first one is at: nothing between it and here can swallow the second
            os.write(2, LEFT)
            os._exit(exits.INTERRUPTED)  # the threads would be waited for otherwise
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
    """A `first` that raises where the command waits."""
    raise KeyboardInterrupt
