"""The events of making pictures, for those who count or log them."""

import errno
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

from dalle.key import Key

CallOutcome = Literal["accepted", "refused", "unknown"]
OUTCOMES: Mapping[str, CallOutcome] = {"no": "refused", "yes": "accepted", "unknown": "unknown"}
"""`GenerationError.billed` → outcome of the call."""


class Observer:
    """Receives every event and does nothing; subclasses override what they need.

    Durations are in seconds, money in USD. No method may raise or block: it runs inside the work it observes.
    `code`, unless said otherwise, is an error code of the contract or "" for success.
    """

    def run_queued(self) -> None:
        """A new run was accepted into the queue."""

    def run_coalesced(self) -> None:
        """A request to generate joined a run of its key that was queued or running."""

    def cache_hit(self) -> None:
        """A request to generate found the finished picture."""

    def run_ended(self, code: str, painter: str, seconds: float) -> None:
        """A run ended."""

    def run_failed(self, key: Key, request_id: str, code: str, error: str) -> None:
        """A run ended without a picture (reported beside `run_ended`); `error` is the public sentence."""

    def run_timed(self, durations: Mapping[str, int]) -> None:
        """A run that no other worker took over completed: phase → nanoseconds, skipped phases left out."""

    def run_recovered(self, how: str) -> None:
        """A run whose worker was gone was taken over; `how`: restarted, resumed, finished, given_up or cancelled."""

    def phase_ended(self, phase: str, seconds: float, code: str) -> None:
        """A phase of a run ended; not reported for skipped phases."""

    def attempt_sent(self, kind: str, model: str) -> None:
        """A call to the provider is about to be sent; `kind`: image, chat or models."""

    def attempt_ended(
        self, kind: str, model: str, quality: str, outcome: CallOutcome, code: str, seconds: float
    ) -> None:
        """A call to the provider ended."""

    def attempt_timed_out(self, kind: str) -> None:
        """The call that has just ended reached its deadline, before or after it was sent."""

    def spent(self, model: str, quality: str, usd: float, tokens: dict[str, int]) -> None:
        """A call was charged; `tokens` is {"input": …, "output": …}."""

    def retried(self, kind: str) -> None:
        """A call, or a download (`kind`: download), is repeated."""

    def breaker_moved(self, state: str) -> None:
        """The circuit breaker is now CLOSED, HALF_OPEN or OPEN."""

    def webhook_delivered(self) -> None:
        """The receiver of webhooks took an event."""

    def webhook_failed(self) -> None:
        """An attempt to deliver an event failed."""

    def webhook_given_up(self) -> None:
        """The last attempt to deliver an event failed (reported beside `webhook_failed`)."""

    def folders_listed(self, count: int) -> None:
        """The gallery's index listed so many folders, because something else had changed them."""

    def file_operation(self, name: str, error: str) -> None:
        """A file was read or written (`name`: read, write, remove); `error` is "" or the errno's name."""

    @contextmanager
    def filing(self, name: str) -> Iterator[None]:
        """Observe the file operation inside the `with` statement; an OSError passes through."""
        try:
            yield
        except OSError as exc:
            self.file_operation(name, errno.errorcode.get(exc.errno or 0, type(exc).__name__))
            raise
        self.file_operation(name, "")


class Observers(Observer):
    """Passes every event on to several observers, in order."""

    def __init__(self, observers: Iterable[Observer] = ()) -> None:
        self._observers = tuple(observers)
        for name in EVENTS:
            setattr(self, name, partial(self._pass_on, name))

    def _pass_on(self, name: str, *values: Any) -> None:
        for observer in self._observers:
            getattr(observer, name)(*values)


EVENTS = tuple(name for name in vars(Observer) if not name.startswith("_") and name != "filing")
