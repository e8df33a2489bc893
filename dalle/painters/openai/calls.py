"""Calls to the provider: observed, and repeated only if they were certainly not accepted."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_any,
    wait_exponential,
    wait_random,
)
from tenacity.stop import stop_base

from dalle.errors import GenerationError, ModelGone, OutcomeUnknown
from dalle.events import OUTCOMES, Observer
from dalle.redaction import mask

T = TypeVar("T")

log = logging.getLogger(__name__)


class PastDeadline(stop_base):
    """Stops repeating when the next pause would end after the deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def __call__(self, retry_state: RetryCallState) -> bool:
        return time.monotonic() + retry_state.upcoming_sleep >= self._deadline


class Calls:
    """Sends a call up to `attempts` times in total; `repeat_unknown` also repeats calls that may have been charged."""

    def __init__(
        self,
        *,
        secret: str,
        observer: Observer,
        attempts: int = 3,
        repeat_unknown: bool = False,
        backoff: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._secret = secret
        self.observer = observer
        self._attempts = attempts
        self._repeat_unknown = repeat_unknown
        self._backoff = wait_exponential(multiplier=backoff, max=30 * backoff) + wait_random(0, backoff)
        self._sleep = sleep

    def once(self, kind: str, model: str, quality: str, send: Callable[[], T]) -> T:
        """Send one call, with its events and, if it fails, its log line."""
        self.observer.attempt_sent(kind, model)
        started = time.monotonic()
        try:
            answer = send()
        except GenerationError as error:
            seconds = time.monotonic() - started
            outcome = OUTCOMES[error.billed]
            self.observer.attempt_ended(kind, model, quality, outcome, error.code, seconds)
            if error.timed_out:
                self.observer.attempt_timed_out(kind)
            text = mask(said(error), self._secret)
            name = f"{kind} call to {model}" if model else f"{kind} call"
            log.warning("%s failed after %.1f s, %s (%s): %s", name, seconds, error.code, outcome, text)
            raise
        self.observer.attempt_ended(kind, model, quality, "accepted", "", time.monotonic() - started)
        return answer

    def repeat(self, kind: str, deadline: float, call: Callable[[], T], *, free: bool = False) -> T:
        """Call, and call again while that is permitted and the pause ends before the deadline (`time.monotonic()`).

        `free`: as often as there is time, since nothing is bought.
        """
        past = PastDeadline(deadline)
        return Retrying(
            stop=past if free else stop_any(stop_after_attempt(self._attempts), past),
            wait=self._wait,
            retry=retry_if_exception(self._may_repeat),
            before_sleep=lambda _state: self.observer.retried(kind),
            sleep=self._sleep,
            reraise=True,
        )(call)

    def _may_repeat(self, error: BaseException) -> bool:
        if isinstance(error, OutcomeUnknown):
            return self._repeat_unknown
        return isinstance(error, GenerationError) and error.retryable

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, ModelGone):
            return 0.0
        retry_after = error.retry_after if isinstance(error, GenerationError) else None
        return self._backoff(state) if retry_after is None else retry_after


def said(error: GenerationError) -> str:
    """Return what is known of an error, for the log; both of its texts begin with the status of an answer."""
    status = error.details.partition(",")[0]
    if error.private.startswith(f"{status}:"):
        return error.private
    return f"{error.details} {error.private}".strip()
