"""The conditions of a request, and the range that it asks for: RFC 9110, 13 and 14.

werkzeug parses the headers and sends the part. It does not decide, because its own decisions (3.1.9) differ from the
RFC: it answers 412 to `If-Match: *`, reads no If-Unmodified-Since, accepts weak tags and later dates in If-Range, sends
parts to HEAD, and refuses ranges that a server must or may ignore.
"""

from datetime import datetime

from flask import Request
from werkzeug.http import http_date, quote_etag

NAMES = ("IF_MATCH", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE", "RANGE")
HEADERS = frozenset(f"HTTP_{name}" for name in NAMES)
"""What makes a request conditional. If-Range without Range means nothing."""


def status(request: Request, tag: str, modified: datetime | None) -> int:
    """Returns 200, 304 or 412, in the order of 13.2.2; `tag` is strong and without its quotes.

    Without a date of modification, conditions on it are ignored.
    """
    environ = request.environ
    if "HTTP_IF_MATCH" in environ:
        if not (request.if_match.star_tag or request.if_match.is_strong(tag)):
            return 412
    elif modified and (unmodified_since := request.if_unmodified_since) and modified > unmodified_since:
        return 412
    if "HTTP_IF_NONE_MATCH" in environ:
        return 304 if request.if_none_match.contains_weak(tag) else 200
    modified_since = request.if_modified_since
    return 304 if modified and modified_since and modified <= modified_since else 200


def part(request: Request, tag: str, modified: datetime, size: int) -> str:
    """Returns the range to send, as the header writes it, or "" for the whole file.

    Ignored are other units, invalid ranges, several ranges, and the range of a client that has another version. A part
    longer than the file is the whole file, as a part (14.1.2).
    """
    environ = request.environ
    asked = request.range
    if request.method != "GET" or not asked or asked.units != "bytes" or len(asked.ranges) != 1:
        return ""
    version = environ.get("HTTP_IF_RANGE")
    if version is not None and version.strip() not in (quote_etag(tag), http_date(modified)):
        return ""
    return f"bytes=-{size}" if asked.ranges[0][0] < -size else asked.to_header()
