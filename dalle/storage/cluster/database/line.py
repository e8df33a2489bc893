"""A connection to PostgreSQL that no thread waits at for an answer that does not come."""

import sys
import time
from collections.abc import Generator
from typing import Any

import psycopg

from dalle.storage.cluster.reach import Reach
from dalle.storage.protocol import StorageError

Row = tuple[Any, ...]

CONNECTING: dict[str, Any] = {
    "autocommit": True,
    "prepare_threshold": None,  # a pooler in transaction mode knows no prepared statements of ours, see ASKED_FOR
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "dalleserver",
}
"""How to connect: a network that was cut must not hold a thread for minutes."""
LOOK_AFTER = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
"""So that the server ends the sessions of a host that is gone, which count against `max_connections`."""
ASKED_FOR = sys.maxsize
"""Repetitions after which psycopg prepares a statement by itself: never, but where that is asked for."""


class Line(psycopg.Connection[Row]):
    """It is closed where the server is found to be away while its answer is waited for.

    patience  seconds after which it is closed also where others get theirs: there may be a pooler in between
    warnings  how often the server has warned
    """

    patience = float("inf")
    warnings = 0
    reach: Reach

    def wait(self, gen: Generator[Any, Any, Any], *arguments: Any, **named: Any) -> Any:
        return super().wait(self._watched(gen), *arguments, **named)

    def _watched(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """Pass on what psycopg exchanges with a socket; it looks up now and then, with 0 for nothing."""
        watched = self._watching(gen)
        watched.__name__ = gen.__name__  # type: ignore[attr-defined]
        return watched

    def _watching(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        begun = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready:
                    self._doubt(begun)
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _doubt(self, begun: float) -> None:
        try:
            if time.monotonic() - begun > self.patience:
                raise self.reach.error()
            self.reach.doubt(begun)
        except StorageError as exc:
            self.pgconn.finish()
            raise psycopg.OperationalError(str(exc.strerror)) from exc


def line_class(reach: Reach) -> type[Line]:
    """Return the class of connections that belong to one knowledge of the server."""

    class Connecting(Line):
        @classmethod
        def connect(cls, *arguments: Any, **options: Any) -> Any:
            try:
                return super().connect(*arguments, **options)
            except psycopg.Error:
                reach.lost()
                raise

    Connecting.reach = reach
    return Connecting


def is_direct(connection: Line) -> bool:
    """Return whether a connection is one of PostgreSQL itself; a pooler names a process of its own."""
    ((there,),) = connection.execute("SELECT pg_backend_pid()").fetchall()
    return bool(there == connection.info.backend_pid)


def look_after(connection: Line) -> None:
    """Let the server look after a new connection; where nothing is in between, statements can be prepared."""
    connection.execute(LOOK_AFTER)
    if is_direct(connection):
        connection.prepare_threshold = ASKED_FOR

    def note(diagnostic: psycopg.errors.Diagnostic) -> None:
        connection.warnings += diagnostic.severity_nonlocalized == "WARNING"

    connection.add_notice_handler(note)
