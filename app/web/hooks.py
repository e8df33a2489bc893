"""What happens around every request: before it, after it, and when nobody handled its error.

Each look through one of Flask's proxies costs a microsecond.
"""

import random
import time
from typing import Any

from flask import Request, Response, g, request

from app.monitoring.telemetry import Telemetry
from app.web import security_headers as safety

HEXADECIMAL = frozenset("0123456789abcdef")


class Hooks:
    """Those of one application, called by its `Service`."""

    def __init__(self, telemetry: Telemetry) -> None:
        self.telemetry = telemetry

    def begin(self) -> None:
        """A request has come."""
        context: Any = g._get_current_object()
        context.began = time.perf_counter()
        context.request_id = request_id(request.environ.get("HTTP_X_REQUEST_ID", ""))

    def end(self, asked: Request, response: Response) -> Response:
        """Its answer is ready."""
        context: Any = g._get_current_object()
        safety.protect(asked, response)
        self.telemetry.request_answered(asked, response, context.began)
        response.headers.add("X-Request-ID", context.request_id)
        return response

    def failed(self, asked: Request) -> None:
        """It is over, and nobody has handled its error."""
        self.telemetry.exporter.failed(asked)


def request_id(sent: str) -> str:
    """The first eight hexadecimal digits that the proxy sent, else eight of our own: what begins a UUID4."""
    sent = sent[:8].lower()
    if len(sent) == 8 and HEXADECIMAL.issuperset(sent):
        return sent
    # It names, and protects nothing: the system's own random numbers cost a call that lets other threads in between.
    return f"{random.getrandbits(32):08x}"
