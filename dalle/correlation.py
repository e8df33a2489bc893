"""Carries the id of the request that started a run, so that all log lines of the run show it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def working_for(request_id: str) -> Iterator[None]:
    """Set the request id of this thread for the body of the `with` statement."""
    token = REQUEST_ID.set(request_id)
    try:
        yield
    finally:
        REQUEST_ID.reset(token)
