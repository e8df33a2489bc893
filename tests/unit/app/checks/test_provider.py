"""The checks of the provider."""

from datetime import date

import pytest

from app.checks.provider import model, provider
from tests.kit.provider import API_KEY, serving
from tests.unit.app.checks.conftest import Configure

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("models", "level", "text"),
    [
        ({}, "error", "not listed"),
        ({"m": {}}, "ok", "no end announced"),
        ({"m": {"shutdown_date": None}}, "ok", "no end announced"),
        ({"m": {"shutdown_date": "whenever"}}, "ok", "no end announced"),
        ({"m": {"shutdown_date": "2026-12-01"}}, "warning", "in 8 days"),
        ({"m": {"shutdown_date": "2026-11-22T00:00:00Z"}}, "error", "was shut down"),
        ({"m": {"shutdown_date": "2027-06-01"}}, "ok", "available until 2027-06-01"),
    ],
)
def test_reports_how_long_a_model_is_available(models: dict[str, dict[str, object]], level: str, text: str) -> None:
    finding = model("m", models, TODAY)
    assert finding.level == level
    assert text in finding.message


def test_calls_nobody_without_an_api_key(config: Configure) -> None:
    assert [finding.message for finding in provider(config())] == ["not checked: no API key is set"]


@pytest.mark.parametrize(
    ("path", "header", "findings_of_models"),
    [("/v1", "authorization", 2), ("/openai/v1?api-version=preview&key=topsecret", "api-key", 0)],
)
def test_presents_the_key_as_the_painter_does(
    path: str, header: str, findings_of_models: int, config: Configure
) -> None:
    with serving() as stub:
        settings = {"OPENAI_API_KEY": API_KEY, "OPENAI_BASE_URL": stub.root + path}
        findings = list(provider(config(**settings), today=TODAY))
        (row,) = stub.calls.summary(rows=True)["rows"]
    assert [finding.level for finding in findings] == ["ok"] * (1 + findings_of_models)
    assert row["target"] == path.replace("/v1", "/v1/models")
    assert [name for name in ("authorization", "api-key") if name in row["headers"]] == [header]
    assert "topsecret" not in str(findings)


def test_asks_a_deployment_for_nothing(config: Configure) -> None:
    with serving() as stub:
        url = f"{stub.root}/openai/deployments/d?api-version=preview&key=topsecret"
        (finding,) = provider(config(OPENAI_API_KEY=API_KEY, OPENAI_BASE_URL=url))
        assert stub.calls.summary(rows=True)["rows"] == []
    assert (finding.level, "is one deployment" in finding.message, "topsecret" in finding.message) == (
        "ok",
        True,
        False,
    )


def test_shows_no_secret_of_a_url_that_cannot_be_reached(config: Configure) -> None:
    with serving() as stub:
        url = f"{stub.root}/v1?key=topsecret"
    (finding,) = provider(config(OPENAI_API_KEY=API_KEY, OPENAI_BASE_URL=url))
    assert (finding.level, "topsecret" in finding.message) == ("error", False)
