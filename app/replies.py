"""Outcomes become responses here, and nowhere else."""

import json
from typing import Any

from flask import Response, current_app, g, request
from werkzeug.wsgi import wrap_file

from dalle.outcome import Idle, Outcome, Ready, Report
from dalle.studio import Studio

JSON = "application/json"
UNSTORED = [("Cache-Control", "no-store")]


def studio() -> Studio:
    """The studio of the application that handles this request."""
    found: Studio = current_app.extensions["dalle.studio"]
    return found


def envelope(data: Any, **beside: Any) -> Response:
    """Changing JSON in the contract's envelope."""
    value = {"success": True, "data": data, **beside, "request_id": g.request_id}
    return unstored(Response(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", mimetype=JSON))


def text(content: str) -> Response:
    return unstored(Response(content, mimetype="text/plain"))


def unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def outcome(found: Outcome) -> Response:
    """The answer to a look or a request."""
    match found:
        case Ready():
            response = stream(found, "image/png")
            response.headers["Cache-Control"] = "no-cache"
            return response
        case Report(body):
            # The report lies on disk as it is sent but for the id, which goes in front: no decoding, no encoding.
            spliced = b'{"request_id":"' + g.request_id.encode() + b'",' + body[1:]
            return Response(spliced, headers=UNSTORED, mimetype=JSON)
        case Idle():
            return envelope({})


def stream(ready: Ready, mimetype: str) -> Response:
    """An open file, with ETag, conditional and range requests; the ETag is nginx's, so that both agree."""
    status = ready.status
    response = Response(wrap_file(request.environ, ready.file), mimetype=mimetype, direct_passthrough=True)
    response.content_length = status.st_size
    response.last_modified = status.st_mtime  # type: ignore[assignment]
    response.set_etag(f"{int(status.st_mtime):x}-{status.st_size:x}")
    return response.make_conditional(  # type: ignore[return-value]
        request.environ, accept_ranges=True, complete_length=status.st_size
    )
