"""What is done in a process of its own."""

import errno
import os

import pytest

from app.config import ConfigError
from app.server.apart import apart


class Stubborn(Exception):
    """It cannot be pickled."""

    def __reduce__(self) -> str:
        raise TypeError


def test_returns_what_was_done_elsewhere() -> None:
    pid, found = apart(lambda: (os.getpid(), ["x" * 200_000]))
    assert pid != os.getpid()
    assert found == ["x" * 200_000]


def test_raises_what_was_raised_elsewhere() -> None:
    with pytest.raises(OSError, match="gone") as raised:
        apart(lambda: failing(OSError(errno.EIO, "gone")))
    assert raised.value.errno == errno.EIO
    with pytest.raises(ConfigError, match="invalid X"):
        apart(lambda: failing(ConfigError("invalid X")))


def test_says_what_was_raised_if_that_cannot_be_carried() -> None:
    with pytest.raises(RuntimeError, match="Stubborn"):
        apart(lambda: failing(Stubborn("x")))


def test_says_that_the_process_was_killed() -> None:
    with pytest.raises(RuntimeError, match="status 9"):
        apart(lambda: os.kill(os.getpid(), 9))


def failing(error: Exception) -> None:
    raise error
