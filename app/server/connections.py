"""All connections of a worker: what each waits for, how long it may, and what happens then.

Everything here is called by the worker's loop, so nothing here may wait. A further reason to wait is a state, with its
time and its action.
"""

import errno
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from app.server.arrival import Arrival, Ended, Left, TooManyLarge, TooSlow
from app.server.connection import READ, WRITE, Connection, State
from app.server.deadlines import Deadlines
from app.server.large_bodies import LargeBodies
from app.server.refusals import refusal
from app.server.waiters import Waiters
from app.web import bodies
from app.web.waiting import Wait

READER_TIMEOUT = 30.0  # seconds in which a client has to take something of its response
LINGER = 2.0  # seconds in which a client should close a connection that we do not read any more (RFC 9112, 9.6)
MOST_DISCARDED = 1 << 20  # bytes of such a connection
RECEIVED = 16_384  # bytes at once
NEW = 0.005  # seconds in which a new connection counts as one with a request
OF_THE_NETWORK = {errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH}
WATCHED = {
    State.IDLE: READ,
    State.ARRIVING: READ,
    State.WAITING: READ,
    # A busy one stays as it is: nearly always nothing comes, and a change costs a system call, twice.
    State.DEPARTING: WRITE,
    State.LINGERING: READ,
}


class Connections:
    """The connections of one worker, gunicorn's; their number is its `nr_conns`.

    request_timeout: in seconds. most_waiters: that wait for runs at once.
    """

    def __init__(
        self,
        worker: Any,
        request_timeout: float,
        most_waiters: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worker = worker
        self._waiters = Waiters[Connection](most_waiters, self._call_back, clock)
        self._large_bodies = LargeBodies()
        self._is_stopping = False
        times = {
            State.IDLE: worker.cfg.keepalive,
            State.ARRIVING: request_timeout,
            State.BUSY: float("inf"),
            State.WAITING: float("inf"),  # each for as long as it prefers: Waiters knows
            State.DEPARTING: READER_TIMEOUT,
            State.LINGERING: LINGER,
        }
        self._waiting: dict[State, Deadlines[Connection]] = {
            state: Deadlines(seconds, clock) for state, seconds in times.items()
        }
        self._actions = {
            State.IDLE: self._receive,
            State.ARRIVING: self._receive,
            State.BUSY: self._ignore,
            State.WAITING: self._notice,
            State.DEPARTING: self._send,
            State.LINGERING: self._discard,
        }

    @property
    def waiting(self) -> int:
        """The number of connections that need no thread, but for those so new that they probably will at once."""
        waiting = sum(len(waiting) for state, waiting in self._waiting.items() if state is not State.BUSY)
        return waiting - self._waiting[State.ARRIVING].began_within(NEW)

    @property
    def idle(self) -> int:
        """The number of connections that are kept for another request."""
        return len(self._waiting[State.IDLE])

    def open(self, sock: socket.socket, client: Any, server: Any) -> None:
        """Takes a new connection of a client to one of our addresses."""
        conn = Connection(sock, client, server, Arrival(self._worker.cfg, client, bodies.largest))
        conn.on_event = partial(self._act, conn)
        self._worker.nr_conns += 1
        self._put(conn, State.ARRIVING)

    def answered(self, conn: Connection, *, has_left: bool) -> None:
        """Takes a connection back from a thread: the whole response has left, or the client takes no more for now."""
        if conn.exchange and conn.exchange.is_parked:
            self._wait(conn)
            return
        self._waiters.discard(conn)
        if has_left:
            self._end(conn)
        else:
            self._put(conn, State.DEPARTING)

    def lose(self, conn: Connection, exc: BaseException) -> None:
        """Drops a connection after an error; those of the network are everyday."""
        if not (isinstance(exc, ConnectionError) or getattr(exc, "errno", None) in OF_THE_NETWORK):
            self._worker.log.error("a connection is lost", exc_info=exc)
        self._drop(conn, reset=True)

    def make_room(self) -> None:
        """Drops the connection that has waited longest for a request: others may bring theirs along."""
        oldest = self._waiting[State.IDLE].first() or self._waiting[State.ARRIVING].first()
        if oldest:
            self._drop(oldest)

    # -- time -----------------------------------------------------------------------------------------------------

    def left(self) -> float:
        """Returns the seconds until the first of them has had its time."""
        return min(waiting.left() for waiting in self._waiting.values())

    def expire(self) -> None:
        """Ends what clients have had enough time for."""
        for state in (State.IDLE, State.LINGERING):
            for conn in self._waiting[state].over():
                self._drop(conn)
        for conn in self._waiting[State.ARRIVING].over():
            if conn.arrival.has_begun and not self._is_stopping:
                self._guard(conn, partial(self._refuse, exc=TooSlow()))
            else:
                self._drop(conn)
        for conn in self._waiting[State.DEPARTING].over():
            self._worker.log.debug("a client has taken nothing for %d s", READER_TIMEOUT)
            self._drop(conn, reset=True)

    def stop(self, seconds: float) -> None:
        """Gives requests that are not there as a whole these seconds, and then no answer any more."""
        self._is_stopping = True
        for state in (State.IDLE, State.ARRIVING):
            self._waiting[state].shorten(seconds)
        for conn in self._waiters.close():
            self._wake(conn, is_heeded=False)

    # -- states ---------------------------------------------------------------------------------------------------

    def _act(self, conn: Connection, _sock: socket.socket) -> None:
        """Called by the poller."""
        if conn.sock.fileno() >= 0:  # it may have been dropped in the same round
            self._guard(conn, self._actions[conn.state])

    def _guard(self, conn: Connection, action: Callable[[Connection], None]) -> None:
        """Lets a failure end this connection and no other."""
        try:
            with suppress(BlockingIOError):  # the kernel may report what is gone when it is read
                action(conn)
        except Exception as exc:
            self.lose(conn, exc)

    def _put(self, conn: Connection, state: State) -> None:
        """Lets a connection wait, for the same again or for something else."""
        self._waiting[conn.state].discard(conn)
        conn.state = state
        self._waiting[state].add(conn)
        if state in WATCHED:
            conn.watch(self._worker.poller, WATCHED[state])

    def _drop(self, conn: Connection, *, reset: bool = False) -> None:
        self._waiting[conn.state].discard(conn)
        self._waiters.discard(conn)
        conn.watch(self._worker.poller, 0)
        self._worker.nr_conns -= 1
        try:
            conn.close(reset=reset)
        except Exception as exc:  # of what the application left to be closed
            self._worker.log.error("a response could not be closed", exc_info=exc)

    # -- requests -------------------------------------------------------------------------------------------------

    def _receive(self, conn: Connection) -> None:
        conn.arrival.add(conn.sock.recv(RECEIVED))
        self._advance(conn)

    def _ignore(self, conn: Connection) -> None:
        """What comes while a request is answered waits in the kernel, and so does the end of the stream."""
        conn.watch(self._worker.poller, 0)

    def _advance(self, conn: Connection) -> None:
        """Lets a thread answer the request if it is whole; otherwise waits for the rest."""
        try:
            conn.request = conn.arrival.request()
        except Ended:
            self._drop(conn)
        except Exception as exc:
            self._refuse(conn, exc)
        else:
            if conn.request is not None:
                self._put(conn, State.BUSY)
                self._worker.enqueue_req(conn)
                return
            if conn.state is not State.ARRIVING:
                self._put(conn, State.ARRIVING)
            if not self._large_bodies.admits(conn):
                self._refuse(conn, TooManyLarge())
            elif conn.arrival.must_continue():
                conn.departure.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                conn.departure.flush()

    def _refuse(self, conn: Connection, exc: Exception) -> None:
        """Answers what is no request. Where the next one would begin is not known, so the connection ends."""
        request = getattr(exc, "request", None)
        conn.departure.sendall(refusal(self._worker.log.error_log, exc, request, head=conn.arrival.is_of_head))
        self._put(conn, State.DEPARTING)
        self._send(conn)

    # -- requests that wait for a run or a sketch -----------------------------------------------------------------

    def park(self, conn: Connection, wait: Wait) -> bool:
        """Called in a thread: reserves a place for a request that would wait; returns whether there is one."""
        return self._waiters.add(conn, wait)

    def _wait(self, conn: Connection) -> None:
        self._put(conn, State.WAITING)
        self._waiters.begin(conn)
        if self._is_stopping:
            self._wake(conn, is_heeded=False)

    def _call_back(self, conn: Connection, wait: Wait) -> None:
        """Called in the thread of the waiters, or of sketches."""
        self._worker.method_queue.defer(self._end_wait, conn, wait)

    def _end_wait(self, conn: Connection, wait: Wait) -> None:
        """What the connection waits for by now may be something else."""
        if self._waiters.has(conn, wait):
            self._wake(conn)

    def _wake(self, conn: Connection, *, is_heeded: bool = True) -> None:
        """Lets a thread answer a request that has waited, unless its connection has been dropped meanwhile."""
        wait = self._waiters.discard(conn)
        if wait and conn.state is State.WAITING and conn.exchange:
            conn.exchange.wake(replace(wait, is_heeded=is_heeded))
            self._put(conn, State.BUSY)
            self._worker.enqueue_req(conn)

    def _notice(self, conn: Connection) -> None:
        """Ends the wait of a client that has gone, or has closed its sending side, which looks the same."""
        if conn.sock.recv(1, socket.MSG_PEEK):
            conn.watch(self._worker.poller, 0)  # the next request: it comes to its turn later
        elif self._waiters.is_for_sketch(conn):
            # A page drops those that it shows no more, many at once: they are not worth a thread.
            conn.departure.sendall(refusal(self._worker.log.error_log, Left(), conn.request, head=False))
            conn.departure.flush()
            self._drop(conn)
        else:
            self._wake(conn, is_heeded=False)

    # -- responses ------------------------------------------------------------------------------------------------

    def _send(self, conn: Connection) -> None:
        """Sends a bit of a response, which a client can take again."""
        before = conn.departure.sent
        if not conn.departure.flush(once=True):
            if conn.departure.sent > before:
                self._put(conn, State.DEPARTING)
        elif conn.exchange is None or conn.exchange.is_produced:
            self._end(conn)
        else:
            self._put(conn, State.BUSY)
            self._worker.enqueue_req(conn)

    def _end(self, conn: Connection) -> None:
        """Goes on after a response that has left: with the next request, or towards the end of the connection."""
        if not conn.end_exchange():
            self._put(conn, State.LINGERING)
            conn.sock.shutdown(socket.SHUT_WR)
            return
        conn.arrival.go_on()
        self._put(conn, State.IDLE)
        if conn.arrival.has_begun:
            self._advance(conn)

    def _discard(self, conn: Connection) -> None:
        """Reads what nobody will answer: to close with bytes unread would take the response from the client."""
        data = conn.sock.recv(65_536)
        conn.discarded += len(data)
        if not data or conn.discarded > MOST_DISCARDED:
            self._drop(conn)
