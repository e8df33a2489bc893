"""The answers of the server itself, in the contract's shape: to what is no request, and when the application fails."""

import logging
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors as refused

from app.server.arrival import BodyTooLarge, Left, TooManyLarge, TooSlow
from app.web import errors, hooks

# Exception → status and details. Everything else that gunicorn cannot parse is a 400.
REFUSALS: dict[type[Exception], tuple[int, str]] = {
    TooSlow: (408, "the request did not arrive in time"),
    BodyTooLarge: (413, ""),
    Left: (503, "the client sends nothing more, and the sketch is not drawn yet"),
    TooManyLarge: (503, "too many large requests arrive at once; send it again in a moment"),
    refused.LimitRequestLine: (414, "the request line is too long"),
    refused.LimitRequestHeaders: (431, "the headers are too long or too many"),
    refused.ExpectationFailed: (417, "expected no Expect header other than 100-continue"),
    refused.UnsupportedTransferCoding: (400, "expected no Transfer-Encoding other than chunked"),
    refused.ForbiddenProxyRequest: (403, "this proxy may not send requests here"),
}
OUR_OWN = (refused.InvalidResponseHeader, refused.InvalidResponseHeaderName)


def refusal(log: logging.Logger, exc: Exception, request: Any, *, head: bool) -> bytes:
    """Logs an error outside the application; returns the response, after which the connection is closed.

    request: None if gunicorn could not parse it. head: the response to a HEAD request, which has no body.
    """
    request_id = hooks.request_id(sent_id(request))
    if isinstance(exc, refused.ParseException) and not isinstance(exc, OUR_OWN):
        status, details = REFUSALS.get(type(exc), (400, "the request is not valid HTTP"))
        code, message = errors.CODES.get(status, errors.CODES[400])
        # Slow clients could fill the log, and so could those that change their mind.
        level = logging.DEBUG if isinstance(exc, TooSlow | Left) else logging.WARNING
        log.log(level, "[%s] unreadable request: %s", request_id, exc or details)
    else:
        status, code, message, details = 500, *errors.CRASH, ""
        log.error("[%s] unexpected failure", request_id, exc_info=exc)
    body = errors.encoded(code, message, details, request_id)
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Date: {util.http_date()}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        f"X-Request-ID: {request_id}",
        "\r\n",
    )
    return "\r\n".join(lines).encode() + (b"" if head else body)


def sent_id(request: Any) -> str:
    """Returns the X-Request-ID that came with a request, "" without one."""
    headers = request.headers if request else ()
    return next((value for name, value in headers if name == "X-REQUEST-ID"), "")
