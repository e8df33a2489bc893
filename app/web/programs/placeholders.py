"""`?placeholder=1` on `/dalle/…`: the picture, or a sketch in its place, so that an `<img>` always shows something."""

import json
from collections.abc import Callable
from concurrent.futures import CancelledError, Future

from flask import Response, request

from app.web import replies, waiting
from dalle.errors import Cancelled, InvalidSeries, ServiceUnavailable
from dalle.key import Key
from dalle.outcome import Idle, Outcome, Ready
from dalle.storage.blob import width_of

STATE = "X-Dalle-State"
"""The header that says what is shown: `done`, or a sketch of what is `idle`, `working` or `failed`."""

RETRY_AFTER = 5
"""Seconds: about sixty sketches are drawn meanwhile."""


def is_wanted() -> bool:
    """Returns whether the query asks for a placeholder."""
    return request.args.get("placeholder") == "1"


def state(outcome: Outcome) -> str:
    """Returns the state of a key; "done" when there is a picture, which is closed. A cancelled run leaves it idle."""
    match outcome:
        case Ready(picture):
            picture.close()
            return "done"
        case Idle():
            return "idle"
    report = json.loads(outcome.body)
    if not report["done"]:
        return "working"
    if report["errorCode"] == Cancelled.code:
        return "idle"
    return "failed" if report["error"] else "done"


def stated(answer: Response, state: str = "done") -> Response:
    """Returns an answer that says what it shows."""
    answer.headers[STATE] = state
    return answer


def sketch(key: Key, state: str, again: Callable[[], Response]) -> Response:
    """Returns the sketch of a key at the width that the query asks for, later and by `again` if it is not drawn yet.

    Raises InvalidRequest, InvalidSeries, and ServiceUnavailable when too many wait for theirs.
    """
    width = width_of(request.args.get("w", "512"))
    waited = waiting.resumed()
    drawing = waited.sketch if waited else replies.studio().sketch(key, width)
    if drawing is None:
        raise InvalidSeries(f"Series '{key.series}' is not defined any more: only its pictures are here")
    if not waited and not drawing.done() and (later := waiting.for_sketch(key, drawing, again)):
        return later
    made = drawn(drawing)
    headers = {"Content-Type": "image/webp", "Content-Length": str(len(made)), "Cache-Control": "no-store"}
    return stated(replies.Whole([made], headers=headers), state)


def drawn(drawing: "Future[bytes]") -> bytes:
    """Returns what was drawn. Raises ServiceUnavailable, and lets it be, if it is not there."""
    try:
        return drawing.result(timeout=0)
    except (TimeoutError, CancelledError) as exc:
        drawing.cancel()
        raise ServiceUnavailable("many sketches are being drawn; ask again", retry_after=RETRY_AFTER) from exc
