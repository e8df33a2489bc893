"""The checks of the provider that ask nobody."""

from datetime import date

import pytest

from app.checks.provider import model, provider
from tests.unit.app.checks.conftest import Configure

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("models", "level", "text"),
    [
        ({}, "error", "not listed"),
        ({"m": ""}, "ok", "no end announced"),
        ({"m": "whenever"}, "ok", "no end announced"),
        ({"m": "2026-12-01"}, "warning", "in 8 days"),
        ({"m": "1796083200"}, "warning", "in 8 days"),
        ({"m": "2026-11-22T00:00:00Z"}, "error", "was shut down"),
        ({"m": "2027-06-01"}, "ok", "available until 2027-06-01"),
        ({"*": ""}, "ok", "no end announced"),
    ],
)
def test_reports_how_long_a_model_is_available(models: dict[str, str], level: str, text: str) -> None:
    finding = model("m", models, TODAY)
    assert finding.level == level
    assert text in finding.message


def test_calls_nobody_without_an_api_key(config: Configure) -> None:
    assert [finding.message for finding in provider(config())] == ["not checked: no API key is set"]
