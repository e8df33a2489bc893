"""The enhancement of prompts: what an enhanced text was made of, and where an answer has it."""

from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BadAnswer
from dalle.painters.openai.writer import prompt_in
from tests.kit.provider import provider


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
