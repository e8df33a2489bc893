"""gunicorn's threaded worker: a connection costs a thread only while its request is answered.

The worker's loop, which waits for all connections at once, reads each request until it is there as a whole, and sends
what a client does not take at once of the response. Slow clients then cost a little memory, but no thread.

TLS, HTTP/2 and uwsgi, for which this service has no settings, are left to gunicorn: there a slow client holds a thread.
"""

import errno
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from app.server.connection import Connection
from app.server.connections import Connections
from app.server.exchange import Exchange
from app.server.refusals import refusal

PATIENCE = 0.001  # seconds
BOOT_PAUSE = 1  # second


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """Shares connections fairly with the other workers, and leaves waiting for clients to its loop.

    has_served: of the server: whether one of its workers has ever started. request_timeout: in seconds.
    most_waiters: connections that may wait for runs.
    """

    has_served: Sequence[int] = b"\0"
    request_timeout = 10.0
    most_waiters = 0
    connections: Connections
    alive: bool

    def init_process(self) -> None:
        """Starts and serves. gunicorn ends the whole service when a worker cannot start: right for the first one only.

        Later the cause may pass (a full disk, a file that is being edited), and the other workers still serve.
        """
        try:
            super().init_process()
        except Exception:
            if self.booted or not self.has_served[0]:
                raise
            self.log.exception("the worker cannot start; the next one tries in %d s", BOOT_PAUSE)
            time.sleep(BOOT_PAUSE)
            sys.exit(1)

    def run(self) -> None:
        """Serves until the worker stops."""
        cfg = self.cfg
        self.is_plain = not cfg.is_ssl and cfg.protocol == "http" and "h2" not in cfg.http_protocols
        self.connections = Connections(self, self.request_timeout, self.most_waiters)
        super().run()

    # -- connections ----------------------------------------------------------------------------------------------

    def accept(self, listener: Any) -> None:
        """Accepts connections; while all threads are busy, lets a worker with an idle thread go first.

        Workers wait on the same sockets. The first to wake up would accept all new connections and keep them as long
        as they last: two workers answer 3,000 polls a second over sixteen connections when each has eight, and 1,000
        when one has all.
        """
        if self.cfg.workers == 1 or self.busy < self.cfg.threads:
            self._accept(listener)
            return
        time.sleep(PATIENCE)
        # No other worker has accepted what still waits. One at a time would limit this to a thousand a second.
        for _ in range(self.cfg.threads):
            if not self.alive or self.nr_conns >= self.worker_connections:
                break
            self._accept(listener)

    @property
    def busy(self) -> int:
        """The number of connections with a request: waiting for a thread, in progress, or probably on its way."""
        left_to_gunicorn = len(self.keepalived_conns) + len(self.pending_conns)
        busy: int = self.nr_conns - left_to_gunicorn - self.connections.waiting
        return busy

    def _accept(self, listener: Any) -> None:
        if not self.is_plain:
            super().accept(listener)
            return
        try:
            sock, client = listener.accept()
        except OSError as exc:
            if exc.errno in (errno.EMFILE, errno.ENFILE):
                self.connections.make_room()
            elif exc.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        self.connections.open(sock, client, listener.getsockname())
        if self.nr_conns >= self.worker_connections:
            self.connections.make_room()

    # -- threads --------------------------------------------------------------------------------------------------

    def handle(self, conn: Any) -> Any:
        """Answers a request, or goes on with that, in a thread. Returns whether the whole response has left."""
        if not isinstance(conn, Connection):
            return super().handle(conn)
        exchange = conn.exchange
        try:
            if exchange is None:
                park = partial(self.connections.park, conn)
                conn.exchange = exchange = Exchange(self, conn.request, conn.departure, park)
            if not exchange.has_begun:
                exchange.begin(conn.client, conn.server, is_last=self._is_last())
            return exchange.go_on()
        except Exception as exc:
            if exchange is None or exchange.has_sent or isinstance(exc, ConnectionError):
                raise  # there is nobody to answer, or half an answer
            head = conn.request.method == "HEAD"
            exchange.answer(refusal(self.log.error_log, exc, conn.request, head=head))
            return exchange.go_on()

    def _is_last(self) -> bool:
        """Counts a request; returns whether its connection is closed afterwards."""
        self.nr += 1
        if self.nr >= self.max_requests and self.alive:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False
        return not self.alive or not self.cfg.keepalive or self.connections.idle >= self.max_keepalived

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Called by the loop when a thread is done."""
        if not isinstance(conn, Connection):
            super().finish_request(conn, fs)
            return
        try:
            self.connections.answered(conn, has_left=fs.result())
        except BaseException as exc:  # of the thread, which may also have been asked to exit
            self.connections.lose(conn, exc)

    # -- the loop -------------------------------------------------------------------------------------------------

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Waits until something happens, or a client has had its time."""
        super().wait_for_and_dispatch_events(min(timeout, self.connections.left()))

    def murder_pending(self) -> None:
        """Called in each round of the loop."""
        super().murder_pending()
        self.connections.expire()

    def _cap_keepalive(self, deadline: float) -> None:
        """Called once, when the worker stops; responses have until the end of the graceful timeout."""
        super()._cap_keepalive(deadline)
        self.connections.stop(deadline - time.monotonic())

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answers an error on a connection that is left to gunicorn. The client may have closed it already."""
        with suppress(OSError):
            util.write_nonblock(client, refusal(self.log.error_log, exc, req, head=False))
