"""Outcomes become responses here, and nowhere else."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, g, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable
from werkzeug.http import http_date, is_resource_modified
from werkzeug.utils import get_content_type
from werkzeug.wsgi import wrap_file

from app.config import Config
from dalle.outcome import Idle, Outcome, Ready, Report
from dalle.studio import Studio

JSON = "application/json"
CONDITIONS = frozenset(
    f"HTTP_{name}"
    for name in ("IF_MATCH", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE", "IF_RANGE", "RANGE")
)
CHANGING = (("Content-Type", JSON), ("Cache-Control", "no-store"))
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # `json.dumps` would make one for each answer


class Whole(Response):
    """An answer that knows all its headers, the length too: werkzeug would copy them and look for what is missing."""

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        return self.headers if self.status_code == 200 else super().get_wsgi_headers(environ)


def studio() -> Studio:
    """The studio of the application that handles this request."""
    found: Studio = current_app.extensions["dalle.studio"]
    return found


def settings() -> Config:
    """The configuration of the application that handles this request."""
    found: Config = current_app.extensions["dalle.config"]
    return found


def envelope(data: Any, **beside: Any) -> Response:
    """Changing JSON in the contract's envelope."""
    value = {"success": True, "data": data, **beside, "request_id": g.request_id}
    return changing(ENCODER.encode(value).encode() + b"\n")


def changing(body: bytes) -> Response:
    """JSON that nobody may keep."""
    return Whole([body], headers=[*CHANGING, ("Content-Length", str(len(body)))])


def text(content: str) -> Response:
    return unstored(Response(content, mimetype="text/plain"))


def unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def outcome(found: Outcome) -> Response:
    """The answer to a look or a request."""
    match found:
        case Ready():
            return stream(found, "image/png")
        case Report(body):
            # The report lies on disk as it is sent but for the id, which goes in front: no decoding, no encoding.
            return changing(b'{"request_id":"' + g.request_id.encode() + b'",' + body[1:])
        case Idle():
            return envelope({})


def stream(ready: Ready, mimetype: str) -> Response:
    """An open file that may change, with ETag, conditional and range requests; the ETag is nginx's, so both agree."""
    status = ready.status
    seconds = int(status.st_mtime)
    headers = {
        "Content-Type": get_content_type(mimetype, "utf-8"),
        "Content-Length": str(status.st_size),
        "Last-Modified": http_date(seconds),
        "ETag": f'"{seconds:x}-{status.st_size:x}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",
    }
    response = Whole(wrap_file(request.environ, ready.file), headers=headers, direct_passthrough=True)
    if CONDITIONS.isdisjoint(request.environ):
        return response  # nearly always; to ask werkzeug costs as much as all the rest of the answer
    try:
        response.make_conditional(
            with_sound_range(request.environ, response, status.st_size),
            accept_ranges=True,
            complete_length=status.st_size,
        )
    except RequestedRangeNotSatisfiable:
        ready.file.close()
        raise
    if response.status_code == 412:
        ready.file.close()
        raise PreconditionFailed
    return response


def with_sound_range(environ: Mapping[str, Any], response: Response, size: int) -> dict[str, Any]:
    """The request, without a Range that is to be ignored (RFC 9110, 14.2 and 13.2.2); then the whole file is sent.

    That is one of another unit, nonsense, several ranges, or more of the end than there is: werkzeug refuses these.
    And If-Match and If-None-Match come first: who has the file already is told so.
    """
    kept = dict(environ)
    if "HTTP_RANGE" in environ:
        asked = request.range
        sound = asked is not None and asked.units == "bytes" and len(asked.ranges) == 1 and asked.ranges[0][0] >= -size
        headers = response.headers
        if not sound or not is_resource_modified(kept, headers["ETag"], last_modified=headers["Last-Modified"]):
            del kept["HTTP_RANGE"]
    return kept
