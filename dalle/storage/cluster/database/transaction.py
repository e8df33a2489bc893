"""One transaction: what was collected in it is written at its end, in one order and in one journey."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any

import psycopg

from dalle.storage.cluster.database.faults import translated
from dalle.storage.cluster.database.line import Line, Row

log = logging.getLogger(__name__)

Parameters = Sequence[Any] | Mapping[str, Any]
Statement = tuple[str, Parameters]

SETTINGS = """
    SET LOCAL lock_timeout = '{lock}ms'; SET LOCAL statement_timeout = '{statement}ms';
    SET LOCAL idle_in_transaction_session_timeout = '{idle}ms'
"""
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
QUICKLY = "SET LOCAL synchronous_commit = off"


class Transaction:
    """An open transaction of one thread; `Database.begin` makes it, and ends it.

    It commits without waiting for the disk, unless something in it is to be durable. `wait`: for locks.
    """

    def __init__(self, connection: Line, *, wait: bool = True) -> None:
        self._connection = connection
        self._wait = wait
        self._later: list[tuple[int, Statement]] = []
        self._after: list[Callable[[], object]] = []
        self._opening = ""
        self._is_durable = False
        self._has_written = False

    def open(self, settings: Mapping[str, int], *, snapshot: bool = False) -> None:
        """Begin before the first statement; `settings` in milliseconds. `snapshot`: all statements see one moment."""
        self._opening = f"{SNAPSHOT if snapshot else 'BEGIN'}; {SETTINGS.format_map(settings)}"

    def run(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Run a statement at once and return its rows."""
        self._has_written = True
        return self._ask(sql, parameters)

    def look(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Run a statement at once and return its rows. What it changes is committed only with something else."""
        return self._ask(sql, parameters)

    def script(self, sql: str) -> None:
        """Run several statements without parameters."""
        self._has_written = True
        self._begin()
        with translated(wait=self._wait):
            self._connection.execute(sql.encode())

    def unhurried(self, lock: str) -> None:
        """Take a lock, and run what follows, however long that takes. `lock`: the statement that waits for it.

        Other locks are waited for no longer than usual: requests that need the same table would wait behind.
        """
        self._begin()
        with translated(wait=self._wait):
            self._connection.patience = float("inf")
            ((limit,),) = self._connection.execute("SHOW lock_timeout").fetchall()
            self._connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
            self._connection.execute(lock.encode())
            self._connection.execute("SELECT set_config('lock_timeout', %s, true)", (limit,))

    def later(self, place: int, sql: str, parameters: Parameters = ()) -> None:
        """Run a statement at the end: those of a lower place first, so that all take shared rows in one order."""
        self._later.append((place, (sql, parameters)))

    def after(self, callback: Callable[[], object]) -> None:
        """Call it once the transaction is surely committed. Its OSErrors are logged."""
        self._after.append(callback)

    def durable(self) -> None:
        """Let the commit wait for the disk."""
        self._is_durable = True

    def commit(self) -> None:
        """Write what was collected, and commit. When this raises, it is not known whether that was done."""
        if not self._has_written and not self._later:
            self.roll_back()
            return
        self._begin()
        ordered = [statement for _, statement in sorted(self._later, key=itemgetter(0))]
        quickly: list[Statement] = [] if self._is_durable else [(QUICKLY, ())]
        warnings = self._connection.warnings
        # A pipeline may be open at its end only where the transaction is not: psycopg's last message lets the server
        # forget when a silent transaction is to be ended.
        with translated(wait=self._wait), self._connection.pipeline():
            try:
                for sql, parameters in (*ordered, *quickly):
                    self._connection.execute(sql, parameters)
                commit = self._connection.execute("COMMIT")
            except psycopg.Error:
                # In the same journey as what went before: who stands still after it keeps nothing.
                self._connection.execute("ROLLBACK")
                raise
        if commit.statusmessage != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction("the transaction was rolled back")
        if self._is_durable and self._connection.warnings != warnings:
            # "canceling wait for synchronous replication": a standby that takes over may not have it.
            raise psycopg.errors.TransactionResolutionUnknown("the transaction was committed with a warning")

    def roll_back(self) -> None:
        """End it without a trace. Never raises: where the connection is gone, that ends it."""
        if not self._opening:
            with suppress(psycopg.Error):
                self._connection.execute("ROLLBACK")

    def follow_up(self) -> None:
        """Call what was to be called after the commit."""
        for callback in self._after:
            try:
                callback()
            except OSError as exc:
                log.warning("what a commit has left to do could not be done: %s", exc)

    def _ask(self, sql: str, parameters: Parameters) -> list[Row]:
        self._begin()
        with translated(wait=self._wait):
            cursor = self._connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def _begin(self) -> None:
        opening, self._opening = self._opening, ""
        if opening:
            with translated(wait=self._wait):
                self._connection.execute(opening.encode())
