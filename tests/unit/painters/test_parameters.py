"""What is sent to a model: what it takes, and what the operator chose."""

import pytest

from dalle.painters.openai.parameters import (
    Choices,
    chat_parameters,
    image_parameters,
    not_taken,
    quality_for,
    replaced,
    size_for,
)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("gpt-5-mini", {"reasoning_effort"}),
        ("openrouter/openai/GPT-5-mini:free", {"reasoning_effort"}),
        ("o4-mini", {"reasoning_effort"}),
        ("azure/o4-mini", {"reasoning_effort"}),
        ("llama", {"temperature", "seed"}),
        ("o4-mini/llama:8b", {"temperature", "seed"}),
    ],
)
def test_sends_only_what_the_language_model_takes(model: str, names: set[str]) -> None:
    assert set(chat_parameters(model, temperature=0.2, seed=1)) == names


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("gpt-image-2", {"n", "size", "quality", "moderation", "output_format", "background"}),
        ("openai/gpt-image-2", {"n", "size", "quality", "moderation", "output_format", "background"}),
        ("OpenRouter/openai/GPT-Image-2:free", {"n", "size", "quality", "moderation", "output_format", "background"}),
        ("azure/dall-e-3", {"n", "size", "quality", "style", "response_format", "background"}),
        ("dall-e-3", {"n", "size", "quality", "style", "response_format", "background"}),
        ("a-model-of-another-server", {"n", "size", "background"}),
    ],
)
def test_sends_only_what_the_image_model_takes_and_what_the_operator_adds(model: str, names: set[str]) -> None:
    choices = Choices("", "low", "vivid", "low", "webp", {"background": "opaque", "n": 9, "stream": True})
    sent = image_parameters(model, "1024x1024", choices)
    assert set(sent) == names
    assert sent["n"] == 1


@pytest.mark.parametrize(
    ("orientation", "size"), [("square", "1024x1024"), ("portrait", "1024x1536"), ("landscape", "1536x1024")]
)
def test_chooses_the_size_by_orientation_unless_it_is_fixed(orientation: str, size: str) -> None:
    assert size_for("gpt-image-2", orientation) == size  # type: ignore[arg-type]
    assert size_for("azure/gpt-image-2", orientation) == size  # type: ignore[arg-type]
    assert size_for("gpt-image-2", orientation, "512x512") == "512x512"  # type: ignore[arg-type]


def test_names_the_choices_that_are_not_sent() -> None:
    choices = Choices("", "low", "vivid", "low", "webp", {"quality": "high", "style": "vivid", "n": 4})
    assert not_taken("openai/gpt-image-2", choices) == []
    assert not_taken("azure/dall-e-3", choices) == ["moderation", "output_format"]
    assert not_taken("home-made", choices) == ["moderation", "output_format"]
    assert replaced(choices) == ["quality"]


@pytest.mark.parametrize(
    ("model", "extra", "quality"),
    [
        ("openai/gpt-image-2", {}, "low"),
        ("gpt-image-2", {"quality": "high"}, "high"),
        ("home-made", {}, ""),
        ("home-made", {"quality": "high"}, "high"),
    ],
)
def test_estimates_by_the_quality_that_is_sent(model: str, extra: dict[str, str], quality: str) -> None:
    assert quality_for(model, Choices(quality="low", extra=extra)) == quality
