"""What an operator is warned of: settings that are not sent, models that cannot be reached or have no price."""

from pathlib import Path

import pytest

from app.notices import notices
from tests.kit.configuration import configured

KEY = {"OPENAI_API_KEY": "sk-test"}
NOT_KNOWN = "which is not known to take it"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, []),
        ({"IMAGE_QUALITY": "low", "IMAGE_FORMAT": "webp", "IMAGE_MODERATION": "low", "IMAGE_SIZE": "64x64"}, []),
        ({"IMAGE_MODEL": "OpenRouter/openai/GPT-Image-2:free", "IMAGE_QUALITY": "low"}, []),
        ({"IMAGE_STYLE": "vivid"}, [f"TB_DALLE_IMAGE_STYLE=vivid is not sent to gpt-image-2, {NOT_KNOWN}"]),
        ({"IMAGE_QUALITY": "4k"}, ["the quality 4k is not one that gpt-image-2 is known to have (auto, low,"]),
        ({"IMAGE_PARAMS": '{"quality": "hgih"}'}, ["the quality hgih is not one that gpt-image-2 is known to have"]),
        (
            {"FALLBACK_MODELS": "azure/dall-e-3", "IMAGE_FORMAT": "webp", "IMAGE_MODERATION": "low"},
            [
                f"TB_DALLE_IMAGE_MODERATION=low is not sent to azure/dall-e-3, {NOT_KNOWN}",
                f"TB_DALLE_IMAGE_FORMAT=webp is not sent to azure/dall-e-3, {NOT_KNOWN}",
                "no price is known for azure/dall-e-3, so it counts as 0 USD",
            ],
        ),
        (
            {"IMAGE_MODEL": "home-made", "IMAGE_QUALITY": "low"},
            [
                f"TB_DALLE_IMAGE_QUALITY=low is not sent to home-made, {NOT_KNOWN}",
                "no price is known for home-made, so it counts as 0 USD",
            ],
        ),
        (
            {"IMAGE_QUALITY": "low", "IMAGE_PARAMS": '{"quality": "high", "n": 4, "stream": true, "user": "me"}'},
            [
                "TB_DALLE_IMAGE_QUALITY=low is not sent: TB_DALLE_IMAGE_PARAMS has another quality",
                "n in TB_DALLE_IMAGE_PARAMS is not sent",
                "stream in TB_DALLE_IMAGE_PARAMS is not sent",
            ],
        ),
        ({"IMAGE_QUALITY": "low", "IMAGE_PARAMS": '{"quality": "low"}'}, []),
        (
            {"CHAT_TEMPERATURE": "0.2", "CHAT_SEED": "7"},
            [
                "TB_DALLE_CHAT_TEMPERATURE=0.2 is not sent to gpt-5-mini, which does not take it",
                "TB_DALLE_CHAT_SEED=7 is not sent to gpt-5-mini, which does not take it",
            ],
        ),
        ({"CHAT_TEMPERATURE": "0.2", "CHAT_MODEL": "azure/gpt-4o-mini"}, []),
        ({"CHAT_TEMPERATURE": "0.2", "NO_ENHANCE": "1"}, []),
        ({"CHAT_MODEL": "meta/llama-4"}, ["no price is known for meta/llama-4, so it counts as 0 USD"]),
        ({"CHAT_MODEL": "meta/llama-4", "NO_ENHANCE": "1"}, []),
        ({"IMAGE_STYLE": "vivid", "SKIP_IMAGE": "1"}, []),
    ],
)
def test_names_each_setting_that_is_not_sent_and_each_missing_price(
    settings: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    found = notices(configured(tmp_path, KEY, **settings), {f"TB_DALLE_{name}" for name in settings})
    assert len(found) == len(expected)
    for notice, start in zip(found, expected, strict=True):
        assert notice.startswith(start)


def test_expects_nothing_without_a_provider(tmp_path: Path) -> None:
    assert notices(configured(tmp_path, IMAGE_STYLE="vivid", IMAGE_MODEL="home-made")) == []


def test_names_the_models_that_a_deployment_is_not(tmp_path: Path) -> None:
    url = {"OPENAI_BASE_URL": "https://host/openai/deployments/d?api-version=preview"}
    chat, fallback = notices(configured(tmp_path, KEY | url, FALLBACK_MODELS="gpt-image-1"))
    assert "gpt-5-mini cannot enhance prompts" in chat
    assert fallback.startswith("TB_DALLE_FALLBACK_MODELS is without effect")
    assert notices(configured(tmp_path, KEY | url, NO_ENHANCE="1")) == []
