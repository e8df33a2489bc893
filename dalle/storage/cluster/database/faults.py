"""What errors of psycopg mean: translated here and nowhere else."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout, TooManyRequests

from dalle.storage.protocol import Busy, StorageError

AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
"""The connection is gone, or none can be had."""


class HeldTooLong(StorageError):
    """Another session has had a lock for longer than a transaction may take."""


class NotWritable(StorageError):
    """The server is no primary, or not any more."""


@contextmanager
def translated(*, wait: bool = True) -> Iterator[None]:
    """Raise StorageError for an error of the database; without `wait`, Busy for a lock that others have."""
    try:
        yield
    except errors.LockNotAvailable as exc:
        if wait:
            raise HeldTooLong(errno.EIO, "another holder has it for too long") from exc
        raise Busy("another holder has it") from exc
    except errors.ReadOnlySqlTransaction as exc:
        raise NotWritable(errno.EIO, f"the database refused it: {message_of(exc)}") from exc
    except (PoolTimeout, TooManyRequests) as exc:
        raise StorageError(errno.EIO, "the database cannot be reached, or all connections are in use") from exc
    except psycopg.Error as exc:
        raise StorageError(errno.EIO, f"the database refused it: {message_of(exc)}") from exc


def message_of(error: psycopg.Error) -> str:
    """Return the first line of what the database said; no statement, and no value."""
    text = error.diag.message_primary or str(error) or type(error).__name__
    return text.strip().partition("\n")[0]
