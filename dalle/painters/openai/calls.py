"""A call to the provider: observed, and repeated only where it was surely not accepted."""

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
from dalle.events import CallOutcome, Observer
from dalle.redaction import mask

T = TypeVar("T")
OUTCOMES: dict[str, CallOutcome] = {"no": "refused", "yes": "accepted", "unknown": "unknown"}

log = logging.getLogger(__name__)


class Late(stop_base):
    """Stop when the pause would end after the deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def __call__(self, retry_state: RetryCallState) -> bool:
        return time.monotonic() + retry_state.upcoming_sleep >= self._deadline


class Calls:
    """`attempts` calls in all; `repeat_unknown` repeats also those that may have been charged."""

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
        self._observer = observer
        self._attempts = attempts
        self._repeat_unknown = repeat_unknown
        self._backoff = wait_exponential(multiplier=backoff, max=30 * backoff) + wait_random(0, backoff)
        self._sleep = sleep

    def once(self, kind: str, model: str, quality: str, send: Callable[[], T]) -> T:
        """One call with its events and, when it fails, its log line."""
        self._observer.attempt_sent(kind, model)
        begun = time.monotonic()
        try:
            answer = send()
        except GenerationError as error:
            seconds = time.monotonic() - begun
            outcome = OUTCOMES[error.billed]
            self._observer.attempt_ended(kind, model, quality, outcome, error.code, seconds)
            if error.timed_out:
                self._observer.attempt_timed_out(kind)
            text = mask(f"{error.details} {error.private}".strip(), self._secret)
            called = f"{kind} call to {model}" if model else f"{kind} call"
            log.warning("%s failed after %.1f s, %s (%s): %s", called, seconds, error.code, outcome, text)
            raise
        self._observer.attempt_ended(kind, model, quality, "accepted", "", time.monotonic() - begun)
        return answer

    def repeat(self, kind: str, deadline: float, call: Callable[[], T]) -> T:
        """`call` again, while that is permitted and its pause ends before the deadline (`time.monotonic()`)."""
        return Retrying(
            stop=stop_any(stop_after_attempt(self._attempts), Late(deadline)),
            wait=self._wait,
            retry=retry_if_exception(self._permitted),
            before_sleep=lambda _state: self._observer.retried(kind),
            sleep=self._sleep,
            reraise=True,
        )(call)

    def _permitted(self, error: BaseException) -> bool:
        if isinstance(error, OutcomeUnknown):
            return self._repeat_unknown
        return isinstance(error, GenerationError) and error.retryable

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, ModelGone):
            return 0.0
        asked = error.retry_after if isinstance(error, GenerationError) else None
        return self._backoff(state) if asked is None else asked
