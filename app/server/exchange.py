"""A request that is there as a whole, and its response until it has left."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from gunicorn.http import wsgi

from app.server.departure import Departure
from app.web.waiting import PARK, WAITED, Wait

ENOUGH = 65_536  # bytes in memory, beyond which the application produces no more until the client has taken them


class Exchange:
    """Calls the application and sends what it answers, as far as the client takes it.

    worker: gunicorn's. park: lets the connection wait for the end of a run, and returns whether it may. One thread at a
    time works on it; between two of them, the worker's loop.
    """

    def __init__(
        self, worker: Any, request: Any, departure: Departure, park: Callable[[Wait], bool] = lambda wait: False
    ) -> None:
        self._worker = worker
        self._request = request
        self._departure = departure
        self._park = park
        self._sent_before = departure.sent
        self._began = datetime.now()  # as gunicorn's access log expects it
        self._response: Any = None
        self._environ: dict[str, Any] = {}
        self._body: Any = None
        self._items: Iterator[bytes] = iter(())
        self._waited: Wait | None = None
        self.has_begun = False  # the application was called, and not for an answer that is given later
        self.is_parked = False  # the answer is given later
        self.is_produced = False  # the application is done: the rest needs no thread
        self.keeps_alive = False  # the next request may follow on the same connection

    def begin(self, client: Any, server: Any, *, is_last: bool) -> None:
        """Calls the application. is_last: the connection is closed after the response."""
        worker = self._worker
        if self._waited is None:
            worker.cfg.pre_request(worker, self._request)
        self._response, self._environ = wsgi.create(self._request, self._departure, client, server, worker.cfg)
        self._environ["wsgi.multithread"] = True
        if self._waited is None:
            self._environ[PARK] = self._wait
        else:
            self._environ |= {WAITED: self._waited, "HTTP_X_REQUEST_ID": self._waited.request_id}
        if is_last:
            self._response.force_close()
        self.has_begun = True
        self._body = worker.wsgi(self._environ, self._response.start_response)
        self._items = iter(self._body)

    def _wait(self, wait: Wait) -> bool:
        """Called by the application. Without a place here the next request had better reach another worker."""
        self.is_parked = self._park(wait)
        if not self.is_parked:
            self._response.force_close()
        return self.is_parked

    def wake(self, wait: Wait) -> None:
        """Ends a wait: the application is called again."""
        self._waited = wait
        self.has_begun = self.is_parked = False
        self._close_body()

    def go_on(self) -> bool:
        """Sends what the client takes; returns whether the whole response has left. Never waits for the client."""
        if self.is_parked:
            return False
        while True:
            if not self.is_produced:
                self._produce()
            if not self._departure.flush():
                return False
            if self.is_produced:
                return True

    @property
    def has_sent(self) -> bool:
        """Whether any of the response has left."""
        return self._departure.sent > self._sent_before

    def answer(self, response: bytes) -> None:
        """Answers with these bytes in place of the application, and closes the connection afterwards."""
        self._departure.clear()
        self._departure.sendall(response)
        self.is_produced, self.keeps_alive, self.is_parked = True, False, False

    def close(self) -> None:
        """Ends the exchange, also one of which a part has not left."""
        if self._response is not None:
            self._worker.log.access(self._response, self._request, self._environ, datetime.now() - self._began)
        try:
            self._close_body()
        finally:
            self._worker.cfg.post_request(self._worker, self._request, self._environ, self._response)

    def _close_body(self) -> None:
        body, self._body = self._body, None
        if hasattr(body, "close"):
            body.close()

    def _produce(self) -> None:
        """Takes a file as a whole from the application, and bytes until they are enough."""
        if not (isinstance(self._body, wsgi.FileWrapper) and self._response.sendfile(self._body)):
            for item in self._items:
                self._response.write(item)
                if self._departure.size >= ENOUGH:
                    return
        self._response.close()
        self.keeps_alive = not self._response.should_close() and self._has_read_all()
        self.is_produced = True

    def _has_read_all(self) -> bool:
        """Reads what the application has left of the body. Where the next request begins is unknown if that fails."""
        try:
            self._request.body.read()
        except Exception:
            return False
        return not self._request.body.failed
