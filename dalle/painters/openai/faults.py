"""Translates the provider's exceptions into ours, by tables; the only place that does.

What an answer says is read by `answers`: the status first, then the body. Here are the exceptions without an answer.
Class names are text, because the library is imported late.
"""

from dalle.errors import (
    AuthRefused,
    BadAnswer,
    ContentBlocked,
    Crashed,
    GenerationError,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    TimedOut,
    Unavailable,
)
from dalle.painters.openai.answers.reading import body_of
from dalle.painters.openai.answers.received import ids_of
from dalle.painters.openai.answers.statuses import by_status
from dalle.painters.openai.answers.verdicts import Kind
from dalle.redaction import mask

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


def translate(exc: Exception, *secrets: str, sent: bool | None = None, trusted: bool = False) -> GenerationError:
    """Return our error for one of the library's, whose texts are masked: tracebacks may show them.

    `sent` is whether a byte of the request left this machine (None: not known); it counts more than the class.
    `trusted` is whether the host that was called is known to be a provider, see `hosts`.
    """
    text = mask(str(exc), *secrets)
    exc.args = (text,)
    status = getattr(exc, "status_code", None)
    response = getattr(exc, "response", None)
    if isinstance(status, int) and response is not None:
        error = by_status(status, body_of(response.content), response.headers, trusted=trusted)
        error.ids = ids_of(response.headers)
        said = text.removeprefix(f"Error code: {status} - ")[:2000]
        error.private = f"HTTP {status}: {said}" + "".join(f" ({name} {each})" for name, each in error.ids.items())
        return error
    error = by_class(exc, text, secrets)
    if sent is False and error.billed == "unknown":
        return Unavailable("nothing was sent", private=error.private)
    if sent and error.billed == "no":
        return OutcomeUnknown(private=error.private)
    return error


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
