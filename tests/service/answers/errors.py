"""Errors: with their proper status, with another one, and in every shape that was seen."""

from typing import Any

from tests.service.answers.gets import Nothing
from tests.service.answers.row import (
    BAD_KEY,
    KEPT,
    LIMITED,
    LOST,
    MISCONFIGURED,
    NO_CREDIT,
    OVERLOADED,
    REFUSED,
    ROUNDS,
    End,
    Row,
    answer,
    error,
)

AT_ONCE: Any = {"headers": {"Retry-After": "0"}}
MODERATION = error("moderation_blocked", "image_generation_user_error", "Rejected by the safety system.")
LIMIT = error("rate_limit_exceeded", "rate_limit_error")
QUOTA = error("insufficient_quota")
SERVER = error("server_error")
KEY = error("invalid_api_key", "invalid_request_error")
MODEL = error("model_not_found", "invalid_request_error")
REJECTED = "Generated image rejected by content moderation."
UNSAFE = "The prompt was blocked for safety reasons."
GOOGLE = [{"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": UNSAFE}}]
INNER = {"error": {"code": "400", "message": "", "inner_error": {"code": "ResponsibleAIPolicyViolation"}}}

BLOCKED = [
    Row("blocked", answer(MODERATION, status=400), REFUSED),
    Row("blocked-with-200", answer(MODERATION), REFUSED),
    Row("blocked-after-white-space", answer(text=' \n {"error":{"code":"moderation_blocked"}}'), REFUSED),
    Row(
        "blocked-flat", answer({"code": "Client specified an invalid argument", "error": REJECTED}, status=400), REFUSED
    ),
    Row("blocked-flat-with-200", answer({"code": "invalid", "error": REJECTED}), REFUSED),
    Row("blocked-content-filter", answer({"error": {"code": "contentFilter"}}, status=400), REFUSED),
    Row("blocked-inner-error", answer(INNER, status=400), REFUSED),
    Row("blocked-inner-error-with-200", answer(INNER), REFUSED),
    Row("blocked-without-respect", answer({"data": [{"url": "", "respect_moderation": False}]}), REFUSED),
    Row("blocked-in-a-list", answer(GOOGLE, status=400), REFUSED),
    Row("blocked-in-a-list-with-200", answer(GOOGLE), REFUSED),
    Row(
        "blocked-and-forbidden",
        answer({"error": {"code": "Forbidden", "message": "content policy"}}, status=403),
        REFUSED,
    ),
]

OTHERS = [
    Row("limited", answer(LIMIT, status=429, **AT_ONCE), LIMITED),
    Row("limited-with-200", answer(LIMIT, **AT_ONCE), LIMITED),
    Row("no-credit", answer(QUOTA, status=429), NO_CREDIT),
    Row("no-credit-with-200", answer(QUOTA), NO_CREDIT),
    Row("no-credit-as-text", answer("Payment required", status=402), NO_CREDIT),
    Row("overloaded", answer(SERVER, status=503, **AT_ONCE), OVERLOADED),
    Row("overloaded-with-200", answer(SERVER, **AT_ONCE), OVERLOADED),
    Row("bad-key", answer(KEY, status=401), BAD_KEY),
    Row("bad-key-with-200", answer(KEY), BAD_KEY),
    Row("forbidden", answer(error("", "invalid_request_error", "Verify your organization."), status=403), BAD_KEY),
    Row("no-such-model", answer(MODEL, status=404), MISCONFIGURED),
    Row("no-such-model-with-200", answer(MODEL), MISCONFIGURED),
    Row("bad-parameter", answer(error("invalid_value"), status=400), MISCONFIGURED),
    Row(
        "content-type-is-no-content", answer(error("x", message="Unsupported content type"), status=400), MISCONFIGURED
    ),
    Row("origin-timed-out", answer(text="<html>524</html>", status=524), LOST),
    Row("page-with-200", answer(text="<html>gateway</html>", headers={"Content-Type": "text/html"}), KEPT),
]

SAFETY = "litellm.BadRequestError: OpenAIException - Your request was rejected by the safety system."
CREDIT = (
    "litellm.RateLimitError: RateLimitError: OpenAIException - insufficient_quota: You exceeded your current quota."
)
DROPPED = "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error."
COOLING = "No deployments available for selected model, Try again in 60 seconds. Passed model=gpt-image-2."

GATEWAYS = [
    Row("gateway-dropped", answer(error("500", "None", DROPPED), status=500, **AT_ONCE), LOST),
    Row("gateway-overloaded", answer(error("503", "None", "Service unavailable"), status=503, **AT_ONCE), LOST),
    Row("gateway-server-error-with-200", answer(SERVER, **AT_ONCE), KEPT),
    Row("gateway-blocked", answer(error("400", "None", SAFETY), status=400), REFUSED),
    Row("gateway-no-credit", answer(error("429", "throttling_error", CREDIT), status=429), NO_CREDIT),
    Row(
        "gateway-limited",
        answer(error("429", "throttling_error", "litellm.RateLimitError"), status=429, **AT_ONCE),
        LIMITED,
    ),
    Row("gateway-no-such-model", answer(error("404", "None", "litellm.NotFoundError"), status=404), MISCONFIGURED),
    Row(
        "gateway-cooling-down",
        answer(error("429", "None", COOLING), status=429, headers={"Retry-After": "0"}),
        End("OPENAI_UNAVAILABLE", "refused", ROUNDS),
        gets=Nothing(),
    ),
]
