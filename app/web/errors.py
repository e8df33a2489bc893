"""Turns every exception into the error shape of the contract."""

import json
import logging
import time
from typing import Any

import jinja2
from flask import Flask, Response, current_app, g, request
from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from dalle.errors import (
    DalleError,
    FileSystemUnusable,
    NotImplementedHere,
    QueueFull,
    ServiceUnavailable,
    TemplateError,
)
from dalle.host.trouble import file_system_error, is_passing
from dalle.quiet_log import QuietLog

log = logging.getLogger(__name__)

CODES = {
    400: ("INVALID_REQUEST", "Invalid request"),
    401: ("UNAUTHORIZED", "A password or a signed link is needed"),
    403: ("FORBIDDEN", "Not allowed"),
    404: ("NOT_FOUND", "Not found"),
    405: ("METHOD_NOT_ALLOWED", "Method not allowed"),
    412: ("INVALID_REQUEST", "The file is not the one that the request names"),
    413: ("PAYLOAD_TOO_LARGE", "The request is too large"),
    416: ("INVALID_REQUEST", "The requested range cannot be served"),
    429: ("RATE_LIMITED", "Too many requests"),
    503: ("SERVICE_UNAVAILABLE", "The service is not available"),
    504: ("GATEWAY_TIMEOUT", "The server took too long"),
}
CRASH = "INTERNAL_SERVER_ERROR", "Something went wrong on the server"


def register(app: Flask) -> None:
    """Registers handlers for every exception of the application."""
    app.extensions["dalle.unusable"] = QuietLog(log)
    app.register_error_handler(DalleError, domain_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(ParseException, invalid_body)
    app.register_error_handler(NoMoreData, invalid_body)
    app.register_error_handler(jinja2.TemplateError, page_failure)
    app.register_error_handler(OSError, storage_failure)
    app.register_error_handler(Exception, crash)


def domain_error(error: Exception) -> Response:
    if not isinstance(error, DalleError):
        return crash(error)
    if isinstance(error, FileSystemUnusable):
        log_unusable(error)
    elif error.status >= 500 and not isinstance(error, QueueFull | ServiceUnavailable | NotImplementedHere):
        log.error("%s: %s", error.code, error.private or error.details or error.message, exc_info=error)
    elif error.private:
        log.warning("%s: %s", error.code, error.private)
    response = shape(error.status, error.code, error.message, error.details)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def log_unusable(error: FileSystemUnusable) -> None:
    """Logs the cause, once a minute: each request meets it."""
    quiet: QuietLog = current_app.extensions["dalle.unusable"]
    if isinstance(error.__cause__, OSError):
        quiet.error(error.__cause__, "%s: %s", error.code, error.details)
    else:
        quiet.error(error, "%s", error.code)


def http_error(error: Exception) -> Response:
    if not isinstance(error, HTTPException) or error.code is None:
        return crash(error)
    if error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    code, message = CODES.get(error.code, ("INVALID_REQUEST", error.name) if error.code < 500 else CODES[503])
    response = shape(error.code, code, message, hint(error))
    for name, value in error.get_headers():
        if name in ("Content-Range", "Retry-After"):
            response.headers[name] = value
    if isinstance(error, MethodNotAllowed):  # werkzeug lists a set, in another order in each worker
        response.headers["Allow"] = ", ".join(allowed(error))
    return response


def hint(error: HTTPException) -> str:
    """Returns what to request instead."""
    match error:
        case NotFound():
            return "GET / lists the endpoints"
        case MethodNotAllowed():
            return f"{request.method} is not allowed here: expected {' or '.join(allowed(error))}"
    return ""


def allowed(error: MethodNotAllowed) -> list[str]:
    """Returns the allowed methods, always in the same order."""
    return sorted(error.valid_methods or ())


def invalid_body(error: Exception) -> Response:
    """gunicorn parses a body only when the application reads it, and finds no earlier that it is broken or cut."""
    return shape(400, *CODES[400], "the body is not valid HTTP")


def page_failure(error: Exception) -> Response:
    log.error("a page could not be rendered", exc_info=error)
    return shape(500, TemplateError.code, TemplateError.message, "")


def storage_failure(error: Exception) -> Response:
    """Clients' connections are gunicorn's matter: in a view only the storage raises an OSError."""
    if not isinstance(error, OSError) or not is_passing(error):
        return crash(error)
    unusable = file_system_error("the storage cannot be used", error)
    unusable.__cause__ = error
    return domain_error(unusable)


def crash(error: Exception) -> Response:
    log.error("unexpected failure", exc_info=error)
    return shape(500, *CRASH, "")


def shape(status: int, code: str, message: str, details: str, **extra: Any) -> Response:
    """Returns the error shape of the contract. `details` is public; `extra` are further fields beside `error`."""
    body = encoded(code, message, details, g.get("request_id", ""), **extra)
    response = Response(body, status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    g.error_code, g.error_details = code, details or message
    return response


def encoded(code: str, message: str, details: str, request_id: str, **extra: Any) -> bytes:
    """Returns the body of an error response."""
    error = {
        "code": code,
        "message": message,
        "details": details,
        "timestamp": int(time.time()),
        "request_id": request_id,
    }
    value = {"success": False, "error": error, **extra, "request_id": request_id}
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()
