"""Turns outcomes into responses; nothing else does."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, g, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable
from werkzeug.http import http_date
from werkzeug.utils import get_content_type
from werkzeug.wsgi import wrap_file

from app.config import Config
from app.web import conditions
from dalle.outcome import Idle, Outcome, Ready, Report
from dalle.storage.blob import OpenBlob
from dalle.storage.version import version_of
from dalle.studio import Studio

JSON = "application/json"
REVALIDATED, IMMUTABLE = "no-cache", "public, max-age=31536000, immutable"
CHANGING = (("Content-Type", JSON), ("Cache-Control", "no-store"))
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # `json.dumps` makes one for each call


class Whole(Response):
    """A response with all its headers, also the length: werkzeug would copy them and look for missing ones."""

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        return self.headers if self.status_code in (200, 304) else super().get_wsgi_headers(environ)


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


def stream(blob: OpenBlob, mimetype: str, caching: str = REVALIDATED) -> Response:
    """Returns an open file; answers conditional and range requests. The ETag is the same as nginx's."""
    seconds = blob.modified_ns // 1_000_000_000
    headers = {
        "Content-Type": get_content_type(mimetype, "utf-8"),
        "Content-Length": str(blob.size),
        "Last-Modified": http_date(seconds),
        "ETag": f'"{seconds:x}-{blob.size:x}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": caching,
    }
    response = Whole(wrap_file(request.environ, blob.file), headers=headers, direct_passthrough=True)
    # Nearly always there are none, and to look at them costs as much as the rest of the response.
    return response if conditions.HEADERS.isdisjoint(request.environ) else conditional(response, blob)


def document(body: bytes, mimetype: str) -> Response:
    """Returns what was made from what can change; answers conditional requests. Raises PreconditionFailed."""
    tag = version_of(body)
    headers = {
        "Content-Type": get_content_type(mimetype, "utf-8"),
        "Content-Length": str(len(body)),
        "ETag": f'"{tag}"',
        "Cache-Control": REVALIDATED,
    }
    response = Whole([body], headers=headers)
    status = conditions.status(request, tag, None)
    if status == 412:
        raise PreconditionFailed
    return unchanged(response) if status == 304 else response


def conditional(response: Response, blob: OpenBlob) -> Response:
    """Returns what the conditions of the request make of a response: itself, 304 or a part.

    Raises PreconditionFailed, RequestedRangeNotSatisfiable.
    """
    tag = response.headers["ETag"].strip('"')
    modified = datetime.fromtimestamp(blob.modified_ns // 1_000_000_000, UTC)
    status = conditions.status(request, tag, modified)
    if status != 200:
        blob.file.close()
        if status == 412:
            raise PreconditionFailed
        return unchanged(response)
    if part := conditions.part(request, tag, modified, blob.size):
        only = {"REQUEST_METHOD": "GET", "HTTP_RANGE": part}
        try:
            response.make_conditional(only, accept_ranges=True, complete_length=blob.size)
        except RequestedRangeNotSatisfiable:
            blob.file.close()
            raise
    return response


def unchanged(response: Response) -> Response:
    """Returns a 304 with the headers that nginx sends: Last-Modified, which werkzeug would drop, and no length."""
    kept = ("ETag", "Last-Modified", "Cache-Control")
    headers = [(name, response.headers[name]) for name in kept if name in response.headers]
    answer = Whole(status=304, headers=headers)
    del answer.headers["Content-Type"]
    return answer
