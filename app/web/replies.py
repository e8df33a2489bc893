"""Turns outcomes into responses; nothing else does."""

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
from dalle.storage.blob import OpenBlob
from dalle.studio import Studio

JSON = "application/json"
CONDITIONS = frozenset(
    f"HTTP_{name}"
    for name in ("IF_MATCH", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE", "IF_RANGE", "RANGE")
)
CHANGING = (("Content-Type", JSON), ("Cache-Control", "no-store"))
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # `json.dumps` makes one for each call


class Whole(Response):
    """A response with all its headers, also the length: werkzeug would copy them and look for missing ones."""

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        return self.headers if self.status_code == 200 else super().get_wsgi_headers(environ)


def studio() -> Studio:
    """Returns the studio of the application that handles this request."""
    current: Studio = current_app.extensions["dalle.studio"]
    return current


def config() -> Config:
    """Returns the configuration of the application that handles this request."""
    current: Config = current_app.extensions["dalle.config"]
    return current


def envelope(data: Any) -> Response:
    """Returns data in the contract's envelope, not to be cached."""
    value = {"success": True, "data": data, "request_id": g.request_id}
    return changing(ENCODER.encode(value).encode() + b"\n")


def changing(body: bytes) -> Response:
    """Returns JSON that must not be cached."""
    return Whole([body], headers=[*CHANGING, ("Content-Length", str(len(body)))])


def text(content: str) -> Response:
    return unstored(Response(content, mimetype="text/plain"))


def unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def outcome(result: Outcome) -> Response:
    """Returns the response for the outcome of a look or a request."""
    match result:
        case Ready(picture):
            return stream(picture, "image/png")
        case Report(body):
            # The stored report is sent as it is, behind the id of the request: nothing is decoded or encoded.
            return changing(b'{"request_id":"' + g.request_id.encode() + b'",' + body[1:])
        case Idle():
            return envelope({})


def stream(blob: OpenBlob, mimetype: str) -> Response:
    """Returns an open file that may change; answers conditional and range requests. The ETag is the same as nginx's."""
    seconds = blob.modified_ns // 1_000_000_000
    headers = {
        "Content-Type": get_content_type(mimetype, "utf-8"),
        "Content-Length": str(blob.size),
        "Last-Modified": http_date(seconds),
        "ETag": f'"{seconds:x}-{blob.size:x}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",
    }
    response = Whole(wrap_file(request.environ, blob.file), headers=headers, direct_passthrough=True)
    if CONDITIONS.isdisjoint(request.environ):
        return response  # nearly always; make_conditional costs as much as the rest of the response
    try:
        response.make_conditional(
            without_ignored_range(request.environ, response, blob.size),
            accept_ranges=True,
            complete_length=blob.size,
        )
    except RequestedRangeNotSatisfiable:
        blob.file.close()
        raise
    if response.status_code == 412:
        blob.file.close()
        raise PreconditionFailed
    return response


def without_ignored_range(environ: Mapping[str, Any], response: Response, size: int) -> dict[str, Any]:
    """Returns the request without a Range that must be ignored: the whole file is sent (RFC 9110, 14.2 and 13.2.2).

    Ignored are other units, invalid values, several ranges and suffixes longer than the file, all of which werkzeug
    refuses; and any Range if If-None-Match or If-Modified-Since says that the client has the file already.
    """
    kept = dict(environ)
    if "HTTP_RANGE" in environ:
        sent = request.range
        valid = sent is not None and sent.units == "bytes" and len(sent.ranges) == 1 and sent.ranges[0][0] >= -size
        headers = response.headers
        if not valid or not is_resource_modified(kept, headers["ETag"], last_modified=headers["Last-Modified"]):
            del kept["HTTP_RANGE"]
    return kept
