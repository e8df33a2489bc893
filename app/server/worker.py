"""gunicorn's threaded worker: leaves connections to idle workers, and reports errors in the contract's shape."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors as refused
from gunicorn.workers.gthread import ThreadWorker

from app.web import errors

# Exception → status and details. Everything else that gunicorn cannot parse is a 400.
REFUSALS: dict[type[Exception], tuple[int, str]] = {
    refused.LimitRequestLine: (414, "the request line is too long"),
    refused.LimitRequestHeaders: (431, "the headers are too long or too many"),
    refused.ExpectationFailed: (417, "expected no Expect header other than 100-continue"),
    refused.UnsupportedTransferCoding: (501, "expected no Transfer-Encoding other than chunked"),
    refused.ForbiddenProxyRequest: (403, "this proxy may not send requests here"),
}
PATIENCE = 0.001  # seconds
BOOT_PAUSE = 1  # second
OUR_OWN = (refused.InvalidResponseHeader, refused.InvalidResponseHeaderName)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """Shares connections fairly with the other workers, and answers errors as the application does."""

    has_served: Sequence[int] = b"\0"  # of the server: whether one of its workers has ever started

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

    def accept(self, listener: Any) -> None:
        """Accepts connections; while all threads are busy, lets a worker with an idle thread go first.

        Workers wait on the same sockets. The first to wake up would accept all new connections and keep them as long
        as they last: two workers answer 3,000 polls a second over sixteen connections when each has eight, and 1,000
        when one has all.
        """
        if self.cfg.workers == 1 or self.busy < self.cfg.threads:
            super().accept(listener)
            return
        time.sleep(PATIENCE)
        # No other worker has accepted what still waits. One at a time would limit this to a thousand a second.
        for _ in range(self.cfg.threads):
            if not self.alive or self.nr_conns >= self.worker_connections:
                break
            super().accept(listener)

    @property
    def busy(self) -> int:
        """The number of connections with a request: waiting for a thread, in progress, or just answered."""
        connections: int = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        return connections

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Logs and answers an error outside the application: invalid HTTP, or a failure of the worker.

        The client may have closed the connection already.
        """
        request_id = os.urandom(4).hex()
        if isinstance(exc, refused.ParseException) and not isinstance(exc, OUR_OWN):
            status, details = REFUSALS.get(type(exc), (400, "the request is not valid HTTP"))
            code, message = errors.CODES.get(status, errors.CODES[400])
            self.log.warning("[%s] unreadable request: %s", request_id, exc)
        else:
            status, code, message, details = 500, *errors.CRASH, ""
            self.log.error("[%s] unexpected failure", request_id, exc_info=exc)
        body = errors.encoded(code, message, details, request_id)
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nX-Request-ID: {request_id}\r\n\r\n"
        )
        with suppress(OSError):
            util.write_nonblock(client, head.encode() + body)
