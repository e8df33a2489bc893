"""Does something in a process of its own, so that nothing of it is left in this one.

Some libraries start threads when they are first used, and wait for them forever in a process that was forked
afterwards: what a server does before it forks its workers must not use them.
"""

import os
import pickle
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def apart(action: Callable[[], T]) -> T:
    """Returns what the action returns, or raises what it raises. Both have to be picklable."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            with open(writing, "wb") as pipe:
                pipe.write(outcome(action))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if not answer:
        raise RuntimeError(f"the process that was to do it ended with status {status}")
    result, error = pickle.loads(answer)  # noqa: S301 - from our own process
    if error is not None:
        raise error
    return result  # type: ignore[no-any-return]


def outcome(action: Callable[[], object]) -> bytes:
    """Returns result and exception of an action, pickled."""
    try:
        return pickle.dumps((action(), None))
    except Exception as exc:
        try:
            pickle.loads(pickle.dumps(exc))  # noqa: S301 - our own
        except Exception:
            return pickle.dumps((None, RuntimeError(repr(exc))))
        return pickle.dumps((None, exc))
