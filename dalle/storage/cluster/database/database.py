"""Connections to PostgreSQL: a pool for each process, which is born when it is first used and so after every fork."""

import errno
import logging
import os
import select
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from dalle.storage.cluster.database.faults import AWAY, translated
from dalle.storage.cluster.database.transaction import Connection, Parameters, Row, Transaction
from dalle.storage.protocol import StorageError

# Each attempt to connect would be a line of the log; who asks hears of it, and logs what follows.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

LOOK = 0.25
"""Seconds between two looks of who waits for a connection, whether there can be one."""
AT_ONCE = 0.001
"""Seconds after which an attempt to connect that failed is given up: those who ask next make another."""
REST = 1.0
"""Seconds after an attempt to connect that failed, in which nobody waits for another: pictures go on meanwhile."""
ASKED_FOR = sys.maxsize
"""Repetitions after which psycopg prepares a statement by itself: never, but where that is asked for."""
OPTIONS = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "dalleserver",
}
"""Of libpq: a connection over a network that was cut must not hold a thread for minutes."""


class CutOff(Exception):
    """A connection ended before its answer came."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a transaction may take, in seconds: they are set in each one, so that no pooler can lose them.

    lock  that a lock is waited for; `busy` where the caller does not want to wait: a session whose client was killed
          a moment ago lets go by itself
    idle  that a transaction may be silent: a stopped process must not keep a key from everybody
    """

    statement: float = 15.0
    lock: float = 10.0
    busy: float = 0.5
    idle: float = 5.0


class Database:
    """One database. Safe to use from several threads; `most` connections of a process at once."""

    def __init__(self, url: str, *, most: int = 16, limits: Limits | None = None, patience: float = 3.0) -> None:
        self.limits = limits or Limits()
        self._url = url
        self._most = most
        self._patience = patience
        self._mutex = threading.Lock()
        self._pool: ConnectionPool[Connection] | None = None
        self._inherited: ConnectionPool[Connection] | None = None
        self._process = 0
        self._failed = float("-inf")
        self._own = threading.local()

    def run(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Run one statement, which is committed by itself, and return its rows. It is never repeated."""
        with translated(), self._connection() as connection:
            cursor = connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def read(self, sql: str, parameters: Parameters = (), *, prepared: bool = False) -> list[Row]:
        """Return the rows of a query: inside of this thread's transaction, if it has one open.

        So a thread that decides about a key needs no second connection, for which all could wait. `prepared`: the
        database plans it once for each connection, which is most of what a small question costs.
        """
        transaction: Transaction | None = getattr(self._own, "transaction", None)
        if transaction is not None:
            return transaction.look(sql, parameters)
        try:
            with translated(), self._connection() as connection:
                return self._rows(connection, sql, parameters, prepared)
        except CutOff:  # the database was restarted, perhaps: to read again does no harm
            return self.run(sql, parameters)

    def _rows(self, connection: Connection, sql: str, parameters: Parameters, prepared: bool) -> list[Row]:
        try:
            return connection.execute(sql, parameters, prepare=prepared or None).fetchall()
        except errors.InvalidSqlStatementName:  # something between looks like the database itself, and is a pooler
            connection.prepare_threshold = None
            return connection.execute(sql, parameters).fetchall()
        except AWAY as exc:
            if connection.closed:
                raise CutOff from exc
            raise

    @contextmanager
    def begin(self, *, wait: bool = True, snapshot: bool = False) -> Iterator[Transaction]:
        """Open a transaction: committed at the end, rolled back when the body raises. `snapshot`: to read one moment.

        Raises Busy without `wait` where a lock is not had, StorageError otherwise. One that raised at its end may or
        may not have been committed.
        """
        with translated(), self._connection() as connection:
            transaction = Transaction(connection, wait=wait)
            outer = getattr(self._own, "transaction", None)
            self._own.transaction = transaction
            try:
                transaction.open(self._settings(wait=wait), snapshot=snapshot)
                yield transaction
            except BaseException:
                transaction.roll_back()
                raise
            finally:
                self._own.transaction = outer
            transaction.commit()
        transaction.follow_up()

    def is_direct(self) -> bool:
        """Return whether a connection is one of PostgreSQL itself; a pooler names a process of its own."""
        with translated(), self._connection() as connection:
            return is_direct(connection)

    def close(self) -> None:
        """Close the connections of this process; the next use opens new ones."""
        with self._mutex:
            pool, self._pool = self._pool, None
            if pool is not None and self._process == os.getpid():
                pool.close()

    def _settings(self, *, wait: bool) -> dict[str, int]:
        limits = self.limits
        seconds = {"lock": limits.lock if wait else limits.busy, "statement": limits.statement, "idle": limits.idle}
        return {name: round(value * 1000) for name, value in seconds.items()}

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        if time.monotonic() - self._failed < REST:
            raise StorageError(errno.EIO, "the database cannot be reached")
        pool = self._present_pool()
        connection = self._wait_for_one(pool)
        try:
            with connection:
                yield connection
        finally:
            pool.putconn(connection)

    def _wait_for_one(self, pool: ConnectionPool[Connection]) -> Connection:
        """Return a connection. Raises PoolTimeout, at once where an attempt to connect has failed."""
        begun = time.monotonic()
        while True:
            try:
                return pool.getconn(timeout=LOOK)
            except PoolTimeout:
                if self._failed > begun or time.monotonic() - begun > self._patience:
                    raise

    def _connecting(self) -> type[Connection]:
        """Return what connects, and remembers when that failed."""
        database = self

        class Connecting(psycopg.Connection[Row]):
            @classmethod
            def connect(cls, *args: Any, **options: Any) -> Any:
                try:
                    connection = super().connect(*args, **options)
                    if is_direct(connection):
                        connection.prepare_threshold = ASKED_FOR
                    return connection
                except psycopg.Error:
                    database._failed = time.monotonic()
                    raise

        return Connecting

    def _present_pool(self) -> ConnectionPool[Connection]:
        with self._mutex:
            if self._pool is None or self._process != os.getpid():
                # The connections of the process that this one was forked from are not this one's to close, and they
                # would be if they were not kept.
                self._inherited = self._pool
                self._pool, self._process = self._new_pool(), os.getpid()
            return self._pool

    def _new_pool(self) -> ConnectionPool[Connection]:
        try:
            return ConnectionPool(
                self._url,
                connection_class=self._connecting(),
                # A pooler in transaction mode knows no prepared statements of ours; see ASKED_FOR.
                kwargs={"autocommit": True, "prepare_threshold": None, **OPTIONS},
                min_size=0,
                max_size=self._most,
                max_idle=60,
                timeout=self._patience,
                reconnect_timeout=AT_ONCE,
                check=check,
                open=True,
                num_workers=1,
            )
        except psycopg.ProgrammingError as exc:
            raise StorageError("the database's URL cannot be read") from exc


def is_direct(connection: Connection) -> bool:
    """Return whether a connection is one of PostgreSQL itself."""
    ((there,),) = connection.execute("SELECT pg_backend_pid()").fetchall()
    return bool(there == connection.info.backend_pid)


def check(connection: Connection) -> None:
    """Raise where the other end has closed an idle connection: nothing was sent on it that could be answered.

    It costs one system call, and no question to the database.
    """
    readable, _, _ = select.select([connection.fileno()], [], [], 0)
    if readable:
        connection.close()  # else it would come back
        raise psycopg.OperationalError("the database has closed the connection")
