"""What is refused whatever it asks for, as nginx refuses it: with nginx in front and without, answers are the same."""

import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge

from dalle.errors import InvalidRequest

METHOD = re.compile(r"[A-Z_-]+")
HOST = re.compile(r"(?!.*\.\.)[^\x00-\x20/\x7f]+")
BAD_ESCAPE = re.compile(r"%(?:00|(?![0-9A-Fa-f]{2}))")
MOST_DIGITS = 18  # of a length that fits into 64 bits


def check(environ: dict[str, Any], largest_body: int) -> None:
    """Raises InvalidRequest, RequestEntityTooLarge, or gunicorn's ParseException for a body in invalid chunks.

    largest_body: in bytes. A body in chunks is read, and can be read again.
    """
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD") and not METHOD.fullmatch(method):
        raise InvalidRequest("method: expected capital letters")
    check_host(environ.get("HTTP_HOST", ""), environ.get("SERVER_PROTOCOL", ""))
    check_target(environ)
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or len(length) > MOST_DIGITS:
        raise InvalidRequest("Content-Length: expected a number of 64 bits")
    if int(length) > largest_body:
        raise RequestEntityTooLarge
    if coding := environ.get("HTTP_TRANSFER_ENCODING"):
        if coding.lower() != "chunked":
            raise InvalidRequest("Transfer-Encoding: expected chunked")
        body = environ["wsgi.input"].read(largest_body + 1)
        if len(body) > largest_body:
            raise RequestEntityTooLarge
        environ["wsgi.input"] = BytesIO(body)


@lru_cache(256)
def check_host(host: str, protocol: str) -> None:
    """Any name will do, but there must be one (RFC 9112, 3.2)."""
    if not HOST.fullmatch(host) and (host or protocol != "HTTP/1.0"):
        raise InvalidRequest("Host: expected one name, with or without a port")


def check_target(environ: Mapping[str, Any]) -> None:
    """It is a path, whose escapes are complete and hide no NUL. `*` and an authority are for proxies."""
    path = environ["PATH_INFO"]
    if path and path[0] != "/":
        raise InvalidRequest("request target: expected a path")
    if "/.." in path and leads_outside(path):
        raise InvalidRequest("path: expected no more .. than segments before it")
    sent = environ.get("RAW_URI", "")
    if "%" in sent and BAD_ESCAPE.search(sent.partition("?")[0]):
        raise InvalidRequest("path: expected two hexadecimal digits after each %, and no %00")


def leads_outside(path: str) -> bool:
    """Returns whether `..` leads above the first slash at any place; an empty segment is one."""
    depth = 0
    for segment in path.split("/")[1:]:
        depth += {"..": -1, ".": 0}.get(segment, 1)
        if depth < 0:
            return True
    return False
