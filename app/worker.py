"""gunicorn's worker of threads: shares connections out fairly, and refuses in the contract's error shape."""

import os
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors as refused
from gunicorn.workers.gthread import ThreadWorker

from app import errors

# Exception → status, and what the request should have been. Whatever else gunicorn cannot read is a 400.
REFUSALS: dict[type[Exception], tuple[int, str]] = {
    refused.LimitRequestLine: (414, "the request line is too long"),
    refused.LimitRequestHeaders: (431, "the headers are too long or too many"),
    refused.ExpectationFailed: (417, "expected no Expect header but 100-continue"),
    refused.UnsupportedTransferCoding: (501, "expected no Transfer-Encoding but chunked"),
    refused.ForbiddenProxyRequest: (403, "this proxy may not send requests here"),
}
PATIENCE = 0.001  # seconds; what four threads need for their requests
OUR_OWN = (refused.InvalidResponseHeader, refused.InvalidResponseHeaderName)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """Takes no more connections than its share, and answers for itself as the application does."""

    def accept(self, listener: Any) -> None:
        """Take a new connection; while all threads are busy, let a worker that has a free one go first.

        Workers wait for connections at the same sockets, and the first one that wakes up took all that came at once
        and kept them as long as they lived: two workers with sixteen of them answered 3,000 polls a second when each
        had eight, and 1,000 when one had all.
        """
        takes = 1
        if self.cfg.workers > 1 and self.busy >= self.cfg.threads:
            time.sleep(PATIENCE)
            takes = self.cfg.threads  # nobody else took them: or every thousandth of a second would let in one only
        for _ in range(takes):
            super().accept(listener)

    @property
    def busy(self) -> int:
        """Connections whose request is at work, or waits for a thread."""
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
