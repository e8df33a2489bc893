"""The errors of the service, as one small tree.

    DalleError                      code, status, message; details (public), private (for the log)
    ├── MissingParameter  InvalidSeries  InvalidAddress  InvalidRequest     400
    ├── Forbidden  NotFound  QueueFull  ServiceUnavailable  NotImplementedHere
    ├── FileSystemError (FileSystemUnusable)  TemplateError  CatalogError
    └── GenerationError             ends a run; says whether to retry, and what was charged
        ├── RateLimited  Unavailable (BreakerOpen, CoolingDown)  TimedOut   surely not accepted by the provider
        ├── AuthRefused  QuotaExhausted  Misconfigured (ModelGone)          the operator must act
        ├── ContentBlocked (EmptyPicture)  BudgetExhausted
        ├── OutcomeUnknown
        ├── DownloadFailed  BadAnswer (TaskFailed)  TaskOpen    paid for; what came is kept and tried again
        └── DiskTrouble  DeadlinePassed  NotSent  Interrupted  Crashed  Cancelled (no error: as a client wished)

`message` and `details` are public and never contain a server path, a key or a traceback. What an operator needs
beyond that goes into `private`, which only the log shows.
"""

from typing import ClassVar, Literal

Billed = Literal["no", "yes", "unknown"]
Pause = Literal["transient", "unknown", "blocked", "configuration"]


