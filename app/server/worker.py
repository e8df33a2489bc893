"""gunicorn's worker of threads: leaves connections to others while it is busy, refuses in the contract's shape."""

import os
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors as refused
from gunicorn.workers.gthread import ThreadWorker

from app.web import errors

# Exception → status, and what the request should have been. Whatever else gunicorn cannot read is a 400.
REFUSALS: dict[type[Exception], tuple[int, str]] = {
    refused.LimitRequestLine: (414, "the request line is too long"),
    refused.LimitRequestHeaders: (431, "the headers are too long or too many"),
    refused.ExpectationFailed: (417, "expected no Expect header but 100-continue"),
    refused.UnsupportedTransferCoding: (501, "expected no Transfer-Encoding but chunked"),
    refused.ForbiddenProxyRequest: (403, "this proxy may not send requests here"),
}
PATIENCE = 0.001  # seconds
OUR_OWN = (refused.InvalidResponseHeader, refused.InvalidResponseHeaderName)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """Is no greedier than the other workers, and answers for itself as the application does."""

    def accept(self, listener: Any) -> None:
        """Take a new connection; while all threads are busy, let a worker that has a free one go first.

        Workers wait for connections at the same sockets. The first one to wake up would take all that come at once,
        and keep them as long as they live: two workers with sixteen of them answer 3,000 polls a second when each has
        eight, and 1,000 when one has all.
        """
        if self.cfg.workers == 1 or self.busy < self.cfg.threads:
            super().accept(listener)
            return
        time.sleep(PATIENCE)
        # What waits still, nobody else wants. To take one at a time would let a thousand a second in.
        for _ in range(self.cfg.threads):
            if not self.alive or self.nr_conns >= self.worker_connections:
                break
            super().accept(listener)

    @property
    def busy(self) -> int:
        """Connections whose request waits for a thread, is at work, or is answered and not yet put back."""
        waiting: int = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        return waiting

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Log what went wrong and answer it: a request that is no HTTP, or a failure beside the application.

        The other end may be gone already.
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
