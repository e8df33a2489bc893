"""Every exception class and code of the provider has a meaning of ours."""

import importlib
import inspect
import pkgutil
import time
import warnings
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from dalle.errors import Crashed, DalleError, GenerationError
from dalle.painters.openai.answers.figures import retry_after
from dalle.painters.openai.answers.statuses import BY_STATUS, by_status
from dalle.painters.openai.answers.verdicts import BY_CODE
from dalle.painters.openai.faults import BY_CLASS, translate

CODES = [
    "OPENAI_TIMEOUT",
    "OPENAI_RATE_LIMIT",
    "OPENAI_UNAVAILABLE",
    "OPENAI_AUTH",
    "OPENAI_QUOTA",
    "CONTENT_BLOCKED",
    "BUDGET_EXHAUSTED",
    "IMAGE_DOWNLOAD_ERROR",
    "GENERATION_TIMEOUT",
    "INTERRUPTED",
    "CANCELLED",
    "OUTCOME_UNKNOWN",
    "CANCELLED",
    "FILE_SYSTEM_ERROR",
    "INTERNAL_SERVER_ERROR",
]


def exceptions() -> set[type[BaseException]]:
    """Every public exception class that a module of the package defines."""
    import openai  # noqa: PLC0415  (half a second: every process that collects tests would take it)

    classes: set[type[BaseException]] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        modules = [openai]
        for info in pkgutil.iter_modules(openai.__path__, "openai."):
            if info.name not in ("openai.__main__", "openai.cli"):
                try:
                    modules.append(importlib.import_module(info.name))
                except Exception:  # noqa: S112  (an optional extra that is not installed)
                    continue
    for module in modules:
        for _, member in inspect.getmembers(module, inspect.isclass):
            if issubclass(member, Exception) and member.__module__.startswith("openai"):
                classes.add(member)
    return classes


def test_maps_every_exception_class_of_the_package_by_its_own_name() -> None:
    names = {kind.__name__ for kind in exceptions() if not kind.__name__.startswith("_")}
    assert len(names) > 15
    assert names - BY_CLASS.keys() == set()


def test_maps_every_class_to_a_code_of_the_contract_and_a_sentence() -> None:
    for kind in [*BY_CLASS.values(), *walk(GenerationError)]:
        if kind is not GenerationError:
            assert kind.code in CODES
            assert len(kind.message.split()) > 4


@pytest.mark.parametrize(
    ("kind", "sent", "billed"),
    [
        ("OpenAIError", None, "no"),
        ("OpenAIError", True, "unknown"),
        ("OpenAIError", False, "no"),
        ("RuntimeError", True, "unknown"),
        ("RuntimeError", False, "no"),
        ("APIConnectionError", False, "no"),
    ],
)
def test_counts_what_was_sent_more_than_the_class(kind: str, sent: bool | None, billed: str) -> None:
    import httpx2  # noqa: PLC0415
    import openai  # noqa: PLC0415

    made: dict[str, Exception] = {
        "OpenAIError": openai.OpenAIError("odd"),
        "RuntimeError": RuntimeError("odd"),
        "APIConnectionError": openai.APIConnectionError(request=httpx2.Request("POST", "http://host")),
    }
    assert translate(made[kind], sent=sent).billed == billed


def test_documents_every_code_that_a_provider_can_cause() -> None:
    documentation = (Path(__file__).parents[3] / "docs" / "provider.md").read_text()
    kinds = {*BY_CLASS.values(), *BY_CODE.values(), *BY_STATUS.values()} - {Crashed}
    assert {kind.code for kind in kinds if f"`{kind.code}`" not in documentation} == set()
    assert {status for status in BY_STATUS if str(status) not in documentation} == set()


def walk(kind: type[DalleError]) -> list[type[DalleError]]:
    return [kind, *(inner for child in kind.__subclasses__() for inner in walk(child))]


@pytest.mark.parametrize(
    ("status", "kind", "code", "expected"),
    [
        (400, "", "moderation_blocked", "CONTENT_BLOCKED"),
        (400, "", "content_policy_violation", "CONTENT_BLOCKED"),
        (400, "", "billing_hard_limit_reached", "OPENAI_QUOTA"),
        (400, "", "model_not_found", "OPENAI_UNAVAILABLE"),
        (404, "", "model_not_found", "OPENAI_UNAVAILABLE"),
        (401, "", "invalid_api_key", "OPENAI_AUTH"),
        (402, "", "", "OPENAI_QUOTA"),
        (403, "", "", "OPENAI_AUTH"),
        (429, "insufficient_quota", "", "OPENAI_QUOTA"),
        (429, "", "credit_balance_exhausted", "OPENAI_QUOTA"),
        (429, "", "organization_spend_limit_exceeded", "OPENAI_QUOTA"),
        (429, "", "project_usage_limit_exceeded", "OPENAI_QUOTA"),
        (429, "", "rate_limit_exceeded", "OPENAI_RATE_LIMIT"),
        (429, "", "slow_down", "OPENAI_RATE_LIMIT"),
        (500, "server_error", "server_error", "OPENAI_UNAVAILABLE"),
        (502, "server_error", "server_error", "OUTCOME_UNKNOWN"),
        (520, "", "", "OUTCOME_UNKNOWN"),
        (504, "", "rate_limit_exceeded", "OUTCOME_UNKNOWN"),
        (418, "", "", "OPENAI_UNAVAILABLE"),
        (302, "", "", "OPENAI_UNAVAILABLE"),
    ],
)
def test_reads_status_type_and_code(status: int, kind: str, code: str, expected: str) -> None:
    assert by_status(status, {"error": {"type": kind, "code": code}}, {}, trusted=True).code == expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "999999"}, 3600),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 -0000"}, 0),
        ({"retry-after": "Wed, 21 Oct 9999 07:28:00 GMT"}, 3600),
        ({"retry-after": "Mon, 01 Jan 0001 00:00:00 GMT"}, 0),
        ({"retry-after": "Mon, 01 Jan 0001 00:00:00 +2359"}, 0),
        ({"retry-after": "Wed, 99 Oct 2015 07:28:00 GMT"}, None),
        ({"retry-after": "5, 9"}, None),
        ({"retry-after": "9" * 12}, 3600),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "-4"}, None),
        ({}, None),
    ],
)
def test_reads_the_pause_that_is_asked_for(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_takes_a_moment_without_a_zone_for_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        text = format_datetime(datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=1800))
        assert retry_after({"retry-after": text}) == pytest.approx(1800, abs=60)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("status", "error", "kind", "details"),
    [
        (
            400,
            {"message": "No connected db.", "type": "no_db_connection", "code": "400"},
            "OPENAI_AUTH",
            "no_db_connection",
        ),
        (400, {"message": "Budget!", "type": "budget_exceeded", "code": "400"}, "OPENAI_QUOTA", "budget_exceeded"),
        (401, {"message": "Bad key.", "type": "None", "code": "401"}, "OPENAI_AUTH", ""),
        (400, {"message": "Bad size.", "type": "invalid_request_error", "code": "size"}, "OPENAI_UNAVAILABLE", "size"),
    ],
)
def test_names_an_error_by_its_type_where_the_code_repeats_the_status(
    status: int, error: dict[str, str], kind: str, details: str
) -> None:
    found = by_status(status, {"error": error}, {})
    assert (found.code, found.details) == (kind, f"HTTP {status}{details and f', {details}'}")
