"""Reports to the breaker how a run went, as far as that says something about the provider."""

import logging
from collections.abc import Callable

from dalle.errors import AuthRefused, BadAnswer, ContentBlocked, EmptyPicture, GenerationError, QuotaExhausted
from dalle.host.trouble import explained
from dalle.imaging.decoding import Examined
from dalle.limits.breaker import Breaker, Permit

log = logging.getLogger(__name__)


def tolerate(write: Callable[[], object]) -> None:
    """Record after a call: a disk that fails now must not hide how the call ended."""
    try:
        write()
    except OSError as exc:
        log.error("the state of breaker, budget or models cannot be written: %s", explained(exc))


class Judge:
    """Never raises OSError."""

    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker

    def succeeded(self, permit: Permit) -> None:
        """The provider works."""
        tolerate(lambda: self._breaker.succeed(permit))

    def cancelled(self, permit: Permit) -> None:
        """Nothing was learned."""
        tolerate(lambda: self._breaker.cancel(permit))

    def appraised(self, permit: Permit, data: bytes, examine: Callable[[bytes], Examined]) -> Examined | None:
        """The provider works if the bytes are a picture; return it, or None: the caller raises for that."""
        try:
            examined = examine(data)
        except (BadAnswer, EmptyPicture) as error:
            self.failed(permit, error)
            return None
        self.succeeded(permit)
        return examined

    def failed(self, permit: Permit, error: GenerationError) -> None:
        """A run ended with an error."""

        def judge() -> None:
            if isinstance(error, AuthRefused):
                self._breaker.fail(permit, error.code, "key")
            elif isinstance(error, QuotaExhausted):
                self._breaker.fail(permit, error.code, "quota")
            elif error.trips:
                self._breaker.fail(permit, error.code)
            elif isinstance(error, ContentBlocked):
                self._breaker.succeed(permit)
            else:
                self._breaker.cancel(permit)

        tolerate(judge)
