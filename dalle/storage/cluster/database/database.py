"""Connections to PostgreSQL: a pool for each process, which is born when it is first used and so after every fork."""

import logging
import os
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from dalle.storage.cluster.database.faults import AWAY, HeldTooLong, NotWritable, translated
from dalle.storage.cluster.database.line import CONNECTING, Line, Row, is_direct, line_class, look_after
from dalle.storage.cluster.database.transaction import Parameters, Transaction
from dalle.storage.cluster.reach import Reach
from dalle.storage.protocol import StorageError

# Each attempt to connect would be a line of the log; who asks hears of it, and logs what follows.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

LOOK = 0.25
"""Seconds between two looks of who waits for a connection, whether there can be one."""
AT_ONCE = 0.001
"""Seconds after which an attempt to connect that failed is given up: those who ask next make another."""
END_SILENT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
    AND state <> 'idle' AND wait_event = 'ClientRead'
    AND greatest(xact_start, state_change) < clock_timestamp() - make_interval(secs => %s)
"""
"""Sessions of ours whose client stands still in a transaction: one that was stopped while it sent a part of a commit,
which the server does not count as idle."""


class CutOff(Exception):
    """A connection ended before its answer came."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a transaction may take, in seconds: they are set in each one, so that no pooler can lose them.

    lock  that a lock is waited for; `busy` where the caller does not want to wait: a session whose client was killed
          a moment ago lets go by itself
    idle  that a transaction may be silent: a stopped process must not keep a key from everybody
    answer  that the end of a statement in a transaction is waited for: more than the server lets it take
    """

    statement: float = 15.0
    lock: float = 10.0
    busy: float = 0.5
    idle: float = 5.0

    @property
    def answer(self) -> float:
        return 2 * self.statement


class Database:
    """One database. Safe to use from several threads; `most` connections of a process at once."""

    def __init__(self, url: str, *, most: int = 16, limits: Limits | None = None, patience: float = 3.0) -> None:
        self.limits = limits or Limits()
        self._url = url
        self._most = most
        self._patience = patience
        self._mutex = threading.Lock()
        self._pool: ConnectionPool[Line] | None = None
        self._inherited: ConnectionPool[Line] | None = None
        self._process = 0
        self._own = threading.local()
        self._reach = Reach("the database", self._ask)
        self._connecting = line_class(self._reach)

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

    def _rows(self, connection: Line, sql: str, parameters: Parameters, prepared: bool) -> list[Row]:
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
        try:
            with self._begun(wait=wait, snapshot=snapshot) as transaction:
                yield transaction
        except HeldTooLong:
            self.run(END_SILENT, (self.limits.idle,))
            raise
        transaction.follow_up()

    @contextmanager
    def _begun(self, *, wait: bool, snapshot: bool) -> Iterator[Transaction]:
        with translated(), self._connection() as connection:
            transaction = Transaction(connection, wait=wait)
            outer = getattr(self._own, "transaction", None)
            self._own.transaction = transaction
            connection.patience = self.limits.answer
            try:
                transaction.open(self._settings(wait=wait), snapshot=snapshot)
                yield transaction
            except BaseException:
                transaction.roll_back()
                raise
            finally:
                self._own.transaction = outer
            transaction.commit()

    def is_direct(self) -> bool:
        """Return whether a connection is one of PostgreSQL itself; a pooler names a process of its own."""
        with translated(), self._connection() as connection:
            return is_direct(connection)

    def close(self) -> None:
        """Close the connections of this process; the next use opens new ones."""
        if pool := self._take_pool():
            pool.close()

    def _settings(self, *, wait: bool) -> dict[str, int]:
        limits = self.limits
        seconds = {"lock": limits.lock if wait else limits.busy, "statement": limits.statement, "idle": limits.idle}
        return {name: round(value * 1000) for name, value in seconds.items()}

    @contextmanager
    def _connection(self) -> Iterator[Line]:
        self._reach.require()
        pool = self._present_pool()
        connection = self._wait_for_one(pool)
        try:
            with connection:
                yield connection
        except (NotWritable, psycopg.errors.ReadOnlySqlTransaction):
            self._reach.lost()  # another server has become the primary, or will
            raise
        finally:
            connection.patience = float("inf")
            pool.putconn(connection)

    def _wait_for_one(self, pool: ConnectionPool[Line]) -> Line:
        """Return a connection. Raises PoolTimeout, StorageError as soon as an attempt to connect has failed."""
        begun = time.monotonic()
        while True:
            try:
                return pool.getconn(timeout=LOOK)
            except PoolTimeout:
                self._reach.require()
                if time.monotonic() - begun > self._patience:
                    raise

    def _ask(self) -> None:
        """Ask whether the database answers, on a connection of its own.

        Where it does not, or did not, none that there are may be good any more.
        """
        was_away = self._reach.is_away
        try:
            with translated(), self._connecting.connect(self._url, **CONNECTING) as connection:
                connection.patience = self._patience
                connection.execute("SELECT 1")
        except StorageError:
            was_away = True
            raise
        finally:
            if was_away and (pool := self._take_pool()):
                pool.close(timeout=0)

    def _take_pool(self) -> ConnectionPool[Line] | None:
        """Return the pool of this process, which is not its pool any more."""
        with self._mutex:
            pool, self._pool = self._pool, None
            return pool if self._process == os.getpid() else None

    def _present_pool(self) -> ConnectionPool[Line]:
        with self._mutex:
            if self._pool is None or self._process != os.getpid():
                # The connections of the process that this one was forked from are not this one's to close, and they
                # would be if they were not kept.
                self._inherited = self._pool
                self._pool, self._process = self._new_pool(), os.getpid()
            return self._pool

    def _new_pool(self) -> ConnectionPool[Line]:
        try:
            return ConnectionPool(
                self._url,
                connection_class=self._connecting,
                kwargs=CONNECTING,
                configure=look_after,
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


def check(connection: Line) -> None:
    """Raise where the other end has closed an idle connection: nothing was sent on it that could be answered.

    It costs one system call, and no question to the database.
    """
    readable, _, _ = select.select([connection.fileno()], [], [], 0)
    if readable:
        connection.close()  # else it would come back
        raise psycopg.OperationalError("the database has closed the connection")
