"""The enhancement of prompts."""

from pathlib import Path

import pytest

from dalle.errors import BadAnswer, BreakerOpen, ContentBlocked, GenerationError
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
