"""The checks of the provider: what it answers when it is asked for its models."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.checks.provider import provider
from dalle.storage.finding import Finding
from tests.kit.configuration import configured
from tests.kit.ports import free_port
from tests.kit.provider import API_KEY, serving

TODAY = date(2026, 11, 23)
NO_DB = "no_db_connection"


def asking(data: Path, url: str) -> list[Finding]:
    """The findings about the provider at a URL."""
    variables = {"OPENAI_API_KEY": API_KEY, "OPENAI_BASE_URL": url}
    return list(provider(configured(data, variables), today=TODAY))


@pytest.mark.parametrize(
    ("path", "header", "findings_of_models"),
    [("/v1", "authorization", 2), ("/openai/v1?api-version=preview&key=topsecret", "api-key", 0)],
)
def test_presents_the_key_as_the_painter_does(path: str, header: str, findings_of_models: int, tmp_path: Path) -> None:
    with serving() as stub:
        findings = asking(tmp_path, stub.root + path)
        (row,) = stub.calls.summary(rows=True)["rows"]
    assert [finding.level for finding in findings] == ["ok"] * (1 + findings_of_models)
    assert row["target"] == path.replace("/v1", "/v1/models")
    assert [name for name in ("authorization", "api-key") if name in row["headers"]] == [header]
    assert "topsecret" not in str(findings)


def test_sends_the_headers_that_runs_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway-Team: art")
    with serving() as stub:
        asking(tmp_path, stub.url)
        (row,) = stub.calls.summary(rows=True)["rows"]
    assert row["headers"]["x-gateway-team"] == "art"


def answered(tmp_path: Path, answer: dict[str, Any]) -> list[Finding]:
    """The findings about a server that answers so when it is asked for its models."""
    with serving({"rules": [{"path": "models", "answer": answer}]}) as stub:
        return asking(tmp_path, stub.url)


@pytest.mark.parametrize(
    ("answer", "level", "message", "todo"),
    [
        (
            {"status": 400, "json": {"error": {"message": "No connected db.", "type": NO_DB, "code": "400"}}},
            "error",
            "No connected db.",
            "set OPENAI_API_KEY to that",
        ),
        (
            {"status": 401, "json": {"error": {"message": "Authentication Error, No connected db.", "code": "401"}}},
            "error",
            "No connected db.",
            "set OPENAI_API_KEY to that",
        ),
        ({"status": 400, "json": {"error": {"message": "X-Team is missing"}}}, "error", "is missing", "CUSTOM_HEADERS"),
        ({"status": 401, "json": {"error": {"message": "bad key"}}}, "error", "HTTP 401: ", "check OPENAI_API_KEY"),
        ({"status": 403, "json": {"error": {"message": "bad key"}}}, "error", "HTTP 403: ", "check OPENAI_API_KEY"),
        ({"status": 402, "json": {}}, "error", "HTTP 402: ", "add credit"),
        ({"status": 429, "json": {}}, "error", "HTTP 429: ", "try again later"),
        ({"status": 404, "text": "what?"}, "warning", "has no list of models (HTTP 404)", "if pictures fail too"),
        ({"text": "<html>hello</html>"}, "error", "a web page came", "check OPENAI_BASE_URL"),
        ({"text": "hello"}, "error", "the answer is not JSON", "check OPENAI_BASE_URL"),
    ],
)
def test_says_what_to_do_about_a_list_that_does_not_come(
    tmp_path: Path, answer: dict[str, Any], level: str, message: str, todo: str
) -> None:
    (finding,) = answered(tmp_path, answer)
    assert (finding.level, message in finding.message, todo in finding.todo) == (level, True, True), finding


@pytest.mark.parametrize(
    ("names", "levels", "text"),
    [
        ([], ["ok", "warning", "warning"], "it is empty"),
        (["openai/gpt-image-2"], ["ok", "warning", "warning"], "did you mean openai/gpt-image-2?"),
        (["gpt-image-2"], ["ok", "ok", "error"], "or the key may not use it"),
        (["gpt-image-2", "gpt-5-mini"], ["ok", "ok", "ok"], "no end announced"),
    ],
)
def test_takes_a_list_without_our_image_model_as_little_as_runs_do(
    tmp_path: Path, names: list[str], levels: list[str], text: str
) -> None:
    findings = answered(tmp_path, {"json": {"data": [{"id": name} for name in names]}})
    assert [finding.level for finding in findings] == levels
    assert any(text in finding.message for finding in findings[1:])


def test_asks_a_deployment_for_nothing(tmp_path: Path) -> None:
    with serving() as stub:
        url = f"{stub.root}/openai/deployments/d?api-version=preview&key=topsecret"
        (finding,) = asking(tmp_path, url)
        assert stub.calls.summary(rows=True)["rows"] == []
    assert (finding.level, "is one deployment" in finding.message, "topsecret" in finding.message) == (
        "ok",
        True,
        False,
    )


def test_shows_no_secret_of_a_url_that_cannot_be_reached(tmp_path: Path) -> None:
    with serving() as stub:
        url = f"{stub.root}/v1?key=topsecret"
    (finding,) = asking(tmp_path, url)
    assert (finding.level, "topsecret" in finding.message) == ("error", False)


def test_says_why_a_server_cannot_be_reached_in_plain_words(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    (finding,) = asking(tmp_path, url)
    assert (finding.message, finding.todo) == (f"{url}: Connection refused", "check the network and OPENAI_BASE_URL")
