"""Prices are data."""

import json
from pathlib import Path

import pytest

from dalle.prices import Prices


@pytest.mark.parametrize(
    ("model", "size", "quality", "usd"),
    [
        ("gpt-image-2", "1024x1024", "low", 0.006),
        ("gpt-image-2", "1024x1024", "", 0.211),
        ("gpt-image-2.5-flare", "1024x1024", "medium", 0.013),
        ("gpt-image-2.5-flare", "1024x1536", "high", 0.0795),
        ("nobody-knows", "1024x1024", "high", 0.0),
    ],
)
def test_estimates_a_picture(model: str, size: str, quality: str, usd: float) -> None:
    assert Prices().estimate(model, size, quality) == pytest.approx(usd)


def test_settles_from_tokens() -> None:
    usage = {"input_tokens": 300, "input_tokens_details_image_tokens": 100, "output_tokens": 7000}
    assert Prices().settle("gpt-image-2", usage) == pytest.approx((200 * 5 + 100 * 8 + 7000 * 30) / 1e6)
    assert Prices().settle("gpt-image-2", {}, 0.2) == 0.2


def test_lets_a_file_override_and_warns_once_of_what_is_missing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "prices.json"
    file.write_text(json.dumps({"models": {"gpt-image-2": {"picture": {"low": 1}}}}))
    prices = Prices(file)
    assert prices.estimate("gpt-image-2", "1024x1024", "low") == 1
    for _ in range(3):
        prices.estimate("other", "1024x1024", "low")
    assert caplog.text.count("no price is known") == 1
