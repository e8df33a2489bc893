"""What happens around every request: one function before it, one after.

Each further hook costs two microseconds, and each look through one of Flask's proxies another one.
"""

import random
import time
from typing import Any

from flask import Flask, Request, Response, g, request

from app import safety
from app.telemetry import Telemetry

HEXADECIMAL = frozenset("0123456789abcdef")


def register(app: Flask, telemetry: Telemetry) -> None:
    """Hang them around the requests of `app`."""

    def end(response: Response) -> Response:
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        context: Any = g._get_current_object()
        safety.protect(asked, response)
        telemetry.request_answered(asked, response, context.began)
        response.headers["X-Request-ID"] = context.request_id
        return response

    app.before_request(begin)
    app.after_request(end)
    telemetry.exporter.register(app)


def begin() -> None:
    context: Any = g._get_current_object()
    context.began = time.perf_counter()
    context.request_id = request_id(request.environ.get("HTTP_X_REQUEST_ID", ""))


def request_id(sent: str) -> str:
    """The first eight hexadecimal digits that the proxy sent, else eight of our own: what begins a UUID4."""
    sent = sent[:8].lower()
    if len(sent) == 8 and HEXADECIMAL.issuperset(sent):
        return sent
    # It names, and protects nothing: the system's own random numbers cost a call that lets other threads in between.
    return f"{random.getrandbits(32):08x}"