class DalleError(Exception):
    """A failure with a code of the contract, an HTTP status and a public sentence."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"
    status: ClassVar[int] = 500
    message: str = "Something went wrong on the server"

    def __init__(self, details: str = "", *, private: str = "", retry_after: float | None = None) -> None:
        super().__init__(details or self.message)
        self.details = details
        self.private = private
        self.retry_after = retry_after


class InvalidRequest(DalleError):
    code, status, message = "INVALID_REQUEST", 400, "Invalid request"


class MissingParameter(DalleError):
    code, status, message = "MISSING_PARAMETER", 400, "A required parameter is missing"


class InvalidSeries(DalleError):
    code, status, message = "INVALID_SERIES", 400, "Invalid series name"


class InvalidAddress(DalleError):
    code, status, message = "INVALID_ADDRESS", 400, "Invalid Ethereum address"


class Forbidden(DalleError):
    code, status, message = "FORBIDDEN", 403, "Not allowed"


class NotFound(DalleError):
    code, status, message = "NOT_FOUND", 404, "Not found"


class QueueFull(DalleError):
    code, status, message = "QUEUE_FULL", 503, "Too many pictures are waiting; nothing was started"


class ServiceUnavailable(DalleError):
    code, status, message = "SERVICE_UNAVAILABLE", 503, "The service is not ready"


class NotImplementedHere(DalleError):
    code, status, message = "NOT_IMPLEMENTED", 501, "This is not implemented"


class FileSystemError(DalleError):
    code, status, message = "FILE_SYSTEM_ERROR", 500, "What is stored cannot be read or written"


class FileSystemUnusable(FileSystemError):
    """The disk is full, or access is denied: an operator can end that, and then the same request works."""

    status, message = 503, "What is stored cannot be read or written at the moment"

    def __init__(self, details: str = "", *, private: str = "", retry_after: float = 30) -> None:
        super().__init__(details, private=private, retry_after=retry_after)


class TemplateError(DalleError):
    code, status, message = "TEMPLATE_ERROR", 500, "A page could not be rendered"


class CatalogError(DalleError):
    code, status, message = "INTERNAL_SERVER_ERROR", 500, "The word databases cannot be used"


class GenerationError(DalleError):
    """Ends a run. The class attributes are the facts that callers decide by.

    billed      whether the provider charged for the call
    cost        USD, if the call was charged and the sum is known
    retryable   whether the call may be sent again within the run (it was surely not accepted)
    pause       the kind of retry pause that follows; `retry_after` (seconds), if set, takes precedence
    trips       whether the circuit breaker counts the run as a failure of the provider
    timed_out   whether a deadline passed, whatever the outcome of the call
    ended       whether the provider said that its task has ended
    usage       the provider's numbers, if its answer states any
    ids         by which provider and gateways find the call, by the names of their headers
    """

    status = 200
    billed: Billed = "no"
    retryable: bool = False
    pause: Pause = "transient"
    trips: bool = False
    timed_out: bool = False
    ended: bool = False
    cost: float | None = None

    def __init__(self, details: str = "", *, private: str = "", retry_after: float | None = None) -> None:
        super().__init__(details, private=private, retry_after=retry_after)
        self.usage: dict[str, int] = {}
        self.ids: dict[str, str] = {}


class RateLimited(GenerationError):
    code, message = "OPENAI_RATE_LIMIT", "The image provider limits our rate of requests; try again later"
    retryable, trips = True, True


class Unavailable(GenerationError):
    code, message = "OPENAI_UNAVAILABLE", "The image provider cannot be used at the moment; try again later"
    retryable, trips = True, True


class BreakerOpen(Unavailable):
    """Nothing was sent: the circuit breaker is open. After `retry_after` seconds a run may probe."""

    message = "The image provider failed repeatedly, so no calls are sent for a moment; try again later"
    retryable, trips = False, False


class CoolingDown(Unavailable):
    """A gateway has no deployment for the model at the moment: sending again at once changes nothing."""

    retryable, trips = False, False  # it is about one model, not about the provider


class TimedOut(GenerationError):
    code, message = "OPENAI_TIMEOUT", "The image provider could not be reached in time; try again later"
    retryable, trips, timed_out = True, True, True


class AuthRefused(GenerationError):
    code, message = "OPENAI_AUTH", "The image provider refused the API key; the operator must check it"
    pause = "configuration"


class QuotaExhausted(GenerationError):
    code, message = (
        "OPENAI_QUOTA",
        "The account at the image provider has no credit left; the operator must add some",
    )
    pause = "configuration"


class Misconfigured(GenerationError):
    code = "OPENAI_UNAVAILABLE"
    message = "The image provider does not accept the configured model or parameters; the operator must change them"
    pause = "configuration"


class ModelGone(Misconfigured):
    message = "The image provider does not know the configured model; the operator must choose another"


class ContentBlocked(GenerationError):
    code, message = "CONTENT_BLOCKED", "The image provider's moderation refused this prompt"
    pause = "blocked"


class EmptyPicture(ContentBlocked):
    """A picture of one flat colour, or transparent: how some providers answer a prompt that they block."""

    message = "The image provider returned an empty picture, probably because its moderation refused this prompt"
    billed: Billed = "yes"


class BudgetExhausted(GenerationError):
    code, message = "BUDGET_EXHAUSTED", "The budget of the day is used up; it starts again at midnight UTC"


class OutcomeUnknown(GenerationError):
    code = "OUTCOME_UNKNOWN"
    message = "The call was sent but its outcome is unknown; it may have been charged, so it is not repeated at once"
    billed: Billed = "unknown"
    pause = "unknown"
    trips = True


class BadAnswer(GenerationError):
    code, message = "IMAGE_DOWNLOAD_ERROR", "The image provider's answer contained no usable picture"
    billed: Billed = "yes"
    trips = True  # each one is paid for: after five in a row the breaker stops them


class TaskFailed(BadAnswer):
    """The provider accepted the call, and later said that it had failed, was cancelled or expired."""

    message = "The image provider's task ended without a picture; it may have been charged"
    billed: Billed = "unknown"


class DownloadFailed(GenerationError):
    code, message = "IMAGE_DOWNLOAD_ERROR", "The finished picture could not be fetched from the provider"
    billed: Billed = "yes"
    trips = True


class TaskOpen(GenerationError):
    """The provider has accepted a task and not finished it within the time of the call: it is asked again later."""

    code, message = "OPENAI_TIMEOUT", "The image provider is still working on the picture; it is asked again"
    billed: Billed = "yes"
    timed_out = True


class DiskTrouble(GenerationError):
    code, message = "FILE_SYSTEM_ERROR", "The picture could not be stored"


class DeadlinePassed(GenerationError):
    code, message = "GENERATION_TIMEOUT", "The run took longer than allowed"
    billed: Billed = "unknown"


class NotSent(GenerationError):
    """The claim on the key had run out before the call: others may have it, and nothing was sent."""

    code, message = "INTERRUPTED", "The run was interrupted before its call could be sent"
    retryable = True


class Interrupted(GenerationError):
    code, message = "INTERRUPTED", "The run was interrupted too often and was given up"


class Cancelled(GenerationError):
    code, message = "CANCELLED", "The run was cancelled before its end"


class Crashed(GenerationError):
    code, message = (
        "INTERNAL_SERVER_ERROR",
        "The run failed for an unexpected reason; the log has the details",
    )
