"""Errors in any clothes: the same meaning in a 200 as with its proper status, and how far a gateway is believed."""

from typing import Any

import pytest

from dalle.errors import (
    AuthRefused,
    ContentBlocked,
    CoolingDown,
    GenerationError,
    Misconfigured,
    ModelGone,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    Unavailable,
)
from dalle.painters.openai.answers import Received, read
from tests.unit.painters.answers.shapes import B64, BASE, PICTURE, URI, event, received

OURS = ("host",)
Row = tuple[int, Any, type[GenerationError]]


def error(code: Any = None, message: str = "", type_name: str = "", **more: Any) -> dict[str, Any]:
    """An error in OpenAI's form."""
    return {"error": {"message": message, "type": type_name, "param": None, "code": code, **more}}


SAFETY = "Your request was rejected by the safety system. If you believe this is an error, contact us."
KEY = "Incorrect API key provided: sk-***. You can find your API key at https://platform.openai.com/account/billing."
LIMIT = (
    "Rate limit reached for gpt-image-1 on images per min: Limit 5. You can increase your rate limit by adding a "
    "payment method to your account at https://platform.openai.com/account/billing."
)

IN_A_200: list[Row] = [
    (200, error("moderation_blocked", SAFETY, "image_generation_user_error"), ContentBlocked),
    (200, b"\n\n  " + bytes(received(error("moderation_blocked")).body), ContentBlocked),
    (200, error("rate_limit_exceeded", LIMIT), RateLimited),
    (200, error("insufficient_quota"), QuotaExhausted),
    (200, error(None, "You exceeded your current quota.", "insufficient_quota"), QuotaExhausted),
    (200, error("server_error"), Unavailable),
    (200, error(None, "The server had an error", "server_error"), Unavailable),
    (200, error("invalid_api_key", KEY), AuthRefused),
    (200, error("model_not_found"), ModelGone),
    (200, error("invalid_value", "Invalid size", "invalid_request_error"), Misconfigured),
    (200, error(429, "Provider returned error"), RateLimited),
    (200, error(402, "Insufficient credits"), QuotaExhausted),
    (200, error(502, "Provider returned error"), OutcomeUnknown),
    (200, error(503, "overloaded"), Unavailable),
    (200, {"errors": [{"code": "moderation_blocked"}]}, ContentBlocked),
    (200, {"errors": ["Rejected by the content filter"]}, ContentBlocked),
    (200, {"data": [{"error": {"code": "content_policy_violation"}}]}, ContentBlocked),
    (200, {"data": [{"url": "", "respect_moderation": False}]}, ContentBlocked),
    (200, {"choices": [{"finish_reason": "content_filter", "message": {"content": ""}}]}, ContentBlocked),
    (200, {"choices": [{"finish_reason": "stop", "message": {"content": None, "refusal": "No."}}]}, ContentBlocked),
    (200, {"choices": [{"error": {"code": 429, "message": "slow"}, "message": {"content": ""}}]}, RateLimited),
    (200, {"candidates": [{"finishReason": "IMAGE_SAFETY"}]}, ContentBlocked),
    (200, {"candidates": [{"finishReason": "SAFETY", "content": {}}]}, ContentBlocked),
    (200, {"candidates": [{"finishReason": "PROHIBITED_CONTENT"}]}, ContentBlocked),
    (200, {"promptFeedback": {"blockReason": "OTHER"}}, ContentBlocked),
    (200, {"predictions": [{"raiFilteredReason": "Unable to show"}]}, ContentBlocked),
    (
        200,
        {"data": [], "prompt_filter_results": [{"content_filter_results": {"hate": {"filtered": True}}}]},
        ContentBlocked,
    ),
    (200, {"data": [{"url": None, "is_image_safe": False}]}, ContentBlocked),
    (200, {"images": [""], "finish_reasons": ["Filter reason: prompt"]}, ContentBlocked),
    (200, {"images": [], "error": "This request has been blocked by our content filters."}, ContentBlocked),
    (200, {"Response": {"Error": {"Code": "FailedOperation.ImageIllegalDetected"}}}, ContentBlocked),
    (200, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, QuotaExhausted),
    (200, {"blocked": True}, ContentBlocked),
    (200, {"image": B64, "finish_reason": "CONTENT_FILTERED"}, ContentBlocked),
    (200, {"artifacts": [{"base64": B64, "finishReason": "CONTENT_FILTERED"}]}, ContentBlocked),
    (200, {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, ContentBlocked),
    (200, {"base_resp": {"status_code": 1026, "status_msg": "input contains sensitive content"}}, ContentBlocked),
    (200, {"code": 500, "message": "internal", "data": None}, Unavailable),
    (200, {"code": 401, "msg": "Unauthorized"}, AuthRefused),
    (200, {"status": "error", "message": "Rate limit exceeded"}, RateLimited),
    (200, {"success": False, "message": "Insufficient credits."}, QuotaExhausted),
    (200, {"error": "Generated image rejected by content moderation."}, ContentBlocked),
    (200, "Generated image rejected by content moderation.", ContentBlocked),
    (200, '"Too many requests"', RateLimited),
    (200, event(error("moderation_blocked"), "error"), ContentBlocked),
    (200, event({"type": "error", "code": "rate_limit_exceeded", "message": "x"}), RateLimited),
    (
        200,
        event({"type": "image_generation.partial_image", "b64_json": B64}) + event(error("server_error")),
        Unavailable,
    ),
    (200, event({"type": "response.failed", "response": error("moderation_blocked")}), ContentBlocked),
]

WITH_ITS_STATUS: list[Row] = [
    (400, {"code": "x", "error": "Generated image rejected by content moderation."}, ContentBlocked),
    (400, error("contentFilter"), ContentBlocked),
    (400, error("400", inner_error={"code": "ResponsibleAIPolicyViolation"}), ContentBlocked),
    (400, error("BadRequest", innererror={"content_filter_result": {"sexual": {"filtered": True}}}), ContentBlocked),
    (400, [error(400, "The prompt was blocked for safety reasons.", status="INVALID_ARGUMENT")], ContentBlocked),
    (400, error("content_policy_violation"), ContentBlocked),
    (400, error(None, SAFETY), ContentBlocked),
    (400, error("400", f"litellm.BadRequestError: OpenAIException - {SAFETY}"), ContentBlocked),
    (400, error("InputTextSensitiveContentDetected"), ContentBlocked),
    (400, error(None, "This prompt may violate our usage policies"), ContentBlocked),
    (
        400,
        error(None, "Your prompt was flagged; repeated violations may lead to your account being suspended"),
        ContentBlocked,
    ),
    (403, error("Forbidden", "content policy"), ContentBlocked),
    (403, error(None, "The request was blocked by our content management policy."), ContentBlocked),
    (403, {"detail": "NSFW content detected"}, ContentBlocked),
    (403, {"message": "Prompt flagged by moderation", "errors": ["self-harm"]}, ContentBlocked),
    (403, "Blocked: the prompt violates the acceptable use policy.", ContentBlocked),
    (403, event(error("moderation_blocked")), ContentBlocked),
    (
        422,
        {"detail": [{"loc": ["body", "prompt"], "msg": "unsafe content", "type": "content_policy_violation"}]},
        ContentBlocked,
    ),
    (429, error("content_filter"), ContentBlocked),
    (400, error(None, "用户输入包含敏感内容"), ContentBlocked),
    (500, error("moderation_blocked", SAFETY), ContentBlocked),
    (400, error("billing_hard_limit_reached"), QuotaExhausted),
    (
        400,
        {
            "error": {
                "message": "Budget has been exceeded! Current cost: 5.0, Max budget: 4.0",
                "type": "budget_exceeded",
            }
        },
        QuotaExhausted,
    ),
    (403, error(None, "Billing is not enabled for this project"), QuotaExhausted),
    (403, error("insufficient_user_quota", "用户额度不足"), QuotaExhausted),
    (
        429,
        error(
            "429", "litellm.RateLimitError: RateLimitError: OpenAIException - insufficient_quota", "throttling_error"
        ),
        QuotaExhausted,
    ),
    (
        429,
        error(
            "429",
            "litellm.RateLimitError: You exceeded your current quota, please check your plan and billing details.",
        ),
        QuotaExhausted,
    ),
    (402, "Payment Required", QuotaExhausted),
    (402, error(None, "Your credit balance is too low"), QuotaExhausted),
    (429, error(None, LIMIT), RateLimited),
    (429, error("429", f"litellm.RateLimitError: RateLimitError: OpenAIException - {LIMIT}"), RateLimited),
    (
        429,
        error(429, "Quota exceeded for quota metric 'Generate requests per minute'", status="RESOURCE_EXHAUSTED"),
        RateLimited,
    ),
    (
        429,
        error("429", "No deployments available for selected model, Try again in 60 seconds. Passed model=x"),
        CoolingDown,
    ),
    (429, b"", RateLimited),
    (
        404,
        error("404", "litellm.NotFoundError: NotFoundError: OpenAIException - The model `x` does not exist"),
        ModelGone,
    ),
    (404, error("DeploymentNotFound", "The API deployment for this resource does not exist."), ModelGone),
    (404, error(404, "models/x is not found for API version v1beta", status="NOT_FOUND"), ModelGone),
    (400, error("400", "litellm.BadRequestError: Invalid model name passed in model=x. Call `/v1/models`"), ModelGone),
    (404, {"detail": "Not Found"}, Misconfigured),
    (401, error("invalid_api_key", KEY), AuthRefused),
    (400, error(400, "API key not valid. Please pass a valid API key.", status="INVALID_ARGUMENT"), AuthRefused),
    (403, error(None, "Your organization must be verified to use this model."), AuthRefused),
    (403, error(None, "Your account has been deactivated for violating our usage policies."), AuthRefused),
    (403, error(None, "Country, region, or territory not supported"), AuthRefused),
    (403, "<html><body>Blocked by the safety filter of our firewall</body></html>", AuthRefused),
    # what merely contains such words
    (400, error("unknown_parameter", "Unknown parameter: 'moderation'."), Misconfigured),
    (
        400,
        error(
            "invalid_value", "Invalid value: 'strict'. Supported values are: 'low' and 'auto'.", parameter="moderation"
        ),
        Misconfigured,
    ),
    (400, error(None, "Unsupported content type: text/plain"), Misconfigured),
    (400, error(None, "Content-Type header was blocked, content length exceeded"), Misconfigured),
    (400, error(None, "Unknown parameter: safety_identifier"), Misconfigured),
    (400, error("invalid_moderation_level", "The moderation parameter must be low or auto"), Misconfigured),
    (400, error(None, "Invalid size", param="prompt", prompt="an nsfw owl, content policy"), Misconfigured),
    (
        422,
        {"detail": [{"loc": ["body", "moderation"], "msg": "Extra inputs are not permitted", "input": "nsfw"}]},
        Misconfigured,
    ),
    (400, error(None, "model gpt-image-2: parameter quality is not supported"), Misconfigured),
    (400, "<html>", Misconfigured),
    (418, {}, Misconfigured),
]


def meaning(row: Row, *, url: str = f"{BASE}/images/generations", hosts: tuple[str, ...] = OURS) -> GenerationError:
    status, body, _ = row
    with pytest.raises(GenerationError) as raised:
        read(received(body, status, url), base_url=BASE, hosts=hosts)
    return raised.value


@pytest.mark.parametrize("row", IN_A_200, ids=lambda row: str(row[1])[:60])
def test_reads_an_error_in_a_200(row: Row) -> None:
    raised = meaning(row)
    assert type(raised) is row[2]
    if row[2] is not OutcomeUnknown:
        assert raised.billed == ("unknown" if B64 in str(row[1]) and row[2] is ContentBlocked else "no")


@pytest.mark.parametrize("row", WITH_ITS_STATUS, ids=lambda row: f"{row[0]} {str(row[1])[:60]}")
def test_reads_an_error_with_its_status(row: Row) -> None:
    raised = meaning(row)
    assert type(raised) is row[2]
    assert raised.billed == ("unknown" if row[0] == 500 else "no")


@pytest.mark.parametrize(
    ("usage", "billed"),
    [({}, "no"), ({"input_tokens": 0, "total_tokens": 0}, "no"), ({"input_tokens": 3}, "yes"), ({"cost": 0.04}, "yes")],
)
def test_books_a_blocked_prompt_only_if_its_usage_says_so(usage: dict[str, Any], billed: str) -> None:
    raised = meaning((200, error("moderation_blocked") | {"usage": usage}, ContentBlocked))
    assert (raised.billed, raised.trips, raised.retryable) == (billed, False, False)
    assert raised.usage == {name: number for name, number in usage.items() if name != "cost"}


def test_names_what_was_blocked_and_the_code_but_no_sentence_of_the_provider() -> None:
    text = "Rejected by the safety system. safety_violations=[violence, self-harm]. Call 0800."
    assert (
        meaning((200, error("moderation_blocked", text), ContentBlocked)).details == "blocked for: violence, self-harm"
    )
    assert meaning((200, error("moderation_blocked"), ContentBlocked)).details == "HTTP 200, moderation_blocked"
    assert meaning((400, error("<script>", "/etc/passwd"), Misconfigured)).details == "HTTP 400"


def test_waits_as_long_as_the_provider_asks() -> None:
    with pytest.raises(RateLimited) as raised:
        read(received(error("rate_limit_exceeded"), 429, retry_after="12"))
    assert raised.value.retry_after == 12
    text = "No deployments available for selected model, Try again in 5 seconds."
    cooling = meaning((429, error("429", text), CoolingDown))
    assert (cooling.retry_after, cooling.retryable, cooling.trips) == (5, False, False)


NOTHING: list[tuple[Received, str, str]] = [
    (received(b""), "IMAGE_DOWNLOAD_ERROR", "empty"),
    (received("   "), "IMAGE_DOWNLOAD_ERROR", "empty"),
    (received({}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": []}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": None}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": [{"b64_json": 7}]}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": [{"b64_json": "!!! not base64 !!!"}]}), "IMAGE_DOWNLOAD_ERROR", "not valid base64"),
    (received([1, 2, 3]), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received('{"created": 1, "data": [{"b64_json": "iVBORw0KGgo'), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received("I am a teapot"), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": [{"url": "ftp://host/a.png"}]}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": [{"url": "//host/a.png"}]}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": [{"url": "https://host/" + "a" * 10_000}]}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": [{"url": "https://[/a.png"}]}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"data": [{"url": "https://host:0/a.png"}]}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (
        received({"data": [{"thumbnail": URI, "mask_url": PICTURE, "input_image": URI}]}),
        "IMAGE_DOWNLOAD_ERROR",
        "neither",
    ),
    (received({"message": "hello", "docs": PICTURE, "more": PICTURE}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"code": "odd", "message": "see the page", "url": PICTURE}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received({"error": {"message": "odd", "url": PICTURE}, "url": PICTURE}), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received(event({"type": "image_generation.partial_image", "b64_json": B64})), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received(event({"b64_json": B64}, "image_generation.partial_image")), "IMAGE_DOWNLOAD_ERROR", "neither"),
    (received(": ping\n\n: ping\n\n"), "IMAGE_DOWNLOAD_ERROR", "empty"),
    (received("<!doctype html><p>gateway</p>"), "OUTCOME_UNKNOWN", "web page"),
    (received("\n <html>"), "OUTCOME_UNKNOWN", "web page"),
    (received('{"created": 1, "data": [{"b64_json": "iVBORw0KGgo', whole=False), "OUTCOME_UNKNOWN", "broke off"),
    (received(b"", whole=False), "OUTCOME_UNKNOWN", "broke off"),
    (
        received(event({"type": "image_generation.partial_image", "b64_json": B64}), whole=False),
        "OUTCOME_UNKNOWN",
        "broke off",
    ),
]


@pytest.mark.parametrize(("answer", "code", "words"), NOTHING, ids=lambda value: str(value)[:60])
def test_says_what_an_answer_without_a_picture_lacks(answer: Received, code: str, words: str) -> None:
    with pytest.raises(GenerationError, match=words) as raised:
        read(answer, base_url=BASE)
    assert (raised.value.code, raised.value.trips) == (code, True)
