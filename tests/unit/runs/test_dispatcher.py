"""Which runs a free thread takes up."""

import errno
import logging
from typing import Any

import pytest

from dalle.key import Key
from dalle.runs.dispatcher import Dispatcher
from tests.kit.fakes import KEY, OTHER


class Claims:
    """A storage with two waiting runs, in turn; also the claim of the one that was taken last."""

    def __init__(self) -> None:
        self.waiting = [KEY, OTHER]
        self.released: list[Key] = []
        self.key = KEY

    def take(self) -> "Claims | None":
        if not self.waiting:
            return None
        self.key = self.waiting.pop(0)
        return self

    def release(self) -> None:
        self.released.append(self.key)


class Holder:
    """Cannot read the journal of KEY, and holds the other run."""

    def __init__(self, error: OSError) -> None:
        self.error = error

    def hold(self, claim: Any) -> object:
        if claim.key == KEY:
            raise self.error
        return object()


def dispatcher(claims: Claims, error: OSError) -> Dispatcher:
    parts: Any = claims, Holder(error), None, None
    return Dispatcher(*parts)


def test_takes_the_next_run_where_another_user_owns_the_files_of_one(caplog: pytest.LogCaptureFixture) -> None:
    claims = Claims()
    with caplog.at_level(logging.ERROR):
        assert dispatcher(claims, PermissionError(errno.EACCES, "Permission denied", "/")).take()
    assert (claims.key, claims.released) == (OTHER, [KEY])
    assert "(it belongs to root" in caplog.text


def test_takes_no_run_while_the_storage_fails_for_all() -> None:
    claims = Claims()
    with pytest.raises(OSError, match="full"):
        dispatcher(claims, OSError(errno.ENOSPC, "full")).take()
    assert claims.released == [KEY]
