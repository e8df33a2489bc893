"""Translates the provider's exceptions into ours, by tables; the only place that does.

Types take precedence over codes, codes over statuses. A 500 or 503 means "not accepted" only with the provider's own
JSON error: a gateway's page, or its `{"message": …}`, says nothing about what happened behind it. Class names are
text, because the library is imported late.
"""

import json
import re
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from dalle.errors import (
    AuthRefused,
    BadAnswer,
    ContentBlocked,
    Crashed,
    GenerationError,
    Misconfigured,
    ModelGone,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    TimedOut,
    Unavailable,
)
from dalle.redaction import mask

Kind = type[GenerationError]
LONGEST_WAIT = 3600.0

BY_CODE: dict[str, Kind] = {
    "moderation_blocked": ContentBlocked,
    "content_policy_violation": ContentBlocked,
    "content_filter": ContentBlocked,
    "billing_hard_limit_reached": QuotaExhausted,
    "insufficient_quota": QuotaExhausted,
    "credit_balance_exhausted": QuotaExhausted,
    "invalid_api_key": AuthRefused,
    "model_not_found": ModelGone,
    "rate_limit_exceeded": RateLimited,
    "slow_down": RateLimited,
}
BY_CODE_ENDING: dict[str, Kind] = {
    "_spend_limit_exceeded": QuotaExhausted,
    "_usage_limit_exceeded": QuotaExhausted,
}
BY_TYPE: dict[str, Kind] = {"insufficient_quota": QuotaExhausted}
BY_STATUS: dict[int, Kind] = {
    400: Misconfigured,
    401: AuthRefused,
    402: QuotaExhausted,
    403: AuthRefused,
    404: Misconfigured,
    408: OutcomeUnknown,
    409: OutcomeUnknown,
    422: Misconfigured,
    429: RateLimited,
    500: Unavailable,
    502: OutcomeUnknown,
    503: Unavailable,
    504: OutcomeUnknown,
}
NEEDS_JSON = frozenset({500, 503})
SURELY_REFUSED = frozenset({400, 401, 402, 403, 404, 422, 429})
"""Only with these statuses does a code decide: the others do not say whether the call was accepted."""
BY_CLASS: dict[str, Kind] = {
    # the cause below a connection error: nothing was sent
    "ConnectError": Unavailable,
    "ConnectTimeout": TimedOut,
    "PoolTimeout": TimedOut,
    "UnsupportedProtocol": Misconfigured,
    "InvalidURL": Misconfigured,
    "AddressRefused": Misconfigured,
    "LocalProtocolError": Misconfigured,
    # the cause below a connection error: something was sent
    "AnswerTooBig": BadAnswer,
    "DecodingError": BadAnswer,
    # the library's own classes; for an exception with a status, the status decides
    "OpenAIError": Misconfigured,
    "APIError": OutcomeUnknown,
    "APIStatusError": OutcomeUnknown,
    "APIConnectionError": OutcomeUnknown,
    "APITimeoutError": OutcomeUnknown,
    "APIResponseValidationError": BadAnswer,
    "BadRequestError": Misconfigured,
    "AuthenticationError": AuthRefused,
    "OAuthError": AuthRefused,
    "PermissionDeniedError": AuthRefused,
    "NotFoundError": Misconfigured,
    "ConflictError": OutcomeUnknown,
    "UnprocessableEntityError": Misconfigured,
    "RateLimitError": RateLimited,
    "InternalServerError": OutcomeUnknown,
    "LengthFinishReasonError": BadAnswer,
    "ContentFilterFinishReasonError": ContentBlocked,
    "SubjectTokenProviderError": AuthRefused,
    "InvalidWebhookSignatureError": Crashed,
    "MissingStreamClassError": Crashed,
    "StreamAlreadyConsumed": BadAnswer,
    "WebSocketConnectionClosedError": OutcomeUnknown,
    "WebSocketQueueFullError": Unavailable,
}


def translate(exc: Exception, *secrets: str, sent: bool | None = None) -> GenerationError:
    """Return our error for one of the library's, whose texts are masked: tracebacks may show them.

    `sent` is whether a byte of the request left this machine (None: not known); it counts more than the class.
    """
    text = mask(str(exc), *secrets)
    exc.args = (text,)
    status = getattr(exc, "status_code", None)
    response = getattr(exc, "response", None)
    if isinstance(status, int) and response is not None:
        body = provider_error(response.content) if status in NEEDS_JSON else getattr(exc, "body", None)
        error = by_status(status, body if isinstance(body, dict) else None, response.headers)
        request_id = response.headers.get("x-request-id", "")[:200]
        error.private = f"HTTP {status}: {text[:2000]}" + (f" ({request_id})" if request_id else "")
        return error
    error = by_class(exc, text, secrets)
    if sent is False and error.billed == "unknown":
        return Unavailable("nothing was sent", private=error.private)
    if sent and error.billed == "no":
        return OutcomeUnknown(private=error.private)
    return error


def provider_error(content: bytes) -> Any:
    """Return the `error` of the provider's own answer, or None: any other answer is a gateway's."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value.get("error") if isinstance(value, dict) else None


def by_class(exc: Exception, text: str, secrets: tuple[str, ...]) -> GenerationError:
    """Return the error for an exception without an answer."""
    detail, cause = f"{type(exc).__name__}: {text}", exc.__cause__
    if cause is not None:
        cause.args = (mask(str(cause), *secrets),)
        detail += f" ({type(cause).__name__}: {cause})"
    names = (kind.__name__ for layer in (cause, exc) for kind in type(layer).__mro__)
    error = BY_CLASS[next((name for name in names if name in BY_CLASS), "APIError")](private=detail[:2000])
    error.timed_out = error.timed_out or "Timeout" in type(exc).__name__
    return error


def by_status(status: int, body: Mapping[str, Any] | None, headers: Mapping[str, str]) -> GenerationError:
    """Return the error for a status 3xx, 4xx or 5xx; `body` is the provider's own error object, if there is one."""
    code, type_name = (str((body or {}).get(name) or "") for name in ("code", "type"))
    kind = BY_STATUS.get(status, Misconfigured if status < 500 else OutcomeUnknown)
    if status in NEEDS_JSON and body is None:
        kind = OutcomeUnknown
    if status in SURELY_REFUSED:
        by_ending = next((kind for ending, kind in BY_CODE_ENDING.items() if code.endswith(ending)), None)
        kind = BY_TYPE.get(type_name) or BY_CODE.get(code) or by_ending or kind
    details = f"HTTP {status}" + (f", {code}" if re.fullmatch(r"[a-z0-9_.-]{1,60}", code) else "")
    if kind is ContentBlocked:
        categories = re.search(r"safety_violations=\[([a-z0-9_/, -]{1,200})\]", str((body or {}).get("message")))
        details = f"blocked for: {categories[1].strip()}" if categories else details
    return kind(details, retry_after=retry_after(headers))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the provider asks to wait, at most an hour; None if it does not ask."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", value):
            return min(float(value) * unit, LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)
