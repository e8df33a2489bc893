"""`?placeholder=1` on `/dalle/…`: the picture, or a sketch in its place, so that an `<img>` always shows something."""

import json

from flask import Response, request

from app.web import replies
from dalle.errors import Cancelled, InvalidSeries
from dalle.key import Key
from dalle.outcome import Idle, Outcome, Ready
from dalle.storage.blob import width_of

STATE = "X-Dalle-State"
"""The header that says what is shown: `done`, or a sketch of what is `idle`, `working` or `failed`."""


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


def sketch(key: Key, state: str) -> Response:
    """Returns the sketch of a key at the width that the query asks for. Raises InvalidRequest, ServiceUnavailable."""
    made = replies.studio().sketch(key, width_of(request.args.get("w", "512")))
    if made is None:
        raise InvalidSeries(f"Series '{key.series}' is not defined any more: only its pictures are here")
    headers = {"Content-Type": "image/webp", "Content-Length": str(len(made)), "Cache-Control": "no-store"}
    return stated(replies.Whole([made], headers=headers), state)
