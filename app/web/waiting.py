"""Answers that wait: for the end of a run, if the client prefers that to asking again, or for a sketch.

A server that can park connections (app/server) puts `PARK` into the environment. The application parks the request and
is called again when the wait is over, with `WAITED`. Under any other server a request waits in its thread, so that only
some of the threads may.
"""

import threading
import time
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass, replace
from functools import partial

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


SKETCH_SECONDS = 25
"""How long a request waits for a sketch at most: proxies give up after 30 or 60 seconds."""


@dataclass(frozen=True)
class Wait:
    """A request that waits for the end of a run, or for a sketch, at most so many seconds.

    started    whether the request has started the run
    sketch     what it waits for, if that is no run; cancelled when nobody waits for it any more
    is_heeded  once it is over: whether what it waits for has ended, or the time
    """

    key: Key
    seconds: int
    request_id: str
    started: bool
    has_ended: Callable[[], bool]
    sketch: "futures.Future[bytes] | None" = None
    is_heeded: bool = False


class Parked(Response):
    """Stands for the answer that is given later."""


class WaitingThreads:
    """The requests of an application that wait in their threads: at most so many for runs, and so many altogether."""

    def __init__(
        self,
        most_for_runs: int,
        most: int = 1,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free_for_runs = threading.Semaphore(most_for_runs)
        self._free = threading.Semaphore(max(most, 1))
        self._sleep = sleep
        self._clock = clock

    def wait(self, wait: Wait) -> bool:
        """Returns when the wait is over; False at once when there are too many."""
        if wait.sketch:
            return within(self._free, partial(futures.wait, [wait.sketch], wait.seconds))
        return within(self._free_for_runs, lambda: within(self._free, partial(self._wait_for_run, wait)))

    def _wait_for_run(self, wait: Wait) -> None:
        until = self._clock() + wait.seconds
        while not wait.has_ended() and (left := until - self._clock()) > 0:
            self._sleep(min(PAUSE, left))


def within(free: threading.Semaphore, action: Callable[[], object]) -> bool:
    """Acts if there is a free place; returns whether there was, or what the action returns if that is False."""
    if not free.acquire(blocking=False):
        return False
    try:
        return action() is not False
    finally:
        free.release()


def is_over() -> bool:
    """Returns whether this request has waited: then it starts nothing any more."""
    return WAITED in request.environ


def resumed() -> Wait | None:
    """Returns the wait of a request that has waited, whose run is known as its own from now on."""
    wait: Wait | None = request.environ.get(WAITED)
    if wait:
        g.started_run = wait.started
    return wait


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
    return waited(wait, again) or replies.outcome(outcome)


def for_sketch(key: Key, sketch: "futures.Future[bytes]", again: Callable[[], Response]) -> Response | None:
    """Returns the response that `again` makes once a sketch is drawn, or later; None when too many wait."""
    wait = Wait(key, SKETCH_SECONDS, g.request_id, g.get("started_run", False), sketch.done, sketch)
    return waited(wait, again)


def waited(wait: Wait, again: Callable[[], Response]) -> Response | None:
    """Lets the request wait, in its thread if need be; None, at once, when too many do."""
    environ = request.environ
    if park := environ.get(PARK):
        return Parked() if park(wait) else None
    threads: WaitingThreads = current_app.extensions["dalle.waiting"]
    if not threads.wait(wait):
        return None
    environ[WAITED] = replace(wait, is_heeded=True)
    return again()


def applied(response: Response) -> Response:
    """Returns the response with what it says of the preference of a request that may have waited."""
    wait = resumed()
    if wait and wait.is_heeded:
        response.headers["Preference-Applied"] = f"wait={wait.seconds}"
        response.headers["Vary"] = "Prefer"
    return response
