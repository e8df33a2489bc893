"""What happens around every request: it gets an id, and its answer gets headers, is counted and is logged."""

import random
import time
from typing import Any

from flask import Flask, Response, g, got_request_exception, request

from app.monitoring.telemetry import Telemetry
from app.web import acceptance, bodies, security_headers
from app.web.waiting import Parked

HEXADECIMAL = frozenset("0123456789abcdef")


class Hooks:
    """Hooks of one application. Each access through one of Flask's proxies costs a microsecond: hence the locals."""

    def __init__(self, telemetry: Telemetry) -> None:
        self.telemetry = telemetry

    def register(self, app: Flask) -> None:
        """Adds the hooks to the application."""
        app.before_request(self.begin)
        app.after_request(self.end)
        got_request_exception.connect(self.fail, app)  # a teardown hook would take 4 % of a liveness check

    def begin(self) -> None:
        """Starts the clock of a request, names it, and refuses what no path answers."""
        context: Any = g._get_current_object()
        environ = request.environ
        context.began = time.perf_counter()
        context.request_id = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        acceptance.check(environ, bodies.largest)

    def end(self, response: Response) -> Response:
        """Completes, counts and logs an answer; one that is given later, then."""
        if type(response) is Parked:
            return response
        context: Any = g._get_current_object()
        current: Any = request._get_current_object()  # type: ignore[attr-defined]
        security_headers.protect(current, response)
        self.telemetry.request_answered(current, response, context.began)
        response.headers.add("X-Request-ID", context.request_id)
        return response

    def fail(self, _: Flask, **__: Any) -> None:
        """Counts a request whose error no handler has turned into an answer."""
        self.telemetry.exporter.failed(request)


def request_id(sent: str) -> str:
    """Returns the first eight hexadecimal digits that the proxy sent, else eight random ones, as a UUID4 begins."""
    sent = sent[:8].lower()
    if len(sent) == 8 and HEXADECIMAL.issuperset(sent):
        return sent
    # An id protects nothing; os.urandom is a system call, which lets another thread in.
    return f"{random.getrandbits(32):08x}"
