"""Whose work this is: the id of the request that began a run, for the log lines of everything done for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def working_for(request_id: str) -> Iterator[None]:
    """What this thread does inside is done for that request."""
    token = REQUEST_ID.set(request_id)
    try:
        yield
    finally:
        REQUEST_ID.reset(token)
