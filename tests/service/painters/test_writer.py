"""The enhancement of prompts."""

from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BadAnswer, BreakerOpen, ContentBlocked, GenerationError
from dalle.painters.openai.parameters import (
    Choices,
    chat_parameters,
    image_parameters,
    not_taken,
    quality_for,
    replaced,
    size_for,
)
from dalle.painters.openai.writer import prompt_in
from dalle.storage.attempt import Chat
from tests.kit.provider import EventLog, MemoryRecorder, order, provider, serving


def test_returns_text_usage_and_cost(tmp_path: Path) -> None:
    events = EventLog()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=events)
        enhancement = ours.writer.enhance("a poet", "a cat", order().deadline)
        row = stub.calls.summary(rows=True)["rows"][0]
    assert enhancement.text == "Richer and stranger: a cat"
    assert enhancement.cost == pytest.approx((120 * 0.25 + 240 * 2) / 1e6)
    assert row["parameters"] == ["messages", "model", "reasoning_effort"]
    assert ours.status()["budget"]["usd"] == pytest.approx(enhancement.cost)
    assert [entry[:2] for entry in events.rows] == [("sent", "chat"), ("ended", "chat"), ("spent", "gpt-5-mini")]


def test_raises_when_the_call_fails(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "502", "path": "chat"}]}) as stub:
        with pytest.raises(GenerationError) as raised:
            provider(tmp_path, stub.url).writer.enhance("a poet", "a cat", order().deadline)
        assert stub.calls.summary(rows=False)["chat"] == 1
    assert raised.value.code == "OUTCOME_UNKNOWN"


def test_books_what_a_refusal_cost(tmp_path: Path) -> None:
    events = EventLog()
    chats: list[Chat] = []
    with serving({"rules": [{"fault": "refusal", "path": "chat"}]}) as stub:
        ours = provider(tmp_path, stub.url, observer=events)
        with pytest.raises(ContentBlocked):
            ours.writer.enhance("a poet", "a cat", order().deadline, chats.append)
        assert stub.calls.summary(rows=False)["chat"] == 1
    (chat,) = chats
    assert (chat.outcome, chat.billed, chat.cost) == ("accepted", "yes", 0.00051)
    assert ours.status()["budget"]["usd"] == 0.00051
    assert [row[2] for row in events.rows if row[0] == "spent"] == [0.00051]


def test_sends_nothing_while_the_breaker_is_open(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1)
        breaker = ours.limits.breaker
        breaker.fail(breaker.acquire("", 1), "OPENAI_TIMEOUT")
        with pytest.raises(BreakerOpen):
            ours.writer.enhance("a poet", "a cat", order().deadline)
        assert stub.calls.summary(rows=False)["chat"] == 0


def test_changes_its_fingerprint_with_texts_and_settings(tmp_path: Path) -> None:
    writer = provider(tmp_path, "http://127.0.0.1:1/v1").writer
    other = provider(tmp_path, "http://127.0.0.1:1/v1", chat_model="gpt-4o-mini").writer
    prints = {
        writer.fingerprint("a", "b"),
        writer.fingerprint("ab", ""),
        writer.fingerprint("a", "c"),
        other.fingerprint("a", "b"),
    }
    assert len(prints) == 4
    assert writer.fingerprint("a", "b") == writer.fingerprint("a", "b")


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


@pytest.mark.parametrize("model", ["openai/gpt-image-2", "OpenRouter/openai/GPT-Image-2:free"])
def test_sends_the_name_of_a_gateway_unchanged(model: str, tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url, image_model=model, image_quality="low", image_format="webp")
        recorder = MemoryRecorder(tmp_path)
        ours.painter.paint(order(), recorder)
        (row,) = stub.calls.summary(rows=True)["rows"]
    assert (row["model"], row["parameters"]) == (model, ["model", "n", "output_format", "prompt", "quality", "size"])
    assert recorder.rows[0][1].estimate == 0.006


@pytest.mark.parametrize(
    "content",
    [
        "<think>plan</think>\nA serene owl.",
        "plan</think>A serene owl.",
        "Sure! Here is the prompt:\n```\nA serene owl.\n```",
        f"<think>{'plan ' * 5000}</think>A serene owl.",
    ],
)
def test_returns_the_prompt_and_nothing_around_it(content: str, tmp_path: Path) -> None:
    with serving({"rules": [{"path": "chat", "content": content}]}) as stub:
        enhancement = provider(tmp_path, stub.url).writer.enhance("a poet", "a cat", order().deadline)
    assert enhancement.text == "A serene owl."


@pytest.mark.parametrize(
    ("content", "finish"),
    [
        ("A serene owl sits on", "length"),
        ("A serene owl sits on", "MAX_TOKENS"),
        ("<think>plan", "length"),
        ("<think>plan", "stop"),
        ("<think>plan</think>", "stop"),
        ("Sure! Here is the prompt:", "stop"),
    ],
)
def test_books_an_answer_without_a_prompt_and_fails(content: str, finish: str, tmp_path: Path) -> None:
    chats: list[Chat] = []
    with serving({"rules": [{"path": "chat", "content": content, "finish": finish}]}) as stub:
        ours = provider(tmp_path, stub.url)
        with pytest.raises(BadAnswer):
            ours.writer.enhance("a poet", "a cat", order().deadline, chats.append)
        assert stub.calls.summary(rows=False)["chat"] == 1
    assert [(chat.outcome, chat.billed, chat.cost) for chat in chats] == [("accepted", "yes", 0.00051)]
    assert ours.status()["budget"]["usd"] == 0.00051


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "thinking", "thinking": [{"type": "text", "text": "plan"}]}, {"type": "text", "text": "An owl."}],
        [{"type": "output_text", "text": "An "}, {"type": "text", "text": "owl."}, None, {"type": "text", "text": 7}],
    ],
)
def test_reads_a_message_in_parts(content: Any) -> None:
    assert prompt_in({"choices": [{"message": {"content": content}}]}) == "An owl."


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"choices": []},
        {"choices": [7]},
        {"choices": [{"message": None}]},
        {"choices": [{"message": {"content": 7}}]},
        {"choices": [{"message": {"content": None}}]},
        {"choices": [{"message": {"content": [[]]}}]},
    ],
)
def test_refuses_an_answer_without_text(answer: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        prompt_in(answer)
