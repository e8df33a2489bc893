"""What can go wrong with a call, by name. The first table answers with an error, the others misbehave."""

from dataclasses import dataclass, field
from typing import Any


def body(kind: str, code: str | None, message: str) -> dict[str, Any]:
    """The provider's own error shape."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


@dataclass(frozen=True)
class Refusal:
    """An answer with an error status; `body` as JSON, or `text` as HTML."""

    status: int
    body: dict[str, Any] | None = None
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)


PAGE = "<html><head><title>gateway</title></head><body><h1>upstream trouble</h1></body></html>"
INVALID, SERVER, LIMIT = "invalid_request_error", "server_error", "rate_limit_error"

REFUSALS: dict[str, Refusal] = {
    "moderation": Refusal(
        400,
        body(
            "image_generation_user_error",
            "moderation_blocked",
            "Your request was rejected by the safety system. safety_violations=[violence, self-harm].",
        ),
    ),
    "content_policy": Refusal(400, body(INVALID, "content_policy_violation", "Rejected by the safety system.")),
    "billing": Refusal(400, body("billing_limit_user_error", "billing_hard_limit_reached", "Billing limit reached.")),
    "size": Refusal(400, body(INVALID, "invalid_value", "Invalid size '1x1'.")),
    "400": Refusal(400, text=PAGE),
    "401": Refusal(401, body(INVALID, "invalid_api_key", "Incorrect API key provided: {key}.")),
    "403": Refusal(403, body(INVALID, None, "Your organization must be verified to use this model.")),
    "404": Refusal(404, body(INVALID, "model_not_found", "The model does not exist or was retired.")),
    "408": Refusal(408, body(SERVER, None, "Request timed out.")),
    "409": Refusal(409, body(SERVER, None, "Conflict.")),
    "422": Refusal(422, body(INVALID, None, "Unprocessable.")),
    "429": Refusal(429, body(LIMIT, "rate_limit_exceeded", "Rate limit reached.")),
    "429_after": Refusal(
        429, body(LIMIT, "rate_limit_exceeded", "Rate limit reached."), headers={"Retry-After": "{wait}"}
    ),
    "slow_down": Refusal(429, body(LIMIT, "slow_down", "Slow down.")),
    "quota": Refusal(429, body("insufficient_quota", "credit_balance_exhausted", "You exceeded your current quota.")),
    "spend_limit": Refusal(429, body("insufficient_quota", "project_spend_limit_exceeded", "Limit reached.")),
    "500": Refusal(500, body(SERVER, "server_error", "The server had an error.")),
    "500_html": Refusal(500, text=PAGE),
    "502": Refusal(502, text=PAGE),
    "503": Refusal(503, body(SERVER, "server_error", "Overloaded.")),
    "503_after": Refusal(503, body(SERVER, "server_error", "Overloaded."), headers={"Retry-After": "{wait}"}),
    "503_html": Refusal(503, text=PAGE),
    "500_gateway": Refusal(500, {"message": "Internal server error"}),
    "503_gateway": Refusal(503, {"message": "Service Unavailable", "code": "server_error"}),
    "504": Refusal(504, text=PAGE),
    "redirect": Refusal(307, text=PAGE, headers={"Location": "/elsewhere"}),
}

# 200 answers that hold no usable picture
ANSWERS: dict[str, bytes] = {
    "html": PAGE.encode(),
    "truncated_json": b'{"created": 1, "data": [{"b64_json": "iVBORw0KGgo',
    "empty_data": b'{"created": 1, "data": []}',
    "null_data": b'{"created": 1, "data": null}',
    "wrong_type": b'{"created": 1, "data": [{"b64_json": 7}]}',
    "broken_base64": b'{"created": 1, "data": [{"b64_json": "!!! not base64 !!!"}]}',
    "list": b"[1, 2, 3]",
    "refusal": b'{"choices": [{"index": 0, "finish_reason": "stop", "message": {"content": null, "refusal": "No."}}], '
    b'"usage": {"prompt_tokens": 120, "completion_tokens": 240}}',
}

# what the server does with the connection or the picture
MANNERS = {
    "slow": "answers after `latency` seconds more (default 30)",
    "drip": "sends the answer a byte at a time, without end",
    "drip_headers": "sends the headers a byte at a time, without end",
    "reset_before": "resets the connection without reading the request",
    "reset_after": "reads the request, then resets the connection",
    "half": "announces the whole answer, sends half of it and closes",
    "tiny": "a picture of 1×1",
    "huge": "a picture of 100 MB",
    "broken_picture": "a PNG that ends in the middle",
    "url": "answers with a URL of this server",
    "url_private": "answers with the URL in `url`, or a link-local one",
    "url_missing": "answers with a URL that is 404",
    "url_flaky": "answers with a URL that is 503 at first, then breaks off, then is a picture",
    "url_huge": "answers with the URL of a picture of 100 MB",
    "url_drip": "answers with the URL of a picture that drips",
    "url_redirect": "answers with a URL that redirects to `url`",
    "revised": "a picture with a revised prompt",
    "no_usage": "a picture without usage",
    "half_characters": "a picture, with halves of characters in the texts beside it",
    "odd_usage": "a picture, with usage that cannot be true",
    "data_url": "a picture as data URL where base64 belongs",
    "lines": "a picture in lines of base64",
    "zipped": "a compressed answer, though nobody asked for that",
    "zip_bomb": "a small compressed answer that becomes one of 100 MB",
    "webp": "a WebP picture",
    "jpeg": "a JPEG picture",
}

NAMES = frozenset(REFUSALS) | frozenset(ANSWERS) | frozenset(MANNERS)
