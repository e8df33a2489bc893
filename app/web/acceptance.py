"""What is refused whatever it asks for, as nginx refuses it: with nginx in front and without, answers are the same."""

import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge

from dalle.errors import InvalidRequest

METHOD = re.compile(r"[A-Z_-]+")
HOST = re.compile(r"(?!.*\.\.)[^\x00-\x20/\x7f]+")
BAD_ESCAPE = re.compile(r"%(?:00|(?![0-9A-Fa-f]{2}))")


def check(environ: dict[str, Any], largest_body: Callable[[str], int]) -> None:
    """Raises InvalidRequest, RequestEntityTooLarge, and gunicorn's ParseException or NoMoreData for invalid chunks.

    largest_body: path → bytes. A body in chunks is read, and can be read again.
    """
    get = environ.get
    check_method_and_host(get("REQUEST_METHOD"), get("HTTP_HOST", ""), get("SERVER_PROTOCOL"))
    sent = get("RAW_URI", "")
    if "%" in sent or ".." in sent or not sent.startswith("/"):  # hardly ever: every request costs a microsecond here
        check_target(environ["PATH_INFO"], sent.partition("?")[0])
    if length := get("CONTENT_LENGTH"):
        check_length(length, largest_body(environ["PATH_INFO"]))
    if "HTTP_TRANSFER_ENCODING" in environ:
        check_chunks(environ, largest_body(environ["PATH_INFO"]))


@lru_cache(256)
def check_method_and_host(method: str, host: str, protocol: str) -> None:
    """Any name will do, but there must be one (RFC 9112, 3.2)."""
    if not METHOD.fullmatch(method):
        raise InvalidRequest("method: expected capital letters")
    if not HOST.fullmatch(host) and (host or protocol != "HTTP/1.0"):
        raise InvalidRequest("Host: expected one name, with or without a port")


def check_target(path: str, sent: str) -> None:
    """It is a path, whose escapes are complete and hide no NUL. `*` and an authority are for proxies."""
    if path and path[0] != "/":
        raise InvalidRequest("request target: expected a path")
    if BAD_ESCAPE.search(sent):
        raise InvalidRequest("path: expected two hexadecimal digits after each %, and no %00")
    if leads_outside(path):
        raise InvalidRequest("path: expected no more .. than segments before it")


def leads_outside(path: str) -> bool:
    """Returns whether `..` leads above the first slash at any place; an empty segment is one."""
    depth = 0
    for segment in path.split("/")[1:]:
        depth += {"..": -1, ".": 0}.get(segment, 1)
        if depth < 0:
            return True
    return False


def check_length(length: str, largest_body: int) -> None:
    if not length.isdecimal():
        raise InvalidRequest("Content-Length: expected a number")
    if int(length) > largest_body:
        raise RequestEntityTooLarge


def check_chunks(environ: dict[str, Any], largest_body: int) -> None:
    if environ["HTTP_TRANSFER_ENCODING"].lower() != "chunked":
        raise InvalidRequest("Transfer-Encoding: expected chunked")
    body = environ["wsgi.input"].read(largest_body + 1)
    if len(body) > largest_body:
        raise RequestEntityTooLarge
    environ["wsgi.input"] = BytesIO(body)
