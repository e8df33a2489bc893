"""Prices are data."""

import json
from pathlib import Path

import pytest

from dalle.limits.prices import Prices


@pytest.mark.parametrize(
    ("model", "size", "quality", "usd"),
    [
        ("gpt-image-2", "1024x1024", "low", 0.006),
        ("gpt-image-2", "1024x1024", "", 0.211),
        ("gpt-image-2.5-flare", "1024x1024", "medium", 0.013),
        ("gpt-image-2.5-flare", "1024x1536", "high", 0.0795),
        ("openai/gpt-image-2", "1024x1024", "low", 0.006),
        ("azure/gpt-image-2", "1024x1024", "low", 0.006),
        ("openrouter/openai/gpt-image-2:beta", "1024x1024", "low", 0.006),
        ("openrouter/openai/gpt-image-2:free", "1024x1024", "low", 0.006),
        ("models/GPT-Image-2", "1024x1024", "low", 0.006),
        ("openai:gpt-image-2", "1024x1024", "low", 0.006),
        ("@team/gpt-image-2.5-Flare", "1024x1024", "medium", 0.013),
        ("openai/gpt-image-2-2026-04-21", "1024x1024", "high", 0.211),
        ("nobody-knows", "1024x1024", "high", 0.0),
        ("gpt-image-2/nobody-knows", "1024x1024", "high", 0.0),
        ("my-gpt-image-2", "1024x1024", "high", 0.0),
    ],
)
def test_estimates_a_picture(model: str, size: str, quality: str, usd: float) -> None:
    assert Prices().estimate(model, size, quality) == pytest.approx(usd)


def test_computes_the_cost_from_tokens() -> None:
    usage = {"input_tokens": 300, "input_tokens_details_image_tokens": 100, "output_tokens": 7000}
    assert Prices().cost_of("gpt-image-2", usage) == pytest.approx((200 * 5 + 100 * 8 + 7000 * 30) / 1e6)
    assert Prices().cost_of("gpt-image-2", {}, 0.2) == 0.2


def test_counts_cached_text_at_its_own_price_where_that_is_known() -> None:
    chat = {"prompt_tokens": 2000, "prompt_tokens_details_cached_tokens": 1600, "completion_tokens": 100}
    assert Prices().cost_of("gpt-5-mini", chat) == pytest.approx((400 * 0.25 + 1600 * 0.025 + 100 * 2) / 1e6)
    image = {"input_tokens": 2000, "input_tokens_details_cached_tokens": 1500, "output_tokens": 100}
    assert Prices().cost_of("gpt-image-2", image) == pytest.approx((2000 * 5 + 100 * 30) / 1e6)


@pytest.mark.parametrize("detail", ["image_tokens", "cached_tokens"])
def test_charges_no_part_beyond_the_whole(detail: str) -> None:
    usage = {"input_tokens": 100, f"input_tokens_details_{detail}": 10**9, "output_tokens": 0}
    assert 0 < Prices().cost_of("gpt-image-2", usage) < 0.001


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"models": []}',
        '{"models": {"a": 1}}',
        '{"models": {"a": {"million": 3}}}',
        '{"models": {"a": {"million": {"out": "30"}}}}',
        '{"models": {"a": {"picture": {"low": -1}}}}',
        '{"models": {"a": {"picture": {"low": NaN}}}}',
        '{"models": {"a": {"picture": {"low": Infinity}}}}',
        '{"models": {"a": {"picture": {"low": true}}}}',
    ],
)
def test_refuses_a_table_with_an_invalid_price(text: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"prices\.json: expected"):
        Prices(file)


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


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("openrouter/openai/gpt-image-2:free", 0),
        ("openrouter/openai/gpt-image-2", 0.5),
        ("OpenRouter/openai/gpt-image-2", 0.5),
        ("azure/gpt-image-2", 0.25),
        ("gpt-image-2", 0.25),
        ("a[b]", 0.75),
        ("elsewhere/Home-Made-3:beta", 1),
    ],
)
def test_takes_an_exact_name_of_the_file_before_patterns_and_parts(model: str, usd: float, tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    rows = {
        "*/openai/gpt-image-2": 0.5,
        "gpt-image-*": 0.25,
        "openrouter/*": 0.1,
        "openrouter/openai/gpt-image-2:free": 0,
        "a[b]": 0.75,
        "Home-Made-*": 1,
    }
    file.write_text(json.dumps({"models": {name: {"picture": {"": usd}} for name, usd in rows.items()}}))
    assert Prices(file).estimate(model, "1024x1024", "") == usd


def test_knows_prices_of_tokens_by_the_last_part_too() -> None:
    prices = Prices()
    assert prices.knows_tokens("openrouter/openai/gpt-5-mini:free")
    assert not prices.knows_tokens("meta/llama-4")
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    assert prices.cost_of("openai/GPT-5-mini", usage) == prices.cost_of("gpt-5-mini", usage) > 0
