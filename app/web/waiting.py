"""Answers that wait for the end of a run, because the client prefers that to asking again.

A server that can park connections (app/server) puts `PARK` into the environment. The application parks the request and
is called again when the wait is over, with `WAITED`. Under any other server a request waits in its thread, so that only
half of the threads may.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Response, current_app, g, request

from app.web import preferences, replies
from dalle.key import Key
from dalle.outcome import Outcome, Report
from dalle.progress.reports import is_done

PARK = "dalleserver.park"
"""In the environment: a function that lets the request of a Wait wait, and returns whether it may."""
WAITED = "dalleserver.waited"
"""In the environment: the Wait of a request that has waited."""
PAUSE = 0.25
"""Seconds between two looks at a run."""


@dataclass(frozen=True)
class Wait:
    """A request that waits for the end of a run, at most so many seconds.

    started    whether the request has started the run
    is_heeded  once it is over: whether the run has ended, or the time
    """

    key: Key
    seconds: int
    request_id: str
    started: bool
    has_ended: Callable[[], bool]
    is_heeded: bool = False


class Parked(Response):
    """Stands for the answer that is given later."""


class WaitingThreads:
    """The requests of an application that wait in their threads, at most so many at once."""

    def __init__(
        self, most: int, *, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._free = threading.Semaphore(most)
        self._sleep = sleep
        self._clock = clock

    def wait(self, wait: Wait) -> bool:
        """Returns when the wait is over; False at once when there are too many."""
        if not self._free.acquire(blocking=False):
            return False
        try:
            until = self._clock() + wait.seconds
            while not wait.has_ended() and (left := until - self._clock()) > 0:
                self._sleep(min(PAUSE, left))
        finally:
            self._free.release()
        return True


def is_over() -> bool:
    """Returns whether this request has waited: then it starts nothing any more."""
    return WAITED in request.environ


def reply(key: Key, outcome: Outcome, again: Callable[[], Response]) -> Response:
    """Returns the response for an outcome; later and made by `again` if the client prefers to wait for its run."""
    environ = request.environ
    if "HTTP_PREFER" not in environ:
        return replies.outcome(outcome)
    if WAITED in environ:
        return applied(replies.outcome(outcome))
    seconds = preferences.wait(environ["HTTP_PREFER"]) if request.method == "GET" else 0
    if not seconds or not isinstance(outcome, Report) or is_done(outcome.body):
        return replies.outcome(outcome)
    studio = replies.studio()
    wait = Wait(key, seconds, g.request_id, g.get("started_run", False), lambda: studio.has_ended(key))
    if park := environ.get(PARK):
        return Parked() if park(wait) else replies.outcome(outcome)
    threads: WaitingThreads = current_app.extensions["dalle.waiting"]
    if not threads.wait(wait):
        return replies.outcome(outcome)
    environ[WAITED] = replace(wait, is_heeded=True)
    return again()


def applied(response: Response) -> Response:
    """Returns the response with what it says of the preference of a request that may have waited."""
    wait: Wait | None = request.environ.get(WAITED)
    if wait:
        g.started_run = wait.started
        if wait.is_heeded:
            response.headers["Preference-Applied"] = f"wait={wait.seconds}"
            response.headers["Vary"] = "Prefer"
    return response
